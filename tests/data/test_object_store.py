"""Deliveries in object stores, read from an S3 server on loopback.

The server is a small one of the tests. `make test-object-stores` takes moto's and publishes the demo in place of a small delivery.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from data import cli, loop_calls, object_store
from data.delivery_copy import local_delivery
from data.delivery_urls import DeliveryUrl, location
from data.errors import RefusedError
from data.limits import Limits
from data.object_store import ObjectStore
from data.remote_files import Copying, NotCopiedError, RemoteFile
from queries import Question, Scope, ask
from tests.conftest import UseStore
from tests.data.buckets import MOTO, SECRET, Bucket, SmallBucket, set_other_credentials
from tests.data.deliveries import tables, write

pytestmark = pytest.mark.usefixtures("temporary")
QUESTIONS = (
    Question("residents_enrolled", "region"),
    Question("completion_rate", "group"),
    Question("award_expended", "month"),
)


@pytest.fixture(scope="module")
def delivery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a delivery in a folder: a small one, or in the full run the last of the demo."""
    if MOTO:
        return request.getfixturevalue("demo_deliveries")[-1]
    return write(tmp_path_factory.mktemp("folder"), tables())


@pytest.fixture
def uploaded(bucket: Bucket, delivery: Path) -> str:
    """Return the address of the same delivery in the bucket, next to one whose name begins alike."""
    for name, content in contents(delivery).items():
        bucket.put(f"deliveries/{delivery.name}/{name}", content)
    bucket.put(f"deliveries/{delivery.name}1/other.csv", b"")
    return f"s3://bucket/deliveries/{delivery.name}"


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    capsys.readouterr()
    assert cli.main(arguments) == code
    out, errors = capsys.readouterr()
    assert "Traceback" not in out + errors
    assert SECRET not in out + errors
    return out + errors


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copied(address: str) -> dict[str, bytes]:
    with local_delivery(location(address), single_file=False, is_shown=False) as (path, _):
        return contents(path) if path.is_dir() else {path.name: path.read_bytes()}


def refusal(address: str) -> str:
    with pytest.raises(RefusedError) as refused:
        copied(address)
    assert SECRET not in str(refused.value)
    return str(refused.value)


def test_a_delivery_gives_the_same_report_and_answers_as_from_a_folder(
    uploaded, delivery, capsys, tmp_path, use_store: UseStore
):
    reports, answers = [], []
    for number, given in enumerate((str(delivery), uploaded)):
        use_store(tmp_path / f"store-{number}")
        reports.append(json.loads(run(capsys, "publish", given, "--json", code=0)))
        answers.append([ask(question, Scope()).rows for question in QUESTIONS])
    for report in reports:
        assert report.pop("published_at")
    assert reports[0] == reports[1]
    assert answers[0] == answers[1]
    assert all(answers[0])


def test_every_byte_arrives(bucket, uploaded, delivery, monkeypatch):
    monkeypatch.setattr(object_store, "BLOCK", 1_000)
    monkeypatch.setattr(object_store, "PART", 2_500)
    key = f"deliveries/{delivery.name}"
    # a folder may have an empty object of its name
    for name in ("deep/ü & 50% #1+.csv", "deep/empty.csv", "deep/", ""):
        bucket.put(f"{key}/{name}", b"1" if name.startswith("deep/ü") else b"")
    added = {"deep/ü & 50% #1+.csv": b"1", "deep/empty.csv": b""}
    assert copied(uploaded) == contents(delivery) | added


def test_the_files_of_a_bucket(bucket):
    bucket.put("enrollments.csv", b"a\n1\n")
    assert copied("s3://bucket") == {"enrollments.csv": b"a\n1\n"}


def test_a_single_file(bucket):
    bucket.put("exports/2024-06-28.zip", b"PK")
    assert copied("s3://bucket/exports/2024-06-28.zip") == {"2024-06-28.zip": b"PK"}


@pytest.mark.parametrize("change", ["rewritten", "the next rewritten", "removed", "the next removed", "added"])
def test_a_delivery_that_changes_while_it_is_read_is_refused(bucket, tmp_path, change):
    for name in ("a.csv", "b.csv"):
        bucket.put(f"exports/{name}", b"x" * 3_000)
    changes: dict[str, Callable[[], None]] = {
        "rewritten": lambda: bucket.put("exports/a.csv", b"y" * 3_000),
        "the next rewritten": lambda: bucket.put("exports/b.csv", b"y" * 3_000),
        "removed": lambda: bucket.remove("exports/a.csv"),
        "the next removed": lambda: bucket.remove("exports/b.csv"),
        "added": lambda: bucket.put("exports/c.csv", b"y"),
    }
    steps: list[str] = []

    def progress(step: str, share: float | None = None) -> None:
        steps.append(step)
        if len(steps) == 1:
            changes[change]()

    url = location("s3://bucket/exports")
    assert isinstance(url, DeliveryUrl)
    copying = Copying(url=url, target=tmp_path / "copy", limits=Limits(), progress=progress)
    with (
        pytest.raises(RefusedError, match=r"^s3://bucket/exports changed while it was read"),
        object_store.object_store(url) as files,
    ):
        copying.run(files, lambda: None)
    assert steps[0] == "Copying a.csv"


@pytest.mark.parametrize("address", ["s3://other-bucket/x", "s3://bucket/x", "s3://bucket/x.zip", "s3://other-bucket"])
def test_nothing_there(bucket, address):
    bucket.put("xyz/a.csv", b"")
    bucket.put("x/", b"")
    assert refusal(address) == f"{address} was not copied. There is no such bucket, folder or file."


def test_an_empty_bucket(bucket):
    assert refusal("s3://bucket") == "There are no files at s3://bucket."


def test_a_name_that_leads_elsewhere(small):
    for key in ("x/../up.csv", "x/a//b.csv"):
        small.put(key, b"")
        assert refusal("s3://bucket/x") == "s3://bucket/x has a file with a name that cannot be used here. Rename it."
        small.remove(key)


def test_wrong_credentials(small, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    output = run(capsys, "publish", "s3://bucket/x", code=1)
    assert output == (
        "s3://bucket/x was not copied. Access was denied. Credentials come from the environment: AWS_ACCESS_KEY_ID and"
        " AWS_SECRET_ACCESS_KEY.\n"
    )
    assert not (tmp_path / "store").exists()


def test_without_credentials(small, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    # where the client asks for the role of the machine: nothing on this machine listens there
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", f"{small.endpoint}/169.254.169.254")
    assert "Access was denied. Credentials come from the environment" in refusal("s3://bucket/x")


def test_a_failure_that_passes_is_tried_again(small, server):
    small.put("x/a.csv", b"1")
    server.answers += [503, 500]
    assert copied("s3://bucket/x") == {"a.csv": b"1"}


def test_a_file_that_is_cut_off_is_resumed(small, server):
    small.put("x/a.csv", bytes(range(250)) * 40)
    server.cuts += [4_000, 1]
    assert copied("s3://bucket/x") == {"a.csv": bytes(range(250)) * 40}


@pytest.mark.parametrize("status", [400, 418])
def test_another_status_is_a_sentence(small, server, status):
    server.answers += [status] * 9
    assert refusal("s3://bucket/x") == f"s3://bucket/x was not copied. The object store answered with status {status}."


def test_without_a_network(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert refusal("s3://bucket/x").endswith("The object store cannot be reached, or did not answer in time.")


def test_ctrl_c_ends_a_wait_for_the_server(small, server, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    is_over = threading.Event()

    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        is_over.wait(10)

    server.before_answer = interrupt
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert run(capsys, "publish", "s3://bucket/x", code=130) == "Stopped. The store was not changed.\n"
    finally:
        signal.signal(signal.SIGINT, before)
        is_over.set()


def reads(store: ObjectStore, file: RemoteFile) -> Callable[[], None]:
    """Return a reader of a file for a thread of its own: it ends whether it gets the file or not."""

    def read() -> None:
        with contextlib.suppress(NotCopiedError):
            store.read(file, 0, file.size or 0)

    return read


def test_a_thread_that_still_waits_is_stopped_when_the_store_is_left(small, server, monkeypatch):
    monkeypatch.setattr(loop_calls, "SECONDS_TO_END", 0.5)
    small.put("x.csv", b"1")
    is_waiting, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        is_waiting.set()
        is_over.wait(60)

    with object_store.object_store(location("s3://bucket")) as store:
        (file,) = store.files()
        server.before_answer = hold
        thread = threading.Thread(target=reads(store, file), daemon=True)
        thread.start()
        assert is_waiting.wait(30)
    thread.join(30)
    is_over.set()
    assert not thread.is_alive()


def test_a_thread_that_comes_while_the_store_is_left_does_not_wait(small):
    small.put("x.csv", b"1")
    is_held, go_on = threading.Event(), threading.Event()
    with contextlib.suppress(NotCopiedError), object_store.object_store(location("s3://bucket")) as store:
        (file,) = store.files()
        # the loop has something to do when it is stopped, so that calls come before it is closed
        store._calls._loop.call_soon_threadsafe(lambda: (is_held.set(), go_on.wait(60)))
        assert is_held.wait(30)
        store._calls.end()
        thread = threading.Thread(target=reads(store, file), daemon=True)
        thread.start()
        thread.join(30)
        go_on.set()
    assert not thread.is_alive()


@pytest.mark.parametrize("sent", [0, 3, 5, 11], ids=str)
def test_a_part_of_another_length_than_requested_is_refused(sent, small, server):
    small.put("x.csv", b"0123456789")
    server.lengths = [sent]
    sentence = "s3://bucket was not copied. The object store sent another part of a file than was asked for."
    with object_store.object_store(location("s3://bucket")) as store:
        (file,) = store.files()
        with pytest.raises(NotCopiedError) as refused:
            store.read(file, 2, 6)
        assert str(refused.value) == sentence
        server.lengths = [sent]
        with pytest.raises(NotCopiedError) as refused:
            list(store.blocks(file))
        assert str(refused.value) == sentence
        assert store.read(file, 2, 6) == b"2345"


@pytest.mark.parametrize("content", [b"9876543210", b"0123456789+"], ids=["another tag", "another size"])
def test_another_version_is_refused_if_the_server_knows_no_condition(content, small, server):
    small.put("x.csv", b"0123456789")
    server.ignores_conditions = True
    with object_store.object_store(location("s3://bucket")) as store:
        (file,) = store.files()
        assert store.read(file, 2, 6) == b"2345"
        small.put("x.csv", content)
        for read in (lambda: store.read(file, 2, 6), lambda: list(store.blocks(file))):
            with pytest.raises(RefusedError, match="changed while it was read") as refused:
                read()
            assert not isinstance(refused.value, NotCopiedError)


def test_a_server_elsewhere_needs_encryption(capsys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://s3.example")
    assert "AWS_ENDPOINT_URL does not begin with https://." in run(capsys, "check", "s3://bucket/x", code=2)


@pytest.fixture(params=["az", "gs"])
def other_store(request: pytest.FixtureRequest, small: SmallBucket, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the protocol of another store than S3, with its settings in the environment."""
    set_other_credentials(monkeypatch, small.endpoint)
    return request.param


def test_the_other_stores_give_the_same_files(other_store, small, delivery, server):
    for name, content in contents(delivery).items():
        small.put(f"deliveries/{delivery.name}/{name}", content)
    small.put("exports/2024-06-28.zip", b"PK")
    server.answers.append(503)
    assert copied(f"{other_store}://bucket/deliveries/{delivery.name}") == contents(delivery)
    assert copied(f"{other_store}://bucket/exports/2024-06-28.zip") == {"2024-06-28.zip": b"PK"}


def test_the_other_stores_say_what_is_wrong(other_store, small, monkeypatch):
    for address in ("bucket/x", "other/x"):
        assert refusal(f"{other_store}://{address}").endswith(
            "was not copied. There is no such bucket, folder or file."
        )
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "another")
    monkeypatch.setenv("GOOGLE_BEARER_TOKEN", "another")
    variable = {"az": "AZURE_STORAGE_ACCOUNT_NAME", "gs": "GOOGLE_APPLICATION_CREDENTIALS"}[other_store]
    denied = f"Access was denied. Credentials come from the environment: {variable}"
    assert denied in refusal(f"{other_store}://bucket/x")


def test_a_change_in_another_store(other_store, small, server):
    small.put("x/a.csv", b"1")
    requests = itertools.count()

    def change() -> None:
        if next(requests) == 1:
            small.put("x/a.csv", b"2")

    server.before_answer = change
    assert "changed while it was read" in refusal(f"{other_store}://bucket/x")


@pytest.mark.parametrize(
    ("protocol", "variable"), [("az", "AZURE_STORAGE_ACCOUNT_NAME"), ("gs", "GOOGLE_APPLICATION_CREDENTIALS")]
)
def test_a_store_without_settings(monkeypatch, protocol, variable):
    for name in list(os.environ):
        if name.startswith(("AZURE_", "GOOGLE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/at/all.json")
    assert refusal(f"{protocol}://bucket/x").startswith(
        f"{protocol}://bucket/x was not copied. The environment must name the account and its credentials: {variable}"
    )


def test_without_the_package(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "data.object_store")
    monkeypatch.setitem(sys.modules, "obstore", None)
    output = run(capsys, "check", "s3://bucket/x", code=2)
    assert output == (
        "A delivery at s3:// needs another package: pip install --require-hashes -r requirements-object-stores.txt\n"
    )

"""A delivery is copied completely or not at all, within the limits of an archive."""

from __future__ import annotations

import errno
import re
import shutil
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from data import limits
from data.delivery_urls import DeliveryUrl
from data.errors import RefusedError, UsageError
from data.limits import Limits
from data.progress import silent
from data.remote_files import Copying, NotCopiedError, RemoteFile

URL = DeliveryUrl(protocol="s3", path="bucket/2026-11-20", name="2026-11-20")
CONTENT = {"enrollments.csv": b"a\n1\n", "funding/part-1.csv": b"b\n2\n", "funding/deep/part-2.csv": b""}


@dataclass
class Files:
    """Files in memory, which may change while they are read."""

    content: dict[str, bytes]
    after: dict[str, bytes] | None = None
    sizes: dict[str, int | None] = field(default_factory=dict)
    error: OSError | None = None

    def files(self) -> Iterator[RemoteFile]:
        for name, content in self.content.items():
            yield RemoteFile(name=name, size=self.sizes.get(name, len(content)), version=content.hex())

    def blocks(self, file: RemoteFile) -> Iterator[bytes]:
        content = self.content[file.name]
        yield content[:2]
        if self.error:
            raise self.error
        yield content[2:]
        if self.after is not None and file.name == max(self.content):
            self.content = self.after


def copy(folder: Path, source: Files, *, size_limits: Limits = Limits(), progress=silent) -> dict[str, bytes]:
    target = folder / "delivery" / URL.name
    target.parent.mkdir()

    def check_single() -> None:
        raise UsageError("not a delivery")

    Copying(url=URL, target=target, limits=size_limits, progress=progress).run(source, check_single)
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


def test_every_file_is_copied(tmp_path):
    shares: list[float | None] = []
    copied = copy(tmp_path, Files(CONTENT), progress=lambda step, share=None: shares.append(share))
    assert copied == CONTENT
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_single_file_must_be_a_delivery(tmp_path):
    with pytest.raises(UsageError, match="not a delivery"):
        copy(tmp_path, Files({"": b"x"}))
    assert not list((tmp_path / "delivery").iterdir()), "it is checked before it is copied"


@pytest.mark.parametrize(
    "after",
    [
        CONTENT | {"enrollments.csv": b"a\n2\n"},
        CONTENT | {"new.csv": b""},
        {"enrollments.csv": b"a\n1\n"},
    ],
    ids=["another version", "a new file", "a file less"],
)
def test_a_delivery_that_changes_is_refused(tmp_path, after):
    with pytest.raises(RefusedError, match=r"^s3://bucket/2026-11-20 changed while it was read\. Try again"):
        copy(tmp_path, Files(CONTENT, after=after))


@pytest.mark.parametrize("size", [3, 5])
def test_a_file_of_another_size_than_listed_is_refused(tmp_path, size):
    with pytest.raises(RefusedError, match="changed while it was read"):
        copy(tmp_path, Files(CONTENT, sizes={"enrollments.csv": size}))


@pytest.mark.parametrize(
    "name",
    [
        "../up.csv",
        "a/../../up.csv",
        "/etc/x",
        "a//b",
        "./a",
        "a\\b.csv",
        "a\nb.csv",
        "a\0b",
        "é" * 200,
        "a/" + "b" * 256,
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(RefusedError, match="has 1 file with a name that cannot be used here"):
        copy(tmp_path, Files(CONTENT | {name: b"x"}))
    assert not list((tmp_path / "delivery").iterdir())


def test_a_file_cannot_be_a_folder_too(tmp_path):
    with pytest.raises(RefusedError, match="such as “funding”"):
        copy(tmp_path, Files(CONTENT | {"funding": b"x"}))


@pytest.mark.parametrize(
    ("size_limits", "sizes", "variable"),
    [
        (Limits(part_files=2), {}, "DASHBOARD_MOST_PART_FILES"),
        (Limits(unpacked_bytes=7), {}, "DASHBOARD_MOST_UNPACKED_BYTES"),
        (Limits(unpacked_bytes=7), dict.fromkeys(CONTENT), "DASHBOARD_MOST_UNPACKED_BYTES"),
    ],
    ids=["files", "bytes", "bytes that are not listed"],
)
def test_the_limits_of_an_archive_hold(tmp_path, size_limits, sizes, variable):
    with pytest.raises(RefusedError, match=rf"\({variable} raises it\)"):
        copy(tmp_path, Files(CONTENT, sizes=sizes), size_limits=size_limits)
    assert variable in limits.VARIABLES.values()


def test_nothing_there(tmp_path):
    with pytest.raises(NotCopiedError, match=r"There are no files at s3://bucket/2026-11-20\."):
        copy(tmp_path, Files({}))


def test_a_disk_that_is_too_small(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: namedtuple("Usage", "free")(7))
    with pytest.raises(
        NotCopiedError, match=re.escape(f"not enough room in {tmp_path} to copy {URL}: it has 8 bytes and 7 are")
    ):
        copy(tmp_path, Files(CONTENT))


def test_a_disk_that_fills_up(tmp_path):
    with pytest.raises(NotCopiedError, match=r"not enough room .*: 2 of 8 bytes were copied\. Set TMPDIR"):
        copy(tmp_path, Files(CONTENT, error=OSError(errno.ENOSPC, "No space left on device")))


def test_another_error_of_the_disk_passes_through(tmp_path):
    with pytest.raises(OSError, match="Input/output"):
        copy(tmp_path, Files(CONTENT, error=OSError(errno.EIO, "Input/output error")))

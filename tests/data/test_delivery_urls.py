"""Which addresses a DELIVERY argument may be, and that none with a secret is used, shown or logged."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from data import cli
from data.delivery_urls import DeliveryUrl, label, location, without_secrets

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("text", "path", "name"),
    [
        ("s3://bucket/deliveries/2026-11-20/", "bucket/deliveries/2026-11-20", "2026-11-20"),
        ("S3://bucket", "bucket", "bucket"),
        ("az://container/2026-11-20.zip", "container/2026-11-20.zip", "2026-11-20.zip"),
        ("gs://bucket/mail/a@b.example", "bucket/mail/a@b.example", "a@b.example"),
        ("https://host:8443/a/2026%20x.zip", "host:8443/a/2026%20x.zip", "2026 x.zip"),
        ("http://127.0.0.1:80/x.zip", "127.0.0.1:80/x.zip", "x.zip"),
        ("http://[::1]/x.zip", "[::1]/x.zip", "x.zip"),
        ("http://localhost/x.zip", "localhost/x.zip", "x.zip"),
    ],
)
def test_an_address(text, path, name):
    url = location(text)
    assert isinstance(url, DeliveryUrl)
    assert (url.path, url.name) == (path, name)
    assert label(url) == f"{text.partition(':')[0].lower()}://{path}"


@pytest.mark.parametrize("text", ["deliveries/2026-11-20", "/srv/s3/2026-11-20.zip", "s3:", "https"])
def test_a_path_stays_a_path(text):
    assert location(text) == Path(text)
    assert label(Path(text)) == Path(text).name


@pytest.mark.parametrize(
    "text",
    [
        "s3://",
        "s3:///folder",
        "s3://bucket//folder",
        "gs://bucket/../other",
        "s3://bucket/a\\b",
        "s3://bucket/a#b",
        "s3://bucket/a\nb",
        f"s3://bucket/{'a' * 256}",
        "https://host",
        "https://host/",
        "https:///x.zip",
        "https://host:99999/x.zip",
        "https://host/..%2F..%2Fetc",
        "https://host/%00.zip",
        "http://host.example/x.zip",
        "http://127.0.0.1.example/x.zip",
        "ftp://host/x.zip",
        "file:///etc/passwd",
        "memory://x",
        "simplecache::s3://bucket/x",
    ],
)
def test_any_other_address_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError):
        location(text)


WITH_SECRETS = [
    f"s3://key:{SECRET}@bucket/x",
    f"s3://key:a/{SECRET}@bucket/x",
    f"s3://{SECRET}@bucket/x",
    f"az://container/x?sig={SECRET}",
    f"https://user:{SECRET}@host/x.zip",
    f"https://host/x.zip?X-Amz-Signature={SECRET}",
    f"https://host/x.zip?sv=1&sig={SECRET}",
    f"https://host/x.zip?access_token={SECRET}",
    f"https://host/x.zip?x={SECRET * 6}",
    f"ftp://user:{SECRET}@host/x.zip",
    f"a::s3://user:{SECRET}@host/x.zip",
]


@pytest.mark.parametrize("text", WITH_SECRETS)
@pytest.mark.parametrize(
    "command", [("check",), ("publish", "--json"), ("layout", "new", "theirs", "--from")], ids=" ".join
)
def test_an_address_with_a_secret_is_not_repeated(command, text, capsys, caplog):
    for arguments in ([*command, text], [*command, "folder", text]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
    out, errors = capsys.readouterr()
    assert SECRET not in out + errors + caplog.text
    assert "Credentials come from the environment" in errors


def test_the_query_of_a_web_address_is_sent_and_not_shown():
    url = location("https://host/x.zip?version=3")
    assert isinstance(url, DeliveryUrl)
    assert url.query == "version=3"
    assert "version" not in f"{url} {url!r} {label(url)}"


def test_secrets_are_cut_from_messages():
    text = f"s3://key:{SECRET}/x@bucket/y and https://host/x.zip?sig={SECRET} and s3://bucket/y"
    assert without_secrets(text) == "s3://…bucket/y and https://host/x.zip… and s3://bucket/y"

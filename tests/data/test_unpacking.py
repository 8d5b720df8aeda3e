"""Packed files are read completely, within limits, and never written outside the working folder."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from data.limits import Limits
from data.unpacking import Budget, DamagedArchiveError, gunzip, unzip

TEXT = b"a,b\n" + b"1,2\n" * 50_000


def unpacked(folder: Path, content: bytes, limits: Limits | None = None) -> bytes:
    packed = folder / "people.csv.gz"
    packed.write_bytes(content)
    gunzip(packed, folder / "plain", Budget(limits or Limits()))
    return (folder / "plain").read_bytes()


def test_every_member_is_unpacked(tmp_path):
    assert unpacked(tmp_path, gzip.compress(TEXT) + gzip.compress(TEXT)) == TEXT * 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda first, second: first + bytes(len(second)), "has bytes after the end of the data"),
        (lambda first, second: first + b"\x1f", "has bytes after the end of the data"),
        (lambda first, second: first + second[:-9], "it is cut off"),
        (lambda first, second: first[:-4] + b"\1\1\1\1", "its data is damaged"),
        (lambda first, second: first[: len(first) // 2] + bytes(len(first) // 2), "is not a valid gzip file"),
        (lambda first, second: TEXT, "does not start like one"),
        (lambda first, second: b"", "is empty"),
    ],
)
def test_an_invalid_gzip_file(tmp_path, change, why):
    with pytest.raises(DamagedArchiveError, match=why):
        unpacked(tmp_path, change(gzip.compress(TEXT), gzip.compress(TEXT)))


def test_too_many_bytes(tmp_path):
    with pytest.raises(DamagedArchiveError, match=r"the limit is 1,000 \(DASHBOARD_MOST_UNPACKED_BYTES raises it\)"):
        unpacked(tmp_path, gzip.compress(TEXT), Limits(unpacked_bytes=1000))


def test_too_large_a_ratio(tmp_path, monkeypatch):
    monkeypatch.setattr("data.unpacking.RATIO_FREE_BYTES", 100_000)
    with pytest.raises(
        DamagedArchiveError, match=r"times its size, but the limit is 10 \(DASHBOARD_MOST_UNPACK_RATIO raises it\)"
    ):
        unpacked(tmp_path, gzip.compress(TEXT), Limits(unpack_ratio=10))


def test_names_in_a_zip_file_do_not_decide_where_files_go(tmp_path):
    packed, folder = tmp_path / "a.zip", tmp_path / "work" / "zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("../../evil.csv", "/etc/evil.csv", "..", "people.csv"):
            archive.writestr(name, name)
    made = unzip(packed, folder, Budget(Limits()))
    assert {path.parent for _, path in made} == {folder}
    assert len(made) == 4
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {packed, *(path for _, path in made)}


def test_a_zip_file_that_is_cut_off_or_holds_too_many_files(tmp_path):
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(5):
            archive.writestr(f"{number}.csv", TEXT)
    with pytest.raises(
        DamagedArchiveError, match=r"has 5 files, but the limit is 4 \(DASHBOARD_MOST_PART_FILES raises it\)"
    ):
        unzip(packed, tmp_path / "x", Budget(Limits(part_files=4)))
    packed.write_bytes(packed.read_bytes()[:-50])
    with pytest.raises(DamagedArchiveError, match="is not a valid zip file"):
        unzip(packed, tmp_path / "y", Budget(Limits()))

"""A delivery's date and the content of its delivery.json."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from data.delivery import describe
from data.errors import RefusedError, UsageError
from tests.data import text_tables
from tests.data.deliveries import check

TODAY = date(2026, 11, 28)


def dated(folder: Path, where: str, day: str) -> date:
    path = folder / (day if where == "in its name" else "delivery")
    path.mkdir()
    if where == "delivery.json":
        (path / "delivery.json").write_text(f'{{"delivered_on": "{day}"}}')
    return describe(path, requested_date=day if where == "--date" else None, today=TODAY).delivered_on


@pytest.mark.parametrize("where", ["--date", "delivery.json", "in its name"])
@pytest.mark.parametrize(("day", "is_good"), [("2026-11-28", True), ("2026-11-29", True), ("2026-11-30", False)])
def test_a_delivery_may_be_dated_until_tomorrow(tmp_path, where, day, is_good):
    if is_good:
        assert dated(tmp_path, where, day) == date.fromisoformat(day)
    else:
        with pytest.raises(RefusedError, match=rf"dated {day} \({where}\), but today is 2026-11-28\. Correct the date"):
            dated(tmp_path, where, day)


def test_without_a_date_it_is_todays(tmp_path):
    made = describe(tmp_path, today=TODAY)
    assert made.delivered_on == TODAY
    assert "Today's date was used: 2026-11-28" in made.notices[0]


def test_unknown_keys_are_listed(tmp_path):
    (tmp_path / "delivery.json").write_text('{"delivered_at": "2024-01-01", "Note": "x", "note": "a\\u0000b"}')
    made = describe(tmp_path, today=TODAY)
    assert made.note == "a b"
    assert (
        "delivery.json: ignored “delivered_at”, “Note”. The known keys are delivered_on, is_synthetic, note, time_zone."
        in made.notices
    )


@pytest.mark.parametrize("text", [b"{", b"[1]", b"\xff", b"[" * 100_000, b'{"delivered_on": 7}', b"{}\0"])
def test_an_invalid_delivery_json(tmp_path, text):
    (tmp_path / "delivery.json").write_bytes(text)
    with pytest.raises(RefusedError, match=r"^delivery\.json"):
        describe(tmp_path, today=TODAY)


def test_a_zip_file_is_a_delivery(tmp_path):
    folder = text_tables.write(tmp_path)
    packed = tmp_path / "exports.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"2025-11-20/{path.name}")
        archive.writestr("2025-11-20/delivery.json", '{"delivered_on": "2025-10-01", "note": "by hand"}')
        archive.writestr("2025-11-20/read me.txt", "x")
        archive.writestr("__MACOSX/2025-11-20/._funding.csv", "x")
    assert describe(packed).note == "by hand"
    report = check(packed)
    assert report.accepted
    assert report.delivered_on == "2025-10-01"
    assert report.tables["funding"].accepted == 3
    assert report.notices == ["Not read: “read me.txt in exports.zip”."]


def test_another_single_file_needs_a_layout(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("a\n1\n")
    with pytest.raises(UsageError, match="any other file needs a --layout"):
        describe(path)

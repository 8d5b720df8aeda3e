"""No Social Security number or e-mail address in a delivery is written anywhere by this project."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import formulas, macros, masking, store
from data.cli import main
from data.errors import RefusedError, UsageError, first_line, shown
from tests.characters import CHARACTERS
from tests.data.deliveries import DAY, tables, with_optional, write

ENGINE = duckdb.connect()
macros.define(ENGINE)
DIGITS = ("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩")
GAPS = st.sampled_from(["-", " ", ".", "/", "_", "–", "—", "‑", "−", "－", " - ", "\u00a0", "\u200b", "\t", ":"])


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A Social Security number as people write it: digits of one script, two separators."""
    digits = draw(st.sampled_from(DIGITS))
    text = "".join(digits[draw(st.integers(0, 9))] for _ in range(9))
    return text[:3] + draw(GAPS) + text[3:5] + draw(GAPS) + text[5:]


around = st.sampled_from(["", " ", "   ", "SSN ", "id:", "(", "x", "Doe, J. "])


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("123-45-6789", "***-**-**89"),
        ("123 45 6789", "***-**-**89"),
        ("SSN 123-45-6789, 987.65.4321.", "SSN ***-**-**89, ***-**-**21."),
        ("111-22-3333 444-55-6666", "***-**-**33 ***-**-**66"),
        ("123456789", "***-**-**89"),
        ("P123456789.0", "P***-**-**89.0"),
        ("write to jane.doe+x@mail.example.org!", "write to ***@***!"),
        ("860-555-1234", "860-555-1234"),
        ("2026-11-20", "2026-11-20"),
        ("1123-45-6789", "1123-45-6789"),
        ("1234567890", "1234567890"),
        ("AWARD-2023-01-0001", "AWARD-2023-01-0001"),
        ("", ""),
    ],
)
def test_what_is_masked(text, hidden):
    assert masking.masked(text) == hidden


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(numbers(), around, st.text(CHARACTERS, max_size=6), st.just("a@b.org"), st.just("987654321")),
        max_size=5,
    )
)
def test_sentences_and_files_hide_the_same(parts):
    text = "".join(parts)
    row = ENGINE.execute("select mask_all($t)", {"t": text}).fetchone()
    assert row == (masking.masked(text),)
    apart = masking.masked("|".join(parts))
    assert not any(number in apart for number in parts if len(number) >= 11 and number[0].isdigit())


@settings(max_examples=200, deadline=None)
@given(number=numbers(), before=around)
def test_every_kind_of_sentence_is_masked(number, before):
    for made in (shown(before + number), *RefusedError([before + number]).faults, str(UsageError(number)),
                 first_line(ValueError(f"could not read {number}"))):  # fmt: skip
        assert number not in made
        assert masking.HIDDEN in made


COLUMNS = [(table, column) for table, frame in with_optional(tables()).items() for column in frame]


def printed(*arguments: object) -> str:
    """Return what a command prints to both streams."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        main([str(argument) for argument in arguments])
    return out.getvalue()


def everything_in(folder: Path) -> bytes:
    """Return the text of all files under a folder. Databases are read row by row, because they may be compressed."""
    content = b""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content += path.read_bytes()
        if path.name == store.DATABASE:
            with duckdb.connect(str(path), read_only=True) as connection:
                for (name,) in connection.execute("select table_name from information_schema.tables").fetchall():
                    content += repr(connection.table(name).fetchall()).encode()
    return content


@settings(max_examples=10, deadline=None)
@given(
    places=st.lists(st.tuples(st.sampled_from(COLUMNS), st.integers(0, 29)), min_size=18, max_size=30, unique=True),
    number=numbers(), before=around, csv_file=st.booleans(), most=st.sampled_from(["100", "2"]), both=st.booleans(),
)  # fmt: skip
def test_no_number_in_any_cell_is_written_anywhere(places, number, before, csv_file, most, both):
    made = with_optional(tables(30))
    for (table, column), row in places:
        made[table][column] = made[table][column].astype(object)
        made[table].loc[row % len(made[table]), column] = before + number
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder, where = Path(name) / "in", Path(name) / "store"
        patch.setenv("DASHBOARD_STORE", str(where))
        patch.setenv("DASHBOARD_LOG", str(Path(name) / "log"))
        path = write(folder, {table: frame.astype(str).where(frame.notna(), None) for table, frame in made.items()})
        if csv_file:
            for table, frame in made.items():
                (path / f"{table}.parquet").unlink()
                frame.to_csv(path / f"{table}.csv", index=False)
        options = ["--max-quarantined", most, "--quarantine", Path(name) / "out", *(["--json"] if both else [])]
        text = printed("check", path, *options) + printed("publish", path, *options)
        seen = "".join(everything_in(Path(name) / part).decode(errors="replace") for part in ("store", "out", "log"))
    assert number not in text
    assert number not in seen
    assert " ".join(number.split()) not in text + seen, "nor with its blanks changed"


def test_a_quarantined_row_can_be_located(tmp_path):
    made = tables()
    made["enrollments"].loc[7, ["participant_id", "sector"]] = ["123456789", "Astrology"]
    made["enrollments"]["contact"] = "jane@example.org"
    path = write(tmp_path, made)
    half = made["funding"].copy()
    half.loc[3, "kind"] = "spent"
    (path / "funding.parquet").unlink()
    (path / "funding").mkdir()
    half[:2].to_parquet(path / "funding" / "a.parquet")
    half[2:].to_parquet(path / "funding" / "b.parquet")
    assert main(["check", str(path), "--max-quarantined", "10", "--quarantine", str(tmp_path / "out")]) == 0
    rows = {
        name: next(csv.DictReader((tmp_path / "out" / f"{name}.csv").open())) for name in ("enrollments", "funding")
    }
    row = rows["enrollments"]
    assert (row["participant_id"], row["contact"], row["enrollment_id"]) == ("***-**-**89", "***@***", "E0007")
    assert (row["file"], row["row"]) == ("enrollments.parquet", "8")
    assert (rows["funding"]["file"], rows["funding"]["row"], rows["funding"]["amount"]) == (
        "b.parquet in funding/",
        "2",
        "250.5",
    )


def test_a_name_with_a_number_counts_masked_with_a_notice(tmp_path):
    made = tables()
    made["enrollments"].loc[3, "provider"] = "Jane Doe 123-45-6789"
    path = write(tmp_path, made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
        patch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
        text = printed("publish", path)
        with duckdb.connect(str(store.database(tmp_path / "store", DAY)), read_only=True) as connection:
            rows = connection.execute("select provider from enrollments where enrollment_id = 'E0003'").fetchall()
    assert rows == [("Jane Doe ***-**-**89",)]
    assert "provider: 1 row held what looks like a Social Security number" in text


def test_every_id_like_a_social_security_number_excludes_its_row(tmp_path):
    made = with_optional(tables())
    for table, column in (("completions", "enrollment_id"), ("funding", "award_id"), ("openings", "opening_id")):
        made[table].loc[4, column] = "123-45-6789"
    path = write(tmp_path, made)
    text = printed("check", path, "--max-quarantined", "10")
    for column in ("enrollment_id", "award_id", "opening_id"):
        assert f"{column} looks like a Social Security number, not an id" in text


def test_nine_digits_are_accepted_as_pseudonyms_with_a_notice(tmp_path):
    made = tables()
    made["enrollments"]["participant_id"] = [f"{100_000_001 + i}" for i in range(60)]
    text = printed("check", write(tmp_path, made))
    assert "participant_id has nine digits in 60 rows" in text
    assert "Accepted" in text


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", ""]), st.text(CHARACTERS, max_size=8))
def test_a_cell_of_a_file_is_never_a_formula(sign, rest):
    row = ENGINE.execute("select neutralized($t), neutralized_amount('-12.50')", {"t": sign + rest}).fetchone()
    assert row is not None
    assert row == (formulas.neutralized(sign + rest), "-12.50")
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_formula_in_quarantine_is_neutralized(tmp_path):
    made = tables()
    made["enrollments"].loc[3, ["program", "town"]] = ["=cmd|' /C calc'!A0", "Atlantis"]
    made["funding"].loc[2, ["kind", "amount"]] = ["spent", -600.5]
    out = tmp_path / "out"
    printed("check", write(tmp_path, made), "--max-quarantined", "10", "--quarantine", out)
    assert pd.read_csv(out / "enrollments.csv")["program"][0] == "'=cmd|' /C calc'!A0"
    assert pd.read_csv(out / "funding.csv")["amount"][0] == -600.5

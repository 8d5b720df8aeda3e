"""Lines that several writers append to a file: none is lost, mixed or joined to an unfinished one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from data.journal import append_line, can_append


def test_lines_of_several_writers_are_all_there(tmp_path):
    path = tmp_path / "new" / "lines.jsonl"
    lines = [f"{number} {'x' * number}" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda line: append_line(path, line), lines))
    assert sorted(path.read_text().splitlines()) == sorted(lines)
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0


def test_an_unfinished_line_is_ended_first(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text("torn")
    append_line(path, "next")
    assert path.read_text() == "torn\nnext\n"


def test_a_line_that_is_cut_off_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("os.write", lambda descriptor, content: len(content) - 1)
    with pytest.raises(OSError, match="No space left"):
        append_line(tmp_path / "lines.jsonl", "line")


def test_a_folder_that_cannot_be_written_is_noticed(tmp_path):
    (tmp_path / "file").write_text("")
    assert can_append(tmp_path / "lines.jsonl") and not list(tmp_path.glob("*.probe"))
    assert not can_append(tmp_path / "file" / "lines.jsonl")

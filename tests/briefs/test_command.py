"""The command line for documents, and that it needs no Streamlit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from briefs.__main__ import main
from tests.conftest import ROOT, UseStore


@pytest.mark.usefixtures("demo")
def test_a_document_is_written_under_a_name_that_sorts_by_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["make", "packet", "--as", "director:Northwest", "-o", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    assert path.name == "2026-11-13_packet_northwest_board-director-northwest_synthetic.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert capsys.readouterr().out.strip() == str(path)
    assert main(["make", "friday", "--region", "Eastern", "-o", str(tmp_path / "brief.pdf")]) == 0
    assert (tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("demo")
def test_a_date_after_the_delivery_is_not_taken_without_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["make", "friday", "--as-of", "2030-01-01", "-o", str(tmp_path)]) == 0
    assert "is after the delivery of November 13, 2026: the numbers are as of" in capsys.readouterr().err
    assert main(["make", "friday", "--as-of", "2026-11-13", "-o", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("demo")
def test_a_path_that_ends_in_a_slash_is_a_folder_that_is_made(tmp_path: Path):
    assert main(["make", "friday", "-o", f"{tmp_path}/briefs/november/"]) == 0
    (path,) = (tmp_path / "briefs" / "november").iterdir()
    assert path.suffix == ".pdf"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["make", "nothing"], "There is no document “nothing”."),
        (["make", "packet"], "choose a region"),
        (["make", "friday", "--region", "Nowhere"], "There is no region “Nowhere”."),
        (["make", "friday", "-o", "/nowhere/brief.pdf"], "cannot be written"),
    ],
)
def test_wrong_use_ends_with_a_sentence(arguments, sentence, capsys):
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err


def test_nothing_published_ends_with_a_sentence(tmp_path: Path, use_store: UseStore, capsys):
    use_store(tmp_path)
    assert main(["make", "friday", "-o", str(tmp_path)]) == 1
    assert "No delivery has been published yet." in capsys.readouterr().err


def test_documents_are_made_without_streamlit_and_plotly():
    code = (
        "import sys, briefs.__main__ as b; b.main(['list']); print(sorted({'streamlit', 'plotly'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "friday: Friday brief (PDF)" in done.stdout
    assert done.stdout.strip().endswith("[]")

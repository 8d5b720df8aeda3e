"""The board packet and the equity brief: their length, their numbers, and what protected readers get."""

from __future__ import annotations

import pytest

from briefs.blocks import Block, SideBySide, TableBlock
from briefs.catalog import make
from briefs.equity import equity
from briefs.model import BriefError
from briefs.packet import NO_REGION, packet
from briefs.pdf.render import to_pdf
from components.text.format import format_value, known
from queries.access.viewer import PROTECTED
from queries.privacy.suppression import is_hidden
from queries.scope import Scope
from queries.service import ask
from tests.briefs.conftest import viewer
from tests.briefs.pdf_text import reader, without_spaces, words


def tables(blocks: tuple[Block, ...]) -> dict[str, TableBlock]:
    flat = [
        side for block in blocks for side in ((block.left, block.right) if isinstance(block, SideBySide) else (block,))
    ]
    return {block.name: block for block in flat if isinstance(block, TableBlock)}


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("role", "region"),
    [("director:Northwest", None), ("director:Northwest", "Eastern"), ("governor", "North Central"), ("", "Southwest")],
)
def test_a_packet_has_four_to_six_pages_with_the_numbers_of_the_answers(role, region):
    document = packet(Scope(viewer=viewer(role), region=region))
    content = to_pdf(document)
    assert 4 <= len(reader(content).pages) <= 6
    text = without_spaces(words(content))
    towns = tables(document.blocks)["towns"]
    columns = towns.table.columns
    counts = next(each for each in towns.answers if each.measure.id == "residents_enrolled")
    for town, value in zip(columns["Town"], columns["Residents enrolled"], strict=True):
        row = counts.row(str(town))
        shown = (row.value if known(row.value) else row.note) if row else 0
        assert value == shown
        written = format_value(value, "residents") if known(value) else str(value)
        assert without_spaces(written) in text


@pytest.mark.usefixtures("demo")
def test_every_number_of_a_document_is_the_answer_to_its_question_again():
    for document in (
        packet(Scope(viewer=viewer("governor"), region="Eastern")),
        equity(Scope(viewer=viewer("officer"))),
    ):
        assert len(document.numbers) > 100
        for number in document.numbers:
            source = number.source
            row = ask(source.question, source.scope).row(source.key, group=source.group, part=source.part)
            assert row is not None
            assert row.value == number.value


@pytest.mark.usefixtures("demo")
def test_a_protected_readers_packet_holds_no_hidden_number():
    document = packet(Scope(viewer=viewer("governor"), region="Eastern"))
    towns = tables(document.blocks)["towns"]
    counts = next(each for each in towns.answers if each.measure.id == "residents_enrolled")
    hidden = {row.key for row in counts.rows if is_hidden(row)}
    assert hidden
    assert counts.scope.viewer is not None
    assert counts.scope.viewer.clearance == PROTECTED
    cells = dict(zip(towns.table.columns["Town"], towns.table.columns["Residents enrolled"], strict=True))
    assert not any(known(cells[town]) for town in hidden if town in cells)
    assert not any(number.source.key in hidden for number in document.numbers if number.source.question.by == "town")


@pytest.mark.usefixtures("demo")
def test_an_equity_brief_shows_each_group_with_words_and_color():
    document = equity(Scope(viewer=viewer("officer")))
    groups = tables(document.blocks)["groups"]
    text = without_spaces(words(to_pdf(document)))
    for (row, column), tone in groups.tones.items():
        cell = str(groups.table.frame.iloc[row, column])
        assert cell
        assert without_spaces(cell) in text
        assert (tone == "lower") == ("▼" in cell)
    assert "Plan" in text


@pytest.mark.usefixtures("demo")
def test_what_cannot_be_made_is_said_in_a_sentence(monkeypatch):
    with pytest.raises(BriefError, match=NO_REGION):
        packet(Scope())
    with pytest.raises(BriefError, match="There is no document “nothing”"):
        make("nothing", Scope())
    with pytest.raises(BriefError, match="To protect residents’ privacy"):
        packet(Scope(viewer=viewer("governor"), region="Eastern", sector="Healthcare", initiative="CareerConneCT"))
    monkeypatch.setattr("briefs.catalog.may_open", lambda *_: False)
    with pytest.raises(BriefError):
        make("friday", Scope(viewer=viewer("governor")))

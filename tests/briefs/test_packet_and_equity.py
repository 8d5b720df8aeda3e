"""The board packet and the equity brief: their length, their numbers, and what protected readers get."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from briefs.blocks import Block, Figures, Heading, SideBySide, TableBlock
from briefs.catalog import make
from briefs.charts import BarChart, DotChart, LineChart, Map
from briefs.equity import equity
from briefs.model import BriefError
from briefs.numbers import Number
from briefs.packet import NO_REGION, packet
from briefs.pdf.render import to_pdf
from components.text.format import format_value, known
from queries.access.viewer import PROTECTED
from queries.privacy.suppression import is_hidden
from queries.scope import Question, Scope
from queries.service import ask
from tests.briefs.conftest import numbers_behind, viewer
from tests.briefs.pdf_text import reader, without_spaces, words


def flat(blocks: tuple[Block, ...]) -> list[Block]:
    """Return the blocks, with those that stand side by side one after the other."""
    sides = ((block.left, block.right) if isinstance(block, SideBySide) else (block,) for block in blocks)
    return [block for pair in sides for block in pair]


def tables(blocks: tuple[Block, ...]) -> dict[str, TableBlock]:
    return {block.name: block for block in flat(blocks) if isinstance(block, TableBlock)}


def drawn_numbers(blocks: tuple[Block, ...]) -> Iterator[Number]:
    """Yield the numbers of figures, charts and maps."""
    for block in flat(blocks):
        match block:
            case Figures():
                yield from (item.number for item in block.items)
            case DotChart():
                yield from (dot.number for dot in block.dots)
            case LineChart():
                yield from (number for each in block.series for number in each.numbers if number)
            case Map():
                yield from (area.number for area in block.areas if area.number)


def answer_again(number: Number) -> float | None:
    """Ask the question of a number again and return the value of its row, or the sum of the rows up to it."""
    source = number.source
    answer = ask(source.question, source.scope)
    if source.is_running_sum:
        return sum(row.value or 0 for row in answer.rows if row.key <= source.key)
    assert not source.is_numerator
    row = answer.row(source.key, group=source.group, part=source.part)
    return row.value if row and known(row.value) else None


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("role", "region", "fewest"),
    [
        ("director:Northwest", None, 4),
        ("director:Northwest", "Eastern", 3),  # neither groups nor providers of another region are shown
        ("governor", "North Central", 3),
        ("", "Southwest", 4),
    ],
)
def test_a_packet_has_up_to_six_pages_with_the_numbers_of_the_answers(role, region, fewest):
    document = packet(Scope(viewer=viewer(role), region=region))
    content = to_pdf(document)
    assert fewest <= len(reader(content).pages) <= 6
    text = without_spaces(words(content))
    towns = tables(document.blocks)["towns"]
    columns = towns.table.columns
    counts = next(item.answer for item in document.answers if item.question == Question("residents_enrolled", "town"))
    for town, value in zip(columns["Town"], columns["Residents enrolled"], strict=True):
        row = counts.row(str(town))
        shown = (row.value if known(row.value) else row.note) if row else 0
        assert value == shown
        written = format_value(value, "residents") if known(value) else str(value)
        assert without_spaces(written) in text


@pytest.mark.usefixtures("demo")
def test_every_number_of_a_document_is_the_answer_to_its_question_again():
    scopes = {packet: Scope(viewer=viewer("governor"), region="Eastern"), equity: Scope(viewer=viewer("officer"))}
    for make_document, scope in scopes.items():
        document = make_document(scope)
        numbers = numbers_behind(document)
        assert len(numbers) > 100
        assert [number.value for number in numbers] == [answer_again(number) for number in numbers]
        drawn = list(drawn_numbers(document.blocks))
        assert len(drawn) > 4
        assert [number.value for number in drawn] == [pytest.approx(answer_again(number)) for number in drawn]


@pytest.mark.usefixtures("demo")
def test_a_protected_readers_packet_holds_no_hidden_number():
    document = packet(Scope(viewer=viewer("governor"), region="Eastern"))
    towns = tables(document.blocks)["towns"]
    counts = next(item.answer for item in document.answers if item.question == Question("residents_enrolled", "town"))
    hidden = {row.key for row in counts.rows if is_hidden(row)}
    assert hidden
    assert counts.scope.viewer is not None
    assert counts.scope.viewer.clearance == PROTECTED
    cells = dict(zip(towns.table.columns["Town"], towns.table.columns["Residents enrolled"], strict=True))
    assert not any(known(cells[town]) for town in hidden if town in cells)
    assert not any(
        number.source.key in hidden for number in numbers_behind(document) if number.source.question.by == "town"
    )


@pytest.mark.usefixtures("demo")
def test_an_equity_brief_shows_each_group_with_words_and_color():
    document = equity(Scope(viewer=viewer("officer")))
    groups = tables(document.blocks)["groups"]
    text = without_spaces(words(to_pdf(document)))
    for (row, column), tone in groups.tones.items():
        cell = str(list(groups.table.columns.values())[column][row])
        assert cell
        assert without_spaces(cell) in text
        assert (tone == "lower") == ("▼" in cell)
    assert "Plan" in text


@pytest.mark.usefixtures("demo")
def test_a_sentence_explains_why_a_document_cannot_be_made(monkeypatch):
    with pytest.raises(BriefError, match=NO_REGION):
        packet(Scope())
    with pytest.raises(BriefError, match="There is no document “nothing”"):
        make("nothing", Scope())
    with pytest.raises(BriefError, match="To protect residents’ privacy"):
        packet(Scope(viewer=viewer("governor"), region="Eastern", sector="Healthcare", initiative="CareerConneCT"))
    monkeypatch.setattr("briefs.catalog.may_open", lambda *_: False)
    with pytest.raises(BriefError):
        make("friday", Scope(viewer=viewer("governor")))


@pytest.mark.usefixtures("demo")
def test_a_packet_before_the_first_posting_has_no_empty_table_of_dollars() -> None:
    before = packet(Scope(viewer=viewer("officer"), region="Eastern", as_of=date(2020, 4, 1)))
    assert "money" not in tables(before.blocks)
    assert "money" in tables(packet(Scope(viewer=viewer("officer"), region="Eastern")).blocks)


def test_a_packet_of_a_period_says_which_numbers_are_of_all_time(demo):
    chosen = Scope(region="Eastern", group="woman", since=date(2024, 7, 1), until=date(2025, 6, 30))
    blocks = flat(packet(chosen).blocks)
    money = next(block for block in blocks if isinstance(block, Heading) and block.text == "Money")
    assert money.words == "Dollars ignore the group and the period; they count everything as of November 13, 2026."
    plain = packet(Scope(region="Eastern", since=date(2024, 7, 1), until=date(2025, 6, 30)))
    titles = [block.title for block in flat(plain.blocks) if isinstance(block, BarChart)]
    assert "Enrolled from July 1, 2024 to June 30, 2025 per 10,000 residents, by region" in titles
    headings = [block for block in packet(Scope(region="Eastern")).blocks if isinstance(block, Heading)]
    assert next(block.words for block in headings if block.text == "Money") == ""

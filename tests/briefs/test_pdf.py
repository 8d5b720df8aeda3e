"""Documents as PDF: tagged as PDF/UA asks, fonts embedded, and text that is never read as markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from briefs.blocks import Figure, Figures, Heading, Sentences, SentenceStyle, TableBlock
from briefs.catalog import make
from briefs.charts import Bar, BarChart, Dot, DotChart, LineChart, Map, MapArea, Series
from briefs.friday import friday
from briefs.model import Document, Facts, Footnote
from briefs.numbers import Number, Source
from briefs.packet import packet
from briefs.pdf.render import to_pdf
from components.data_table import Table
from queries.models import Delivery
from queries.scope import Question, Scope
from tests.briefs.conftest import viewer
from tests.briefs.pdf_rules import faults
from tests.briefs.pdf_text import reader, tags, without_spaces, words

HOSTILE = '#panic("x") *b* _i_ $1/0$ <a> @b // /* \\u{41} `raw` "q" [c] ~ 50% -- = #sys.inputs'
DELIVERY = Delivery(
    id="2026-11-13", delivered_on=date(2026, 11, 13), layout=None, is_synthetic=True, note=None,
    published_at=datetime(2026, 11, 14, tzinfo=UTC),
)  # fmt: skip
NUMBER = Number(text="12", value=12.0, unit="residents", source=Source(question=Question("completions"), scope=Scope()))
DOCUMENT = Document(
    title=HOSTILE,
    lead=HOSTILE,
    more=HOSTILE,
    blocks=(
        Heading(HOSTILE, HOSTILE),
        Figures((Figure(label=HOSTILE, number=replace(NUMBER, text=HOSTILE), change=HOSTILE, context=HOSTILE),)),
        *(Sentences(items=(HOSTILE,), style=style, title=HOSTILE) for style in SentenceStyle),
        TableBlock(title=HOSTILE, table=Table.from_rows([{HOSTILE: HOSTILE, "n": 12}]), name="t", note=HOSTILE),
        BarChart(title=HOSTILE, alt=HOSTILE, unit="residents", bars=(Bar(label=HOSTILE, number=NUMBER),), note=HOSTILE),
        DotChart(
            title=HOSTILE,
            alt=HOSTILE,
            unit="residents",
            dots=(Dot(label=HOSTILE, number=NUMBER, words=HOSTILE, low=10.0, high=float("inf")),),
            reference=(11.0, HOSTILE),
        ),
        LineChart(
            title=HOSTILE,
            alt=HOSTILE,
            unit="residents",
            categories=(HOSTILE, "b"),
            series=(Series(name=HOSTILE, numbers=(NUMBER, None)), Series(name="c", numbers=(None, NUMBER))),
        ),
        Map(
            title=HOSTILE,
            alt=HOSTILE,
            unit="residents",
            areas=(MapArea(name=HOSTILE, rings=(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),), shade=0, number=NUMBER),),
            legend=(HOSTILE,),
            height=0.2,
        ),
    ),
    facts=Facts(
        as_of=date(2026, 11, 13), delivery=DELIVERY, scope=Scope(), filters=(HOSTILE,), labels={}, reader=HOSTILE
    ),
    footnotes=(Footnote(HOSTILE, HOSTILE),),
)


def test_text_that_looks_like_markup_is_set_as_it_is():
    content = to_pdf(DOCUMENT)
    text = without_spaces(words(content))
    assert text.count(without_spaces(HOSTILE)) >= 20
    assert {tag.alt for tag in tags(content) if tag.role == "/Figure" and tag.alt} == {HOSTILE}
    assert HOSTILE in str(reader(content).metadata.title)


def test_a_document_without_blocks_is_a_page():
    content = to_pdf(replace(DOCUMENT, blocks=(), footnotes=(), more=""))
    assert len(reader(content).pages) == 1


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("name", "role", "filters"),
    [
        ("friday", "governor", {}),
        ("friday", "officer", {"sector": "Healthcare", "as_of": date(2024, 3, 1)}),
        ("packet", "director:Northwest", {"region": "Northwest"}),
        ("packet", "governor", {"region": "Eastern"}),
        ("equity", "officer", {"initiative": "CareerConneCT"}),
    ],
)
def test_every_document_keeps_the_rules_of_pdf_ua_that_a_program_can_check(name, role, filters):
    content = make(name, Scope(viewer=viewer(role)).but(**filters)).content
    assert faults(content) == []
    roles = [tag.role for tag in tags(content)]
    assert roles.count("/Figure") >= (1 if name == "equity" else 2) and "/H2" in roles
    assert name == "friday" or roles.count("/TH") >= 6


def test_text_that_looks_like_markup_keeps_the_rules():
    assert faults(to_pdf(DOCUMENT)) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (b"/S/H1", b"/S/H3", "the headings start with level"),
        (b"/Marked true", b"/Marked null", "not marked as tagged"),
        (b"pdfuaid:part", b"pdfuaid:tarp", "does not say that it is PDF/UA"),
    ],
)
def test_a_broken_rule_is_noticed(before, after, fault):
    content = to_pdf(DOCUMENT)
    if before not in content:
        pytest.fail(f"the file no longer holds {before!r} as it is written here")
    assert any(fault in each for each in faults(content.replace(before, after)))


@pytest.mark.usefixtures("demo")
def test_the_title_of_a_packet_names_its_region_filters_and_date():
    title = reader(to_pdf(packet(Scope(viewer=viewer("director:Northwest"))))).metadata.title
    assert title == "Board packet: Northwest, All initiatives · Northwest · all time, November 13, 2026"


@pytest.mark.usefixtures("demo")
def test_the_same_numbers_make_the_same_file():
    document = friday(Scope())
    content = to_pdf(document)
    assert to_pdf(document) == content


@pytest.mark.usefixtures("demo")
def test_the_longest_texts_of_a_friday_brief_still_fit_on_a_page():
    document = friday(Scope())
    sentence = "Residents of every region and sector enrolled in no-cost job training. " * 3
    long = replace(
        document,
        lead=sentence,
        more=sentence * 2,
        blocks=tuple(
            replace(block, items=(sentence,) * len(block.items)) if isinstance(block, Sentences) else block
            for block in document.blocks
        ),
        footnotes=document.footnotes + document.footnotes,
    )
    assert len(reader(to_pdf(long)).pages) == 1


def test_letters_that_no_font_has_become_squares():
    content = to_pdf(replace(DOCUMENT, lead="🚚 Trucks 中文 and é, Ελλάδα", blocks=(), footnotes=()))
    assert "□ Trucks □□ and é, Ελλάδα" in words(content)

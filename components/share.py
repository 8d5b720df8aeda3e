"""The Share menu: files of a page that are made when a reader asks for one, with that reader's rights, and sent to that reader only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from briefs import catalog, contents, native_charts, writers
from briefs.answers import withdrawn_words
from briefs.contents import Contents, Exhibit, SentenceGroup
from briefs.model import BriefError, Facts, footnotes
from components import cached_queries, file_facts, file_requests, html_view, page_contents, periods
from components.charts.text_alternative import text_alternative
from components.choices import Choices
from components.compared_answers import recent_comparison
from components.comparison import Comparison
from components.page_contents import DrawnTable, PageContents
from components.page_list import COMPARE, PageEntry
from components.scoped_answers import ScopedAnswers
from queries import AskError, Delivery, Scope
from queries.access import rights
from queries.dimensions import FILTERS

DOCUMENT, SLIDES, WORKBOOK = "share:document", "share:slides", "share:workbook"
SLIDES_OF_PAGE = 15
NO_REGION = "Choose a region first: this file is about one region."
FAILED = "The file could not be made just now. If this stays, quote incident {}."


@dataclass(frozen=True)
class PageDocument:
    """The documents that a page offers (briefs/catalog.py).

    Attributes:
        name: The document.
        label: What its button says.
        slides: The slides; "" where they are made of what is on screen.
    """

    name: str
    label: str
    slides: str = ""


DOCUMENTS = {
    "overview": PageDocument("friday", "Friday brief (PDF)", slides="slides"),
    "my_region": PageDocument("packet", "Board packet (PDF)", slides="slides"),
    "equity": PageDocument("equity", "Equity brief (PDF)", slides="equity-slides"),
    "money": PageDocument("treasury", "Treasury workbook (Excel)"),
}


@dataclass(frozen=True, kw_only=True)
class SharedPage:
    """The page that a reader shares: what the files state about it.

    Attributes:
        entry: The page.
        scope: Its filters, with the reader.
        delivery: The delivery on screen.
        choices: What filters can be chosen in it.
        compared_with: What the reader chose to compare with; None where nothing was chosen or the page does not compare.
        comparison: The comparison on screen, where the reader chose one.
    """

    entry: PageEntry
    scope: Scope
    delivery: Delivery
    choices: Choices
    compared_with: str | None = None
    comparison: Comparison | None = None

    @property
    def document_scope(self) -> Scope:
        """The scope of the page's document: a director's region stands for one that was not chosen."""
        viewer = self.scope.viewer
        if self.entry.id == "my_region" and self.scope.region is None and viewer is not None:
            return self.scope.but(region=viewer.region)
        return self.scope


def shared_page(view: ScopedAnswers, entry: PageEntry) -> SharedPage:
    """Return what the files of a page state about it."""
    compared_with = view.compared_with if COMPARE in entry.filters else None
    return SharedPage(
        entry=entry,
        scope=view.scope,
        delivery=view.delivery,
        choices=view.choices,
        compared_with=compared_with,
        comparison=recent_comparison(view, has_news=entry.has_news) if compared_with else None,
    )


def draw_menu(page: SharedPage) -> None:
    """Draw the heading with the menu, and send the page's document if this run answers a request for it."""
    document = DOCUMENTS.get(page.entry.id)
    html_view.add(
        html_view.render(
            "page_head",
            heading=page.entry.name,
            document=document.label if document else "",
            on_document=file_requests.on_request(DOCUMENT) if document else "",
            on_slides=file_requests.on_request(SLIDES),
            on_workbook=file_requests.on_request(WORKBOOK),
            prefix=f"{page.scope.as_of or page.delivery.delivered_on}_{page.entry.id}",
        )
    )
    requested = file_requests.requested()
    name = {DOCUMENT: document.name, SLIDES: document.slides}.get(requested or "") if document else ""
    if name:
        _send_document(page, name)


def _send_document(page: SharedPage, name: str) -> None:
    """Make and send a document; say so where it cannot be made."""
    scope = page.document_scope
    if page.entry.id == "my_region" and scope.region is None:
        _refuse(NO_REGION)
        return
    try:
        compared_with = page.compared_with if catalog.PRODUCTS[name].compares else None
        made = catalog.make(name, scope, compared_with=compared_with)
        ending = made.name.rpartition(".")[2]
        file_requests.send(made.name, made.content, logged_as=f"{name}.{ending}", answers=made.document.answers)
    except (AskError, BriefError) as error:
        _refuse(str(error))
    except Exception:
        _refuse(FAILED.format(cached_queries.incident(f"the document {name}")))


def send_page(page: SharedPage) -> None:
    """Send the page's workbook or slides if this run answers a request for one. Called when the page is complete."""
    collected, request = page_contents.collected(), file_requests.pending()
    file_requests.drop()
    if collected is None or request not in (WORKBOOK, SLIDES):
        return
    if not collected.tables and not collected.figures:
        _refuse("This page has no table or chart to save under these filters.")
        return
    try:
        shown = contents_of(page, collected)
        is_workbook = request == WORKBOOK
        data = writers.workbook(shown) if is_workbook else writers.slides(shown, most=SLIDES_OF_PAGE)
        kind, ending = ("workbook", "xlsx") if is_workbook else ("slides", "pptx")
        name = file_facts.file_name(kind, file_facts.facts_of(), ending=ending)
        file_requests.send(name, data, logged_as=f"{kind}.{ending}", answers=page_contents.answers_behind())
    except Exception:
        _refuse(FAILED.format(cached_queries.incident(f"a file of {page.entry.id}")))


def contents_of(page: SharedPage, collected: PageContents) -> Contents:
    """Return what a page drew as the contents of a file."""
    scope = page.scope
    reader = rights.name_of(scope.viewer) if scope.viewer else ""
    facts = Facts(
        as_of=scope.as_of or page.delivery.delivered_on,
        delivery=page.delivery,
        scope=scope,
        filters=_filters(page.choices, scope.filters),
        labels=page.choices.labels_of(scope.filters),
        period=periods.described(scope.since, scope.until) or "all time",
        reader=reader,
        comparison=page.comparison,
    )
    return Contents(
        title=page.entry.name,
        lead=next(iter(collected.lead), ""),
        more=" ".join(filter(None, (withdrawn_words(page.delivery), *collected.lead[1:]))),
        facts=facts,
        figures=tuple(collected.figures),
        exhibits=tuple(exhibit for drawn in collected.tables for exhibit in _exhibits(drawn, page.choices)),
        sentences=(SentenceGroup("Findings", tuple(collected.points)),) if collected.points else (),
        definitions=footnotes(item.answer for item in page_contents.answers_behind()),
    )


def _filters(choices: Choices, values: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(choices.label(name, str(values[name])) for name in FILTERS if values.get(name))


def _exhibits(drawn: DrawnTable, choices: Choices) -> Iterator[Exhibit]:
    """Yield a table of the page with its filters and its chart; the chart's values first where the table has others."""
    facts, source = drawn.facts, drawn.chart
    period = periods.described(_day(facts.get("from")), _day(facts.get("to"))) or "all time"
    filters = " · ".join([*(_filters(choices, facts) or ("All filters open",)), period])
    plain = Exhibit(
        name=drawn.name,
        title=drawn.title,
        table=drawn.table,
        words=contents.without_dots(drawn.words),
        filters=filters,
    )
    chart = None
    if source is not None:
        chart = native_charts.of_table(
            source.table,
            kind=page_contents.kind_of(source),
            title=drawn.title,
            alt=text_alternative(source.table),
            drawn=partial(page_contents.is_drawn, source),
        )
    if source is None or chart is None or native_charts.fits(chart, drawn.table):
        yield replace(plain, chart=chart)
    else:
        yield replace(plain, table=source.table, chart=chart)
        yield replace(plain, name=f"{drawn.name} details", is_detail=True)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _refuse(sentence: str) -> None:
    """Say why there is no file."""
    file_requests.drop()
    html_view.add(html_view.render("banner", paragraphs=[sentence], kind="notice announced"))

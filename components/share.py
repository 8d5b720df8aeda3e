"""The Share menu: files of a page that are made when a reader asks for one, with that reader's rights, and sent to that reader only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from briefs import catalog, contents, native_charts, slides, workbook
from briefs.contents import Contents, Exhibit, SentenceGroup
from briefs.model import BriefError, Facts
from components import cached_queries, file_facts, file_requests, html_view, page_contents, periods, roles
from components.charts.text_alternative import text_alternative
from components.page_contents import DrawnTable, PageContents
from components.page_list import PageEntry
from components.url_state import Choices
from queries import Delivery, Scope
from queries.dimensions import FILTERS

DOCUMENT, SLIDES, WORKBOOK = "share:document", "share:slides", "share:workbook"
BOARD_SLIDES = 6  # at most, in a deck for a meeting
SLIDES_OF_PAGE = 15
FAILED = "The file could not be made just now. If this stays, quote incident {}."


@dataclass(frozen=True)
class PageDocument:
    """The document that a page offers: its name in the catalog, and what its button says."""

    name: str
    label: str


DOCUMENTS = {
    "overview": PageDocument("friday", "Friday brief (PDF)"),
    "my_region": PageDocument("packet", "Board packet (PDF)"),
    "equity": PageDocument("equity", "Equity brief (PDF)"),
}


@dataclass(frozen=True, kw_only=True)
class SharedPage:
    """The page that a reader shares: what the files state about it."""

    entry: PageEntry
    scope: Scope
    delivery: Delivery
    choices: Choices

    @property
    def document_scope(self) -> Scope:
        """The scope of the page's document: a director's region stands for one that was not chosen."""
        viewer = self.scope.viewer
        if self.entry.id == "my_region" and self.scope.region is None and viewer is not None:
            return self.scope.but(region=viewer.region)
        return self.scope


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
        )
    )
    request = file_requests.requested()
    if document is not None and request in (DOCUMENT, SLIDES):
        _send_document(page, document, request)


def _send_document(page: SharedPage, document: PageDocument, request: str) -> None:
    """Make and send the page's document, as it is or as slides; say so where it cannot be made."""
    try:
        made = catalog.make(document.name, page.document_scope)
        if request == DOCUMENT:
            name, data = made.name, made.content
        else:
            name = f"{made.name.rpartition('.')[0]}.pptx"
            data = slides.render(contents.of_document(made.document), most=BOARD_SLIDES)
        ending = name.rpartition(".")[2]
        file_requests.send(name, data, logged_as=f"{document.name}.{ending}", asked=made.document.answers)
    except BriefError as error:
        _refuse(str(error))
    except Exception:
        _refuse(FAILED.format(cached_queries.incident(f"the document {document.name}")))


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
        data = workbook.render(shown) if is_workbook else slides.render(shown, most=SLIDES_OF_PAGE)
        kind, ending = ("workbook", "xlsx") if is_workbook else ("slides", "pptx")
        name = file_facts.file_name(kind, file_facts.facts_of(), ending=ending)
        file_requests.send(name, data, logged_as=f"{kind}.{ending}", asked=collected.asked)
    except Exception:
        _refuse(FAILED.format(cached_queries.incident(f"a file of {page.entry.id}")))


def contents_of(page: SharedPage, collected: PageContents) -> Contents:
    """Return what a page drew as the contents of a file."""
    scope = page.scope
    reader = roles.name_of(scope.viewer) if scope.viewer else ""
    facts = Facts(
        as_of=scope.as_of or page.delivery.delivered_on,
        delivery=page.delivery,
        scope=scope,
        filters=_filters(page.choices, scope.filters),
        period=periods.described(scope.since, scope.until) or "all time",
        reader=reader,
    )
    return Contents(
        title=page.entry.name,
        lead=" ".join(collected.lead),
        facts=facts,
        figures=tuple(collected.figures),
        exhibits=tuple(_exhibit(drawn, page.choices) for drawn in collected.tables),
        sentences=(SentenceGroup("Findings", tuple(collected.points)),) if collected.points else (),
        definitions=contents.definitions(collected.asked),
        asked=collected.asked,
    )


def _filters(choices: Choices, values: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(choices.label(name, str(values[name])) for name in FILTERS if values.get(name))


def _exhibit(drawn: DrawnTable, choices: Choices) -> Exhibit:
    """Return a table of the page for a file, with its own filters and a chart that Office programs draw."""
    facts = drawn.facts
    period = periods.described(_day(facts.get("from")), _day(facts.get("to"))) or "all time"
    filters = " · ".join([*(_filters(choices, facts) or ("All filters open",)), period])
    source, chart = drawn.chart, None
    if source is not None:
        chart = native_charts.of_table(
            source.table,
            kind=page_contents.kind_of(source),
            title=drawn.title,
            alt=text_alternative(source.table),
            drawn=partial(page_contents.is_drawn, source),
        )
    return Exhibit(
        name=drawn.name, title=drawn.title, table=drawn.table, words=drawn.words, chart=chart, filters=filters
    )


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _refuse(sentence: str) -> None:
    """Say why there is no file."""
    file_requests.drop()
    html_view.add(html_view.render("paragraph", text=sentence, css_class="file-refused"))

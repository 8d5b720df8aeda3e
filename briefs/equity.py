"""The equity brief of the Chief Workforce Officer: which groups are behind, the gaps to look at first, and what closes them."""

from __future__ import annotations

from briefs.answers import answers_under
from briefs.blocks import Block, Heading, Sentences, SentenceStyle
from briefs.equity_elements import heat_table, plans, representation
from briefs.model import BriefError, Document, footnotes
from components.equity_data import compared_equity_of, equity_data_of
from components.text.narratives import answer_data, findings, group_tables
from components.text.narratives import equity as narrative
from queries.models import AnswerStatus
from queries.scope import Scope

TITLE = "Equity brief"
MOST_PAGES = 2


def equity(scope: Scope, compared_with: str | None = None) -> Document:
    """Ask for the equity brief under a scope. A group chosen as a filter does not apply.

    Args:
        scope: The filters, with the reader.
        compared_with: What the figures are compared with: see `answers_under`.

    Raises:
        AskError: A filter has an unknown value, or the reader cannot ask under these filters.
        BriefError: There is nothing to compare under these filters.
        NothingPublished: Nothing has been published yet.
    """
    view = answers_under(scope.but(group=None, group_side="in"), compared_with=compared_with)
    data = equity_data_of(view)
    if data.shares.status != AnswerStatus.OK:
        raise BriefError(data.shares.note or "There is nothing to compare under these filters.")
    lead, more = narrative.lead(data)
    compared = compared_equity_of(view, data)
    blocks: list[Block] = [heat_table(data, compared)]
    largest = findings.findings(data)[: answer_data.MOST_FINDINGS]
    if largest:
        sentences = tuple(finding.sentence for finding in largest)
        blocks += [
            Heading("Gaps to look at first", findings.words(data, "on the equity page")),
            Sentences(items=sentences, style=SentenceStyle.LIST),
        ]
    if chart := representation(data):
        blocks += [Heading("Enrollment compared with population"), chart]
        blocks.append(Sentences(items=tuple(narrative.definitions_used(data)), style=SentenceStyle.SMALL))
    planned = plans(view, data)
    if planned.answers:
        blocks += [Heading("Plan", planned.words), Sentences(items=planned.sentences, style=SentenceStyle.LIST)]
        blocks += [table] if (table := planned.table(data)) else []
    if undisclosed := group_tables.undisclosed(data):
        blocks.append(Sentences(items=tuple(undisclosed), style=SentenceStyle.SMALL))
    return Document(
        title=TITLE,
        lead=lead,
        more=more,
        blocks=tuple(blocks),
        facts=view.facts(comparison=compared.comparison if compared else None),
        footnotes=footnotes([data.shares, data.ratios, data.gaps, data.outcomes]),
        answers=tuple(view.recorded.answers.values()),
        most_pages=MOST_PAGES,
    )

"""Describe providers and programs: whose rates lie outside what chance explains, for the residents they serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from components.data_table import Table
from components.text import prose, reliability
from components.text.format import fixed, known, share
from components.text.narratives.answer_data import ENDED, GOT_A_JOB
from components.text.scope_words import chosen, subject
from components.url_state import shortened
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict, Position
from queries.models import Answer, AnswerStatus
from queries.privacy.family import is_limited
from queries.privacy.suppression import is_hidden
from queries.registry import measure

MOST_NAMES = 4  # above or below, so that the lead ends before it is cut
OUTCOMES = {"completion_rate": "Completion", "placement_rate": GOT_A_JOB}
RATES = {"completion_rate": "completion rate", "placement_rate": "job rate"}
COUNTS = {"With the outcome": "numerator", "Exits": "denominator"}
LIMITS = {
    "Expected": "expected", "95% interval from": "low", "95% interval to": "high", "95% limits from": "low_95",
    "95% limits to": "high_95", "99.8% limits from": "low_998", "99.8% limits to": "high_998",
}  # fmt: skip
UNITS = {"Rate": "share", **dict.fromkeys(COUNTS, "exits"), **dict.fromkeys(LIMITS, "share")}
NOT_SHOWN = "not shown"
POSITIONS = {
    Position.WITHIN: "Inside the 95% limits",
    Position.OUTSIDE_95: "Outside the 95% limits, inside the 99.8% limits",
    Position.OUTSIDE_998: "Outside the 99.8% limits",
}
# What a row without a finding does not have enough of.
NOT_ENOUGH = {
    FunnelVerdict.TOO_FEW: "too few exits",
    FunnelVerdict.NO_PEERS: "too few others in the same sectors",
}
_NOT_COMPARED: Mapping[FunnelVerdict | None, str] = {
    FunnelVerdict.TOO_FEW: "These are too few exits to say whether the rate is higher or lower than expected.",
    FunnelVerdict.NO_PEERS: "Over half of the exits in its sectors are its own, so there are too few others to compare it with.",
}
BETWEEN = "Could be chance among many"  # where many are compared, some lie outside the 95% limits by chance


def lead(answer: Answer, outcome: str, who: str = "residents") -> str:
    """Answer the page's question: which providers have a rate outside the limits for the residents they serve."""
    if answer.status == AnswerStatus.EMPTY:
        return f"No provider{chosen(answer.scope)} has an exit to compare {prose.when(answer)}."
    if answer.status != AnswerStatus.OK:
        return answer.note or "There is no provider to compare yet."
    rows = answer.rows_of(FunnelRow)
    which = "it" if answer.scope.provider else "each"
    expected = f"expected for the {who} that {which} serves" if _adjusted_for(rows) else f"of all {who}"
    place = f"{chosen(answer.scope)} {prose.when(answer)}"
    if answer.scope.provider and known(rows[0].value):
        sides = [_of_single(rows[0], outcome, place)]
    else:
        sides = [f"{prose.capital(finding(answer, outcome, 'provider', place))}.", *_sides(rows)]
    limits = (
        f"The limits are around the {RATES[outcome]} {expected}. A rate outside them is a reason to ask, not a grade."
    )
    sentences = [
        *sides,
        limits if any(_is_compared(row) for row in rows) else "",
        "People who left earlier have had more time to find a job." if outcome == "placement_rate" else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _of_single(row: FunnelRow, outcome: str, place: str) -> str:
    """Say what rate one provider has, what was expected, and what can be said about it."""
    age = _age(outcome)
    if row.denominator == 1:
        return f"One exit{age}{place} is too few to say whether the rate is higher or lower than expected."
    rate = f"{prose.share_of_exits(row)}{f' ({age.lstrip()})' if age else ''}{place} {ENDED[outcome]}"
    if not _is_compared(row):
        return f"{prose.capital(rate)}. {_NOT_COMPARED[row.verdict]}"
    expected = f"; {share(row.expected)} was expected" if known(row.expected) else ""
    return f"{prose.capital(rate)}{expected}. Finding: {prose.lower_first(finding_of(row))}."


def _age(outcome: str) -> str:
    """Say how old the exits behind a rate are: " at least 180 days old"; "" where all count."""
    return f" at least {days} days old" if (days := measure(outcome).mature_days) else ""


def _is_compared(row: FunnelRow) -> bool:
    """Return whether a row has enough exits, and enough others in its sectors, for a finding."""
    return known(row.value) and row.verdict not in _NOT_COMPARED


def finding(answer: Answer, outcome: str, what: str, place: str) -> str:
    """Say how many rows lie outside the 99.8% limits.

    Args:
        answer: One row a provider or program.
        outcome: The measure of the rate.
        what: "provider" or "program".
        place: The filters and the date, as they follow a noun.
    """
    shown = [row for row in answer.rows_of(FunnelRow) if known(row.value)]
    if not shown:
        return f"there is no {what}{place} whose {RATES[outcome]} can be shown"
    compared = sum(_is_compared(row) for row in shown)
    if not compared:
        reasons = [NOT_ENOUGH[verdict] for verdict in NOT_ENOUGH if any(row.verdict == verdict for row in shown)]
        return f"no {what}{place} can be compared: {prose.join(reasons, last='or')}"
    outside = sum(row.verdict in (FunnelVerdict.HIGHER, FunnelVerdict.LOWER) for row in shown)
    beyond = f"a {RATES[outcome]} {'within' if 1 == compared < len(shown) and not outside else 'outside'} what chance explains (the 99.8% limits)"
    have = "have" if outside > 1 else "has"
    if 1 == compared < len(shown):
        return f"the only {what} compared{place} has {beyond}"
    if compared < len(shown):  # the others can lie outside the limits too
        count = prose.in_words(outside) if outside else "none"
        return f"of the {prose.plural(compared, what)} compared{place}, {count} {have} {beyond}"
    of_shown = f" shown{place}" if len(shown) < len(answer.rows) or is_limited(answer.scope) else place
    count = f"{prose.in_words(outside)} of {prose.plural(len(shown), what)}" if outside else f"no {what}"
    return f"{count}{of_shown} {have} {beyond}"


def _sides(rows: Sequence[FunnelRow]) -> list[str]:
    """Name the rows above the limits, and those below them, a sentence each."""
    sentences = []
    for verdict, side in ((FunnelVerdict.HIGHER, "above"), (FunnelVerdict.LOWER, "below")):
        names = [shortened(row.key, 40) for row in rows if row.verdict == verdict]
        if names:
            more = [f"{prose.in_words(len(names) - MOST_NAMES)} more"] if len(names) > MOST_NAMES else []
            sentences.append(f"{prose.join(names[:MOST_NAMES] + more)} {prose.noun(len(names), 'is')} {side} them.")
    return sentences


def finding_of(row: FunnelRow) -> str:
    """Return what can be said about a row, for a cell: "As expected", "Could be chance among many", "Lower"."""
    if row.verdict == FunnelVerdict.AS_EXPECTED and row.position == Position.OUTSIDE_95:
        return BETWEEN
    return prose.capital(row.verdict or NOT_SHOWN)


def finding_words(*answers: Answer, what: str = "provider", after: Answer | None = None) -> str:
    """Explain the findings of the rows that readers ask about: between the limits, and without others to compare with.

    after: an answer whose findings are explained above.
    """
    findings = {finding_of(row) for answer in answers for row in answer.rows_of(FunnelRow)}
    findings -= {finding_of(row) for row in after.rows_of(FunnelRow)} if after is not None else set()
    between = f"“{BETWEEN}”: outside the 95% limits, inside the 99.8% limits."
    no_peers = (
        f"“{prose.capital(FunnelVerdict.NO_PEERS)}”: over half of the exits there are the {what}’s own, so there is too little to "
        "compare it with. Look at its rate with its 95% interval."
    )
    texts = {BETWEEN: between, prose.capital(FunnelVerdict.NO_PEERS): no_peers}
    return " ".join(text for name, text in texts.items() if name in findings)


def _adjusted_for(rows: Sequence[FunnelRow]) -> list[str]:
    return next((row.adjusted_for.split(", ") for row in rows if row.adjusted_for), [])


def section_words(answer: Answer, what: str, *, after: Answer | None = None) -> str:
    """Say what the expected rates allow for, and what they do not; "" where there are none.

    after: the answer of the section above, whose words are not repeated.
    """
    if not answer.rows:
        return ""
    rows = answer.rows_of(FunnelRow)
    if after is not None and after.rows and _adjusted_for(rows) == _adjusted_for(after.rows_of(FunnelRow)):
        return " ".join(
            filter(
                None,
                (
                    f"{prose.capital(what)}s are compared in the same way.",
                    _wider(answer, what),
                    finding_words(answer, what=what, after=after),
                ),
            )
        )
    factors = ["answers about groups" if name == "groups" else name for name in _adjusted_for(rows)]
    text = (
        f"Each rate is compared with the rate expected for residents with the same {prose.join(factors)}. Residents also differ "
        "in what is not recorded."
    )
    if not factors:
        text = (
            "Each rate is compared with the rate of everyone. Sector, region and groups are not supplied, or too few exits have the "
            f"outcome, or lack it, to allow for them. The limits do not allow for differences in the residents a {what} serves."
        )
    return " ".join(filter(None, (text, _wider(answer, what), finding_words(answer, what=what))))


def _wider(answer: Answer, what: str) -> str:
    """Say that the limits are wider because the rates differ by more than chance; "" where they do not."""
    factor = next((row.dispersion for row in answer.rows_of(FunnelRow) if known(row.dispersion)), None) or 1.0
    if factor <= 1:
        return ""
    return (
        f"Rates{chosen(answer.scope)} {prose.when(answer)} differ more between {what}s than they would by chance: "
        f"{fixed(factor, 1)} times the variance. So the limits are wider."
    )


def title(answer: Answer, outcome: str, what: str, who: str = "residents") -> str:
    """State the finding over the funnel."""
    rows = answer.rows_of(FunnelRow)
    overall = next((row.overall for row in rows if known(row.overall)), None)
    if overall is None:
        return f"{prose.capital(RATES[outcome])} by {what}: hidden for privacy"
    provider = answer.scope.provider
    everyone = replace(answer, scope=answer.scope.but(provider=None))
    # what is expected of one provider comes from all of them
    of_all = f"all exits{_age(outcome)}{' of all providers' if provider else ''}"
    rate = f"{prose.capital(RATES[outcome])}{subject(everyone, who)}: {share(overall)} of {of_all}"
    if provider and what == "provider":
        against = " to compare it with" if rows[0].verdict is FunnelVerdict.NO_PEERS else ""
        return f"{rate}. {provider}: {prose.lower_first(finding_of(rows[0]))}{against}"
    place = f" at {provider}" if provider else ""
    return f"{rate}. {prose.capital(finding(answer, outcome, what, place))}"


CHART_WORDS = (
    "Each dot is the rate less the expected rate, over its number of exits. Lines: 95% (dotted) and 99.8% (solid) limits, the "
    "range that chance explains for that many exits of similar residents. If no rates truly differ, up to one in five hundred lies outside "
    "the 99.8% limits. A filled dot lies outside them: a diamond below, a circle above."
)


def remark(answer: Answer, what: str) -> str:
    """Say what a reader who sees only some rows must not conclude."""
    return (
        f"A {what} whose numbers are hidden may lie inside or outside the limits." if prose.hidden_rows(answer) else ""
    )


def table(answer: Answer, what: str) -> Table:
    """Return the table behind a funnel: one row a provider or program."""
    return Table.from_rows([_cells(row, what) for row in answer.rows_of(FunnelRow)], UNITS)


def _cells(row: FunnelRow, what: str) -> dict[str, prose.Cell]:
    fields = {**COUNTS, **LIMITS}
    return {
        prose.capital(what): row.key,
        "Rate": prose.cell_of(row),
        **{name: NOT_SHOWN if is_hidden(row) else getattr(row, field) for name, field in fields.items()},
        "Reliability": reliability.of_row(row),
        "Position": POSITIONS[row.position] if row.position else prose.capital(NOT_SHOWN),
        "Finding": finding_of(row),
    }

"""The groups in words: who is under-represented, whose outcomes differ, what stands out, and by how many residents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from components import sentences
from components.numbers import known, people, points, ratio, share
from components.stories import verdict_words as words
from components.stories.places import same_place
from queries.kinds.over_time import trend
from queries.small_numbers import is_hidden
from queries.stats.chance import discoveries
from queries.verdicts import BELOW, RATE

PARITY = 1.0
MOST_FINDINGS = 6
OUTCOMES = {
    "completion_rate": "Completion",
    "credential_rate": "Credential",
    "placement_rate": "Placement",
    "employment_rate_q2": "Employed after two quarters",
}
DOES = {
    "completion_rate": "complete", "credential_rate": "earn a credential", "placement_rate": "are placed in a job",
    "employment_rate_q2": "are employed two quarters after exit",
}  # fmt: skip
UNITS = {
    "Residents": "residents", "Did not disclose": "residents", "Group’s rate": "share", "Others’ rate": "share",
    "In both": "residents", "Rate in both": "share", "Adds to the gap": "points",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """The answers of the page. `labels` and `nouns` name groups at the start and in the middle of a sentence."""

    shares: Any
    ratios: Any
    gaps: Any
    outcomes: Any
    steps: Any
    parts: Any
    by_region: Any
    ratios_by_region: Any
    outcomes_by_region: Any
    outcomes_by_sector: Any
    labels: Mapping[str, str]
    nouns: Mapping[str, str]

    def label(self, group: str | None) -> str:
        """The group at the start of a sentence."""
        return sentences.capital(self.noun(group))

    def noun(self, group: str | None) -> str:
        """The group in the middle of a sentence: "residents with disabilities"."""
        return self.nouns.get(group or "", self.labels.get(group or "", group or ""))


def lead(told: Told) -> str:
    """The page's answer: who is enrolled below the goal, who fares worse, and what the totals hide."""
    if told.ratios.status != "ok":
        return told.ratios.note or "There is nothing to compare yet."
    said = [_below(told), _behind(told)]
    hidden = [finding.brief for finding in findings(told) if finding.is_hidden][:2]
    if hidden:
        said.append(f"What the totals hide: {sentences.join(hidden)}")
    return " ".join(f"{sentences.capital(text)}." for text in said if text)


def _below(told: Told) -> str:
    rows = sorted(
        (row for row in told.gaps.rows if row.extra.get("verdict") == BELOW),
        key=lambda row: row.extra["share"] / row.extra["target"],
    )
    if not rows:
        if sentences.held_back(told.gaps):
            return "No group large enough to show is enrolled below its target or its share of the population beyond chance"
        if any(row.extra.get("verdict") for row in told.gaps.rows):
            return "No group is enrolled below its target or its share of the population beyond chance"
        return "No benchmark or target is at hand, so shares of residents cannot be compared"
    first, *others = rows
    said = [
        f"{told.noun(first.group)} are enrolled at {_against(first)} of their {_goal(first)} ({_more(first)} to reach it)"
    ]
    for row in others:
        of = "" if _goal(row) == _goal(first) else f" of their {_goal(row)}"
        said.append(f"{told.noun(row.group)} at {_against(row)}{of} ({_more(row)})")
    return f"{sentences.join(said)}: more than chance explains"


def _against(row: Any) -> str:
    return ratio(row.extra["share"] / row.extra["target"])


def _goal(row: Any) -> str:
    return "share of the population" if row.extra["is_benchmark"] else "target"


def _more(row: Any) -> str:
    return f"{people(row.value)} more"


def _behind(told: Told) -> str:
    """Whose outcomes are behind: the lowest of each group, so that one gap is not told twice."""
    behind = [row for row in told.outcomes.rows if row.extra.get("verdict") in words.BEHIND]
    lowest: dict[str, Any] = {}
    for row in sorted(behind, key=lambda row: row.value):
        lowest.setdefault(row.group, row)
    said = [f"{told.noun(row.group)} {DOES[row.part]} at {ratio(row.value)} of others’ rate" for row in lowest.values()]
    said += [
        f"{told.noun(row.group)} who apply are enrolled at {ratio(row.value)} of others’ rate"
        for row in told.steps.rows
        if row.part == "enrolled" and row.extra.get("verdict") in words.BEHIND
    ]
    if said:
        return sentences.join(said)
    which = " large enough to show" if sentences.held_back(told.outcomes) else ""
    return f"no group{which} has outcomes below others’ beyond chance" if told.outcomes.status == "ok" else ""


@dataclass(frozen=True)
class Finding:
    """One difference that stands out: the sentence, a brief form for the lead, whom and where it is about, its weight."""

    sentence: str
    brief: str
    group: str
    weight: float
    is_hidden: bool = False
    where: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "completion_rate"


def findings(told: Told) -> list[Finding]:
    """What stands out in a region or a sector more than in the group's total, and what mix and within make of a gap; the
    heaviest first: residents to reach, or residents who would have passed at the others' rate."""
    found = [*_places(told), *_under(told), *_parts(told)]
    return sorted(found, key=lambda finding: -finding.weight)


def _places(told: Told) -> Iterator[Finding]:
    """Outcomes in one sector or region that are behind, and further behind than the group's total."""
    overall = {(row.group, row.part): row.value for row in told.outcomes.rows}
    for by, answer in (("sector", told.outcomes_by_sector), ("region", told.outcomes_by_region)):
        for row in answer.rows:
            total = overall.get((row.group, row.part))
            if row.extra.get("verdict") not in words.BEHIND or row.high is None or total is None or row.high >= total:
                continue
            who, does = told.noun(row.group), DOES[row.part]
            yield Finding(
                f"{sentences.capital(who)} in {row.key} {does} at {ratio(row.value)} of others’ rate: {share(row.numerator)} of "
                f"{people(row.extra['known_in'])}, against {share(row.denominator)}.",
                f"{who} in {row.key} {does} at {ratio(row.value)} of others’ rate",
                str(row.group),
                row.denominator * row.extra["known_in"] - row.extra["hits_in"],
                is_hidden=True,
                where={by: row.key},
                outcome=str(row.part),
            )


def _under(told: Told) -> Iterator[Finding]:
    """Participation in one region that is below its goal, and further below its population than the group's total."""
    for row in told.by_region.rows:
        here, total = told.ratios_by_region.row(row.key, group=row.group), told.ratios.row(str(row.group))
        if row.extra.get("verdict") != BELOW or not (here and total and known(here.high) and known(total.value)):
            continue
        if here.high < total.value:
            at, who, goal = _against(row), told.noun(row.group), _goal(row)
            yield Finding(
                f"{row.key} enrolls {who} at {at} of their {goal} there: {sentences.plural(row.value, 'more resident')} to reach it.",
                f"{row.key} enrolls {who} at {at} of their {goal}",
                str(row.group),
                float(row.value or 0),
                is_hidden=True,
                where={"region": row.key},
            )


def _parts(told: Told) -> Iterator[Finding]:
    """Gaps in completion that are a matter of who is where, or of how they fare in the same place."""
    for row in told.parts.rows:
        p = row.extra.get("p_adjusted")
        if not known(row.value) or row.value >= 0 or p is None or p > RATE:
            continue
        who, less = told.noun(row.group), points(abs(row.value)).lstrip("+")
        lost = abs(row.value) * row.extra["known_in"]
        if row.part == "within":
            here = [one for one in told.parts.rows if one.group == row.group]
            text = f"{sentences.capital(same_place(here))}, {who} complete {less} less often than others."
            yield Finding(text, text.rstrip("."), str(row.group), lost)
        else:
            text = f"{sentences.capital(who)} are in {row.part}s where fewer complete: this mix takes {less} off their completion rate"
            inside = told.parts.row("within", group=row.group)
            same = inside.extra.get("p_adjusted") if inside else None
            alike = "; within the same place they fare no differently beyond chance" if same and same > RATE else ""
            yield Finding(f"{text}{alike}.", text, str(row.group), lost)


def participation_title(told: Told) -> str:
    """The finding over the participation chart."""
    rows = sorted((row for row in told.ratios.rows if known(row.value)), key=lambda row: row.value)
    if not rows:
        return "No group has a comparable benchmark under these filters"
    if rows[0].value >= PARITY:
        which = "large enough to show" if sentences.held_back(told.ratios) else "with a benchmark"
        return f"No group {which} is enrolled below its share of the population"
    return f"{told.label(rows[0].key)} are furthest below their share of the population: {ratio(rows[0].value)}"


def outcome_title(rows: Sequence[Any], told: Told, outcome: str) -> str:
    """The finding over the outcome chart."""
    if not any(known(row.value) for row in rows):
        few = any(is_hidden(row) for row in rows)
        return f"{OUTCOMES[outcome]}: {'too few to show' if few else 'nobody to compare yet'}"
    behind = sorted((r for r in rows if r.extra.get("verdict") in words.BEHIND), key=lambda r: r.value)
    if behind:
        low = behind[0]
        return (
            f"{OUTCOMES[outcome]}: {told.noun(low.group)} at {ratio(low.value)} of others’ rate, unlikely to be chance"
        )
    return f"{OUTCOMES[outcome]}: no group is below others beyond chance"


def bounds(row: Any) -> str:
    """A share and what it could be if the undisclosed were all out, or all in."""
    if not known(row.value):
        return sentences.capital(row.note or "not known")
    low, high = row.extra["bound_low"], row.extra["bound_high"]
    return share(row.value) if low == high else f"{share(row.value)} ({share(low)} to {share(high)})"


def held_against(row: Any) -> str:
    """The goal of a group: "11% of the population" or "48% target"."""
    if row is None or not known(row.extra.get("target")):
        return "no benchmark"
    return f"{share(row.extra['target'])} {'of the population' if row.extra['is_benchmark'] else 'target'}"


def family(told: Told) -> str:
    """How many comparisons the verdicts of the overview allow for."""
    return f"{words.family(told.outcomes.rows)} {words.family(told.gaps.rows, what='of participation')}".strip()


def overview_table(told: Told, trends: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a group: participation, outcomes, trend and the verdict in words."""
    found = []
    for row in told.shares.rows:
        group = str(row.group)
        gap, against = told.gaps.row(row.key, group=row.group), told.ratios.row(row.key, group=row.group)
        cells = {
            "Group": told.labels.get(group, group),
            "In words": words.participation(gap),
            "Residents": row.numerator,
            "Share (range if all answered)": bounds(row),
            "Held against": held_against(gap),
            "Ratio to population": _with_interval(against),
        }
        for part, name in (
            ("completion_rate", "Completes"),
            ("credential_rate", "Credential"),
            ("placement_rate", "Placed"),
        ):
            cells[name] = words.outcome_cell(told.outcomes.row(group, group=group, part=part))
        cells["Share over a year"] = trends.get(group, "not known")
        found.append(cells)
    return found


def _with_interval(row: Any) -> str:
    if row is None or not known(row.value):
        return "none"
    return f"{ratio(row.value)} ({ratio(row.low)} to {ratio(row.high)})"


def goals_table(told: Told) -> list[dict[str, Any]]:
    """One row a group: what it is held against, by which definition, and what the undisclosed could change."""
    found = []
    for row in told.gaps.rows:
        against = told.ratios.row(row.key, group=row.group)
        about = against.extra.get("benchmark_about") if against else None
        found.append(
            {
                "Group": told.labels.get(str(row.group), row.group),
                "Target": f"{share(row.extra['target'])}, set {row.extra['set_on']} by {row.extra['set_by']}"
                if row.extra.get("set_on")
                else "none set",
                "Population": share(against.extra["benchmark"]) if about else "no benchmark",
                "Definition": about or ((against.note if against else None) or "no comparable benchmark exists"),
                "Did not disclose": row.extra.get("undisclosed"),
                "What they could change": words.undisclosed_could(row) or "not needed",
            }
        )
    return found


def outcome_table(rows: Sequence[Any], told: Told) -> list[dict[str, Any]]:
    """One row a group: both rates, the ratio with its interval and the verdict."""
    return [
        {
            "Group": told.labels.get(str(row.group), row.group),
            "Group’s rate": row.numerator,
            "Range if all answered": _range(row),
            "Others’ rate": row.denominator,
            "Ratio": ratio(row.value) if known(row.value) else row.note or "none",
            "95% interval": f"{_end(row.low)} to {_end(row.high)}" if known(row.low) else "none",
            "In words": words.outcome(row),
        }
        for row in rows
    ]


def _range(row: Any) -> str:
    low, high = row.extra.get("bound_low"), row.extra.get("bound_high")
    return f"{share(low)} to {share(high)}" if known(low) and known(high) else "not known"


def _end(value: Any) -> str:
    """An end of an interval: with a third decimal where two would hide on which side of 1 it lies."""
    return f"{value:.3f}" if known(value) and value != 1 and f"{value:.2f}" == "1.00" else ratio(value)


def comparable(answer: Any) -> bool:
    """Whether any group has a value to compare."""
    return any(known(row.value) for row in answer.rows)


def trends(answer: Any) -> dict[str, str]:
    """By group: whether its share of those who enroll rose or fell in the last four complete quarters, chance allowed for."""
    found = {
        row.group: trend([one for one in answer.rows if one.group == row.group]) for row in answer.rows if row.group
    }
    adjusted = discoveries([one.p for one in found.values()], rate=RATE)
    said = {row.group: sentences.capital(row.note) for row in answer.rows if row.group and is_hidden(row)}
    for (group, one), p in zip(found.items(), adjusted, strict=True):
        if group in said:
            continue
        word = one.word_at(p)
        numbers = f" ({share(one.before)} to {share(one.now)})" if one.p is not None else ""
        said[group] = f"{sentences.capital(word)}{numbers}"
    return said


def definitions_used(told: Told) -> str:
    """Which definition each benchmark follows, as said in the reference figures, and who has none."""
    said = [
        f"{told.label(row.group)}: {share(row.extra['benchmark'])} of {row.extra['benchmark_about']}"
        for row in told.ratios.rows
        if known(row.value) and row.extra.get("benchmark_about")
    ]
    without = [told.noun(row.group) for row in told.ratios.rows if not known(row.value) and known(row.numerator)]
    none = (
        f" No comparable share of the population exists for {sentences.join(without)}: shown as counts and shares."
        if without
        else ""
    )
    return f"Held against: {'; '.join(said)}.{none}" if said else none.strip()

"""Outcomes of each group compared with others and with the highest rate of its classification (the four-fifths screen)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from queries.calculators.comparison import REVEALING_PARTS, SidesRow, compared, side_counts, side_row
from queries.calculators.group_rows import not_supplied_groups, rates_by_group
from queries.calculators.registry import Calculator, Counts, Disclosure
from queries.context import QueryContext
from queries.database import SqlRow
from queries.disclosure import derived, people, rest_of
from queries.scope import OUTCOMES
from queries.statistics.four_fifths import OTHERS, screen
from queries.statistics.significance import Side, deviations
from queries.verdicts import ENOUGH, RATE, SCREENED, Compared, Verdict, as_family, is_screened, outcome_verdict


@dataclass(frozen=True, kw_only=True)
class OutcomeRow(SidesRow):
    """A group's rate of one outcome (`part`) ÷ the others' rate.

    Attributes:
        bound_low: The group's rate if, of the undisclosed, all without the outcome were in it and no others.
        bound_high: The group's rate if, of the undisclosed, all with the outcome were in it and no others.
        highest_group: What has the highest rate of the classification, the group itself aside: another group's id, or
            "others" for those known to be outside it (outside every listed group, where the classification lists several).
        highest_rate: Its rate, as a fraction.
        successes_highest: Events with the outcome behind that rate, where it is not the others' of this row.
        known_highest: Events behind it, likewise.
        screen_ratio: The group's rate ÷ the highest rate.
        screen_low: Lower end of its 95% interval, which allows for every rate that could be the highest.
        screen_high: Upper end of it.
        p_others: P-value of the difference from all others together.
        p_screen: P-value of being below the highest rate, where the classification has more than two categories. `p` is
            then that of both tests, by Bonferroni's inequality.
        deviations: The group's rate less the others', in standard deviations.
    """

    bound_low: float | None = derived()
    bound_high: float | None = derived()
    highest_group: str | None = derived()
    highest_rate: float | None = derived()
    successes_highest: int | None = people()
    known_highest: int | None = people()
    screen_ratio: float | None = derived()
    screen_low: float | None = derived()
    screen_high: float | None = derived()
    p_others: float | None = derived()
    p_screen: float | None = derived()
    deviations: float | None = derived()

    def verdict_at(self, p_adjusted: float) -> Verdict:
        """Return the verdict that follows from an adjusted p-value.

        The four-fifths screen comes first: with more than two categories, a group can be well below the highest rate and no
        lower than all others together. Each of the two tests is adjusted as their common p-value was.
        """
        p_others = p_adjusted
        if self.p_screen is not None and self.p_others is not None and self.p:
            p_others = min(1.0, self.p_others / self.p * 2 * p_adjusted)
            is_lower = p_others <= RATE and (self.numerator or 0) < (self.denominator or 0)
            p_screen = self.p_screen / self.p * 2 * p_adjusted
            if is_screened(self.screen_ratio, self.screen_high) and p_screen <= RATE and not is_lower:
                return SCREENED
        return outcome_verdict(
            p_others,
            is_higher=(self.numerator or 0) > (self.denominator or 0),
            screen_ratio=self.screen_ratio,
            screen_high=self.screen_high,
        )


def bounds(raw: SqlRow) -> tuple[float | None, float | None]:
    """Return the lowest and highest rate the group could have, whatever the undisclosed are."""
    successes, trials = int(raw["successes_in"]), int(raw["known_in"])
    more_successes = int(raw["successes_undisclosed"])
    more_failures = int(raw["known_undisclosed"]) - more_successes
    lowest, highest = trials + more_failures, trials + more_successes
    return (
        successes / lowest if lowest else None,
        (successes + more_successes) / highest if highest else None,
    )


def counts(row: OutcomeRow) -> Counts:
    """Return the counts of both sides and the undisclosed, and those behind the highest rate."""
    return (
        *side_counts(row),
        row.successes_highest,
        rest_of(row.known_highest, row.successes_highest),
    )


def without_hidden_highest(context: QueryContext, rows: Sequence[OutcomeRow]) -> list[OutcomeRow]:
    """Remove the highest rate of a classification with several listed groups, unless all of them are shown and one of them has it.

    Which rate is highest says that the hidden ones are lower, or higher where it is missing. And the residents in none of the listed
    groups are what these leave of the total: their count would give a hidden group's away.
    """
    has_places, classes = context.by_place is not None, classifications(context)
    shown = {(row.group, row.part, row.key if has_places else None) for row in rows if row.value is not None}

    def is_seen(row: OutcomeRow) -> bool:
        members = classes[row.group or ""]
        is_shown = all((group, row.part, row.key if has_places else None) in shown for group in members)
        return len(members) == 1 or (is_shown and row.highest_group != OTHERS)

    screened = [row if row.highest_group is None or is_seen(row) else _without_screen(row) for row in rows]
    return [_rounded_screen(row) if row.p_screen is not None else row for row in screened]


def _rounded_screen(row: OutcomeRow) -> OutcomeRow:
    """Round what allows for every rate of a classification, also that of the residents in none of its groups.

    More decimals could tell how many these are, and with that how many are in two of the groups.
    """
    p_screen = float(f"{row.p_screen or 0:.3g}")
    ends = [None if end is None else round(end, 3) for end in (row.screen_low, row.screen_high)]
    p = row.p if row.p is None or row.p_others is None else min(1.0, 2 * min(row.p_others, p_screen))
    return row.but(p=p, p_screen=p_screen, screen_low=ends[0], screen_high=ends[1])


def _without_screen(row: OutcomeRow) -> OutcomeRow:
    """Return the row with the test against all others only."""
    multiplier = (row.p_adjusted or 0) / row.p if row.p else 1.0
    row = replace(
        row,
        highest_group=None,
        highest_rate=None,
        successes_highest=None,
        known_highest=None,
        screen_ratio=None,
        screen_low=None,
        screen_high=None,
        p_screen=None,
        p=row.p_others,
    )
    return row if row.p is None else row.judged(p_adjusted=min(1.0, row.p * multiplier), compared=row.compared or 0)


DISCLOSURE = Disclosure[OutcomeRow](counts=counts, revealing_parts=REVEALING_PARTS, clear=without_hidden_highest)


@Calculator("outcome_ratio", row=OutcomeRow, disclosure=DISCLOSURE, is_about_groups=True)
def outcome_ratio(context: QueryContext) -> list[OutcomeRow]:
    """Return one row per group, outcome (`part`) and key.

    The verdicts allow for every group and outcome of the answer, whichever group the filters name.
    """
    all_groups = context.for_all_groups()
    classes = classifications(context)
    rows: list[OutcomeRow] = []
    for outcome, raw_rows in rates_by_group(all_groups, OUTCOMES).items():
        comparisons = {(key if context.by_place else None, group): compared(raw) for key, group, raw in raw_rows}
        outside = _outside_every_group(all_groups, outcome, classes)
        for key, group, raw in raw_rows:
            place = key if context.by_place else None
            members = classes[group]
            comparison = comparisons[place, group]
            peers = [
                (peer, comparisons[place, peer].inside)
                for peer in members
                if peer != group and (place, peer) in comparisons
            ] or [(OTHERS, comparison.outside)]
            if len(members) > 1:
                peers.append((OTHERS, outside.get((place, members), Side.of_people(0, 0))))
            row = side_row(OutcomeRow, comparison, key=key, group=group, part=outcome)
            rows.append(_with_screen(row, comparison, raw, peers))
    groups = set(context.groups())
    return [row for row in as_family(rows) if row.group in groups] + not_supplied_groups(context, OutcomeRow)


def classifications(context: QueryContext) -> Mapping[str, tuple[str, ...]]:
    """Return, for each group the delivery says, the supplied groups of its classification.

    A group that names no classification forms one with those known not to be in it, such as women and men.
    """
    missing = context.groups_not_supplied()
    by_name: dict[str, list[str]] = {}
    for row in context.listing("groups"):
        if row["group_id"] not in missing:
            by_name.setdefault(row.get("classification") or f"group {row['group_id']}", []).append(row["group_id"])
    return {group: tuple(members) for members in by_name.values() for group in members}


def _outside_every_group(
    context: QueryContext, outcome: str, classes: Mapping[str, tuple[str, ...]]
) -> dict[tuple[str | None, tuple[str, ...]], Side]:
    """Return the side of those who answered for every group of a classification and are in none, by (place, groups)."""
    listed = {members for members in classes.values() if len(members) > 1}
    if not listed:
        return {}
    bits = {row["group_id"]: int(row["bit"]) for row in context.listing("groups")}
    sums: dict[tuple[str | None, tuple[str, ...]], list[int]] = {}
    for members, mask in ((members, sum(bits[group] for group in members)) for members in listed):
        for place, raw in _cells(context, outcome):
            if int(raw["answered_bits"]) & mask == mask and not int(raw["member_bits"]) & mask:
                total = sums.setdefault((place, members), [0] * 5)
                for at, name in enumerate(("successes", "known", "hh", "hm", "mm")):
                    total[at] += int(raw[name])
    return {place: Side(*total) for place, total in sums.items()}


def _cells(context: QueryContext, outcome: str) -> Iterator[tuple[str | None, SqlRow]]:
    scope = context.scope.but(group=None)
    for raw in context.rows(by=context.by_place, fact=outcome, agg="rate_by_answers", scope=scope):
        yield (raw["key"] if context.by_place else None), raw


def _with_screen(row: OutcomeRow, comparison: Compared, raw: SqlRow, peers: Sequence[tuple[str, Side]]) -> OutcomeRow:
    """Return a row with its bounds, its distance in standard deviations and its four-fifths screen."""
    bound_low, bound_high = bounds(raw)
    result = screen(comparison.inside, peers, min_trials=ENOUGH)
    highest = dict(peers)[result.highest] if result else None
    is_elsewhere = result is not None and (len(peers) > 1 or result.highest != OTHERS)
    p_screen = result.p if result and len(peers) > 1 and row.p is not None else None
    return row.but(
        p=row.p if row.p is None or p_screen is None else min(1.0, 2 * min(row.p, p_screen)),
        p_others=row.p,
        p_screen=p_screen,
        successes_undisclosed=int(raw["successes_undisclosed"]),
        bound_low=bound_low,
        bound_high=bound_high,
        deviations=None if row.verdict else deviations(comparison.inside, comparison.outside),
        highest_group=result.highest if result else None,
        highest_rate=highest.rate if highest else None,
        successes_highest=highest.successes if highest and is_elsewhere else None,
        known_highest=highest.trials if highest and is_elsewhere else None,
        screen_ratio=result.ratio if result else None,
        screen_low=result.low if result else None,
        screen_high=result.high if result else None,
    )

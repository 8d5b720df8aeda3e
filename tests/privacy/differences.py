"""Attack on differences: a measure that counts some of the people of another, subtracted from it.

    python -m tests.privacy.differences STORE...

prints what each pair of measures gives away of every store (`make attack`), by the filters of every page. Of more than 200 hidden
differences a random sample is solved for. The pairs are written from what the measures count (queries/facts.toml), not from what is protected (queries/privacy/family.toml).
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from functools import cache

from queries import ask, registry
from queries.access.viewer import Viewer
from tests.privacy import attack

SAME_DAY, ALL_TIME = True, False
SUCCESSES = " successes"
MOST = 200
# the people on the left are among those on the right, who are counted on the same day or on another
INSIDE = (
    ("residents_enrolled", "residents_applied", ALL_TIME),
    ("enrollments", "applications", ALL_TIME),
    ("intake_rate", "applications", SAME_DAY),
    ("intake_rate successes", "intake_rate", SAME_DAY),
    ("intake_rate successes", "enrollments", ALL_TIME),
    ("start_rate", "enrollments", SAME_DAY),
    ("start_rate successes", "start_rate", SAME_DAY),
    ("start_rate successes", "starts", ALL_TIME),
    ("starts", "enrollments", ALL_TIME),
    ("in_training", "starts", SAME_DAY),
    ("in_training_overdue", "in_training", SAME_DAY),
    ("completion_rate", "starts", ALL_TIME),
    ("completion_rate", "enrollments", ALL_TIME),
    ("completions", "completion_rate", SAME_DAY),
    ("withdrawals", "completion_rate", SAME_DAY),
    ("cohort_completion_rate", "enrollments", ALL_TIME),
    ("cohort_completion_rate successes", "cohort_completion_rate", SAME_DAY),
    ("cohort_completion_rate successes", "completions", ALL_TIME),
    ("credentials", "completion_rate", ALL_TIME),
    ("credentials", "completions", ALL_TIME),  # nearly: few withdrew with a credential
    ("days_to_credential", "credentials", SAME_DAY),
    ("credential_rate", "completions", SAME_DAY),
    ("credential_rate successes", "credential_rate", SAME_DAY),
    ("credential_rate successes", "credentials", ALL_TIME),
    ("placements", "completion_rate", ALL_TIME),
    ("wage_after_exit", "completion_rate", SAME_DAY),
    ("wage_gain", "wage_after_exit", SAME_DAY),
    ("placement_rate", "completion_rate", SAME_DAY),
    ("placement_rate successes", "placement_rate", SAME_DAY),
    ("placement_rate successes", "placements", ALL_TIME),
    ("employment_rate_q2", "placement_rate", SAME_DAY),
    ("credential_attainment_rate", "placement_rate", SAME_DAY),
    ("credential_attainment_rate successes", "credential_attainment_rate", SAME_DAY),
    ("credential_attainment_rate successes", "credentials", ALL_TIME),
    ("credential_attainment_rate successes", "completions", SAME_DAY),  # nearly: few withdrew with a credential
    ("employment_rate_q4", "credential_attainment_rate", SAME_DAY),
    ("leavers_with_job", "completion_rate", SAME_DAY),
    ("finishers_with_job", "leavers_with_job", SAME_DAY),
    ("finishers_with_job successes", "leavers_with_job successes", SAME_DAY),
    ("finishers_with_job", "credential_rate", SAME_DAY),
    ("claimants_learning", "learners", SAME_DAY),
    ("claimants_learning", "registrations", SAME_DAY),
    ("course_completion_rate", "registrations", SAME_DAY),
    ("courses_completed", "registrations", ALL_TIME),
    ("course_completion_rate successes", "courses_completed", ALL_TIME),
    ("course_credits", "courses_completed", SAME_DAY),
    ("learners_going_on", "learners", SAME_DAY),
)  # fmt: skip
# not protected, as docs/access.md says: residents who have not left yet
OPEN = {("completion_rate", "enrollments"), ("completion_rate", "applications")}
Pair = tuple[str, str, bool]


def pairs() -> list[Pair]:
    """Return every pair that follows: what is inside of something inside is inside too. Counts of a single rate are left out, and open pairs."""
    result: dict[tuple[str, str], bool] = {}

    def add(inner: str, outer: str, is_same_day: bool) -> None:
        if result.get((inner, outer), is_same_day or None) == is_same_day and (inner, outer) in result:
            return
        result[inner, outer] = is_same_day or result.get((inner, outer), False)
        for middle, further, is_same in INSIDE:
            if middle == outer:
                add(inner, further, is_same_day and is_same)

    for pair in INSIDE:
        add(*pair)
    return [
        (*names, is_same_day)
        for names, is_same_day in result.items()
        if len(set(map(_measure, names))) > 1 and tuple(map(_measure, names)) not in OPEN
    ]


def _measure(name: str) -> str:
    return name.removesuffix(SUCCESSES)


def subtracted(
    inner: str, outer: str, is_same_day: bool, *, breakdowns: Sequence[str], most: int | None = None
) -> attack.Outcome:
    """Look for small differences: both counts shown, or what a linear program over all cells of both can tell of the difference.

    Args:
        inner: The measure that counts fewer people, or its successes.
        outer: The measure that counts all of them.
        is_same_day: Whether both count a resident on the same day, so that the difference counts people in a period too.
        breakdowns: What to break down by.
        most: How many hidden differences to solve for, drawn at random; all by default.
    """
    outcome = attack.Outcome(f"{outer} less {inner}")
    known: dict[attack.Address, float | None] = {}
    truth: dict[attack.Address, float] = {}
    for name, part in ((outer, None), (inner, "inner")):
        seen, actual = (counts(name, reader, tuple(breakdowns), _store()) for reader in (attack.GOVERNOR, None))
        for address in {**actual, **seen}:  # the role may not ask for all of them
            value = seen.get(address)
            if is_same_day or not set(attack.PERIODS).intersection(dict(address)):
                at = _with_part(address, part)
                truth[at] = actual.get(address) or 0
                known[at] = value if value == truth[at] else None  # those of an earlier delivery are as good as hidden
    for address in [address for address in known if "part" not in dict(address)]:
        rest, inside = _with_part(address, "rest"), _with_part(address, "inner")
        if inside not in known or truth[inside] > truth[address]:
            continue
        known[rest], truth[rest] = None, truth[address] - truth[inside]
        if address and attack.is_small(truth[rest]):
            outcome.tried += 1
            if None not in (known[address], known[inside]):
                outcome.recovered += 1
                outcome.examples.append((address, truth[rest]))
    program = attack.Program.over(known, truth)
    targets = [
        at
        for at, address in enumerate(program.unknown)
        if dict(address).get("part") == "rest" and len(address) > 1 and attack.is_small(program.truth[at])
    ]
    if most is not None and len(targets) > most:
        targets = random.Random(2026).sample(targets, most)
    for block in program.blocks():
        for at, (low, high) in block.narrow(set(targets), attack.MIN_COUNT - 2).items():
            parts = (_with_part(program.unknown[at], part) for part in (None, "inner"))
            if any(known.get(part) is None for part in parts):
                outcome.recovered += high - low < 0.5
                outcome.narrowed += high - low >= 0.5
                outcome.examples.append((program.unknown[at], program.truth[at], low, high))
    return outcome


def _with_part(address: attack.Address, part: str | None) -> attack.Address:
    values = {name: value for name, value in address if name != "part"}
    return tuple(sorted((values | ({"part": part} if part else {})).items()))


def _store() -> str:
    return os.environ["DASHBOARD_STORE"]


@cache
def counts(
    name: str, reader: Viewer | None, breakdowns: tuple[str, ...], _of_store: str
) -> dict[attack.Address, float | None]:
    """Return the count of every cell that answers list; None where they hide it."""
    cells: dict[attack.Address, float | None] = {}
    for address, value in _rows(name, reader, breakdowns):
        cells[address] = cells.get(address) if value is None else value
    return cells


def _rows(name: str, reader: Viewer | None, breakdowns: Sequence[str]) -> Iterator[tuple[attack.Address, float | None]]:
    measure = registry.measure(_measure(name))
    is_count = measure.denominator is None and "median" not in measure.agg
    for question, fixed in attack.family_questions(measure.id, breakdowns):
        for row in ask(question, attack.scope_of(reader, fixed)).rows:
            count = row.value if is_count else row.numerator if name.endswith(SUCCESSES) else row.denominator
            yield attack.address_of(fixed, question.by, row.key), count if row.suppression is None else None


def main(stores: Sequence[str]) -> int:
    failed = False
    for store in stores:
        os.environ["DASHBOARD_STORE"] = store
        for inner, outer, is_same_day in pairs():
            outcome = subtracted(
                inner, outer, is_same_day, breakdowns=(*attack.ON_EVERY_PAGE, *attack.PERIODS), most=MOST
            )
            print(store, outcome, *outcome.examples[:3], flush=True)
            failed = failed or bool(outcome.recovered or outcome.narrowed)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Attack on the people outside of regions: a director subtracts the own region, known exactly, from what is shown of the state.

    python -m tests.privacy.outside STORE...

prints what each director can tell of every store (`make attack`), by the filters of every page; where `sharing` in rule.toml is 2, also
what two of them can who tell each other what they see.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import combinations

from queries.access.rights import viewer
from queries.privacy.rule import rule_of
from tests.privacy import attack

MEASURES = ("residents_enrolled", "enrollments", "starts", "completions", "withdrawals", "credentials")
MOST = 200


def people_outside(measure: str, *regions: str, breakdowns: Sequence[str], most: int | None = None) -> attack.Outcome:
    """Look for small counts of people outside of regions: of what is shown, or by a linear program over everything else.

    Args:
        measure: A measure that counts people.
        regions: Those of the directors.
        breakdowns: What to break down by.
        most: How many hidden counts to solve for, drawn at random; all by default.
    """
    outcome = attack.Outcome(f"{measure} outside of {' and '.join(regions)}")
    directors = [viewer("director", region) for region in regions]
    questions = list(attack.family_questions(measure, breakdowns))
    inside: dict[attack.Address, float] = {}
    for director in directors:
        in_region = [
            (question, fixed | {"region": str(director.region)})
            for question, fixed in questions
            if "region" not in fixed and question.by != "region"
        ]
        for address, value in attack.seen_by(director, in_region).items():
            assert value is not None, "a director knows the own region exactly"
            statewide = tuple(item for item in address if item[0] != "region")
            inside[statewide] = inside.get(statewide, 0) + value
    known = attack.shared([attack.GOVERNOR, *directors], measure, breakdowns)
    truth = attack.seen_by(None, questions)
    rest: dict[attack.Address, float] = {}
    for address, value in known.items():
        actual = truth.get(address) or 0
        is_inside = attack.is_home(address, directors)
        rest[address] = 0 if is_inside else actual - (0 if "region" in dict(address) else inside.get(address, 0))
        # numbers of an earlier delivery, which are held, are as good as hidden
        known[address] = rest[address] if is_inside or value == actual else None
    small = [address for address, value in rest.items() if attack.is_small(value)]
    outcome.tried = len(small)
    for address in small:
        if known[address] is not None:
            outcome.recovered += 1
            outcome.examples.append((address, rest[address]))
    program = attack.Program.over(known, rest)
    targets = [at for at, value in enumerate(program.truth) if attack.is_small(value)]
    attack.solve_for(targets, program, outcome, most)
    return outcome


def main(stores: Sequence[str]) -> int:
    failed = False
    for store in stores:
        os.environ["DASHBOARD_STORE"] = store
        for measure in MEASURES:
            names = attack.names_of("region")
            for regions in (
                each for count in range(rule_of(10).directors_sharing) for each in combinations(names, count + 1)
            ):
                outcome = people_outside(
                    measure, *regions, breakdowns=(*attack.ON_EVERY_PAGE, *attack.PERIODS), most=MOST
                )
                print(store, outcome, *outcome.examples[:3], flush=True)
                failed = failed or bool(outcome.recovered or outcome.narrowed)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

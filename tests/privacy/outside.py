"""Attack on the people outside of a region: a director subtracts the own region, known exactly, from what is shown of the state.

    python -m tests.privacy.outside STORE...

prints what each director can tell of every store (`make attack`), by the filters of every page.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from queries.access.rights import viewer
from tests.privacy import attack

MEASURES = ("residents_enrolled", "enrollments", "starts", "completions", "withdrawals", "credentials")
MOST = 200


def people_outside(measure: str, region: str, *, breakdowns: Sequence[str], most: int | None = None) -> attack.Outcome:
    """Look for small counts of people outside of a region: of what is shown, or by a linear program over everything else.

    Args:
        measure: A measure that counts people.
        region: The director's.
        breakdowns: What to break down by.
        most: How many hidden counts to solve for, drawn at random; all by default.
    """
    outcome = attack.Outcome(f"{measure} outside of {region}")
    director = viewer("director", region)
    questions = list(attack.family_questions(measure, breakdowns))
    statewide = [
        (question, fixed | {"region": region})
        for question, fixed in questions
        if "region" not in fixed and question.by != "region"
    ]
    inside = {
        tuple(item for item in address if item[0] != "region"): value
        for address, value in attack.seen_by(director, statewide).items()
    }
    assert None not in inside.values(), "a director knows the own region exactly"
    known = attack.shared([attack.GOVERNOR, director], measure, breakdowns)
    truth = attack.seen_by(None, questions)
    rest: dict[attack.Address, float] = {}
    for address, value in known.items():
        actual = truth.get(address) or 0
        is_inside = attack.is_home(address, [director])
        rest[address] = 0 if is_inside else actual - (0 if "region" in dict(address) else inside.get(address) or 0)
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
            for region in attack.names_of("region"):
                outcome = people_outside(
                    measure, region, breakdowns=(*attack.ON_EVERY_PAGE, *attack.PERIODS), most=MOST
                )
                print(store, outcome, *outcome.examples[:3], flush=True)
                failed = failed or bool(outcome.recovered or outcome.narrowed)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

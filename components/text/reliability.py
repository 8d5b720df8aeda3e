"""Flag rates that rest on few people or have a wide interval.

The National Center for Health Statistics (Parker et al. 2017, Vital and Health Statistics 2(175)) does not publish proportions on
fewer than 30, or with an interval of 30 points or more. Here they are shown and flagged, because they count everyone and are no
sample. The standard's relative width (130% of the proportion) is not used: it looks at proportions near zero, and no rate here is
published for being small. A rate without a flag is not called reliable: the flags do not see biased or late records.
"""

from __future__ import annotations

from collections.abc import Mapping

from components.text.format import known
from queries.calculators.comparison import SidesRow
from queries.calculators.counts import CountRow
from queries.calculators.gap_adjusted import AdjustedGapRow
from queries.calculators.gap_cells import GapCellRow
from queries.calculators.group_shares import ParticipationRow
from queries.calculators.plan_rows import PlanRow
from queries.calculators.provider_limits import FunnelRow
from queries.models import Row
from queries.statistics import wilson

MIN_BASE = 30
MAX_WIDTH = 0.30
FEW = f"fewer than {MIN_BASE}"
WIDE = "interval over 30 points"
NO_FLAG = "no flag"
NOT_SHOWN = "not shown"


def flag(numerator: float | None, denominator: float | None, *, design_effect: float = 1.0) -> str:
    """Return the flag of a rate of counts: "fewer than 30", "interval over 30 points", "no flag", or "" without a rate."""
    if not (known(numerator) and known(denominator)) or denominator <= 0:
        return ""
    if denominator < MIN_BASE:
        return FEW
    interval = wilson(numerator / design_effect, denominator / design_effect)
    return WIDE if interval is not None and interval[1] - interval[0] > MAX_WIDTH else NO_FLAG


def of_row(row: Row) -> str:
    """Return the flag of a row whose numerator and denominator are counts; "not shown" where they are hidden."""
    if row.suppression is not None:
        return NOT_SHOWN
    if isinstance(row, ParticipationRow):
        return of_share(row.numerator, row.denominator)
    return flag(row.numerator, row.denominator, design_effect=effect_of(row))


def effect_of(row: Row | None) -> float:
    """Return the design effect behind the interval of a row's rate; 1 where events of one resident play no part."""
    return (isinstance(row, CountRow | FunnelRow | PlanRow) and row.design_effect) or 1.0


def of_share(members: float | None, answered: float | None) -> str:
    """Return the flag of a group's share of residents, which rests on its members as much as on all who answered."""
    is_small = known(members) and members < MIN_BASE
    return FEW if is_small and flag(members, answered) else flag(members, answered)


def of_sides(row: SidesRow | AdjustedGapRow | GapCellRow) -> str:
    """Return the worse flag of the two rates that a row compares; "not shown" where they are hidden."""
    if row.suppression is not None:
        return NOT_SHOWN
    return least(flag(row.successes_in, row.known_in), flag(row.successes_out, row.known_out))


def of_difference(row: Row) -> str:
    """Return the flag of a difference of rates that is shown with its interval; "" without one, "not shown" where it is hidden."""
    if row.suppression is not None:
        return NOT_SHOWN
    if not (known(row.low) and known(row.high)):
        return ""
    return WIDE if row.high - row.low > MAX_WIDTH else NO_FLAG


def of_rows(rows: Mapping[str, Row | None]) -> str:
    """Return the flags of a table row with several rates, by heading: "Job rate: fewer than 30"."""
    flags = {name: of_row(row) for name, row in rows.items() if row is not None}
    weak = [f"{name}: {text}" for name, text in flags.items() if text in (FEW, WIDE)]
    return "; ".join(weak) or least(*flags.values())


def least(*flags: str) -> str:
    """Return the worst of several flags, for a row of a table with several rates."""
    return next((word for word in (FEW, WIDE, NO_FLAG, NOT_SHOWN) if word in flags), "")

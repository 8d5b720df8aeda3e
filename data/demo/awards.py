"""Awards in the demo's ledger: recipients, amounts, purposes, and how fast they are obligated and spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data.demo import catalog, plan
from data.demo.places import places

# Shares of CareerConneCT's obligations (invented).
_TRAINING, _SUPPORTS, _OUTREACH, _ADMINISTRATION = 0.78, 0.12, 0.035, 0.065
PURCHASE_CENTS = 950_000  # three small orders that the demo's defects overspend
# When awards are signed and amended, and the share signed then. The last window is before the federal deadline.
_RECOVERY_TRANCHES = (
    (date(2022, 7, 11), date(2022, 9, 20), 0.33),
    (date(2023, 2, 1), date(2023, 4, 28), 0.33),
    (date(2024, 2, 1), date(2024, 4, 30), 0.22),
    (date(2024, 9, 16), date(2024, 12, 20), 0.12),
)
_EARLIER_TRANCHES = ((date(2020, 6, 1), date(2020, 6, 15), 0.6), (date(2021, 8, 2), date(2021, 9, 30), 0.4))
_RECOVERY_PACE = ((date(2022, 9, 1), 0.5), (date(2023, 1, 1), 1.1), (date(2025, 6, 1), 1.0), (date(2026, 11, 1), 0.55))
_EARLIER_PACE = ((date(2020, 7, 1), 1.0), (date(2021, 6, 1), 0.9), (date(2022, 9, 1), 0.4), (date(2026, 11, 1), 0.08))

# Allocations of the two earlier initiatives, in whole dollars (invented).
EARLIER_ALLOCATIONS = {
    "SkillUp CT": {date(2020, 5, 4): 1_500_000, date(2021, 7, 1): 900_000},
    "Back to Work": {date(2020, 6, 8): 600_000, date(2021, 7, 1): 300_000},
}
_EARLIER_SPENT = 0.95


Line = tuple[str, int, int, float]


@dataclass(frozen=True)
class Award:
    """A signed award.

    `lines` are the (category, sector code, region code, share) of each invoice. Code -1 means none; -2 is drawn anew for
    each invoice.
    """

    recipient: str
    initiative: str
    cents: int
    spent: float  # share of it expended by the last delivery
    tranches: tuple[tuple[date, date, float], ...]
    pace: tuple[tuple[date, float], ...]
    lines: tuple[Line, ...]


def make_awards(rng: np.random.Generator) -> list[Award]:
    """Make about forty awards. CareerConneCT's add up to plan.OBLIGATED_DOLLARS to the cent."""
    return [*_careerconnect(rng), *_earlier()]


def split(cents: int, shares: list[float] | np.ndarray) -> list[int]:
    """Split cents in proportion to shares, so that the parts add up exactly."""
    weights = np.asarray(shares, dtype=float)
    edges = np.round(np.cumsum(weights / weights.sum()) * cents).astype(np.int64)
    return [int(part) for part in np.diff(edges, prepend=0)]


def _careerconnect(rng: np.random.Generator) -> list[Award]:
    regions = places().regions
    programs = [program for program in catalog.PROGRAMS if program.initiative == "CareerConneCT"]
    seats = np.zeros(len(plan.SECTORS))
    for program in programs:
        seats[program.sector] += program.seats
    by_sector = np.array(plan.SECTOR_SHARES["CareerConneCT"]) / seats
    training = np.array([by_sector[p.sector] * p.seats * (0.6 + p.weeks / 20) for p in programs])
    supports = np.bincount(places().town_region, weights=places().town_weight)
    shares = np.concatenate(
        [
            _TRAINING * training / training.sum(),
            _SUPPORTS * supports / supports.sum(),
            [_OUTREACH * 0.6, _OUTREACH * 0.4, _ADMINISTRATION],
        ]
    )
    purchases = len(catalog.PURCHASE_RECIPIENTS) * PURCHASE_CENTS
    cents = split(plan.OBLIGATED_DOLLARS * 100 - purchases, shares)

    recipients: list[str] = []
    lines: list[tuple[Line, ...]] = []
    for program in programs:
        home = -2 if program.home is None else regions.index(program.home)
        recipients.append(program.provider)
        lines.append(
            (
                ("training", program.sector, home, 0.60),
                ("training", program.sector, -2, 0.30),
                ("administration", -1, -1, 0.10),
            )
        )
    for code, region in enumerate(regions):
        recipients.append(catalog.SUPPORTS_RECIPIENT.format(region=region))
        lines.append(
            (("child care", -2, code, 0.45), ("transportation", -2, code, 0.35), ("technology", -2, code, 0.20))
        )
    for recipient in catalog.OUTREACH_RECIPIENTS:
        recipients.append(recipient)
        lines.append((("outreach", -1, -2, 1.0),))
    recipients.append(catalog.ADMINISTRATION_RECIPIENT)
    lines.append((("administration", -1, -1, 1.0),))

    spent = rng.uniform(0.76, 0.93, len(cents))
    spent = np.minimum(spent * plan.EXPENDED_DOLLARS * 100 / (spent * cents).sum(), 0.945)
    awards = [
        Award(name, "CareerConneCT", amount, float(share), _RECOVERY_TRANCHES, _RECOVERY_PACE, line)
        for name, amount, share, line in zip(recipients, cents, spent, lines, strict=True)
    ]
    once = ((date(2022, 8, 15), date(2022, 8, 15), 1.0),)
    return awards + [
        Award(name, "CareerConneCT", PURCHASE_CENTS, 0.0, once, _RECOVERY_PACE, (("outreach", -1, -1, 1.0),))
        for name in catalog.PURCHASE_RECIPIENTS
    ]


def _earlier() -> list[Award]:
    """Make small awards for the online courses and the jobs portal."""
    parts = (
        ("SkillUp Online Desk (demo)", "SkillUp CT", 0.62, (("training", 2, -2, 0.5), ("training", 7, -2, 0.5))),
        ("SkillUp Factory Floor (demo)", "SkillUp CT", 0.34, (("training", 0, -2, 0.85), ("technology", 0, -2, 0.15))),
        ("Portal Partners (demo)", "Back to Work", 0.60, (("training", 0, -2, 0.7), ("outreach", -1, -1, 0.3))),
        ("Second Shift Learning (demo)", "Back to Work", 0.35, (("training", 7, -2, 0.9), ("outreach", -1, -1, 0.1))),
    )  # fmt: skip
    return [
        Award(
            recipient,
            initiative,
            round(sum(EARLIER_ALLOCATIONS[initiative].values()) * 100 * share),
            _EARLIER_SPENT * 0.98,
            _EARLIER_TRANCHES,
            _EARLIER_PACE,
            lines,
        )
        for recipient, initiative, share, lines in parts
    ]

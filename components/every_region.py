"""Give each region a row, also those in which nobody enrolled. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from components.scoped_answers import ScopedAnswers
from queries import Answer, AnswerStatus, Row
from queries.calculators.per_population import PopulationRow


def counted_in_every_region(counts: Answer, regions: Sequence[str]) -> Answer:
    """Return counts by region with a row of zero for each of `regions` in which nobody is counted.

    What a protected reader gets stays as it is, since a region without a row may be hidden.
    """
    if counts.status != AnswerStatus.OK or counts.hidden_below is not None:
        return counts
    absent = [Row(key=region, value=0) for region in regions if counts.row(region) is None]
    return replace(counts, rows=(*counts.rows, *absent))


def with_every_region(rates: Answer, view: ScopedAnswers) -> Answer:
    """Return enrollment per 10,000 residents with a row of zero for each region in which nobody enrolled.

    An answer by region has rows for those who are counted. What a protected reader gets stays as it is, since a region without a
    row may be hidden.
    """
    if rates.status != AnswerStatus.OK or rates.hidden_below is not None or rates.scope.group:
        return rates
    populations: dict[str, list[int | None]] = {}
    for town in view.under(view.scope.but(region=None)).listing("towns"):
        populations.setdefault(str(town["region"]), []).append(town["population"])
    present = {row.key for row in rates.rows}
    absent = [
        PopulationRow(key=region, value=0.0, numerator=0, denominator=sum(people))
        for region, counts in sorted(populations.items())
        if region not in present and len(people := [count for count in counts if count is not None]) == len(counts)
    ]
    return replace(rates, rows=(*rates.rows, *absent))

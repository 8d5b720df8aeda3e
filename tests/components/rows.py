"""Answers for tests, without a store."""

from __future__ import annotations

from datetime import date, datetime

from queries import Answer, Delivery, Measure, Row, Scope

DELIVERY = Delivery(
    id="2026-11-13",
    delivered_on=date(2026, 11, 13),
    layout=None,
    is_synthetic=True,
    note=None,
    published_at=datetime(2026, 11, 13, 9),
)


def measure(unit: str = "residents", better: str | None = "up") -> Measure:
    """Make a measure in this unit."""
    return Measure(
        id="example",
        label="Example",
        family="Reach",
        model="enrollments",
        type="counted",
        fact="example",
        agg="count_residents",
        definition="An example.",
        numerator="Residents",
        denominator="Residents" if unit == "share" else None,
        unit=unit,
        better=better,
        dated_by="the day",
        mature="at once",
        needs=(),
        source="Nowhere",
    )


def answer(
    *rows: Row, unit: str = "residents", status: str = "ok", note: str | None = None, better: str = "up"
) -> Answer:
    """Make an answer with these rows."""
    return Answer(
        measure=measure(unit, better),
        by="sector",
        scope=Scope(),
        rows=rows,
        status=status,
        note=note,
        as_of=DELIVERY.delivered_on,
        delivery=DELIVERY,
        query="select 1 as one where $as_of is not null",
        parameters={"as_of": date(2026, 11, 13)},
    )


def counts(**values: float | None) -> Answer:
    """Make an answer of counts: counts(Healthcare=12, Manufacturing=None)."""
    return answer(*(Row(key=k, value=v, note=None if v is not None else "not supplied") for k, v in values.items()))

"""Make the figures and charts of documents from answers, in the words of the pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from briefs.blocks import Block, Figure, SideBySide
from briefs.charts import Bar, BarChart, ColumnChart, Dot, DotChart, Series, Tone
from briefs.numbers import Number, number_of
from components.charts.year_data import YearValues, years_of
from components.periods import end_of
from components.scoped_answers import ScopedAnswers
from components.text import prose
from components.text.figure_words import FigureWords, figure_words
from components.text.format import day, known, people, tenths, without_unit
from components.text.narratives import news, providers
from components.text.period_labels import period_label
from components.text.scope_words import filters
from components.url_state import shortened
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from queries.models import Answer, Row
from queries.periods import days_of
from queries.privacy.suppression import is_hidden

MOST_DOTS = 16  # providers in a chart
LONGEST_NAME, LONGEST_LABEL = 44, 30  # letters of a provider's name, and of the name of a bar
_PROVIDER_TONES: Mapping[FunnelVerdict | None, Tone] = {FunnelVerdict.LOWER: Tone.BAD, FunnelVerdict.HIGHER: Tone.GOOD}


def figure(answer: Answer, words: FigureWords | None = None, *, number: Number | None = None) -> Figure:
    """Return the headline figure of an answer's total.

    Args:
        answer: The answer.
        words: The figure in words; by default, as a page writes it without a comparison.
        number: Another number than the total's.
    """
    words = words or figure_words(answer)
    unit = answer.measure.unit
    # the label says what a rate is per; next to a large figure it would take three lines
    value = without_unit(answer.total.value, unit) if words.is_number and unit.startswith("per ") else words.value
    change = " ".join(filter(None, (words.delta, words.since)))
    number = number or number_of(answer, text=value)
    return Figure(
        label=words.label,
        number=number if words.is_number else replace(number, text=words.value),
        flow=words.flow,
        change=change,
        tone=Tone(words.tone),
        context=words.context,
        revised=words.revised,
    )


def year_over_year(by_period: Answer, *, title: str, last_day: date | None = None) -> ColumnChart:
    """Return the months or quarters of a fiscal year, with those of the year before behind them.

    Args:
        by_period: A count by month or quarter.
        title: The finding.
        last_day: A day of the year; None for the answer's date.
    """
    this, last = years_of(by_period, last_day)
    unit = by_period.measure.unit
    by = by_period.by or "month"
    categories = tuple(period_label(key).rsplit(" ", 1)[0] for key in this.keys)
    open_at = {at for at, key in enumerate(this.keys) if days_of(key, by)[1] > by_period.as_of}
    series = (
        Series(name=this.name, numbers=_of_year(by_period, this), open_at=frozenset(open_at)),
        Series(name=last.name, numbers=_of_year(by_period, last), is_context=True),
    )
    alt = f"{title}. " + " ".join(f"{each.name}: {_listed(categories, each.numbers)}." for each in series)
    return ColumnChart(
        title=title,
        alt=alt,
        unit=unit,
        categories=categories,
        series=series,
        note=" ".join(filter(None, (_open_note(by_period, this.keys, categories), _hidden_note(this, last)))),
    )


def _of_year(answer: Answer, year: YearValues) -> tuple[Number | None, ...]:
    """Return the number of each period of a year; None for a period that has not begun."""
    numbers: list[Number | None] = []
    for key, value, note in zip(year.keys, year.values, year.notes, strict=True):
        row = answer.row(key) or Row(key=key, value=value, note=note or None)
        has_begun = days_of(key, answer.by or "month")[0] <= answer.as_of
        numbers.append(number_of(answer, row) if has_begun else None)
    return tuple(numbers)


def _listed(names: Sequence[str], numbers: Sequence[Number | None]) -> str:
    pairs = zip(names, numbers, strict=True)
    return ", ".join(f"{name} {number.text}" for name, number in pairs if number is not None)


def _open_note(answer: Answer, keys: Sequence[str], names: Sequence[str]) -> str:
    """Say of which period last year's number is of more days; "" where all periods shown are over."""
    by = answer.by or "month"
    for key, name in zip(keys, names, strict=True):
        first, last = days_of(key, by)
        if first <= answer.as_of < last:
            return f"{name} of this year is counted until {day(answer.as_of)}, and last year’s to its end."
    return ""


def _hidden_note(*years: YearValues) -> str:
    """Say that some periods are hidden; "" where none is."""
    hidden = any(note and note != "not over yet" for year in years for note in year.notes)
    return "* Hidden for privacy." if hidden else ""


def bars(answer: Answer, *, title: str, rows: Sequence[Row], highlighted: Collection[str] = ()) -> BarChart:
    """Return one bar a row, in this order.

    Args:
        answer: The answer that the rows belong to.
        title: The finding.
        rows: Its rows.
        highlighted: The keys of the rows that the document is about; all where it is empty.
    """
    unit = answer.measure.unit

    def written(value: float) -> str:
        """Write a value as the pages do next to its bar: rates with a decimal, so that unequal bars do not read the same."""
        return tenths(value) if unit.startswith("per ") else without_unit(value, unit)

    items = tuple(
        Bar(
            label=shortened(row.key, LONGEST_LABEL),
            number=number_of(answer, row, text=written(row.value) if known(row.value) else None),
            is_highlighted=not highlighted or row.key in highlighted,
        )
        for row in rows
    )
    alt = f"{title}. {'; '.join(f'{bar.label}: {bar.number.text}' for bar in items)}."
    return BarChart(title=title, alt=alt, unit=unit, bars=items)


def enrollment_charts(by_period: Answer, rates: Answer, view: ScopedAnswers) -> list[Block]:
    """Return the months or quarters of the period's fiscal year next to the regions, or the one of them that there is.

    Args:
        by_period: Residents who first enrolled, by month or quarter.
        rates: Residents enrolled per 10,000 residents, by region.
        view: The document. Its region, if it has one, is highlighted.
    """
    title = news.chart_title(by_period, who=view.who)
    last_day = end_of(view.scope, view.as_of)
    columns = year_over_year(by_period, title=title, last_day=last_day) if by_period.rows else None
    regions = _regions(rates, view.scope.region)
    if columns and regions:
        return [SideBySide(columns, regions, ratio=0.58)]
    return [block for block in (columns, regions) if block]


def _regions(rates: Answer, region: str | None) -> BarChart | None:
    """Return enrollment per 10,000 residents by region, highest first; None where there is no population to divide by."""
    rows = [row for row in prose.by_size(rates.rows) if known(row.denominator) or is_hidden(row)]
    if not any(known(row.value) for row in rows):
        return None
    title = f"Enrolled{filters(rates)} per 10,000 residents, by region"
    return bars(rates, title=title, rows=rows, highlighted=(region,) if region else ())


def providers_chart(completion: Answer) -> DotChart | None:
    """Return the completion rate of each provider with its interval and finding; None where no rate is shown.

    Those with a finding come first, then the lowest rates. At most MOST_DOTS are drawn, and the note says so.
    """
    rows = [row for row in completion.rows_of(FunnelRow) if known(row.value)]
    if not rows:
        return None
    rows.sort(key=lambda row: (row.verdict not in _PROVIDER_TONES, row.value or 0.0, row.key))
    drawn = sorted(rows[:MOST_DOTS], key=lambda row: (row.value or 0.0, row.key))
    overall = next((row.overall for row in rows if known(row.overall)), None)
    dots = tuple(
        Dot(
            label=shortened(row.key, LONGEST_NAME),
            number=number_of(completion, row, outcome="completion_rate"),
            low=row.low,
            high=row.high,
            is_clear=row.verdict in _PROVIDER_TONES,
            tone=_PROVIDER_TONES.get(row.verdict, Tone.NEUTRAL),
            words=prose.lower_first(providers.finding_of(row)) if row.verdict else "",
        )
        for row in drawn
    )
    title = providers.title(completion, "completion_rate", "provider")
    listed = "; ".join(f"{dot.label}: {dot.number.text}, {dot.words}" for dot in dots)
    more = f" Showing {MOST_DOTS} of {people(len(rows))} providers." if len(rows) > MOST_DOTS else ""
    return DotChart(
        title=title,
        alt=f"{title}. {listed}.{more}",
        unit="share",
        dots=dots,
        reference=(overall, "rate of all exits shown here") if overall is not None else None,
        note=f"Filled: outside the 99.8% limits for whom the provider serves.{more}",
    )

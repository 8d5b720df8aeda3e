"""Providers: each training provider's completion rate, and whether it lies outside the range that chance explains."""

from dataclasses import replace

from components import Table, explain, open_page, show
from components.charts.dot_plot import dot_plot
from components.text import prose
from components.text.format import known, share
from components.url_state import shortened
from queries.calculators.provider_limits import Position, ProviderRow

MOST_NAMES = 4  # above or below, so that the lead ends before it is cut
COUNTS = {"Completed": "numerator", "Exits": "denominator"}
RATES = {
    "95% interval from": "low", "95% interval to": "high", "95% limits from": "low_95", "95% limits to": "high_95",
    "99.8% limits from": "low_998", "99.8% limits to": "high_998",
}  # fmt: skip
UNITS = {"Completion rate": "share", **dict.fromkeys(COUNTS, "enrollments"), **dict.fromkeys(RATES, "share")}

page = open_page("providers")
limits = page.ask("provider_limits")
rows = limits.rows_of(ProviderRow)
overall = next((row.overall for row in rows if known(row.overall)), None)
outside = [row for row in rows if row.position == Position.OUTSIDE_998]

clauses = []
for side, is_above in (("above", True), ("below", False)):
    names = [shortened(row.key, 40) for row in outside if ((row.value or 0) > (overall or 0)) is is_above]
    more = [f"{prose.in_words(len(names) - MOST_NAMES)} more"] if len(names) > MOST_NAMES else []
    if names:
        clauses.append(
            f"{prose.join(names[:MOST_NAMES] + more)} {prose.noun(len(names), 'is')} {side} the 99.8% limits"
        )
if clauses:
    finding = f"of the providers shown, {', and '.join(clauses)}"
elif known(overall):
    finding = "no provider that is shown has a completion rate outside the 99.8% limits"
else:
    finding = "there is no provider whose completion rate can be shown"
page.lead(f"{prose.capital(prose.when(limits))}, {finding}; a rate outside the limits is a reason to ask, not a grade.")

page.section("Completion by provider", "Providers serve different residents; the limits do not allow for that.")
if explain(limits):
    chart = dot_plot(
        limits, reference=(overall, "All providers"), sure=[row.key for row in outside], key_name="Provider"
    )
    table = Table.from_rows(
        [
            {
                "Provider": row.key,
                "Completion rate": prose.cell_of(row),
                **{
                    name: "not shown" if row.value is None else getattr(row, field)
                    for name, field in {**COUNTS, **RATES}.items()
                },
                "Position": prose.capital(row.position or "not shown"),
            }
            for row in rows
        ],
        UNITS,
    )
    show(
        replace(
            chart,
            table=table,
            remark="A provider whose numbers are hidden may lie inside or outside the limits."
            if prose.hidden_rows(limits)
            else "",
        ),
        title=f"{share(overall)} of exits were completions; each provider is compared with that rate"
        if known(overall)
        else "Too few to show by provider",
        words="Completion rate of each provider with its 95% interval; the line is the rate of all providers under the "
        "filters, whichever provider is chosen. A filled dot lies outside the 99.8% limits: the range that chance explains for as many exits at that rate. "
        "The table has the exits and the limits.",
        name="completion-by-provider",
        how=limits,
    )
page.end()

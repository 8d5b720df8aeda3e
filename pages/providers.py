"""Providers: which providers and programs have completion or job rates outside what chance explains for whom they serve?"""

from components import explain, open_page, show
from components.charts.funnel import funnel
from components.text.narratives import providers as narrative
from queries.calculators.provider_limits import FunnelRow

page = open_page("providers", extras={"outcome": list(narrative.OUTCOMES)})
chosen = page.extras.get("outcome", "completion_rate")
by_provider = page.ask("provider_limits", by="provider", outcome=chosen)
page.lead(narrative.lead(by_provider, chosen, page.who))
page.choose("outcome", "Outcome", narrative.OUTCOMES)

for what, answer in (("provider", by_provider), ("program", page.ask("provider_limits", by="program", outcome=chosen))):
    above = by_provider if what == "program" else None
    page.section(f"By {what}", narrative.section_words(answer, what, after=above))
    if explain(answer):
        show(
            funnel(
                answer.rows_of(FunnelRow), table=narrative.table(answer, what), remark=narrative.remark(answer, what)
            ),
            title=narrative.title(answer, chosen, what, page.who),
            words=narrative.CHART_WORDS,
            name=f"{chosen.removesuffix('_rate')}-by-{what}",
            how=answer,
            facts={"outcome": chosen},
        )
page.end()

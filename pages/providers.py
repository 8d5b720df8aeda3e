"""Providers: which providers and programs have completion or job rates outside what chance explains for whom they serve?"""

from components import explain, open_page, show
from components.charts.funnel import funnel
from components.text.narratives import providers as story
from queries.calculators.provider_limits import FunnelRow

page = open_page("providers", extras={"outcome": list(story.OUTCOMES)})
chosen = page.extras.get("outcome", "completion_rate")
by_provider = page.ask("provider_limits", by="provider", outcome=chosen)
page.lead(story.lead(by_provider, chosen, page.who))
page.choose("outcome", "Outcome", story.OUTCOMES)

for what, answer in (("provider", by_provider), ("program", page.ask("provider_limits", by="program", outcome=chosen))):
    page.section(f"By {what}", story.section_words(answer, what))
    if explain(answer):
        show(
            funnel(answer.rows_of(FunnelRow), table=story.table(answer, what), remark=story.remark(answer, what)),
            title=story.title(answer, chosen, what, page.who),
            words=story.CHART_WORDS,
            name=f"{chosen.removesuffix('_rate')}-by-{what}",
            how=answer,
            facts={"outcome": chosen},
        )
page.end()

"""My region: what a board director brings to the meeting about one region."""

from components import explain, open_page, show
from components.charts.bars import bar_chart
from components.text import ranking
from components.text.narratives import regions as story
from components.text.prose import capital
from components.text.scope_words import filters

page = open_page("my_region")
enrolled = page.ask("residents_enrolled")
page.lead(
    story.lead(
        region=page.scope.region,
        enrolled=enrolled,
        by_region=page.ask("residents_enrolled", by="region", region=None),
        completion=page.ask("completion_rate"),
        state_completion=page.ask("completion_rate", region=None),
        regions=list(page.choices.labels("region")),
        who=page.who,
    )
)

page.section("By town")
by_town = page.ask("residents_enrolled", by="town")
if explain(by_town):
    show(
        bar_chart(by_town, limit=12),
        title=ranking.most(by_town, "town", of=f"{page.who} enrolled{filters(by_town)}"),
        words=f"{capital(page.who)} enrolled{filters(by_town)} by town of residence.",
        name="towns",
        how=by_town,
    )
page.end()

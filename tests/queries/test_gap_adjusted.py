"""The adjusted gap: against pandas and statsmodels on the same exits, and honest about what is not supplied."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.linalg import qr

from components.text.narratives import gap_adjusted as words
from queries import Question, Scope, ask
from queries.access.rights import viewer
from queries.calculators.gap_adjusted import AdjustedGapRow
from queries.notes import NO_PLACES, NOTHING_TO_ADJUST_FOR
from queries.verdicts import ALIKE, LOWER
from tests import edge_cases
from tests.conftest import publish_tables
from tests.edge_cases import GROUPS
from tests.queries import independent
from tests.queries.test_every_breakdown import delivered  # noqa: F401  (a fixture)
from tests.queries.test_gaps import side

FACTORS = ["sector", "region", "provider", *GROUPS, *independent.SUPPORT_COLUMNS]


def exits_of(frame: pd.DataFrame, last) -> pd.DataFrame:
    """The exits behind the completion rate, with every factor as text."""
    view = independent.as_of_view(frame, last)
    view = view[independent.exited(view) & view["exited_on"].notna()].copy()
    for column in FACTORS:
        view[column] = view[column].astype(object).where(view[column].notna(), "missing").astype(str)
    return view.assign(hit=(view["outcome"] == "completed").astype(float))


def design_of(view: pd.DataFrame) -> pd.DataFrame:
    dummies = pd.get_dummies(view[FACTORS], drop_first=True, dtype=float)
    return sm.add_constant(dummies, has_constant="add")


def independent_columns(design: pd.DataFrame) -> list[str]:
    """Columns of full rank: a provider of one sector says the sector too."""
    _, triangle, order = qr(design.to_numpy(), mode="economic", pivoting=True)
    rank = int((np.abs(np.diag(triangle)) > 1e-8 * abs(triangle[0, 0])).sum())
    return [design.columns[at] for at in sorted(order[:rank])]


def test_the_gap_equals_statsmodels_on_the_same_exits(delivered, use_store):  # noqa: F811
    store, frame, _, last = delivered
    use_store(store)
    view = exits_of(frame, last)
    design = design_of(view)
    design = design[independent_columns(design)]
    model = sm.GLM(view["hit"], design, family=sm.families.Binomial()).fit(maxiter=200)
    compared = 0
    for row in ask(Question("gap_adjusted")).rows_of(AdjustedGapRow):
        inside, outside = view[view[row.group] == "True"], view[view[row.group] == "False"]
        assert (row.successes_in, row.known_in) == (inside["hit"].sum(), len(inside))
        assert (row.successes_out, row.known_out) == (outside["hit"].sum(), len(outside))
        if row.value is None:
            continue
        compared += 1
        assert row.raw == pytest.approx(inside["hit"].mean() - outside["hit"].mean())
        answered = view[view[row.group] != "missing"]
        rates, slopes = {}, {}
        for answer in ("True", "False"):
            changed = design_of(pd.concat([view, answered.assign(**{row.group: answer})]))[model.params.index].iloc[
                len(view) :
            ]
            rate = model.predict(changed)
            rates[answer] = rate.mean()
            slopes[answer] = ((rate * (1 - rate)).to_numpy()[:, None] * changed.to_numpy()).mean(axis=0)
        assert row.numerator == pytest.approx(rates["True"], abs=7e-4)
        assert row.denominator == pytest.approx(rates["False"], abs=7e-4)
        assert row.value == pytest.approx(rates["True"] - rates["False"], abs=2e-4)
        slope = slopes["True"] - slopes["False"]
        error = math.sqrt(slope @ model.cov_params().to_numpy() @ slope)
        people = [side(part.assign(participant_id=view["participant_id"])) for part in (inside, outside)]
        effect = max(person.effect for person in people)
        assert (row.high - row.low) / 2 == pytest.approx(1.96 * error * math.sqrt(effect), rel=0.02)
    assert compared >= 3 or len(view) < 300, "too few exits for so many factors"


def publish_and_use(tables, tmp_path, use_store, *options):
    publish_tables(tables, tmp_path, *options)
    use_store(tmp_path / "store")


def test_a_gap_that_is_all_mix_goes_away_and_a_gap_within_places_stays(tmp_path, use_store):
    tables = edge_cases.frames(seed=41, rows=6000, undisclosed=0.0)
    rng = np.random.default_rng(5)
    enrollments = tables["enrollments"].set_index("enrollment_id").loc[tables["completions"]["enrollment_id"]]
    # veterans are in one sector, where fewer complete; women complete less everywhere
    veteran, woman = (enrollments[group].eq(True).to_numpy() for group in ("veteran", "woman"))
    sector = np.where(rng.random(len(enrollments)) < np.where(veteran, 0.8, 0.2), "CDL licensing", "Healthcare")
    tables["enrollments"] = tables["enrollments"].set_index("enrollment_id")
    tables["enrollments"].loc[enrollments.index, "sector"] = sector
    tables["enrollments"] = tables["enrollments"].reset_index()
    rate = np.where(sector == "CDL licensing", 0.5, 0.85) - 0.12 * woman
    done = rng.random(len(rate)) < rate
    tables["completions"]["outcome"] = np.where(done, "completed", "withdrew")
    tables["completions"].loc[~done, ["credential", "credential_on"]] = None
    publish_and_use(tables, tmp_path, use_store)
    rows = {row.group: row for row in ask(Question("gap_adjusted")).rows_of(AdjustedGapRow)}
    assert rows["veteran"].raw < -0.1
    assert rows["veteran"].verdict == ALIKE
    assert abs(rows["veteran"].value) < 0.05
    assert rows["woman"].verdict == LOWER
    assert rows["woman"].value == pytest.approx(-0.12, abs=0.04)
    assert "could be chance" in words.title(rows["veteran"], "veterans")
    assert (
        rows["woman"].adjusted_for == "sector, region, provider, other groups, child care, transportation, technology"
    )


def test_what_the_delivery_lacks_is_listed_and_never_adjusted_for(tmp_path, use_store):
    tables = edge_cases.frames(seed=42, rows=1500, undisclosed=0.0)
    gone = ["sector", "region", "town", "provider", "child_care", "transportation", "technology", *GROUPS[1:]]
    tables["enrollments"] = tables["enrollments"].drop(columns=gone)
    layout = tmp_path / "layout"
    layout.mkdir()
    for name in tables:
        (layout / f"{name}.sql").write_text("select * from TABLE".replace("TABLE", name), encoding="utf-8")
    publish_and_use(tables, tmp_path, use_store, "--layout", str(layout))
    answer = ask(Question("gap_adjusted"), Scope(group="bipoc"))
    row = answer.rows_of(AdjustedGapRow)[0]
    assert row.raw is not None
    assert (row.value, row.note, row.adjusted_for) == (None, NOTHING_TO_ADJUST_FOR, None)
    assert row.not_supplied == "sector, region, provider, child care, transportation, technology, other groups"
    assert "cannot be adjusted" in words.section_words(answer, row)
    assert words.title(row, "BIPOC residents") == "BIPOC residents: not supplied: nothing to adjust for"
    parts = ask(Question("gap_parts"), Scope(group="bipoc")).rows
    assert [(part.value, part.note) for part in parts] == [(None, NO_PLACES)]
    assert ask(Question("gap_decomposition"), Scope(group="bipoc")).row("bipoc", part="region") is None


def test_a_protected_reader_sees_no_gap_of_a_few(demo_store, use_store):
    use_store(demo_store)
    shown = hidden = 0
    for sector in ("Life sciences", "Green jobs", None):
        for region in ("Eastern", None):
            scope = Scope(sector=sector, region=region)
            answer = ask(Question("gap_adjusted"), scope.but(viewer=viewer("governor")))  # of the nearest scope
            seen = answer.rows_of(AdjustedGapRow)
            exact = ask(Question("gap_adjusted"), answer.scope.but(viewer=None)).rows_of(AdjustedGapRow)
            for row, full in zip(seen, exact, strict=True):
                counts = (full.successes_in, full.known_in - full.successes_in, full.successes_out,
                          full.known_out - full.successes_out)  # fmt: skip
                if any(0 < count < 10 for count in counts):
                    hidden += 1
                    assert (row.value, row.raw, row.p, row.known_in) == (None, None, None, None)
                elif row.value is not None:
                    shown += 1
                    assert row.value == round(full.value, 3)
    assert shown
    assert hidden

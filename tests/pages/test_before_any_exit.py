"""A delivery before any exit: what cannot be known yet is not called missing, and what is counted stays counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests import edge_cases
from tests.app_driver import lead, text
from tests.conftest import publish_tables
from tests.pages.page_text import read_page
from tests.pages.test_pages import run


@pytest.fixture(scope="module")
def early_store(tmp_path_factory):
    tables = edge_cases.frames(seed=51, rows=2_500, undisclosed=0.1)
    enrollments = tables["enrollments"]
    enrollments["immigrant"] = enrollments["participant_id"].str[-1].isin(["3", "7"])
    in_northwest = enrollments["town"].fillna(enrollments["region"]).isin(["Torrington", "Northwest"])
    enrollments.loc[in_northwest, "participant_id"] += "N"
    enrollments.loc[in_northwest, "immigrant"] = enrollments["participant_id"].str.endswith("77N")
    tables["completions"] = tables["completions"].iloc[:0]
    numbers = np.arange(40)
    tables["openings"] = pd.DataFrame(
        {
            "opening_id": [f"O{number}" for number in numbers],
            "employer": "Employer",
            "source": "jobs portal",
            "sector": np.where(numbers % 2, "Healthcare", "Manufacturing"),
            "town": "Hartford",
            "positions": 5 + numbers,
            "posted_on": pd.Timestamp("2025-01-15"),
            "closed_on": pd.NaT,
            "filled": 1,
            "filled_by_participants": 1,
        }
    )
    return publish_tables(tables, tmp_path_factory.mktemp("early"))


@pytest.fixture(autouse=True)
def over_it(early_store, use_store):
    use_store(early_store)


def test_findings_count_the_comparisons_that_there_are():
    """It said “the largest of no comparisons” above the largest difference."""
    page_text = text(run("pages/equity.py"))
    assert "Northwest enrolls immigrants at " in page_text
    assert "The largest of no comparisons" not in page_text
    assert "The largest of " in page_text


def test_open_positions_are_compared_with_those_in_training():
    """The table said "not known" under a title with their number."""
    rows = read_page("pages/job_openings.py", {}).tables["supply-by-sector"]
    assert [row["Completed in the last year"] for row in rows] == ["0", "0"]
    assert all(row["In training"].replace(",", "").isdigit() for row in rows)
    assert "Not known" not in {row["Result"].capitalize() for row in rows}


def test_without_exits_no_provider_can_be_compared():
    """It opened with “Outcome by provider or program, with limits: nothing recorded”."""
    assert lead(run("pages/providers.py")) == "No provider has an exit to compare as of March 31, 2025."


def test_a_gap_that_nobody_can_have_yet_is_not_blamed_on_the_delivery():
    page_text = text(run("pages/one_group.py", group="woman"))
    assert "Adjusted gap: nothing recorded" in page_text
    assert "This delivery does not say sector" not in page_text

"""Documents from an awkward delivery: long and hostile names, missing values, small counts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from briefs.catalog import PRODUCTS, make
from briefs.model import BriefError
from queries.listings import listing
from queries.scope import Scope
from tests.briefs.conftest import viewer
from tests.briefs.pdf_text import reader
from tests.conftest import UseStore


def test_every_pdf_can_be_made_from_awkward_data(
    hostile_store: tuple[Path, dict[str, pd.DataFrame]], use_store: UseStore
):
    use_store(hostile_store[0])
    regions = [row["region"] for row in listing("regions")]
    names = [name for name, product in PRODUCTS.items() if product.file_format.extension == "pdf"]
    pages: dict[tuple[str, str, str], int] = {}
    for name in names:
        for role in ("", "governor"):
            for region in regions[:2]:
                try:
                    made = make(name, Scope(viewer=viewer(role), region=region))
                except BriefError as error:
                    assert str(error).endswith(".")  # noqa: PT017 - a sentence says why it cannot be made
                    continue
                pages[name, role, region] = len(reader(made.content).pages)
    assert {case: count for case, count in pages.items() if case[0] == "friday" and count != 1} == {}
    assert len({name for name, *_ in pages}) == len(names)

"""A pytest plugin: every check of every test also runs on a cluster in this process, and both must say the same.

python -m pytest -p tests.data.cluster.both tests/data
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from data import build_store, validate
from data.checked import Checked
from data.cluster.rows import RowsOnCluster
from data.typed_rows import RowsHere
from tests.data.cluster.in_process import EngineHere

ON_CLUSTER = partial(RowsOnCluster, EngineHere(), rows_of_piece=400, rows_of_shard=300)
check = validate.check


def check_both(delivery, *, layout, work, make_rows=RowsHere, **options) -> Checked:
    """Check a delivery here and on a cluster, and compare the reports and the quarantined rows."""
    there = work / "there"
    there.mkdir()
    again = check(delivery, layout=layout, work=there, make_rows=ON_CLUSTER, **options)
    checked = check(delivery, layout=layout, work=work, make_rows=make_rows, **options)
    assert json.dumps(again.report.as_json(), indent=1) == json.dumps(checked.report.as_json(), indent=1)
    assert again.empty == checked.empty and again.unusable == checked.unusable
    assert _written(again, work / "q2") == _written(checked, work / "q1")
    again.connection.close()
    return checked


def _written(checked: Checked, folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in build_store.write_quarantine(checked, folder)}


@pytest.fixture(autouse=True)
def _both(monkeypatch):
    monkeypatch.setattr(validate, "check", check_both)

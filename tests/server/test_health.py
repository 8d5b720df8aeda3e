"""The readiness check says in words what cannot be recorded."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from briefs import register
from queries import written_notes
from server import health


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        (register.FOLDER, "the register of files that leave cannot be written"),
        (written_notes.FOLDER, "the file of dated notes cannot be written"),
    ],
)
def test_the_readiness_check_names_the_record_that_cannot_be_written(
    demo_store, use_store, tmp_path, monkeypatch, folder, sentence
):
    use_store(demo_store)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path))
    client = TestClient(Starlette(routes=health.ROUTES))
    assert client.get("/readyz").json() == {"status": "ready"}
    (tmp_path / folder).rmdir()
    (tmp_path / folder).write_text("a file in the place of the folder")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, [sentence])
    (tmp_path / folder).unlink()
    assert client.get("/readyz").status_code == 200

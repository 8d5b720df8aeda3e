"""The MCP server, through the package's own client: the numbers of `ask`, with the rights of the reader, and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TypeVar

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from data import audit_log
from queries import Question, Scope, ask, measures
from queries.__main__ import main
from queries.access.rights import viewer
from queries.mcp_command import NO_CALLER, caller_of
from queries.mcp_server import server_for
from queries.privacy.suppression import HIDDEN
from queries.scope import AskError
from tests.conftest import ROOT

Call = Callable[..., dict[str, object]]
T = TypeVar("T")


class ToolError(Exception):
    """The tool answered with an error."""


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_ACCESS", str(tmp_path / "access.toml"))
    use_store(demo_store)


async def call(server: object, tool: str, arguments: dict[str, object]) -> dict[str, object]:
    async with Client(server) as client:
        result = await client.call_tool(tool, arguments)
    if result.is_error:
        raise ToolError(result.content[0].text)
    return json.loads(result.content[0].text) if tool != "list_measures" else result.structured_content


def run_apart(coroutine: Coroutine[object, object, T]) -> T:
    """Run a coroutine in a thread of its own: tests in a browser leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def as_role(role: str) -> Call:
    """Return a function that calls a tool as a role."""
    server = server_for(caller_of(None, role))
    return lambda tool, **arguments: run_apart(call(server, tool, arguments))


@pytest.mark.parametrize("role", ["officer", "governor", "director:Northwest"])
@pytest.mark.parametrize(
    ("measure", "by"), [("residents_enrolled", None), ("residents_enrolled", "town"), ("completion_rate", "sector")]
)
def test_an_answer_is_that_of_ask(role, measure, by):
    name, _, region = role.partition(":")
    expected = ask(Question(measure, by), Scope(viewer=viewer(name, region or None), region="Northwest"))
    answer = as_role(role)("ask", measure=measure, by=by, filters={"region": "Northwest"})
    assert answer["status"] == expected.status
    assert [row["key"] for row in answer["rows"]] == [row.key for row in expected.rows]
    for shown, row in zip(answer["rows"], expected.rows, strict=True):
        assert shown["value"] == (row.note if row.suppression else row.value)
        assert shown["numerator"] == row.numerator


def test_a_hidden_number_stays_hidden():
    rows = {
        role: as_role(role)("ask", measure="residents_enrolled", by="town")["rows"] for role in ("officer", "governor")
    }
    exact = {row["key"]: row["value"] for row in rows["officer"]}
    hidden = [row for row in rows["governor"] if row["value"] == HIDDEN]
    assert hidden
    assert any(0 < exact[row["key"]] < 10 for row in hidden)
    for row in hidden:
        numbers = [
            value
            for value in (*row.values(), *row["extra"].values())
            if isinstance(value, float | int) and not isinstance(value, bool)
        ]
        assert numbers == []


def test_a_question_outside_the_family_is_answered_by_the_nearest():
    answer = as_role("governor")("ask", measure="residents_enrolled", since="2026-02-03", until="2026-02-04")
    assert answer["is_nearest"] is True
    assert answer["note"]
    assert answer["since"] != "2026-02-03"


def test_an_explanation_has_the_definition_and_the_query_and_no_rows():
    explained = as_role("officer")("explain", measure="completion_rate", filters={"group": "woman"})
    answer = ask(Question("completion_rate"), Scope(viewer=viewer("officer"), group="woman"))
    assert explained["definition"] == answer.measure.definition
    assert explained["query"] == answer.query.strip()
    assert explained["parameters"]["group"] == answer.parameters["group"]
    assert "rows" not in explained


def test_a_change_has_parts_that_add_up_and_none_for_a_protected_reader():
    change = as_role("officer")("changed", measure="credentials")
    moved = sum(part["added"] - part["removed"] for part in change["parts"])
    assert change["parts"]
    assert change["before"]["value"] + moved == change["now"]["value"]
    protected = as_role("governor")("changed", measure="credentials")
    assert (protected["parts"], protected["before"]["value"], protected["now"]["value"]) == ([], None, None)
    assert protected["note"]


def test_every_measure_is_listed():
    listed = as_role("governor")("list_measures")["result"]
    assert [entry["id"] for entry in listed] == list(measures())
    enrolled = next(entry for entry in listed if entry["id"] == "residents_enrolled")
    assert "region" in enrolled["breakdowns"]
    assert "region" in enrolled["filters"]
    assert not [entry["id"] for entry in listed if "weeks_back" in entry["breakdowns"]]


def test_weeks_back_is_for_the_pace_and_not_for_assistants():
    """Its keys are no dates, and the week that is not over is one of them: an assistant would call it a fall."""
    for tool in ("ask", "explain"):
        with pytest.raises(ToolError) as raised:
            as_role("officer")(tool, measure="residents_new", by="weeks_back")
        assert str(raised.value).count("weeks_back") == 1 and "Choose one of: " in str(raised.value)


def test_a_date_after_the_delivery_is_not_taken_without_a_word():
    words = (
        "The date January 1, 2030 is after the delivery of November 13, 2026: the numbers are as of November 13, 2026."
    )
    for tool in ("ask", "explain"):
        answer = as_role("officer")(tool, measure="residents_enrolled", as_of="2030-01-01")
        assert (answer["as_of"], answer["note"]) == ("2026-11-13", words)
        assert as_role("officer")(tool, measure="residents_enrolled", as_of="2026-11-13")["note"] is None
    protected = as_role("governor")("ask", measure="residents_enrolled", by="town", as_of="2030-01-01")
    assert protected["note"].startswith(words)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"measure": "luck"}, "There is no measure “luck”. Choose one of: "),
        ({"measure": "select * from residents"}, "There is no measure “select * from residents”."),
        ({"measure": "residents_enrolled", "by": "shoe size"}, "There is no breakdown by “shoe size”."),
        ({"measure": "residents_enrolled", "filters": {"region": "Atlantis"}}, "There is no region “Atlantis”."),
        ({"measure": "residents_enrolled", "filters": {"viewer": "officer"}}, "There is no filter “viewer”."),
        ({"measure": "residents_enrolled", "filters": {"delivery": "x"}}, "There is no filter “delivery”."),
        ({"measure": "residents_enrolled", "since": "yesterday"}, "“yesterday” is not a date like 2026-11-13."),
        ({"measure": "residents_enrolled", "as_of": "2026-13-01"}, "“2026-13-01” is not a date like 2026-11-13."),
    ],
)
def test_a_question_that_makes_no_sense_gets_a_sentence(arguments, sentence):
    with pytest.raises(ToolError) as raised:
        as_role("officer")("ask", **arguments)
    assert sentence in str(raised.value)
    assert "http" not in str(raised.value)


def test_every_question_is_in_the_audit_log_without_its_filters():
    director = as_role("director:Eastern")
    director("ask", measure="credentials", by="sector", filters={"provider": str(a_provider())})
    event = audit_log.read()[0]
    assert event["event"] == "queried"
    assert event["role"] == "director:Eastern"
    assert event["what"] == "ask credentials by sector"
    assert str(a_provider()) not in json.dumps(event)


def a_provider() -> str:
    return ask(Question("credentials", "provider"), Scope()).rows[0].key


def test_an_account_has_the_role_it_has_at_each_question(tmp_path):
    access = tmp_path / "access.toml"
    access.write_text('[[account]]\naccount = "ann@example.gov"\nrole = "analyst"\n')
    server = server_for(caller_of("Ann@example.gov", None))
    run_apart(call(server, "ask", {"measure": "credentials"}))
    assert audit_log.read()[0]["role"] == "analyst"
    access.write_text('[[account]]\naccount = "bob@example.gov"\nrole = "analyst"\n')
    with pytest.raises(ToolError, match="This account has no role"):
        run_apart(call(server, "ask", {"measure": "credentials"}))
    access.write_text("[[account]]\n")
    with pytest.raises(ToolError, match="The list of accounts cannot be used") as raised:
        run_apart(call(server, "ask", {"measure": "credentials"}))
    assert str(tmp_path) not in str(raised.value)


def test_a_store_that_cannot_be_read_is_not_described_to_the_machine(tmp_path, use_store):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "current.json").write_text("{")
    use_store(tmp_path / "store")
    with pytest.raises(ToolError, match="cannot be read just now") as raised:
        as_role("officer")("ask", measure="credentials")
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize("arguments", [(), ("--as", "officer", "--account", "ann@example.gov")])
def test_nobody_in_particular_cannot_ask(arguments, capsys):
    assert main(["serve-mcp", *arguments]) == 2
    assert NO_CALLER in capsys.readouterr().err


def test_a_role_that_there_is_not_is_refused_before_serving(capsys):
    assert main(["serve-mcp", "--as", "emperor"]) == 2
    assert "There is no role" in capsys.readouterr().err


def test_without_the_package_there_is_a_sentence(capsys, monkeypatch):
    monkeypatch.delitem(sys.modules, "queries.mcp_server")
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    assert main(["serve-mcp", "--as", "officer"]) == 2
    assert "requirements-mcp.txt" in capsys.readouterr().err


def test_a_client_asks_over_standard_input_and_output(demo_store):
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "queries", "serve-mcp", "--as", "governor"],
        cwd=ROOT,
        env={**os.environ, "DASHBOARD_STORE": str(demo_store)},
    )
    answer = run_apart(call(stdio_client(parameters), "ask", {"measure": "residents_enrolled", "as_of": "2026-11-13"}))
    expected = ask(Question("residents_enrolled"), Scope(viewer=viewer("governor"), as_of=date(2026, 11, 13)))
    assert answer["rows"][0]["value"] == expected.total.value


def test_the_tools_are_the_four_that_ask_for_figures():
    async def names() -> list[str]:
        async with Client(server_for(caller_of(None, "governor"))) as client:
            assert (await client.list_resources()).resources == []
            return [tool.name for tool in (await client.list_tools()).tools]

    assert run_apart(names()) == ["list_measures", "ask", "explain", "changed"]


def test_a_caller_is_a_role_or_an_account():
    with pytest.raises(AskError):
        caller_of(None, None)

"""The MCP server: tools by which an assistant asks for measures, over standard input and output. See docs/mcp.md.

The package `mcp` is in requirements-mcp.txt: serving pages does not need it. Only `python -m queries serve-mcp` imports this module.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from data.store import StoreDamagedError
from queries.access.accounts import AccessError
from queries.instances import StoreReplaced
from queries.machine_answers import Caller, Data, MachineAnswers, Restriction
from queries.scope import AskError, Question

INSTRUCTIONS = (
    "Figures of Connecticut's workforce training, from the published delivery. Every answer has a status, a date (as_of), a delivery "
    "and the filters it holds for: they can differ from those requested (is_nearest), and note says how. Shares are fractions. "
    "“hidden for privacy” stands in place of a small number: do not estimate it. is_synthetic marks invented data. Dates look like 2026-11-13."
)
P = ParamSpec("P")
T = TypeVar("T")


def serve(caller: Caller) -> None:
    """Answer over standard input and output until the client closes them."""
    server_for(caller).run("stdio")


def server_for(caller: Caller) -> MCPServer:
    """Return the server for one caller."""
    answers = MachineAnswers(caller)
    server = MCPServer(name="ct-workforce", instructions=INSTRUCTIONS, log_level="WARNING")

    def list_measures() -> list[Data]:
        """List every measure: id, label, definition, unit, and the breakdowns and filters it takes."""
        return answers.list_measures()

    def ask(
        *,
        measure: str,
        by: str | None = None,
        outcome: str | None = None,
        filters: dict[str, str] | None = None,
        since: str | None = None,
        until: str | None = None,
        as_of: str | None = None,
    ) -> Data:
        """Ask for a measure, in total or by a dimension (by), under filters, for a period, and as of a day."""
        restriction = Restriction(filters=filters, since=_day(since), until=_day(until), as_of=_day(as_of))
        return answers.ask(Question(measure, by, outcome), restriction)

    def explain(
        *,
        measure: str,
        by: str | None = None,
        outcome: str | None = None,
        filters: dict[str, str] | None = None,
        since: str | None = None,
        until: str | None = None,
        as_of: str | None = None,
    ) -> Data:
        """Explain how a number is made: definition, numerator, denominator, dates, and the query behind it."""
        restriction = Restriction(filters=filters, since=_day(since), until=_day(until), as_of=_day(as_of))
        return answers.explain(Question(measure, by, outcome), restriction)

    def changed(
        *,
        measure: str,
        since_delivery: str | None = None,
        filters: dict[str, str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Data:
        """Say why a count or a sum differs from the one in an earlier delivery; the previous one if none is given."""
        return answers.changed(
            measure, since_delivery, Restriction(filters=filters, since=_day(since), until=_day(until))
        )

    for tool in (list_measures, ask, explain, changed):
        server.add_tool(_with_sentences(tool))
    return server


def _day(text: str | None) -> date | None:
    """Return a date, which tools take as text: the package's own error for one is no sentence. Raises AskError."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AskError(f"“{text[:20]}” is not a date like 2026-11-13.") from None


def _with_sentences(tool: Callable[P, T]) -> Callable[P, T]:
    """Return a tool whose errors reach the client as sentences, without paths of this machine."""

    @wraps(tool)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return tool(*args, **kwargs)
        except AskError as error:
            raise ToolError(str(error)) from None
        except AccessError:
            raise ToolError("The list of accounts cannot be used. Ask whoever runs the dashboard.") from None
        except (StoreDamagedError, StoreReplaced):
            raise ToolError("The published data cannot be read just now.") from None

    return run

"""The command line for analysts: `python -m queries measure ID [--by …] [filters] [--json]`, `changed ID --since DELIVERY`, `serve-mcp`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date

from data.terminal import put
from queries import dated_notes
from queries.access.rights import roles, subjects
from queries.access.viewer import PROTECTED
from queries.answer_data import ROW_COLUMNS, after_delivery, as_data, filters_line, note_of
from queries.change_lines import as_data as change_as_data
from queries.change_lines import as_lines
from queries.changed import changed, changed_rows
from queries.command_line import EXIT_CODES, add_scope, iso_date, run, scope_of
from queries.mcp_command import add_serve_mcp, serve_mcp
from queries.models import Answer
from queries.registry import measures
from queries.scope import GOALS, OFFERED, OUTCOMES, Goal, Question
from queries.service import ask


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: see `command_line.run`."""
    return run(lambda: _print(arguments))


def _print(arguments: Sequence[str] | None) -> None:
    options = _parser().parse_args(arguments)
    if options.command == "serve-mcp":
        serve_mcp(options)
    else:
        put(_text(options))


def _text(options: argparse.Namespace) -> str:
    """Return what a command prints."""
    if options.command == "measures":
        return _measures(as_json=options.json)
    if options.command == "who":
        return policy_table()
    if options.command == "notes":
        return dated_notes.as_lines()
    if options.command == "changed":
        return _changed(options)
    answer = ask(Question(options.id, options.by, options.of, goal=_goal(options)), scope_of(options))
    if options.json:
        return json.dumps(as_data(answer, options.of, options.as_of), default=str, ensure_ascii=False, indent=1)
    return _table(answer, options.of, options.as_of)


def _changed(options: argparse.Namespace) -> str:
    change = changed(options.id, options.since_delivery, scope_of(options))
    note = after_delivery(options.as_of, change.now.delivered_on)
    rows = changed_rows(change) if options.rows else []
    if options.json:
        data = change_as_data(change, rows) | ({"note": note} if note else {})
        return json.dumps(data, default=str, ensure_ascii=False, indent=1)
    return "\n".join(filter(None, (note, as_lines(change, rows))))


def _table(answer: Answer, outcome: str | None, wanted: date | None) -> str:
    synthetic = " · synthetic data" * answer.delivery.is_synthetic
    text = [
        f"{answer.measure.label}: {answer.measure.definition}",
        filters_line(answer.scope, outcome, answer.goal),
        f"As of {answer.as_of.isoformat()} · delivery {answer.delivery.id} · unit: {answer.measure.unit}{synthetic}",
        *([note] if (note := note_of(answer, wanted)) else []),
    ]
    shown = [name for name in ROW_COLUMNS if any(getattr(row, name) is not None for row in answer.rows)]
    lines = [shown, *([_cell(getattr(row, name)) for name in shown] for row in answer.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(shown))]
    for line in lines if answer.rows else []:
        text.append("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return "\n".join(text)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _measures(*, as_json: bool) -> str:
    if as_json:
        return json.dumps(
            {m.id: {"label": m.label, "definition": m.definition, "unit": m.unit} for m in measures().values()}
        )
    return "\n".join(f"{m.id}: {m.label}. {m.definition}" for m in measures().values())


def policy_table() -> str:
    """Return who sees what as Markdown, for docs/access.md: one row for each subject, one column for each role, and the default clearances in the last row."""
    all_roles = roles().values()
    lines = [
        _markdown_line(["What", *(role.label for role in all_roles)]),
        _markdown_line(["---"] * (len(all_roles) + 1)),
        *(
            _markdown_line([entry["what"], *(_policy_cell(entry.get(role.id), role.has_region) for role in all_roles)])
            for entry in subjects().values()
        ),
        _markdown_line(["Clearance, unless access.toml says otherwise", *(role.clearance for role in all_roles)]),
    ]
    return "\n".join(lines)


def _policy_cell(answer: str | None, has_region: bool) -> str:
    if answer is None:
        return "no" if has_region else "has none"
    return {"yes": "yes", "own region": "own region only"}.get(answer, PROTECTED if answer == PROTECTED else "no")


def _markdown_line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _goal(options: argparse.Namespace) -> Goal | None:
    if options.goal is None and options.due is None and options.goal_of is None:
        return None
    return Goal(value=options.goal, due_on=options.due, what=options.goal_of or GOALS[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m queries",
        description="Ask the published delivery for a measure.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    single = commands.add_parser("measure", help="one measure, with or without a breakdown")
    single.add_argument("id", metavar="ID", help="a measure's id; `python -m queries measures` lists them")
    single.add_argument("--by", choices=OFFERED)
    single.add_argument("--of", choices=OUTCOMES, help="the outcome whose gap is computed")
    single.add_argument("--goal", type=float, metavar="SHARE", help="of a plan: the share or rate to reach, as 0.11")
    single.add_argument("--goal-of", choices=GOALS, help="of a plan: what is to reach the goal")
    single.add_argument("--due", type=iso_date, metavar="DATE", help="of a plan: the day to reach it by")
    add_scope(single)
    single.add_argument("--json", action="store_true")
    change = commands.add_parser("changed", help="why a count or a sum differs from the one in an earlier delivery")
    change.add_argument("id", metavar="ID", help="a measure's id")
    change.add_argument(
        "--since", dest="since_delivery", required=True, metavar="DELIVERY", help="the earlier delivery"
    )
    change.add_argument("--rows", action="store_true", help="list the rows behind each part")
    add_scope(change)
    change.add_argument("--json", action="store_true")
    every = commands.add_parser("measures", help="list every measure with its definition")
    every.add_argument("--json", action="store_true")
    add_serve_mcp(commands)
    commands.add_parser("notes", help="list the notes of notes.csv, and the mistakes in it")
    commands.add_parser("who", help="who sees what, as the table in docs/access.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())

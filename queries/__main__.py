"""The command line for analysts: `python -m queries measure ID [--by …] [filters] [--json]`, and `changed ID --since DELIVERY`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date

from data.store import StoreDamagedError
from data.terminal import put, put_error, use_any_encoding
from queries.access import rights
from queries.access.accounts import AccessError, read_access
from queries.access.policy_table import as_markdown
from queries.access.viewer import CLEARANCES, Viewer
from queries.change_lines import as_data as change_as_data
from queries.change_lines import as_lines
from queries.changed import changed, changed_rows
from queries.database import NothingPublished
from queries.dimensions import FILTERS
from queries.instances import StoreReplaced
from queries.models import Answer, Row
from queries.registry import measures
from queries.scope import BREAKDOWNS, GOALS, OUTCOMES, AskError, Goal, Question, Scope
from queries.service import ask

_COLUMNS = ("key", "group", "part", "value", "numerator", "denominator", "low", "high", "note")
_NOT_EXTRA = frozenset({*_COLUMNS, "suppression"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Returns:
        0 if answered, 1 if nothing is published or the store cannot be read, 2 for wrong use.
    """
    use_any_encoding()
    try:
        options = _parser().parse_args(arguments)
        put(_text(options))
        return 0
    except (NothingPublished, StoreDamagedError) as error:
        put_error(str(error))
        return 1
    except AccessError as error:
        put_error(str(error))
        return 1 if error.is_unreadable else 2
    except AskError as error:
        put_error(str(error))
        return 2
    except KeyboardInterrupt:
        return 130
    except StoreReplaced:
        put_error("The store changed while it was being read. Ask again.")
        return 1
    except Exception as error:  # an analyst gets a sentence, whatever went wrong
        put_error(f"The question could not be answered ({type(error).__name__}: {str(error).partition(chr(10))[0]}).")
        return 1


def _text(options: argparse.Namespace) -> str:
    """Return what a command prints."""
    if options.command == "measures":
        return _measures(as_json=options.json)
    if options.command == "who":
        return as_markdown()
    if options.command == "changed":
        return _changed(options)
    answer = ask(Question(options.id, options.by, options.of, goal=_goal(options)), _scope(options))
    return json.dumps(as_data(answer), default=str, ensure_ascii=False, indent=1) if options.json else _table(answer)


def _changed(options: argparse.Namespace) -> str:
    change = changed(options.id, options.since_delivery, _scope(options))
    rows = changed_rows(change) if options.rows else []
    if options.json:
        return json.dumps(change_as_data(change, rows), default=str, ensure_ascii=False, indent=1)
    return as_lines(change, rows)


def as_data(answer: Answer) -> dict[str, object]:
    """Return an answer as plain data: its definition, and its rows, each with its date and delivery."""
    stamp = {"as_of": answer.as_of.isoformat(), "delivery": answer.delivery.id}
    return {
        "measure": answer.measure.id,
        "label": answer.measure.label,
        "definition": answer.measure.definition,
        "unit": answer.measure.unit,
        "by": answer.by,
        "status": answer.status,
        "note": answer.note,
        "is_synthetic": answer.delivery.is_synthetic,
        **stamp,
        "rows": [{**_row(row), **stamp} for row in answer.rows],
    }


def _row(row: Row) -> dict[str, object]:
    extra = {name: value for name, value in vars(row).items() if name not in _NOT_EXTRA}
    return {**{name: getattr(row, name) for name in _COLUMNS}, "extra": extra}


def _table(answer: Answer) -> str:
    synthetic = " · synthetic data" * answer.delivery.is_synthetic
    text = [
        f"{answer.measure.label}: {answer.measure.definition}",
        f"As of {answer.as_of.isoformat()} · delivery {answer.delivery.id}{synthetic}",
        *([answer.note] if answer.note else []),
    ]
    shown = [name for name in _COLUMNS if any(getattr(row, name) is not None for row in answer.rows)]
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


def _goal(options: argparse.Namespace) -> Goal | None:
    if options.goal is None and options.due is None and options.goal_of is None:
        return None
    return Goal(value=options.goal, due_on=options.due, what=options.goal_of or GOALS[0])


def _scope(options: argparse.Namespace) -> Scope:
    scope = Scope(
        since=options.since,
        until=options.until,
        as_of=options.as_of,
        delivery=options.delivery,
        viewer=_viewer(options),
    )
    return scope.but(**{name: getattr(options, name) for name in FILTERS})


def _viewer(options: argparse.Namespace) -> Viewer | None:
    """Return the reader whose view to show; None for the operator, who has the files anyway."""
    if options.role is None:
        if options.clearance:
            raise AskError("A clearance goes with a role: --as ROLE.")
        return None
    role, _, region = options.role.partition(":")
    return rights.viewer(role, region or None, options.clearance, min_count=read_access().min_count)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m queries",
        description="Ask the published delivery for a measure.",
        epilog="Exit codes: 0 answered, 1 nothing published or the store cannot be read, 2 wrong use.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    single = commands.add_parser("measure", help="one measure, with or without a breakdown")
    single.add_argument("id", metavar="ID", help="a measure's id; `python -m queries measures` lists them")
    single.add_argument("--by", choices=[name for name in BREAKDOWNS if name != "weeks_back"])
    single.add_argument("--of", choices=OUTCOMES, help="the outcome whose gap is computed")
    single.add_argument("--goal", type=float, metavar="SHARE", help="of a plan: the share or rate to reach, as 0.11")
    single.add_argument("--goal-of", choices=GOALS, help="of a plan: what is to reach the goal")
    single.add_argument("--due", type=_date, metavar="DATE", help="of a plan: the day to reach it by")
    _add_scope(single)
    change = commands.add_parser("changed", help="why a count or a sum differs from the one in an earlier delivery")
    change.add_argument("id", metavar="ID", help="a measure's id")
    change.add_argument(
        "--since", dest="since_delivery", required=True, metavar="DELIVERY", help="the earlier delivery"
    )
    change.add_argument("--rows", action="store_true", help="list the rows behind each part")
    _add_scope(change)
    every = commands.add_parser("measures", help="list every measure with its definition")
    every.add_argument("--json", action="store_true")
    commands.add_parser("who", help="who sees what, as the table in docs/access.md")
    return parser


def _add_scope(parser: argparse.ArgumentParser) -> None:
    """Add the filters, the date, the delivery and the role, which several commands take."""
    for name, dimension in FILTERS.items():
        parser.add_argument(f"--{name}", help=f"only this {dimension.words}; {dimension.all.lower()} if not given")
    parser.add_argument("--delivery", help="a published delivery; the current one if not given")
    parser.add_argument("--from", dest="since", type=_date, metavar="DATE", help="first day of the period, YYYY-MM-DD")
    parser.add_argument("--to", dest="until", type=_date, metavar="DATE", help="last day of the period")
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="events after this day have not happened yet")
    parser.add_argument(
        "--as", dest="role", metavar="ROLE[:REGION]", help="show what a role sees: officer, director:Northwest"
    )
    parser.add_argument("--clearance", choices=CLEARANCES, help="with --as; the role's usual clearance if not given")
    parser.add_argument("--json", action="store_true")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text[:20]} is not a date like 2026-11-13") from None


if __name__ == "__main__":
    sys.exit(main())

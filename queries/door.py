"""The one door: every number a page, a brief or the command line shows is asked for here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from queries import access, small_numbers
from queries.answers import Answer, Row
from queries.kinds import equity, money, outcomes, pace, plain
from queries.registry import Measure, measure
from queries.run import Run
from queries.scope import SIDES, AskError, Question, Scope
from queries.sources import COURSES, TIME
from queries.sql import used
from queries.store import Store, current_delivery_id, delivery, open_store, supplied

KINDS: Mapping[str, Callable[[Run], list[Row]]] = {
    "counted": plain.counted,
    "supports": plain.supports,
    "support_sides": plain.support_sides,
    "slfrf": plain.slfrf,
    "participation": equity.participation,
    "representation": equity.representation,
    "gap": equity.gap,
    "outcome_ratio": outcomes.outcome_ratio,
    "gap_by_step": outcomes.gap_by_step,
    "decomposition": outcomes.decomposition,
    "pace": pace.pace,
    "money": money.money,
    "burn": money.burn,
    "cost": money.cost,
    "paths": plain.paths,
    "gone_on": plain.counted,
    "undated": plain.counted,
}
COST_BY = (None, "initiative", "region", "sector", *TIME)
PACE_BY = (None, *pace.FIELDS)


def ask(question: Question, scope: Scope = Scope()) -> Answer:
    """Answer one question under one scope.

    Raises AskError, with a sentence, for an unknown measure, breakdown, filter value or delivery; NothingPublished where
    nothing has been published. What the delivery does not supply, what makes no sense, or what the reader may not see, is a
    status, not an error. What is not shown to this reader is decided here and nowhere else.
    """
    asked = measure(question.measure)
    store = open_store(scope.delivery or current_delivery_id())
    about = delivery(store)
    as_of = min(scope.as_of or about.delivered_on, about.delivered_on)
    run = Run(asked, question.by, _checked(scope, store).but(as_of=as_of, delivery=store.id), store, about)
    view = access.view(run)
    status, note = ("not_allowed", view.refusal) if view.refusal else _standing(run)
    rows = KINDS[asked.kind](run) if status == "ok" else []
    rows = small_numbers.protect(run, rows, view)
    if status == "ok" and not rows:
        status, note = "empty", "Nothing has been recorded for this yet."
    grouped = question.by if asked.kind in ("counted", "supports", "support_sides", "slfrf") else None
    query = run.query(by=grouped)
    return Answer(
        measure=asked,
        by=question.by,
        scope=run.scope,
        rows=tuple(rows),
        status=status,
        note=note,
        as_of=as_of,
        delivery=about,
        query=query,
        hidden_under=scope.reader.fewest if scope.reader and view.is_protected else None,
        parameters=used(query, run.parameters(by=question.by, of_group=scope.group, support="any", received=True)),
    )


def _checked(scope: Scope, store: Store) -> Scope:
    """The scope with names as the reference tables spell them; groups by id or label, matched without regard to case."""
    from queries.listings import listing_rows

    if scope.group_side not in SIDES:
        raise AskError(f"A side of a group is one of: {', '.join(SIDES)}.")
    if scope.since and scope.until and scope.since > scope.until:
        raise AskError("The period ends before it begins.")
    found = {}
    for field, listing, columns in (
        ("initiative", "initiatives", ("initiative", "label")),
        ("region", "regions", ("region", "board")),
        ("sector", "sectors", ("sector",)),
        ("group", "groups", ("group_id", "label")),
    ):
        wanted = getattr(scope, field)
        if wanted is None:
            continue
        rows = listing_rows(store, listing)
        names = {str(row[column]).casefold(): row[columns[0]] for row in rows for column in columns}
        if wanted.strip().casefold() not in names:
            known = ", ".join(str(row[columns[0]]) for row in rows[:12])
            raise AskError(f"There is no {field} “{wanted[:40]}”. Choose one of: {known}.")
        found[field] = names[wanted.strip().casefold()]
    return scope.but(**found)


def _standing(run: Run) -> tuple[str, str | None]:
    """Whether the question can be answered at all: (status, sentence)."""
    asked, by, scope, source = run.measure, run.by, run.scope, run.source
    allowed = {"cost": COST_BY, "pace": PACE_BY, "paths": (None,), "gone_on": (*COURSES.breakdowns, "sector")}.get(
        asked.kind, tuple(source.breakdowns)
    )
    if by not in allowed:
        return "not_applicable", f"{asked.label} cannot be broken down by {_words(by)}: it is not recorded that way."
    for name in ("initiative", "region", "sector", "group"):
        if getattr(scope, name) and name not in source.filters:
            return (
                "not_applicable",
                f"{asked.label} cannot be had for one {name}: {source.what} are not recorded that way.",
            )
    if asked.kind == "undated" and run.as_of < run.delivery.delivered_on:
        day = run.delivery.delivered_on.isoformat()
        return "not_applicable", f"{asked.label}: what is filled carries no date, so it can be told only as of {day}."
    brought = supplied(run.store)
    if not set(asked.needs) <= brought:
        return "not_supplied", _not_supplied(asked)
    columns = source.breakdowns.get(by, ())
    if columns and not brought & set(columns):
        return "not_supplied", f"This delivery does not say the {_words(by)}: not supplied."
    missing = {row["group_id"] for row in run.listing("groups") if not row["is_supplied"]}
    if scope.group in missing:
        return "not_supplied", "This delivery does not say who is in this group: not supplied."
    return "ok", None


def _not_supplied(asked: Measure) -> str:
    return f"{asked.label}: not supplied. This delivery does not bring what it is counted from."


def _words(by: str | None) -> str:
    return {"fiscal_year": "fiscal year", "intake": "intake organization"}.get(by or "", by or "")

"""The address bar is the state: reading it, whatever it says, and writing it. No Streamlit here.

Parameters: `initiative`, `region`, `sector`, `group` (ids of the reference lists), `from` and `to` (ISO dates,
inclusive), `as_of` (ISO date), `delivery` (an id of the store), `as` (whom the open demo is seen as) and what a page declares for itself. The rest is left
out and named.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

LISTS = ("initiative", "region", "sector", "group")
DATES = ("from", "to", "as_of")
NAMES = (*LISTS, *DATES, "delivery", "as")
FIELDS = {"from": "since", "to": "until"}  # address name to Scope field, where they differ
NO_DATE = "is not a date (dates look like 2026-11-13)"
LONGEST = 200
MOST = 40
Viewer = Callable[[str], tuple[str, str]]  # a text to what the address keeps of it and "", or to itself and why not
Own = Mapping[str, Sequence[str] | Viewer]  # a page's own parameters: the values each may take, or what reads it
_CAMPAIGN = re.compile(r"utm_.*|fbclid|gclid|msclkid|mc_cid|mc_eid|embed.*")
_PREFIX = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Choices:
    """What a reader can choose: (id, label) pairs in reference order, and the dates the delivery spans."""

    initiatives: tuple[tuple[str, str], ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    sectors: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    earliest: date = date(2020, 1, 1)
    latest: date = date(2026, 12, 31)

    def of(self, name: str) -> tuple[tuple[str, str], ...]:
        """The pairs of one filter: of("region")."""
        return getattr(self, f"{name}s")

    def label(self, name: str, value: str) -> str:
        """The label of one id: label("group", "woman") is "Women"; an id without a label is its own label."""
        return dict(self.of(name)).get(value, value)


@dataclass(frozen=True)
class Dropped:
    """One part of an address that was left out: its name and value shortened for showing, and why."""

    name: str
    value: str
    why: str


@dataclass(frozen=True)
class UrlState:
    """A valid address: `values` by address name (ids as text, dates as dates), a page's `extras`, and what fell out."""

    values: Mapping[str, Any] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()

    def scope_fields(self, applying: Iterable[str]) -> dict[str, str | date]:
        """Keyword arguments for a Scope, of the filters that apply (`period` stands for from and to)."""
        names = {n for a in applying for n in (("from", "to") if a == "period" else (a,))} | {"delivery"}
        return {FIELDS.get(name, name): value for name, value in self.values.items() if name in names}


def shortened(text: str, most: int = 40) -> str:
    """Text fit to be shown in a sentence: one line, printable, at most `most` characters."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text[: most * 8]).split())
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + "…"


def iso_day(text: str) -> date | None:
    """The date written as 2026-11-13, or None."""
    try:
        return date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None


def parse(
    params: Mapping[str, Sequence[str]],
    choices: Choices,
    *,
    extras: Own | None = None,
    deliveries: Sequence[str] = (),
    readers: Sequence[str] = (),
) -> UrlState:
    """Read an address. Never raises: what cannot be used is listed in `dropped`.

    params: every value of every parameter (a repeated one has several). extras: a page's own parameters and the values
    each may take, or a reader of its own (components/page_parameters.py). deliveries: ids that can be asked for. readers: whom the open
    demo can be seen as, if it is one.
    """
    extras = extras or {}
    values: dict[str, Any] = {}
    own: dict[str, str] = {}
    dropped: list[Dropped] = []
    for position, (raw_name, found) in enumerate(params.items()):
        name, texts = str(raw_name), list(dict.fromkeys(str(v) for v in found))
        text = texts[-1] if texts else ""
        if position >= MOST:
            dropped.append(Dropped("more", f"{len(params) - MOST} further parameters", "too many"))
            break
        if _CAMPAIGN.fullmatch(name) or not any(t.strip() for t in texts):
            continue
        if name not in NAMES and name not in extras:
            why = "is not a filter of this page"
        elif len(texts) > 1:
            why = "is given more than once"
        elif len(text) > LONGEST:
            why = "is too long"
        else:
            known = readers if name == "as" else deliveries
            used, why = _read(name, text.strip(), choices, extras, known)
            if not why:
                (own if name in extras and name not in NAMES else values)[name] = used
        if why:
            dropped.append(Dropped(shortened(name, 24), shortened(text), why))
    since, until = values.get("from"), values.get("to")
    if since and until and since > until:
        dropped.append(Dropped("from, to", f"{since} to {until}", "ends before it starts"))
        values.pop("from"), values.pop("to")
    ordered = {name: values[name] for name in NAMES if name in values}
    return UrlState(ordered, own, tuple(dropped))


def _read(name: str, text: str, choices: Choices, extras: Own, known: Sequence[str]) -> tuple[Any, str]:
    """The usable value and "", or the text and why it cannot be used."""
    if name in LISTS:
        folded = text.casefold()
        for value, label in choices.of(name):
            if folded in (value.casefold(), label.casefold()):
                return value, ""
        return text, f"is not {'an' if name[0] in 'aeiou' else 'a'} {name} in this delivery"
    if name in DATES:
        when = iso_day(text)
        if when is None:
            return text, NO_DATE
        if not 1990 <= when.year <= 2100:
            return text, "is outside the years kept here"
        if name == "as_of" and when > choices.latest:
            return text, f"is after the delivery of {choices.latest}"
        return when, ""
    if name == "as":
        return text, "" if text in known else "is not a reader to choose here"
    if name == "delivery":
        return text, "" if text in known else "is not a delivery in this store"
    allowed = extras[name]
    if callable(allowed):
        return allowed(text)
    return text, "" if text in allowed else "is not a choice of this page"


def build(values: Mapping[str, object], extras: Mapping[str, object] | None = None) -> dict[str, str]:
    """Parameters for the address bar without empty ones, in a fixed order, so that one view has one address."""
    kept = {name: values.get(name) for name in NAMES} | dict(extras or {})
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in kept.items()
        if value not in (None, "")
    }


def prefix() -> str:
    """The path under which the proxy has the dashboard, from DASHBOARD_PREFIX: "/workforce", or "" for the root of its host.

    Raises ValueError where that is not a plain path.
    """
    parts = (os.environ.get("DASHBOARD_PREFIX") or "").strip("/")
    if not parts:
        return ""
    if not _PREFIX.fullmatch(parts) or {".", ".."} & set(parts.split("/")):
        raise ValueError(f"{shortened(parts)} is not a path")
    return f"/{parts}"


def inner_path(path: str) -> str | None:
    """A request's path without the prefix: "/workforce/regions" is "/regions". None for a path outside of the dashboard."""
    start = prefix()
    if not path.startswith(start):
        return None
    inner = path[len(start) :]
    return inner if inner.startswith("/") else (None if inner else "/")


def url(path: str, params: Mapping[str, str] | None = None) -> str:
    """A link inside the dashboard: url("/regions", {"region": "Eastern"}) is "/regions?region=Eastern", after the prefix."""
    return f"{prefix()}{path}?{urlencode(params)}" if params else f"{prefix()}{path}"


def changed(values: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """`values` with `changes` made; Scope field names (since, until) are understood, None takes a filter away."""
    names = {field_name: name for name, field_name in FIELDS.items()}
    result = dict(values)
    for name, value in changes.items():
        result[names.get(name, name)] = value
    return result

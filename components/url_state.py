"""Read the state of a page from the address bar, whatever it says, and write it. No Streamlit here.

Parameters: every filter of queries/dimensions.toml by its id (`region`, `group`, …; a value of its listing), `from` and `to` (ISO dates,
inclusive), `as_of` (ISO date), `compare`, `delivery` (an id of the store), `as` (the viewer of the open demo) and those that a page
declares. The others are dropped and listed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias
from urllib.parse import urlencode

from components.choices import Choices
from queries.dimensions import FILTERS
from queries.periods import day_words

DATES = ("from", "to", "as_of")
COMPARE, COMPARISONS = "compare", ("year", "before", "state")  # or a region (components/comparison.py)
NAMES = (*FILTERS, *DATES, COMPARE, "delivery", "as")
FIELDS = {"from": "since", "to": "until"}  # name in the address to field of Scope, where they differ
NO_PAGE = "no_page"  # the path of a page that there is none of (server/redirects.py)
NO_DATE = "is not a date (dates look like 2026-11-13)"
MAX_VALUE = 200  # characters
MAX_PARAMETERS = 40
# from text to the value in the address and "", or to the text and why it is dropped
Parser: TypeAlias = Callable[[str], tuple[str, str]]
PageParameters: TypeAlias = Mapping[str, Sequence[str] | Parser]  # name to the values it may have, or what parses it
_CAMPAIGN = re.compile(r"utm_.*|fbclid|gclid|msclkid|mc_cid|mc_eid|embed.*")
_PREFIX = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Dropped:
    """A parameter that was dropped: its name and value, shortened for the screen, and why."""

    name: str
    value: str
    why: str
    is_valid: bool = False  # but this viewer cannot choose it, or not with the others; it may come from a menu


@dataclass(frozen=True)
class UrlState:
    """A valid address.

    Attributes:
        values: filters by their name in the address; ids as text, dates as dates.
        extras: the page's own parameters.
        dropped: what could not be used.
    """

    values: Mapping[str, str | date] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()

    @property
    def cache_key(self) -> tuple[object, ...]:
        """A hashable value that differs for every other address."""
        return tuple(sorted(self.values.items(), key=str)), tuple(sorted(self.extras.items())), self.dropped

    def text(self, name: str) -> str | None:
        """Return a filter that is an id: "region", "group", "delivery" and so on."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def day(self, name: str) -> date | None:
        """Return a filter that is a date: "from", "to" or "as_of"."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def scope_fields(self, applying: Iterable[str]) -> dict[str, str | date]:
        """Return the fields of a Scope for the filters that apply to a page; "period" stands for from and to."""
        names = {n for a in applying for n in (("from", "to") if a == "period" else (a,)) if n != COMPARE} | {
            "delivery"
        }
        return {FIELDS.get(name, name): value for name, value in self.values.items() if name in names}


def shortened(text: str, most: int = 40) -> str:
    """Return text that fits into a sentence: one line, printable, at most `most` characters."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text[: most * 8]).split())
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + "…"


def iso_day(text: str) -> date | None:
    """Return the date written as 2026-11-13, or None."""
    try:
        return date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class _Allowed:
    """What an address may say on one page."""

    choices: Choices
    extras: PageParameters
    deliveries: Sequence[str]
    readers: Sequence[str]

    def parse(self, name: str, texts: Sequence[str]) -> tuple[str | date, str]:
        """Return the value of one parameter and "", or its text and why it cannot be used. texts: the values given for it."""
        text = texts[-1].strip()
        if name == NO_PAGE:
            return text, "is no page"
        if name not in NAMES and name not in self.extras:
            return text, "is not a filter of this page"
        if len(texts) > 1:
            return text, "is given more than once"
        if len(text) > MAX_VALUE:
            return text, "is too long"
        if name in FILTERS:
            return self._parse_id(name, text)
        if name in DATES:
            return self._parse_day(name, text)
        return self._parse_choice(name, text)

    def _parse_choice(self, name: str, text: str) -> tuple[str, str]:
        choices: dict[str, tuple[Sequence[str] | Parser, str]] = {
            "as": (self.readers, "is not a reader to choose here"),
            "delivery": (
                self.deliveries,
                "is not a delivery that can be shown: it was never published, was rolled back, or was removed",
            ),
            COMPARE: ((*COMPARISONS, *self.choices.labels("region")), "is nothing to compare with in this delivery"),
        }
        allowed, why = choices.get(name) or (self.extras[name], "is not a choice of this page")
        return allowed(text) if callable(allowed) else (text, "" if text in allowed else why)

    def _parse_id(self, name: str, text: str) -> tuple[str, str]:
        for value, label in self.choices.labels(name).items():
            if text.casefold() in (value.casefold(), label.casefold()):
                return value, ""
        words = FILTERS[name].words
        return text, f"is not {'an' if words[0] in 'aeiou' else 'a'} {words} in this delivery"

    def _parse_day(self, name: str, text: str) -> tuple[str | date, str]:
        day = iso_day(text)
        if day is None:
            return text, NO_DATE
        if not 1990 <= day.year <= 2100:
            return text, "is before 1990 or after 2100"
        if name == "as_of" and day > self.choices.latest:
            return text, f"is after the delivery of {day_words(self.choices.latest)}"
        return day, ""


def parse(
    params: Mapping[str, Sequence[str]],
    choices: Choices,
    *,
    extras: PageParameters | None = None,
    deliveries: Sequence[str] = (),
    readers: Sequence[str] = (),
) -> UrlState:
    """Read an address. Never raises: what cannot be used is listed in `dropped`.

    Args:
        params: every value of every parameter; a repeated one has several.
        choices: what the filters may be.
        extras: the page's own parameters and the values each may have, or what parses it (components/page_parameters.py).
        deliveries: ids that may be chosen.
        readers: ids of the viewers that the open demo can be shown to, if it is one.
    """
    allowed = _Allowed(choices=choices, extras=extras or {}, deliveries=deliveries, readers=readers)
    values: dict[str, str | date] = {}
    page_values: dict[str, str] = {}
    dropped: list[Dropped] = []
    for position, (raw_name, raw_texts) in enumerate(params.items()):
        name, texts = str(raw_name), list(dict.fromkeys(str(text) for text in raw_texts))
        if position >= MAX_PARAMETERS:
            dropped.append(Dropped("more", f"{len(params) - MAX_PARAMETERS} further parameters", "are too many"))
            break
        if _CAMPAIGN.fullmatch(name) or not any(text.strip() for text in texts):
            continue
        value, why = allowed.parse(name, texts)
        if why:
            dropped.append(Dropped(shortened(name, 24), shortened(texts[-1]), why))
        elif name in NAMES:
            values[name] = value
        else:
            page_values[name] = str(value)
    since, until = values.get("from"), values.get("to")
    if isinstance(since, date) and isinstance(until, date) and since > until:
        dropped.append(Dropped("from, to", f"{since} to {until}", "ends before it starts"))
        del values["from"], values["to"]
    ordered = {name: values[name] for name in NAMES if name in values}
    return UrlState(ordered, page_values, tuple(dropped))


def build(values: Mapping[str, object], extras: Mapping[str, object] | None = None) -> dict[str, str]:
    """Return parameters for the address bar without empty ones, in a fixed order, so that one view has one address."""
    ordered = {name: values.get(name) for name in NAMES} | dict(extras or {})
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in ordered.items()
        if value not in (None, "")
    }


def prefix() -> str:
    """Return the path under which a proxy serves the dashboard, from DASHBOARD_PREFIX: "/workforce"; "" for the root of its host.

    Raises:
        ValueError: the setting is not a plain path.
    """
    parts = (os.environ.get("DASHBOARD_PREFIX") or "").strip("/")
    if not parts:
        return ""
    if not _PREFIX.fullmatch(parts) or {".", ".."} & set(parts.split("/")):
        raise ValueError(f"{shortened(parts)} is not a path")
    return f"/{parts}"


def inner_path(path: str) -> str | None:
    """Return a request's path without the prefix: "/workforce/regions" gives "/regions". None for a path outside of the dashboard."""
    start = prefix()
    if not path.startswith(start):
        return None
    inner = path[len(start) :]
    return inner if inner.startswith("/") else (None if inner else "/")


def url(path: str, params: Mapping[str, str] | None = None) -> str:
    """Return a link inside the dashboard, after the prefix: "/regions?region=Eastern"."""
    return f"{prefix()}{path}?{urlencode(params)}" if params else f"{prefix()}{path}"


def changed(values: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Return filters with some changed. Names may be those of Scope (since, until); None clears a filter."""
    names = {field_name: name for name, field_name in FIELDS.items()}
    return {**values, **{names.get(name, name): value for name, value in changes.items()}}

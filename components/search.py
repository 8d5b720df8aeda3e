"""The search box in the sidebar: it leads from a name to the page and the filter that show it.

It knows the names of pages, the parts of Definitions, measures and programs, the values of filters, and towns. Names come from the reference tables, which every
role can see, and only pages that the viewer may open are offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from components import cached_queries, html_view, navigation
from components.choices import Choices
from components.page_list import PAGES, entry
from components.text.narratives import definitions
from components.url_state import url
from queries import Scope, measures
from queries.access import rights
from queries.access.viewer import Viewer

_UNRESOLVED = "search-unresolved"  # key in the session state: a text that does not lead to a single page
MAX_SUGGESTED = 10_000  # characters of HTML; names beyond it are not suggested, but they are matched
_OPTION = len("<option></option>")
_MAX_MATCHES = 8
_SHORT = 3  # letters; shorter words keep their ending
_PAGES = {
    "region": "regions",
    "sector": "sectors",
    "group": "one_group",
    "provider": "providers",
    "initiative": "overview",
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a name leads: a page, and the parameters to set there."""

    name: str
    kind: str
    page_id: str
    params: Mapping[str, str] = field(default_factory=dict)


def unresolved() -> str:
    """Return the text that the reader has just searched for, if it led nowhere or to several names. It is returned once."""
    return str(st.session_state.pop(_UNRESOLVED, ""))


def draw(targets: Sequence[Target], text: str, *, params: Mapping[str, str]) -> None:
    """Draw the search box, and what matches a text that does not lead to a single page.

    Args:
        targets: The names that can be searched for.
        text: What `unresolved` returned.
        params: The filters of the address bar. Links to pages carry them along; other targets keep the viewer, delivery and date.
    """

    def search(value: object) -> None:
        matched = matches(targets, str(value))
        if len(matched) == 1:
            navigation.leave(_address(matched[0], params))
        else:
            st.session_state[_UNRESOLVED] = str(value).strip()

    listed = matches(targets, text)
    message = ""
    if text:
        shown = f"The first {_MAX_MATCHES} matches" if len(listed) > _MAX_MATCHES else "Matches"
        message = f"{shown} for “{text[:40]}”:" if listed else f"Nothing matches “{text[:40]}”."
    links = [
        navigation.link(_address(target, params), f"{target.name} ({target.kind})") for target in listed[:_MAX_MATCHES]
    ]
    event = html_view.on_event("search", search)
    names = html_view.details(html_view.render("suggestions", names=_suggested(targets)))
    html_view.add(html_view.render("search", event=event, names=names, message=message, links=links))


def matches(targets: Sequence[Target], text: str) -> list[Target]:
    """Return the targets with this name, or else those whose names contain every word of the text, singular or plural."""
    query = text.strip().casefold()
    if not query:
        return []
    exact = [target for target in targets if target.name.casefold() == query]
    if exact:
        return exact
    words = _stems(query)
    return [target for target in targets if all(word in " ".join(_stems(target.name)) for word in words)]


def _stems(text: str) -> list[str]:
    """Return the words of a text without plural and possessive endings: "Women’s jobs" is "woman", "job"."""
    return [_stem(word) for word in re.findall(r"[^\s’']+", text.casefold()) if word != "s"]


def _stem(word: str) -> str:
    if word.endswith("men"):
        return f"{word[:-2]}an"
    if word.endswith("ies") and len(word) > _SHORT:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > _SHORT else word


def targets_of(viewer: Viewer, choices: Choices, delivery_id: str) -> list[Target]:
    """Return everything that this viewer can search for, from the cache. Do not change it."""
    return cached_queries.cached(delivery_id, ("search", viewer), lambda: _targets_of(viewer, choices, delivery_id))


def _targets_of(viewer: Viewer, choices: Choices, delivery_id: str) -> list[Target]:
    scope = Scope(viewer=viewer, delivery=delivery_id)
    towns = cached_queries.listing("towns", scope, delivery_id)
    programs = cached_queries.listing("programs", scope, delivery_id)
    targets = [
        *(Target(name=page.name, kind="page", page_id=page.id) for page in PAGES if _is_offered(page.id, viewer)),
        *_filter_values(viewer, choices),
        *(_town(row) for row in towns if row["region"] in choices.labels("region")),
        *(_program(row) for row in programs),
        *(
            Target(name=name, kind="part of Definitions", page_id="definitions", params={"first": part})
            for part, name in definitions.PARTS.items()
        ),
        *(
            Target(name=measure.label, kind="definition", page_id="definitions", params={"measure": measure.id})
            for measure in measures().values()
        ),
    ]
    return [target for target in targets if rights.may_open(viewer, target.page_id)]


def _is_offered(page_id: str, viewer: Viewer) -> bool:
    return viewer.region is not None or not entry(page_id).is_for_directors


def _filter_values(viewer: Viewer, choices: Choices) -> Iterator[Target]:
    for name, page_id in _PAGES.items():
        for value, label in choices.labels(name).items():
            is_home = name == "region" and value == viewer.region
            yield Target(name=label, kind=name, page_id="my_region" if is_home else page_id, params={name: value})


def _town(row: Mapping[str, object]) -> Target:
    town, region = str(row["town"]), str(row["region"])
    return Target(name=town, kind=f"town in {region}", page_id="regions", params={"region": region, "town": town})


def _program(row: Mapping[str, object]) -> Target:
    """Return where a program leads: to its provider, or else its sector, or else the list of all programs."""
    name, page_id, params = str(row["program"]), "providers", {}
    if row["provider"]:
        params = {"provider": str(row["provider"])}
    elif row["sector"]:
        page_id, params = "sectors", {"sector": str(row["sector"])}
    return Target(name=name, kind="program", page_id=page_id, params=params)


def _address(target: Target, params: Mapping[str, str]) -> str:
    lasting = ("as", "delivery", "as_of") if target.params else tuple(params)
    return url(
        entry(target.page_id).path, {**{name: params[name] for name in lasting if name in params}, **target.params}
    )


def _suggested(targets: Sequence[Target]) -> list[str]:
    """Return the names to suggest while the reader types, as many as fit."""
    names, length = dict.fromkeys(target.name for target in targets), 0
    suggested = []
    for name in names:
        length += len(name.encode()) + _OPTION
        if length > MAX_SUGGESTED:
            break
        suggested.append(name)
    return suggested

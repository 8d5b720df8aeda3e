"""Read the sentences of a page, and the answers that it asked for while it ran."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape

import pytest

from components import cached_queries
from components.memoize import RENDERED
from components.page_list import PAGES
from queries import Answer, listing
from tests.app_driver import html as html_of
from tests.app_driver import views
from tests.pages.test_pages import run

# the parts of a page that are sentences, by the elements around them
_PARTS = {
    "lead": r'<p class="lead">(.*?)</p>',
    "heading": r"<h2>(.*?)</h2>",
    "title": r"<h3[^>]*>(.*?)</h3>",
    "words": r'<p class="section-words">(.*?)</p>',
    "note": r'<p(?: class="(?:quiet|text)")?>(.*?)</p>',
    "context": r'<p class="context">(.*?)</p>',
    "quote": r"<li><span>(.*?)</span><button",
}
# every piece of text, with what opens: definitions, notes, cells, labels, help
_BLOCK = re.compile(r"<(p|li|dd|dt|td|th|caption|summary|label|button|h\d)\b[^>]*>(.*?)</\1>", re.DOTALL)
_NO_WORDS = re.compile(r"<(pre|svg)\b.*?</\1>", re.DOTALL)  # queries and drawings
_SPOKEN = re.compile(
    r'(?<=<span aria-hidden="true">[▼▲→]</span>)<span class="visually-hidden">[^<]*</span>'
)  # of a symbol
_LEFT_OUT = re.compile(r"Part of (?:the address|what you chose) was left out")


@dataclass(frozen=True)
class Sentence:
    """A piece of text of a page. kind: a key of `_PARTS`."""

    kind: str
    text: str


@dataclass(frozen=True)
class PageText:
    """What a page says, and the answers behind it."""

    script: str
    page_id: str
    address: Mapping[str, str]
    sentences: tuple[Sentence, ...]
    answers: tuple[Answer, ...] = field(repr=False)
    group_names: Mapping[str, tuple[str, ...]] = field(repr=False)  # group id to its noun and its label
    names: frozenset[str] = field(repr=False)  # of every initiative, region, sector and provider
    blocks: tuple[str, ...] = field(repr=False)  # each piece of text, also in what a reader can open
    everything: str = field(repr=False)  # all that is visible, labels and headings of tables included
    tables: Mapping[str, list[dict[str, str]]] = field(repr=False)  # by name: rows of cells by column

    def of(self, *kinds: str) -> list[str]:
        return [sentence.text for sentence in self.sentences if sentence.kind in kinds]


@contextmanager
def recorded_answers() -> Iterator[list[Answer]]:
    """Collect the answers that pages get."""
    answers: list[Answer] = []
    ask = cached_queries.ask

    def recording(*args: object) -> Answer:
        answer = ask(*args)
        answers.append(answer)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cached_queries, "ask", recording)
        yield answers


def read_page(script: str, address: Mapping[str, str]) -> PageText:
    """Run a page and return what it says; its address without the filters that it left out."""
    RENDERED.clear()  # a page from the cache asks nothing
    with recorded_answers() as answers:
        page = run(script, **address)
    assert not page.exception, (script, address, page.exception)
    html = _SPOKEN.sub("", "\n".join(view["html"] for view in views(page)))
    html = re.sub(r'</p>\s*<p class="lead-more">', " ", html)  # the lead and what follows it are read as one text
    sentences = [
        Sentence(kind, " ".join(unescape(re.sub(r"<[^>]+>", " ", match)).split()))
        for kind, pattern in _PARTS.items()
        for match in re.findall(pattern, html, re.S)
        if not (kind == "note" and match.startswith("<b>"))  # the line on what is on screen, and definitions
    ]
    notice = " ".join(s.text for s in sentences if _LEFT_OUT.match(s.text)).replace("Date “", "as_of “").lower()
    sentences = [s for s in sentences if not _LEFT_OUT.match(s.text)]  # it states no number
    address = {name: value for name, value in address.items() if f"{name} “" not in notice}
    unique = {id(answer): answer for answer in answers}
    groups = {row["group_id"]: (str(row["member_noun"]), str(row["label"])) for row in listing("groups")}
    return PageText(
        script=script,
        page_id=next(entry.id for entry in PAGES if entry.script == script),
        address=dict(address),
        sentences=tuple(s for s in sentences if s.text),
        answers=tuple(unique.values()),
        group_names=groups,
        names=frozenset(
            str(row[name]) for name in ("initiative", "region", "sector", "provider") for row in listing(f"{name}s")
        ),
        blocks=blocks(html_of(page)),
        everything=" ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()),
        tables=_tables(html),
    )


def blocks(html: str) -> tuple[str, ...]:
    """Return every piece of text once: paragraphs, items, cells, headings and labels."""
    parts = (part for match in _BLOCK.finditer(_NO_WORDS.sub("", html)) for part in match[2].split("<br>"))
    texts = (re.sub(r"<[^>]+>", " ", part) for part in parts)
    return tuple(dict.fromkeys(" ".join(unescape(text).split()) for text in texts))


def _tables(html: str) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a page, with each cell under the heading of its column."""
    tables: dict[str, list[dict[str, str]]] = {}
    for part in re.split(r'(?=data-name="(?:table|chart)-)', html)[1:]:
        match = re.search(
            r'data-name="(?:table|chart)-([^"]+)".*?<thead[^>]*><tr[^>]*>(.*?)</tr></thead><tbody[^>]*>(.*?)</tbody>',
            part,
            re.S,
        )
        if match:
            columns = _cells(match[2])
            rows = [_cells(row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", match[3], re.S)]
            tables[match[1]] = [dict(zip(columns, row, strict=True)) for row in rows]
    return tables


def _cells(row: str) -> list[str]:
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in cells]

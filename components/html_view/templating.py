"""Fill in the HTML templates of this folder. Every value is escaped unless it is `Markup` already."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

# What screen readers say for a symbol. By themselves they say "black down-pointing triangle", or nothing.
_SPOKEN = {"▼": "lower:", "▲": "higher:", "→": "followed by"}
_SYMBOL = re.compile("([▼▲→])( lower| higher)?")

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def spoken(text: object) -> object:
    """Write a text so that screen readers say a word for each symbol in it, unless that word follows. `Markup` stays as it is."""
    if not isinstance(text, str) or isinstance(text, Markup) or not _SYMBOL.search(text):
        return text
    return Markup(_SYMBOL.sub(_with_word, escape(text)))


def _with_word(match: re.Match[str]) -> str:
    symbol, word = match.groups()
    if word:
        return f'<span aria-hidden="true">{symbol}</span>{word}'
    # a hidden word, not an image with a name: those split a heading or a link, and are read as "image"
    return f'<span aria-hidden="true">{symbol}</span><span class="visually-hidden">{_SPOKEN[symbol]}</span>'


def in_words(text: str) -> str:
    """Return a text with words for its symbols, for an accessible name."""
    return re.sub("[▼▲→]", lambda match: _SPOKEN[match[0]], text)


_ENVIRONMENT.filters |= {"spoken": spoken, "in_words": in_words}


def render(template: str, **values: object) -> Markup:
    """Render one template.

    Args:
        template: name of the file in `templates/` without its ending: "banner" for banner.html.
        values: what the template names. Text is escaped; `Markup`, as from another `render`, is not.

    Returns:
        HTML that `html_view.add` and other templates take as it is.

    Raises:
        jinja2.UndefinedError: the template names a value that was not given.
        jinja2.TemplateNotFound: there is no such template.
    """
    return Markup(_ENVIRONMENT.get_template(f"{template}.html").render(values).strip())

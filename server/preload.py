"""Name the scripts that every page needs and Streamlit's index.html does not, so that browsers fetch them with the first ones.

Without these links a browser learns of each script only from the one before: Streamlit's part for our component once the page's first
message has come in, then our script, then what that imports.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import streamlit

from components import style
from components.html_view import component

_STATIC = Path(streamlit.__file__).parent / "static"
_SCRIPTS = _STATIC / "static" / "js"
_PARTS = ("BidiComponent",)  # of Streamlit's scripts: its custom component
_IMPORT = re.compile(r'(?:\bfrom|\bimport)\s*"\./([\w.@-]+\.js)"')


def links() -> str:
    """Return the links for the head of a page that is being served, with addresses relative to it as Streamlit's are."""
    component.register()  # a script that a browser does not get when it asks first is missing until the page is loaded again
    return _links()


def stylesheet() -> str:
    """Return the link to the stylesheet, for the end of the body: a rule there outranks Streamlit's of the same specificity."""
    return f'<link rel="stylesheet" href=".{style.ADDRESS}">'


@lru_cache(maxsize=1)
def _links() -> str:
    page = (_STATIC / "index.html").read_text(encoding="utf-8")
    scripts = [f"./static/js/{name}" for name in _with_imports(_PARTS)]
    modules = [script for script in scripts if script not in page] + [f".{address}" for address in component.MODULES]
    early_style = f'<link rel="preload" as="style" href=".{style.ADDRESS}">'
    return early_style + "".join(f'<link rel="modulepreload" href="{module}">' for module in modules)


def _with_imports(parts: tuple[str, ...]) -> list[str]:
    """Return the files of some parts of Streamlit's scripts and of all that they import."""
    waiting = [path.name for part in parts for path in _SCRIPTS.glob(f"{part}.*.js")]
    names: list[str] = []
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.append(name)
            waiting += _IMPORT.findall((_SCRIPTS / name).read_text(encoding="utf-8"))
    return sorted(names)

"""The cache of what is rendered: whole pages (`html_view/cache.py`), and the charts and texts in them (`memoize.py`).

Keys hold what an entry was made of, and no account or session:

- A page: the page, the scope with the viewer's rights, the address, the theme. Its entry also has what the script read.
- A chart or text: the function and its arguments. An answer counts by identity, and is itself cached by question, scope, viewer and the
  state of the delivery's file (`components/cached_queries.py`).

The other cache holds answers (`queries/database.py`). Both are bounded by size, and drop what was not used for longest.
"""

from __future__ import annotations

from typing import Protocol

from queries.cache import BoundedCache

MAX_BYTES = 64_000_000  # some hundred pages with their charts


class Rendered(Protocol):
    """An entry of the cache."""

    @property
    def weight(self) -> int:
        """Size in bytes, estimated."""


RENDERED: BoundedCache[Rendered] = BoundedCache(MAX_BYTES, lambda entry: entry.weight)

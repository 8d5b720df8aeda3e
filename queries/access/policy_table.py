"""The table of who sees what as Markdown, for docs/access.md: `python -m queries who`."""

from __future__ import annotations

from queries.access.rights import roles, subjects
from queries.access.viewer import PROTECTED

NO_REGION = "has none"


def as_markdown() -> str:
    """The table, one row a subject and one column a role, ending with what clearance each role has where nothing is said."""
    known = roles().values()
    lines = [
        _line(["What", *(role.label for role in known)]),
        _line(["---"] * (len(known) + 1)),
        *(
            _line([entry["what"], *(_cell(entry.get(role.id), role.has_region) for role in known)])
            for entry in subjects().values()
        ),
        _line(["Clearance, unless access.toml says otherwise", *(role.clearance for role in known)]),
    ]
    return "\n".join(lines)


def _cell(answer: str | None, has_region: bool) -> str:
    if answer is None:
        return "no" if has_region else NO_REGION
    return {"yes": "yes", "own region": "own region only"}.get(answer, PROTECTED if answer == PROTECTED else "no")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

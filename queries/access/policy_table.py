"""Write the policy table as Markdown, for docs/access.md: `python -m queries who`."""

from __future__ import annotations

from queries.access.rights import roles, subjects
from queries.access.viewer import PROTECTED

NO_REGION = "has none"


def as_markdown() -> str:
    """Return the table: one row for each subject, one column for each role, and the default clearances in the last row."""
    all_roles = roles().values()
    lines = [
        _line(["What", *(role.label for role in all_roles)]),
        _line(["---"] * (len(all_roles) + 1)),
        *(
            _line([entry["what"], *(_cell(entry.get(role.id), role.has_region) for role in all_roles)])
            for entry in subjects().values()
        ),
        _line(["Clearance, unless access.toml says otherwise", *(role.clearance for role in all_roles)]),
    ]
    return "\n".join(lines)


def _cell(answer: str | None, has_region: bool) -> str:
    if answer is None:
        return "no" if has_region else NO_REGION
    return {"yes": "yes", "own region": "own region only"}.get(answer, PROTECTED if answer == PROTECTED else "no")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

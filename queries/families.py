"""Families of comparisons that span several answers: everything that one page compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from queries.models import Answer, ComparedRow
from queries.verdicts import as_family


def judged_as_family(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers with verdicts that allow for every comparison in all of them.

    Only rows that the reader sees have a p-value, so nothing that is hidden can move another row's verdict.

    Args:
        answers: The page's answers that compare something, in any order.

    Returns:
        The same answers in the same order. Rows without a comparison are unchanged but for their count of comparisons.
    """
    rows = [row for answer in answers for row in answer.rows if isinstance(row, ComparedRow)]
    judged = iter(as_family(rows))
    return [
        replace(answer, rows=tuple(next(judged) if isinstance(row, ComparedRow) else row for row in answer.rows))
        for answer in answers
    ]

"""What subtraction leaves of totals: the hidden parts of a total that nothing more follows about, as one count of people.

A fiscal year less its first quarter gives the second, even where it is hidden because it would reveal another. The second quarter
of the state less what is shown and what follows can then be a small count of the people in several hidden cells.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import block_array, csr_matrix

from queries.privacy.patterns import is_small
from queries.privacy.solutions import Flags, Numbers, Places


def small_remainders(matrix: csr_matrix, truth: Numbers, is_hidden: Flags, min_count: int) -> list[Places]:
    """Return the counts that remain of each total, where there are several and they are few people together.

    Args:
        matrix: The equations between counts: a row for each total, with ones for its parts and minus one for itself.
        truth: The counts.
        is_hidden: Which of them are hidden.
        min_count: Counts from 1 to below this are small.
    """
    is_unknown = is_hidden.copy()
    is_involved = abs(matrix)
    while True:
        follows = np.flatnonzero(is_involved @ is_unknown.astype(float) == 1)
        columns = np.unique(is_involved[follows].indices)
        columns = columns[is_unknown[columns]]
        if not len(columns):
            break
        is_unknown[columns] = False
    is_total_known = (matrix < 0) @ is_unknown.astype(float) == 0
    remaining = (matrix > 0) @ np.where(is_unknown, truth, 0.0)
    rows = [at for at in np.flatnonzero(is_total_known) if is_small(float(remaining[at]), min_count)]
    parts = (matrix.indices[matrix.indptr[at] : matrix.indptr[at + 1]] for at in rows)
    remainders = {tuple(np.sort(each[is_unknown[each]])) for each in parts}
    return [np.array(each, np.intp) for each in sorted(remainders) if len(each) > 1]


def with_sums(matrix: csr_matrix, sums: Sequence[Places]) -> csr_matrix:
    """Return equations with a further variable for each sum of variables."""
    entries = [(row, int(at)) for row, places in enumerate(sums) for at in places]
    rows, columns = zip(*entries, strict=True)
    parts = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(sums), matrix.shape[1]))
    totals = -csr_matrix(np.eye(len(sums)))
    return csr_matrix(block_array([[matrix, None], [parts, totals]]))

"""Which databases this version can read: those in its format, and older ones that have every table it queries."""

from __future__ import annotations

from collections.abc import Iterable

from data.store import FORMAT, RESIDENT_TABLES

TABLES = frozenset(
    {"check_notices", "check_reasons", "check_tables", "courses", "delivery", "enrollments", "funding", "meetings",
     "openings", "programs", "providers", "ref_areas", "ref_benchmarks", "ref_deadlines", "ref_groups", "ref_initiatives", "ref_intake", "ref_regions",
     "ref_sectors", "ref_targets", "ref_towns", "supplied"}
)  # fmt: skip
# A large delivery has these too: all of them or none. One without residents' rows has these and `ROLLUPS_BY_DAY` in place of rows.
ROLLUPS_BY_DAY = frozenset({"rollup_days"})
ROLLUPS = frozenset({"rollup_answers", "rollup_counts", "rollup_paths", "rollup_places", "rollup_repeated"})


def is_readable(format_number: int, tables: Iterable[str]) -> bool:
    """Return whether a database of this format with these tables can be read.

    Format 0 is a delivery without a manifest, or with one that cannot be read: its tables decide.
    """
    present = set(tables)
    if format_number != 0:
        # format 5 changed the rollups alone
        return format_number == FORMAT or (format_number == 4 and not present & ROLLUPS)
    if not present & set(RESIDENT_TABLES):  # published without residents' rows
        return present >= (TABLES | ROLLUPS | ROLLUPS_BY_DAY) - set(RESIDENT_TABLES)
    return present >= TABLES and (present >= ROLLUPS or not ROLLUPS & present)

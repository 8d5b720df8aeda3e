"""What readers are told after a rollback: that an earlier export is on screen than one they may have seen. No Streamlit here."""

from __future__ import annotations

from datetime import date

from components.text.format import day


def words(left: str, shown: date) -> str:
    """Say that a delivery was taken back.

    Args:
        left: The id of the delivery that was rolled back, which starts with its day: "2026-11-20.2".
        shown: The day of the delivery on screen.
    """
    left_on = date.fromisoformat(left[:10])
    if left_on == shown:
        subject, then = (
            f"a newer version of the {day(shown)} delivery",
            "the numbers are those of the version before it",
        )
    else:
        subject, then = f"the delivery of {day(left_on)}", f"the numbers are those of {day(shown)} again"
    return (
        f"An earlier export is shown: {subject} was taken back, so {then}. They can differ from those you saw before."
    )

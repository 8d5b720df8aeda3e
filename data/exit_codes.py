"""Exit codes of the commands."""

ACCEPTED, REFUSED, WRONG_USE, STOPPED = 0, 1, 2, 130

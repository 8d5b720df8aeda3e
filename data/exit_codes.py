"""What a command's exit code says."""

ACCEPTED, REFUSED, WRONG_USE, STOPPED = 0, 1, 2, 130

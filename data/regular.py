"""Open regular files only: opening a pipe may wait forever, and a device never ends."""

from __future__ import annotations

import stat
from pathlib import Path

from data.errors import RefusedError

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)


def fault(path: Path, label: str) -> str | None:
    """Return why a path cannot be opened as a file, after following links; None if it can.

    Args:
        path: The file. It is not opened.
        label: Its name in the sentence.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return f"{label} is a link to a file that does not exist." if path.is_symlink() else f"{label} does not exist."
    except OSError as error:
        return f"{label} cannot be opened: {error.strerror}."
    if stat.S_ISREG(mode):
        return None
    kind = next((word for test, word in _KINDS if test(mode)), "something else")
    return f"{label} is {kind}, not a regular file. Send the file itself."


def read_text(path: Path, label: str) -> str:
    """Return the text of a small file that people edit, without a byte order mark.

    Raises:
        RefusedError: The file is not a regular file or not in UTF-8.
    """
    if wrong := fault(path, label):
        raise RefusedError([wrong])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError([f"{label} is not in UTF-8 ({where(error)}). Save it as UTF-8."]) from None
    except OSError as error:
        raise RefusedError([f"{label} cannot be opened: {error.strerror}."]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise RefusedError([f"{label} has a zero byte in line {line:,}, so the copy was cut off. Send it again."])
    return text


def where(error: UnicodeDecodeError, *, lines_before: int = 0) -> str:
    """Return the line and column where a text stops being UTF-8, and the byte there.

    Args:
        error: The error from decoding complete lines.
        lines_before: The number of lines before the decoded ones.
    """
    before = bytes(error.object[: error.start])
    line = lines_before + before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return f"line {line:,}, column {column:,}: byte 0x{error.object[error.start]:02X}"

"""The register of publications: every file that left, with the questions behind its numbers, so that it can be made again.

It is in `register/` in the folder of the audit log, one file of JSON lines for each process. It is outside the store: publishing,
rolling back and pruning deliveries do not touch it. It holds filters and account names, and no numbers, only their digests.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from briefs.numbers import AskedAnswer
from briefs.register_lines import Publication, digest_of_all, from_line, recorded, to_line
from data import audit_log
from data.journal import Journal, journal_of

FOLDER = "register"
MAX_FILE_BYTES, MAX_FILES = 50 * 1024 * 1024, 1_000  # about five million publications of a process
_ROOT = Path(__file__).parents[1]
_CODE = ("queries", "briefs", "components")
log = logging.getLogger("dashboard.register")


def record(file: str, answers: Sequence[AskedAnswer], *, account: str, role: str = "") -> Publication | None:
    """Write that a file left.

    Args:
        file: The name of the file.
        answers: Every question behind its numbers, with its answer.
        account: Who it is made for.
        role: Their role: "director:Northwest".

    Returns:
        The publication; None where no number of a delivery is in the file.
    """
    if not answers:
        return None
    now, questions, first = datetime.now(UTC), recorded(answers), answers[0].answer
    publication = Publication(
        id=f"{now:%Y%m%d}-{secrets.token_hex(4)}",
        at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        file=file,
        delivery=first.delivery.id,
        as_of=first.as_of.isoformat(),
        account=account,
        role=role,
        version=version(),
        digest=digest_of_all(questions),
        questions=questions,
    )
    _journal().write(to_line(publication))
    return publication


def folder() -> Path:
    """Return the folder of the register."""
    return audit_log.folder() / FOLDER


def is_writable() -> bool:
    """Return whether every publication so far is written and another one could be."""
    return _journal().is_writable()


def find(publication_id: str) -> Publication | None:
    """Return the publication with this id, or None."""
    return next((each for each in publications() if each.id == publication_id), None)


def publications() -> Iterator[Publication]:
    """Yield every publication of all processes, file by file, the newest lines first. A damaged line is skipped and logged."""
    for path in sorted(folder().glob("*.jsonl*")):
        for line in reversed(path.read_text(encoding="utf-8", errors="replace").splitlines()):
            try:
                yield from_line(line)
            except ValueError:
                log.warning("skipped a damaged line of %s", path.name)


@cache
def version() -> str:
    """Return the version of the code: the project's, and a digest of the files that compute and write numbers."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    digest = hashlib.sha256()
    for name in _CODE:
        for path in sorted((_ROOT / name).rglob("*")):
            if path.suffix in (".py", ".sql", ".toml", ".typ"):
                digest.update(path.read_bytes())
    return f"{project}+{digest.hexdigest()[:8]}"


def _journal() -> Journal:
    return journal_of(folder(), audit_log.process(), largest=MAX_FILE_BYTES, backups=MAX_FILES)

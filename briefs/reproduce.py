"""Make the numbers of a publication again from its delivery, and say what later deliveries changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from briefs.register_lines import Publication, RecordedQuestion, digest_of
from components.text.format import format_value, known
from queries.database import current_delivery_id
from queries.models import Answer, Row
from queries.scope import AskError
from queries.service import ask

MOST_CHANGES = 40  # lines, of what later deliveries changed


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What came out.

    Attributes:
        publication: The publication.
        differences: Questions whose answer from the same delivery is not what was published, a sentence each.
        number_count: How many numbers were made again.
        current: The delivery on screen now.
        changes: Numbers that are different in it, a line each.
    """

    publication: Publication
    differences: tuple[str, ...]
    number_count: int
    current: str
    changes: tuple[str, ...] = field(default=())

    def lines(self) -> list[str]:
        """Return the result as lines for the command line."""
        publication = self.publication
        head = [
            f"{publication.file}",
            f"Left {publication.at} for {publication.account} ({publication.role or 'no role'}), made by version {publication.version}.",
            f"Delivery {publication.delivery}, as of {publication.as_of}; {len(publication.questions)} questions, digest {publication.digest}.",
        ]
        if self.differences:
            head += ["NOT reproduced:", *(f"  {text}" for text in self.differences)]
        else:
            head.append(f"Reproduced: all {self.number_count:,} numbers are the same again.")
        if self.current == publication.delivery:
            return [*head, "No later delivery is on screen."]
        if not self.changes:
            return [*head, f"The delivery on screen, {self.current}, has the same numbers."]
        shown, more = self.changes[:MOST_CHANGES], len(self.changes) - MOST_CHANGES
        head.append(f"The delivery on screen, {self.current}, has {len(self.changes):,} other numbers:")
        return [*head, *(f"  {text}" for text in shown), *([f"  and {more:,} more"] if more > 0 else [])]


def reproduce(publication: Publication) -> Reproduction:
    """Ask every question of a publication again, with its reader's rights, of its delivery and of the one on screen.

    Raises:
        AskError: Its delivery is no longer in the store.
        NothingPublished: Nothing is published.
    """
    current = current_delivery_id()
    differences: list[str] = []
    changes: list[str] = []
    count = 0
    for item in publication.questions:
        answer = ask(item.question, item.scope, current=publication.delivery)
        count += sum(known(row.value) for row in answer.rows)
        if digest_of(answer) != item.digest:
            differences.append(f"{answer.measure.label}{_words(item)}: the numbers differ from those published.")
        if current != publication.delivery:
            changes += _changes(item, answer, current)
    return Reproduction(
        publication=publication,
        differences=tuple(differences),
        number_count=count,
        current=current,
        changes=tuple(dict.fromkeys(changes)),
    )


def _changes(item: RecordedQuestion, before: Answer, current: str) -> Iterator[str]:
    """Yield a line for each number that the delivery on screen has differently."""
    day = None if before.as_of == before.delivery.delivered_on else before.as_of
    try:
        now = ask(item.question, item.scope.but(delivery=current, as_of=day))
    except AskError as error:  # a provider that is no longer there, for example
        yield f"{before.measure.label}{_words(item)}: {error}"
        return
    rows = {_key(row): row for row in now.rows}
    for row in before.rows:
        other = rows.get(_key(row))
        if other is None or not known(row.value) or not known(other.value) or row.value == other.value:
            continue
        unit, name = before.measure.unit, " ".join(filter(None, (row.key, row.group, row.part)))
        is_total = row.key == "Total" and not row.group and not row.part
        label = before.measure.label if is_total else f"{before.measure.label}, {name}"
        yield f"{label}{_words(item)}: {format_value(row.value, unit)}, now {format_value(other.value, unit)}"


def _key(row: Row) -> tuple[str, str | None, str | None]:
    return row.key, row.group, row.part


def _words(item: RecordedQuestion) -> str:
    """Return the filters of a question as they follow its label: " (Northwest, from 2026-07-01)"."""
    scope = item.scope
    parts = [*scope.filters.values()]
    parts += [f"from {scope.since}"] if scope.since else []
    parts += [f"to {scope.until}"] if scope.until else []
    return f" ({', '.join(parts)})" if parts else ""

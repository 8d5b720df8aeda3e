"""Notice protected readers whose questions, as a series, look like an attempt to compute small numbers: an alarm, not a lock.

Computing a small count takes many answers that differ in one filter. Reading every page with each filter by itself needs no
pairs of filters at all, so only pairs are counted. The limits are in rule.toml.
"""

from __future__ import annotations

import threading
import tomllib
from dataclasses import dataclass, field
from functools import cache

from queries.privacy.family import is_limited
from queries.privacy.rule import FILE
from queries.scope import Scope

MOST_ACCOUNTS = 10_000  # the series of the account that was quiet longest is forgotten beyond this


@dataclass(frozen=True)
class AlarmLimits:
    """From how many different pairs of filters within how many minutes the alarm is raised."""

    combinations: int
    minutes: int

    @property
    def words(self) -> str:
        """Why an alarm was raised, for the audit log."""
        return f"more than {self.combinations} pairs of filters within {self.minutes} minutes"


@cache
def alarm_limits() -> AlarmLimits:
    """Return the limits of rule.toml."""
    return AlarmLimits(**tomllib.loads(FILE.read_text(encoding="utf-8"))["alarm"])


@dataclass
class QuestionSeries:
    """The pairs of filters that each account asked about lately, with the time in seconds. Safe for threads."""

    _times: dict[str, dict[Scope, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def raises_alarm(self, account: str, scope: Scope, now: float) -> bool:
        """Note a question, and return whether it is the one too many. After an alarm the count starts again.

        Args:
            account: Who asks.
            scope: The filters, with the reader.
            now: The time in seconds.
        """
        if len(scope.filters) + (scope.since is not None) < 2 or not is_limited(scope):
            return False
        pair = scope.but(as_of=None, delivery=None)
        limits = alarm_limits()
        with self._lock:
            recent = {key: at for key, at in self._times.pop(account, {}).items() if now - at < limits.minutes * 60}
            recent[pair] = now
            is_alarm = len(recent) > limits.combinations
            self._times[account] = {} if is_alarm else recent
            if len(self._times) > MOST_ACCOUNTS:
                del self._times[next(iter(self._times))]
        return is_alarm

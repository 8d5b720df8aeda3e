"""What a run of the benchmark measures. `bench/out/bench.json` holds the same fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from benchmarks.figures import Spread, Target, ratio


class Kind(StrEnum):
    """How much of the answer to a click exists already."""

    IN_BROWSER = "kept in this browser"
    ON_SERVER = "kept by the server, new browser"
    THREE_FILTERS = "never asked, three filters"
    THREE_AND_PAST = "never asked, three filters, past date"
    PAST = "never asked, past date"


NEW_QUESTIONS = (Kind.THREE_FILTERS, Kind.THREE_AND_PAST, Kind.PAST)


@dataclass(frozen=True, kw_only=True)
class Clicks:
    """Clicks of one kind on one page, in ms.

    Attributes:
        painted: from the click until everything inside the window is final.
        scrolled: the same, and until everything is final while the reader scrolls to the end of the page.
        floor: clicks on the empty page, in turn with these.
        server: the server's share, from the click's message to the last message of the answer.
        times: every click, until painted.
    """

    painted: Spread
    scrolled: Spread
    floor: Spread
    server: Spread
    times: list[float]

    @property
    def ratio(self) -> float | None:
        """The median over the floor's."""
        return ratio(self.painted.median, self.floor.median)


@dataclass(frozen=True, kw_only=True)
class PageClicks:
    """The clicks on one page. clicked: the control; kilobytes: of an answer's messages, median."""

    clicked: str
    kilobytes: float
    kinds: dict[Kind, Clicks]


@dataclass(frozen=True, kw_only=True)
class Loads:
    """First loads of the front page in an empty browser, in ms: first number readable, all in the window painted, the floor."""

    readable: Spread
    painted: Spread
    floor: Spread

    @property
    def ratio_readable(self) -> float | None:
        """The median until the first number is readable, over the floor's until it is painted."""
        return ratio(self.readable.median, self.floor.median)

    @property
    def ratio_painted(self) -> float | None:
        """The median over the floor's."""
        return ratio(self.painted.median, self.floor.median)


@dataclass(frozen=True, kw_only=True)
class Published:
    """Publishing a delivery, and reading its Parquet once. Sizes are MB of 1,000,000 bytes.

    Attributes:
        seconds: Reading, checking, writing and counting.
        protecting_seconds: Deciding after that what protected readers see, and auditing it. The delivery is on screen after both.
        peak_mb: The most memory of all processes together while publishing.
        protecting_peak_mb: The same while deciding.
        read_seconds: Reading the Parquet once.
        read_peak_mb: The memory of that.
        parquet_mb: The delivery.
        store_mb: The store.
    """

    seconds: float
    protecting_seconds: float
    peak_mb: float
    protecting_peak_mb: float
    read_seconds: float
    read_peak_mb: float
    parquet_mb: float
    store_mb: float


@dataclass(frozen=True, kw_only=True)
class Questions:
    """Questions asked for the first time, in ms.

    Attributes:
        ask: `queries.ask`.
        raw: count(distinct participant_id) over the raw Parquet.
        straight: the answers' queries, run in DuckDB.
        planning: EXPLAIN of every query that `ask` ran, which runs nothing.
        letters: the length of those queries' texts.
        queries: how many queries one question ran.
        each: `ask` by question.
        skipped: queries that do not run outside of `ask`, and why.
    """

    ask: Spread
    raw: Spread
    straight: Spread
    planning: Spread
    letters: Spread
    queries: Spread
    each: dict[str, Spread]
    skipped: list[str]


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Many sessions that click at once. Times are ms; memory is the server's resident memory."""

    sessions: int
    seconds: float
    ms: Spread | None
    ratio_to_single: float | None = None
    errors: list[str]
    wrong: list[str]
    readers_cpu: float
    memory_before_mb: float
    memory_open_mb: float
    memory_clicked_mb: float
    memory_after_mb: float

    @property
    def mb_a_session(self) -> float:
        """Memory that each session added, once all of them had clicked."""
        return round((self.memory_clicked_mb - self.memory_before_mb) / self.sessions, 2)


@dataclass(kw_only=True)
class Size:
    """Everything measured over deliveries of one size. What was not measured is None or empty."""

    residents: int
    demo_seconds: float | None = None
    published: Published | None = None
    questions: Questions | None = None
    pages: dict[str, PageClicks] = field(default_factory=dict)
    loads: Loads | None = None
    crowds: list[Crowd] = field(default_factory=list)
    incidents: int = 0

    @property
    def label(self) -> str:
        """The number of residents in words."""
        return f"{self.residents:,} residents"


@dataclass(kw_only=True)
class Results:
    """A run of the benchmark."""

    at: str
    cores: int | None
    system: str
    python: str
    streamlit: str
    sizes: list[Size] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    minutes: float = 0.0

    @property
    def has_errors(self) -> bool:
        """Whether a number was wrong or something failed."""
        crowds = [crowd for size in self.sizes for crowd in size.crowds]
        return (
            bool(self.errors)
            or any(crowd.errors or crowd.wrong for crowd in crowds)
            or any(size.incidents for size in self.sizes)
        )

"""`python -m benchmarks.gaps`: measure how often screens, page-wide verdicts, adjusted gaps and funnels err.

Histories are simulated with a known truth, and every call is made by the code that the pages use. docs/statistics.md states
the shares that this prints; the tests run the same simulations at a smaller size.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.verdicts import OUTCOMES, sides
from queries.statistics import Side, discoveries, wilson
from queries.statistics.four_fifths import screen
from queries.statistics.funnel import count_limits, dispersion, widened
from queries.statistics.logistic import Design, Factor, fit_logistic, fitted_rates, marginal_gap
from queries.statistics.rates import Z95
from queries.statistics.significance import interval_ratio, p_share
from queries.verdicts import ENOUGH, RATE, Compared, p_of_outcome, share_test

HISTORIES = 1000
SECTOR_LOGITS = np.array([1.5, 1.0, 0.4, 0.0, -0.4])
SECTOR_MEMBERS = np.array([0.1, 0.2, 0.5, 0.7, 0.8])  # the share of each sector's exits that are the group's
Floats = NDArray[np.float64]


def pages(rng: np.random.Generator) -> tuple[bool, bool]:
    """One page without any difference: does any verdict call one, as one family and answer by answer?"""
    places = [sides(rng, size, None, 0) for size in (3000, 800, 700, 600, 500, 400)]
    answers = [[p_of_outcome(comparison) for comparison in compared] for compared, _ in places]
    answers += [[share_test(group).p for group in taking] for _, taking in places]

    def calls(ps: list[float | None]) -> bool:
        return any(p is not None and p <= RATE for p in discoveries(ps))

    return calls([p for answer in answers for p in answer]), any(calls(answer) for answer in answers)


def mixed(rng: np.random.Generator, points: int) -> tuple[int, int]:
    """One page on which some differences are true: how many are called, and how many of those are not true.

    In each of six places one of two groups completes less often by so many points. Groups overlap, so the completion of other
    groups truly differs a little. Of the other three outcomes no group's differs, so each call there is false.
    """
    ps: list[float | None] = []
    for at, size in enumerate((3000, 800, 700, 600, 500, 400)):
        compared, _ = sides(rng, size, at % 2, points)
        ps += [p_of_outcome(comparison) for comparison in compared]
    called = [at for at, p in enumerate(discoveries(ps)) if p is not None and p <= RATE]
    return len(called), sum(at % len(OUTCOMES) > 0 for at in called)


def screens(rng: np.random.Generator, rates: tuple[float, ...]) -> tuple[bool, bool]:
    """One classification: does the interval hold the ratio to the highest, and does a plain interval to the highest counted?"""
    trials = np.array([150, 90, 200, 120])[: len(rates)]
    drawn = zip(rng.binomial(trials, rates), trials, strict=True)
    categories = [Side.of_people(int(successes), int(n)) for successes, n in drawn]
    truth = rates[0] / max(rates[1:])
    result = screen(categories[0], list(zip("abc", categories[1:], strict=False)), min_trials=ENOUGH)
    plain = interval_ratio(categories[0], max(categories[1:], key=lambda other: other.rate or 0))
    return (
        result is not None and result.low <= truth <= result.high,
        plain is not None and plain.low is not None and plain.low <= truth <= (plain.high or 0),
    )


def gaps(rng: np.random.Generator, effect: float) -> tuple[bool, bool]:
    """One history: do the adjusted interval and the interval of the gap as counted hold the gap at an equal mix?"""
    sector = rng.integers(0, 5, 900)
    group = (rng.random(900) < SECTOR_MEMBERS[sector]).astype(np.int64)
    rate = 1 / (1 + np.exp(-SECTOR_LOGITS[sector] - effect * group))
    has_outcome = (rng.random(900) < rate).astype(float)
    design = Design((Factor("sector", sector, 5), Factor("group", group, 2)), 900)
    fit = fit_logistic(design, has_outcome, np.ones(900))
    if fit is None:
        return False, False
    gap = marginal_gap(fit, design, np.ones(900), name="group")
    base = 1 / (1 + np.exp(-SECTOR_LOGITS[sector]))
    truth = float(np.mean(1 / (1 + np.exp(-SECTOR_LOGITS[sector] - effect)) - base))
    raw = has_outcome[group == 1].mean() - has_outcome[group == 0].mean()
    reach = Z95 * gap.error
    return abs(gap.value - truth) <= reach, abs(raw - truth) <= reach


def funnels(rng: np.random.Generator) -> Iterator[tuple[int, int]]:
    """Twenty equal providers of one history that serve different residents: (position adjusted, position as counted)."""
    lean = rng.normal(0, 1.2, 20)  # how far each provider leans to sectors with low rates
    provider = rng.integers(0, 20, 4000)
    shares = np.exp(lean[provider, None] * np.arange(5) / 3)
    sector = (rng.random(4000)[:, None] > np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)).sum(axis=1)
    has_outcome = (rng.random(4000) < 1 / (1 + np.exp(-SECTOR_LOGITS[sector]))).astype(float)
    design = Design((Factor("sector", sector, 5),), 4000)
    fit = fit_logistic(design, has_outcome, np.ones(4000))
    expected = fitted_rates(fit, design) if fit else np.full(4000, has_outcome.mean())
    for number in range(20):
        at = provider == number
        yield (
            _position(int(has_outcome[at].sum()), expected[at]),
            _position(int(has_outcome[at].sum()), np.full(at.sum(), has_outcome.mean())),
        )


def _position(successes: int, rates: Floats) -> int:
    """Return 0 within the 95% limits, 1 outside them, 2 outside the 99.8% limits."""
    limits = count_limits(rates, np.ones(len(rates)), tails=(0.025, 0.001))
    return sum(not low <= successes <= high for low, high in limits)


def spread_out(rng: np.random.Generator, spread: float, lower: int) -> tuple[int, int, int, int]:
    """Fifty-eight providers whose true rates vary around 70%, the first few lower by 20 points.

    Args:
        rng: The source of chance.
        spread: The standard deviation of the true rates, as a fraction.
        lower: How many are lower by 20 points.

    Returns:
        Of those that are not lower, how many lie outside the 99.8% limits as widened and as plain; of those that are, how many
        lie outside as widened and as plain.
    """
    trials = rng.integers(40, 400, 58)
    rates = np.clip(0.7 + rng.normal(0, spread, 58) - 0.2 * (np.arange(58) < lower), 0.02, 0.98)
    drawn = rng.binomial(trials, rates)
    overall = np.array([drawn.sum() / trials.sum()])
    factor = dispersion([(float(k), overall, np.array([float(n)])) for k, n in zip(drawn, trials, strict=True)])
    outside = np.zeros((2, 2), dtype=int)
    for at, (successes, n) in enumerate(zip(drawn.tolist(), trials.tolist(), strict=True)):
        (limits,) = count_limits(overall, np.array([float(n)]), tails=(0.001,))
        wide = widened(limits, mean=n * float(overall[0]), factor=factor, total=n)
        for column, (low, high) in enumerate((wide, limits)):
            outside[int(at < lower), column] += not low <= successes <= high
    return int(outside[0, 0]), int(outside[0, 1]), int(outside[1, 0]), int(outside[1, 1])


def picked(rng: np.random.Generator, spread: float) -> tuple[float, float]:
    """One page of 200 comparisons: the sum of the six largest differences called, as counted and as they truly are.

    spread: the standard deviation of the true differences, as a fraction.
    """
    true = rng.normal(0, spread, 200)
    inside = rng.binomial(150, np.clip(0.7 + true, 0, 1))
    outside = rng.binomial(600, 0.7, 200)
    compared = [
        Compared(Side.of_people(int(a), 150), Side.of_people(int(b), 600), 0)
        for a, b in zip(inside, outside, strict=True)
    ]
    adjusted = discoveries([p_of_outcome(comparison) for comparison in compared])
    shown = inside / 150 - outside / 600
    called = [at for at, p in enumerate(adjusted) if p is not None and p <= RATE]
    largest = sorted(called, key=lambda at: -abs(shown[at]))[:6]
    return float(np.abs(shown[largest]).sum()), float((true[largest] * np.sign(shown[largest])).sum())


def benchmarks(rng: np.random.Generator) -> tuple[bool, bool]:
    """A share equal to its benchmark, which has a margin of error: is it called with the margin, and as if it were exact?"""
    inside, estimate = int(rng.binomial(1500, 0.06)), float(rng.normal(0.06, 0.008))
    with_margin, exact = p_share(inside, 1500, estimate, error=0.008), p_share(inside, 1500, estimate)
    return with_margin is not None and with_margin <= RATE, exact is not None and exact <= RATE


def line(name: str, happened: int, count: int) -> None:
    """Print a share with its 95% interval."""
    low, high = wilson(happened, count) or (0.0, 1.0)
    print(f"    {name:78} {happened / count:7.1%}  ({low:.1%} to {high:.1%})")


def show_funnels(rng: np.random.Generator, count: int) -> None:
    """Print how often equal and unequal providers lie outside the limits."""
    places = np.array([position for _ in range(max(count // 10, 1)) for position in funnels(rng)])
    print("Equal providers that serve different residents: rates outside the limits (stated: 5% and 0.2%)")
    for column, name in enumerate(("adjusted for whom they serve", "not adjusted")):
        line(f"outside 95%, {name}", int((places[:, column] >= 1).sum()), len(places))
        line(f"outside 99.8%, {name}", int((places[:, column] == 2).sum()), len(places))
    print("Fifty-eight providers: outside the 99.8% limits, widened for overdispersion and plain")
    for spread, lower in ((0.0, 0), (0.05, 0), (0.0, 3), (0.05, 3)):
        outside = np.array([spread_out(rng, spread, lower) for _ in range(max(count // 4, 1))])
        runs = len(outside)
        name = f"true rates spread by {spread:.0%}, {lower} lower by 20 points"
        for column, kind in enumerate(("widened", "plain")):
            line(f"{name}: others outside, {kind}", int(outside[:, column].sum()), runs * (58 - lower))
            line(f"    pages with any of the others outside, {kind}", int((outside[:, column] > 0).sum()), runs)
            if lower:
                line(f"    the lower ones outside, {kind}", int(outside[:, 2 + column].sum()), runs * lower)


def main() -> int:
    """Run at the number of histories given and print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else HISTORIES
    rng = np.random.default_rng(1)
    page = np.array([pages(rng) for _ in range(count)]).sum(axis=0)
    print("No true difference: pages of about 200 comparisons on which anything is called (stated: at most 5%)")
    line("judged as one family", page[0], count)
    line("judged answer by answer", page[1], count)
    print(
        "Pages of 168 outcome comparisons on which some are true: share of the differences called that are not (stated: 5%)"
    )
    for points in (5, 10, 20):
        calls = np.array([mixed(rng, points) for _ in range(max(count // 2, 1))])
        false = float(np.mean(calls[:, 1] / np.maximum(calls[:, 0], 1)))
        print(f"    {f'lower by {points} points; called a page: {calls[:, 0].mean():.1f}':78} {false:7.1%}")
    print("Four-fifths: 95% intervals that hold the ratio to the highest rate")
    for rates in ((0.65, 0.8), (0.7, 0.7, 0.7, 0.7), (0.6, 0.75, 0.75, 0.74)):
        held = np.array([screens(rng, rates) for _ in range(4 * count)]).sum(axis=0)
        line(f"{len(rates)} categories, rates {rates}", held[0], 4 * count)
        line("    the same by a plain interval against the highest rate counted", held[1], 4 * count)
    print("A gap that sectors explain: 95% intervals that hold the gap at an equal mix")
    for effect in (0.0, -0.6):
        held = np.array([gaps(rng, effect) for _ in range(count)]).sum(axis=0)
        line(f"adjusted, effect {effect} on the log odds", held[0], count)
        line("    the gap as counted, with the same width", held[1], count)
    show_funnels(rng, count)
    print("The six largest differences called on a page of 200: their size as counted, over their true size")
    picks = np.random.default_rng(1)
    for spread in (0.04, 0.08):
        shown, true = np.array([picked(picks, spread) for _ in range(max(count // 10, 1))]).sum(axis=0)
        print(f"    {f'true differences spread by {spread:.0%}':78} {shown / true if true else float('nan'):7.2f}")
    called = np.array([benchmarks(rng) for _ in range(4 * count)]).sum(axis=0)
    print("A share equal to a benchmark with a margin of error: how often it is called different (stated: 5%)")
    line("with the margin", called[0], 4 * count)
    line("as if the benchmark were exact", called[1], 4 * count)
    return 0


if __name__ == "__main__":
    sys.exit(main())

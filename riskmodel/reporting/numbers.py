"""Every number of a card, through disclosure control and rounded once; sections only arrange what is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.results import CapacityPoint, DecisionPoint, Evaluation, HistogramBin, ModelResult
from riskmodel.reporting import wording
from riskmodel.reporting.disclosure import Bin, Policy, join, pool, rounded, share
from riskmodel.reporting.figures import WITHHELD, Figure, counted, measured, number, proportion, share_digits, shared
from riskmodel.reporting.suppression import Cells, withhold

#: At most this many thresholds of a decision curve are printed.
_DECISIONS_SHOWN = 11
#: So many whole percentages are enough to leave out thresholds between them.
_PLAIN_ENOUGH = 5


@dataclass(frozen=True)
class PrintedCapacity:
    """What happens when the top `share` of the list is picked. `is_capacity` marks the prototype's own."""

    share: float
    is_capacity: bool
    picked: Figure
    found: Figure
    precision: Figure
    recall: Figure
    needed_to_visit: Figure
    threshold: Figure

    @property
    def words(self) -> str:
        """Such as "Top 20%"."""
        return f"Top {100 * self.share:.3g}%"


@dataclass(frozen=True)
class PrintedPoint:
    """A group of neighbouring risks: cases, cases with the outcome, mean predicted risk, share that had it."""

    n: Figure
    events: Figure
    predicted: Figure
    observed: Figure


@dataclass(frozen=True)
class PrintedDecision:
    """Net benefit for each 100 cases at a threshold: of the model, of picking everybody, and the gain."""

    threshold: Figure
    model: Figure
    everybody: Figure
    gain: Figure


@dataclass(frozen=True)
class PrintedBar:
    """Cases whose predicted risk lies from `low` to `high`, and their share of all cases."""

    low: float
    high: float
    n: Figure
    share: Figure


@dataclass(frozen=True)
class PrintedModel:
    """The printed figures of one model or baseline."""

    name: str
    family: str
    metrics: Mapping[str, Figure]
    capacity: tuple[PrintedCapacity, ...]
    calibration: tuple[PrintedPoint, ...]
    smooth: tuple[tuple[float, float, float | None, float | None], ...]
    decisions: tuple[PrintedDecision, ...]
    histogram: tuple[PrintedBar, ...]

    @property
    def label(self) -> str:
        """The model in words."""
        return wording.model(self.name)

    def at_capacity(self) -> PrintedCapacity | None:
        """The point at the prototype's own capacity."""
        return next((point for point in self.capacity if point.is_capacity), None)


def printed_models(evaluation: Evaluation, policy: Policy) -> dict[str, PrintedModel]:
    """The figures of every model and baseline, the lead first."""
    order = sorted(evaluation.models, key=lambda name: name != evaluation.lead)
    n, events = evaluation.test["n"], evaluation.test["events"]
    return {name: _model(evaluation.models[name], n, events, policy) for name in order}


def _model(result: ModelResult, n: int, events: int, policy: Policy) -> PrintedModel:
    bins = calibration_bins(result, n, events, policy)
    ends = (bins[0].mean, bins[-1].mean) if bins else (1.0, 0.0)
    return PrintedModel(
        name=result.name,
        family=result.family,
        metrics={key: measured(e, digits=wording.metric(key).digits) for key, e in result.estimates.items()},
        capacity=_capacity(result, n, events, policy),
        calibration=tuple(_calibration(piece, policy) for piece in bins),
        smooth=tuple(
            (p.predicted, p.observed, p.low, p.high)
            for p in result.calibration_smooth
            if ends[0] <= p.predicted <= ends[1]
        ),
        decisions=_decisions(result.decision_curve, result.score_histogram, n, policy),
        histogram=_histogram(result.score_histogram, n, policy),
    )


def calibration_bins(result: ModelResult, n: int, events: int, policy: Policy) -> list[Bin]:
    """Tenths of the ranking, joined until each is large and none gives away what the list at capacity finds.

    The upper tenths are lists too. Where one differs from the list at capacity by a small count, it is joined with the
    next: what that list finds matters more than where a tenth ends.
    """
    bins = pool([_bin_of_curve(p.predicted, p.n or 0, p.events or 0) for p in result.calibration_curve], policy)
    point, points = result.at_capacity(), _usable(result, policy)
    if point is None or _name(point) in _hidden_in_capacity(points, (), n, events, policy):
        return bins
    while len(bins) > 1 and _name(point) in _hidden_in_capacity(points, _cuts(bins), n, events, policy):
        cuts = [length for length, _ in _cuts(bins)]
        nearest = min(range(len(cuts)), key=lambda place: abs(cuts[place] - point.n_selected))
        bins = _without_cut(bins, len(bins) - 1 - nearest)
    return bins


def _without_cut(bins: Sequence[Bin], place: int) -> list[Bin]:
    """The bins with the one at `place` joined with the one below it."""
    return [*bins[: place - 1], join(bins[place - 1], bins[place]), *bins[place + 1 :]]


def tenth_cuts(result: ModelResult, n: int, events: int, policy: Policy) -> list[tuple[float, float]]:
    """Cases, and cases with the outcome, above each printed tenth of the ranking: lists too, of other lengths."""
    return _cuts(calibration_bins(result, n, events, policy))


def _cuts(bins: Sequence[Bin]) -> list[tuple[float, float]]:
    sizes = accumulate(piece.n for piece in reversed(bins))
    return list(zip(sizes, accumulate(piece.events for piece in reversed(bins)), strict=True))[:-1]


def _capacity(result: ModelResult, n: int, events: int, policy: Policy) -> tuple[PrintedCapacity, ...]:
    """Points in order of length; `found` is withheld where subtracting one from another would leave a small count."""
    usable = _usable(result, policy)
    hidden = _hidden_in_capacity(usable, tenth_cuts(result, n, events, policy), n, events, policy)
    return tuple(_capacity_point(p, events, policy, hide=_name(p) in hidden) for p in usable)


def _usable(result: ModelResult, policy: Policy) -> list[CapacityPoint]:
    return sorted((p for p in result.capacity if p.n_selected >= policy.threshold), key=lambda p: p.share)


def _name(point: CapacityPoint) -> str:
    return f"found at {point.share:.6f}"


def _hidden_in_capacity(
    points: Sequence[CapacityPoint], tenths: Sequence[tuple[float, float]], n: int, events: int, policy: Policy
) -> set[str]:
    """Which counts of found cases to withhold: lists are nested, so their differences are counts of people too.

    A tenth of the ranking that is as long as a list, but for fewer cases than the threshold, is that list to a reader.
    """
    cuts = [(float(p.n_selected), _value(p.found.value), _name(p)) for p in points]
    apart = [cut for cut in tenths if all(abs(cut[0] - p.n_selected) >= policy.threshold for p in points)]
    cuts = sorted([*cuts, *((length, found, f"tenths of {length:g}") for length, found in apart)])
    cells: dict[str, float] = {}
    nested: dict[str, tuple[Cells, Cells]] = {}
    before_n = before_found = 0.0
    within: Cells = ()
    for length, hits, name in cuts:
        found = min(max(hits, before_found), events)
        yes, no = f"yes {name}", f"no {name}"
        cells[yes] = found - before_found
        cells[no] = max(length - before_n - cells[yes], 0.0)
        within = (*within, yes, no)
        nested[name] = (within, tuple(cell for cell in within if cell.startswith("yes")))
        before_n, before_found = length, found
    cells["yes rest"] = max(events - before_found, 0.0)
    cells["no rest"] = max(n - events - sum(v for name, v in cells.items() if name.startswith("no")), 0.0)
    figures: dict[str, Cells] = {"n": tuple(cells), "events": tuple(c for c in cells if c.startswith("yes"))}
    figures |= {f"picked {name}": both for name, (both, _) in nested.items()}
    figures |= {name: found for name, (_, found) in nested.items() if name.startswith("tenths")}
    same = {_name(p) for p in points if any(abs(cut[0] - p.n_selected) < policy.threshold for cut in tenths)}
    figures |= {f"tenths as {name}": nested[name][1] for name in same}
    keep = {name for name in figures if sum(cells[c] for c in figures[name]) >= policy.threshold}
    order = sorted(points, key=lambda p: (not p.is_capacity, -p.share))
    figures |= {_name(p): nested[_name(p)][1] for p in order}
    rest = [tuple(c for c in cells if c not in part) for pair in nested.values() for part in pair]
    return withhold(cells, figures, guarded=rest, keep=keep, policy=policy)


def _capacity_point(point: CapacityPoint, events: int, policy: Policy, *, hide: bool) -> PrintedCapacity:
    precision = recall = needed = WITHHELD
    if not hide:
        found = _value(point.found.value)
        precision = shared(found, point.n_selected, policy, low=point.precision.low, high=point.precision.high)
        recall = shared(found, events, policy, low=point.recall.low, high=point.recall.high)
        needed = _needed(point, precision)
    return PrintedCapacity(
        point.share,
        point.is_capacity,
        counted(point.n_selected, policy),
        WITHHELD if hide else counted(point.found.value, policy, whole=point.n_selected),
        precision,
        recall,
        needed,
        number(point.threshold, digits=2),
    )


def _needed(point: CapacityPoint, precision: Figure) -> Figure:
    if not precision.value:
        return WITHHELD
    return number(1 / precision.value, point.number_needed_to_visit.low, point.number_needed_to_visit.high, digits=1)


def _bin_of_curve(predicted: float, n: int, events: int) -> Bin:
    return Bin(predicted, predicted, n, events, predicted)


def _calibration(piece: Bin, policy: Policy) -> PrintedPoint:
    n, events = rounded(piece.n, policy), rounded(piece.events, policy)
    low, high = wilson(events, n)
    digits = share_digits(piece.mean, piece.n)
    return PrintedPoint(
        counted(piece.n, policy),
        counted(piece.events, policy, whole=piece.n),
        proportion(piece.mean, digits=max(digits, 1 if piece.mean < 0.1 else 0)),
        shared(piece.events, piece.n, policy, low=low, high=high),
    )


def _decisions(
    curve: Sequence[DecisionPoint], histogram: Sequence[HistogramBin], n: int, policy: Policy
) -> tuple[PrintedDecision, ...]:
    """An even selection of thresholds, to the exactness that rounding allows.

    Net benefit weighs cases rightly against cases wrongly picked, and the number picked is on the card too: together
    they would tell both. So at every threshold enough people with, and without, the outcome are picked, and left.
    """
    usable = [p for p in curve if _all_four_large(p.threshold, histogram, policy)]
    if len(usable) < 2:
        return ()
    plain = [p for p in usable if abs(100 * p.threshold - round(100 * p.threshold)) < 1e-6]
    if len(plain) >= _PLAIN_ENOUGH:
        usable = plain
    if len(usable) > _DECISIONS_SHOWN:
        step = (len(usable) - 1) / (_DECISIONS_SHOWN - 1)
        usable = [usable[round(place * step)] for place in range(_DECISIONS_SHOWN)]
    digits = 1 if n >= 100 * policy.rounding else 0
    return tuple(
        PrintedDecision(
            proportion(
                point.threshold, digits=0 if abs(100 * point.threshold - round(100 * point.threshold)) < 1e-6 else 1
            ),
            *(
                number(*(None if v is None else 100 * v for v in (e.value, e.low, e.high)), digits=digits)
                for e in (point.model, point.treat_all, point.gain)
            ),
        )
        for point in usable
    )


def _all_four_large(threshold: float, histogram: Sequence[HistogramBin], policy: Policy) -> bool:
    picked = [b for b in histogram if b.low >= threshold - 1e-9]
    left = [b for b in histogram if b.high <= threshold + 1e-9]
    cells = [
        part for bins in (picked, left) for part in (sum(b.events for b in bins), sum(b.n - b.events for b in bins))
    ]
    return min(cells) >= policy.threshold


def _histogram(bins: Sequence[HistogramBin], n: int, policy: Policy) -> tuple[PrintedBar, ...]:
    pieces = [Bin(b.low, b.high, b.n, b.events, (b.low + b.high) / 2) for b in bins]
    first = next((place for place, piece in enumerate(pieces) if piece.n), 0)
    return tuple(
        PrintedBar(piece.low, piece.high, counted(piece.n, policy), _of_all(piece.n, n, policy))
        for piece in pool(pieces[first:], policy, by_events=False)
    )


def _of_all(part: float, whole: float, policy: Policy) -> Figure:
    value = share(part, whole, policy)
    return WITHHELD if value is None else proportion(value, digits=share_digits(value, whole))


def _value(value: float | None) -> float:
    return 0.0 if value is None else float(value)

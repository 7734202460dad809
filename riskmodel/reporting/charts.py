"""Charts as functions: printed numbers in, one accessible inline SVG out. Nothing here computes or hides a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from riskmodel.reporting.svg import (
    LINE,
    STYLES,
    WIDTH,
    Frame,
    area,
    box,
    drawing,
    line,
    marker,
    path,
    percent_ticks,
    plain_tick,
    text,
    ticks,
    wrapped,
)


@dataclass(frozen=True)
class Point:
    """A point of a curve with the ends of its interval, where it has one."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Series:
    """A named curve; the order of series decides their dashes and markers."""

    label: str
    points: Sequence[Point]
    markers: bool = True


@dataclass(frozen=True)
class Row:
    """A row of a dot-and-interval or bar chart: what it is, its value, and how the value is printed.

    A row without a value prints its words only.
    """

    label: str
    value: float | None
    words: str
    low: float | None = None
    high: float | None = None
    emphasis: bool = False


def calibration(
    key: str,
    title: str,
    description: str,
    points: Sequence[Point],
    histogram: Sequence[tuple[float, float, float]],
    smooth: Sequence[Point] = (),
) -> str:
    """Predicted risk against what happened, with intervals, a smooth band, and how many cases there are at each risk.

    Parameters
    ----------
    key, title, description
        As for every chart: a unique id, what it is, what it shows.
    points
        Groups of cases: mean predicted risk, share with the outcome, interval.
    histogram
        (low, high, share of the cases) of stretches of predicted risk.
    smooth
        The smooth curve with its band; may be empty.

    Returns
    -------
    str
        An `<svg>` element.
    """
    top = max([p.x for p in points] + [p.high if p.high is not None else p.y for p in points] + [0.05])
    scale = ticks(0, min(top, 1.0))
    reach = scale[-1]
    frame = Frame(48, 34, WIDTH - 66, 300, (0, reach), (0, reach))
    parts = [frame.y_axis("Share who had the outcome", percent_ticks(scale))]
    band = [(p.x, p.low, p.high) for p in smooth if p.low is not None and p.high is not None]
    if band:
        upper = [frame.at(x, min(high, reach)) for x, _, high in band]
        lower = [frame.at(x, min(low, reach)) for x, low, _ in band]
        parts += [
            area(upper + lower[::-1]),
            path([frame.at(p.x, min(p.y, reach)) for p in smooth], name="s1", width=1.5),
        ]
    parts.append(line(*frame.at(0, 0), *frame.at(reach, reach), name="muted", dash="5 4", width=1.5))
    parts.append(text(frame.x(reach) - 4, frame.y(0) - 10, "dashed: exactly as predicted", anchor="end", muted=True))
    for point in points:
        parts.append(_whisker(frame, point, "s1"))
        parts.append(marker(*frame.at(point.x, min(point.y, reach)), "circle", name="s1"))
    parts.append(frame.x_axis("Predicted risk", percent_ticks(scale)))
    parts.append(_strip(histogram, Frame(48, 416, WIDTH - 66, 60, (0, reach), (0, _tallest(histogram)))))
    return drawing(key, title, description, 482, parts)


def curves(
    key: str,
    title: str,
    description: str,
    series: Sequence[Series],
    *,
    x_label: str,
    y_label: str,
    x_percent: bool = True,
    y_percent: bool = True,
    mark: float | None = None,
    mark_words: str = "",
    floor: float | None = None,
    bottom: float = 0.0,
) -> str:
    """One to four curves on shared axes, told apart by dashes, markers and a legend.

    Parameters
    ----------
    key, title, description
        As for every chart.
    series
        At most four curves.
    x_label, y_label
        What the axes show.
    x_percent, y_percent
        Whether the axis is a share printed as a percentage.
    mark, mark_words
        A place on the x axis to point out, such as the capacity, and its words.
    floor
        Curves are cut off where they fall below this.
    bottom
        Where the y axis starts, unless something lies lower.

    Returns
    -------
    str
        An `<svg>` element.
    """
    series = [_cut_off(one, floor) for one in series]
    every = [point for one in series for point in one.points]
    across = (min(p.x for p in every), max(p.x for p in every))
    lows = [p.low if p.low is not None else p.y for p in every]
    highs = [p.high if p.high is not None else p.y for p in every]
    up = ticks(min(bottom, *lows), max(highs))
    frame = Frame(48, LINE * len(series) + 42, WIDTH - 66, 260, across, (up[0], up[-1]))
    inside = [tick for tick in ticks(*across) if across[0] - 1e-9 <= tick <= across[1] + 1e-9]
    parts = [
        _legend(series),
        frame.y_axis(y_label, _labelled(up, y_percent)),
        frame.x_axis(x_label, _labelled(inside, x_percent)),
    ]
    if mark is not None:
        x, bottom = frame.x(mark), frame.top + frame.height
        right = x > WIDTH / 2
        parts.append(line(x, frame.top, x, bottom, name="muted", dash="3 3"))
        parts.append(
            text(x - 5 if right else x + 5, bottom - 8, mark_words, anchor="end" if right else "start", muted=True)
        )
    for place, one in reversed(list(enumerate(series))):
        parts.append(_curve(frame, one, place))
    return drawing(key, title, description, frame.top + frame.height + 52, parts)


def _cut_off(one: Series, floor: float | None) -> Series:
    """The curve above the floor; one that lies wholly below is named as such in the legend."""
    kept = _above(one.points, floor)
    return replace(one, points=kept, label=one.label if kept else f"{one.label}: lies below this chart")


def _above(points: Sequence[Point], floor: float | None) -> Sequence[Point]:
    """The part of a curve that lies above the floor, ending where it crosses it."""
    if floor is None:
        return points
    kept: list[Point] = []
    for before, point in zip([None, *points], points, strict=False):
        if point.y >= floor:
            low = None if point.low is None else max(point.low, floor)
            kept.append(replace(point, low=low))
        elif before is not None and before.y >= floor:
            part = (before.y - floor) / (before.y - point.y)
            kept.append(Point(before.x + part * (point.x - before.x), floor))
    return kept


def intervals(
    key: str,
    title: str,
    description: str,
    rows: Sequence[Row],
    *,
    axis: str,
    percent: bool = False,
    reference: float | None = None,
    reference_words: str = "",
    span: tuple[float, float] | None = None,
) -> str:
    """Rows of a dot on its interval, for comparing models or groups.

    Parameters
    ----------
    key, title, description
        As for every chart.
    rows
        What to compare, in order; names stand above their line so that long ones fit on a phone.
    axis
        What the scale shows.
    percent
        Whether values are shares.
    reference, reference_words
        A value to compare with, marked on every row, and its words.
    span
        A range that the scale must cover, so that several charts share one scale.

    Returns
    -------
    str
        An `<svg>` element.
    """
    known = [v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    known += [*([] if reference is None else [reference]), *(span or ())]
    scale = ticks(min(known, default=0.0), max(known, default=1.0))
    top = 24.0 if reference is not None else 4.0
    parts: list[str] = []
    places: list[tuple[float, Row]] = []
    height = top
    for row in rows:
        named, lines = wrapped(0, height + 14, row.label, characters=30 if row.words else 56, bold=row.emphasis)
        parts += [named, text(WIDTH, height + 14, row.words, anchor="end")]
        height += 4 + LINE * lines
        places.append((height + 8, row))
        height += 27
    frame = Frame(20, top, WIDTH - 42, height - top, (scale[0], scale[-1]), (0, 1))
    if reference is not None:
        x = frame.x(reference)
        parts += [line(x, y - 9, x, y + 9, name="muted", width=1.5, dash="3 2") for y, _ in places]
        anchor = "start" if x < WIDTH / 3 else "end" if x > 2 * WIDTH / 3 else "middle"
        parts.append(text(x, top - 10, reference_words, anchor=anchor, muted=True))
    parts += [_dot(frame, y, row) for y, row in places]
    parts.append(frame.x_axis(axis, _labelled(scale, percent)))
    return drawing(key, title, description, height + 52, parts)


def bars(key: str, title: str, description: str, rows: Sequence[Row]) -> str:
    """Horizontal bars from nought, each under its name.

    Parameters
    ----------
    key, title, description
        As for every chart.
    rows
        Values of at least 0, longest first or in the order of steps.

    Returns
    -------
    str
        An `<svg>` element.
    """
    longest = max((row.value or 0 for row in rows), default=0) or 1
    parts: list[str] = []
    height = 0.0
    for row in rows:
        named, lines = wrapped(0, height + 14, row.label, characters=48)
        parts += [named, text(WIDTH, height + 14, row.words, anchor="end")]
        height += 4 + LINE * lines
        parts.append(box(0, height + 2, WIDTH * (row.value or 0) / longest, 10, name="s3" if row.emphasis else "s1"))
        height += 22
    return drawing(key, title, description, height, parts)


def hundred(key: str, title: str, description: str, filled: int) -> str:
    """A hundred squares, so many of them filled: a share that anybody can count.

    Parameters
    ----------
    key, title, description
        As for every chart.
    filled
        How many of the hundred are filled.

    Returns
    -------
    str
        An `<svg>` element.

    Examples
    --------
    >>> hundred("h", "t", "d", 52).count('class="s1-fill"')
    52
    """
    side, gap = 17.0, 4.0
    parts = []
    for n in range(100):
        x, y = 1 + (n % 20) * (side + gap + 1.9), 1 + (n // 20) * (side + gap)
        parts.append(box(x, y, side, side, name="s1" if n < filled else "muted", hollow=n >= filled))
    return drawing(key, title, description, 5 * (side + gap), parts)


def _whisker(frame: Frame, point: Point, name: str) -> str:
    if point.low is None or point.high is None:
        return ""
    ends = [min(max(end, frame.y_range[0]), frame.y_range[1]) for end in (point.low, point.high)]
    return line(frame.x(point.x), frame.y(ends[0]), frame.x(point.x), frame.y(ends[1]), name=name, width=1.5)


def _strip(histogram: Sequence[tuple[float, float, float]], frame: Frame) -> str:
    parts = [text(0, frame.top - 8, "How many cases have each predicted risk", muted=True)]
    bottom = frame.top + frame.height
    for low, high, height in histogram:
        left, right = frame.x(max(low, 0.0)), frame.x(min(high, frame.x_range[1]))
        if right > left:
            parts.append(box(left + 0.5, frame.y(height), right - left - 1, bottom - frame.y(height), name="s3"))
    parts.append(line(frame.left, bottom, frame.left + frame.width, bottom, name="muted"))
    return "".join(parts)


def _tallest(histogram: Sequence[tuple[float, float, float]]) -> float:
    return max((height for _, _, height in histogram), default=0.0) or 1.0


def _legend(series: Sequence[Series]) -> str:
    parts = []
    for place, one in enumerate(series):
        name, _, dash, shape = STYLES[place]
        y = 9 + LINE * place
        parts.append(line(0, y, 34, y, name=name, width=2, dash=dash))
        if one.markers:
            parts.append(marker(17, y, shape, name=name))
        parts.append(text(42, y + 5, one.label))
    return "".join(parts)


def _curve(frame: Frame, one: Series, place: int) -> str:
    name, _, dash, shape = STYLES[place]
    parts = []
    band = [(p.x, p.low, p.high) for p in one.points if p.low is not None and p.high is not None]
    if band and not one.markers:
        upper, lower = [frame.at(x, high) for x, _, high in band], [frame.at(x, low) for x, low, _ in band]
        parts.append(area(upper + lower[::-1]))
    elif place == 0:
        parts += [_whisker(frame, point, name) for point in one.points]
    parts.append(path([frame.at(p.x, p.y) for p in one.points], name=name, dash=dash))
    if one.markers:
        parts += [marker(*frame.at(p.x, p.y), shape, name=name) for p in one.points]
    return "".join(parts)


def _dot(frame: Frame, y: float, row: Row) -> str:
    name, shape = ("s1", "circle") if not row.emphasis else ("s2", "diamond")
    parts = [line(frame.left, y, frame.left + frame.width, y)]
    if row.low is not None and row.high is not None:
        parts.append(line(frame.x(row.low), y, frame.x(row.high), y, name=name, width=2.5))
    if row.value is not None:
        parts.append(marker(frame.x(row.value), y, shape, name=name, size=5.5))
    return "".join(parts)


def _labelled(values: Sequence[float], percent: bool) -> list[tuple[float, str]]:
    return percent_ticks(values) if percent else [(value, plain_tick(value)) for value in values]

"""Small pieces of SVG: escaped text, shapes with a class for the page's colours, axes, and the frame of a chart."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: Width of every chart in its own units. Narrow, so that text stays readable when a phone shrinks it.
WIDTH = 460
#: Height of a line of chart text, and the width of one of its characters, rather too much than too little.
LINE = 19
CHARACTER = 10

#: Strokes that differ in more than colour: class, colour on white, dashes, marker.
STYLES = (
    ("s1", "#1d4f91", "", "circle"),
    ("s2", "#a8480b", "7 4", "square"),
    ("s3", "#4d5560", "2 3", "diamond"),
    ("s4", "#2c6e49", "10 3 2 3", "triangle"),
)
INK, MUTED, RULE, BAND = "#1b1f24", "#4d5560", "#c3c8ce", "#dbe6f4"


def drawing(key: str, title: str, description: str, height: float, parts: Sequence[str]) -> str:
    """One complete `<svg>` that says what it shows to those who cannot see it.

    Parameters
    ----------
    key
        Unique in the page; the ids of title and description start with it.
    title, description
        What it is, and what it shows.
    height
        In units of which the width has `WIDTH`.
    parts
        The elements inside.
    """
    return (
        f'<svg class="chart" role="img" aria-labelledby="{key}-title {key}-desc" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" font-size="15">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", muted: bool = False, bold: bool = False) -> str:
    """Words at a place; nothing where there are none."""
    if not words:
        return ""
    weight = ' font-weight="600"' if bold else ""
    name, colour = ("muted", MUTED) if muted else ("ink", INK)
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{name}" {place} fill="{colour}"{weight}>{escape(words)}</text>'


def wrapped(x: float, y: float, words: str, *, characters: int, bold: bool = False) -> tuple[str, int]:
    """Words over as many lines as they need, and the number of lines."""
    lines = textwrap.wrap(words, characters) or [""]
    return "".join(text(x, y + LINE * n, line, bold=bold) for n, line in enumerate(lines)), len(lines)


def line(x1: float, y1: float, x2: float, y2: float, *, name: str = "rule", width: float = 1, dash: str = "") -> str:
    """A straight line in the colour of a class."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line class="{name}-line" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{_colour(name)}" stroke-width="{width:g}"{dashes}/>'
    )


def path(points: Sequence[tuple[float, float]], *, name: str, dash: str = "", width: float = 2) -> str:
    """A line through points."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline class="{name}-line" points="{_points(points)}" fill="none" stroke="{_colour(name)}" '
        f'stroke-width="{width:g}"{dashes}/>'
    )


def area(points: Sequence[tuple[float, float]], *, name: str = "band") -> str:
    """A filled shape without an outline."""
    return f'<polygon class="{name}-fill" points="{_points(points)}" fill="{_colour(name)}"/>'


def box(x: float, y: float, width: float, height: float, *, name: str = "s1", hollow: bool = False) -> str:
    """A rectangle, filled or only outlined."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"'
    if hollow:
        return f'<rect class="{name}-line" {place} fill="none" stroke="{_colour(name)}" stroke-width="1.5"/>'
    return f'<rect class="{name}-fill" {place} fill="{_colour(name)}"/>'


def marker(x: float, y: float, shape: str, *, name: str, size: float = 4.5) -> str:
    """A dot of one of four shapes, so that series differ without colour."""
    fill = f'class="{name}-fill" fill="{_colour(name)}"'
    if shape == "circle":
        return f'<circle {fill} cx="{x:.1f}" cy="{y:.1f}" r="{size:g}"/>'
    shapes: dict[str, list[tuple[float, float]]] = {
        "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
        "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
        "triangle": [(0, -1.2), (1.2, 1), (-1.2, 1)],
    }
    corners = [(x + size * a, y + size * b) for a, b in shapes[shape]]
    return f'<polygon {fill} points="{_points(corners)}"/>'


@dataclass(frozen=True)
class Frame:
    """The plotting area of a chart and the scales of its axes."""

    left: float
    top: float
    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    def x(self, value: float) -> float:
        """Where a value lies across."""
        low, high = self.x_range
        return self.left + self.width * (value - low) / (high - low)

    def y(self, value: float) -> float:
        """Where a value lies from the top."""
        low, high = self.y_range
        return self.top + self.height * (1 - (value - low) / (high - low))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies."""
        return self.x(x), self.y(y)

    def x_axis(self, label: str, ticks: Sequence[tuple[float, str]]) -> str:
        """Ticks, their words and the label underneath."""
        bottom = self.top + self.height
        parts = [line(self.left, bottom, self.left + self.width, bottom, name="muted")]
        for value, words in ticks:
            middle = min(self.x(value), WIDTH - CHARACTER * len(words) / 2)  # words at the end stay inside
            parts += [
                line(self.x(value), bottom, self.x(value), bottom + 4, name="muted"),
                text(middle, bottom + 20, words, anchor="middle", muted=True),
            ]
        parts.append(text(self.left + self.width / 2, bottom + 41, label, anchor="middle"))
        return "".join(parts)

    def y_axis(self, label: str, ticks: Sequence[tuple[float, str]]) -> str:
        """Grid lines, their words, and the label above (turned text is hard to read)."""
        parts = [text(0, self.top - 14, label)]
        for value, words in ticks:
            parts += [
                line(self.left, self.y(value), self.left + self.width, self.y(value)),
                text(self.left - 6, self.y(value) + 5, words, anchor="end", muted=True),
            ]
        return "".join(parts)


def ticks(low: float, high: float, *, most: int = 6) -> list[float]:
    """Round numbers that cover a range, at most `most` of them where that can be.

    Examples
    --------
    >>> ticks(0, 0.37), ticks(-0.02, 0.11)
    ([0.0, 0.1, 0.2, 0.3, 0.4], [-0.05, 0.0, 0.05, 0.1, 0.15])

    A range without extent gets one, so that a chart whose values are all alike can be drawn.

    >>> ticks(0, 0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    if high - low < 1e-9:
        high = low + 1
    span = high - low
    power = 10.0 ** math.floor(math.log10(span))
    for base in (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10):
        step = base * power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first < most:
            break
    return [round(step * n, 10) + 0.0 for n in range(first, last + 1)]


def percent_ticks(values: Sequence[float]) -> list[tuple[float, str]]:
    """Tick values with their words as percentages."""
    return [(value, f"{100 * value:.3g}%") for value in values]


def plain_tick(value: float) -> str:
    """A tick value in words, thousands parted.

    Examples
    --------
    >>> plain_tick(4000.0), plain_tick(0.25), plain_tick(-2.0)
    ('4,000', '0.25', '-2')
    """
    return f"{value:,.0f}" if abs(value) >= 1_000 and value == round(value) else f"{value:g}"


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _colour(name: str) -> str:
    named = {"ink": INK, "muted": MUTED, "rule": RULE, "band": BAND}
    return named.get(name) or {style[0]: style[1] for style in STYLES}[name]

"""Small charts side by side on the same scale: one curve with its band in each, beside the diagonal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.reporting.charts import Point
from riskmodel.reporting.svg import LINE, WIDTH, Frame, area, drawing, line, path, percent_ticks, text, ticks, wrapped

#: Charts in a row, the height of one without its heading, and characters of a heading's line.
_ACROSS, _HEIGHT, _CHARACTERS = 2, 150, 23


@dataclass(frozen=True)
class Panel:
    """One small chart: its heading and the points of its curve, with a band."""

    label: str
    points: Sequence[Point]


def calibration_panels(key: str, title: str, description: str, panels: Sequence[Panel]) -> str:
    """Draw predicted risk against the share with the outcome, a small chart a group, all on one scale.

    Parameters
    ----------
    key, title, description
        As for every chart (`riskmodel.reporting.charts`).
    panels
        At least one.

    Returns
    -------
    str
        An `<svg>` element.
    """
    top = max(end for panel in panels for p in panel.points for end in (p.x, p.y, p.high or 0.0))
    scale = ticks(0, min(top, 1.0), most=5)
    width = WIDTH / _ACROSS
    parts, y = [], 0.0
    for first in range(0, len(panels), _ACROSS):
        row = panels[first : first + _ACROSS]
        headings = [wrapped(place * width + 4, y + 18, one.label, characters=_CHARACTERS, bold=True)
                    for place, one in enumerate(row)]  # fmt: skip
        y += LINE * max(lines for _, lines in headings) + 18
        for place, (one, (heading, _)) in enumerate(zip(row, headings, strict=True)):
            parts += [heading, _panel(one, Frame(place * width + 50, y, width - 72, _HEIGHT, *_scales(scale)), scale)]
        y += _HEIGHT + 34
    for said in ("Across: predicted risk. Up: share who had the outcome.", "Dashed: exactly as predicted."):
        parts.append(text(0, y + 14, said, muted=True))
        y += LINE
    return drawing(key, title, description, y + 6, parts)


def _scales(scale: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float]]:
    return (0.0, scale[-1]), (0.0, scale[-1])


def _panel(panel: Panel, frame: Frame, scale: Sequence[float]) -> str:
    reach = scale[-1]
    band = [(p.x, p.low, p.high) for p in panel.points if p.low is not None and p.high is not None]
    upper = [frame.at(x, min(high, reach)) for x, _, high in band]
    lower = [frame.at(x, min(low, reach)) for x, low, _ in band]
    drawn = [frame.y_axis("", percent_ticks(scale)), frame.x_axis("", percent_ticks(scale))]
    if band:
        drawn.append(area(upper + lower[::-1]))
    drawn.append(line(*frame.at(0, 0), *frame.at(reach, reach), name="muted", dash="5 4", width=1.5))
    drawn.append(path([frame.at(p.x, min(p.y, reach)) for p in panel.points], name="s1"))
    return "".join(drawn)

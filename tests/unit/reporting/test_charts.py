"""Charts: well-formed, described in words, and drawn from what they are given and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.reporting import charts
from riskmodel.reporting.charts import Point, Row, Series
from riskmodel.reporting.svg import ticks

SVG = "{http://www.w3.org/2000/svg}"
CURVE = [Point(0.05, 0.06, 0.02, 0.09), Point(0.2, 0.18, 0.12, 0.25), Point(0.5, 0.55, 0.4, 0.7)]
ROWS = [
    Row("Logistic <regression>", 0.7, "0.70 (0.66 to 0.74)", 0.66, 0.74, emphasis=True),
    Row("Nobody", None, "withheld"),
]
DRAWN = {
    "calibration": charts.calibration("k", "T", "D", CURVE, [(0, 0.1, 0.6), (0.1, 0.6, 0.4)], CURVE),
    "curves": charts.curves(
        "k", "T", "D", [Series("a & b", CURVE)], x_label="x", y_label="y", mark=0.2, mark_words="here"
    ),
    "intervals": charts.intervals("k", "T", "D", ROWS, axis="AUROC", reference=0.5, reference_words="chance"),
    "bars": charts.bars(
        "k", "T", "D", [Row("A long name that has to be broken over two lines of the chart", 0.3, "30%")]
    ),
    "hundred": charts.hundred("k", "T", "D", 41),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_well_formed_and_says_what_it_shows(name: str) -> None:
    drawn = ET.fromstring(DRAWN[name])
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == "k-title k-desc"
    assert [drawn.find(SVG + tag).text for tag in ("title", "desc")] == ["T", "D"]
    assert [drawn.find(SVG + tag).get("id") for tag in ("title", "desc")] == ["k-title", "k-desc"]


@pytest.mark.parametrize("name", DRAWN)
def test_every_shape_has_a_class_for_dark_pages_and_a_colour_for_paper(name: str) -> None:
    for element in ET.fromstring(DRAWN[name]).iter():
        if element.tag.removeprefix(SVG) in ("line", "polyline", "polygon", "rect", "circle", "text"):
            assert element.get("class")
            assert element.get("fill", "none") != "none" or element.get("stroke")


def test_a_row_without_a_value_is_named_and_not_drawn() -> None:
    drawn = ET.fromstring(DRAWN["intervals"])
    words = [text.text for text in drawn.iter(SVG + "text")]
    assert "withheld" in words
    assert "Logistic <regression>" in words
    dots = [shape for shape in drawn.iter() if shape.tag in (SVG + "circle", SVG + "polygon")]
    assert len(dots) == 1


def test_dots_lie_where_their_values_say() -> None:
    rows = [Row("a", 0.2, ""), Row("b", 0.4, ""), Row("c", 0.6, "")]
    drawn = ET.fromstring(charts.intervals("k", "T", "D", rows, axis="x"))
    places = [float(dot.get("cx", 0)) for dot in drawn.iter(SVG + "circle")]
    assert places[2] - places[1] == pytest.approx(places[1] - places[0], abs=0.2)
    bars = ET.fromstring(charts.bars("k", "T", "D", [Row("a", 0.4, ""), Row("b", 0.1, "")]))
    widths = [float(bar.get("width", 0)) for bar in bars.iter(SVG + "rect")]
    assert widths[0] == pytest.approx(4 * widths[1], rel=0.01)


def test_a_curve_ends_where_it_crosses_the_floor() -> None:
    falling = Series("falls", [Point(0, 1), Point(1, -1), Point(2, -3)], markers=False)
    deep = Series("deep", [Point(0, -5), Point(2, -9)], markers=False)
    drawn = charts.curves("k", "T", "D", [falling, deep], x_label="x", y_label="y", floor=0.0)
    lines = [line.get("points", "").split() for line in ET.fromstring(drawn).iter(SVG + "polyline")]
    assert sorted(len(points) for points in lines) == [0, 2]
    assert "deep: lies below this chart" in drawn


@given(low=st.floats(-100, 100), span=st.floats(1e-4, 200))
def test_ticks_cover_the_range_evenly_and_are_few(low: float, span: float) -> None:
    marks = ticks(low, low + span)
    assert marks[0] <= low + 1e-6 * span
    assert marks[-1] >= low + span - 1e-6 * span
    assert 2 <= len(marks) <= 7
    steps = [after - before for before, after in pairwise(marks)]
    assert min(steps) == pytest.approx(max(steps), rel=1e-3, abs=1e-9)

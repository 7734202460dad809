"""Any document prints as a whole page, escaped, in all three formats."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from riskmodel.reporting.document import Callout, Chart, Document, Facts, Folded, Points, Section, Text, table
from riskmodel.reporting.figures import WITHHELD, counted, shared
from riskmodel.reporting.markdown import document_markdown
from riskmodel.reporting.page import document_html, render
from riskmodel.reporting.plain import document_plain
from tests.unit.reporting import reading

ROWS = [("First", counted(162), shared(162, 812)), ("Last", WITHHELD, WITHHELD)]
BANDS = table("bands", "Cases by band", ("Band", "Cases", "Share"), ROWS)
USE = (Callout("stop", "Never", "Sanctions."), Points(("one", "two"), "Some:"), Facts((("Owner", "Early Years"),)))
TOTALS = (Text("a < b & c"), BANDS, Folded("More", replace(BANDS, key="more", caption="More")))
SECTIONS = (Section("totals", "Totals", TOTALS, "front"), Section("use", "Use", USE, "front"))
PAGE = Document("Ward page", "How many", "Invented data.", SECTIONS)


def test_a_page_of_another_kind_is_printed_with_the_same_frame() -> None:
    page = document_html(PAGE)
    read = reading.page(page)
    assert read.tables["Cases by band"][1] == ["First", "160", "20%"]
    assert read.tables["Cases by band"][2] == ["Last", "withheld", "withheld"]
    assert "a &lt; b &amp; c" in page
    assert page.startswith("<!DOCTYPE html>")
    assert [tag for tag, _ in read.elements if tag in ("header", "main", "footer", "nav", "h1")] == [
        "header", "h1", "main", "nav", "footer",
    ]  # fmt: skip


def test_markdown_and_json_hold_the_same() -> None:
    assert reading.markdown_tables(document_markdown(PAGE))["Cases by band"][1] == ["First", "160", "20%"]
    plain = document_plain(PAGE)
    assert reading.json_tables(plain)["Cases by band"][1] == ["First", "160", "20%"]
    assert document_markdown(PAGE).splitlines()[2] == "> **Invented data.**"


def test_a_page_without_a_banner_has_none() -> None:
    plain = Document("T", "S", "", PAGE.sections)
    assert 'class="banner"' not in document_html(plain)
    assert "> **Invented" not in document_markdown(plain)


def test_a_table_with_ragged_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="same number"):
        table("k", "c", ("a", "b"), [("one",)])


def test_a_template_that_asks_for_what_is_not_there_fails() -> None:
    with pytest.raises(UndefinedError):
        render("document.html.j2")


def test_a_table_that_a_chart_shows_whole_is_kept_on_the_screen_and_left_out_on_paper() -> None:
    drawn = replace(BANDS, key="drawn", caption="Drawn", note="A note.", drawn=True)
    chart = Chart("bars", "Bars", "Three.", "<svg></svg>", (drawn, replace(BANDS, key="kept", caption="Kept")))
    shown = Document("T", "S", "", (Section("a", "A", (chart,)),))
    page = document_html(shown)
    assert re.findall(r'class="scroll( drawn)?[^>]*aria-labelledby="table-(\w+)"', page) == [
        (" drawn", "drawn"),
        ("", "kept"),
    ]
    assert '<p class="note drawn">A note.</p>' in page
    on_paper = page.partition("@media print")[2]
    assert re.search(r"\.drawn \{ display: none; \}", on_paper)
    assert ".drawn {" not in page.partition("@media print")[0]
    assert reading.page(page).tables["Drawn"] == reading.markdown_tables(document_markdown(shown))["Drawn"]
    assert reading.json_tables(document_plain(shown))["Drawn"][1] == ["First", "160", "20%"]


def test_a_fold_whose_table_says_the_same_has_its_title_once_on_paper() -> None:
    page = document_html(PAGE)
    assert '<summary class="again">More</summary>' in page
    assert ".again { display: none; }" in page.partition("@media print")[2]

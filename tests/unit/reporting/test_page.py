"""Any document prints as a whole page, escaped, in all three formats."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from riskmodel.reporting.document import Callout, Document, Facts, Folded, Points, Section, Text, table
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

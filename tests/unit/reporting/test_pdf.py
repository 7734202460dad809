"""The card as a PDF: tagged for screen readers, the same bytes each time, whole or refused, nothing from outside."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from riskmodel.errors import PdfError
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.markdown import PARTS
from riskmodel.reporting.pdf import page_pdf
from tests.unit.reporting.made_up import inputs
from tests.unit.reporting.written import written

if TYPE_CHECKING:
    from pypdf import PdfReader

SHORT = '<!DOCTYPE html><html lang="en-GB"><head><title>Short</title></head><body><h1>Short</h1>{}</body></html>'


@pytest.fixture(scope="module")
def drawing() -> None:
    """Without WeasyPrint or Pango the tests are skipped on a desk and fail in continuous integration."""
    try:
        page_pdf(SHORT.format(""))
    except PdfError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def card() -> ModelCard:
    made = inputs()
    return ModelCard.compose(
        made.prototype, made.evaluation, made.matrix, made.warehouse, made.training, statements=written()
    )


@pytest.fixture(scope="module")
def saved(drawing: None, card: ModelCard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The saved card.pdf, drawn while every connection is refused."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _refused)
        patch.setattr(socket, "getaddrinfo", _refused)
        paths = card.save(tmp_path_factory.mktemp("cards"), pdf=True)
    assert [path.name for path in paths] == ["card.html", "card.md", "card.json", "card.pdf"]
    return paths[-1]


@pytest.fixture(scope="module")
def reader(saved: Path) -> PdfReader:
    from pypdf import PdfReader

    return PdfReader(BytesIO(saved.read_bytes()))


@pytest.mark.slow
def test_the_pdf_says_that_it_is_pdf_ua_and_in_which_language(reader: PdfReader, card: ModelCard) -> None:
    root: Any = reader.trailer["/Root"]
    assert re.search(r'pdfuaid:part(="|>)1\b', root["/Metadata"].get_object().get_data().decode())
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == card.document.title
    assert "/CreationDate" not in reader.metadata


@pytest.mark.slow
def test_the_front_takes_two_sheets_and_the_evidence_starts_on_the_third(reader: PdfReader) -> None:
    starts = [place for place, page in enumerate(reader.pages) if PARTS["annex"] in page.extract_text()]
    assert starts[0] == 2 < len(reader.pages) - 1


@pytest.mark.slow
def test_every_section_table_and_drawing_is_tagged(reader: PdfReader, card: ModelCard) -> None:
    tags = list(_tags(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    names = [tag["/S"] for tag in tags]
    assert names.count("/H1") == 1
    assert names.count("/H2") == len(card.document.sections)
    assert names.count("/Table") >= sum(not table.drawn for table in card.document.tables())
    drawings = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert len(drawings) == card.html().count("<svg")
    assert all(tag.get("/Alt") for tag in drawings)


@pytest.mark.slow
def test_the_pdf_prints_what_is_folded_on_the_screen_but_not_what_a_chart_shows(
    reader: PdfReader, card: ModelCard
) -> None:
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    tables = list(card.document.tables())
    printed = {table.key for table in tables if re.sub(r"\s+", "", table.caption) in text}
    assert {table.key for table in tables if not table.drawn} <= printed
    left_out = {table.key for table in tables if table.drawn} - printed
    assert {"calibration-logistic-points", "calibration-logistic-spread"} <= left_out
    assert re.sub(r"\s+", "", "on paper, tables that only repeat a chart are left out") in text


def test_the_same_page_gives_the_same_bytes_and_another_page_another_identifier(drawing: None) -> None:
    first, second, other = (page_pdf(SHORT.format(text)) for text in ("<p>One</p>", "<p>One</p>", "<p>Two</p>"))
    assert first == second
    assert _identifier(first) != _identifier(other)


@pytest.mark.parametrize(
    "outside",
    [
        '<img src="https://example.org/picture.png" alt="">',
        '<img src="file:///etc/hostname" alt="">',
        '<link rel="stylesheet" href="https://example.org/style.css">',
        "<style>@import url(https://example.org/style.css);</style>",
    ],
)
def test_a_page_that_asks_for_something_outside_itself_is_refused(drawing: None, outside: str) -> None:
    with pytest.raises(PdfError, match="outside itself"):
        page_pdf(SHORT.format(outside))


def test_without_the_extra_the_error_says_how_to_get_it_and_nothing_is_written(
    card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfError, match=r'pip install "riskmodel\[pdf\]".*browser'):
        card.save(tmp_path, pdf=True)
    assert list(tmp_path.iterdir()) == []


def test_without_pango_the_error_says_which_packages_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(PdfError, match=r"Pango.*libpangoft2.*browser"):
        page_pdf(SHORT.format(""))


def test_a_card_saved_without_a_pdf_leaves_no_older_one(card: ModelCard, tmp_path: Path) -> None:
    folder = card.save(tmp_path)[0].parent
    (folder / "card.pdf").write_bytes(b"of another model")
    card.save(tmp_path)
    assert not (folder / "card.pdf").exists()


def _tags(node: Any) -> Iterator[Any]:
    """Every element of the tree of tags."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from _tags(one)
    elif isinstance(node, dict) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _tags(node["/K"])


def _identifier(pdf: bytes) -> Any:
    from pypdf import PdfReader

    return PdfReader(BytesIO(pdf)).trailer["/ID"]


def _refused(*_: object, **__: object) -> None:
    raise AssertionError("the network was asked for something")

"""Readers of the three formats of a card, for tests that compare them and for attacks on what they print."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

Tables = dict[str, list[list[str]]]


class _Page(HTMLParser):
    """Collects tables by caption, words outside of style sheets, and the elements with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: Tables = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self._caption, self._row, self._cell = "", [""], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "caption":
            self._caption = ""
        if tag == "tr":
            self._row = []
        if tag in ("td", "th"):
            self._cell = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open and self._open.pop() != tag:
                pass
        if tag in ("td", "th"):
            self._row.append(" ".join(self._cell.split()))
        if tag == "tr":
            self.tables.setdefault(" ".join(self._caption.split()), []).append(self._row)

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.words.append(data)
        if "caption" in self._open:
            self._caption += data
        if "td" in self._open or "th" in self._open:
            self._cell += data


def page(text: str) -> _Page:
    """A parsed HTML page."""
    read = _Page()
    read.feed(text)
    return read


def markdown_tables(text: str) -> Tables:
    """Tables of a Markdown file by the heading above them."""
    tables: Tables = {}
    caption = ""
    for line in text.splitlines():
        if line.startswith("### "):
            caption = _plain(line[4:])
        elif line.startswith("|") and not re.fullmatch(r"[|:-]+", line):
            cells = re.split(r"(?<!\\)\|", line.strip())[1:-1]
            tables.setdefault(caption, []).append([_plain(cell.strip()) for cell in cells])
    return tables


def json_tables(card: dict[str, Any]) -> Tables:
    """Tables of a JSON card by caption, with the words of every cell."""
    return {
        t["caption"]: [t["columns"], *([_said(cell) for cell in row] for row in t["rows"])] for t in raw_tables(card)
    }


def raw_tables(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Tables of a JSON card as they stand, wherever they are."""
    found: list[dict[str, Any]] = []
    for section in card["sections"]:
        for block in section["blocks"]:
            found += block.get("tables", [])
            found += [block["table"]] if "table" in block else [block] if block["kind"] == "table" else []
    return found


def figures(card: Any) -> list[dict[str, Any]]:
    """Every figure of a JSON card."""
    if isinstance(card, dict):
        own = [card] if {"text", "value", "kind"} <= set(card) else []
        return own + [f for value in card.values() for f in figures(value)]
    return [f for value in card for f in figures(value)] if isinstance(card, list) else []


def _said(cell: Any) -> str:
    return cell["text"] if isinstance(cell, dict) else cell


def _plain(words: str) -> str:
    return html.unescape(re.sub(r"\\(.)", r"\1", words))

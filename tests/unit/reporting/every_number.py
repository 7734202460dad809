"""Every number of a card, section by section, as each of its formats prints it, and where a sentence took it from."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

#: A number that stands for itself: not a part of a word, a fingerprint or an address.
NUMBER = re.compile(r"(?<![\w./])-?\d+(?:,\d{3})*(?:\.\d+)*%?(?![\w/]|-\w)")
#: Numbers that are conventions of the methods and not results: intervals, chance, limits that are explained; and the
#: number of a field of the ATRS.
CONVENTIONS = {
    "95%", "97.5%", "100%", "0%", "0.5", "0.05", "0.10", "0.7", "0.65", "1%", "0.8", "1.25", "90%", "10%", "2.4",
}  # fmt: skip

Numbers = dict[str, list[str]]


def in_html(page: str) -> Numbers:
    """Numbers of each section of a page, outside of charts and of what folds a table away."""
    return {key: NUMBER.findall(words) for key, words in _page(page).words.items()}


def in_markdown(text: str, keys: list[str]) -> Numbers:
    """Numbers of each section of a Markdown card whose sections are `keys`, in order."""
    body = re.split(r"^## ", text.partition("\n---\n")[2] or text, flags=re.M)[1:]
    assert len(body) == len(keys)
    return {key: NUMBER.findall(_plain(part)) for key, part in zip(keys, body, strict=True)}


def in_json(card: dict[str, Any]) -> Numbers:
    """Numbers of each section of a JSON card."""
    return {s["key"]: NUMBER.findall(" ".join([s["title"], *_words(s["blocks"])])) for s in card["sections"]}


def folded_titles(page: str) -> list[str]:
    """What stands on the tables that a page folds away, outside of figures and the contents."""
    return _page(page).summaries


def in_charts(page: str) -> dict[str, list[str]]:
    """The words inside of each chart, by the id of its caption."""
    return _page(page).charts


def sources(card: dict[str, Any]) -> set[str]:
    """What a sentence may repeat: printed figures, in hundredths too, and all that was declared or counted in words."""
    found: set[str] = set()
    for figure in _figures(card["sections"]):
        found |= set(NUMBER.findall(figure["text"]))
        for value in (figure["value"], figure["low"], figure["high"]):
            if value is not None and figure["kind"] == "share":
                hundredths = round(100 * value)
                found |= {str(hundredths), str(100 - hundredths), f"{hundredths}%", f"{100 - hundredths}%"}
            elif value is not None:
                found |= {f"{value:.{digits}f}" for digits in range(3)}
                found.add(f"{100 * value:.1f}")
    for section in card["sections"]:
        for block in section["blocks"]:
            for table in _tables(block):
                found |= set(NUMBER.findall(" ".join(c for row in table["rows"] for c in row if isinstance(c, str))))
    return found


def results_in_sentences(card: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Section, sentence and number for every number in a sentence that is a share, has decimals, or is in thousands."""
    for section in card["sections"]:
        for sentence in _sentences(section["blocks"]):
            for number in NUMBER.findall(sentence):
                plain = number.lstrip("-")
                if plain.endswith("%") or re.fullmatch(r"\d+\.\d+", plain) or "," in plain:
                    yield section["key"], sentence, number


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        self.summaries: list[str] = []
        self.charts: dict[str, list[str]] = {}
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "line", "rect", "circle", "polygon", "polyline", "path"):
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        inside = [name for name, _ in self._open]
        section = next(
            (attributes.get("aria-labelledby") for name, attributes in self._open if name == "section"), None
        )
        if section is None or "style" in inside or not data.strip():
            return
        if "svg" in inside:
            figure = next(attributes.get("aria-labelledby") for name, attributes in self._open if name == "figure")
            if inside[-1] == "text":
                self.charts.setdefault(str(figure), []).append(data)
        elif "summary" in inside:
            if "figure" not in inside:
                self.summaries.append(" ".join(data.split()))
        else:
            self.words[section] = f"{self.words.get(section, '')} {data}"


def _page(page: str) -> _Page:
    read = _Page()
    read.feed(page)
    return read


def _plain(part: str) -> str:
    lines = [line for line in part.splitlines() if not re.match(r"# |\|[|:-]+$", line)]
    return html.unescape(re.sub(r"\\(.)", r"\1", "\n".join(lines)))


def _tables(block: dict[str, Any]) -> list[dict[str, Any]]:
    return [*block.get("tables", ()), *([block["table"]] if "table" in block else [])] + (
        [block] if block["kind"] == "table" else []
    )


def _words(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        for name in ("lead", "title", "text", "caption", "reading"):
            if name in block and block["kind"] not in ("folded", "table"):
                yield block[name]
        yield from block.get("items", ())
        if block["kind"] == "facts":
            yield from (word for row in block["rows"] for word in (row["term"], _said(row["said"])))
        for table in _tables(block):
            yield from (table["caption"], *table["columns"])
            yield from (_said(cell) for row in table["rows"] for cell in row)
            yield table["note"]


def _sentences(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        yield from (block[name] for name in ("text", "reading") if name in block and block["kind"] != "heading")
        yield from block.get("items", ())
        if block["kind"] == "facts":
            yield from (row["said"] for row in block["rows"] if isinstance(row["said"], str))


def _figures(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if {"text", "value", "kind"} <= set(part):
            yield part
        for value in part.values():
            yield from _figures(value)
    elif isinstance(part, list):
        for value in part:
            yield from _figures(value)


def _said(cell: Any) -> str:
    return cell["text"] if isinstance(cell, dict) else cell


#: Sections in which some number is told in a sentence alone, and nowhere else but in forms that repeat it.
TOLD_IN_WORDS = ("about", "explained", "purpose", "training")


def formats_differ(page: str, markdown: str, card: dict[str, Any]) -> list[str]:
    """Sections whose numbers are not the same, one by one, in all three formats, with the first that differs."""
    read = in_json(card)
    others = {"HTML": in_html(page), "Markdown": in_markdown(markdown, list(read))}
    found = []
    for key, numbers in read.items():
        for name, other in others.items():
            if other.get(key, []) != numbers:
                pairs = zip([*numbers, "nothing"], [*other.get(key, []), "nothing"], strict=False)
                first = next((f"{one}, {name} {two}" for one, two in pairs if one != two), "more numbers")
                found.append(f"{key}: JSON {first}")
    titles = [block["title"] for s in card["sections"] for block in s["blocks"] if block["kind"] == "folded"]
    return found + [f"folded: {one}" for one in set(titles) ^ set(folded_titles(page))]


def unsourced(card: dict[str, Any]) -> list[str]:
    """Results in sentences that no table, figure or declared word holds."""
    told_once = {
        number for key, _, number in results_in_sentences(card) if key in TOLD_IN_WORDS and not number.endswith("%")
    }
    known = sources(card) | CONVENTIONS | told_once
    return [
        f"{key}: {number} in “{sentence}”"
        for key, sentence, number in results_in_sentences(card)
        if number not in known and number.lstrip("-") not in known
    ]


def uncharted(page: str, card: dict[str, Any]) -> list[str]:
    """Intervals drawn in a chart that no table of its section holds, as they are or in hundredths."""
    drawn, found = in_charts(page), []
    for section in card["sections"]:
        tables = [table for block in section["blocks"] for table in _tables(block)]
        cells = [_said(cell) for table in tables for row in table["rows"] for cell in row]
        held = {scaled for cell in cells for number in NUMBER.findall(cell) for scaled in _scales(number)}
        for chart in (block["key"] for block in section["blocks"] if block["kind"] == "chart"):
            intervals = [words for words in drawn.get(f"chart-{chart}", ()) if re.search(r"\(.+ to .+\)$", words)]
            found += [f"{chart}: {words}" for words in intervals if not set(NUMBER.findall(words)) <= held]
    return found


def _scales(number: str) -> set[str]:
    """A number as it is, in hundredths, and, for a share, what is left of it: a chart may draw those missed."""
    plain = number.replace(",", "").rstrip("%")
    if plain.count(".") > 1:
        return {number}
    left = {f"{100 - float(plain):.0f}%"} if number.endswith("%") else set()
    return {number, f"{100 * float(plain):.0f}", f"{100 * float(plain):.1f}", *left}

"""A document as Markdown: headings, lists and tables that GitHub and a plain editor both show well."""

from __future__ import annotations

from collections.abc import Iterator

from riskmodel.reporting.document import (
    Block,
    Callout,
    Cell,
    Chart,
    Document,
    Facts,
    Folded,
    Heading,
    Points,
    Section,
    Table,
    Text,
)
from riskmodel.reporting.figures import Figure

#: Headings of the parts of a document that follow its front.
PARTS = {"annex": "Evidence for the methods board", "forms": "Forms, filled from the same facts"}


def document_markdown(document: Document) -> str:
    """The whole document, ending with a line feed."""
    return "\n".join(_lines(document)).rstrip("\n") + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.title)}"
    yield ""
    if document.banner:
        yield f"> **{escaped(document.banner)}**"
        yield ""
    yield f"*{escaped(document.subtitle)}*"
    yield ""
    if document.draft:
        yield f"> **Draft.** {escaped(document.draft)}"
        yield ""
    part = "front"
    for section in document.sections:
        if section.part != part and section.part in PARTS:
            yield f"# {PARTS[section.part]}"
            yield ""
        part = section.part
        yield from _section(section)
    if document.footer:
        yield escaped(document.footer.strip())


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    yield ""
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        yield escaped(block.text)
    elif isinstance(block, Heading):
        yield f"### {escaped(block.text)}"
    elif isinstance(block, Points):
        if block.lead:
            yield escaped(block.lead)
            yield ""
        yield from (f"- {escaped(item)}" for item in block.items)
    elif isinstance(block, Facts):
        yield from (f"- **{escaped(term)}:** {_cell(said)}" for term, said in block.rows)
    elif isinstance(block, Callout):
        yield f"> **{escaped(block.title)}.** {escaped(block.text)}"
    elif isinstance(block, Chart):
        yield f"**{escaped(block.caption)}.** {escaped(block.reading)}"
        for table in block.tables:
            yield ""
            yield from _table(table)
    elif isinstance(block, Folded):
        yield from _table(block.table)
    else:
        yield from _table(block)
    yield ""


def _table(table: Table) -> Iterator[str]:
    yield f"### {escaped(table.caption)}"
    yield ""
    yield "| " + " | ".join(_in_table(column) for column in table.columns) + " |"
    yield "|" + "|".join("---:" if table.is_numeric(place) else "---" for place in range(len(table.columns))) + "|"
    for row in table.rows:
        yield "| " + " | ".join(_in_table(cell) for cell in row) + " |"
    if table.note:
        yield ""
        yield escaped(table.note)


def _in_table(cell: Cell) -> str:
    return _cell(cell).replace("|", "\\|").replace("\n", " ")


def _cell(cell: Cell) -> str:
    return escaped(cell.text if isinstance(cell, Figure) else cell)


def escaped(words: str) -> str:
    r"""Words with the signs that Markdown would read as markup made plain.

    Examples
    --------
    >>> escaped("sent_on < 5 * 2")
    'sent\\_on &lt; 5 \\* 2'
    """
    for sign in ("\\", "*", "_", "`", "[", "]", "#"):
        words = words.replace(sign, "\\" + sign)
    return words.replace("<", "&lt;").replace(">", "&gt;")

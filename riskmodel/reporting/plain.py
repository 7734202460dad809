"""A document as plain data for JSON: every block by its kind, every figure with its words and its rounded value."""

from __future__ import annotations

from typing import Any

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
    Table,
    Text,
)
from riskmodel.reporting.figures import Figure

#: Changes when the meaning of the JSON changes.
SCHEMA = "riskmodel.document/1"


def document_plain(document: Document) -> dict[str, Any]:
    """The document as dictionaries, lists, strings and numbers.

    A figure is `{"text", "value", "low", "high", "kind"}`; the numbers are those of the text, never more exact.
    """
    return {
        "schema": SCHEMA,
        "title": document.title,
        "subtitle": document.subtitle,
        "banner": document.banner,
        "draft": document.draft,
        "facts": dict(document.facts),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "part": section.part,
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in document.sections
        ],
        "footer": document.footer,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Text):
        return {"kind": "text", "text": block.text}
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Points):
        return {"kind": "points", "lead": block.lead, "items": list(block.items)}
    if isinstance(block, Facts):
        return {"kind": "facts", "rows": [{"term": term, "said": _cell(said)} for term, said in block.rows]}
    if isinstance(block, Callout):
        return {"kind": "callout", "tone": block.tone, "title": block.title, "text": block.text}
    if isinstance(block, Chart):
        tables = [_table(table) for table in block.tables]
        return {"kind": "chart", "key": block.key, "caption": block.caption, "reading": block.reading, "tables": tables}
    if isinstance(block, Folded):
        return {"kind": "folded", "title": block.title, "table": _table(block.table)}
    return {"kind": "table", **_table(block)}


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "caption": table.caption,
        "columns": list(table.columns),
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "note": table.note,
    }


def _cell(cell: Cell) -> str | dict[str, Any]:
    if isinstance(cell, Figure):
        return {"text": cell.text, "value": cell.value, "low": cell.low, "high": cell.high, "kind": cell.kind}
    return cell

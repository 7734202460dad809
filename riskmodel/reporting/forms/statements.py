"""What people wrote, in full, and what they still have to write."""

from __future__ import annotations

from riskmodel.reporting.document import Block, Callout, Facts, Heading, Points, Section, Text
from riskmodel.reporting.forms.pack import STATEMENTS_TITLE, Pack
from riskmodel.reporting.statements import asked
from riskmodel.reporting.wording import full_stop, sentence

_TABLES = {
    "owner": "Who answers for it",
    "rationale": "Why it exists",
    "use": "How it is used",
    "data": "The data",
    "law": "The law",
    "people": "Who was asked",
    "equality": "Equality",
    "science": "For methods and research",
    "technical": "What runs where",
}


def statements(pack: Pack) -> Section:
    """Every statement by its table, after a list of the blanks."""
    texts, blanks = pack.statements.texts(), pack.statements.blanks()
    blocks: list[Block] = []
    if pack.statements.invented:
        blocks.append(Callout("note", "Invented statements", "No real organisation said or did any of this."))
    if blanks:
        lines = tuple(full_stop(f"{where}: {what}") for where, what in blanks)
        blocks.append(Points(lines, f"Still to be written in card.toml ({len(lines)}):"))
    else:
        blocks.append(Text("Nothing is left blank."))
    for part, title in _TABLES.items():
        rows = tuple((sentence(key.replace("_", " ")), texts[f"{part}.{key}"]) for of, key, _ in asked() if of == part)
        written = tuple(row for row in rows if row[1])
        if written:
            blocks += [Heading(title), Facts(written)]
    return Section("statements", STATEMENTS_TITLE, tuple(blocks), "forms")

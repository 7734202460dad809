"""Whether a card is a draft or released, and what keeps it from being released."""

from __future__ import annotations

from riskmodel.reporting.material import Gaps
from riskmodel.reporting.statements import Statements


def draft_words(statements: Statements, *, release: bool, invented_data: bool, gaps: Gaps) -> str:
    """What a draft says on top; blank for a card that may be released.

    Parameters
    ----------
    statements
        What people wrote.
    release
        Whether the card is to be released: then every blank is noted in `gaps`.
    invented_data
        Whether the data are invented: only then may the statements be.
    gaps
        Where to note what is missing.
    """
    blanks = statements.blanks()
    if release:
        for where, what in blanks:
            gaps.need("", what, f"{where} of card.toml")
        if statements.invented and not invented_data:
            gaps.need("", "statements of real people", "invented = true in card.toml, but the data are real")
        return ""
    if not blanks:
        return "Complete, but not yet released."
    things = "1 statement has" if len(blanks) == 1 else f"{len(blanks)} statements have"
    return f"This card has not been released. {things} still to be written; they are listed at its end."

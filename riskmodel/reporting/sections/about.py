"""About the card itself: how it is laid out, and how hard its front is to read."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.reporting.document import Section, Text
from riskmodel.reporting.readability import prose, readability


def about(front: Sequence[Section]) -> Section:
    """How to read the card, and the reading age of its first pages."""
    found = readability(prose(front))
    said = (
        Text(
            "The first two pages are for everybody. The evidence for the methods board follows, and then the forms "
            "that committees ask for. All of them draw on one set of figures, so a number is the same wherever it "
            "stands. The shares of each list and each group were tested against each other, exactly and as printed: "
            "they can all be true at once. Counts are rounded, and shares are worked out from rounded counts. "
            "Differences are worked out before rounding, so they may not be exactly that of two printed shares."
        ),
        Text(
            "The figures behind each chart are in the page card.html, folded under the chart, and in card.md and "
            "card.json; on paper, tables that only repeat a chart are left out."
        ),
        Text(
            f"The first pages have a reading age of about {found.age.text} years: a pupil of that age can follow "
            "them. This is the "
            f"Flesch-Kincaid grade plus five, counted over {found.words:,} words. It goes by the length of words and "
            "sentences, and cannot tell whether a text is clear."
        ),
    )
    return Section("about", "About this card", said)

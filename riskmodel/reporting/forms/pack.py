"""What the forms draw on: the facts of the card and the statements of people, each with the place it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from riskmodel.reporting.document import Section
from riskmodel.reporting.forms.facts import card_facts
from riskmodel.reporting.material import Material
from riskmodel.reporting.statements import Statements, asked

REPORTED, PARTIAL, MISSING = "reported", "partial", "missing"

#: How a text that nobody has written yet begins.
BLANK = "Still to be written"


@dataclass(frozen=True)
class Fact:
    """Words, and the section of the card in which more is told. Blank words: it is not there."""

    words: str
    where: str


@dataclass(frozen=True)
class Pack:
    """Facts by name: "table.key" for a statement, "section:key" for a section of the card, else a fact of the card.

    "one|other" is whichever of the two is there.

    Make one with `pack_of`.
    """

    material: Material
    statements: Statements
    facts: Mapping[str, Fact]

    def said(self, name: str) -> str:
        """The words of a fact or a statement, blank when there are none."""
        return self._fact(name).words

    def words(self, name: str) -> str:
        """The words, or who has to write what before there are any."""
        return self.said(name) or self._wanted(name)

    def status(self, needs: Sequence[str]) -> str:
        """Reported when all that an item needs is there, missing when nothing is, else partial."""
        there = [bool(self.said(need)) for need in needs]
        return REPORTED if there and all(there) else PARTIAL if any(there) else MISSING

    def where(self, needs: Iterable[str]) -> str:
        """The places that tell what an item needs, as far as it is there."""
        places = [fact.where for need in needs if (fact := self._fact(need)).words]
        return "; ".join(dict.fromkeys(place for place in places if place))

    def lacking(self, needs: Iterable[str]) -> list[str]:
        """What an item needs and nobody has written or measured yet."""
        return [need for need in needs if not self.said(need)]

    def _fact(self, name: str) -> Fact:
        found = [self.facts[one] for one in name.split("|") if one in self.facts]
        # Sections come and go with what was measured; anything else is a slip of the pen.
        if not found and not name.startswith("section:"):
            raise KeyError(name)
        return next((fact for fact in found if fact.words), Fact("", ""))

    def _wanted(self, name: str) -> str:
        asks = {f"{part}.{key}": asks for part, key, asks in asked()}
        return f"{BLANK}: {asks[name]}." if name in asks else "Not measured."


def pack_of(material: Material, statements: Statements, sections: Sequence[Section]) -> Pack:
    """Everything a form may draw on.

    Parameters
    ----------
    material
        What the card is made of.
    statements
        What people wrote.
    sections
        The sections of the card, already composed.
    """
    titles = {section.key: section.title for section in sections}
    facts = {f"section:{key}": Fact(title, title) for key, title in titles.items()}
    for name, text in statements.texts().items():
        facts[name] = Fact(text, STATEMENTS_TITLE)
    for name, (words, key) in card_facts(material).items():
        facts[name] = Fact(words, titles.get(key, ""))
    return Pack(material, statements, facts)


#: Title of the section in which the statements are printed in full.
STATEMENTS_TITLE = "Statements of the people responsible"

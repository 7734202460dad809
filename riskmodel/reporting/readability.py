"""How old a reader must be for a text: the Flesch-Kincaid grade, with a syllable counter of our own.

Source: Kincaid, Fishburne, Rogers and Chissom (1975): 0.39 words a sentence + 11.8 syllables a word - 15.59. A school
grade of the United States is taken as the age of its pupils: grade + 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from riskmodel.reporting.document import Block, Callout, Facts, Points, Section, Text
from riskmodel.reporting.figures import Figure

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d[\d,.]*")
_SENTENCE = re.compile(r"[.!?]+[”\")\]]*(?:\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
# Neighbouring vowels that are spoken apart, as in "area", "science", "usual", "serious", "radio" and "going".
_APART = re.compile(
    r"(?<![cstg])ia(?!ge)|(?<![cstglnx])io(?!u)|io$|(?<![ctgx])iou(?=s)|(?<![ct])ie(?=t|nc|nt)|scie|ciet|iu|eo$|eum|"
    r"creat|(?<![gq])ua(?=[lt])|uou|[aeiouy](?<!qu)(?<!gu)ing|ea$|idea"
)
# An e that is written and not spoken: at the end, before an ending, or in "-es" and "-ed".
_SILENT = re.compile(
    r"(?<=[^aeiouyl])e(?=(?:ment|ly|ful|less|ness)s?$)|(?<=[^aeiouy])(?<![^aeiouyr]l)e$|"  # codespell:ignore ment
    r"(?<=[^aeiouycsgzx])(?<![cs]h)(?<![^aeiouyr]l)es$|(?<=[^aeiouytd])ed$"
)
# Words of these pages that the rules above would miscount.
_KNOWN = {
    "area": 3, "areas": 3, "people": 2, "being": 2, "every": 2, "different": 3, "business": 2, "maybe": 2, "league": 1,
    "something": 2, "someone": 2, "sometimes": 2, "somebody": 3, "anybody": 4, "nobody": 3, "everybody": 4,
    "everyone": 3, "before": 2, "therefore": 2, "household": 2, "households": 2, "fingerprint": 3, "fingerprints": 3,
    "safeguarding": 3, "homeless": 2, "whereas": 2, "does": 1, "goes": 1, "hundred": 2, "sacred": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Readability:
    """How hard a text is.

    Attributes
    ----------
    words, sentences, syllables : int
        What was counted; a list item or the answer to a question counts as a sentence or more.
    grade : float
        Flesch-Kincaid grade.
    """

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade; 0 for a text without words."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def age(self) -> Figure:
        """The reading age in years, to the nearest half."""
        years = max(round(2 * (self.grade + 5)) / 2, 5.0)
        return Figure(f"{years:g}", years)


def readability(passages: Sequence[str]) -> Readability:
    """Measure passages, each of which ends a sentence.

    Examples
    --------
    >>> found = readability(["The cat sat on the mat."])
    >>> found.words, found.sentences, found.syllables, round(found.grade, 2)
    (6, 1, 6, -1.45)
    """
    words = [word for passage in passages for word in _WORD.findall(passage)]
    sentences = sum(_sentences(passage) for passage in passages)
    return Readability(len(words), max(sentences, 1), sum(syllables(word) for word in words))


def syllables(word: str) -> int:
    """How many syllables an English word has; a number counts as one word of one syllable.

    Examples
    --------
    >>> [syllables(word) for word in ("cat", "table", "visited", "information", "area", "needed", "used", "20")]
    [1, 2, 3, 4, 3, 2, 1, 1]
    """
    plain = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    if plain in _KNOWN:
        return _KNOWN[plain]
    if not plain.isalpha():
        return 1
    spoken = _SILENT.sub("", plain)
    return max(len(_VOWELS.findall(spoken)) + len(_APART.findall(plain)), 1)


def prose(sections: Sequence[Section]) -> list[str]:
    """The running words of sections: paragraphs, list items, answers and warnings; not tables and charts."""
    return [words for section in sections for block in section.blocks for words in _said(block) if words]


def _said(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        yield block.text
    elif isinstance(block, Points):
        yield block.lead
        yield from block.items
    elif isinstance(block, Callout):
        yield from (block.title, block.text)
    elif isinstance(block, Facts):
        yield from (said for _, said in block.rows if isinstance(said, str))


def _sentences(passage: str) -> int:
    """Sentences of a passage that has words; what follows the last full stop is one too."""
    pieces = [piece for piece in _SENTENCE.split(passage) if _WORD.search(piece)]
    return len(pieces)

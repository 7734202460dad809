"""The reading age: syllables against a dictionary, the grade against texts counted by hand."""

from __future__ import annotations

import pytest

from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.document import Callout, Facts, Figure, Points, Section, Text, table
from riskmodel.reporting.readability import prose, readability, syllables
from tests.unit.reporting.made_up import inputs, not_fit

# Counted from the hyphens of a dictionary.
WORDS = {
    1: "cat fruit build school looked called judged place made home whole times score league strength makes",
    2: "table people children outcome needed hundred create union being wishes houses quiet single little science's",
    3: "decision decided probably committee approval area idea created period usual museum serious",
    4: "information development situation material variety society experience anybody's",
    5: "probability university individual evaluation",
    6: "eligibility responsibility",
}

# The first sentence of the Gettysburg Address: 30 words, 46 syllables spoken slowly, counted by hand.
GETTYSBURG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, "
    "and "
    "dedicated to the proposition that all men are created equal."
)


@pytest.mark.parametrize(("expected", "word"), [(n, word) for n, words in WORDS.items() for word in words.split()])
def test_syllables_are_those_of_a_dictionary(expected: int, word: str) -> None:
    assert syllables(word) == expected


def test_the_grade_of_texts_counted_by_hand() -> None:
    simple = readability(["The cat sat on the mat. It was warm."])
    assert (simple.words, simple.sentences, simple.syllables) == (9, 2, 9)
    assert simple.grade == pytest.approx(0.39 * 4.5 + 11.8 - 15.59)
    address = readability([GETTYSBURG])
    assert (address.words, address.sentences) == (30, 1)
    assert address.syllables == pytest.approx(46, abs=2)
    assert address.grade == pytest.approx(14.2, abs=0.8)


def test_long_words_and_sentences_raise_the_age() -> None:
    plain = readability(["We ask who may need help. We then ask them. They may say no."])
    stiff = readability(
        ["Eligibility for discretionary intervention is determined by multidisciplinary evaluation of probabilities."]
    )
    assert plain.age.value < 10 < 18 < stiff.age.value


def test_list_items_and_answers_end_sentences_and_tables_are_not_prose() -> None:
    blocks = (
        Text("One two three"),
        Points(("four five", "six."), "Seven:"),
        Callout("note", "Eight", "Nine ten. Eleven"),
        Facts((("term", "twelve"), ("number", Figure("13", 13.0)))),
        table("t", "Not counted", ("a",), [("Not counted",)]),
    )
    found = readability(prose([Section("s", "Title", blocks)]))
    assert (found.words, found.sentences) == (12, 8)


def test_nothing_has_no_grade() -> None:
    assert readability([]).grade == 0
    assert readability(["..."]).words == 0


@pytest.mark.parametrize("made", [inputs(), not_fit(inputs(900, 4, -1.6, 0.1))])
def test_the_front_of_a_card_can_be_read_at_thirteen_and_the_card_says_so(made) -> None:
    card = ModelCard.compose(made.prototype, made.evaluation, made.matrix, made.warehouse, made.training)
    front = [section for section in card.document.sections if section.part == "front"]
    age = readability(prose(front)).age
    assert age.value is not None
    assert age.value <= 13
    assert f"reading age of about {age.text} years" in card.markdown()

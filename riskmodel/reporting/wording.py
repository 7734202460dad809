"""The words of a card: metrics, decisions and models in plain English, the same wherever they appear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from riskmodel.declare import Source
from riskmodel.evaluation.results import AREA_ONLY, DO_NOT_DEPLOY, USE_AS_DECLARED

#: How a statement is coloured and signed.
Tone = Literal["good", "caution", "stop", "note"]


@dataclass(frozen=True)
class Metric:
    """How a metric is named, printed and explained.

    `better` is "high", "low", or the value it should be near.
    """

    label: str
    digits: int
    better: Literal["high", "low"] | float
    meaning: str


METRICS: dict[str, Metric] = {
    "auroc": Metric(
        "Ranking (AUROC)", 3, "high",
        "How often a case that had the outcome is ranked above one that did not. 0.5 is tossing a coin, 1 is perfect.",
    ),
    "auprc": Metric(
        "Precision over all cut-offs (AUPRC)", 3, "high",
        "The share of picked cases that had the outcome, averaged over every length of list. Picking blindly gives the "
        "share of all cases that had it.",
    ),
    "brier": Metric(
        "Squared error (Brier score)", 3, "low",
        "The average squared distance between the predicted risk and what happened. 0 is perfect.",
    ),
    "scaled_brier": Metric(
        "Improvement on the average (scaled Brier)", 3, "high",
        "How much smaller that error is than if everybody were given the average risk. 0 is no better, 1 is perfect.",
    ),
    "log_loss": Metric(
        "Log loss", 3, "low", "The average surprise at what happened, given the predicted risk. 0 is perfect."
    ),
    "oe": Metric(
        "Happened over predicted (O:E)", 2, 1.0,
        "Outcomes that happened for each one predicted. 1 is right on average; above 1 the risk is understated.",
    ),
    "calibration_in_the_large": Metric(
        "Calibration in the large", 2, 0.0,
        "How far the predicted risks are too low (above 0) or too high (below 0) overall, in log-odds.",
    ),
    "calibration_intercept": Metric(
        "Calibration intercept", 2, 0.0, "Where the line of the calibration slope starts, in log-odds. 0 is right."
    ),
    "calibration_slope": Metric(
        "Calibration slope", 2, 1.0,
        "Whether high risks are as high, and low ones as low, as they should be. 1 is right; below 1 they are too "
        "extreme, above 1 not extreme enough.",
    ),
    "ici": Metric(
        "Average calibration error (ICI)", 3, "low", "The average distance between predicted risk and what happened."
    ),
    "net_benefit": Metric(
        "Net benefit", 3, "high",
        "Cases rightly picked less a charge for those wrongly picked, for each case in the cohort.",
    ),
    "precision": Metric(
        "Right among those picked (precision)", 2, "high", "The share of the cases picked that had the outcome."
    ),
    "recall": Metric("Found (recall)", 2, "high", "The share of the cases with the outcome that are picked."),
    "base_rate": Metric("Had the outcome", 2, "high", "The share of the cases that had the outcome."),
    "selection_rate": Metric("Picked", 2, "high", "The share of the cases that are picked."),
    "tpr": Metric("Found (true positive rate)", 2, "high", "The share of the cases with the outcome that are picked."),
    "fpr": Metric(
        "Wrongly picked (false positive rate)", 2, "low", "The share of those without the outcome that are picked."
    ),
    "ppv": Metric("Right among those picked", 2, "high", "The share of the cases picked that had the outcome."),
}  # fmt: skip

MODELS = {
    "logistic": "Logistic regression",
    "gradient_boosting": "Gradient-boosted trees",
    "base_rate": "The same risk for everybody",
    "area_rate": "The average of the area",
    "simple": "A rule of thumb",
    "current_rule": "What is done now",
}

_SPELT = (
    {word: word.upper() for word in ("sen", "ehcp", "imd", "idaci", "nhs", "lsoa", "eal")}
    | {"asq3": "ASQ-3"}
    | {"english": "English"}
)
#: Names that have a full form which people outside the service know better.
_IN_FULL = {"english_additional": "English as an additional language", "sen": "special educational needs"}

#: What each decision means, for somebody who has to act on it.
DECISIONS: dict[str, tuple[Tone, str, str]] = {
    USE_AS_DECLARED: (
        "good",
        "May be used as declared",
        "The tests support the use described below, by the people described below, until the date of expiry. It still "
        "needs the committee's approval.",
    ),
    AREA_ONLY: (
        "caution",
        "Only for area planning",
        "The tests support counts for areas. No list of people or families may be drawn up from it.",
    ),
    DO_NOT_DEPLOY: (
        "stop",
        "Do not deploy",
        "The tests do not support using this model for anybody. That is a result, not a failure to report.",
    ),
}


def metric(name: str) -> Metric:
    """How a metric is printed; one that is not known keeps its own name.

    Examples
    --------
    >>> metric("auroc").label, metric("gini_index").label
    ('Ranking (AUROC)', 'Gini index')
    """
    return METRICS.get(name) or Metric(sentence(name.replace("_", " ")), 3, "high", "")


def model(name: str) -> str:
    """A model or baseline in words.

    Examples
    --------
    >>> model("gradient_boosting"), model("last_year")
    ('Gradient-boosted trees', 'Last year')
    """
    return MODELS.get(name) or sentence(name.replace("_", " "))


def in_words(name: str) -> str:
    """A snake_case name as words, spelt as people know them.

    Examples
    --------
    >>> in_words("free_school_meals"), in_words("nhs_births"), in_words("sen")
    ('free school meals', 'NHS births', 'special educational needs')
    """
    return _IN_FULL.get(name) or " ".join(_SPELT.get(word, word) for word in name.split("_"))


def source_words(source: Source) -> str:
    """What a source is called: its title, or its name in words."""
    return source.title or in_words(source.name)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with names of declarations, quoted or not, replaced by the words that people know them by.

    Examples
    --------
    >>> renamed("moves_3y, not 'school_census'", {"moves_3y": "“the child moved”", "school_census": "the census"})
    '“the child moved”, not the census'
    """
    if not names:
        return text
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"'({longest_first})'|\b({longest_first})\b", lambda m: names[m.group(1) or m.group(2)], text)


def sentence(words: str) -> str:
    """The words with a capital letter in front, the rest left alone."""
    return words[:1].upper() + words[1:]


def lower_first(words: str) -> str:
    """The words as they would stand inside a sentence; abbreviations keep their capitals.

    Examples
    --------
    >>> lower_first("Offer a visit"), lower_first("NHS births")
    ('offer a visit', 'NHS births')
    """
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def plural(noun: str) -> str:
    """Several of what a noun names.

    Examples
    --------
    >>> plural("household"), plural("family"), plural("address")
    ('households', 'families', 'addresses')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def full_stop(words: str) -> str:
    """The words ended as a sentence."""
    words = words.strip()
    return words if words.endswith((".", "?", "!")) else words + "."


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Words joined as in speech.

    Examples
    --------
    >>> listed(["police", "schools", "housing"])
    'police, schools and housing'
    """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def day(iso: str) -> str:
    """A date as it is written out.

    Examples
    --------
    >>> day("2025-09-01")
    '1 September 2025'
    """
    read = date.fromisoformat(str(iso)[:10])
    return f"{read.day} {read:%B %Y}"


def short_day(iso: str) -> str:
    """A date as it is written in a narrow column.

    Examples
    --------
    >>> short_day("2025-09-01")
    '1 Sep 2025'
    """
    read = date.fromisoformat(str(iso)[:10])
    return f"{read.day} {read:%b %Y}"


def hundredths(value: float | None) -> int:
    """How many of a hundred a share is; 0 for None."""
    return round(100 * (value or 0.0))


def number_words(n: int) -> str:
    """A small number as a word that begins a sentence.

    Examples
    --------
    >>> number_words(5), number_words(0), number_words(14)
    ('Five', 'None', '14')
    """
    words = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
    return words[n] if n < len(words) else str(n)

"""The page of totals for an area: who may be offered what, how to read it, and what it must never be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskmodel.reporting.document import Block, Callout, Cell, Document, Facts, Points, Section, Table, Text, table
from riskmodel.reporting.wording import day, model
from riskmodel.scoring.bands import BANDS, FIRST, LATER, NEXT
from riskmodel.scoring.totals import ALL

if TYPE_CHECKING:
    from riskmodel.scoring.scores import Scores

INVENTED = (
    "Invented data. Every person and record behind this page was made up by a computer program. Nothing here says "
    "anything about a real person, family or place."
)
_HEADINGS = {ALL: "All scored", **{band: band.capitalize() for band in BANDS}}


def ward_page(scores: Scores) -> Document:
    """Compose the page of totals of one scoring.

    Parameters
    ----------
    scores
        What was scored; only totals under disclosure control reach the page.

    Returns
    -------
    Document
        To be printed with `riskmodel.reporting.page.document_html`.
    """
    sections = (
        Section("totals", "How many are in each band", _totals(scores), part="front"),
        Section("reading", "How to read this", _reading(scores), part="front"),
        Section("use", "What it is for", _use(scores), part="front"),
        Section("origin", "Where it comes from", (_origin(scores),), part="front"),
    )
    return Document(
        title=scores.title,
        subtitle=scores.prototype.question,
        banner=INVENTED if scores.invented else "",
        sections=sections,
        footer=f"{scores.prototype.owner} answers for it. ",
    )


def _totals(scores: Scores) -> tuple[Block, ...]:
    shown = _one_area(scores) if len(scores.totals.by_area) == 1 else _many_areas(scores)
    who = "Everybody in the cohort" if scores.areas is None else "Everybody in the cohort who lives there"
    left = scores.told("not_scored")
    said = (
        f"{who} was scored."
        if scores.not_scored.empty
        else f"Not scored, and listed apart with the reason: {left.text}. No score does not mean no need."
    )
    if scores.without_area:
        nowhere = scores.told("without_area").text
        said += f" Scored, and in no total because no area is on record: {nowhere}."
    later = (
        f"A count that is within {scores.policy.threshold} of one on an earlier page is printed as it was there, and a "
        "count that was withheld stays so until it is clearly large. So no two pages can be subtracted to learn about "
        "a few people, and a change of a few may not show."
    )
    return (shown, Text(said), Text(later))


def _one_area(scores: Scores) -> Table:
    totals = scores.totals
    rows: list[tuple[Cell, ...]] = [(_HEADINGS[band], totals.by_band[band]) for band in BANDS]
    rows.append((_HEADINGS[ALL], totals.everybody))
    return table("bands", "Cases by band", ("Band", "Cases"), rows, note=scores.policy.words())


def _many_areas(scores: Scores) -> Table:
    totals = scores.totals
    rows: list[tuple[Cell, ...]] = [
        (area, *(row[column] for column in (ALL, *BANDS))) for area, row in totals.by_area.items()
    ]
    rows.append(("All areas", totals.everybody, *(totals.by_band[band] for band in BANDS)))
    columns = ("Area", *(_HEADINGS[column] for column in (ALL, *BANDS)))
    return table("bands", "Cases by area and band", columns, rows, note=scores.policy.words())


def _reading(scores: Scores) -> tuple[Block, ...]:
    share = f"{100 * scores.prototype.capacity:g}%"
    return (
        Points(
            (
                f"“{FIRST.capitalize()}” are those with the highest scores, at most {share} of the whole cohort: as "
                f"many as can be offered help. “{NEXT.capitalize()}” are at most as many again; the others are "
                f"“{LATER}”.",
                "Bands are cut over the whole cohort, not area by area, because that is how the model was judged. An "
                "area may have more or fewer cases in a band than its share.",
                "Equal scores are never split. A group of equal scores that does not fit into a band goes to the band "
                "below as a whole.",
                "A score is a calibrated chance of the outcome, not a fact about anybody. Many in the first band will "
                "not have the outcome, and some in the last band will.",
                *_of_single_scores(scores),
            )
        ),
    )


def _of_single_scores(scores: Scores) -> tuple[str, ...]:
    """How sure single scores are, where there is a list of them."""
    if not scores.individual:
        return ()
    if not scores.has_score_band:
        return ("No band is given around single scores: the model was not fitted again on other samples.",)
    return (
        "Each score on the list has a band (score_low to score_high): trained on another sample like ours, the model "
        "would 9 times in 10 give a score between the two. Where bands overlap, the order says little.",
    )


def _use(scores: Scores) -> tuple[Block, ...]:
    prototype = scores.prototype
    return (
        Callout("good", "Use", f"{prototype.use}. A person decides in every single case."),
        Callout("stop", "Never use it for", f"{prototype.never}."),
    )


def _origin(scores: Scores) -> Facts:
    prototype = scores.prototype
    return Facts(
        (
            ("Cohort", prototype.cohort.description),
            ("Outcome", prototype.outcome.label),
            ("As known on", day(scores.as_of.isoformat())),
            ("Scores expire on", day(prototype.expires.after(scores.as_of).isoformat())),
            ("Owner", prototype.owner),
            ("Agreements", ", ".join(prototype.agreements)),
            ("Model", model(scores.model.name)),
            ("SHA-256 of the model", scores.model.digest),
            ("SHA-256 of the declaration", prototype.digest()),
        )
    )

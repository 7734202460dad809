"""Equality evidence: each characteristic of the Equality Act 2010, measured or said not to be.

Source: Equality Act 2010, sections 4 and 149.
"""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.errors import ProjectError, nearest_name
from riskmodel.reporting.document import Block, Cell, Points, Section, Text, table
from riskmodel.reporting.forms.filling import answered, fields
from riskmodel.reporting.forms.pack import Pack
from riskmodel.reporting.groups import PrintedGroup, attribute_labels
from riskmodel.reporting.wording import listed, sentence

MEASURED, TOO_FEW, NOT_ASSESSABLE = "measured", "too few to measure", "not assessable"

#: The nine characteristics, and the parts of an attribute's name by which one is recognised.
CHARACTERISTICS: dict[str, tuple[str, ...]] = {
    "age": ("age", "age_band", "age_group", "aged", "mother_under", "term_of_birth"),
    "disability": ("disab", "sen", "send", "ehcp"),
    "gender reassignment": ("gender_identity", "reassign", "trans_status"),
    "marriage and civil partnership": ("marri", "marital", "partnership_status"),
    "pregnancy and maternity": ("pregnan", "maternity"),
    "race": ("ethnic", "race", "nationality"),
    "religion or belief": ("religio", "belief", "faith"),
    "sex": ("sex", "gender"),
    "sexual orientation": ("orientation",),
}

_DUTY = fields(
    ("Difference judged to matter most", "equality.fairness_choice"),
    ("Eliminate discrimination", "equality.eliminate_discrimination"),
    ("Advance equality of opportunity", "equality.advance_equality"),
    ("Foster good relations", "equality.foster_good_relations"),
    ("Known inequalities", "rationale.known_inequalities"),
)


def equality(pack: Pack) -> Section:
    """What was measured for each characteristic, and how the public sector equality duty was thought about."""
    rows: list[tuple[Cell, ...]] = []
    by, labels = measured_by(pack), attribute_labels(pack.material.prototype)
    for characteristic in CHARACTERISTICS:
        attributes = by.get(characteristic, ())
        groups = [group for group in pack.material.groups if group.attribute in attributes]
        status = _status(attributes, groups)
        proxies = listed([labels[name] for name in attributes]) or "no record of it reaches the model"
        rows.append((sentence(characteristic), status, proxies, _worst(groups)))
    shown = table(
        "equality",
        "The nine protected characteristics",
        ("Characteristic", "Status", "By", "Found least often, of those with the outcome"),
        rows,
        note="Measured: figures by group are under “Fairness”. Not assessable: nothing in the data records it, so "
        "nobody can say from them whether people are treated alike.",
    )
    others = [label for name, label in labels.items() if not any(name in found for found in by.values())]
    blocks: list[Block] = [shown]
    if others:
        blocks.append(Text(f"Also compared, though the Act does not list it: {listed(others)}."))
    notes = (
        "Age is not protected in services for people under 18 (section 28).",
        "No group has a cut-off of its own. A different cut-off by sex or race may be direct discrimination.",
        "Where a group is missed more often, section 19 asks for a proportionate means to a legitimate aim; these "
        "figures "
        "are evidence for that, not the answer.",
    )
    blocks += [answered(pack, _DUTY), Points(notes, "For the reader:")]
    return Section("equality", "Equality evidence", tuple(blocks), "forms")


def measured_by(pack: Pack) -> dict[str, tuple[str, ...]]:
    """The audit attributes that tell of each characteristic: as written in card.toml, else recognised by name.

    Raises
    ------
    ProjectError
        If card.toml names a characteristic or an attribute that there is not.
    """
    attributes = list(attribute_labels(pack.material.prototype))
    given = pack.statements.equality.measured_by
    for characteristic, names in given.items():
        _check(characteristic, list(CHARACTERISTICS), "characteristic of the Equality Act")
        for name in names:
            _check(name, attributes, "audit attribute of the prototype")
    found = {}
    for characteristic, marks in CHARACTERISTICS.items():
        recognised = [name for name in attributes if any(_carries(name, mark) for mark in marks)]
        found[characteristic] = tuple(given.get(characteristic, recognised))
    return found


def _carries(name: str, mark: str) -> bool:
    """Whether a word of the name, or the name from a word on, begins with the mark; short marks are whole words."""
    words = name.split("_")
    if len(mark) <= 4 and mark != "race":
        return mark in words
    return any("_".join(words[place:]).startswith(mark) for place in range(len(words)))


def _check(name: str, options: Sequence[str], what: str) -> None:
    if name not in options:
        raise ProjectError(
            f"[equality.measured_by] in card.toml names '{name}'.",
            f"It is no {what}.",
            nearest=nearest_name(name, options),
            next_step=f"Use one of: {', '.join(options)}.",
        )


def _status(attributes: Sequence[str], groups: Sequence[PrintedGroup]) -> str:
    if not attributes:
        return NOT_ASSESSABLE
    return MEASURED if any(group.found.value is not None for group in groups) else TOO_FEW


def _worst(groups: Sequence[PrintedGroup]) -> str:
    known = [group for group in groups if group.found.value is not None]
    if not known:
        return "–"
    worst = min(known, key=lambda group: group.found.value or 0.0)
    return f"{worst.name}: {worst.found.text}"

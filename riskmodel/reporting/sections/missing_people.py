"""Who is missing from the data: the share of each group that was lost on the way from the cohort to the models."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.validation.results import Attrition, GroupLoss
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.disclosure import Policy, rounded
from riskmodel.reporting.document import Block, Cell, Chart, Section, Table, Text, table
from riskmodel.reporting.figures import ABSENT, WITHHELD, Figure, counted, shared
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.suppression import Cells, withhold
from riskmodel.reporting.wording import in_words, listed, sentence

# The smallest cells of a group, and what each printed count adds up, most important first.
_MAKES: dict[str, Cells] = {
    "n": ("unlabelled", "left_out", "used"),
    "unlabelled": ("unlabelled",),
    "left_out": ("left_out",),
}
_NAMED = (("unlabelled", "Outcome not known"), ("left_out", "Left out to keep households apart"))


class _Printed:
    """One group as it may be printed."""

    def __init__(self, loss: GroupLoss, label: str, hidden: set[str], place: str, policy: Policy) -> None:
        self.loss, self.policy = loss, policy
        self.name = f"{sentence(label)}: {in_words(loss.group)}" if label else loss.group
        self._hidden = {kind for kind in _MAKES if f"{place} {kind}" in hidden}
        self.n = WITHHELD if "n" in self._hidden else counted(loss.n, policy)

    def share(self, kind: str) -> Figure:
        """Share lost for a reason, of those who could be lost for it, with Wilson's interval of the printed counts."""
        part, whole = (
            (self.loss.unlabelled, self.loss.n)
            if kind == "unlabelled"
            else (self.loss.left_out, self.loss.left_out + self.loss.used)
        )
        if whole == 0:
            return ABSENT
        if self._hidden & ({"n", kind} if kind == "unlabelled" else {"n", "unlabelled", kind}):
            return WITHHELD
        low, high = wilson(rounded(part, self.policy), rounded(whole, self.policy))
        return shared(part, whole, self.policy, low=low, high=high)


def missing_people(material: Material) -> Section | None:
    """Share of each audit group without a known outcome, and left out by the split."""
    found = material.evidence.validation if material.evidence else None
    if found is None or not found.attrition.groups:
        return None
    attrition, policy = found.attrition, material.policy
    labels = attribute_labels(material.prototype)
    everyone = _Printed(attrition.everyone, "", set(), "all", policy)
    groups = _printed(attrition, labels, policy)
    kind = "unlabelled" if attrition.everyone.unlabelled >= policy.threshold else "left_out"
    blocks: list[Block] = [
        Text(
            "A model can only learn from, and be tested on, people whose outcome is known. If one group drops out more "
            "than others, the figures of this card say less about that group."
        ),
        _chart(everyone, groups, kind, _table(everyone, groups)),
        Text(attrition.note),
    ]
    if attrition.not_told:
        told = listed([labels.get(name, in_words(name)) for name in attrition.not_told])
        blocks.append(Text(f"Recorded with the outcome itself, so it cannot say who has none: {told}."))
    return Section("missing-people", "Who is missing from the data", tuple(blocks))


def _printed(attrition: Attrition, labels: dict[str, str], policy: Policy) -> list[_Printed]:
    printed: list[_Printed] = []
    for attribute in dict.fromkeys(group.attribute for group in attrition.groups):
        groups = [group for group in attrition.groups if group.attribute == attribute]
        hidden = _hidden(groups, attrition.everyone, policy)
        label = labels.get(attribute, in_words(attribute))
        printed += [_Printed(group, label, hidden, str(place), policy) for place, group in enumerate(groups)]
    return printed


def _hidden(groups: Sequence[GroupLoss], everyone: GroupLoss, policy: Policy) -> set[str]:
    """Names of the counts of one attribute that must not be printed; with the rest they add up to everybody."""
    cells: dict[str, float] = {}
    for place, group in enumerate(groups):
        cells |= {f"{place} {kind}": float(getattr(group, kind)) for kind in _MAKES["n"]}
    rest = {kind: getattr(everyone, kind) - sum(getattr(g, kind) for g in groups) for kind in _MAKES["n"]}
    owners = [str(place) for place in range(len(groups))]
    if sum(rest.values()):
        cells |= {f"rest {kind}": float(left) for kind, left in rest.items()}
        owners.append("rest")
    figures: dict[str, Cells] = {
        f"all {name}": tuple(f"{owner} {kind}" for owner in owners for kind in kinds) for name, kinds in _MAKES.items()
    }
    keep = {name for name, parts in figures.items() if sum(cells[c] for c in parts) >= policy.threshold}
    for name, kinds in _MAKES.items():
        for place in sorted(range(len(groups)), key=lambda place: groups[place].n):
            figures[f"{place} {name}"] = tuple(f"{place} {kind}" for kind in kinds)
    guarded: list[Cells] = [tuple(f"{owner} {kind}" for kind in _MAKES["n"]) for owner in owners]
    return withhold(cells, figures, guarded=guarded, keep=keep, policy=policy)


def _chart(everyone: _Printed, groups: Sequence[_Printed], kind: str, behind: Table) -> Chart:
    overall = everyone.share(kind)
    what = "outcome is not known" if kind == "unlabelled" else "cases were left out to keep households apart"
    title = f"Share of each group whose {what}"
    rows, more = [], []
    for group in groups:
        figure = group.share(kind)
        clear = None not in (figure.low, overall.value) and (figure.low or 0) > (overall.value or 0)
        more += [group.name] if clear else []
        if figure.value is not None:
            rows.append(Row(group.name, figure.value, figure.text, figure.low, figure.high, emphasis=clear))
    reading = f"Of everybody: {overall.point}. " + (
        f"Clearly more often (diamonds): {listed(more)}." if more else "No group drawn here is clearly above that."
    )
    if len(rows) < len(groups):
        reading += " Groups with too few people to show are in the table only."
    svg = charts.intervals(
        "missing", title, reading, rows, axis="Share of the group", percent=True, reference=overall.value,
        reference_words="everybody", span=(0.0, 0.0),
    )  # fmt: skip
    return Chart("missing", title, reading, svg, (behind,))


def _table(everyone: _Printed, groups: Sequence[_Printed]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (one.name, one.n, *(one.share(kind) for kind, _ in _NAMED)) for one in (everyone, *groups)
    ]
    pooled = [f"{one.name} ({listed(list(one.loss.members))})" for one in groups if one.loss.members]
    note = "In brackets: 95% interval (Wilson), which takes cases as independent."
    if pooled:
        note += f" Pooled, being small: {'; '.join(pooled)}."
    return table(
        "missing-table", "Lost on the way from the cohort to the models, by group",
        ("Group", "In the cohort", *(words for _, words in _NAMED)), rows, note=note,
    )  # fmt: skip

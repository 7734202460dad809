"""Who is missing from the data: each group at every step from the register to the cases learnt from and tested on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from riskmodel.errors import DisclosureError
from riskmodel.evaluation.intervals import wilson
from riskmodel.evaluation.validation.results import Attrition, GroupLoss
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.disclosure import Policy, rounded
from riskmodel.reporting.document import Block, Cell, Chart, Folded, Section, Table, Text
from riskmodel.reporting.figures import WITHHELD, Figure, counted, shared
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.suppression import Cells, withhold
from riskmodel.reporting.wording import in_words, listed, sentence, short_day

# What became of the cases of a cohort, and what each printed count adds up, most important first.
_FATES = ("unlabelled", "left_out", "learnt", "tested")
_MAKES: dict[str, Cells] = {
    "n": _FATES,
    "tested": ("tested",),
    "learnt": ("learnt",),
    "labelled": _FATES[1:],
    "unlabelled": ("unlabelled",),
    "left_out": ("left_out",),
}
_EARLIER = ("On the register", "Meeting the condition")
_STEPS = (("n", "In the cohort"), ("labelled", "Outcome known"), ("learnt", "Learnt from"), ("tested", "Tested on"))


class _Printed:
    """One group as it may be printed."""

    def __init__(self, loss: GroupLoss, label: str, hidden: set[str], place: str, policy: Policy) -> None:
        self.loss, self.policy = loss, policy
        self.name = f"{sentence(label)}: {in_words(loss.group)}" if label else loss.group
        self._hidden = {name.removeprefix(f"{place} ") for name in hidden if name.startswith(f"{place} ")}
        self.n = self.count("n")

    def count(self, kind: str) -> Figure:
        """How many are there at a step."""
        return WITHHELD if kind in self._hidden else counted(getattr(self.loss, kind), self.policy)

    def earlier(self, steps: int) -> tuple[Cell, ...]:
        """How many were there at each step before the cohort."""
        if not self.loss.registered:
            return ("–",) * steps
        return tuple(
            WITHHELD if f"registered {step}" in self._hidden else counted(n, self.policy)
            for step, n in enumerate(self.loss.registered)
        )

    def share(self, kind: str) -> Figure:
        """Share lost for a reason, of those who could be lost for it, with Wilson's interval of the printed counts."""
        part, whole = (
            (self.loss.unlabelled, self.loss.n)
            if kind == "unlabelled"
            else (self.loss.left_out, self.loss.left_out + self.loss.used)
        )
        if whole == 0:  # all were lost before: to say so would tell how many
            return WITHHELD
        if self._hidden & ({"n", kind} if kind == "unlabelled" else {"n", "unlabelled", kind}):
            return WITHHELD
        low, high = wilson(rounded(part, self.policy), rounded(whole, self.policy))
        return shared(part, whole, self.policy, low=low, high=high)


def missing_people(material: Material) -> Section | None:
    """Every audit group step by step; shares without a known outcome, and left out by the split."""
    found = material.evidence.validation if material.evidence else None
    if found is None or not found.attrition.groups:
        return None
    few = _few(found.attrition.everyone, material.policy)
    attrition = _without(few, found.attrition)
    told, with_outcome = _printed(attrition, few, material)
    everyone = _everyone(attrition, material.policy)
    kind = "left_out" if "unlabelled" in few else "unlabelled"
    blocks: list[Block] = [
        Text(
            "A model can only learn from, and be tested on, people whose outcome is known. If one group drops out more "
            "than others, the figures of this card say less about that group."
        )
    ]
    if there := [group for group in told if group.loss.n]:
        blocks.append(
            _chart(
                everyone,
                there,
                kind,
                material.units,
                _table(everyone, there, few, material.units),
            )
        )
    steps = _steps(attrition, [everyone, *told, *with_outcome], material.units)
    blocks.append(Folded("Each group at every step, from the register to the cases tested", steps))
    return Section("missing-people", "Who is missing from the data", (*blocks, Text(_said(attrition, few, material))))


def printed_steps(material: Material) -> dict[tuple[str, str], tuple[Figure, Figure]]:
    """Cases learnt from and tested on, of each attribute and group, as this section prints them."""
    found = material.evidence.validation if material.evidence else None
    if found is None or not found.attrition.groups:
        return {}
    few = _few(found.attrition.everyone, material.policy)
    groups = [one for printed in _printed(_without(few, found.attrition), few, material) for one in printed]
    return {(one.loss.attribute, one.loss.group): (one.count("learnt"), one.count("tested")) for one in groups}


def _few(everyone: GroupLoss, policy: Policy) -> tuple[str, ...]:
    """Reasons for which so few were lost, of all groups together, that no count may tell them."""
    return tuple(kind for kind in ("unlabelled", "left_out") if getattr(everyone, kind) < policy.threshold)


def _without(few: Sequence[str], attrition: Attrition) -> Attrition:
    """The counts without those lost for such a reason, as if they had never been in the cohort."""

    def less(loss: GroupLoss) -> GroupLoss:
        if "left_out" in few:
            loss = replace(loss, n=loss.n - loss.left_out, for_test=0, for_training=0)
        return replace(loss, n=loss.labelled, unlabelled=0) if "unlabelled" in few else loss

    return replace(attrition, everyone=less(attrition.everyone), groups=tuple(map(less, attrition.groups)))


def _said(attrition: Attrition, few: Sequence[str], material: Material) -> str:
    """What the counts mean, and which steps cannot be told by group and why."""
    prototype = material.prototype
    labels = attribute_labels(prototype)
    said = ["Counted at every date of training and testing, so a case that is in the cohort at two dates counts twice."]
    if attrition.earlier:
        words = "; ".join(f"“{name}”: {text}" for name, text in zip(_EARLIER, attrition.earlier, strict=False))
        said.append(
            f"{words}. Most of a register may never have been meant by the question, so that step is no loss in itself."
        )
    if attrition.not_counted:
        said.append(f"Groups cannot be told before the cohort: {attrition.not_counted}.")
    if attrition.with_outcome:
        told = listed([labels.get(name, in_words(name)) for name in attrition.with_outcome])
        said.append(f"Recorded with the outcome itself, so it cannot say who has none: {told}.")
    if "unlabelled" in few and prototype.outcome.no_record == "negative":
        said.append("Silence counts as no outcome, so nobody is lost for want of one.")
    elif few:
        said.append(f"“None or few”: fewer than {material.policy.threshold} of everybody; they are in no count here.")
    said.append(
        "Nobody was left out because an outcome was still open at the test date (the embargo): only dates are trained "
        "on whose outcomes were all known by then."
    )
    if prototype.validate_as_of:
        days = listed([short_day(str(day)) for day in prototype.validate_as_of])
        said.append(f"The cohort of {days}, which is neither learnt from nor tested on, is not counted here.")
    return " ".join(said)


def _everyone(attrition: Attrition, policy: Policy) -> _Printed:
    return _Printed(attrition.everyone, "", _by_difference(attrition, ["all"], policy), "all", policy)


def _by_difference(attrition: Attrition, places: Iterable[str], policy: Policy) -> set[str]:
    """What would tell how many outcomes are unknown at the other dates, when they are few.

    The number at all dates is printed with the split, so that at the dates counted here would give the rest away.
    """
    if not 0 < attrition.unlabelled_elsewhere < policy.threshold:
        return set()
    return {f"{place} {kind}" for place in places for kind in ("labelled", "unlabelled", "left_out")}


def _printed(attrition: Attrition, few: Sequence[str], material: Material) -> tuple[list[_Printed], list[_Printed]]:
    """Groups of attributes known beforehand, and of those that come with the outcome."""
    labels = attribute_labels(material.prototype)
    told: list[_Printed] = []
    with_outcome: list[_Printed] = []
    for attribute in dict.fromkeys(group.attribute for group in attrition.groups):
        groups = [group for group in attrition.groups if group.attribute == attribute]
        late = attribute in attrition.with_outcome
        fates = tuple(kind for kind in _FATES if kind not in few and not (late and kind == "unlabelled"))
        hidden = _hidden(groups, fates, _tested_elsewhere(attribute, groups, material), material.policy)
        hidden |= _by_difference(attrition, map(str, range(len(groups))), material.policy)
        label = labels.get(attribute, in_words(attribute))
        printed = [_Printed(group, label, hidden, str(place), material.policy) for place, group in enumerate(groups)]
        (with_outcome if late else told).extend(printed)
    return told, with_outcome


def _tested_elsewhere(attribute: str, groups: Sequence[GroupLoss], material: Material) -> dict[str, Cells]:
    """The numbers tested that the fairness tables print, by name: each adds up cells of these groups."""
    places = {group.group: place for place, group in enumerate(groups)}
    printed = {(one.attribute, one.group): one.n for one in material.groups}
    names = {
        one.group: one.members or (one.group,)
        for one in material.evaluation.fairness
        if one.attribute == attribute and printed[attribute, one.group].value is not None
    }
    return {
        f"fairness {group}": tuple(f"{places[name]} tested" for name in members)
        for group, members in names.items()
        if places.keys() >= set(members)
    }


def _hidden(groups: Sequence[GroupLoss], fates: Cells, elsewhere: dict[str, Cells], policy: Policy) -> set[str]:
    """Names of the counts of one attribute that must not be printed; its groups add up to everybody."""
    makes = {kind: tuple(part for part in parts if part in fates) for kind, parts in _MAKES.items()}
    makes = {kind: parts for kind, parts in makes.items() if parts}
    steps = len(groups[0].registered)
    cells: dict[str, float] = {}
    for place, group in enumerate(groups):
        cells |= {f"{place} {kind}": float(getattr(group, kind)) for kind in fates if not _plainly_none(group, kind)}
        after = (*group.registered[1:], group.n)[:steps]
        passed = [before - left for before, left in zip(group.registered, after, strict=True)]
        cells |= {f"{place} passed {step}": float(n) for step, n in enumerate(passed)}
    makes |= {
        f"registered {step}": (*(f"passed {s}" for s in range(step, steps)), *fates) for step in reversed(range(steps))
    }
    owners = range(len(groups))

    def of(places: Iterable[int], kinds: Cells) -> Cells:
        return tuple(cell for place in places for kind in kinds if (cell := f"{place} {kind}") in cells)

    figures = elsewhere | {f"all {name}": of(owners, kinds) for name, kinds in makes.items()}
    keep = {name for name, parts in figures.items() if sum(cells[c] for c in parts) >= policy.threshold}
    for name, kinds in makes.items():
        for place in sorted(owners, key=lambda place: groups[place].n):
            if parts := of([place], kinds):
                figures[f"{place} {name}"] = parts
    guarded = [parts for place in owners if (parts := of([place], fates))]
    try:
        return withhold(cells, figures, guarded=guarded, keep=keep, policy=policy)
    except DisclosureError:  # what the fairness tables print leaves no room: nothing of this attribute is shown here
        return set(figures)


def _plainly_none(group: GroupLoss, kind: str) -> bool:
    """Whether a count of nobody is no secret: the group is not in the cohort, or in no table of the cases tested."""
    return group.n == 0 or (kind == "tested" and group.tested == 0)


def _chart(everyone: _Printed, groups: Sequence[_Printed], kind: str, units: str, behind: Table) -> Chart:
    overall = everyone.share(kind)
    what = "outcome is not known" if kind == "unlabelled" else f"cases were left out to keep {units} apart"
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


def _table(everyone: _Printed, groups: Sequence[_Printed], few: Sequence[str], units: str) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (one.name, one.n, *("none or few" if kind in few else one.share(kind) for kind in ("unlabelled", "left_out")))
        for one in (everyone, *groups)
    ]
    return Table(
        "missing-table", "Lost on the way from the cohort to the models, by group",
        ("Group", "In the cohort", "Outcome not known", f"Left out to keep {units} apart"), tuple(rows),
        numeric=(False, True, True, True),
        note="In brackets: 95% interval (Wilson), which takes cases as independent.",
    )  # fmt: skip


def _steps(attrition: Attrition, groups: Sequence[_Printed], units: str) -> Table:
    """How many of each group are there at every step."""

    def cells(one: _Printed) -> Iterator[Cell]:
        yield one.name
        yield from one.earlier(len(attrition.earlier))
        for kind, _ in _STEPS:
            if kind == "n" and one.loss.attribute in attrition.with_outcome:
                yield "–"
            else:
                yield one.count(kind) if one.loss.n else "none"

    rows = tuple(tuple(cells(one)) for one in groups)
    columns = ("Group", *_EARLIER[: len(attrition.earlier)], *(words for _, words in _STEPS))
    return Table(
        "attrition-groups", "How many of each group are there at every step", columns, rows,
        numeric=(False, *(True for _ in columns[1:])),
        note="“–”: cannot be told. Between “outcome known” and the last two columns, cases are left out to keep "
        f"{units} apart.",
    )  # fmt: skip

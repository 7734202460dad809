"""From the visits of a team to what they find, what they miss, and what one more would bring."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.evaluation.capacity import Capacity, OneMore, Workload
from riskmodel.evaluation.practice import DECISIONS, Practice
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.worth import BenefitDifference
from riskmodel.reporting import charts, wording
from riskmodel.reporting.charts import Point, Row, Series
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.document import Block, Cell, Chart, Folded, Section, Table, Text, table
from riskmodel.reporting.figures import (
    WITHHELD,
    Figure,
    counted,
    exact,
    measured,
    number,
    proportion,
    share_digits,
    shared,
)
from riskmodel.reporting.material import Material
from riskmodel.reporting.numbers import tenth_cuts
from riskmodel.reporting.wording import sentence


def workload(material: Material) -> Section | None:
    """Visits, what they find and miss, the cost that the cut-off implies, and today's practice."""
    found = material.evidence.capacity if material.evidence else None
    if found is None:
        return None
    blocks: list[Block] = [Text(_plan(found, material)), _visits(found.overall, material), _cut(found, material)]
    if found.areas:
        blocks.append(Folded(f"Each area with its own {material.helps}", _areas(found, material)))
    if found.practice is not None:
        blocks.append(_today(found, found.practice, material))
    if found.benefit:
        blocks.append(_benefit(found.benefit, material))
    return Section("workload", f"What the {material.helps} find, and what one more would", tuple(blocks))


def _plan(found: Capacity, material: Material) -> str:
    work = found.overall
    cohorts = "the test cohort" if found.cohorts == 1 else f"the {found.cohorts} test cohorts together"
    many = counted(work.visits, material.policy).text
    month = f"{work.a_month:.0f} a month" if work.a_month >= 10 else f"{work.a_month:.1f} a month"
    made_up = " The number is invented, like the data." if material.invented else ""
    if not found.declared:
        share = f"{100 * material.prototype.capacity:.3g}%"
        return (
            f"No team is declared. One {material.help} to each of the declared share of {share} of {cohorts} takes "
            f"about {many} {material.helps}, {month} over {found.months} months.{made_up}"
        )
    left = (
        f" {counted(found.left_out, material.policy).text} cases live in areas without {material.helps}."
        if found.left_out >= material.policy.threshold
        else ""
    )
    each = ", shared out over areas" if found.areas else ""
    return f"The team makes {month} for {found.months} months{each}: about {many} for {cohorts}.{left}{made_up}"


def _visits(work: Workload, material: Material) -> Chart:
    policy, n, events = material.policy, material.evaluation.test["n"], material.evaluation.test["events"]
    hidden = not printable(work.visits, _value(work.found.value), material, material.evaluation.lead)
    found = WITHHELD if hidden else counted(work.found.value, policy, whole=work.visits)
    picked = counted(work.visits, policy)
    vain, missed = _less(picked, found), _less(material.events, found)
    right = WITHHELD if hidden else _share(work.found.value, work.visits, work.right.low, work.right.high, material)
    recall = WITHHELD if hidden else _share(work.found.value, events, work.recall.low, work.recall.high, material)
    wrong, lost = _rest(right, work.visits), _rest(recall, events)
    of_all = _share(work.visits, n, None, None, material)
    one, many = material.help, material.helps
    rows: list[tuple[Cell, ...]] = [
        (sentence(many), picked, of_all, "of all cases"),
        (f"{sentence(many)} to cases that had the outcome", found, right, f"of the {many}"),
        (f"{sentence(many)} in vain", vain, wrong, f"of the {many}"),
        (f"Missed: had the outcome, no {one}", missed, lost, "of all with the outcome"),
    ]
    title = f"What the {many} find, and what they miss"
    reading = (
        f"Of {picked.text} {many}, {found.text} go to cases with the outcome and {vain.text} are in vain; "
        f"{missed.text} cases with the outcome get no {one}."
        if found.value is not None
        else f"{picked.text} {many}; how many find a case is withheld, because the numbers are small."
    )
    bars = [Row(str(row[0]), row[1].value, row[1].text) for row in rows if isinstance(row[1], Figure)]
    bars = [Row(bar.label, bar.value, bar.words, emphasis=place == 3) for place, bar in enumerate(bars)]
    behind = table(
        "workload",
        f"What the {many} find, on {material.tested_on}",
        ("What", "Cases", "Share", "Share of what"),
        rows,
        note=material.brackets,
    )
    return Chart("workload", title, reading, charts.bars("workload", title, reading, bars), (behind,))


def _cut(found: Capacity, material: Material) -> Table:
    work, one, many = found.overall, material.help, material.helps
    rows: list[tuple[Cell, ...]] = [
        (f"Lowest predicted risk that gets one of the {many}", measured(work.cut_off, digits=2)),
        (
            f"{sentence(many)} in vain that one missed case counts as, if stopping there is right",
            measured(work.cost_ratio, digits=1),
        ),
    ]
    if found.one_more is not None:
        rows.append((f"One more {one} a week: of these {many}, how many would find a case", _more(found, material)))
    ratio = work.cost_ratio.value
    said = (
        ""
        if ratio is None
        else f"Whoever thinks that missing a case is worse than {ratio:.1f} {many} in vain should ask for more; "
        "whoever thinks it less bad, for fewer. "
    )
    return table(
        "workload-cut-off",
        f"Where the {many} end, and what that says",
        ("Figure", "Value"),
        rows,
        note=f"{said}{found.tie_rule} {material.brackets}",
    )


def _more(found: Capacity, material: Material) -> Figure:
    more, work = found.one_more, found.overall
    if more is None or more.found.value is None:
        return WITHHELD
    after = (work.visits + more.visits, _value(work.found.value) + more.found.value)
    if not printable(*after, material, material.evaluation.lead) or not _more_is_large(more, material):
        return WITHHELD
    return _share(more.found.value, more.visits, more.right.low, more.right.high, material)


def _more_is_large(more: OneMore, material: Material) -> bool:
    found = _value(more.found.value)
    return min(found, more.visits - found) >= material.policy.threshold


def _areas(found: Capacity, material: Material) -> Table:
    """Visits and cut-off of each area; what is found only where all areas are large enough, so none can be inferred."""
    large, many = all(_all_large(work, material) for work in found.areas), material.helps
    rows: list[tuple[Cell, ...]] = []
    for work in found.areas:
        right = _share(work.found.value, work.visits, work.right.low, work.right.high, material) if large else WITHHELD
        month = number(work.a_month, digits=1)
        rows.append(
            (
                material.spoken(work.area),
                month,
                number(work.cut_off.value, digits=2),
                measured(work.cost_ratio, digits=1),
                right,
            )
        )
    return table(
        "workload-areas",
        f"Each area with its own {many}",
        (
            "Area",
            f"{sentence(many)} a month",
            "Lowest risk that gets one",
            f"{sentence(many)} in vain for one missed case",
            f"Right, of the {many}",
        ),
        rows,
        note="A different lowest risk means that the same risk gets one in one area and none in another. "
        + material.brackets,
    )


def _all_large(work: Workload, material: Material) -> bool:
    counts = [_value(one.value) for one in (work.found, work.missed, work.wasted)]
    return min(*counts, work.n - sum(counts)) >= material.policy.threshold


def _today(found: Capacity, practice: Practice, material: Material) -> Table:
    name = material.prototype.feature(practice.feature).label
    lead, rule = material.evaluation.lead, "" if practice.kind == DECISIONS else "current_rule"
    visits, policy, helps = practice.visits, material.policy, material.helps
    told = printable(visits, _value(practice.by_model.value), material, lead, _lists(found)) and printable(
        visits, _value(practice.by_practice.value), material, rule
    )
    model, today, difference = WITHHELD, WITHHELD, WITHHELD
    if told:
        model, today = (_of_visits(one, visits, policy) for one in (practice.by_model, practice.by_practice))
        gap = practice.difference
        ends = (None if end is None else 100 * end / visits for end in (gap.value, gap.low, gap.high))
        difference = number(*ends, digits=0)
    common = practice.in_common
    both = shared(_value(common.value) * visits, visits, policy, low=common.low, high=common.high)
    rows: list[tuple[Cell, ...]] = [
        (f"The list: had the outcome, of the {helps}", model),
        (f"Today ({wording.lower_first(name)}): had the outcome, of the {helps}", today),
        (f"The list less today: more found by 100 {helps}", difference),
        (f"{sentence(helps)} that both would make", both),
    ]
    return table(
        "workload-today",
        f"The list beside today's practice, at the same {counted(visits, policy).text} {helps}",
        ("Figure", "Value"),
        rows,
        note=f"{practice.note} The difference is taken before rounding. {material.brackets}",
    )


def _of_visits(found: Estimate, visits: int, policy: Policy) -> Figure:
    low, high = (None if end is None else end / visits for end in (found.low, found.high))
    return shared(found.value, visits, policy, low=low, high=high)


def _lists(found: Capacity) -> list[tuple[float, float]]:
    """Lists of the model that this section tells of: visits, and cases with the outcome among them."""
    if found.areas:
        return []
    first = (float(found.overall.visits), _value(found.overall.found.value))
    more = found.one_more
    return [first, *([] if more is None else [(first[0] + more.visits, first[1] + _value(more.found.value))])]


def _benefit(benefit: tuple[BenefitDifference, ...], material: Material) -> Chart:
    best = wording.model(benefit[0].baseline)
    shown = [(one, _hundred(one)) for one in benefit if one.difference.value is not None]
    title = f"Net benefit: the model less {wording.lower_first(best)}"
    clear = [one.threshold for one, _ in shown if one.difference.low is not None and one.difference.low > 0]
    worse = [one.threshold for one, _ in shown if one.difference.high is not None and one.difference.high < 0]
    reading = (
        f"The model is clearly better than the best baseline at {len(clear)} of the {len(shown)} thresholds tried."
        if clear
        else "At no threshold is the model clearly better than the best baseline."
    )
    if worse:
        reading += f" It is clearly worse at {len(worse)}."
    points = [Point(one.threshold, f.value or 0.0, f.low, f.high) for one, f in shown]
    svg = charts.curves(
        "benefit-difference", title, reading, [Series("Difference, with its 95% band", points, False)],
        x_label="Risk above which help is worth offering", y_label="For each 100 cases (0: no difference)",
        y_percent=False,
    )  # fmt: skip
    behind = table(
        "benefit-difference",
        f"Net benefit of the model less that of the best baseline ({wording.lower_first(best)}), for each 100 cases",
        ("Threshold", "Difference", "For each 100 cases with the outcome"),
        [(f"{100 * one.threshold:.3g}%", figure, _hundred(one, of_events=True)) for one, figure in shown],
        note=f"More than 0: the model is better. {material.brackets}",
        drawn=True,
    )
    return Chart("benefit-difference", title, reading, svg, (behind,))


def _hundred(one: BenefitDifference, *, of_events: bool = False) -> Figure:
    estimate = one.standardised if of_events else one.difference
    ends = (estimate.value, estimate.low, estimate.high)
    return number(*(None if end is None else 100 * end for end in ends), digits=1)


def printable(
    visits: int, found: float, material: Material, model: str, others: Sequence[tuple[float, float]] = ()
) -> bool:
    """Whether what a list finds may be told, given the lists of other lengths that the card tells of.

    Lists of one ranking are nested, so the difference of two is a count of people as well: it has to be none or enough.

    Parameters
    ----------
    visits, found
        Length of the list and cases with the outcome on it.
    material
        Holds the other lists and the totals.
    model
        Whose list it is; one that the card does not tell of is judged alone.
    others
        Further lists of the same ranking.
    """
    least, test = material.policy.threshold, material.evaluation.test
    n, events = test["n"], test["events"]
    if min(found, visits - found, events - found, n - events - visits + found) < least:
        return False
    result, printed = material.evaluation.models.get(model), material.models.get(model)
    told = {round(p.share, 6): p.found.value is not None for p in printed.capacity} if printed else {}
    points = (
        [(p.n_selected, _value(p.found.value), told.get(round(p.share, 6))) for p in result.capacity] if result else []
    )
    if any(length == visits and shown is False for length, _, shown in points):
        return False
    tenths = tenth_cuts(result, n, events, material.policy) if result else []
    lists = [*others, *((float(length), hits) for length, hits, shown in points if shown)]
    lists += [cut for cut in tenths if abs(cut[0] - visits) >= least]  # closer ones are the same list to a reader
    steps = [abs(step) for length, hits in lists for step in (found - hits, visits - length - (found - hits))]
    return not any(1e-9 < step < least for step in steps)


def _share(part: float | None, whole: float, low: float | None, high: float | None, material: Material) -> Figure:
    return shared(part, whole, material.policy, low=low, high=high)


def _rest(part: Figure, whole: float) -> Figure:
    """What is left of a printed share, so that both add up to one."""
    if part.value is None or part.low is None or part.high is None:
        return part
    return proportion(1 - part.value, 1 - part.high, 1 - part.low, digits=share_digits(part.value, whole))


def _less(whole: Figure, part: Figure) -> Figure:
    """The difference of two printed counts, so that what is printed adds up."""
    if whole.value is None or part.value is None:
        return WITHHELD
    return exact(int(whole.value - part.value))


def _value(value: float | None) -> float:
    return 0.0 if value is None else float(value)

"""From the visits a team can make to the cut-off, what they find and miss, and what a visit is then worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodel.evaluation import fused
from riskmodel.evaluation.arrays import Floats, Ints
from riskmodel.evaluation.cells import Tally
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.fused import Counts
from riskmodel.evaluation.intervals import percentile
from riskmodel.evaluation.practice import Practice, compared_with_practice
from riskmodel.evaluation.resampled_cells import numbered, resampled
from riskmodel.evaluation.results import Estimate
from riskmodel.evaluation.usefulness import cut, selection
from riskmodel.evaluation.worth import BenefitDifference, benefit_over_baseline

TIE_RULE = (
    "Cases with equal scores at the cut-off have equal chances of the places that are left; every figure is the "
    "average over all ways of sharing them out."
)
#: Weeks in a month.
WEEKS = 52 / 12
#: Assumed when a prototype declares no team.
MONTHS = 12
#: Counts of cases on one list, and off it.
COUNTED = ("found", "missed", "wasted")


@dataclass(frozen=True)
class Workload:
    """What one number of visits brings, on the test cohorts.

    Attributes
    ----------
    area : str
        Code of the area; "" for all cases.
    n, visits : int
        Test cases, and how many of them are visited.
    a_month : float
        The same a month.
    found, missed, wasted : Estimate
        Cases with the outcome that are visited and that are not, and visits to cases without it.
    right, recall : Estimate
        Found as a share of the visits, and of all with the outcome.
    cut_off : Estimate
        The lowest predicted risk that is visited.
    cost_ratio : Estimate
        Visits in vain that one missed case is counted as, for stopping there to be the best choice: the odds
        (1 - t) / t of the cut-off t.
    tied, tied_places : float
        Cases whose score is that of the cut-off, and places left for them.
    """

    area: str
    n: int
    visits: int
    a_month: float
    found: Estimate
    missed: Estimate
    wasted: Estimate
    right: Estimate
    recall: Estimate
    cut_off: Estimate
    cost_ratio: Estimate
    tied: int
    tied_places: float


@dataclass(frozen=True)
class OneMore:
    """What one more visit a week would find: `visits` further down the list.

    `found` counts them, `right` is the same as a share of these visits.
    """

    visits: int
    found: Estimate
    right: Estimate


@dataclass(frozen=True)
class Capacity:
    """From a team's capacity to what it achieves.

    Attributes
    ----------
    declared : bool
        Whether a team is declared; if not, the visits follow from the share of cases that is declared.
    months, cohorts : int
        How long one cohort is worked on, and how many cohorts were tested together.
    overall : Workload
        One list for everybody; or, where areas have their own visits, the lists of all areas together.
    areas : tuple of Workload
        Each area with its own visits.
    left_out : int
        Test cases in areas without visits.
    one_more : OneMore or None
        None when everybody is visited already, or when each area has its own list.
    practice : Practice or None
        Compared with today's decisions, or with the rule that stands for them.
    benefit : tuple of BenefitDifference
        Net benefit of the model less that of the best baseline, by threshold.
    tie_rule : str
    """

    declared: bool
    months: int
    cohorts: int
    overall: Workload
    areas: tuple[Workload, ...]
    left_out: int
    one_more: OneMore | None
    practice: Practice | None
    benefit: tuple[BenefitDifference, ...]
    tie_rule: str = TIE_RULE


def capacity(context: Context) -> Capacity:
    """Work out what the team's visits achieve on the test cohorts.

    Parameters
    ----------
    context : Context

    Notes
    -----
    Every interval comes from the same resamples of households; the list is cut anew in each, at the same share of the
    cases. The cost ratio is the threshold odds of decision analysis (Pauker and Kassirer 1975; Vickers and Elkin 2006).
    """
    team, cohorts = context.prototype.team, len(context.prototype.test_as_of)
    n = len(context.y)
    share = context.prototype.capacity
    areas, by_area = context.test.area.astype(str).to_numpy(), {} if team is None else team.by_area
    months = MONTHS if team is None else team.months
    plan = _Plan(context, *numbered(context.test.component.to_numpy()), months * cohorts)
    more = None
    if by_area:
        parts = [(area, np.flatnonzero(areas == area), visits * cohorts) for area, visits in by_area.items()]
        lists = [_one_list(plan, area, rows, visits) for area, rows, visits in parts if len(rows)]
        overall = _together(plan, lists)
    else:
        visits = max(1, round(share * n)) if team is None else team.visits * cohorts
        lists, overall_list = [], _one_list(plan, "", np.arange(n), visits)
        overall, more = overall_list.workload(plan), _one_more(plan, overall_list)
    return Capacity(
        team is not None, months, cohorts, overall, tuple(one.workload(plan) for one in lists),
        int((~np.isin(areas, list(by_area))).sum()) if by_area else 0,
        more, compared_with_practice(context, overall.visits), benefit_over_baseline(context),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Plan:
    context: Context
    household: Ints
    households: int
    months: int


@dataclass(frozen=True, eq=False)
class _List:
    """One list cut after so many visits: exact figures, and the same in every resample."""

    area: str
    rows: Ints
    visits: int
    more: int
    exact: dict[str, float]
    drawn: dict[str, Floats]

    def workload(self, plan: _Plan) -> Workload:
        score = plan.context.ranking[self.rows]
        line = cut(score, self.visits / len(self.rows))
        tied = (line.tied, float(line.selected - line.above))
        return _workload(plan, self.area, self.rows, self.visits, self.exact, self.drawn, tied)


def _one_list(plan: _Plan, area: str, rows: Ints, visits: int) -> _List:
    context, n = plan.context, len(rows)
    visits = min(visits, n)
    more = min(round(WEEKS * plan.months), n - visits)
    y, score, p = context.y[rows], context.ranking[rows], context.probability[rows]
    line = cut(score, visits / n)
    found = float((selection(score, visits / n) * y).sum())
    exact = {"found": found, "visits": float(visits), "events": float(y.sum())}
    exact["cut_off"] = float(p[score >= line.threshold].min())
    exact["more"] = float((selection(score, (visits + more) / n) * y).sum()) - found

    def figures(counts: Counts, tally: Tally) -> dict[str, Floats]:
        group = tally.groups[0]
        end = fused.cut_line(counts, visits / n)
        hits, false = fused.selected(counts, group, end)
        further = fused.selected(counts, group, fused.cut_line(counts, (visits + more) / n))[0]
        return {
            "found": hits, "visits": hits + false, "events": counts.found[-1],
            "cut_off": group.risk[end.level], "more": further - hits,
        }  # fmt: skip

    drawn = resampled(
        y, score, p, plan.household[rows], plan.households, figures, resamples=context.resamples, seed=context.seed
    )
    return _List(area, rows, visits, more, exact, drawn)


def _together(plan: _Plan, lists: list[_List]) -> Workload:
    """All areas' lists as one: counts add up; the cut-off is the lowest of any area."""
    rows = np.arange(len(plan.context.y))
    keys = ("found", "visits")
    exact = {key: sum(one.exact[key] for one in lists) for key in keys}
    drawn = {key: np.sum([one.drawn[key] for one in lists], axis=0) for key in keys}
    everyone = _one_list(plan, "", rows, len(rows))
    exact["events"], drawn["events"] = everyone.exact["events"], everyone.drawn["events"]
    exact["cut_off"] = min(one.exact["cut_off"] for one in lists)
    drawn["cut_off"] = np.min([one.drawn["cut_off"] for one in lists], axis=0)
    return _workload(plan, "", rows, sum(one.visits for one in lists), exact, drawn, (0, 0.0))


def _workload(
    plan: _Plan,
    area: str,
    rows: Ints,
    visits: int,
    exact: dict[str, float],
    drawn: dict[str, Floats],
    tied: tuple[int, float],
) -> Workload:
    n, events = len(rows), int(plan.context.y[rows].sum())
    one, many = _derived({k: np.array([v]) for k, v in exact.items()}), _derived(drawn)

    def estimate(name: str) -> Estimate:
        return percentile(float(one[name][0]), float(many[name][0]), many[name][1:], n=n, events=events)

    figures = {name: estimate(name) for name in (*COUNTED, "right", "recall", "cut_off", "cost_ratio")}
    return Workload(area, n, visits, visits / plan.months, **figures, tied=tied[0], tied_places=tied[1])


def _derived(drawn: dict[str, Floats]) -> dict[str, Floats]:
    found, visits, events, t = (drawn[key] for key in ("found", "visits", "events", "cut_off"))
    return {
        "found": found,
        "missed": events - found,
        "wasted": visits - found,
        "right": fused.divide(found, visits),
        "recall": fused.divide(found, events),
        "cut_off": t,
        "cost_ratio": fused.divide(1 - t, t),
    }


def _one_more(plan: _Plan, one: _List) -> OneMore | None:
    if one.more < 1:
        return None
    n, events, drawn = len(one.rows), one.exact["events"], one.drawn["more"]
    found = percentile(one.exact["more"], float(drawn[0]), drawn[1:], n=n, events=int(events))
    share = drawn / one.more
    right = percentile(one.exact["more"] / one.more, float(share[0]), share[1:], n=one.more, events=int(events))
    return OneMore(one.more, found, right)

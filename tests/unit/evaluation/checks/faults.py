"""One fault for each check: how it is put into the faultless world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from riskmodel import count
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.results import GroupResult
from tests.unit.evaluation.checks.world import (
    but,
    estimated,
    manifest,
    monthly,
    on_test,
    prototype,
    remodelled,
    source,
)


def _rng() -> np.random.Generator:
    return np.random.default_rng(8)


def _fewer(c: Context, **sizes: int) -> Context:
    parts = {name: getattr(c.split, name)[:n] for name, n in sizes.items()}
    return replace(c, split=replace(c.split, **parts))


def _more_common(c: Context) -> Context:
    return but(c, y=c.matrix.y.mask(on_test(c) & (_rng().random(len(c.matrix)) < 0.2), 1.0))


def _unknown_outcomes(c: Context) -> Context:
    late = np.arange(len(c.matrix)) >= len(c.matrix) - 400
    split = replace(c.split, test=c.split.test[c.split.test < len(c.matrix) - 400])
    return replace(but(c, y=c.matrix.y.mask(late)), split=split)


def _area_apart(c: Context) -> Context:
    there = on_test(c) & (c.matrix.area == "North").to_numpy() & (_rng().random(len(c.matrix)) < 0.4)
    return but(c, y=c.matrix.y.mask(there, 1.0))


def _outcome_seen(c: Context) -> Context:
    return but(c, score=c.matrix.y * 1.25 + _rng().normal(size=len(c.matrix)))


def _own_records(c: Context) -> Context:
    endings = source("endings")
    again = count(endings, "visits", "there were more visits", where="flag", direction="+")
    declared = prototype(endings=endings)
    return replace(c, prototype=replace(declared, features=[again, *declared.features[1:]]))


def _blank_for_the_outcome(c: Context) -> Context:
    blank = (c.matrix.y == 1) & (_rng().random(len(c.matrix)) < 0.4)
    return but(c, score=c.matrix.X["score"].mask(blank))


def _separated(c: Context) -> Context:
    return but(c, late=((c.matrix.y == 1) & (_rng().random(len(c.matrix)) < 0.3)).astype(float))


def _the_other_way(c: Context) -> Context:
    turned = {"visits": "-", "late": "+", "score": "-", "amount": "+"}
    return remodelled(c, features=tuple(replace(f, direction=turned.get(f.name)) for f in c.lead.features))


def _latest_only(c: Context) -> Context:
    visits = source("visits")
    declared = prototype(visits=visits)
    # A prototype refuses such a source when it is declared; here it changes behind its back.
    object.__setattr__(visits, "keeps", "latest")
    return replace(c, prototype=declared)


def _repeated(c: Context) -> Context:
    keys = c.matrix.keys.copy()
    keys[20:40] = keys[0:20].to_numpy()
    return but(c, keys=keys)


def _copied(c: Context) -> Context:
    X = c.matrix.X.copy()
    X.loc[4:5, ["score", "amount", "gap"]] = [0.123, 321.5, 77.0]
    for name in ("visits", "late", "tenure"):
        X.loc[5, name] = X.loc[4, name]
    component = c.matrix.component.copy()
    component[5] = 10**6
    return replace(c, matrix=replace(c.matrix, X=X, component=component))


def _shared_household(c: Context) -> Context:
    component = c.matrix.component.copy()
    component[c.split.test[:30]] = component[c.split.train[:30]].to_numpy()
    return but(c, component=component)


def _far_areas(c: Context) -> Context:
    far = on_test(c) & (_rng().random(len(c.matrix)) < 0.05)
    return but(c, area=c.matrix.area.mask(far, "Far"))


def _small_group(c: Context) -> Context:
    lead = c.evaluation.models[c.evaluation.lead]
    small = GroupResult("sex", "X", 12, 3, note="too small to report", withheld=True)
    pooled = GroupResult("group", "Small groups together", 90, 20, members=("b", "Unknown"))
    models = {**c.evaluation.models, c.evaluation.lead: replace(lead, groups=(*lead.groups, small, pooled))}
    return replace(c, evaluation=replace(c.evaluation, models=models))


def _tied(c: Context) -> Context:
    alike = on_test(c) & (_rng().random(len(c.matrix)) < 0.5)
    X = c.matrix.X.copy()
    X.loc[alike, ["visits", "late", "score", "amount", "gap"]] = [3.0, 1.0, -1.0, 200.0, 10.0]
    X.loc[alike, "tenure"] = "social"
    return replace(c, matrix=replace(c.matrix, X=X))


def _quieter(c: Context, **entry: Any) -> Context:
    return replace(c, warehouse=manifest(visits=entry))


def _half_a_year(c: Context) -> Context:
    counted = monthly()
    counted |= {month: 20 for month in counted if "2022-10" <= month <= "2023-09"}
    return _quieter(c, monthly=counted)


def _intercept(c: Context) -> Context:
    predictor = c.lead.predictor
    return remodelled(c, predictor=replace(predictor, intercept=predictor.intercept + 0.1))


def _record(c: Context, **changes: Any) -> Context:
    return replace(c, training=replace(c.training, record={**c.training.record, **changes}))


def _rewritten(c: Context) -> Context:
    problem = {"code": "C402", "source": "visits", "column": "points", "severity": "warning"}
    return replace(c, warehouse={**manifest(), "problems": [problem]})


#: Check -> fault, the severity it is given, and words of the reason.
FAULTS: dict[str, tuple[Any, str, str]] = {
    "RM101": (lambda c: _fewer(c, train=300, calibrate=100), "warning", "400 cases were there"),
    "RM102": (lambda c: _fewer(c, train=60, calibrate=60), "warning", "for each of the 9 parameters"),
    "RM103": (lambda c: _fewer(c, test=300), "warning", "The test holds"),
    "RM104": (_more_common, "warning", "of the training cases had the outcome"),
    "RM105": (
        lambda c: replace(c, prototype=prototype(endings=source("endings", breaks=(date(2023, 11, 1),)))),
        "error",
        "changed its meaning (2023-11-01)",
    ),
    "RM106": (
        lambda c: but(c, y=c.matrix.y.mask(c.matrix.as_of == "2022-09-01")),
        "warning",
        "of 2022-09-01 are known",
    ),
    "RM107": (
        lambda c: replace(c, warehouse=manifest(endings={"complete_to": "2024-06-30"})),
        "error",
        "complete to 2024-06-30",
    ),
    "RM108": (
        lambda c: replace(c, warehouse=manifest(endings={"extracted_on": "2024-09-05"})),
        "warning",
        "taken on 2024-09-05",
    ),
    "RM109": (_unknown_outcomes, "warning", "17% at the test dates"),
    "RM110": (_area_apart, "warning", "North"),
    "RM201": (_outcome_seen, "warning", "score (0.8"),
    "RM202": (_own_records, "note", "visits count earlier outcomes of the same people"),
    "RM203": (lambda c: but(c, gap=c.matrix.X["gap"] - 1), "error", "gap hold days or counts below nought"),
    "RM204": (_blank_for_the_outcome, "warning", "score"),
    "RM205": (
        lambda c: but(c, visits=np.arange(float(len(c.matrix)))),
        "error",
        "visits: the number of different values is over 99.6%",
    ),
    "RM206": (
        lambda c: but(c, visits=pd.factorize(c.matrix.area, sort=True)[0].astype(float)),
        "warning",
        "visits (1.00)",
    ),
    "RM207": (lambda c: but(c, late=0.0), "note", "measures has the same value for 99.5% of"),
    "RM208": (lambda c: but(c, amount=3 - 2 * c.matrix.X["score"].fillna(0)), "warning", "score and amount"),
    "RM209": (_the_other_way, "warning", "visits"),
    "RM210": (_separated, "warning", "late"),
    "RM211": (_intercept, "error", "from the rate it was fitted to"),
    "RM212": (lambda c: but(c, score=c.matrix.X["score"] + on_test(c)), "warning", "score"),
    "RM213": (
        lambda c: replace(c, prototype=prototype(visits=source("visits", breaks=(date(2021, 6, 1),)))),
        "warning",
        "visits, late, score, amount, gap",
    ),
    "RM214": (
        lambda c: but(c, amount=c.matrix.X["amount"].mask(_rng().random(len(c.matrix)) < 0.85)),
        "note",
        "amount",
    ),
    "RM215": (_latest_only, "error", "visits"),
    "RM216": (lambda c: replace(c, prototype=prototype(visits=source("visits", known=""))), "warning", "visits"),
    "RM301": (_repeated, "error", "20 rows repeat"),
    "RM302": (_copied, "warning", "Fewer than 10 cases of different households agree"),
    "RM303": (_shared_household, "error", "households and fewer than 10 cases"),
    "RM304": (
        lambda c: _quieter(c, monthly=monthly(last="2024-05")),
        "error",
        "visits (Visits) holds nothing from June",
    ),
    "RM305": (_half_a_year, "warning", "visits in the 12 months to September 2023"),
    "RM306": (lambda c: _quieter(c, dates_stated=False), "warning", "visits"),
    "RM307": (_rewritten, "note", "C402 visits"),
    "RM308": (
        lambda c: replace(c, split=replace(c.split, dropped={"household kept for the test": 4000})),
        "note",
        "left out",
    ),
    "RM309": (_far_areas, "warning", "Not learnt from: Far"),
    "RM401": (lambda c: but(c, amount=c.matrix.X["amount"] * (1 + 6 * on_test(c))), "warning", "amount"),
    "RM402": (lambda c: estimated(c, calibration_slope=(0.7, 0.6, 0.85)), "warning", "0.700 (0.600 to 0.850)"),
    "RM403": (lambda c: estimated(c, oe=(1.6, 1.5, 1.7)), "error", "1.600 (1.500 to 1.700)"),
    "RM404": (_small_group, "warning", "2 audited groups are too small"),
    "RM405": (lambda c: but(c, audit=c.matrix.audit.assign(sex="Unknown")), "warning", "sex (over 99."),
    "RM406": (lambda c: replace(c, prototype=prototype(capacity=0.6)), "warning", "room for 60%"),
    "RM407": (_tied, "warning", "decided by a tie"),
    "RM408": (lambda c: estimated(c, auroc=(0.55, 0.53, 0.57)), "warning", "0.550 (0.530 to 0.570) on the test"),
    "RM409": (lambda c: _record(c, expires_on="2024-01-01"), "error", "expires on 2024-01-01"),
    "RM410": (lambda c: replace(c, prototype=prototype(score_as_of=date(2026, 9, 1))), "note", "4.0 years older"),
}

"""What an outsider is after: the exact counts behind a card, from the test cases themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pandas as pd

from riskmodel.engine.warehouse import Warehouse
from riskmodel.evaluation.context import Context
from riskmodel.evaluation.evidence import Evidence
from riskmodel.evaluation.results import ModelResult
from riskmodel.evaluation.usefulness import selection
from riskmodel.evaluation.validation.results import Areas, GroupLoss
from riskmodel.modelling.splits import split_for
from riskmodel.project import Project
from riskmodel.reporting import wording
from riskmodel.reporting.card import ModelCard
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.policy import Policy
from riskmodel.runs import load_evaluation, load_evidence, load_matrix, load_training
from tests.unit.reporting.outsider import FATES, KINDS, Cells, Knowledge, Outsider


class Insider:
    """Exact counts of a test set by group, in the words of a card."""

    def __init__(self, context: Context, outsider: Outsider) -> None:
        picked = selection(context.ranking, context.prototype.capacity)
        self.four = pd.DataFrame(
            np.column_stack([
                context.y * picked, context.y * (1 - picked), (1 - context.y) * picked, (1 - context.y) * (1 - picked)
            ]),
            columns=list(KINDS),
        )  # fmt: skip
        self.names = {name.replace("_", "-"): name for name in context.test.audit.columns}
        self.audit = context.test.audit.astype(str).reset_index(drop=True)
        self.outsider, self.labels = outsider, attribute_labels(context.prototype)
        self.y = context.y

    def groups(self, attribute: str) -> pd.Series:
        """The group of every test case as the main table names it."""
        names = {name.lower(): name for name in self.outsider.groups(attribute)}
        own = self.audit[self.names[attribute]].str.replace("_", " ").str.lower().map(names)
        pooled = [name for name in names.values() if "small groups together" in name.lower()]
        return own.fillna(pooled[0] if pooled else "nobody")

    def cells(self, *attributes: str) -> dict[str, float]:
        """Exact count of every cell of one or two attributes."""
        labels = [self.groups(attribute) for attribute in attributes]
        table = self.four.groupby(labels).sum()
        known = {"|".join((*_several(at), kind)): float(row[kind]) for at, row in table.iterrows() for kind in KINDS}
        wanted = [self.outsider.groups(attribute) for attribute in attributes]
        every = ["|".join(names) for names in product(*wanted)]
        return {f"{name}|{kind}": known.get(f"{name}|{kind}", 0.0) for name in every for kind in KINDS}

    def raw(self, attribute: str) -> dict[str, float]:
        """Cases with and without the outcome in every group, before small ones are joined."""
        own = self.audit[self.names[attribute]].str.replace("_", " ").str.lower()
        y = pd.Series(self.y)
        return {
            f"{name}|{kind}": float((yes if kind == "yes" else 1 - yes).sum())
            for name in self.outsider.single(attribute)
            for yes in [y[own == name]]
            for kind in ("yes", "no")
        }

    def lost(self, title: str, groups: Sequence[GroupLoss]) -> dict[str, float]:
        """Who was lost, by group of the attribute that is called so."""
        own = [one for one in groups if wording.sentence(self.labels.get(one.attribute, "")) == title]
        return {f"{wording.in_words(one.group)}|{kind}": float(getattr(one, kind)) for one in own for kind in FATES}


def areas_of(areas: Areas) -> dict[str, float]:
    """Cases with and without the outcome in every area, in the order of the card, and in none of them."""
    counts = [(fold.n, fold.events) for fold in areas.folds]
    named = {str(place): count for place, count in enumerate(counts)}
    named["rest"] = (areas.outside_n, areas.outside_events)
    return {
        f"{name}|{kind}": float(events if kind == "yes" else n - events)
        for name, (n, events) in named.items()
        for kind in ("yes", "no")
    }


def lists_of(result: ModelResult, cuts: Sequence[float], totals: Mapping[str, int]) -> dict[str, float]:
    """Cases with and without the outcome between one cut of a ranking and the next."""
    tenths = result.calibration_curve[::-1]
    n, events = np.cumsum([p.n or 0 for p in tenths]), np.cumsum([p.events or 0 for p in tenths])
    at = dict(zip(n.tolist(), events.tolist(), strict=True))
    at |= {round(p.n_selected / step) * step: p.found.value for p in result.capacity for step in (1, 5)}
    lengths = {round(p.n_selected / 5) * 5: p.n_selected for p in result.capacity}
    exact = [(lengths.get(int(cut), cut) if cut not in n else cut, at[int(cut)]) for cut in cuts]
    ends = [(0.0, 0.0), *exact, (float(totals["n"]), float(totals["events"]))]
    found: dict[str, float] = {}
    for name, ((n0, e0), (n1, e1)) in zip([*range(len(cuts)), "rest"], pairwise(ends), strict=True):
        found |= {f"{name}|yes": e1 - e0, f"{name}|no": (n1 - n0) - (e1 - e0)}
    return found


def targets(exact: Mapping[str, float], least: float, smallest: float) -> Iterator[Cells]:
    """Small counts of groups of at least `smallest`: every kind of case, and every sum of kinds."""
    groups: dict[str, list[str]] = {}
    for cell in exact:
        groups.setdefault(cell.rpartition("|")[0], []).append(cell)
    for cells in groups.values():
        if sum(exact[cell] for cell in cells) < smallest:
            continue
        for size in range(1, len(cells) + 1):
            for some in combinations(cells, size):
                if sum(exact[cell] for cell in some) < least - 0.5:
                    yield some


def recovered(
    about: Knowledge, exact: Mapping[str, float], least: float, smallest: float
) -> list[tuple[Cells, float, float]]:
    """Small counts that are bounded to less than the threshold, truly."""
    found = []
    for cells in targets(exact, least, smallest):
        if all(cell.rpartition("|")[2] in about.said_to_be_few for cell in cells):
            continue
        low, high = about.span(cells)
        if high - low < least - 0.01 and low - 0.51 <= sum(exact[cell] for cell in cells) <= high + 0.51:
            found.append((cells, round(low, 1), round(high, 1)))
    return found


def _several(at: object) -> tuple[str, ...]:
    return tuple(str(part) for part in at) if isinstance(at, tuple) else (str(at),)


def leaks(card: Mapping[str, Any], context: Context, evidence: Evidence, least: float = 10.0) -> list[str]:
    """Every small count that somebody finds who has nothing but a card, in words."""
    outsider = Outsider(card)
    insider, found = Insider(context, outsider), []
    for what, about, exact in _systems(outsider, insider, context, evidence):
        wrong = about.agrees(exact)
        assert not wrong, f"{what}: the outsider misreads {wrong[0]}"
        smallest = least if what.startswith("lists") else 0.5  # two lengths of a list may be close by design
        for cells, low, high in recovered(about, exact, least, smallest):
            found.append(f"{what}: {' + '.join(cells)} lies between {low} and {high}")
    return found


def _systems(
    outsider: Outsider, insider: Insider, context: Context, evidence: Evidence
) -> Iterator[tuple[str, Knowledge, dict[str, float]]]:
    """What is said about one set of people in several places, with the truth."""
    names = outsider.attributes
    for name in names:
        yield f"groups by {name}", outsider.of_attribute(name), insider.cells(name)
        if "calibration-groups" in outsider.tables:
            about, truth = outsider.of_pooling(name), insider.raw(name)
            if about.facts:
                yield f"pooled groups by {name}", about, truth
    for first, second in product(names, names):
        if (key := f"pair-{first}-{second}") in outsider.tables:
            yield key, outsider.of_pair(key, first, second), insider.cells(first, second)
    if evidence.validation is not None and "missing-table" in outsider.tables:
        for title, about in outsider.of_attrition():
            yield f"missing people by {title}", about, insider.lost(title, evidence.validation.attrition.groups)
    if evidence.validation is not None and "areas-table" in outsider.tables:
        yield "areas", outsider.of_areas(), areas_of(evidence.validation.areas)
    for model in context.evaluation.models.values():
        label = wording.model(model.name)
        key = f"calibration-{model.name.replace('_', '-')}-points"
        about = outsider.of_lists(label, key)
        if about.facts:
            yield f"lists of {label}", about, lists_of(model, outsider.cuts(label, key), context.evaluation.test)


def leaks_of_project(project: Project, prototype: str) -> list[str]:
    """Every small count that the card in a project gives away, as it was written and with counts printed exactly."""
    chosen, training = project.prototype(prototype), load_training(project, prototype)
    matrix = load_matrix(project, prototype)
    split = split_for(matrix, chosen, seed=int(training.record["seed"]))
    context = Context(training, matrix, chosen, split, load_evaluation(project, prototype))
    evidence = load_evidence(project, prototype)
    written = json.loads((project.cards / prototype / "card.json").read_text(encoding="utf-8"))
    exact = ModelCard.compose(
        chosen, context.evaluation, matrix.manifest, Warehouse.open(project.warehouse).manifest,
        context.training.record, evidence, invented=project.invented, policy=Policy(rounding=1),
    )  # fmt: skip
    return [*leaks(written, context, evidence), *leaks(json.loads(exact.json()), context, evidence)]

"""The card's own facts in words, from the same figures that its sections print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskmodel.declare import Output, Sensitivity
from riskmodel.reporting import wording
from riskmodel.reporting.figures import ABSENT, counted
from riskmodel.reporting.groups import attribute_labels, missed_more_often
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import day, full_stop, listed, lower_first, sentence, source_words

#: Words, and the key of the section that tells more.
Told = tuple[str, str]

#: So many of the strongest measures are named in a sentence.
_NAMED = 5


def card_facts(material: Material) -> dict[str, Told]:
    """Every fact by name; blank words where it was not declared or not measured."""
    return {**_declared(material), **_data(material), **_made(material), **_measured(material)}


def _declared(material: Material) -> dict[str, Told]:
    prototype = material.prototype
    expires = material.training.get("expires_on")
    individual = prototype.output is Output.INDIVIDUAL
    return {
        "name": (sentence(prototype.name.replace("_", " ")), "purpose"),
        "question": (prototype.question, "purpose"),
        "in_short": (f"A statistical model that helps to answer: {prototype.question}", "purpose"),
        "aim": (f"It may be used for this: {full_stop(lower_first(prototype.use))}", "purpose"),
        "never": (f"It must never be used for this: {full_stop(lower_first(prototype.never))}", "purpose"),
        "owner": (f"{prototype.owner} answers for its use.", "responsibility"),
        "decides": (
            "A member of staff decides about each case; the score only suggests whom to look at first.",
            "responsibility",
        ),
        "expires": (f"Valid until {day(str(expires))}." if expires else "", "responsibility"),
        "cohort": (f"It looks at: {full_stop(lower_first(prototype.cohort.description))}", "cohort"),
        "outcome": (f"It predicts: {_outcome(material)}", "cohort"),
        "dates": (_dates(material), "cohort"),
        "output": (_output(material, individual), "purpose"),
        "limits": (" ".join(full_stop(limit) for limit in prototype.limits), "limits"),
        "criteria_declared": (" ".join(full_stop(one.words) for one in material.criteria), "criteria"),
    }


def _outcome(material: Material) -> str:
    outcome = material.prototype.outcome
    return f"{full_stop(lower_first(outcome.label))} It looks {outcome.within} ahead."


def _dates(material: Material) -> str:
    prototype = material.prototype
    learnt, tested = (listed([day(d.isoformat()) for d in on]) for on in (prototype.train_as_of, prototype.test_as_of))
    return f"Learnt from cases as they stood on {learnt}; tested on {tested}." if learnt and tested else ""


def _output(material: Material, individual: bool) -> str:
    if not individual:
        return "Counts for areas; no case has a score."
    share = f"{100 * material.prototype.capacity:.3g}%"
    return (
        "For each case a probability of the outcome, its place in the list, and the three measures that moved its "
        "score "
        f"most. There is room to offer help to the top {share}."
    )


def _data(material: Material) -> dict[str, Told]:
    prototype = material.prototype
    sources = prototype.sources
    special = sorted({s.partner for s in sources if s.sensitivity is Sensitivity.SPECIAL})
    criminal = sorted({s.partner for s in sources if s.sensitivity is Sensitivity.CRIMINAL})
    used = [f for f in prototype.features if f.protected or f.justification]
    kept = list(attribute_labels(prototype).values())
    sensitive = [
        f"Special category records come from {listed(special)}."
        if special
        else "No special category records are declared.",
        f"Criminal offence records come from {listed(criminal)}." if criminal else "",
        f"Used only to check fairness: {listed(kept)}." if kept else "",
        f"Used to predict, with a justification: {listed([lower_first(f.label) for f in used])}." if used else "",
    ]
    records = [f"{sentence(source_words(s))} ({s.partner}): {lower_first(full_stop(s.description))}" for s in sources]
    return {
        "modality": ("Tables of dated records, one row for each event or state.", "data"),
        "partners": (f"Records come from {listed(sorted({source.partner for source in sources}))}.", "data"),
        "records": (" ".join(records), "data"),
        "agreements": (f"Agreements {listed(sorted(prototype.agreements))}.", "data"),
        "sensitive": (" ".join(part for part in sensitive if part), "protected"),
        "measures": (f"{len(prototype.features)} measures, each counted only from records known by the date.", "data"),
        "coverage": (_received(material), "data"),
        "flow": (_flow(material), "cohort"),
    }


def _received(material: Material) -> str:
    held: Mapping[str, Any] = material.warehouse.get("sources", {})
    parts = []
    for source in material.prototype.sources:
        entry = held.get(source.name)
        if entry:
            rows = counted(entry.get("rows"), material.policy)
            parts.append(f"{source_words(source)} {rows.text}")
    return f"Records received: {', '.join(parts)}." if parts else ""


def _flow(material: Material) -> str:
    return (
        f"Each step from the cohort to the {material.n.text} cases tested is shown."
        if material.matrix.get("attrition")
        else ""
    )


def _made(material: Material) -> dict[str, Told]:
    record = material.training
    split = record.get("split", {})
    families = {model.family for model in material.families}
    chosen = record.get("lead_reason") or record.get("tuning")
    digest = material.evaluation.generated_from.get("model_digests", {}).get(material.lead.name, "")
    together = f"the same {material.unit if material.prototype.cohort.together is not None else 'person'}"
    return {
        "model": (
            f"{material.lead.label}, proposed out of {listed([m.label.lower() for m in material.families])}.",
            "training",
        ),
        "digest": (str(digest), "provenance"),
        "software": (", ".join(f"{n} {v}" for n, v in record.get("software", {}).items()), "training"),
        "tuning": (full_stop(sentence(str(chosen))) if chosen else "", "training"),
        "trials": (_trials(record), "training"),
        "split": (_split(split, together), "cohort"),
        "sizes": (_sizes(split, material), "cohort"),
        "missing_values": (_missing(families), "training"),
        "calibrated": (_calibrated(material), "cohort"),
        "updated": _updated(material),
        "not_reweighted": (
            "Cases are neither resampled nor weighted, so probabilities keep the share of outcomes in the data."
            if families
            else "",
            "calibration",
        ),
        "fingerprints": ("SHA-256 of declaration, data, matrix and models." if digest else "", "provenance"),
        "baselines": (full_stop(listed([sentence(m.label) for m in material.baselines])), "performance"),
    }


def _trials(record: Mapping[str, Any]) -> str:
    trials = record.get("trials", ())
    return f"{len(trials)} settings were tried on earlier cohorts; the test cases were not looked at." if trials else ""


def _split(split: Mapping[str, Any], together: str) -> str:
    if split.get("kind") not in ("household and time", "household_and_time", "household x time"):
        return f"Split by {str(split['kind']).replace('_', ' ')}." if split.get("kind") else ""
    return (
        f"Tested on later cohorts; cases that belong to {together} are never on both sides, and outcomes learnt from "
        "were known before the first test date."
    )


def _sizes(split: Mapping[str, Any], material: Material) -> str:
    words = {"train": "learnt from", "calibrate": "used to set probabilities right", "test": "tested on"}
    parts = []
    for key, said in words.items():
        part = split.get(key) or {}
        if part.get("n"):
            n, events = (
                counted(part["n"], material.policy),
                counted(part.get("events"), material.policy, whole=part["n"]),
            )
            parts.append(f"{n.text} cases {said} ({events.text} with the outcome)")
    return full_stop(sentence("; ".join(parts))) if parts else ""


def _missing(families: set[str]) -> str:
    rules = {
        "logistic": "the logistic model fills a missing value from the training cases and is told that it was missing",
        "gradient_boosting": "the trees send missing values down a branch of their own",
    }
    said = [words for family, words in rules.items() if family in families]
    return full_stop(sentence(listed(said))) if said else ""


def _calibrated(material: Material) -> str:
    on = [day(d.isoformat()) for d in material.prototype.calibrate_as_of]
    return f"Probabilities were set right on the cohort of {listed(on)}." if on else ""


def _updated(material: Material) -> Told:
    """What updating the model after training did, or would do."""
    found = material.evidence.calibration if material.evidence else None
    if found is None:
        return "", ""
    if found.taken is not None:
        return "The model was recalibrated after training; before and after are shown.", "corrected"
    if any(way.possible for way in found.recalibrations):
        return "The model was not updated after its test; what recalibrating it would give is shown.", "calibrated"
    return "", ""


def _measured(material: Material) -> dict[str, Told]:
    metrics, point = material.lead.metrics, material.capacity
    ranking, slope, ratio = (metrics.get(name, ABSENT) for name in ("auroc", "calibration_slope", "oe"))
    found = material.evaluation.explanation
    strongest = [sentence(effect.label) for effect in found.effects[:_NAMED] if effect.importance > 0] if found else []
    met = sum(one.met is True for one in material.criteria)
    decision = wording.DECISIONS[material.evaluation.verdict.decision][1]
    return {
        "verdict": (f"{decision}. {' '.join(material.reasons)}", "verdict"),
        "tested_on": (f"{sentence(material.tested_on)}.", "performance"),
        "performance": (
            f"Ranking (AUROC) {ranking.text}; calibration slope {slope.text}; happened over predicted {ratio.text}; "
            f"95% intervals in brackets, on {material.tested_on}."
            if ranking.value is not None
            else "",
            "performance",
        ),
        "calibration": (
            f"Slope {slope.text}, happened over predicted {ratio.text}." if slope.value is not None else "",
            "calibration",
        ),
        "at_capacity": (
            ""
            if point is None
            else f"{point.words} of the list, {point.picked.text} cases: of those picked {point.precision.text} had "
            f"the outcome; of all with the outcome {point.recall.text} were found.",
            "capacity",
        ),
        "net_benefit": (
            "Net benefit beside visiting everybody or nobody is shown." if material.lead.decisions else "",
            "capacity",
        ),
        "groups": (_groups(material), "fairness"),
        "optimism": (
            "A random split is compared with the honest one." if material.evaluation.optimism else "",
            "performance",
        ),
        "explained": (full_stop(f"Strongest measures: {'; '.join(strongest)}") if strongest else "", "explanation"),
        "criteria": (
            f"{met} of {len(material.criteria)} success criteria met." if material.criteria else "",
            "criteria",
        ),
        "disclosure": (material.policy.words(), "disclosure"),
    }


def _groups(material: Material) -> str:
    """Who is missed clearly more often, in the figures of the fairness tables."""
    point = material.capacity
    if point is None or not material.groups:
        return ""
    said = missed_more_often(material.groups, point.recall)
    worse = [f"{sentence(one.label)}, {g.name}: {g.missed.text} missed" for one in said for g in one.groups]
    compared = [one.label for one in said if one.measured]
    if worse:
        return full_stop(f"Missed clearly more often than all cases. {'; '.join(worse)}")
    return f"No group is clearly missed more often, compared by {listed(compared)}." if compared else ""

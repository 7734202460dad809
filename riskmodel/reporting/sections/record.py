"""The rest of the record: what drives the scores, the success criteria, the training, and the fingerprints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskmodel.evaluation.results import FeatureEffect
from riskmodel.reporting import charts, wording
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Cell, Chart, Facts, Folded, Points, Section, Table, Text, table
from riskmodel.reporting.figures import Figure, counted, number, proportion
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Gaps, Material
from riskmodel.reporting.wording import day, full_stop, listed, sentence

#: At most this many features are drawn; the table behind the chart has them all.
_FEATURES_DRAWN = 12


def explanation(material: Material, gaps: Gaps) -> Section:
    """What moves the scores of the proposed model."""
    found = material.evaluation.explanation
    gaps.need(found and found.effects, "what moves the scores", "explanation of the evaluation")
    if found is None or not found.effects:
        return Section("explanation", _EXPLANATION, ())
    declared = {feature.name: feature.direction for feature in material.prototype.features}
    used = [effect for effect in found.effects if effect.importance > 0]
    title = "Measures that move the scores most"
    drawn = [Row(f"{sentence(e.label)} ({e.partner})", e.share, _share(e.share).text) for e in used[:_FEATURES_DRAWN]]
    reading = (
        f"The {wording.number_words(len(drawn)).lower()} strongest of {len(found.effects)}, as shares of all movement."
    )
    rows: list[tuple[Cell, ...]] = [
        (sentence(e.label), e.partner, _share(e.share), _direction(e, declared.get(e.feature))) for e in found.effects
    ]
    behind = table(
        "importance",
        f"Every measure, strongest first, over {counted(found.n, material.policy).text} test cases",
        ("Measure", "Partner", "Share of movement", "Goes with a higher score"),
        rows,
        note="Share of movement: mean absolute contribution to the score in log-odds, as a share of the total. As "
        "worded: where the words hold more, the score is higher.",
    )
    said = Text(
        "Scores are sums of contributions, one for each measure; a case is shown its three strongest. A contribution "
        "says how "
        "the model uses a record. It does not say that what is recorded brings the outcome about, and changing it "
        "need not "
        "change the outcome."
    )
    error = found.additivity_error
    exact = f"Contributions add up to the score {'exactly' if error < 1e-6 else f'to within {error:.0e} log-odds'}."
    svg = charts.bars("importance-chart", title, reading, drawn)
    return Section(
        "explanation", _EXPLANATION, (said, Chart("importance-chart", title, reading, svg, (behind,)), Text(exact))
    )


_EXPLANATION = "What moves the scores"


def _direction(effect: FeatureEffect, declared: str | None) -> str:
    """How the measure goes with the score, given that its words describe what raises it."""
    if effect.direction in ("mixed", "none"):
        return {"mixed": "depends on the rest", "none": "not used"}[effect.direction]
    if declared is None:
        return {"+": "a higher value", "-": "a lower value"}[effect.direction]
    return "as worded" if effect.direction == declared else "the other way round"


def _share(value: float) -> Figure:
    if value == 0:
        return Figure("none", 0.0, kind="share")
    return proportion(value, digits=0 if value >= 0.1 else 1)


def criteria(material: Material, gaps: Gaps) -> Section:
    """Success criteria, met or not."""
    judged = material.criteria
    gaps.need(judged, "success criteria", "success= of the prototype")
    rows = [(one.words, one.measured, _yes(one.met), _yes(one.surely_met)) for one in judged]
    shown = table(
        "criteria",
        "Written down before training",
        ("Criterion", "Measured", "Met", "Met by the whole interval"),
        rows,
        note="A criterion is judged on the figure; whether the whole 95% interval meets it says how sure that is.",
    )
    remarks = tuple(full_stop(f"{one.words}: {one.remark}") for one in judged if one.remark)
    blocks = (shown, Points(remarks, "In words:")) if remarks else (shown,)
    return Section("criteria", "Success criteria", blocks if rows else ())


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not known"}[value]


def training(material: Material, gaps: Gaps) -> Section:
    """How the model was trained and chosen."""
    record = material.training
    gaps.need(record, "the record of the training", "training record")
    reason = str(record.get("lead_reason", ""))
    facts: list[tuple[str, Cell]] = [("Proposed model", material.lead.label)]
    if reason:
        facts.append(("Why it leads", full_stop(sentence(reason))))
    if record.get("tuning"):
        facts.append(("How settings were chosen", full_stop(sentence(material.spoken(str(record["tuning"]))))))
    if "seed" in record:
        facts.append(("Random seed", str(record["seed"])))
    software = record.get("software", {})
    if software:
        facts.append(("Software", ", ".join(f"{name} {version}" for name, version in software.items())))
    blocks: list[Block] = [Facts(tuple(facts))]
    trials = record.get("trials", ())
    if trials:
        blocks.append(Folded(f"All {len(trials)} settings that were tried", _trials(trials, material)))
    return Section("training", "How it was trained", tuple(blocks))


def _trials(trials: Any, material: Material) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for trial in trials:
        settings = ", ".join(f"{name} {value}" for name, value in trial["settings"].items())
        chosen = " (chosen)" if trial.get("chosen") else ""
        loss = number(trial.get("loss"), digits=4)
        rows.append(
            (f"{wording.model(trial['family'])}: {settings}{chosen}", loss, counted(trial.get("n"), material.policy))
        )
    return table(
        "trials",
        "Settings tried on earlier cohorts",
        ("Settings", "Log loss", "Judged on"),
        rows,
        note="Log loss on cases that were not used to fit the setting; lower is better. The test cases were not "
        "looked at.",
    )


def protected(material: Material, gaps: Gaps) -> Section:
    """Protected characteristics: kept for audit, or used with a justification."""
    prototype = material.prototype
    used = [feature for feature in prototype.features if feature.protected or feature.justification]
    kept = list(attribute_labels(prototype).values())
    blocks: list[Block] = []
    if kept:
        blocks.append(Text(f"Used only to check fairness, never to predict: {listed(kept)}."))
    if used:
        for feature in used:
            gaps.need(feature.justification, f"why '{feature.name}' may be used", "justification= of the feature")
        items = tuple(f"{sentence(f.label)}: {full_stop(f.justification or '')}" for f in used)
        blocks.append(Points(items, "Used to predict, with this justification:"))
    else:
        blocks.append(
            Text("No protected characteristic is used to predict. Other measures may still go along with one.")
        )
    return Section("protected", "Protected characteristics", tuple(blocks))


def provenance(material: Material, gaps: Gaps) -> Section:
    """Fingerprints of everything the card speaks of, and the date it expires."""
    made: Mapping[str, Any] = material.evaluation.generated_from
    digests: Mapping[str, str] = made.get("model_digests", {})
    warehouse = material.warehouse.get("digest") or material.training.get("warehouse_digest")
    facts: list[tuple[str, Cell]] = []
    for words, value, where in (
        ("Declaration", material.prototype.digest(), "prototype"),
        ("Partner data", warehouse, "manifest of the warehouse"),
        ("Design matrix", made.get("matrix_digest"), "generated_from of the evaluation"),
        (
            f"Proposed model ({material.lead.label.lower()})",
            digests.get(material.lead.name),
            "generated_from of the evaluation",
        ),
    ):
        gaps.need(value, f"the fingerprint of: {words.lower()}", where)
        facts.append((words, str(value or "")))
    for model in material.families:
        if model.name != material.lead.name and digests.get(model.name):
            facts.append((f"Other model ({model.label.lower()})", digests[model.name]))
    expires = material.training.get("expires_on")
    facts.append(("Expires", day(str(expires)) if expires else ""))
    blocks: list[Block] = [
        Text(
            "SHA-256 fingerprints. An approval is for exactly these; any change gives another fingerprint, and it "
            "lapses."
        ),
        Facts(tuple(facts)),
    ]
    return Section("provenance", "Provenance", tuple(blocks))


def disclosure(material: Material, gaps: Gaps) -> Section:
    """How small groups are protected, and what the words of the tables mean."""
    blocks: list[Block] = [
        Text(
            material.policy.words()
            + " “Withheld” may also stand for a larger number, kept back so that nobody can work out a small one."
        ),
        table(
            "glossary",
            "What the figures mean",
            ("Figure", "Meaning"),
            [(known.label, known.meaning) for name, known in wording.METRICS.items() if name in _EXPLAINED],
        ),
    ]
    return Section("disclosure", "Small numbers, and what the figures mean", tuple(blocks))


_EXPLAINED = (
    "auroc", "auprc", "brier", "scaled_brier", "oe", "calibration_in_the_large", "calibration_slope", "ici",
    "net_benefit",
)  # fmt: skip

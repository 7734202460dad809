"""Whether the features give away what was left out: the proxy audit in words a lay member can use."""

from __future__ import annotations

from riskmodel.evaluation.proxies import ProxyAudit, RecoveredGroup
from riskmodel.reporting import charts
from riskmodel.reporting.charts import Row
from riskmodel.reporting.document import Block, Cell, Chart, Points, Section, Text, table
from riskmodel.reporting.figures import measured
from riskmodel.reporting.groups import attribute_labels
from riskmodel.reporting.material import Material
from riskmodel.reporting.wording import in_words, lower_first, sentence

#: Features named for each group.
NAMED = 3


def proxies(material: Material) -> Section | None:
    """How well the features recover each audited group, and which of them do it."""
    found = material.evidence.fairness if material.evidence else None
    if found is None or not found.proxies.groups:
        return None
    labels = attribute_labels(material.prototype)
    named = {feature.name: feature.label for feature in material.prototype.features}
    blocks: list[Block] = [
        Text(
            "Leaving a characteristic out of a model does not hide it if other records give it away. Here a second "
            "model tries to tell from the measures who belongs to each group. 0.5 is guessing, 1 is always right. A "
            "high figure does not say that the model uses the characteristic, but that it could. "
            f"{found.sample}".strip()
        ),
        _chart(material, found.proxies, labels),
    ]
    flagged = tuple(f"{sentence(named.get(name, name))}." for name in found.proxies.flagged)
    if flagged:
        blocks.append(Points(flagged, "Measures that give a group away and matter for the score:"))
    else:
        blocks.append(Text("No single measure gives a group away and matters for the score."))
    blocks.append(Text(f"The rule: {lower_first(found.proxies.rule).replace('feature', 'measure')}"))
    return Section("proxies", "What the measures give away", tuple(blocks))


def _chart(material: Material, audit: ProxyAudit, labels: dict[str, str]) -> Chart:
    rows = []
    for group in audit.groups:
        area = measured(group.auroc, digits=2)
        name = _name(group, labels)
        rows.append(Row(name, area.value, area.text, area.low, area.high, emphasis=group.recovered))
    title = "How well each group can be told from the measures"
    recovered = sum(group.recovered for group in audit.groups)
    reading = f"{recovered} of {len(audit.groups)} groups are clearly given away (diamonds); 0.5 would be guessing."
    svg = charts.intervals(
        "proxies", title, reading, rows, axis="Told apart (AUROC)", reference=0.5, reference_words="0.5: guessing"
    )
    cells = [_row(group, labels) for group in audit.groups]
    columns = ("Group", "Told apart (AUROC)", "Clearly given away", "By which measures most")
    note = f"{material.brackets} Scored on {material.units} not fitted on."
    return Chart("proxies", title, reading, svg, (table("proxies", title, columns, cells, note=note),))


def _row(group: RecoveredGroup, labels: dict[str, str]) -> tuple[Cell, ...]:
    features = "; ".join(one.label for one in group.contributors[:NAMED])
    return _name(group, labels), measured(group.auroc, digits=2), "yes" if group.recovered else "no", features


def _name(group: RecoveredGroup, labels: dict[str, str]) -> str:
    return f"{sentence(labels.get(group.attribute, group.attribute))}: {in_words(group.group)}"

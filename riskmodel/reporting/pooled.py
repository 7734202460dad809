"""Which groups may be told of by a pooled figure when the tables withhold their counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from riskmodel.errors import DisclosureError
from riskmodel.evaluation.group_calibration import GroupCalibration
from riskmodel.reporting.disclosure import Policy
from riskmodel.reporting.groups import PrintedGroup
from riskmodel.reporting.suppression import Cells, withhold


def tellable(
    groups: Sequence[GroupCalibration], printed: Sequence[PrintedGroup], wanted: Collection[str], policy: Policy
) -> set[str]:
    """Those of the wanted groups of one attribute whose pooled figure gives no small group away.

    How much a pooled figure rests on its group, and how wide its interval is, come close to telling how many cases and
    outcomes the group has: whoever knows the method can work them out. So the reader is taken to know both of every
    group that is told of, beside what the main table prints, and no other group may follow from that.

    Parameters
    ----------
    groups
        Every group of the attribute, before small ones were joined.
    printed
        The main table of the attribute. A group of it that is none of `groups` is small ones joined.
    wanted
        Names of groups that one would like to tell of, though the main table withholds their counts.
    policy
        The rules.
    """
    cells = {f"{g.group} yes": float(g.events) for g in groups}
    cells |= {f"{g.group} no": float(g.n - g.events) for g in groups}
    names = [g.group for g in groups]
    figures: dict[str, Cells] = {"all n": tuple(cells), "all events": tuple(f"{name} yes" for name in names)}
    for main in printed:
        own = [main.group] if main.group in names else [n for n in names if n not in {one.group for one in printed}]
        if own and main.n.value is not None:
            figures[f"main {main.group} n"] = tuple(f"{name} {kind}" for name in own for kind in ("yes", "no"))
        if own and main.events.value is not None:
            figures[f"main {main.group} events"] = tuple(f"{name} yes" for name in own)
    keep = {name for name, parts in figures.items() if sum(cells[part] for part in parts) >= policy.threshold}
    for name in sorted(wanted, key=lambda name: -sum(g.n for g in groups if g.group == name)):
        figures |= {f"own {name} n": (f"{name} yes", f"{name} no"), f"own {name} events": (f"{name} yes",)}
    guarded = [(f"{name} yes", f"{name} no") for name in names]
    try:
        hidden = withhold(cells, figures, guarded=guarded, keep=keep, policy=policy)
    except DisclosureError:  # the main tables alone leave nothing to spare
        return set()
    return {name for name in wanted if not {f"own {name} n", f"own {name} events"} & hidden}

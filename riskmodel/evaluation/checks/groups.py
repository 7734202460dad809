"""Whether the groups that fairness is checked for are large enough, and known."""

from __future__ import annotations

from riskmodel.engine.matrix import UNKNOWN
from riskmodel.evaluation.checks.check import Answer, Check, found, not_applicable, passed
from riskmodel.evaluation.checks.examined import Examined
from riskmodel.evaluation.checks.finding import FOUND, WARNING
from riskmodel.evaluation.checks.words import named, number_of, percent

#: Share of test cases whose group may be unknown.
MOST_UNKNOWN = 0.20


def _too_small(examined: Examined) -> Answer:
    groups = examined.context.evaluation.fairness
    if not groups:
        return not_applicable("no audit attribute is declared")
    small = []
    for group in groups:
        names = group.members or ((group.group,) if group.withheld else ())
        small += [f"{group.attribute}: {name}" for name in names if name != UNKNOWN]
    if not small:
        return passed(f"Each of {len(groups)} groups is large enough for figures of its own.")
    return found(
        f"{number_of(len(small), 'audited group', 'is', 'are')} too small for separate figures, so unfairness to them "
        f"cannot be seen: {named(small)}."
    )


def _unknown(examined: Examined) -> Answer:
    audit = examined.context.test.audit
    if not len(audit.columns):
        return not_applicable("no audit attribute is declared")
    unknown = {str(name): int((audit[name] == UNKNOWN).sum()) for name in audit}
    many = {name: (n, len(audit)) for name, n in unknown.items() if n > MOST_UNKNOWN * len(audit)}
    if not many:
        return passed(f"No audit attribute is unknown for more than {percent(MOST_UNKNOWN)} of the test cases.")
    listed = named([f"{name} ({{{name}}})" for name in many])
    return Answer(
        FOUND, f"{number_of(len(many), 'audit attribute', 'is', 'are')} unknown for many test cases: {listed}.", many
    )


TOO_SMALL = Check(
    "RM404", "Groups too small to judge", WARNING,
    "Test on more cohorts; until then say that fairness to these groups is not known, and listen to complaints.",
    _too_small,
)  # fmt: skip
GROUP_UNKNOWN = Check(
    "RM405", "The group is unknown for many cases", WARNING,
    "Find a better source for the attribute; compare those with and without it.",
    _unknown,
)  # fmt: skip

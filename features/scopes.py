"""Whose records may count for a child or a home: everybody who lives there, or only some of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from features.sources.register import residence
from riskmodel import Scope
from riskmodel.declare import Feature

# The same scopes serve both kinds of case. For a child they reach the people of the child's home, the child included;
# for a household, its members.
home = Scope("anyone living in the home", via=residence, group="household_id")
children = Scope("the children living in the home", via=residence, group="household_id", where="role = 'child'")
adults = Scope("the adults living in the home", via=residence, group="household_id", where="role <> 'child'")
carers = Scope("the carers of the children in the home", via=residence, group="household_id", where="role = 'carer'")

# Those who lived in this home on the day of the record, whether or not they still do. A former partner who has left
# belongs to the story of the home; what he or she does elsewhere later does not.
home_then = Scope("anyone who lived in the home at the time", via=residence, group="household_id", when="then")


def its_own(measures: Iterable[Feature]) -> list[Feature]:
    """Return measures of the home's own records for a cohort of households, which reach them without a scope."""
    return [replace(measure, of=None) for measure in measures]

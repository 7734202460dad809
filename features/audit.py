"""Protected characteristics and what stands near them: for checking fairness, never for predicting."""

from __future__ import annotations

from features.scopes import children, home
from features.sources.adult_services import adult_needs
from features.sources.births import births
from features.sources.housing import dwellings
from features.sources.register import households, people
from riskmodel import has, latest

_ETHNIC_GROUPS = ["White", "Asian", "Black", "Mixed", "Other"]
_MOTHERS_AGE = "CASE WHEN mothers_age < 25 THEN 'Under 25' WHEN mothers_age >= 25 THEN '25 or over' END"

# Boys reach a good level of development less often than girls, so sex would predict. It is left out all the same:
# a family would be chosen or passed over for having a son or a daughter, and what lies behind the difference is seen
# by the two-year check. The card shows what that costs and whether girls or boys are missed more often.
sex = latest(
    people,
    "sex",
    "the child's sex",
    value="CASE sex WHEN 'F' THEN 'Girl' WHEN 'M' THEN 'Boy' END",
    protected=True,
    theme="audit",
    levels=["Girl", "Boy"],
)

ethnic_group = latest(
    people,
    "ethnic_group",
    "the child's ethnic group",
    value="ethnic_group",
    protected=True,
    theme="audit",
    levels=_ETHNIC_GROUPS,
)

term_of_birth = latest(
    people,
    "term_of_birth",
    "the term in which the child was born",
    value=(
        "CASE WHEN month(date_of_birth) >= 9 THEN 'Autumn' WHEN month(date_of_birth) <= 4 THEN 'Spring' "
        "ELSE 'Summer' END"
    ),
    theme="audit",
    levels=["Autumn", "Spring", "Summer"],
)

mother_under_25 = latest(
    births,
    "mother_under_25",
    "whether the mother was under 25 at the birth",
    value=_MOTHERS_AGE,
    protected=True,
    theme="audit",
    levels=["Under 25", "25 or over"],
)

# Known-to flags of adult services are what there is on disability; whoever no service knows counts as without.
disability_in_home = has(
    adult_needs,
    "disability_in_home",
    "whether a long-term illness or disability is recorded in the home",
    of=home,
    where="need IN ('illness', 'disability')",
    protected=True,
    theme="audit",
)

deprivation = latest(
    households,
    "deprivation",
    "how deprived the neighbourhood is",
    of=home,
    value=(
        "CASE WHEN idaci_decile <= 2 THEN 'Most deprived fifth' WHEN idaci_decile >= 9 THEN 'Least deprived fifth' "
        "ELSE 'In between' END"
    ),
    theme="audit",
    levels=["Most deprived fifth", "In between", "Least deprived fifth"],
)

tenure = latest(
    dwellings,
    "tenure",
    "the tenure of the home",
    of=home,
    value=(
        "CASE tenure WHEN 'owner' THEN 'Owner' WHEN 'private_rent' THEN 'Private rent' "
        "WHEN 'social_rent' THEN 'Social rent' END"
    ),
    theme="audit",
    levels=["Owner", "Private rent", "Social rent"],
)

# A household has no sex, and no single ethnic group; the children's is the one the register knows best. Where they
# differ, the latest record decides.
childrens_ethnic_group = latest(
    people,
    "childrens_ethnic_group",
    "the children's ethnic group",
    of=children,
    value="ethnic_group",
    protected=True,
    theme="audit",
    levels=_ETHNIC_GROUPS,
)

youngest_childs_mother_under_25 = latest(
    births,
    "youngest_childs_mother_under_25",
    "whether the mother was under 25 at the birth of the youngest child",
    of=children,
    value=_MOTHERS_AGE,
    protected=True,
    theme="audit",
    levels=["Under 25", "25 or over"],
)

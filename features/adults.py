"""Adults of the home: needs for support that a service knows of."""

from __future__ import annotations

from features.scopes import adults
from features.sources.adult_services import adult_needs
from riskmodel import has

# Mental ill-health can be a disability in law. It is used with its reason given, which the card prints; long-term
# illness and disability as such are only audited.
mental_health = has(
    adult_needs,
    "adult_mental_health_need",
    "an adult of the home is known to have needed support with mental health",
    of=adults,
    where="need = 'mental_health'",
    direction="+",
    theme="adults' needs",
    protected=True,
    justification=(
        "A parent's mental ill-health is among the best-documented circumstances in which families need help early. "
        "The score only ever offers help, the records are known-to flags without detail, and the card shows error "
        "rates for homes with and without a recorded illness or disability."
    ),
)

# Dependence on drugs or alcohol is no disability in law, but the flag comes from the same column.
substance_use = has(
    adult_needs,
    "adult_substance_need",
    "an adult of the home is known to have needed support with drugs or alcohol",
    of=adults,
    where="need = 'substance'",
    direction="+",
    theme="adults' needs",
    justification=(
        "Dependence on drugs or alcohol is not a disability in law; it is read from a column that also records "
        "disabilities, of which the model sees nothing. The score only ever offers help."
    ),
)

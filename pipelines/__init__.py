"""The county's prototypes, listed by hand: what is here is what `riskmodel` can build, train and score."""

from pipelines.domestic_abuse import domestic_abuse
from pipelines.school_readiness import school_readiness

PROTOTYPES = [school_readiness, domestic_abuse]

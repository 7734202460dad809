"""The prototypes of this project, listed by hand."""

from pipelines.not_completing import not_completing as not_completing

PROTOTYPES = [not_completing]

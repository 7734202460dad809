"""The prototypes of this project, listed by hand."""

from pipelines.low_reading import low_reading as low_reading

PROTOTYPES = [low_reading]

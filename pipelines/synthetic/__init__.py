"""The invented county: partner extracts about people who do not exist, and the truth behind them."""

from pipelines.synthetic.county import make_county
from pipelines.synthetic.presets import PRESETS

__all__ = ["PRESETS", "make_county"]

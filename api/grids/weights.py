"""Weights of loads as people write them."""

import math
from typing import Final

WEIGHTS_FORM: Final = r"^[a-z0-9_]+=[0-9.]+(,[a-z0-9_]+=[0-9.]+)*$"
"""households=2,incidents=1"""


def read_weights(text: str | None) -> dict[str, float] | None:
    """
    Read weights.

    Parameters
    ----------
    text
        "households=2,incidents=1"; None for the default.

    Returns
    -------
    weights
        Measure -> weight, or None; NaN for what is no number. `geo.partition.balance` refuses
        that, and measures that nobody knows, by name.
    """
    if text is None:
        return None
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): _number(value) for name, _, value in pairs}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan

"""How near and how far posts should stand, which may differ by the risk of the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.due import text_column
from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

RISK_LIMITS_M: Final[Mapping[str, tuple[float, float]]] = {
    "high": (25.0, 50.0),
    "medium": (40.0, 75.0),
    "low": (50.0, 100.0),
}
"""Risk of a grid -> least and greatest spacing in metres. The published rule is 50 to 100 m "by
risk"; how the classes divide it is a proposal of ours, to be set by whoever plans."""

RISK_NAMES: Final[Mapping[str, str]] = {
    "高": "high", "中": "medium", "低": "low",
    "高风险": "high", "中风险": "medium", "低风险": "low",
}  # fmt: skip
"""Chinese values of `risk`."""


@dataclass(frozen=True, eq=False)
class Limits:
    """
    The pair of limits of each area, and of what lies in none.

    Parameters
    ----------
    min_m
        n + 1 least spacings in metres; the last is for places in no area.
    max_m
        n + 1 greatest spacings in metres.
    unknown
        Positions of the areas whose risk has no pair; the default holds there.
    """

    min_m: Floats
    max_m: Floats
    unknown: Ints

    @classmethod
    def of(
        cls,
        areas: gpd.GeoDataFrame | None,
        default: tuple[float, float],
        by_risk: Mapping[str, tuple[float, float]],
    ) -> Limits:
        """
        Take the limits of areas from their risk.

        Parameters
        ----------
        areas
            n rows; `risk` is read where present. None for no area.
        default
            Least and greatest spacing where no risk is known, in metres.
        by_risk
            Risk -> the pair.

        Returns
        -------
        limits
            One pair per area, the default last.

        Raises
        ------
        InvalidParameterError
            When a pair is no range.
        """
        for name, (low, high) in {"min_m, max_m": default, **by_risk}.items():
            if not 0.0 <= low < high < np.inf:
                raise InvalidParameterError(
                    f"{name}: from {low!r} to {high!r} m is no range; the least spacing must be "
                    f"0 or more and below the greatest"
                )
        risk = text_column(areas, "risk") if areas is not None else np.empty(0, dtype=str)
        named = [RISK_NAMES.get(str(name), str(name)) for name in risk]
        low_high = np.array([*(by_risk.get(name, default) for name in named), default])
        unknown = [k for k, name in enumerate(named) if name and name not in by_risk]
        return cls(low_high[:, 0], low_high[:, 1], np.array(unknown, dtype=np.int64))

"""How well a ranking of places foretold what happened afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from geo.incidents.cells import Places

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def evaluate(
    score: ArrayLike,
    held_out: gpd.GeoDataFrame,
    places: Places,
    *,
    shares: Sequence[float] = (0.01, 0.02, 0.05, 0.1),
) -> pd.DataFrame:
    """
    Hold a ranking of places against incidents that it was made without.

    The highest places are taken one by one while they are together no more than each share of the
    ground: of the area of cells, of the length of street segments.

    Parameters
    ----------
    score
        One number per place, such as `z` or the count of the weeks before; NaN comes last.
    held_out
        m Point rows of later weeks, in the CRS of the places.
    places
        n places.
    shares
        Shares of the ground, each above 0 and at most 1.

    Returns
    -------
    frame
        A row per share: `share` (asked), `places` taken, `ground_share` (of what was taken),
        `hits` of `incidents` (held-out rows at any place), `outside` (rows at none, in no rate),
        `hit_rate`, `pai` (hit rate / ground share), `best_hit_rate` and `best_pai` (the most that
        any choice of as much ground could have), `pei` (pai / best_pai), `tied` (places left out
        whose score equals one that was taken: the id decided). What has no denominator is NaN.

    Raises
    ------
    CRSError, GeometryError
        When the frames share no CRS, or a row is no point.
    InvalidParameterError
        When there is not one score per place, or a share is none.

    Notes
    -----
    The best is reckoned as if the last place could be taken in part, so that no choice beats it.

    References
    ----------
    Chainey, Tompson and Uhlig, The utility of hotspot mapping for predicting spatial patterns of
    crime, 2008, doi:10.1057/palgrave.sj.8350066; Hunt, 2016, for the efficiency index.
    """
    scores = np.asarray(score, dtype=np.float64)
    ids = places.frame["place_id"].to_numpy(dtype=object).astype(str)
    if scores.shape != ids.shape:
        raise InvalidParameterError(
            f"score: {scores.size} numbers for {len(ids)} places; give one for each, in their order"
        )
    if not all(0.0 < share <= 1.0 for share in shares):
        raise InvalidParameterError(f"shares: {tuple(shares)!r} are not above 0 and at most 1")
    row = places.assign(held_out)
    count = np.bincount(row[row >= 0], minlength=len(ids)).astype(np.int64)
    size = places.frame[places.measure].to_numpy(dtype=np.float64)
    scores = np.where(np.isnan(scores), -np.inf, scores)
    order = np.lexsort((ids, -scores))
    ground = np.cumsum(size[order])
    whole = float(ground[-1]) if len(ground) else 0.0
    rows = []
    for share in shares:
        # A share of 0.1 of ten cells is one cell, whatever sums are rounded to.
        k = int(np.searchsorted(ground, share * whole * (1.0 + 1e-12), side="right"))
        taken, left = order[:k], order[k:]
        edge = scores[taken[-1]] if k else np.nan
        rows.append(
            (
                share,
                k,
                float(ground[k - 1]) / whole if k else 0.0,
                int(count[taken].sum()),
                _best(count, size, float(ground[k - 1]) if k else 0.0),
                int((scores[left] == edge).sum()),
            )
        )
    total = int(count.sum())
    frame = pd.DataFrame(rows, columns=["share", "places", "ground_share", "hits", "best", "tied"])
    frame["incidents"], frame["outside"] = total, int((row < 0).sum())
    frame["hit_rate"] = _over(frame["hits"], total)
    frame["pai"] = _over(frame["hit_rate"], frame["ground_share"])
    frame["best_hit_rate"] = _over(frame.pop("best"), total)
    frame["best_pai"] = _over(frame["best_hit_rate"], frame["ground_share"])
    frame["pei"] = _over(frame["hit_rate"], frame["best_hit_rate"])
    return frame[
        ["share", "places", "ground_share", "hits", "incidents", "outside", "hit_rate", "pai",
         "best_hit_rate", "best_pai", "pei", "tied"]
    ]  # fmt: skip


def _best(count: Ints, size: Floats, ground: float) -> float:
    """Return the most incidents on so much ground, the last place in part."""
    held = np.flatnonzero(count)
    order = held[np.argsort(-count[held] / size[held], kind="stable")]
    till = np.cumsum(size[order])
    part = np.clip((ground - (till - size[order])) / size[order], 0.0, 1.0)
    return float((count[order] * part).sum())


def _over(part: pd.Series[float], whole: pd.Series[float] | float) -> Floats:
    """Divide; NaN by nothing."""
    top, base = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(top, base, out=np.full(top.shape, np.nan), where=base > 0.0)

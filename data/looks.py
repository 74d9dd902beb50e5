"""Where cameras look: what several columns say of it, and marks that they see all round."""

import numpy as np
import pandas as pd

from data.limits import FULL_CIRCLE_DEG
from data.notes import Note
from geo.cameras import TURNING


def fold_looks(values: dict[str, pd.Series], looks: dict[str, pd.DataFrame]) -> None:
    """Take heading and field of view from what was read; our own `headings` hold every lens."""
    if not looks:
        return
    first, *rest = looks.values()
    for ours in ("azimuth_deg", "headings", "fov_deg"):
        for other in rest:
            first[ours] = first[ours].where(first[ours].notna(), other[ours])
    values["azimuth_deg"] = first["azimuth_deg"]
    if first["headings"].notna().any():
        values["headings"] = first["headings"]
    if first["fov_deg"].notna().any():
        given = values.get("fov_deg", first["fov_deg"])
        values["fov_deg"] = given.where(given.notna(), first["fov_deg"])


def fold_round_view(values: dict[str, pd.Series], looks: dict[str, pd.DataFrame]) -> list[Note]:
    """
    Turn the marks of cameras that see all round into their kind.

    The mark is a column of OpenStreetMap extracts, or a heading of 0-360. One that turns is no
    round view: it sees all round, but never at once.
    """
    marked = values.pop("round_view", None)
    ranged = [look["round_view"] for look in looks.values()]
    if marked is None and not any(look.any() for look in ranged):
        return []
    index = ranged[0].index if marked is None else marked.index
    kinds = values.get("kind", pd.Series(None, index=index, dtype=object)).astype(object)
    around = np.zeros(len(index), dtype=bool)
    for look in ranged:
        around |= look.to_numpy(dtype=bool) & ~kinds.isin(TURNING).to_numpy()
    seen = around.copy()
    if marked is not None:
        seen |= marked.fillna(value=False).to_numpy(dtype=bool)
    if not seen.any():
        return []
    values["kind"] = kinds.mask(seen, "panoramic")
    if around.any():
        given = values.get("fov_deg", pd.Series(np.nan, index=index))
        values["fov_deg"] = given.mask(around, FULL_CIRCLE_DEG)
    return [Note("kind_round_view", {"count": int(seen.sum())})]

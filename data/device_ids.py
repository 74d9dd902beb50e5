"""Numbers of devices by GB/T 28181: 20 digits, of which the 11th to 13th say what the device is."""

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.columns import plain
from data.notes import Note
from data.shapes import Faults

GB_HEADS: Final = frozenset(map(plain, ("国标编码", "国标编号")))
"""Heads under which nothing but such a number may stand."""

GB_ID: Final = re.compile(r"[0-9]{20}")
"""A number of a device: division, unit, industry, type, network, serial."""

CAMERA_TYPES: Final = frozenset({"121", "122", "131", "132"})
"""Types of devices that are cameras: gantry, several lenses, camera, network camera."""

OTHER_TYPES: Final = frozenset(
    {"111", "112", "113", "114", "118", "130", "134", "135", "136", "137", "138"}
)
"""Types of devices that are none: recorders, coders, alarms, sound, what is carried about."""

OTHER_FIRST: Final = frozenset("2345")
"""First digits of the types of servers, groups, users and platforms."""


def mark_device_ids(
    ids: pd.Series, head: str, rows: NDArray[np.int64], faults: Faults
) -> list[Note]:
    """
    Mark the ids of devices that are no cameras, and numbers of the standard that cannot be.

    Parameters
    ----------
    ids
        n ids as read; those that are not 20 digits are only looked at under a head that promises
        numbers of the standard.
    head
        Head of the column.
    rows
        n numbers by which a person finds the rows, for notes.
    faults
        Faults of the n rows; reasons are added here.

    Returns
    -------
    notes
        Types that the standard does not list; such rows are kept.
    """
    written = ["" if pd.isna(text) else str(text) for text in ids]
    coded = np.array([GB_ID.fullmatch(text) is not None for text in written], dtype=bool)
    if plain(head) in GB_HEADS:
        given = np.array([text != "" for text in written], dtype=bool)
        faults.overrule(given & ~coded, "id_not_gb", lambda at: [written[row] for row in at])
    types = np.array([text[10:13] if gb else "" for text, gb in zip(written, coded, strict=True)])
    other = np.isin(types, list(OTHER_TYPES)) | np.isin(types.astype("U1"), list(OTHER_FIRST))
    faults.overrule(
        other, "id_other_device", lambda at: [f"{written[row]} ({types[row]})" for row in at]
    )
    odd = coded & ~other & ~np.isin(types, list(CAMERA_TYPES))
    if not odd.any():
        return []
    values = sorted(set(types[odd]))
    return [
        Note("id_type_unknown", {"count": int(odd.sum()), "values": values,
                                 "rows": rows[odd].tolist()})
    ]  # fmt: skip

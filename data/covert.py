"""Covert posts in frames and layers: which rows they are, and a layer as if they were not there."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.files import Layer
from data.notes import Note

COVERT: Final = "covert"
"""Value of `visibility` of a restricted post; a blank one is overt once it is read."""

UNNUMBERED: Final = "id_none"
"""Note of the reader which says that the ids are row numbers."""


def covert_rows(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """
    Tell which rows are covert posts.

    Parameters
    ----------
    frame
        n rows of any layer, or its quarantine.

    Returns
    -------
    covert
        n bools; none is true where the frame has no `visibility`.
    """
    if "visibility" not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame["visibility"] == COVERT, dtype=bool)


def without_covert(layer: Layer) -> Layer:
    """
    Take covert posts out of a layer, as if the file did not hold them.

    Parameters
    ----------
    layer
        Posts as read.

    Returns
    -------
    layer
        No count, note or row set aside tells of them.
    """
    kept = ~covert_rows(layer.frame)
    aside = layer.quarantine[~covert_rows(layer.quarantine)]
    frame = layer.frame[kept].drop(columns="visibility", errors="ignore").reset_index(drop=True)
    total = len(frame) + len(aside)
    notes = [note for note in layer.notes if not _telling(note)]
    if any(note.code == UNNUMBERED for note in notes):
        # Numbers of rows would have a hole for every post that is left out.
        frame["post_id"] = np.arange(len(frame))
        notes = [Note(UNNUMBERED, {"total": total}) if n.code == UNNUMBERED else n for n in notes]
    return replace(
        layer,
        frame=frame,
        rows=layer.rows[kept],
        quarantine=aside.drop(columns="visibility", errors="ignore").reset_index(drop=True),
        rows_read=total,
        notes=tuple(notes),
    )


def _telling(note: Note) -> bool:
    """Tell whether a note counts covert posts: hinted at by a name, or taken for one in doubt."""
    taken = note.values.get("taken")  # noqa: PD011 - a note is no frame
    return note.code == "covert_by_name" or taken == COVERT

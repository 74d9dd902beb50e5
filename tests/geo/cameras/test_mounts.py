"""What is read of cameras, for whoever reads no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geo import InvalidParameterError, due
from geo.cameras import CAMERA_COLUMNS, mounts, what_if
from geo.cameras.mounts import Mounts
from geo.due import DUE_COLUMNS, DueRule
from geo.visibility import Walls
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def noting(reads: Callable[..., Any], names: set[str]) -> Callable[..., Any]:
    """Return a function that notes which column it is asked for."""

    def read(frame: pd.DataFrame, name: str, *rest: Any) -> Any:  # noqa: ANN401 - passed on
        names.add(name)
        return reads(frame, name, *rest)

    return read


def test_the_columns_of_cameras_are_those_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is forgotten would be missing where only these are read, and nobody would know."""
    names: set[str] = set()
    for reader in ("column", "_number"):
        monkeypatch.setattr(mounts, reader, noting(getattr(mounts, reader), names))
    cameras = points_of([(0, 0)], camera_id=["A"], headings=["90;270"], kind=["ptz"])
    Mounts.of(cameras, Walls.of(), night=True, band="identify")
    # Lists of headings are read text by text.
    assert names | {"headings"} == {"camera_id", *CAMERA_COLUMNS}


def test_the_columns_of_streets_are_those_that_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a street is due depends on no other."""
    names: set[str] = set()
    for reader in ("text_column", "number_column"):
        monkeypatch.setattr(due, reader, noting(getattr(due, reader), names))
    DueRule().exclusion(streets_of([line((0, 0), (9, 0))]))
    assert names == {*DUE_COLUMNS}


def test_numbers_are_read_alike_however_they_are_stored() -> None:
    """As floats, as objects with blanks and as texts; the frame stays as it was."""
    seen = []
    for values in ([60.0, np.nan], [60, None], ["60", None]):
        cameras = points_of([(0, 0), (9, 0)], azimuth_deg=[90.0, 90.0]).assign(fov_deg=values)
        before = cameras.copy()
        frame = Mounts.of(cameras.assign(kind="ptz"), Walls.of()).frame
        seen.append(frame["fov_deg"].tolist())
        assert cameras.equals(before)
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 60.0


def test_a_camera_out_of_its_bounds_is_named_by_its_row() -> None:
    """By that of the frame as it was given, whichever camera is changed."""
    cameras = points_of([(0, 0), (9, 0), (18, 0)], camera_id=["A", "B", "C"], range_m=[9, 9, -1])
    with pytest.raises(InvalidParameterError, match="row 2 has range_m -1"):
        what_if(streets_of([line((0, 0), (9, 0))]), cameras, camera_id="B", online=False)

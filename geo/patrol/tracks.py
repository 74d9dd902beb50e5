"""Fixes as arrays, by track and in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.due import number_column
from geo.errors import ColumnError, GeometryError, InvalidParameterError
from geo.health.moments import MISSING, SECOND, moments
from geo.health.reading import require_columns
from geo.patrol.cleaning import units_of
from geo.patrol.gaps import steps_known
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]

BETTER, WORSE = 0.5, 4.0
"""A fix is trusted at most so many times more, or less, than the others of its track: what devices
say of their accuracy is a guess."""


@dataclass(frozen=True, eq=False)
class Tracks:
    """
    Fixes by track and in order of time; make them with `Tracks.of`.

    Parameters
    ----------
    order
        n positions of the fixes in their frame.
    track
        n tracks, ascending from 0.
    time_us
        n local times in microseconds.
    xy
        n places.
    doubt
        n factors: how many times the error of the track this fix is thought to have.
    piece
        n pieces, ascending: a piece of a track is without a gap, or with gaps that are bridged.
    track_id
        t codes, in the order in which they are met.
    unit_id
        t codes.
    unknown_s
        t seconds in gaps.
    """

    order: Ints
    track: Ints
    time_us: Ints
    xy: Floats
    doubt: Floats
    piece: Ints
    track_id: Objects
    unit_id: Objects
    unknown_s: Floats

    @classmethod
    def of(cls, fixes: gpd.GeoDataFrame, *, gap_s: float, bridge_m: float) -> Tracks:
        """
        Read fixes that were cleaned.

        Parameters
        ----------
        fixes
            n Point rows with `track_id` and `time`; `unit_id` and `accuracy_m` are read where
            present.
        gap_s
            Steps longer than this are gaps, in seconds.
        bridge_m
            A gap between places at most so far apart is bridged, in metres.

        Returns
        -------
        tracks
            The arrays.

        Raises
        ------
        ColumnError
            When a column is missing, or a row has no `track_id`.
        GeometryError
            When a row is no point, or has no place.
        InvalidParameterError
            When a row has no time, or one with a zone.
        """
        require_columns(fixes, "fixes", ("track_id", "time"))
        xy, time_us = coordinates(fixes, "fixes"), moments(fixes["time"], "fixes: time")
        track, names = pd.factorize(fixes["track_id"])
        for wrong, error, what in (
            (track < 0, ColumnError, "track_id"),
            (time_us == MISSING, InvalidParameterError, "time"),
            (~np.isfinite(xy).all(axis=1), GeometryError, "place"),
        ):
            rows = np.flatnonzero(wrong)
            if rows.size:
                raise error(f"fixes: row {rows[0]} has no {what}; pass what `clean` keeps")
        order = np.lexsort((time_us, track))
        track, time_us, xy = track[order].astype(np.int64), time_us[order], xy[order]
        gap, bridged = steps_known(track, time_us, xy, gap_s=gap_s, bridge_m=bridge_m)
        lost = gap & ~bridged
        begins = np.ones(len(track), dtype=bool)
        begins[1:] = lost | (track[1:] != track[:-1])
        first = np.searchsorted(track, np.arange(len(names)))
        return cls(
            order=order,
            track=track,
            time_us=time_us,
            xy=xy,
            doubt=_doubt(number_column(fixes, "accuracy_m")[order], track),
            piece=np.cumsum(begins) - 1,
            track_id=np.asarray(names, dtype=object),
            unit_id=units_of(fixes).to_numpy(dtype=object)[order[first]],
            unknown_s=_sums(track[1:][lost], np.diff(time_us)[lost] / SECOND, len(names)),
        )

    @property
    def time_s(self) -> Floats:
        """Times in seconds from the first of all, exact to the microsecond."""
        seconds: Floats = (self.time_us - self.begun_us) / SECOND
        return seconds

    @property
    def begun_us(self) -> int:
        """The first of all times."""
        return int(self.time_us.min()) if len(self.time_us) else 0

    @property
    def first(self) -> Ints:
        """Where each piece begins, and the end."""
        pieces = int(self.piece[-1]) + 1 if len(self.piece) else 0
        found: Ints = np.searchsorted(self.piece, np.arange(pieces + 1))
        return found

    def median(self, of: Ints, values: Floats) -> Floats:
        """
        Return the median of some values in each track.

        Parameters
        ----------
        of
            m fixes, in this order.
        values
            m numbers.

        Returns
        -------
        median
            t numbers; NaN for a track with none.
        """
        found: Floats = (
            pd.Series(values)
            .groupby(self.track[of])
            .median()
            .reindex(np.arange(len(self.track_id)))
            .to_numpy(dtype=np.float64)
        )
        return found


def _sums(track: Ints, values: Floats, tracks: int) -> Floats:
    """Add values up by track."""
    # Without any value it counts, in whole numbers.
    return np.bincount(track, values, minlength=tracks).astype(np.float64)


def _doubt(accuracy_m: Floats, track: Ints) -> Floats:
    """Return accuracies as factors of the median of their track; 1 where it is not told."""
    told = pd.Series(np.where(accuracy_m > 0.0, accuracy_m, np.nan))
    factor = told / told.groupby(track).transform("median")
    doubt: Floats = factor.clip(BETTER, WORSE).fillna(1.0).to_numpy(dtype=np.float64)
    return doubt

"""Hot spots of a period, and how far to trust them: what every way in computes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from api.incidents.spans import days_of_data
from api.results import today
from geo.errors import InvalidParameterError
from geo.incidents.cells import LEAST_CELL_M, Places, segment_m, square_cells
from geo.incidents.counted import counted_rows
from geo.incidents.evaluating import evaluate
from geo.incidents.hotspots import HotSpots, hot_spots
from geo.incidents.links import must_visit_from
from geo.incidents.local_g import PERMUTATIONS
from geo.incidents.periods import Period
from geo.incidents.piles import pile_ups
from geo.incidents.repeats import NearRepeat, near_repeat
from geo.incidents.scales import sensitivity
from geo.incidents.segments import street_places
from geo.patrol import dose_points

Frames = Mapping[str, gpd.GeoDataFrame]

CELL_M: Final = 200.0
"""Side of the cells where there are no streets, in metres."""

SIZES: Final = (0.75, 1.0, 1.5)
"""How many times the side of the cells, or that of `CELL_M`, hot spots are looked for again."""

MOST_CELLS: Final = 20_000
"""Cells that hot spots are looked for again in, at most: more take longer than they are worth."""

MOST_PAIRED: Final = 5_000
"""Incidents that are compared pair by pair for near repeats, at most."""

FEWEST_PAIRED: Final = 2
"""Incidents that make a pair."""

WEEK: Final = dt.timedelta(days=7)
"""One week."""

SHIFT: Final = "18:00-02:00"
"""The shift in which hot spots are patrolled where nobody names another."""


@dataclass(frozen=True)
class SpotOptions:
    """
    What is asked about hot spots.

    Parameters
    ----------
    period
        The days; None for all.
    cell_m
        Side of square cells, in metres; None for street segments where there are streets.
    include_patrol
        Whether what patrols found counts.
    permutations
        How often to draw.
    seed
        Makes the draws.
    hold_out_weeks
        How many of the last weeks to hold the hot spots of the others against; 0 for none.
    shift
        The hours in which the spots are to be patrolled.
    date
        The day that shift begins on; None for the day after the last.
    """

    period: Period | None = None
    cell_m: float | None = None
    include_patrol: bool = False
    permutations: int = PERMUTATIONS
    seed: int = 0
    hold_out_weeks: int = 0
    shift: str = SHIFT
    date: dt.date | None = None


@dataclass(frozen=True, eq=False)
class Spotted:
    """
    Outcome of `spots_of`.

    Parameters
    ----------
    found
        The hot spots.
    days
        The days that they are of; None where nothing has a time.
    public_only
        Whether what patrols found was left out.
    streets
        Whether places are street segments; else cells.
    on_bounds
        Whether cells lie on the whole box around the incidents, as no areas were given.
    sensitivity
        The same in other cells.
    near
        Near repeats; None where there are too many incidents, too few, or none with a time.
    classes
        How many classes near repeats were looked for in at once.
    piles
        Points at which a geocoder may have put what it could not place.
    must_visit
        A point to visit for every spot.
    dose
        Stays at them in one shift: points that a patrol plan takes.
    date
        The day that shift begins on; None without spots.
    held_out
        The weeks that were held out; None where none were.
    evaluation
        How well z, and plain counts, foretold those.
    """

    found: HotSpots
    days: Period | None
    public_only: bool
    streets: bool
    on_bounds: bool
    sensitivity: pd.DataFrame
    near: NearRepeat | None
    classes: int
    piles: gpd.GeoDataFrame
    must_visit: gpd.GeoDataFrame
    dose: gpd.GeoDataFrame | None
    date: dt.date | None
    held_out: Period | None
    evaluation: pd.DataFrame | None

    def summary(self) -> dict[str, Any]:
        """Return the counts and terms, ready for JSON."""
        return {
            **self.found.summary(),
            "public_only": self.public_only,
            "of": "streets" if self.streets else "cells",
            "period": None if self.days is None else self.days.summary(),
            "list": _records(self.found.spots.drop(columns="geometry")),
            "moves": _records(self.found.moves),
            "sensitivity": _records(self.sensitivity),
            "near_repeat": None if self.near is None else self.near.summary(),
            "pile_ups": _records(self.piles.drop(columns="geometry")),
            "dose_date": None if self.date is None else self.date.isoformat(),
            "held_out": None if self.held_out is None else self.held_out.summary(),
            "evaluation": None if self.evaluation is None else _records(self.evaluation),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all that was found as layers of a file."""
        tables: dict[str, pd.DataFrame] = {
            "hot_places": self.found.places,
            "hot_spots": self.found.spots,
            "must_visit": self.must_visit,
            "sensitivity": self.sensitivity,
            "pile_ups": self.piles,
        }
        if self.dose is not None:
            tables["dose"] = self.dose
        if len(self.found.moves):
            tables["moves"] = self.found.moves
        if self.near is not None:
            tables["near_repeat"] = self.near.table
        if self.evaluation is not None:
            tables["evaluation"] = self.evaluation
        return tables


def spots_of(
    frames: Frames, options: SpotOptions, *, previous: pd.DataFrame | None = None
) -> Spotted:
    """
    Find hot spots, and hold them against other cells and later weeks.

    Parameters
    ----------
    frames
        "incidents", of which some have a place; "streets" and "areas" where given. One metric CRS.
    options
        What is asked.
    previous
        `place_id` and `spot_id` of the week before, so that spots keep their ids.

    Returns
    -------
    spotted
        The spots and what says how far to trust them.

    Raises
    ------
    GeoError
        When cells are finer than a street segment, draws are too few, or the weeks to hold out
        leave nothing.
    """
    incidents, areas = frames["incidents"], frames.get("areas")
    data = days_of_data(incidents)
    days = options.period or data
    held_out = None
    if options.hold_out_weeks and days is not None:
        cut = days.end - options.hold_out_weeks * WEEK
        if cut <= days.start:
            raise InvalidParameterError(
                f"hold_out_weeks: {options.hold_out_weeks} leave nothing of {days.start} to "
                f"{days.last_day}; hold out fewer, or take more days"
            )
        days, held_out = Period(days.start, cut), Period(cut, days.end)
    public_only = not options.include_patrol
    places, ground = _places(frames, options)
    # Without a word on days, rows of unknown time count too.
    period = days if options.period is not None or held_out is not None else None
    asked: dict[str, Any] = {"period": period, "public_only": public_only}
    found = hot_spots(
        incidents, places, permutations=options.permutations, seed=options.seed,
        previous=previous, **asked,
    )  # fmt: skip
    rows = incidents.iloc[counted_rows(incidents, places, **asked)[0]]
    sides = _sizes(ground, options.cell_m or CELL_M, places)
    must_visit = must_visit_from(found)
    date = options.date or (today() if days is None else days.end)
    return Spotted(
        found,
        days,
        public_only,
        places.measure == "length_m",
        places.measure == "area_m2" and areas is None,
        sensitivity(incidents, found, places, ground, cells_m=sides, seed=options.seed, **asked)
        if sides else pd.DataFrame(),
        _near(rows, options.seed),
        rows["class"].nunique() if "class" in rows.columns else 0,
        pile_ups(rows, known=_middles(areas)),
        must_visit,
        dose_points(must_visit, options.shift, date, seed=options.seed) if len(must_visit)
        else None,
        date if len(must_visit) else None,
        held_out,
        None if held_out is None else _evaluated(incidents, found, places, held_out, public_only),
    )  # fmt: skip


def _places(
    frames: Frames, options: SpotOptions
) -> tuple[Places, gpd.GeoDataFrame | tuple[float, float, float, float]]:
    """Return what incidents are counted at, and the ground under it."""
    areas, streets = frames.get("areas"), frames.get("streets")
    segments = None if streets is None else street_places(streets)
    incidents = frames["incidents"]
    ground: Any = areas
    if areas is None:
        # One cell around the outermost: theirs has neighbours too.
        margin = options.cell_m or CELL_M
        box = (incidents if segments is None else segments.frame).total_bounds
        ground = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    if segments is not None and options.cell_m is None:
        return segments, ground
    side = options.cell_m or CELL_M
    return square_cells(ground, side, incidents.crs, streets=segments), ground


def _sizes(ground: Any, side_m: float, places: Places) -> list[float]:  # noqa: ANN401
    """Return the sizes of cells that are fine enough to tell, and not too many."""
    floor = segment_m(places) if places.measure == "length_m" else LEAST_CELL_M
    if isinstance(ground, gpd.GeoDataFrame):
        ground = ground.total_bounds
    area = float((ground[2] - ground[0]) * (ground[3] - ground[1]))
    sides = [round(times * side_m / 10.0) * 10.0 for times in SIZES]
    return [side for side in sides if side >= floor and area / side**2 <= MOST_CELLS]


def _near(rows: gpd.GeoDataFrame, seed: int) -> NearRepeat | None:
    """Look for near repeats where that is soon done, and there is anything to compare."""
    timed = "time" in rows.columns and bool(rows["time"].notna().any())
    if not timed or not FEWEST_PAIRED <= len(rows) <= MOST_PAIRED:
        return None
    return near_repeat(rows, seed=seed)


def _middles(areas: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the middles of areas, where geocoders put what they know to an area alone."""
    if areas is None:
        return None
    return areas[["area_id", "geometry"]].set_geometry(areas.geometry.centroid)


def _evaluated(
    incidents: gpd.GeoDataFrame,
    found: HotSpots,
    places: Places,
    held_out: Period,
    public_only: bool,  # noqa: FBT001 - as asked
) -> pd.DataFrame:
    """Hold the ranking by z, and that by counts, against the weeks held out."""
    row, _, _ = counted_rows(incidents, places, held_out, public_only=public_only)
    later = incidents.iloc[row]
    told = []
    for score in ("z", "n"):
        frame = evaluate(found.places[score].to_numpy(dtype=np.float64), later, places)
        frame.insert(0, "score", score)
        told.append(frame)
    return pd.concat(told, ignore_index=True)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows for a summary."""
    plain = pd.DataFrame(frame).astype(object)
    return list(plain.where(plain.notna(), None).to_dict("records"))

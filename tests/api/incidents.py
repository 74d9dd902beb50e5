"""Two villages with two years of incidents, in a store and as files."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from data.importing import import_layer
from tests.api.stored import put
from tests.data.rows import layer_of
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from pathlib import Path

    from data.store import Store

AREAS: Final = {
    "01": box(0, 0, 200, 400),
    "02": box(200, 0, 400, 400),
    "03": box(400, 0, 600, 400),
}
"""Grids in a row: 01 and 02 are of the village V1, 03 is of V2; both are of the town T."""

PLACES: Final = {"01": (100, 200), "02": (300, 200), "03": (500, 200), "border": (200, 100)}
"""Where incidents are: in the middle of each grid, and on the border of the first two."""

COUNTS: Final = {
    ("01", "event"): (4, 6),
    ("02", "event"): (9, 3),
    ("03", "event"): (12, 5),
    ("border", "dispute"): (2, 1),
    ("01", "police_call"): (8, 16),
    ("03", "case"): (1, 7),
}
"""Place and kind -> how many in May 2023 and in May 2024."""


def rows() -> gpd.GeoDataFrame:
    """Return the incidents: by place and kind, and two without a place that name 02 and V1."""
    made = [
        (place, kind, year, day)
        for (place, kind), counts in COUNTS.items()
        for year, count in zip((2023, 2024), counts, strict=True)
        for day in range(count)
    ]
    at = [dt.datetime(year, 5, 1 + day, 20, day) for _, _, year, day in made]  # noqa: DTZ001 - local
    found = points_of([PLACES[place] for place, *_ in made], kind=[kind for _, kind, *_ in made])
    found = found.assign(
        time=at,
        area_code=["01" if place == "01" else None for place, *_ in made],
        state="closed",
        outcome="resolved",
    )
    lost = gpd.GeoDataFrame(
        {
            "kind": "event",
            "time": dt.datetime(2024, 5, 31, 9),  # noqa: DTZ001 - local
            "area_code": ["02", "V1"],
            "state": "open",
            "outcome": None,
        },
        geometry=[None, None],
        crs=CRS,
    )
    both = pd.concat([found.astype({"area_code": object}), lost], ignore_index=True)
    return both.assign(code=[f"I{number:03}" for number in range(len(both))])


def fill_incidents(store: Store, **values: Any) -> None:  # noqa: ANN401
    """
    Store the grids, a patrol area over the first two, the incidents and four streets.

    Calls and cases are the police's, whatever line `values` name: those are what all rows have.
    """
    grids = areas_of(AREAS).rename(columns={"area_id": "code"})
    grids = grids.assign(parent_id=["V1", "V1", "V2"], people=[1_000, 2_000, 500])
    put(store, "areas", grids, **values)
    village = areas_of({"V2": box(400, 0, 700, 400)}).rename(columns={"area_id": "code"})
    put(store, "areas", village, parent_id="T", **values)
    beat = areas_of({"XQ": box(100, 0, 300, 400)}).rename(columns={"area_id": "code"})
    put(store, "areas", beat, kind="patrol", **values)
    ways = [line((0, y), (600, y)) for y in (0, 200, 400)]
    ways += [line((x, 0), (x, 400)) for x in range(0, 601, 100)]
    put(store, "streets", streets_of(ways, code=[f"S{n}" for n in range(len(ways))]), **values)
    found = rows().to_crs(4326)
    columns = {name: found[name].tolist() for name in found if name not in ("code", "geometry")}
    columns["incident_id"] = found["code"].tolist()
    shapes = found.geometry.tolist()
    import_layer(store, layer_of("incidents", shapes, columns), **values)


def as_files(folder: Path) -> tuple[Path, Path]:
    """Write the same incidents and grids as files, and return where they are."""
    incidents, areas = folder / "incidents.csv", folder / "areas.geojson"
    found = rows().to_crs(4326)
    table = pd.DataFrame(found.drop(columns=["geometry", "code"]))
    table["incident_id"] = found["code"]
    table["lon"], table["lat"] = found.geometry.x.to_numpy(), found.geometry.y.to_numpy()
    table.replace({np.nan: None}).to_csv(incidents, index=False)
    grids = areas_of(AREAS).assign(parent_id=["V1", "V1", "V2"], people=[1_000, 2_000, 500])
    grids.to_crs(4326).to_file(areas)
    return incidents, areas

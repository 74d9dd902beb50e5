"""Real files through the store and back, on both engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from data import read_layer
from data.engine import reading
from data.importing import import_layer
from data.models import Incident
from geo import working_crs
from geo.cameras import camera_views
from tests.data.test_writing import figures

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from data.store import Store

TALLINN = "world_osm_surveillance/tallinn_cameras.gpkg"
VANCOUVER = "ca_vancouver_crime/vancouver_crime_2020_2022.parquet"


def test_stored_cameras_see_what_those_of_the_file_see(store: Store, shared_data: Path) -> None:
    """Every form of direction, the lists of several lenses, kinds, fields and states."""
    layer = read_layer(shared_data / TALLINN, "cameras")
    import_layer(store, layer)
    stored = store.frame("cameras")
    assert len(stored) == len(layer.frame)
    known = [name for name in layer.frame.columns if name in stored.columns]
    read, back = ordered(layer.frame, known), ordered(stored, known)
    several = read["headings"].dropna()
    assert back["headings"].dropna().to_dict() == several.to_dict()
    assert len(stored) == 5_311
    assert set(several) == {"10;80", "80;195", "315;45"}
    crs = working_crs(read)
    for number in ("azimuth_deg", "fov_deg", "range_m"):
        if number in read.columns:
            assert np.array_equal(
                back[number].to_numpy(dtype=float), read[number].to_numpy(dtype=float),
                equal_nan=True,
            ), number  # fmt: skip
    views = [camera_views(frame.to_crs(crs)) for frame in (read, back)]
    one, other = (view.drop(columns=["camera_id"]).reset_index(drop=True) for view in views)
    pd.testing.assert_frame_equal(
        one.drop(columns="geometry"), other.drop(columns="geometry"), check_dtype=False
    )
    assert one.geometry.geom_equals_exact(other.geometry, 0.0).all()
    assert (one["status"] == "seeing").sum() > 0


def ordered(cameras: gpd.GeoDataFrame, columns: list[str]) -> gpd.GeoDataFrame:
    """Return cameras by their places and what is said of them: the files have no ids."""
    cells = cameras[[name for name in columns if name not in ("camera_id", "geometry")]]
    words = cells.astype(object).where(cells.notna(), "").astype(str).agg("|".join, axis=1)
    places = cameras.geometry.to_wkt(rounding_precision=-1)
    order = (places + "|" + words).argsort(kind="stable")
    return cameras.iloc[order.to_numpy()].reset_index(drop=True)


@dataclass(frozen=True)
class Figures:
    """What the file, or one year of it, holds: rows, repeats, places, and what UTC would shift."""

    year: int | None
    rows: int
    repeats: int
    placed: int
    placeless: int
    shifted: int


@pytest.mark.parametrize(
    ("store_url", "held"),
    [
        ("sqlite", Figures(None, 103_918, 5_362, 92_466, 11_452, 161)),
        ("postgis", Figures(2022, 34_212, 1_862, 30_314, 3_898, 40)),
    ],
    indirect=["store_url"],
)
def test_vancouver_with_its_neighbourhoods(
    store: Store, shared_data: Path, tmp_path: Path, held: Figures
) -> None:
    """
    With the neighbourhood as the code of the area, the repeats are those of the file.

    By what is kept alone there are more: most places of persons are withheld.
    """
    raw = pd.read_parquet(shared_data / VANCOUVER)
    raw = raw if held.year is None else raw[raw["year"] == held.year]
    assert int(raw.duplicated().sum()) == held.repeats
    file = tmp_path / "vancouver.parquet"
    raw.to_parquet(file)
    layer = read_layer(file, "incidents", columns={"area_code": "neighbourhood"})
    told = {"rows_read": held.rows, "repeats": held.repeats}
    assert figures(import_layer(store, layer)) == {**told, "added": held.rows}
    assert figures(import_layer(store, layer)) == {**told, "unchanged": held.rows}
    rows = store.frame("incidents")
    assert len(rows) == held.rows
    assert int(rows["geometry"].notna().sum()) == held.placed
    placeless = rows[rows.geometry.isna()]
    assert len(placeless) == held.placeless
    assert set(placeless["quality"]) <= {"area", "none"}
    times = pd.to_datetime(rows["time"])
    local = pd.to_datetime(raw["datetime_local"])
    assert sorted(times) == sorted(local)
    with reading(store.engine) as session:
        last = session.scalar(select(Incident.time).order_by(Incident.time.desc()).limit(1))
    assert last == local.max()
    # As if they had been taken for times of Shanghai and stored in UTC.
    shifted = times - pd.Timedelta(hours=8)
    assert int((shifted.dt.year != times.dt.year).sum()) == held.shifted

"""Three years of a city's incidents, counted by us and plainly with pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.incidents.comparing import compare
from geo.incidents.counting import counts
from geo.incidents.hourly import hours
from geo.incidents.periods import Comparison, month, whole_year
from geo.incidents.rows import plain_counts

if TYPE_CHECKING:
    from pathlib import Path

CRS = "EPSG:26910"
"""What the file's own x and y are in."""

RENAMED = {"Central Business District": "Downtown"}
"""What the police call an area -> what the city does."""


@pytest.fixture(scope="module")
def raw(shared_data: Path) -> pd.DataFrame:
    """Return the file as it is."""
    return pd.read_parquet(shared_data / "ca_vancouver_crime/vancouver_crime_2020_2022.parquet")


@pytest.fixture(scope="module")
def areas(shared_data: Path) -> gpd.GeoDataFrame:
    """Return the 22 areas of the city, by name."""
    file = shared_data / "ca_vancouver_crime/local_area_boundary.geojson"
    return gpd.read_file(file).to_crs(CRS).rename(columns={"name": "area_id"})


@pytest.fixture(scope="module")
def incidents(raw: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return its rows as incidents; x = y = 0 is no place, and so are two blank ones."""
    placed = (raw["x"] != 0) & raw["x"].notna()
    points = np.full(len(raw), None, dtype=object)
    points[placed] = np.asarray(gpd.points_from_xy(raw["x"], raw["y"]))[placed]
    columns = {
        "kind": "case",
        "class": raw["type"],
        "time": raw["datetime_local"],
        "area_code": raw["neighbourhood"].replace(RENAMED),
        "address": raw["hundred_block"],
    }
    return gpd.GeoDataFrame(columns, geometry=points, crs=CRS)


def test_plain_counts_are_the_files(
    raw: pd.DataFrame, incidents: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> None:
    """Every total is a plain pandas count."""
    found = plain_counts(incidents, areas)
    assert (found["rows"], found["with_place"], found["repeats"]) == (103_918, 92_466, 5_362)
    assert found["by_class"] == raw["type"].value_counts().to_dict()
    assert found["by_year"] == {
        str(year): count for year, count in raw["year"].value_counts().items()
    }
    assert len(set(found["by_area"]) - {"outside", "no_place"}) == 22
    assert sum(found["by_area"].values()) == 103_918


def test_places_decide_and_names_stand_in(
    incidents: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> None:
    """
    The file's own name of the area agrees with the place in 97 of 100 rows.

    Two parks that it names are no areas of the city; all other rows that have no place count
    where they are named.
    """
    found = counts(incidents, areas, by=["area"]).frame.set_index("area_id")["count"]
    # On a border is nearer than a centimetre, and the lowest code has it.
    joined = incidents[incidents.geometry.notna()].sjoin(
        areas[["area_id", "geometry"]], predicate="dwithin", distance=0.01
    )
    joined = joined.sort_values("area_id", kind="stable")
    joined = joined[~joined.index.duplicated()]
    by_place = joined["area_id"].value_counts()
    bare = incidents[incidents.geometry.isna()]
    by_name = bare[bare["area_code"].isin(areas["area_id"])]["area_code"].value_counts()
    plain = by_place.add(by_name, fill_value=0).astype(int)
    assert found.drop(["outside", "no_place"]).to_dict() == plain.to_dict()
    assert found["outside"] + found["no_place"] == len(incidents) - plain.sum()
    agree = joined["area_id"] == joined["area_code"]
    assert 0.97 < agree.mean() < 0.98


@pytest.mark.parametrize("year", [2021, 2022])
def test_year_on_year_tables_are_plain_counts(
    raw: pd.DataFrame, incidents: gpd.GeoDataFrame, year: int
) -> None:
    """By class, and in all; 2020 had a day more."""
    comparison = Comparison(whole_year(year), whole_year(year - 1), "year")
    found = compare(incidents, comparison, by=("class",))
    plain = pd.crosstab(raw["type"], raw["year"])
    table = found.frame.set_index("class")
    assert table["now"].to_dict() == plain[year].to_dict()
    assert table["before"].to_dict() == plain[year - 1].to_dict()
    share = plain[year] / plain[year - 1] - 1
    assert table["share"].to_dict() == pytest.approx(share.to_dict())
    row = found.total.iloc[0]
    assert (row["now"], row["before"]) == (plain[year].sum(), plain[year - 1].sum())
    daily = (plain[year].sum() / 365) / (plain[year - 1].sum() / (366 if year == 2021 else 365))
    assert row["rate_share"] == pytest.approx(daily - 1)


def test_months_are_plain_counts(raw: pd.DataFrame, incidents: gpd.GeoDataFrame) -> None:
    """36 months and 11 classes, and one of them against the year before."""
    found = counts(incidents, by=("class", "month")).frame
    plain = raw.groupby([raw["type"], raw["datetime_local"].dt.strftime("%Y-%m")]).size()
    assert found.set_index(["class", "month"])["count"].to_dict() == plain.to_dict()
    march = compare(incidents, Comparison(month(2022, 3), month(2021, 3), "year"), by=("class",))
    assert march.total[["now", "before"]].to_numpy().tolist() == [
        [int(((raw["year"] == year) & (raw["month"] == 3)).sum()) for year in (2022, 2021)]
    ]


def test_hours_are_local(raw: pd.DataFrame, incidents: gpd.GeoDataFrame) -> None:
    """Those that the file writes, not hours of another zone."""
    found = hours(incidents)
    plain = pd.crosstab(raw["datetime_local"].dt.day_of_week, raw["hour"])
    assert np.array_equal(found.matrix("occurrence").to_numpy(), plain.to_numpy())
    year = hours(incidents, period=whole_year(2021))
    assert year.by_hour["count"].tolist() == (
        raw[raw["year"] == 2021]["hour"].value_counts().sort_index().tolist()
    )

"""Piles that a geocoder makes, and busy addresses that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import CRSError, InvalidParameterError
from geo.incidents.piles import pile_ups
from tests.strategies import points_of

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ("theft", "fight", "noise", "fraud")


def town(*, seed: int = 1):  # noqa: ANN201
    """Return 200 addresses 50 m apart with three rows each, of four classes in turn."""
    at = [(50.0 * (k % 20), 50.0 * (k // 20)) for k in range(200) for _ in range(3)]
    kinds = np.random.default_rng(seed).permutation(np.resize(CLASSES, len(at)))
    return points_of(at, **{"class": kinds})


def with_rows(rows: gpd.GeoDataFrame, at: tuple[float, float], kinds: list[str]):  # noqa: ANN201
    """Add rows at one place."""
    more = points_of([at] * len(kinds), **{"class": kinds})
    return gpd.GeoDataFrame(pd.concat([rows, more], ignore_index=True), crs=rows.crs)


def test_a_pile_with_the_mix_of_the_whole_is_suspected() -> None:
    """60 rows at a point between the addresses, 15 of each class: 3 are usual."""
    told = pile_ups(with_rows(town(), (512.0, 225.0), list(CLASSES) * 15))
    assert told[["n", "usual", "times", "reason"]].to_numpy().tolist() == [[60, 3.0, 20.0, "mix"]]
    assert told["share"].iloc[0] == pytest.approx(60 / 660)
    assert told["mix_apart"].iloc[0] == pytest.approx(0.0)
    assert told["known_id"].tolist() == [None]
    assert told.geometry.iloc[0].equals(points_of([(512.0, 225.0)]).geometry.iloc[0])


def test_a_busy_address_is_no_pile() -> None:
    """As many rows, nine in ten of one class: a market with thieves."""
    kinds = ["theft"] * 54 + ["fight"] * 6
    assert not len(pile_ups(with_rows(town(), (500.0, 200.0), kinds)))


def test_many_rows_are_usual_where_the_points_around_have_as_many() -> None:
    """A market street: five times the rows of its neighbours are not ten times."""
    rows = with_rows(town(), (500.0, 200.0), list(CLASSES) * 5)
    assert not len(pile_ups(rows))


def test_a_pile_at_a_known_place_is_suspected_whatever_its_mix() -> None:
    """Within 30 m of the station; 31 m from it not."""
    rows = with_rows(town(), (512.0, 225.0), ["theft"] * 60)
    at, off = (points_of([(512.0 + d, 225.0)], station_id=["S1"]) for d in (30.0, 31.0))
    told = pile_ups(rows, known=at)
    assert told[["known_id", "reason"]].to_numpy().tolist() == [["S1", "known"]]
    assert not len(pile_ups(rows, known=off))
    both = pile_ups(with_rows(town(), (512.0, 225.0), list(CLASSES) * 15), known=at)
    assert both["reason"].tolist() == ["both"]


def test_without_classes_only_known_places_tell() -> None:
    """Places without an id are numbered."""
    rows = with_rows(town(), (512.0, 225.0), list(CLASSES) * 15).drop(columns="class")
    assert not len(pile_ups(rows))
    told = pile_ups(rows, known=points_of([(512.0, 225.0)]))
    assert told["known_id"].tolist() == ["0"]
    assert told["mix_apart"].isna().all()


def test_places_that_agree_to_a_rounding_are_one() -> None:
    """Sixty rows micrometres apart."""
    rows = town()
    for k in range(60):
        rows = with_rows(rows, (512.0 + k * 1e-6, 225.0), [CLASSES[k % 4]])
    assert pile_ups(rows)["n"].tolist() == [60]


def test_few_rows_and_no_rows_make_no_pile() -> None:
    """Nor do rows without a place."""
    rows = with_rows(town(), (512.0, 225.0), list(CLASSES) * 15)
    assert not len(pile_ups(rows, least=61))
    assert not len(pile_ups(points_of([])))
    nowhere = gpd.GeoDataFrame({"class": ["a"]}, geometry=[None], crs=rows.crs)
    assert not len(pile_ups(nowhere, known=nowhere))


def test_one_point_alone_is_a_pile_only_where_it_is_known() -> None:
    """Nothing around tells what is usual."""
    alone = points_of([(0.0, 0.0)] * 30, **{"class": ["a", "b"] * 15})
    assert pile_ups(alone, known=points_of([(0.0, 0.0)]))["times"].tolist() == [np.inf]


def test_hundred_blocks_of_a_city_are_left_alone(shared_data: Path) -> None:
    """Vancouver, 92,466 rows at 36,990 points, 412 of them with 20 or more: four are suspected.

    Half a per cent of the rows put at one point between are found at once.
    """
    file = shared_data / "ca_vancouver_crime" / "vancouver_crime_2020_2022.parquet"
    rows = pd.read_parquet(file, columns=["type", "x", "y"]).rename(columns={"type": "class"})
    rows = rows[rows["x"] > 0.0]
    places = shapely.points(rows[["x", "y"]].to_numpy())
    points = gpd.GeoDataFrame(rows[["class"]], geometry=places, crs="EPSG:26910")
    assert len(pile_ups(points)) <= 4
    lost = np.random.default_rng(1).random(len(rows)) < 0.005
    places[lost] = shapely.Point(492_000.0, 5_455_000.0)
    told = pile_ups(points.set_geometry(gpd.GeoSeries(places, index=rows.index, crs=points.crs)))
    assert told["n"].iloc[0] == lost.sum()
    assert told["mix_apart"].iloc[0] < 0.1
    assert len(told) <= 5


def test_what_cannot_be_looked_at_is_refused() -> None:
    """A least of one, and another CRS."""
    with pytest.raises(InvalidParameterError, match="least"):
        pile_ups(town(), least=1)
    with pytest.raises(CRSError, match="known"):
        pile_ups(town(), known=points_of([(0, 0)]).to_crs("EPSG:4326"))

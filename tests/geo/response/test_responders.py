"""Who is nearest by road, against figures from paper and ways from every unit."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings

from geo.errors import ColumnError, CRSError, InvalidParameterError
from geo.response import Nearest, Responders, ResponseRules, Roads, nearest_units, rings
from tests.geo.response.every import KMH, grid_city, sites, small_towns, times_of
from tests.geo.response.test_station_rings import FLAT
from tests.strategies import line, places, points_of, streets_of

if TYPE_CHECKING:
    import geopandas as gpd

BANKS = streets_of(
    [line((0, 0), (1000, 0)), line((0, 100), (1000, 100)), line((1000, 0), (1000, 100)),
     line((300, 50), (400, 50))],
    bridge=["no", "no", "yes", "no"],
)  # fmt: skip
"""Two banks of a river 100 m apart, one bridge at their east end; an island in between."""


def chosen(found: Nearest) -> list[object]:
    """Return the ids of the candidates, in their order."""
    return found.candidates["unit_id"].tolist()


def why(found: Nearest) -> dict[object, str]:
    """Return why each unit is refused."""
    return dict(found.refused[["unit_id", "reason"]].to_numpy().tolist())


def test_the_unit_across_the_river_is_not_chosen() -> None:
    """It stands 100 m away, and has to go 2,000 m by the bridge; the other 500 m."""
    units = points_of([(100, 100), (600, 0)], unit_id=["across", "here"])
    found = nearest_units(points_of([(100, 0)]), units, BANKS, k=1)
    assert chosen(found) == ["here"]
    one = found.candidates.iloc[0]
    assert (one["minutes"], one["distance_m"]) == pytest.approx((1.0, 500.0))
    assert one.geometry.equals_exact(line((600, 0), (100, 0)), 1e-6)
    both = nearest_units(points_of([(100, 0)]), units, BANKS)
    assert both.candidates["distance_m"].tolist() == pytest.approx([500, 1900])
    way = line((100, 100), (1000, 100), (1000, 0), (100, 0))
    assert both.candidates.geometry.iloc[1].equals(way)
    assert both.candidates["rank"].tolist() == [1, 2]
    assert why(both) == {}


def test_a_place_on_an_island_has_nobody_and_every_unit_says_why() -> None:
    """No way leads there; a place off every street, and one that is not known, are told apart."""
    units = points_of([(100, 100), (600, 0)], unit_id=["a", "b"])
    where = points_of([(350, 50), (350, 400), (0, 0)], place_id=["island", "far", "lost"])
    where.loc[2, "geometry"] = None
    found = nearest_units(where, units, BANKS)
    assert found.candidates.empty
    assert found.places["reason"].tolist() == ["unreachable", "not_on_network", "no_place"]
    assert found.refused.to_numpy().tolist() == [
        [place, unit, "unreachable"] for place in ("island", "far") for unit in ("a", "b")
    ]
    assert found.summary()["places_without"] == {
        "no_place": 1, "not_on_network": 1, "unreachable": 1,
    }  # fmt: skip


def test_how_far_from_the_street_a_place_may_be_is_a_rule() -> None:
    """A farm 80 m off the road: nobody by the usual 50 m, a walk of 80 m by 100."""
    units, where = points_of([(0, 0)]), points_of([(500, -80)])
    assert nearest_units(where, units, BANKS).places["reason"].tolist() == ["not_on_network"]
    found = nearest_units(where, units, BANKS, rules=ResponseRules(snap_m=100.0))
    assert found.candidates["minutes"].tolist() == pytest.approx([1 + 80 * 0.06 / 5])


def test_busy_off_duty_and_misplaced_units_are_never_chosen() -> None:
    """All stand nearer than the one that goes."""
    units = points_of(
        [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 900), (6, 0), (900, 0)],
        unit_id=list("abcdefgh"),
        state=["busy", "off", "free", "", "half", "free", None, "Free"],
        shift=[None, None, "20:00-06:00", "看情况", None, None, None, "08:00-20:00"],
        mode=["car", "car", "car", "car", "car", "car", "video", "car"],
    )
    noon = dt.datetime.fromisoformat("2026-03-04 12:00")
    found = nearest_units(points_of([(0, 0)]), units, BANKS, now=noon)
    assert chosen(found) == ["h"]
    assert why(found) == {
        "a": "busy", "b": "off_duty", "c": "off_duty", "d": "hours_unsure", "e": "state_unknown",
        "f": "not_on_network", "g": "mode_unknown",
    }  # fmt: skip
    assert found.refused["place"].isna().all()
    assert found.summary()["units_refused"]["off_duty"] == 2
    assert found.summary()["now"] == "2026-03-04 12:00:00"
    nobody = nearest_units(points_of([(0, 0)]), units.iloc[:2], BANKS)
    assert nobody.places["reason"].tolist() == ["no_unit"]
    assert nobody.candidates.empty


@pytest.mark.parametrize(("oneway", "order"), [("yes", ["west", "east"]), ("-1", ["east", "west"])])
def test_a_one_way_street_is_gone_towards_the_place(oneway: str, order: list[str]) -> None:
    """On a ring of 400 m with units 50 m to either side: one goes 50 m, the other 350 m."""
    ring = line((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
    streets = streets_of([ring], oneway=[oneway])
    units, where = points_of([(80, 0), (0, 20)], unit_id=["east", "west"]), points_of([(30, 0)])
    found = nearest_units(where, units, streets)
    assert chosen(found) == order
    assert found.candidates["distance_m"].tolist() == pytest.approx([50, 350])
    on_foot = nearest_units(where, units, streets, mode="foot")
    assert on_foot.candidates["distance_m"].tolist() == pytest.approx([50, 50])


def test_a_walker_takes_the_path_and_the_last_metres_are_walked() -> None:
    """A footpath of 100 m to the place, 3 m beside it; a car has to stop 40 m before."""
    streets = streets_of(
        [line((0, 0), (1000, 0)), line((500, 0), (500, 100))],
        **{"class": ["residential", "footway"]},
    )
    units = points_of([(500, 0), (0, 4)], unit_id=["walker", "car"], mode=["foot", "car"])
    found = nearest_units(points_of([(503, 40)]), units, streets)
    by_unit = found.candidates.set_index("unit_id")
    assert by_unit.loc["walker", "minutes"] == pytest.approx(43 * 0.06 / 5)
    assert by_unit.loc["walker", ["distance_m", "off_road_m"]].tolist() == pytest.approx([40, 3])
    want = 4 * 0.06 / 25 + 503 * 0.06 / 25 + 40 * 0.06 / 5
    assert by_unit.loc["car", "minutes"] == pytest.approx(want)
    assert by_unit.loc["car", ["distance_m", "off_road_m"]].tolist() == pytest.approx([503, 44])


def test_what_a_unit_would_leave_behind() -> None:
    """
    Units at 0, 1,000 and 4,000 m of a street of 6 km, each covering 1,000 m to either side.

    The first alone holds nothing; the second alone 1,000 to 2,000; the third all of its own. Who
    is busy covers nothing.
    """
    units = points_of([(0, 0), (1000, 0), (4000, 0), (4000, 0)], state=["", "", "", "busy"])
    found = nearest_units(
        points_of([(0, 0)]), units, streets_of([line((0, 0), (6000, 0))]),
        rules=ResponseRules(ring_minutes=2.0, turnout_s=0.0),
    )  # fmt: skip
    assert found.candidates["ring_m"].tolist() == pytest.approx([1000, 2000, 2000])
    assert found.candidates["lost_m"].tolist() == pytest.approx([0, 1000, 2000])
    assert found.candidates["lost_share"].tolist() == pytest.approx([0, 0.5, 1])


def test_of_equally_soon_units_the_smaller_id_goes() -> None:
    """Four at the corners of a block, the place in the middle of a chessboard: two are named."""
    streets = grid_city(4, 100.0)
    for ids in ([9, 10, 2, 30], [30, 9, 10, 2]):
        units = points_of([(100, 100), (-100, 100), (100, -100), (-100, -100)], unit_id=ids)
        assert chosen(nearest_units(points_of([(0, 0)]), units, streets, k=2)) == [2, 9]


def test_who_is_on_the_spot_has_no_way_to_go() -> None:
    """No line, no metre, and the turn-out alone."""
    found = nearest_units(
        points_of([(250, 0)]), points_of([(250, 0)]), BANKS, rules=ResponseRules(turnout_s=30.0)
    )
    assert found.candidates["minutes"].tolist() == pytest.approx([0.5])
    assert found.candidates["distance_m"].tolist() == [0.0]
    assert found.candidates.geometry.tolist() == [None]


@settings(max_examples=20)
@given(streets=small_towns(), at=sites, where=places)
def test_the_soonest_are_those_of_all_ways_and_their_lines_are_the_ways(
    streets: gpd.GeoDataFrame, at: list[tuple[int, int, str]], where: tuple[float, float]
) -> None:
    """Against the ways from every unit, by scipy; the place lies on the first street."""
    first = streets.geometry.iloc[0]
    place = points_of([(0, 0)])
    place.geometry = [first.interpolate(abs(where[0]) % 1.0, normalized=True)]
    units = points_of([(x, y) for x, y, _ in at], mode=[mode for *_, mode in at])
    roads = Roads.of(streets, speeds=FLAT)
    want = times_of(streets, units, place, walked=True)[:, 0] / 60.0
    found = Responders.of(units, roads).nearest(place, k=2)
    assert set(units.index[np.isinf(want)]) == set(why(found))
    order = np.lexsort((units.index, want.round(9)))[: min(2, int(np.isfinite(want).sum()))]
    assert chosen(found) == order.tolist()
    assert found.candidates["minutes"].tolist() == pytest.approx(want[order].tolist())
    for one in found.candidates.itertuples():
        length = 0.0 if one.geometry is None else one.geometry.length
        assert length == pytest.approx(one.distance_m, abs=1e-6)
        driven_s = one.distance_m * 3.6 / KMH[one.mode]
        assert driven_s <= one.minutes * 60.0 + 1e-6
        if one.geometry is not None:
            begin, end = shapely.get_point(one.geometry, [0, -1])
            aside_m = begin.distance(units.geometry[one.unit_id])
            aside_m += end.distance(place.geometry[0])
            assert aside_m == pytest.approx(one.off_road_m, abs=1e-6)


@settings(max_examples=10)
@given(streets=small_towns(), at=sites)
def test_what_is_left_behind_is_what_closing_a_station_there_would_lose(
    streets: gpd.GeoDataFrame, at: list[tuple[int, int, str]]
) -> None:
    """Two ways to ask the same."""
    units = points_of([(x, y) for x, y, _ in at], mode=[mode for *_, mode in at])
    ready = Responders.of(units, streets, rules=ResponseRules(ring_minutes=0.4))
    lost = dict(zip(ready.units["unit_id"], ready.lost_m, strict=True))
    closed = rings(units, streets, minutes=[0.4]).losses
    want = dict(zip(closed["station_id"], closed["only_m"], strict=True))
    assert lost == pytest.approx(want)


def test_responders_answer_many_places_as_if_each_were_asked_alone() -> None:
    """No search leaves a trace for the next; places keep their ids and order."""
    streets = grid_city(6, 100.0)
    units = points_of([(-300, -300), (120, 200), (310, -90)], unit_id=["a", "b", "c"])
    where = points_of([(0, 0), (250, 300), (-280, -300)], place_id=["x", "y", "z"])
    ready = Responders.of(units, streets)
    together = ready.nearest(where, k=2).candidates
    assert together["place"].tolist() == ["x", "x", "y", "y", "z", "z"]
    for row, place in enumerate(where["place_id"]):
        alone = ready.nearest(where.iloc[[row]], k=2).candidates
        same = together[together["place"] == place].reset_index(drop=True)
        assert alone.drop(columns="geometry").equals(same.drop(columns="geometry"))
        assert shapely.equals(alone.geometry, same.geometry).all()


def test_ready_roads_bring_gates_and_speeds() -> None:
    """A shut gate between the unit and the place."""
    streets = streets_of([line((0, 0), (400, 0))])
    units, where = points_of([(0, 0)]), points_of([(300, 0)])
    shut = Roads.of(streets, gates=points_of([(200, 0)]))
    assert nearest_units(where, units, shut).places["reason"].tolist() == ["unreachable"]
    slow = Roads.of(streets, speeds=FLAT.assign(kmh=6.0))
    assert nearest_units(where, units, slow).candidates["minutes"].tolist() == pytest.approx([3])


def test_nearest_units_refuse_what_they_cannot_answer() -> None:
    """Each with the name of the argument."""
    units, where = points_of([(0, 0), (1, 0)]), points_of([(0, 0), (9, 0)])
    for wrong in (0, -1, 1.5):
        with pytest.raises(InvalidParameterError, match="k must be"):
            nearest_units(where, units, BANKS, k=wrong)  # type: ignore[arg-type]
    assert len(nearest_units(where[:1], units, BANKS, k=np.int64(2)).candidates) == 2
    with pytest.raises(CRSError, match="places: EPSG:4326"):
        nearest_units(where.to_crs("EPSG:4326"), units, BANKS)
    with pytest.raises(CRSError, match="places: no CRS"):
        nearest_units(where.set_crs(None, allow_override=True), units, BANKS)
    with pytest.raises(ColumnError, match="unit_id"):
        nearest_units(where, units.assign(unit_id=[None, "a"]), BANKS)
    with pytest.raises(ColumnError, match="place_id"):
        nearest_units(where.assign(place_id="p"), units, BANKS)
    with pytest.raises(InvalidParameterError, match="made for car"):
        nearest_units(where, units, Roads.of(BANKS, modes=["car"]), mode="foot")

"""Tracks on the network: which streets, which way, how far and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.patrol.matching import match_track
from geo.streets import StreetNetwork
from tests.geo.patrol.walks import BEGIN, autoregressive, fixes_of, town, walk
from tests.strategies import line, streets_of

if TYPE_CHECKING:
    from geo.patrol.matched import Matched

TOWN = town(4)
WALK = StreetNetwork.from_frame(TOWN)
ROUND = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
STREET = streets_of([line((0, 0), (300, 0))])
LANE = StreetNetwork.from_frame(STREET)


def rows(matched: Matched) -> list[tuple[str, str]]:
    """Return street and direction of each traversal."""
    found = matched.traversals
    return list(zip(found["street_id"], found["direction"], strict=True))


def stretches(matched: Matched) -> list[tuple[str, float, float]]:
    """Return direction, from and to of each traversal."""
    found = matched.traversals
    return list(
        zip(found["direction"], found["from_m"].round(1), found["to_m"].round(1), strict=True)
    )


def test_a_straight_walk_is_one_row_with_its_times() -> None:
    """From 20 m to 270 m at 1.25 m/s: 200 s."""
    matched = match_track(walk([(20, 3), (270, 3)]), LANE)
    (row,) = matched.traversals.to_dict("records")
    assert (row["track_id"], row["unit_id"], row["street_id"]) == ("a", "a", 0)
    assert (row["direction"], row["row"]) == ("forward", 0)
    assert (row["from_m"], row["to_m"]) == pytest.approx((20.0, 270.0), abs=1e-6)
    assert row["share"] == pytest.approx(250.0 / 300.0)
    assert row["speed_kmh"] == pytest.approx(4.5)
    assert row["entered"] == BEGIN
    assert row["left"] == BEGIN + pd.Timedelta(seconds=200)
    assert row["near_share"] == 1.0
    assert row["geometry"].length == pytest.approx(250.0)


def test_every_fix_has_its_place() -> None:
    """In the order and with the index of the frame, whatever the order of time."""
    fixes = walk([(270, 3), (20, 3)]).sample(frac=1.0, random_state=1)
    fixes.index = fixes.index + 7
    placed = match_track(fixes, LANE).fixes
    assert placed.index.equals(fixes.index)
    lag = (fixes["time"] - BEGIN).dt.total_seconds()
    assert placed["at_m"].to_numpy() == pytest.approx((270.0 - 1.25 * lag).to_numpy(), abs=0.01)
    assert placed["offset_m"].to_numpy() == pytest.approx(3.0, abs=0.01)
    assert (placed["row"] == 0).all()
    assert (placed["traversal"] == 0).all()


def test_a_corner_is_passed_at_its_time() -> None:
    """60 m along one street and 50 m along the next; two rows, end to end in time."""
    fixes = walk([(40, 0), (100, 0), (100, 50)])
    found = match_track(fixes, WALK, streets=TOWN).traversals
    assert found["street_id"].tolist() == ["h0-0", "v1-0"]
    assert found["from_m"].tolist() == pytest.approx([40.0, 0.0], abs=0.1)
    assert found["to_m"].tolist() == pytest.approx([100.0, 50.0], abs=0.1)
    assert found["left"][0] == found["entered"][1]
    assert (found["left"][0] - BEGIN).total_seconds() == pytest.approx(48.0, abs=2.0)


def test_a_block_gone_round_twice_is_eight_rows() -> None:
    """A repeat is a second row."""
    matched = match_track(walk(ROUND + ROUND[1:], noise_m=3.0), WALK, streets=TOWN)
    once = [("h0-0", "forward"), ("v1-0", "forward"), ("h0-1", "backward"), ("v0-0", "backward")]
    assert rows(matched) == once + once
    assert (matched.traversals["share"] > 0.9).all()
    assert matched.traversals["entered"].is_monotonic_increasing


def test_a_ring_gone_round_twice_is_two_rows() -> None:
    """One row of the network that ends where it begins."""
    ring = streets_of([line(*ROUND)])
    found = match_track(walk(ROUND + ROUND[1:]), StreetNetwork.from_frame(ring)).traversals
    assert found["direction"].tolist() == ["forward", "forward"]
    assert found["share"].tolist() == pytest.approx([1.0, 1.0], abs=0.01)


def test_who_turns_back_in_the_street_goes_two_ways() -> None:
    """80 m there and back again."""
    there, back = stretches(match_track(walk([(50, 2), (130, 2), (50, 2)], noise_m=1.0), LANE))
    assert there == ("forward", pytest.approx(50.0, abs=4), pytest.approx(130.0, abs=12))
    assert back == ("backward", pytest.approx(50.0, abs=4), there[2])


def test_a_car_turns_back_at_nodes_alone() -> None:
    """Into the side street to its end, and out of it."""
    streets = streets_of([line((0, 0), (300, 0)), line((150, 0), (150, 80))])
    network = StreetNetwork.from_frame(streets, profile="vehicle")
    fixes = walk([(20, 0), (150, 0), (150, 80), (150, 0), (280, 0)], speed_mps=8.0, noise_m=2.0)
    found = match_track(fixes, network).traversals
    assert found["street_id"].tolist() == [0, 1, 1, 0]
    assert found["direction"].tolist() == ["forward", "forward", "backward", "forward"]


@pytest.mark.parametrize("seed", range(3))
def test_a_walk_keeps_to_its_side_of_parallel_roads(seed: int) -> None:
    """15 m apart, joined at both ends, with 4 m of noise."""
    streets = streets_of(
        [line((-50, 0), (0, 0)), line((0, 0), (300, 0)), line((0, 0), (0, 15)),
         line((0, 15), (300, 15)), line((300, 15), (300, 0)), line((300, 0), (350, 0))]
    )  # fmt: skip
    way = [(-50, 0), (0, 0), (0, 15), (300, 15), (300, 0), (350, 0)]
    found = match_track(walk(way, noise_m=4.0, seed=seed), StreetNetwork.from_frame(streets))
    assert 1 not in found.traversals["street_id"].to_numpy()
    assert found.traversals["share"][found.traversals["street_id"] == 3].sum() > 0.99


def test_nobody_drives_against_a_one_way_street() -> None:
    """The carriageway of the other direction is nearer to the fixes, and is not taken."""
    streets = streets_of(
        [line((0, 0), (400, 0)), line((400, 14), (0, 14))], oneway=["yes", "yes"]
    )  # fmt: skip
    fixes = walk([(20, 9), (380, 9)], speed_mps=10.0)
    driven = match_track(fixes, StreetNetwork.from_frame(streets, profile="vehicle"))
    assert rows(driven) == [(0, "forward")]
    assert rows(match_track(fixes, StreetNetwork.from_frame(streets))) == [(1, "backward")]


@pytest.mark.parametrize(("apart_m", "unknown_s", "chains"), [(40.0, 0.0, 1), (60.0, 400.0, 2)])
def test_a_gap_is_unknown_unless_both_ends_are_near(
    apart_m: float, unknown_s: float, chains: int
) -> None:
    """400 s without a fix."""
    before = walk([(20, 0), (100, 0)])
    after = walk([(100 + apart_m, 0), (250, 0)])
    after["time"] += pd.Timedelta(seconds=64 + 400)
    matched = match_track(pd.concat((before, after), ignore_index=True), LANE)
    assert matched.tracks["unknown_s"].tolist() == [unknown_s]
    assert matched.tracks["chains"].tolist() == [chains]
    assert len(matched.traversals) == chains
    gone = (matched.traversals["to_m"] - matched.traversals["from_m"]).sum()
    assert gone == pytest.approx(230.0 if chains == 1 else 230.0 - apart_m, abs=0.1)


def test_who_leaves_the_streets_walks_none_meanwhile() -> None:
    """Through a park for two minutes: the streets round it are not filled in."""
    fixes = walk([(20, 0), (100, 0), (100, 150), (250, 150), (250, 0), (280, 0)])
    matched = match_track(fixes, LANE)
    assert stretches(matched)[0][:2] == ("forward", 20.0)
    assert (matched.traversals["to_m"] - matched.traversals["from_m"]).sum() < 120.0
    assert matched.tracks["chains"].tolist() == [2]
    far = fixes.distance(STREET.union_all()) > 61.0
    assert (matched.fixes["row"][far] == -1).all()
    assert matched.fixes["offset_m"][far].isna().all()
    assert matched.tracks["off_street"][0] == (matched.fixes["row"] < 0).sum() >= far.sum()


def test_one_stray_fix_is_left_out() -> None:
    """70 m beside the street for a second."""
    fixes = walk([(20, 0), (250, 0)])
    fixes.loc[90, "geometry"] = shapely.affinity.translate(fixes.geometry[90], 0, 70)
    matched = match_track(fixes, LANE)
    assert stretches(matched) == [("forward", 20.0, pytest.approx(250.0, abs=1.0))]
    assert matched.tracks["chains"].tolist() == [1]


def test_who_stands_leaves_the_stand_when_he_does() -> None:
    """Ten minutes near the corner; the next street is entered after them."""
    still = fixes_of(np.arange(1, 600), np.tile((95.0, 0.0), (599, 1)))
    before = walk([(20, 0), (95, 0)])
    still["time"] += pd.Timedelta(seconds=60)
    after = walk([(95, 0), (100, 0), (100, 90)])
    after["time"] += pd.Timedelta(seconds=660)
    fixes = pd.concat((before, still, after), ignore_index=True)
    found = match_track(fixes, WALK, streets=TOWN).traversals
    assert found["street_id"].tolist() == ["h0-0", "v1-0"]
    assert (found["entered"][1] - BEGIN).total_seconds() == pytest.approx(664.0, abs=4.0)


def test_fixes_that_say_they_are_poor_count_less() -> None:
    """They lie on the parallel road for a while, and say that they may."""
    ladder = [line((0, y), (400, y)) for y in (0, 40)] + [line((x, 0), (x, 40)) for x in (140, 260)]
    network = StreetNetwork.from_frame(streets_of(ladder))
    xy = np.column_stack((np.arange(0.0, 401.0, 5.0), np.zeros(81)))
    xy[30:50, 1] = 28.0
    fixes = fixes_of(np.arange(81) * 4.0, xy)
    assert len(match_track(fixes, network, sigma_m=5.0).traversals) > 1
    fixes["accuracy_m"] = np.where(xy[:, 1] > 0.0, 40.0, 5.0)
    assert rows(match_track(fixes, network, sigma_m=5.0)) == [(0, "forward")]


def test_a_track_is_not_placed_where_another_ended() -> None:
    """It begins beside that place, on no street, and goes off."""
    first = walk([(20, 0), (100, 0)])
    xy = [(100, 62), (100, 59), *((100, y) for y in range(66, 400, 4))]
    second = fixes_of(np.arange(len(xy)), xy, track_id="b")
    placed = match_track(pd.concat((first, second), ignore_index=True), LANE).fixes
    assert (placed["row"].to_numpy() == np.repeat([0, -1], [len(first), len(second)])).all()


def share_right(found: gpd.GeoDataFrame, way: list[str]) -> tuple[float, float]:
    """Return precision and recall by length, for streets of one length."""
    shares = found.groupby(["street_id", "direction"])["share"].sum()
    due = pd.Series(1.0, index=pd.MultiIndex.from_tuples([tuple(w.split()) for w in way]))
    due = due.groupby(level=[0, 1]).sum()
    both = np.minimum(shares, due.reindex(shares.index).fillna(0.0)).sum()
    return float(both / shares.sum()), float(both / due.sum())


SNAKE = [(0, 0), (200, 0), (200, 100), (100, 100), (100, 300), (300, 300), (300, 100), (400, 100),
         (400, 400), (0, 400), (0, 0)]  # fmt: skip
SNAKE_WAY = (
    ["h0-0 forward", "h1-0 forward", "v2-0 forward", "h1-1 backward", "v1-1 forward",
     "v1-2 forward", "h1-3 forward", "h2-3 forward", "v3-2 backward", "v3-1 backward",
     "h3-1 forward", "v4-1 forward", "v4-2 forward", "v4-3 forward"]
    + [f"h{i}-4 backward" for i in range(4)] + [f"v0-{j} backward" for j in range(4)]
)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_a_walker_in_town_is_followed_through_noise_of_15_m(seed: int) -> None:
    """Blocks of 100 m, a fix a second, white noise of 15 m on each axis: 0.95 either way."""
    found = match_track(walk(SNAKE, noise_m=15.0, seed=seed), WALK, streets=TOWN).traversals
    precision, recall = share_right(found, SNAKE_WAY)
    assert precision >= 0.95
    assert recall >= 0.95


@pytest.mark.parametrize("seed", range(3))
def test_a_walker_in_town_is_followed_through_noise_that_drifts(seed: int) -> None:
    """The error of 15 m lasts for 30 s: 0.85 either way."""
    fixes = walk(SNAKE)
    error = autoregressive(np.arange(len(fixes), dtype=np.float64), 15.0, 30.0, seed)
    x, y = (shapely.get_coordinates(fixes.geometry) + error).T
    found = match_track(fixes.set_geometry(gpd.points_from_xy(x, y, crs=fixes.crs)), WALK,
                        streets=TOWN)  # fmt: skip
    precision, recall = share_right(found.traversals, SNAKE_WAY)
    assert precision >= 0.85
    assert recall >= 0.85
    assert 8.0 < found.tracks["sigma_m"][0] <= 20.0


corners = st.lists(st.sampled_from("NESW"), min_size=1, max_size=6)


@settings(max_examples=15)
@given(st.lists(corners, min_size=2, max_size=3), st.integers(0, 99))
def test_a_track_does_not_depend_on_the_others(ways: list[list[str]], seed: int) -> None:
    """Neither on what was searched for them, nor on their errors."""
    turns = {"N": (0, 100), "E": (100, 0), "S": (0, -100), "W": (-100, 0)}
    tracks = [
        walk(np.cumsum([(200, 200), *(turns[t] for t in way)], axis=0).clip(0, 400).tolist(),
             noise_m=5.0 * k, seed=seed + k, track_id=f"t{k}")
        for k, way in enumerate(ways)
    ]  # fmt: skip
    together = match_track(pd.concat(tracks, ignore_index=True), WALK).traversals
    alone = pd.concat([match_track(track, WALK).traversals for track in tracks])
    pd.testing.assert_frame_equal(
        pd.DataFrame(together.drop(columns="geometry")),
        pd.DataFrame(alone.drop(columns="geometry").reset_index(drop=True)),
    )


def test_the_way_is_the_same_wherever_the_town_lies() -> None:
    """Shifting everything shifts the answer."""
    fixes = walk(SNAKE, noise_m=6.0)
    moved = TOWN.assign(geometry=TOWN.translate(1234.5, -987.25))
    there = match_track(
        fixes.assign(geometry=fixes.translate(1234.5, -987.25)), StreetNetwork.from_frame(moved)
    ).traversals
    here = match_track(fixes, WALK).traversals
    assert here["street_id"].tolist() == there["street_id"].tolist()
    assert here["from_m"].to_numpy() == pytest.approx(there["from_m"].to_numpy(), abs=1e-3)


def test_the_summary_is_what_the_command_prints() -> None:
    """Ready for JSON; fixes that cleaning dropped are counted."""
    fixes = walk([(20, 3), (270, 3)]).assign(unit_id="U1")
    summary = match_track(fixes, LANE).summary({"a": {"speed": np.int64(2)}})
    (track,) = json.loads(json.dumps(summary))["tracks"]
    assert track == {
        "track_id": "a", "fixes": 203, "dropped": {"speed": 2}, "off_street": 0, "unknown_s": 0.0,
        "segments": [
            {"street_id": 0, "direction": "forward", "from_m": 20.0, "to_m": 270.0,
             "share": 0.8333, "entered": "2026-11-22T08:00:00", "left": "2026-11-22T08:03:20"}
        ],
    }  # fmt: skip


def test_a_track_off_every_street_is_told_too() -> None:
    """It has no row, and the summary no segment."""
    matched = match_track(walk([(0, 500), (90, 500)]), LANE)
    assert matched.traversals.empty
    assert matched.tracks[["fixes", "off_street", "chains"]].to_numpy().tolist() == [[73, 73, 0]]
    off, lost = matched.summary({"b": {"order": 3}})["tracks"]
    assert off["segments"] == lost["segments"] == []
    assert (lost["track_id"], lost["fixes"], lost["dropped"]) == ("b", 3, {"order": 3})


def test_no_fixes_and_no_streets_give_empty_frames() -> None:
    """With all their columns."""
    nothing = match_track(walk([(0, 0), (9, 0)]).iloc[:0], LANE)
    assert nothing.traversals.empty
    assert nothing.summary() == {"tracks": []}
    bare = match_track(walk([(0, 0), (9, 0)]), StreetNetwork.from_frame(STREET.iloc[:0]))
    assert bare.tracks["off_street"].tolist() == bare.tracks["fixes"].tolist()
    assert list(bare.traversals.columns) == list(nothing.traversals.columns)
    single = match_track(walk([(50, 0), (51, 0)]).iloc[:1], LANE)
    assert single.traversals.empty
    assert single.fixes["at_m"].tolist() == [50.0]


@pytest.mark.parametrize(
    "wrong",
    [{"sigma_m": 0.0}, {"search_m": 0.0}, {"gap_s": float("nan")}, {"bridge_m": -1.0},
     {"sigma_m": float("inf")}],
)  # fmt: skip
def test_figures_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    """By name and value."""
    (name,) = wrong
    with pytest.raises(InvalidParameterError, match=f"^{name} must be"):
        match_track(walk([(0, 0), (9, 0)]), LANE, **wrong)


def test_fixes_that_were_not_cleaned_are_refused() -> None:
    """No id, no time, no place, no column, no point, another CRS, and no metres."""
    good = walk([(0, 0), (9, 0)])
    with pytest.raises(ColumnError, match="row 2 has no track_id"):
        match_track(good.assign(track_id=good["track_id"].where(good.index != 2)), LANE)
    with pytest.raises(InvalidParameterError, match="row 1 has no time"):
        match_track(good.assign(time=good["time"].where(good.index != 1)), LANE)
    with pytest.raises(GeometryError, match="row 3 has no place"):
        match_track(good.assign(geometry=good.geometry.where(good.index != 3)), LANE)
    with pytest.raises(ColumnError, match="no column time"):
        match_track(good.drop(columns="time"), LANE)
    with pytest.raises(GeometryError, match="no points"):
        match_track(good.assign(geometry=good.buffer(1.0)), LANE)
    with pytest.raises(CRSError):
        match_track(good.to_crs(4326), LANE)
    with pytest.raises(CRSError):
        match_track(good.to_crs("EPSG:4548"), LANE, streets=STREET)


def test_streets_of_another_network_are_refused() -> None:
    """They would name the wrong rows."""
    fixes = walk([(0, 0), (9, 0)])
    with pytest.raises(InvalidParameterError, match="40 rows, but the network was made of 1"):
        match_track(fixes, LANE, streets=TOWN)
    with pytest.raises(ColumnError, match="street_id"):
        match_track(fixes, LANE, streets=STREET.drop(columns="street_id"))


def test_on_foot_one_is_taken_to_go_with_the_traffic_where_all_else_is_equal() -> None:
    """Each side is two one-way arcs, as in data for cars: a walk takes those of its direction."""
    there = town(4, oneway="yes")
    back = there.assign(street_id=[f"-{code}" for code in there["street_id"]])
    back = back.set_geometry(shapely.reverse(back.geometry.to_numpy()))
    both = pd.concat([there, back], ignore_index=True)
    network = StreetNetwork.from_frame(both, ready=True)
    fixes = walk([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], noise_m=4.0)
    found = match_track(fixes, network, streets=both).traversals
    assert found["street_id"].tolist() == ["h0-0", "v1-0", "-h0-1", "-v0-0"]
    assert (found["direction"] == "forward").all()
    # And against it, where there is no other street.
    alone = town(4, oneway="yes")
    against = match_track(walk([(0, 100), (0, 0)]), StreetNetwork.from_frame(alone), streets=alone)
    assert rows(against) == [("v0-0", "backward")]
    assert against.traversals["to_m"].max() <= 100.0 + 1e-3

"""Beats and grids: pairs, grids that nobody or two answer for, beats without a grid."""

from __future__ import annotations

import numpy as np
import pytest

from geo import ColumnError, CRSError, InvalidParameterError
from geo.partition.beats import match_beats
from tests.strategies import areas_of, box, points_of

GRIDS = areas_of({f"g{k}": box(100 * k, 0, 100 * k + 100, 100) for k in range(5)})
"""Five squares in a row."""

BEATS = areas_of(
    {
        "b2": box(100, 0, 260, 100),
        "b1": box(0, 0, 103, 100),
        "b3": box(240, 0, 300, 100),
        "b9": box(900, 0, 950, 50),
    }
)
"""g0 is of b1, g1 of b2 (and 3 m of b1), g2 of b2 and b3, g3 and g4 of nobody."""


def test_pairs_vacancies_double_posts_and_orphans() -> None:
    """Drawn on paper; a border 3 m over is no second beat."""
    match = match_beats(BEATS, GRIDS)
    pairs = list(zip(match.table["grid_id"], match.table["beat_id"], strict=True))
    assert pairs == [("g0", "b1"), ("g1", "b2"), ("g2", "b2"), ("g2", "b3")]
    assert match.table["area_m2"].tolist() == pytest.approx([10_000, 10_000, 6_000, 6_000])
    assert match.table["grid_share"].tolist() == pytest.approx([1, 1, 0.6, 0.6])
    assert match.table["beat_share"].tolist() == pytest.approx([1e4 / 10_300, 0.625, 0.375, 1.0])
    assert match.table["main"].tolist() == [True, True, True, False]
    assert match.table["households"].isna().all()
    assert match.vacancies == ["g3", "g4"]
    assert match.double_posts == ["g2"]
    assert match.orphans == ["b9"]
    assert match.dropped_m2 == pytest.approx(300.0)
    assert match.summary()["pairs"] == 4


def test_a_small_beat_inside_a_large_grid_is_no_orphan() -> None:
    """4 % of the grid, but all of the beat."""
    beats = areas_of({"campus": box(0, 0, 20, 20)})
    match = match_beats(beats, GRIDS)
    assert match.orphans == []
    assert match.table["grid_share"].tolist() == pytest.approx([0.04])


def test_households_decide_who_is_first_where_anybody_lives() -> None:
    """g2: most of the ground is b3's, all homes but one are b2's; g0 has none, ground decides."""
    beats = areas_of({"b2": box(0, 0, 240, 100), "b3": box(240, 0, 300, 100)})
    homes = points_of([(210, 50), (250, 50), (290, 50)], households=[7, 1, None])
    match = match_beats(beats, GRIDS, homes)
    table = match.table.set_index(["grid_id", "beat_id"])
    assert table.loc[("g2", "b2"), "households"] == 7
    assert table.loc[("g2", "b3"), "households"] == 1
    assert table.loc[("g2", "b2"), "main"]
    assert not table.loc[("g2", "b3"), "main"]
    assert table.loc[("g0", "b2"), "households"] == 0
    assert table.loc[("g0", "b2"), "main"]
    counted = match_beats(beats, GRIDS, homes.drop(columns="households"))
    assert counted.table["households"].sum() == 3
    assert match_beats(beats, GRIDS).table.set_index(["grid_id", "beat_id"])["main"]["g2", "b3"]


def test_every_grid_is_paired_vacant_or_dropped_whatever_the_order_of_rows() -> None:
    """The table, the lists and the rows turned round."""
    match = match_beats(BEATS, GRIDS)
    turned = match_beats(BEATS.iloc[::-1], GRIDS.iloc[::-1])
    assert match.table.equals(turned.table)
    assert match.summary() == turned.summary()
    assert {*match.table["grid_id"], *match.vacancies} == set(GRIDS["area_id"])
    assert {*match.table["beat_id"], *match.orphans} == set(BEATS["area_id"])
    assert match.table.groupby("grid_id")["main"].sum().eq(1).all()
    area = match.table["area_m2"].sum() + match.dropped_m2
    assert area == pytest.approx(2 * 10_000 + 2 * 6_000 + 300)


def test_equal_halves_go_to_the_lower_code_and_nothing_matches_nothing() -> None:
    """50 m each; no beats at all; no grids at all."""
    beats = areas_of({"z": box(0, 0, 50, 100), "a": box(50, 0, 100, 100)})
    table = match_beats(beats, GRIDS).table
    assert table["beat_id"].tolist() == ["a", "z"]
    assert match_beats(beats.iloc[:0], GRIDS).vacancies == GRIDS["area_id"].tolist()
    assert match_beats(beats, GRIDS.iloc[:0]).orphans == ["a", "z"]
    assert np.isclose(match_beats(beats, GRIDS, least_share=0).dropped_m2, 0)


def test_frames_that_cannot_be_matched_are_refused() -> None:
    """No code, one twice, degrees, a share above 1."""
    with pytest.raises(ColumnError, match="grids: no column area_id"):
        match_beats(BEATS, GRIDS[["geometry"]])
    with pytest.raises(ColumnError, match="beats: row 1 has area_id 'b'"):
        match_beats(BEATS.assign(area_id=["b", "b", "c", "d"]), GRIDS)
    with pytest.raises(CRSError, match="beats"):
        match_beats(BEATS.to_crs(4326), GRIDS)
    with pytest.raises(InvalidParameterError, match=r"least_share must be in \[0, 1\], got 1.5"):
        match_beats(BEATS, GRIDS, least_share=1.5)

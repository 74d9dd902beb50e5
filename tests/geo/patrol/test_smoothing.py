"""Jitter averaged out, and fixes thinned."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.patrol.smoothing import FEWEST, smoothed, thinned
from tests.geo.patrol.walks import walk
from tests.strategies import ORIGIN


def error_m(speed_mps: float, noise_m: float, corners: list[tuple[float, float]]) -> float:
    """Return the root mean square of what is left of the error, on both axes."""
    fixes = walk(corners, speed_mps=speed_mps, noise_m=noise_m)
    truth = shapely.get_coordinates(walk(corners, speed_mps=speed_mps).geometry)
    time_s = np.arange(len(fixes), dtype=np.float64)
    xy = shapely.get_coordinates(fixes.geometry)
    out = smoothed(xy, time_s, np.array([0, len(xy)]))
    return float(np.sqrt(np.mean((out - truth) ** 2)))


STRAIGHT = [(0.0, 0.0), (1500.0, 0.0)]
STAIRS = [(100.0 * ((k + 1) // 2), 100.0 * (k // 2)) for k in range(16)]


def test_jitter_of_a_walker_is_averaged_out() -> None:
    """15 m become less than 5 m, round corners too."""
    assert error_m(1.25, 15.0, STRAIGHT) < 5.0
    assert error_m(1.25, 15.0, STAIRS) < 6.0


def test_a_car_is_averaged_less_than_a_walker() -> None:
    """At 12 m/s a mean over many fixes would cut the corners."""
    assert error_m(12.0, 15.0, STAIRS) < 13.0
    assert error_m(12.0, 1.0, STAIRS) < 1.5


def test_fixes_without_jitter_stay() -> None:
    """Exactly, corners and all."""
    assert error_m(1.25, 0.0, STAIRS) == pytest.approx(0.0, abs=1e-6)


def test_means_do_not_reach_over_pauses_nor_pieces() -> None:
    """Two places 500 m apart, an hour between them or a piece of its own."""
    rng = np.random.default_rng(0)
    xy = np.concatenate((rng.normal(0, 9, (60, 2)), rng.normal(500, 9, (60, 2)))) + ORIGIN
    steady = np.arange(120.0)
    paused = steady + np.where(steady >= 60, 3600.0, 0.0)
    for time_s, first in ((paused, [0, 120]), (steady, [0, 60, 120])):
        out = smoothed(xy, time_s, np.array(first)) - ORIGIN
        assert np.abs(out[:60]).max() < 40.0
        assert np.abs(out[60:] - 500.0).max() < 40.0
        assert np.abs(out - xy + ORIGIN).max() > 1.0


def test_few_fixes_stay() -> None:
    """Nobody can tell their jitter."""
    xy = np.random.default_rng(0).normal(0, 9, (FEWEST - 1, 2))
    assert (smoothed(xy, np.arange(FEWEST - 1.0), np.array([0, FEWEST - 1])) == xy).all()


def test_thinned_fixes_are_apart_and_keep_both_ends() -> None:
    """Every 3 m, 10 m apart: every fourth, and the ends of both pieces."""
    xy = np.column_stack((np.arange(0.0, 60.0, 3.0), np.zeros(20)))
    piece = np.repeat([0, 1], 10)
    chosen = np.flatnonzero(thinned(xy, piece, np.full(20, 10.0)))
    assert chosen.tolist() == [0, 4, 8, 9, 10, 14, 18, 19]

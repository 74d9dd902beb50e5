"""Cameras by the hour: dark hours, lights, and the share of each hour that they are online."""

from __future__ import annotations

import pandas as pd
import pytest

from geo import InvalidParameterError, camera_coverage
from geo.cameras import CameraCoverage, coverage_by_hour
from tests.strategies import line, points_of, streets_of

STREET = streets_of([line((0, 0), (300, 0))])

PAIR = points_of(
    [(0, 0), (300, 0)], camera_id=["a", "b"], azimuth_deg=[90.0, 270.0], fov_deg=60.0,
    range_m=100.0, light=["infrared", "none"], ir_range_m=[30.0, None],
)  # fmt: skip
"""100 m each by day; at night 30 m of the one and nothing of the other."""


def both() -> tuple[CameraCoverage, CameraCoverage]:
    """Cover by day and at night."""
    day, night = (camera_coverage(STREET, PAIR, night=dark) for dark in (False, True))
    return day, night


def test_dark_hours_have_the_lights_of_the_cameras() -> None:
    """From 19:00 up to 6:00, over midnight."""
    hours = coverage_by_hour(*both())
    assert hours["hour"].tolist() == list(range(24))
    assert hours.loc[hours["night"], "hour"].tolist() == [0, 1, 2, 3, 4, 5, 19, 20, 21, 22, 23]
    assert set(hours["covered_length_m"].round(3)) == {200.0, 30.0}
    assert hours.loc[12, "covered_length_m"] == pytest.approx(200.0, abs=1e-3)
    assert hours.loc[3, "covered_share"] == pytest.approx(0.1, abs=1e-5)
    assert "expected_length_m" not in hours.columns


@pytest.mark.parametrize(("dark", "count"), [((8, 8), 0), ((6, 19), 13), ((23, 0), 1)])
def test_dark_may_begin_and_end_at_any_hour(dark: tuple[int, int], count: int) -> None:
    """Equal hours are no dark at all."""
    assert coverage_by_hour(*both(), dark=dark)["night"].sum() == count


def test_what_is_expected_is_what_is_seen_while_online() -> None:
    """Half of 8 o'clock offline, the other camera never reported."""
    online = pd.DataFrame([[1.0] * 24], index=["a"], columns=range(24))
    online.loc["a", 8] = 0.5
    hours = coverage_by_hour(*both(), online)
    assert hours.loc[8, "expected_length_m"] == pytest.approx(50.0, abs=1e-3)
    assert hours.loc[12, "expected_length_m"] == pytest.approx(100.0, abs=1e-3)
    assert hours.loc[3, "expected_length_m"] == pytest.approx(30.0, abs=1e-3)
    assert hours["cameras_unknown"].tolist() == [0] * 6 + [1] * 13 + [0] * 5


def test_hours_and_cameras_that_do_not_fit_are_refused() -> None:
    """Named, with what was met."""
    day, night = both()
    for dark in ((24, 6), (-1, 6), (19, 30)):
        with pytest.raises(InvalidParameterError, match="dark must be two hours"):
            coverage_by_hour(day, night, dark=dark)
    with pytest.raises(InvalidParameterError, match="same cameras"):
        coverage_by_hour(day, camera_coverage(STREET, PAIR.iloc[::-1], night=True))

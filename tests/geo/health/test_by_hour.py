"""Hours of the day online: against every minute of the span."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.health import online_by_hour, state_history

START = pd.Timestamp("2026-06-01 00:00")

reports = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]), st.integers(0, 3 * 24 * 60 - 1), st.sampled_from([True, False])
    ),
    min_size=1,
    max_size=12,
)


def test_a_camera_off_every_noon_is_off_at_noon_alone() -> None:
    """Two days; off from 12:00 to 12:30 on each: half of that hour."""
    rows = [("a", "2026-06-01 00:00", True)]
    for day in ("01", "02"):
        rows += [("a", f"2026-06-{day} 12:00", False), ("a", f"2026-06-{day} 12:30", True)]
    states = pd.DataFrame(rows, columns=["camera_id", "time", "online"])
    shares = online_by_hour(state_history(states, start="2026-06-01", end="2026-06-03"))
    assert shares.loc["a", 12] == 0.5
    assert shares.loc["a"].drop(12).tolist() == [1.0] * 23


@settings(max_examples=30)
@given(reports)
def test_agrees_with_every_minute(rows: list[tuple[str, int, bool]]) -> None:
    """Minute by minute, of the spans that the history has."""
    states = pd.DataFrame(
        [(camera, START + pd.Timedelta(minutes=at), online) for camera, at, online in rows],
        columns=["camera_id", "time", "online"],
    )
    history = state_history(states, start=START, end=START + pd.Timedelta(days=3), flap_s=0.0)
    shares = online_by_hour(history)
    minutes = START + pd.to_timedelta(np.arange(3 * 24 * 60) + 0.5, unit="min")
    for camera in shares.index:
        own = history.intervals[history.intervals["camera_id"] == camera]
        which = np.searchsorted(own["start"].to_numpy(), minutes.to_numpy(), side="right") - 1
        state = own["state"].to_numpy()[which]
        for hour in range(24):
            here = state[(minutes.hour == hour) & (state != "unknown")]
            expected = np.mean(here == "online") if len(here) else np.nan
            assert shares.loc[camera, hour] == pytest.approx(expected, nan_ok=True)

"""Histories of states, against seconds walked one by one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geo import ColumnError, InvalidParameterError
from geo.health import StateHistory, state_history

DAY = pd.Timestamp("2026-05-04")
"""Midnight of a Monday; times are local."""

Rows = list[tuple[int, int, bool | None]]
"""Reports: number of the camera, second of the day, state."""


def at(second: float) -> pd.Timestamp:
    """Return a moment of the day."""
    return DAY + pd.Timedelta(seconds=second)


def states_of(rows: Rows) -> pd.DataFrame:
    """Make a frame of reports."""
    return pd.DataFrame(
        {
            "camera_id": [f"C{camera}" for camera, _, _ in rows],
            "time": pd.Series([at(second) for _, second, _ in rows], dtype="datetime64[us]"),
            "online": pd.array([online for _, _, online in rows], dtype="boolean"),
        }
    )


def history_of(rows: Rows, start: float = 0, end: float = 3600, **options: Any) -> StateHistory:  # noqa: ANN401
    """Make a history of a stretch of the day."""
    return state_history(states_of(rows), start=at(start), end=at(end), **options)


def spans_of(history: StateHistory, camera: int) -> list[tuple[float, float, str]]:
    """Return the spans of one camera in seconds, with the state, or why it is offline."""
    rows = history.intervals[history.intervals["camera_id"] == f"C{camera}"]
    start = (rows["start"] - DAY).dt.total_seconds()
    end = (rows["end"] - DAY).dt.total_seconds()
    what = rows["cause"].where(rows["cause"] != "", rows["state"])
    return list(zip(start, end, what, strict=True))


def test_a_day_on_paper() -> None:
    """Unknown, on, a flap, on, off for good: hand-computed."""
    rows: Rows = [(0, 100, True), (0, 1000, False), (0, 1060, True), (0, 2000, False)]
    history = history_of(rows)
    assert spans_of(history, 0) == [(0, 100, "unknown"), (100, 2000, "online"), (2000, 3600, "own")]
    (camera,) = history.cameras.to_dict("records")
    assert camera == {
        "camera_id": "C0", "online_s": 1900.0, "offline_s": 1600.0, "outage_s": 0.0,
        "unknown_s": 100.0, "flaps": 1, "online_share": 1900 / 3500,
        "online_share_own": 1900 / 3500,
    }  # fmt: skip
    summary = history.summary()
    assert summary["online_h"] == pytest.approx(1900 / 3600)
    assert summary["flaps"] == 1
    assert summary["outages"] == 0


def test_a_state_of_exactly_the_least_length_is_no_flap() -> None:
    """The edge of the rule."""
    rows: Rows = [(0, 0, True), (0, 1000, False), (0, 1300, True)]
    assert spans_of(history_of(rows), 0)[1] == (1000, 1300, "own")
    assert len(spans_of(history_of(rows, flap_s=300.000001), 0)) == 1


def test_a_short_moment_online_does_not_end_a_long_time_offline() -> None:
    """Flaps go both ways."""
    rows: Rows = [(0, 0, True), (0, 1000, False), (0, 2000, True), (0, 2010, False)]
    history = history_of(rows)
    assert spans_of(history, 0) == [(0, 1000, "online"), (1000, 3600, "own")]
    assert history.cameras["flaps"].tolist() == [1]


def test_a_short_state_beside_the_unknown_is_no_flap() -> None:
    """Nobody knows how long it really was."""
    rows: Rows = [(0, 0, True), (0, 1000, False), (0, 1010, None), (0, 2000, True)]
    history = history_of(rows)
    assert spans_of(history, 0) == [
        (0, 1000, "online"), (1000, 1010, "own"), (1010, 2000, "unknown"), (2000, 3600, "online"),
    ]  # fmt: skip
    assert history.cameras["flaps"].tolist() == [0]


def test_polls_speak_only_for_so_long() -> None:
    """A collector that stops leaves the unknown, not the last state."""
    rows: Rows = [(0, 60 * minute, True) for minute in range(10)] + [(0, 1800, True)]
    history = history_of(rows, hold_s=90)
    assert spans_of(history, 0) == [
        (0, 630, "online"), (630, 1800, "unknown"), (1800, 1890, "online"), (1890, 3600, "unknown"),
    ]  # fmt: skip


def test_the_later_of_two_rows_at_one_moment_counts() -> None:
    """The order of the file decides, not the state."""
    assert spans_of(history_of([(0, 0, True), (0, 0, False)]), 0) == [(0, 3600, "own")]
    assert spans_of(history_of([(0, 0, False), (0, 0, True)]), 0) == [(0, 3600, "online")]


def test_a_platform_that_fails_is_one_event_and_its_hours_stand_apart() -> None:
    """Four of six cameras go within a minute, for half an hour; one was broken, one stays up."""
    rows: Rows = [(camera, 0, camera != 5) for camera in range(6)]
    rows += [(camera, 600 + 20 * camera, False) for camera in range(4)]
    rows += [(camera, 2400 + camera, True) for camera in range(4)]
    history = history_of(rows)
    (event,) = history.outages.to_dict("records")
    assert event["start"] == at(600)
    assert event["end"] == at(2403)
    assert (event["cameras"], event["known_cameras"]) == (4, 6)
    assert event["share"] == 4 / 6
    hours = sum(2400 + camera - 600 - 20 * camera for camera in range(4)) / 3600
    assert event["camera_hours"] == pytest.approx(hours)
    cameras = history.cameras.set_index("camera_id")
    assert cameras.loc["C0", "online_share"] == 1800 / 3600
    assert cameras.loc["C0", "online_share_own"] == 1.0
    assert cameras.loc["C5", ["online_share", "online_share_own"]].tolist() == [0.0, 0.0]
    assert cameras["flaps"].sum() == 0


def test_an_outage_shorter_than_a_flap_is_one_event_and_no_flaps() -> None:
    """400 cameras that blink together are one restart of the platform."""
    rows: Rows = [(camera, 0, True) for camera in range(400)]
    rows += [(camera, 600 + camera % 30, False) for camera in range(400)]
    rows += [(camera, 700, True) for camera in range(400)]
    history = history_of(rows)
    assert len(history.outages) == 1
    assert history.outages["cameras"].tolist() == [400]
    assert history.cameras["flaps"].sum() == 0
    assert spans_of(history, 0)[1] == (600, 700, "outage")


def test_a_camera_that_stays_off_after_an_outage_is_off_on_its_own() -> None:
    """The event ends with the others, plus the time that stragglers have."""
    rows: Rows = [(camera, 0, True) for camera in range(4)]
    rows += [(camera, 600, False) for camera in range(4)]
    rows += [(camera, 1200, True) for camera in range(3)]
    assert spans_of(history_of(rows), 3) == [
        (0, 600, "online"), (600, 1380, "outage"), (1380, 3600, "own"),
    ]  # fmt: skip


def test_an_outage_ends_a_while_after_half_of_its_cameras_are_back() -> None:
    """Two of four come back early, and two much later: half is the second."""
    rows: Rows = [(camera, 0, True) for camera in range(4)]
    rows += [(camera, 600, False) for camera in range(4)]
    rows += [(0, 1000, True), (1, 1100, True), (2, 2000, True), (3, 2100, True)]
    assert history_of(rows).outages["end"].tolist() == [at(1280)]


def test_an_outage_that_goes_on_has_no_end() -> None:
    """Its hours run to the end of the span."""
    rows: Rows = [(camera, 0, True) for camera in range(3)]
    rows += [(camera, 600, False) for camera in range(3)]
    outages = history_of(rows).outages
    assert outages["end"].isna().all()
    assert outages["camera_hours"].tolist() == [pytest.approx(3 * 3000 / 3600)]


@pytest.mark.parametrize(("failing", "events"), [(6, 0), (7, 1)])
def test_the_share_of_an_outage_is_exact(failing: int, events: int) -> None:
    """7 % of 100 cameras are 7, though 0.07 times 100 is a little more as floats."""
    rows: Rows = [(camera, 0, True) for camera in range(100)]
    rows += [(camera, 600, False) for camera in range(failing)]
    assert len(history_of(rows, outage_share=0.07).outages) == events


def test_two_cameras_are_no_platform() -> None:
    """All of them failing together says nothing."""
    rows: Rows = [(camera, 0, True) for camera in range(2)]
    rows += [(camera, 600, False) for camera in range(2)]
    history = history_of(rows)
    assert history.outages.empty
    assert history.summary()["outage_h"] == 0.0


def test_one_camera_that_comes_and_goes_is_no_outage() -> None:
    """Drops are counted by camera."""
    rows: Rows = [(camera, 0, True) for camera in range(4)]
    rows += [(0, 600 + second, second % 2 == 1) for second in range(8)]
    history = history_of(rows)
    assert history.outages.empty
    assert history.cameras["flaps"].tolist() == [4, 0, 0, 0]


def test_the_state_at_a_moment() -> None:
    """Ends belong to what follows, but at the end of the span the last state holds."""
    rows: Rows = [(0, 100, True), (0, 2000, False), (1, 3000, True)]
    history = history_of(rows)
    assert history.at(at(99)).isna().tolist() == [True, True]
    assert history.at(at(2000)).tolist()[0] is False
    assert history.at(at(3600)).to_dict() == {"C0": False, "C1": True}
    with pytest.raises(InvalidParameterError, match="outside the span"):
        history.at(at(3601))


def test_no_rows_make_no_history() -> None:
    """An empty log is no error, and says nothing."""
    history = history_of([])
    assert history.intervals.empty
    assert history.cameras.empty
    assert history.outages.empty
    assert history.at(at(10)).empty
    assert history.summary()["online_h"] == 0.0


def test_inputs_stay_as_they_were() -> None:
    """The frame of the caller is not touched."""
    states = states_of([(0, 100, True), (0, 50, False)])
    before = states.copy()
    state_history(states, start=at(0), end=at(100))
    assert_frame_equal(states, before)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"flap_s": -1}, "flap_s"),
        ({"flap_s": np.nan}, "flap_s"),
        ({"outage_share": 0}, "outage_share"),
        ({"outage_share": 1.1}, "outage_share"),
        ({"outage_s": np.inf}, "outage_s"),
        ({"hold_s": 0}, "hold_s"),
        ({"start": 10, "end": 10}, "start, end"),
    ],
)
def test_options_outside_their_range_are_refused(options: dict[str, Any], words: str) -> None:
    """Each by its name."""
    with pytest.raises(InvalidParameterError, match=words):
        history_of([(0, 0, True)], **options)


@pytest.mark.parametrize(
    ("column", "value", "error", "words"),
    [
        ("camera_id", None, ColumnError, "row 1 has no camera_id"),
        ("time", None, ColumnError, "row 1 has no time"),
        ("time", "gestern", InvalidParameterError, "row 1 has 'gestern'"),
        ("time", pd.Timestamp("2026-05-04T00:00Z"), InvalidParameterError, "zone"),
        ("online", "offline", InvalidParameterError, "'offline' is neither"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(
    column: str, value: object, error: type[Exception], words: str
) -> None:
    """With the row and what was met."""
    states = states_of([(0, 0, True), (0, 10, False)]).astype(object)
    states.loc[1, column] = value
    if words == "zone":
        states["time"] = [value, value]
    with pytest.raises(error, match=words):
        state_history(states, start=at(0), end=at(100))


def test_a_missing_column_is_named() -> None:
    """And those that are there."""
    with pytest.raises(ColumnError, match="no column online; it has: camera_id, time"):
        state_history(states_of([])[["camera_id", "time"]], start=at(0), end=at(100))


# --- The oracle: seconds walked one by one, in plain Python.

SECONDS = 120
"""Length of the walked day."""


def walked_raw(rows: Rows, camera: int, hold: int | None) -> list[bool | None]:
    """Return the reported state in each second."""
    reported = {second: online for number, second, online in rows if number == camera}
    told, since, seconds = None, 0, []
    for second in range(SECONDS):
        if second in reported:
            told, since = reported[second], second
        seconds.append(told if hold is None or second - since < hold else None)
    return seconds


def pieces(seconds: list[bool | None]) -> list[tuple[int, int, bool | None]]:
    """Return the stretches of one state; the last has no end."""
    cut = [0, *(s for s in range(1, SECONDS) if seconds[s] is not seconds[s - 1]), 10**6]
    return [(a, b, seconds[a]) for a, b in pairwise(cut)]


def walked_calm(
    raw: list[bool | None], flap: int
) -> tuple[list[bool | None], list[tuple[int, int]], int]:
    """Return the seconds without flaps, the short times offline, and how many flaps there were."""
    stretches = pieces(raw)
    seconds: list[bool | None] = []
    short: list[tuple[int, int]] = []
    count, held = 0, None
    for i, (a, b, state) in enumerate(stretches):
        beside = [stretches[k][2] for k in (i - 1, i + 1) if 0 <= k < len(stretches)]
        if state is not None and len(beside) == 2 and None not in beside and b - a < flap:
            count += state != held
            short += [(a, b)] * (state is False and held is True)
        else:
            held = state
        seconds += [held] * (min(b, SECONDS) - a)
    return seconds, short, count


def walked(
    rows: Rows, cameras: int, flap: int, share: float, window: int, hold: int | None
) -> tuple[list[list[str]], list[int], int]:
    """Return what each camera was in each second, its flaps, and the number of outages."""
    walks = [walked_calm(walked_raw(rows, camera, hold), flap) for camera in range(cameras)]
    calm = [seconds for seconds, _, _ in walks]
    flaps = [count for _, _, count in walks]
    drops = [
        (a, b, camera, False)
        for camera, seconds in enumerate(calm)
        for a, b, state in pieces(seconds)
        if state is False and a > 0 and seconds[a - 1] is True
    ]
    drops += [(a, b, camera, True) for camera, walk in enumerate(walks) for a, b in walk[1]]
    result = [
        [{True: "online", False: "own", None: "unknown"}[s] for s in seconds] for seconds in calm
    ]
    left = sorted(drops)
    events = 0
    while left:
        begin = left[0][0]
        inside = [drop for drop in left if drop[0] <= begin + window]
        known = sum(seconds[begin - 1] is not None for seconds in calm)
        members = {drop[2] for drop in inside}
        if len(members) < 3 or len(members) < share * known - 1e-9:
            left = left[1:]
            continue
        events += 1
        ends = sorted(drop[1] for drop in inside)
        half = next(e for e in ends if 2 * sum(x <= e for x in ends) >= len(ends))
        over = min(ends[-1], half + window)
        for a, b, camera, blink in inside:
            flaps[camera] -= blink
            for second in range(a, min(b, SECONDS)):
                result[camera][second] = "outage" if second < over else "own"
        left = left[len(inside) :]
    return result, flaps, events


@st.composite
def logs(draw: st.DrawFn) -> Rows:
    """Draw reports of up to five cameras, often several at once."""
    rows: Rows = []
    for camera in range(draw(st.integers(1, 5))):
        moments = draw(st.lists(st.integers(0, SECONDS - 1), min_size=1, max_size=12))
        rows += [(camera, second, draw(st.sampled_from([True, True, False, None])))
                 for second in moments]  # fmt: skip
        for begin in (30, 80):
            if draw(st.booleans()):
                off = begin + draw(st.integers(0, 6))
                rows += [(camera, off - 5, True), (camera, off, False)]
                rows += [(camera, off + draw(st.integers(1, 40)), True)]
    return [(c, min(s, SECONDS - 1), o) for c, s, o in draw(st.permutations(rows))]


@settings(max_examples=150, deadline=None)
@given(
    logs(), st.integers(0, 15), st.sampled_from([0.3, 0.5, 0.8, 1.0]), st.integers(0, 10),
    st.none() | st.integers(1, 40),
)  # fmt: skip
def test_histories_agree_with_seconds_walked(
    rows: Rows, flap: int, share: float, window: int, hold: int | None
) -> None:
    """States, causes, flaps and outages, second by second."""
    cameras = max(camera for camera, _, _ in rows) + 1
    expected, flaps, events = walked(rows, cameras, flap, share, window, hold)
    history = history_of(
        rows, end=SECONDS, flap_s=flap, outage_share=share, outage_s=window, hold_s=hold
    )
    for camera in range(cameras):
        drawn = [""] * SECONDS
        for a, b, what in spans_of(history, camera):
            for second in range(int(a), int(b)):
                assert drawn[second] == ""
                drawn[second] = what
        assert drawn == expected[camera]
    table = history.cameras.set_index("camera_id")
    assert [table.loc[f"C{camera}", "flaps"] for camera in range(cameras)] == flaps
    assert len(history.outages) == events
    hours = history.outages["camera_hours"].sum()
    assert hours == pytest.approx(sum(row.count("outage") for row in expected) / 3600)


@settings(max_examples=100, deadline=None)
@given(logs(), st.integers(1, SECONDS - 1), st.integers(0, 15))
def test_two_days_are_both_days_together(rows: Rows, cut: int, flap: int) -> None:
    """Where a span begins changes nothing but what is shown."""
    parts = [history_of(rows, a, b, flap_s=flap) for a, b in [(0, cut), (cut, SECONDS)]]
    whole = history_of(rows, 0, SECONDS, flap_s=flap)
    names = ["online_s", "offline_s", "outage_s", "unknown_s", "flaps"]
    assert_frame_equal(
        parts[0].cameras[names] + parts[1].cameras[names], whole.cameras[names], check_dtype=False
    )


@given(logs(), st.randoms())
def test_every_span_is_tiled_and_a_shift_shifts_the_answer(rows: Rows, chance: Any) -> None:  # noqa: ANN401
    """Nothing is left out, and no hour of the clock is special."""
    by = chance.randint(1, 10**6)
    history = history_of(rows, 0, SECONDS)
    later = history_of([(c, s + by, o) for c, s, o in rows], by, by + SECONDS)
    assert_frame_equal(history.cameras, later.cameras)
    spent = history.intervals.groupby("camera_id")["seconds"].sum()
    assert (spent == SECONDS).all()
    total = history.cameras[["online_s", "offline_s", "unknown_s"]].sum(axis=1)
    assert (total == SECONDS).all()

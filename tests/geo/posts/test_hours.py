"""Coverage by hour: drawn on paper, and against coverage at single minutes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from geo import InvalidParameterError, post_coverage
from geo.duty import DutyHours
from geo.posts.hours import coverage_by_hour
from tests.strategies import line, points_of, streets_of

STREET = streets_of([line((0, 0), (400, 0))])


def test_a_post_covers_while_it_is_on_duty() -> None:
    """One by day, one at night; the night shift of Sunday runs into Monday."""
    posts = points_of([(100, 0), (300, 0)], hours=["08:00-20:00", "20:00-06:00"])
    result = coverage_by_hour(STREET, posts)
    hours = result.hours.set_index("hour")
    assert hours["covered_share"].loc[[0, 5, 6, 7, 8, 19, 20, 23, 167]].tolist() == pytest.approx(
        [0.25, 0.25, 0.0, 0.0, 0.25, 0.25, 0.25, 0.25, 0.25]
    )
    assert result.summary()["worst_hour"] == "Mo 06:00"
    assert result.summary()["worst_hour_share"] == 0.0
    assert result.summary()["worst_hour_gap_length_m"] == pytest.approx(400.0)
    assert result.summary()["mean_share"] == pytest.approx(0.25 * 22 / 24)


def test_hours_are_mixed_by_the_minute() -> None:
    """On duty from a quarter past: three quarters of an hour, and none at its lowest."""
    posts = points_of([(100, 0)], hours=["08:15-10:00"])
    hours = coverage_by_hour(STREET, posts).hours.set_index("hour")
    assert hours.loc[8, "covered_share"] == pytest.approx(0.25 * 0.75)
    assert hours.loc[8, "lowest_share"] == 0.0
    assert hours.loc[9, "covered_share"] == pytest.approx(0.25)


def test_a_mobile_post_covers_only_where_it_is_at_that_hour() -> None:
    """Two places, two halves of the day; the fixed figure leaves it out."""
    posts = points_of(
        [(0, 0), (400, 0), (200, 0)],
        post_id=["m", "m", "f"],
        hours=["00:00-12:00", "12:00-24:00", "全天"],
        mobility=["流动", "流动", "固定"],
    )
    result = coverage_by_hour(STREET, posts)
    assert result.hours["covered_share"].tolist() == pytest.approx([0.375] * 192)
    assert result.hours["fixed_share"].tolist() == pytest.approx([0.25] * 192)
    assert result.hours["posts"].tolist() == [2] * 192


def test_hours_that_cannot_be_read_count_in_the_upper_figure_alone() -> None:
    """And hours that are not stated are always, and counted."""
    posts = points_of([(100, 0), (300, 0)], hours=["see the notice", None])
    result = coverage_by_hour(STREET, posts)
    assert result.hours["covered_share"].tolist() == pytest.approx([0.25] * 192)
    assert result.hours["upper_share"].tolist() == pytest.approx([0.5] * 192)
    assert result.counts["hours_unread"] == 1
    assert result.counts["hours_unknown"] == 1
    assert result.doubts["row"].tolist() == [0]


def test_only_the_hours_asked_for_make_the_worst_hour_and_the_mean() -> None:
    """By night there is one post, by day none: the day is not asked for."""
    posts = points_of([(100, 0)], hours=["20:00-06:00"])
    night = coverage_by_hour(STREET, posts, asked="20:00-06:00").summary()
    assert night["worst_hour_share"] == pytest.approx(0.25)
    assert night["mean_share"] == pytest.approx(0.25)
    assert coverage_by_hour(STREET, posts).summary()["worst_hour_share"] == 0.0
    with pytest.raises(InvalidParameterError, match="hours: 'sometimes' cannot be read"):
        coverage_by_hour(STREET, posts, asked="sometimes")


@pytest.mark.parametrize("distance", ["straight", "street"])
def test_every_minute_is_what_coverage_by_those_on_duty_gives(distance: str) -> None:
    """Seven posts with hours of all sorts, asked at 40 moments of an ordinary week."""
    hours = ["08:00-20:00", "20:00-06:00", "周一至周五 07:30-09:00,16:30-18:00", "全天",
             "Sa-Su 10:00-14:00", "周末 22:30-02:15", "工作日 06:00-14:00"]  # fmt: skip
    rng = np.random.default_rng(20261122)
    posts = points_of([(x, 0.0) for x in rng.uniform(0, 400, len(hours))], hours=hours)
    result = coverage_by_hour(STREET, posts, distance=distance)
    duty = DutyHours.of(posts)
    monday = dt.datetime(2026, 11, 16)  # noqa: DTZ001 - times are local
    for hour in rng.integers(0, 168, 40):
        minutes = [
            post_coverage(
                STREET,
                posts[duty.at(monday + dt.timedelta(hours=int(hour), minutes=m), holidays=[]).on],
                distance=distance,
            ).covered_share
            for m in (0, 15, 30, 45)
        ]
        row = result.hours.loc[hour]
        # Every time in these texts falls on a quarter of an hour.
        assert row["covered_share"] == pytest.approx(np.mean(minutes))
        assert row["lowest_share"] == pytest.approx(min(minutes))


def test_without_a_due_street_there_is_no_share() -> None:
    """Nothing to cover is not nothing covered."""
    result = coverage_by_hour(streets_of([]), points_of([(0, 0)]))
    assert result.worst is None
    assert result.summary()["mean_share"] is None
    assert len(result.worst_gaps) == 0

"""Gates with hours: drawn on paper, and hour by hour against a network made with the shut ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo import CRSError, InvalidParameterError, StreetNetwork, post_coverage
from geo.posts import Gates, coverage_by_hour
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    import numpy as np

STREET = streets_of([line((0, 0), (400, 0))])

POST = points_of([(200, 0)], hours=["全天"])
"""It sees 50 m to both sides."""


def gates_of(*hours: str | None, asked: str | None) -> Gates:
    """Put gates on the street, one beside the other."""
    gates = points_of([(210 + 10 * i, 0) for i in range(len(hours))], hours=list(hours))
    return Gates.of(gates, StreetNetwork.from_frame(STREET), asked=asked)


def test_nobody_sees_past_a_gate_while_it_is_shut() -> None:
    """10 m off the post and shut at night: 40 m of the 100 m are lost then."""
    gates = points_of([(210, 0)], hours=["06:00-22:00"])
    hours = coverage_by_hour(STREET, POST, gates=gates).hours
    by_day = hours["clock"].between(6, 21)
    assert hours.loc[by_day, "covered_share"].tolist() == pytest.approx([0.25] * by_day.sum())
    assert hours.loc[~by_day, "covered_share"].tolist() == pytest.approx([0.15] * (~by_day).sum())
    assert hours["posts"].tolist() == [1] * 192


def test_an_hour_in_which_a_gate_is_shut_for_a_part_is_mixed_by_the_minute() -> None:
    """Open from half past five: half of the hour, and the lesser share at its lowest."""
    gates = points_of([(210, 0)], hours=["05:30-22:00"])
    hours = coverage_by_hour(STREET, POST, gates=gates).hours.set_index("hour")
    assert hours.loc[5, "covered_share"] == pytest.approx(0.2)
    assert hours.loc[5, "lowest_share"] == pytest.approx(0.15)


def test_a_gate_without_hours_is_open_and_one_that_cannot_be_read_in_the_upper_figure_alone() -> (
    None
):
    """As it is with the hours of posts; both are listed, with one that stands at no street."""
    gates = points_of(
        [(190, 0), (210, 0), (100, 300)], gate_id=["a", "b", "c"],
        hours=[None, "ask the porter", "00:00-01:00"],
    )  # fmt: skip
    hours = coverage_by_hour(STREET, POST, gates=gates).hours
    assert hours["covered_share"].tolist() == pytest.approx([0.15] * 192)
    assert hours["upper_share"].tolist() == pytest.approx([0.25] * 192)
    across = Gates.of(gates, StreetNetwork.from_frame(STREET), asked="12:00-13:00")
    assert dict(zip(across.doubts["gate_id"], across.doubts["reason"], strict=True)) == {
        "a": "hours_unknown", "b": "hours_unread", "c": "off_network",
    }  # fmt: skip
    assert across.summary() == {
        "gates": 3, "gates_shut": 1, "gates_off_network": 1, "gates_hours_unread": 1,
        "gates_hours_unknown": 1,
    }  # fmt: skip


def test_straight_distance_knows_no_gate() -> None:
    """It knows no wall either."""
    gates = points_of([(210, 0)], hours=["off"])
    hours = coverage_by_hour(STREET, POST, distance="straight", gates=gates).hours
    assert hours["covered_share"].tolist() == pytest.approx([0.25] * 192)


@pytest.mark.parametrize(
    ("asked", "shut"),
    [
        (None, [False, False, False, False]),
        ("08:00-20:00", [False, True, True, True]),  # the third at weekends
        ("20:00-22:00", [False, False, True, True]),
        ("Sa 08:00-09:00", [False, True, True, True]),
        ("PH 08:00-09:00", [False, True, True, True]),
        ("Mo-Fr 08:00-20:00", [False, True, False, True]),
    ],
)
def test_a_gate_is_shut_for_the_hours_asked_when_it_is_at_any_minute_of_them(
    asked: str | None, shut: list[bool]
) -> None:
    """Holidays count only where no ordinary hour is asked for."""
    gates = gates_of(None, "08:30-22:00", "Mo-Fr 08:00-20:00", "off", asked=asked)
    assert gates.shut.tolist() == shut


def test_every_hour_is_what_a_network_without_the_shut_gates_gives() -> None:
    """Three gates, four sets of shut ones; against `StreetNetwork.from_frame(shut=...)`."""
    streets = streets_of(
        [line((0, 0), (400, 0)), line((200, -200), (200, 200)), line((0, 60), (400, 60))]
    )
    posts = points_of([(190, 0), (200, 70), (300, 0)], hours=["00:00-12:00", "08:00-20:00", "全天"])
    gates = points_of(
        [(200, 30), (215, 0), (200, -20)], hours=["06:00-18:00", "08:00-20:00", "off"]
    )
    hours = coverage_by_hour(streets, posts, reach_m=80.0, gates=gates).hours
    for clock, on, shut in (
        (3, [0, 2], [0, 1, 2]), (7, [0, 2], [1, 2]), (10, [0, 1, 2], [2]), (19, [1, 2], [0, 2]),
    ):  # fmt: skip
        network = StreetNetwork.from_frame(streets, shut=gates.iloc[shut])
        expected = post_coverage(
            streets, posts.iloc[on], reach_m=80.0, distance="street", network=network
        )
        assert hours.loc[clock, "covered_share"] == pytest.approx(expected.covered_share)
    assert hours["covered_share"].nunique() >= 4


def test_two_gates_at_one_place_are_one() -> None:
    """A double gate parts the street once."""
    for spots in ([(210, 0)], [(210, 0), (210, 0)]):
        gates = points_of(spots, hours=["off"] * len(spots))
        hours = coverage_by_hour(STREET, POST, gates=gates).hours
        assert hours["covered_share"].tolist() == pytest.approx([0.15] * 192)


def test_the_network_is_parted_once_for_every_set_of_shut_gates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not once for each state of the posts."""
    made: list[bytes] = []
    left = Gates.left

    def counted(self: Gates, shut: np.ndarray) -> StreetNetwork:
        made.append(shut.tobytes())
        return left(self, shut)

    monkeypatch.setattr(Gates, "left", counted)
    posts = points_of(
        [(100 * i, 0) for i in range(5)], hours=[f"0{i}:00-1{i}:00" for i in range(5)]
    )
    gates = points_of([(210, 0), (310, 0)], hours=["06:00-22:00", "06:00-22:00"])
    coverage_by_hour(STREET, posts, gates=gates)
    assert len(made) == len(set(made)) == 2


def test_no_gate_changes_nothing() -> None:
    """An empty layer is as none."""
    empty = POST.iloc[:0]
    shares = [coverage_by_hour(STREET, POST, gates=g).hours["covered_share"] for g in (None, empty)]
    assert shares[0].tolist() == shares[1].tolist()
    across = Gates.of(empty, StreetNetwork.from_frame(STREET), asked="08:00-09:00")
    assert across.shut.tolist() == []


def test_gates_in_another_crs_and_hours_that_nobody_can_read_are_refused() -> None:
    """Before anything is computed."""
    with pytest.raises(CRSError, match="gates"):
        coverage_by_hour(STREET, POST, gates=POST.to_crs(4326))
    with pytest.raises(InvalidParameterError, match="hours: 'sometimes' cannot be read"):
        assert gates_of("off", asked="sometimes").shut

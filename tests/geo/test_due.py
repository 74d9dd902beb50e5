"""Which streets are due."""

import pytest

from geo.due import EXCLUSIONS, DueRule
from tests.strategies import line, streets_of


def reason(rule: DueRule | None = None, **columns: object) -> str:
    """Return why a street with these columns is not due."""
    frame = streets_of([line((0, 0), (1, 0))], **{k: [v] for k, v in columns.items()})
    return str((rule or DueRule()).exclusion(frame)[0])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, ""),
        ({"class": "residential"}, ""),
        ({"class": None}, ""),
        ({"class": " Motorway "}, "motorway"),
        ({"class": "motorway_link"}, "motorway"),
        ({"class": "高速公路"}, "motorway"),
        ({"class": "trunk"}, ""),  # a national road at grade has pavements
        ({"class": "construction"}, "not_street"),
        ({"tunnel": "yes"}, "tunnel"),
        ({"tunnel": "T"}, "tunnel"),
        ({"tunnel": True}, "tunnel"),
        ({"tunnel": 1.0}, "tunnel"),
        ({"tunnel": "F"}, ""),
        ({"tunnel": "0"}, ""),
        ({"tunnel": 0.0}, ""),
        ({"tunnel": False}, ""),
        ({"tunnel": float("nan")}, ""),
        ({"tunnel": "否"}, ""),
        ({"bridge": "yes"}, ""),  # a bridge over the river is walked
        ({"bridge": "yes", "layer": 1, "class": "primary"}, ""),
        ({"bridge": "yes", "layer": "2"}, "elevated"),
        ({"bridge": "no", "layer": 2}, ""),
        ({"bridge": "viaduct"}, "elevated"),
        ({"bridge": "高架"}, "elevated"),
        ({"bridge": "yes", "class": "trunk"}, "elevated"),
        ({"bridge": "yes", "class": "motorway"}, "elevated"),
        ({"tunnel": "yes", "class": "motorway"}, "tunnel"),  # the first reason is given
    ],
)
def test_the_default_rule(columns: dict[str, object], expected: str) -> None:
    """Tunnels, elevated roads, motorways and what is no street are out."""
    assert reason(**columns) == expected
    assert expected in ("", *EXCLUSIONS)


def test_classes_choose() -> None:
    """Only the classes named are due; the other rules still hold."""
    lanes = DueRule(classes=frozenset({"living_street"}))
    assert reason(lanes, **{"class": "living_street"}) == ""
    assert reason(lanes, **{"class": "primary"}) == "class"
    assert reason(lanes, **{"class": "living_street", "tunnel": "yes"}) == "tunnel"


def test_each_exclusion_can_be_lifted_alone() -> None:
    """One switch, one reason."""
    assert reason(DueRule(tunnels=True), tunnel="yes") == ""
    assert reason(DueRule(elevated=True), bridge="viaduct") == ""
    assert reason(DueRule(motorways=True), **{"class": "motorway"}) == ""
    assert reason(DueRule(tunnels=True), bridge="viaduct") == "elevated"

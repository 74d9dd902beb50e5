"""Properties that come in, as the columns of the store take them."""

from __future__ import annotations

from typing import Any

import pytest

from api.errors import BadRequestError
from api.geojson import values_of


@pytest.mark.parametrize(
    ("met", "kept"), [("90;270", True), ("0;359.75;12.5", True), ("90", False), ("90;360", False),
                      ("N;S", False), ("90;", False), ("90, 270", False), ("90;1234", False)],
)  # fmt: skip
def test_headings_are_written_as_they_are_stored(met: str, kept: bool) -> None:  # noqa: FBT001
    """At least two, in degrees below 360; one alone is the azimuth."""
    if kept:
        assert values_of("cameras", {"headings": met}) == {"headings": met}
        return
    with pytest.raises(BadRequestError, match="headings"):
        values_of("cameras", {"headings": met})


@pytest.mark.parametrize(
    ("met", "kept"), [(3, 3), (3.0, 3), (0, 0), (3.5, None), (-1, None), ("3", None), (True, None),
                      (10**30, None), (float("nan"), None)],
)  # fmt: skip
def test_counts_are_whole_numbers(met: Any, kept: int | None) -> None:  # noqa: ANN401
    """And not below zero."""
    if kept is not None:
        values = values_of("must_visit", {"visits": met})
        assert values == {"visits": kept}
        assert type(values["visits"]) is int
        return
    with pytest.raises(BadRequestError, match="visits"):
        values_of("must_visit", {"visits": met})


@pytest.mark.parametrize(
    ("layer", "name", "kept", "refused"),
    [
        ("cameras", "pixels", 2560, 0), ("cameras", "pixels", 2560, 2_000_000),
        ("cameras", "pixels", 2560, "4K"), ("cameras", "focal_mm", 2.8, 0),
        ("areas", "setting", "rural", "village"), ("areas", "setting", "urban", 111),
    ],
)  # fmt: skip
def test_pictures_lenses_and_settings_are_written_as_they_are_stored(
    layer: str,
    name: str,
    kept: Any,  # noqa: ANN401 - any JSON
    refused: Any,  # noqa: ANN401 - any JSON
) -> None:
    """As the readers of files keep them; null is unknown."""
    for value in (kept, None):
        assert values_of(layer, {name: value}) == {name: value}
    with pytest.raises(BadRequestError, match=name):
        values_of(layer, {name: refused})


def test_nobody_writes_how_an_address_is_compared() -> None:
    """It follows from the address."""
    assert values_of("addresses", {"address": "解放路1号"}) == {"address": "解放路1号"}
    with pytest.raises(BadRequestError, match="compared"):
        values_of("addresses", {"compared": "x"})

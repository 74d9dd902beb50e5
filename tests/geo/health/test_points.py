"""What sheets say of cameras: the share of high definition."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.health import high_definition

widths = st.lists(st.one_of(st.none(), st.integers(1, 8000)), max_size=12)


@pytest.mark.parametrize(("width", "sharp"), [(1919, 0), (1920, 1), (3840, 1)])
def test_a_picture_of_1920_pixels_is_of_high_definition(width: int, sharp: int) -> None:
    """And one pixel less is not."""
    rate = high_definition(pd.DataFrame({"pixels": [width]}))
    assert (rate.numerator, rate.denominator, rate.unknown) == (sharp, 1, 0)


def test_what_is_not_known_is_in_no_denominator() -> None:
    """Neither a blank, nor what is no width; a sheet without the column says nothing."""
    rate = high_definition(pd.DataFrame({"pixels": [1920.0, 1280.0, None, 0.0, -1920.0, "inf"]}))
    assert rate.summary() == {
        "name": "high_definition", "basis": "sheet", "unit": "cameras",
        "numerator": 1, "denominator": 2, "unknown": 4, "share": 0.5,
        "formula": "cameras whose picture is 1,920 pixels wide or more / cameras whose width is "
        "known",
    }  # fmt: skip
    nothing = high_definition(pd.DataFrame({"camera_id": ["C1", "C2"]}))
    assert (nothing.share, nothing.denominator, nothing.unknown) == (None, 0, 2)
    assert high_definition(pd.DataFrame({"pixels": []})).share is None


@given(widths)
def test_every_camera_is_counted_once(pixels: list[int | None]) -> None:
    """As sharp, as known, or as unknown; in any order."""
    frame = pd.DataFrame({"pixels": pd.array(pixels, dtype="Int64")})
    rate = high_definition(frame)
    assert rate.numerator <= rate.denominator
    assert rate.denominator + rate.unknown == len(pixels)
    assert rate == high_definition(frame.iloc[::-1])

"""What sheets say of pictures and lenses becomes a width and a focal length, or stays unknown."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.limits import PIXELS_BELOW
from data.notes import Note
from data.optics import LINE_WIDTHS, WIDTH_FROM, focal_length, picture_width
from data.values import cleaned


@pytest.mark.parametrize(
    ("cell", "width"),
    [
        ("1920*1080", 1920), ("1920×1080", 1920), (" 2560 X 1440 ", 2560),
        ("２５６０＊１４４０", 2560), ("704x576", 704), ("352*288", 352), ("1080P", 1920),
        ("1080p", 1920), ("720P", 1280), ("1440P", 2560), ("4K", 3840), ("2K", 2560),
        ("8k", 7680), ("1920", 1920), ("2304", 2304), ("1280", 1280),
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", ["分辨率", "像素", "Resolution", "水平像素", "pixels"])
def test_the_width_of_a_picture_is_read_in_every_form(cell: str, width: int, head: str) -> None:
    """The first of two sides; a name by its lines, by its width, or the width itself."""
    assert picture_width(cell, head) == width


@pytest.mark.parametrize(
    "cell",
    [None, "", "高清", "D1", "200万", "480P", "3K", "1080P/720P", "5/6", "1920*1080*25", "1920*",
     "-1920", "1920.5", "4 K", "K"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["分辨率", "pixels"])
def test_what_does_not_say_the_width_is_unknown(cell: str | None, head: str) -> None:
    """Nothing is guessed from words, lists or megapixels."""
    assert np.isnan(picture_width(cell, head))


@pytest.mark.parametrize("cell", ["6", "200", "400", "720", "960", "1080", "1279", "1440", "2160"])
def test_a_number_is_a_width_where_it_can_be_nothing_else(cell: str) -> None:
    """6 is a code of the standard, 200 are millions, 1080 are lines: none of them is a width."""
    for head in ("分辨率", "像素", "resolution"):
        assert np.isnan(picture_width(cell, head))
    for head in ("水平像素", "pixels", "Pixels"):
        assert picture_width(cell, head) == float(cell)


@given(st.integers(WIDTH_FROM, 10**6), st.integers(1, 10**6))
def test_two_sides_and_the_width_alone_agree(width: int, height: int) -> None:
    """But for numbers that are lines."""
    assert picture_width(f"{width}*{height}", "分辨率") == width
    alone = picture_width(str(width), "分辨率")
    assert np.isnan(alone) if width in LINE_WIDTHS else alone == width


@pytest.mark.parametrize(
    ("cell", "focal_mm"),
    [("4mm", 4.0), ("2.8", 2.8), ("2.8 MM", 2.8), ("６毫米", 6.0), (".5", 0.5), ("12.", 12.0)],
)
def test_a_focal_length_is_in_millimetres(cell: str, focal_mm: float) -> None:
    """With its unit or without."""
    assert focal_length(cell, "焦距") == focal_mm


@pytest.mark.parametrize(
    "cell", [None, "", "2.8-12", "2.8~12mm", "2.8/4", "4m", "4米", "-4", "变焦", "mm", "."]
)
def test_a_zoom_has_no_focal_length(cell: str | None) -> None:
    """Nor has what is no length; metres are none either."""
    assert np.isnan(focal_length(cell, "焦距"))


def test_columns_of_a_sheet_keep_what_can_be_and_note_the_rest() -> None:
    """Nothing declared is written as 0; two millions are all the pixels of a picture."""

    def read(ours: str, cells: list[object], head: str) -> tuple[list[object], list[Note], str]:
        kept, notes = cleaned(ours, pd.Series(cells), head, "cameras", np.arange(len(cells)))
        return kept.astype(object).where(kept.notna(), None).tolist(), notes, str(kept.dtype)

    cells = ["1080P", 2560, 0, 2_000_000, PIXELS_BELOW - 1, None, "0*0", True]
    found, notes, dtype = read("pixels", cells, "水平像素")
    assert (found, dtype) == (
        [1920, 2560, None, None, PIXELS_BELOW - 1, None, None, None], "Int64",
    )  # fmt: skip
    met = {"column": "水平像素", "count": 4, "values": ["0", "2000000", "0*0", "true"]}
    assert notes == [Note("value_unreadable", {**met, "rows": [2, 3, 6, 7]})]
    found, notes, _ = read("focal_mm", [4, 2.8, "0", "2.8-12", None, "6mm", "4m"], "焦距")
    assert found == [4.0, 2.8, None, None, None, 6.0, None]
    met = {"column": "焦距", "count": 3, "values": ["0", "2.8-12", "4m"], "rows": [2, 3, 6]}
    assert notes == [Note("value_unreadable", met)]

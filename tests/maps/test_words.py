"""The catalogue is whole in both languages, and pages use all of it."""

import datetime as dt
import re
import string
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest

from maps.catalogue import CATALOGUE
from maps.words import LANGUAGES, UnknownLanguageError, cell, words

MAPS: Final = Path(__file__).resolve().parents[2] / "maps"

SYMBOLS: Final = ("WGS-84", "CGCS2000")
"""Names of datums are written in Latin letters in Chinese too."""


def places(wording: str) -> set[str]:
    """Return the names of the places to fill."""
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name}


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_key_has_both_languages_with_the_same_places(key: str) -> None:
    """A place without a value would fail in one language only."""
    entry = CATALOGUE[key]
    assert tuple(entry) == LANGUAGES
    assert all(entry.values())
    assert places(entry["zh"]) == places(entry["en"])


@pytest.mark.parametrize("key", CATALOGUE)
def test_each_language_keeps_to_its_letters(key: str) -> None:
    """No Latin letter in Chinese but the names of datums, no Chinese in English."""
    chinese = re.sub(r"\{\w+\}", "", CATALOGUE[key]["zh"])
    for symbol in SYMBOLS:
        chinese = chinese.replace(symbol, "")
    assert not re.search(r"[A-Za-z]", chinese)
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", CATALOGUE[key]["en"])


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_key_is_used(key: str) -> None:
    """As it stands, or through the group of a code."""
    sources = [path for path in MAPS.glob("*.py") if not path.stem.startswith("catalogue")]
    text = "".join(path.read_text("utf-8") for path in sources)
    group = key.partition(".")[0]
    assert f'"{key}"' in text or ("." in key and f'code("{group}"' in text)


def test_no_key_is_written_twice() -> None:
    """The tables are joined; the later wording would silently win."""
    keys = [
        key for path in MAPS.glob("catalogue*.py") for key in re.findall(
            r'^    "([^"]+)": \{', path.read_text("utf-8"), re.MULTILINE
        )
    ]  # fmt: skip
    assert len(keys) == len(set(keys)) == len(CATALOGUE)


def test_the_share_has_one_name() -> None:
    """And never the one that the field uses for a share of places."""
    assert CATALOGUE["covered_share"]["zh"] == "街面长度覆盖占比"
    assert CATALOGUE["no_base"]["zh"] == "无基数"
    assert CATALOGUE["straight"]["zh"] == "直线距离，未计河流与街道"
    assert "近似，非官方" in CATALOGUE["converted"]["zh"]
    assert not [key for key, entry in CATALOGUE.items() if "覆盖率" in entry["zh"]]


@pytest.mark.parametrize(
    ("length_m", "text"),
    [
        (0.0, "0 米"),
        (3.21, "3.2 米"),
        (99.6, "100 米"),
        (1000.0, "1.00 公里"),
        (2.5e6, "2,500.00 公里"),
    ],
)
def test_lengths_are_written_in_metres_and_kilometres(length_m: float, text: str) -> None:
    """A decimal below ten metres, kilometres from 1,000 m on."""
    assert words("zh").length(length_m) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "无基数"),
        (np.nan, "无基数"),
        (0.0, "0.0%"),
        (1.0, "100.0%"),
        (0.99999, "99.9%"),
        (0.00001, "0.1%"),
        (0.5625, "56.2%"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(share: float | None, text: str) -> None:
    """100.0% means that nothing is missing."""
    assert words("zh").share(share) == text


def test_dates_are_written_as_the_language_does() -> None:
    """No zeros in Chinese."""
    day = dt.date(2026, 6, 3)
    assert words("zh").day(day) == "2026年6月3日"
    assert words("en").day(day) == "2026-06-03"


def test_codes_are_translated_and_unknown_ones_kept() -> None:
    """A missing code is empty."""
    say = words("zh")
    assert say.code("camera", "ptz_dome") == "球机"
    assert say.code("camera", "热成像") == "热成像"
    assert not say.code("camera", pd.NA)


def test_a_tooltip_leaves_out_what_is_empty() -> None:
    """Title and values alike."""
    say = words("en")
    assert say.lines("", [("hours", ""), ("kind", "Fixed post")]) == ["Kind: Fixed post"]
    assert say.lines("Gate", [("area_name", "East")]) == ["Gate", "Name: East"]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, "", "  "])
def test_a_missing_cell_is_empty(missing: object) -> None:
    """Whatever pandas calls missing."""
    assert not cell(missing)


def test_a_whole_number_has_no_decimals() -> None:
    """A column with holes turns 12 into 12.0."""
    assert cell(12.0) == "12"
    assert cell(12.5) == "12.5"
    assert cell(False) == "False"


def test_an_unknown_language_is_refused() -> None:
    """The message lists what there is."""
    with pytest.raises(UnknownLanguageError, match=r"'fr'.*zh, en"):
        words("fr")

"""The pages for people: their words, their templates, and the words of refusals."""

from __future__ import annotations

import re
import string

import pytest

from api.errors import said
from api.page_words import WORDS
from api.pages import WEB
from api.sentences import GEO_TEXTS, INVALID_TEXTS, TEXTS
from geo import GeoError
from geo.errors import ColumnError, CRSError, GeometryError, InvalidParameterError

MADE = {
    "coverage_hint",
    "grids_hint",
    "hotspots_hint",
    "incident_kind",
    "incidents_hint",
    "patrols_hint",
    "rings_hint",
}
"""Keys that are put together where they are used."""

CHINESE = re.compile(r"[\u4e00-\u9fff]")
"""A Chinese character."""


def places(text: str) -> set[str]:
    """Return the names of the places that a sentence has."""
    return {
        re.split(r"[.!\[]", name)[0] for _, name, _, _ in string.Formatter().parse(text) if name
    }


@pytest.mark.parametrize("table", [WORDS, TEXTS, INVALID_TEXTS])
def test_both_languages_say_the_same(table: dict[str, tuple[str, str]]) -> None:
    """Each in its own characters, with the same places to be filled."""
    for key, (chinese, english) in table.items():
        assert CHINESE.search(chinese), key
        assert not CHINESE.search(english), key
        assert places(chinese) == places(english), key


def test_every_word_is_used_and_every_word_used_is_there() -> None:
    """In a template, or by name in a module."""
    pages = "".join(file.read_text("utf-8") for file in WEB.glob("*.html"))
    asked = set(re.findall(r'say\("(\w+)"', pages))
    assert asked <= set(WORDS)
    modules = [
        file
        for folder in (".", "routes", "patrol")
        for file in WEB.parent.joinpath(folder).glob("*.py")
        if not file.name.endswith("words.py")
    ]
    code = "".join(file.read_text("utf-8") for file in modules)
    unused = {key for key in WORDS if f'"{key}"' not in pages + code}
    assert unused == MADE


@pytest.mark.parametrize(
    "error", [CRSError, GeometryError, ColumnError, InvalidParameterError, GeoError]
)
def test_no_words_for_programmers_reach_a_person(error: type[GeoError]) -> None:
    """Every class of error of the science is put into our own words, with a step to take."""
    met = error("frame: call to_crs(working_crs(frame)) first")
    code, chinese = said(met, "zh")
    assert (code, chinese) == GEO_TEXTS[error][:2]
    assert CHINESE.search(chinese)
    assert "to_crs" not in said(met, "en")[1]
    assert re.search("请|核对", chinese)

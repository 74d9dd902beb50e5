"""One table of sentences in two languages, and the errors that speak by it."""

import pickle
import re
from pathlib import Path
from string import Formatter

import pytest

import data.errors
from data.errors import DataError, LayerError, MissingFileError
from data.notes import STEPS, TEXTS, WORDS, Note, step, word

SOURCES = Path(data.errors.__file__).parent


def fields(sentence: str) -> set[str]:
    """Return the names of the fields of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_of_a_sentence_name_the_same_values(code: str) -> None:
    """A field forgotten in one language is a fact withheld there."""
    chinese, english = TEXTS[code]
    assert fields(chinese) == fields(english)
    assert re.search("[一-鿿]", chinese)
    assert not re.search("[一-鿿]", english)


def test_every_word_has_both_languages() -> None:
    """Chinese first, English second, neither empty."""
    assert all(len(pair) == 2 and all(pair) for pair in WORDS.values())


def test_every_code_used_in_the_readers_has_a_sentence_or_a_word() -> None:
    """Found by reading the sources: a rare refusal must not fail for want of words."""
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.py")))
    said = set(re.findall(r'\b(?:Note|unread|\w+Error)\(\s*"(\w+)"', source))
    marked = set(re.findall(r'\.mark\([^"]*?"(\w+)"', source))
    assert {"id_repeats", "several_layers", "azimuth_unknown"} <= said
    assert {"no_geometry", "not_a_number", "id_lost_digits"} <= marked
    assert said <= set(TEXTS)
    assert marked <= set(WORDS)


def test_counts_have_thousands_separators_and_line_numbers_have_none() -> None:
    """1,835 rows, but line 1835."""
    note = Note("ragged_rows", {"count": 1835, "rows": [1835]})
    assert note.text("en").startswith("rows with more cells than heads: 1,835 (lines 1835)")


def test_what_names_a_row_is_told_as_it_is_typed() -> None:
    """A number to look for has no separators; the version beside it is counted."""
    told = Note("row_changed", {"kind": "posts", "id": 7186073878361064, "version": 1200})
    assert "7186073878361064" in told.text("zh")
    assert "1,200" in told.text("en")


def test_long_lists_are_shortened_in_sentences_and_whole_in_values() -> None:
    """A screen holds ten names; a program wants all."""
    note = Note("columns_ignored", {"count": 12, "names": [f"c{i}" for i in range(12)]})
    assert note.text("en").endswith("c8, c9 and 2 more")
    assert note.text().endswith("c8、c9 等 12 项")
    assert len(note.values["names"]) == 12


def test_what_may_be_chosen_is_listed_whole() -> None:
    """A refusal that lists ten of sixteen layers sends the reader elsewhere."""
    layers = [f"l{i}" for i in range(16)]
    assert "l14, l15;" in str(LayerError("several_layers", file="a.gpkg", layers=layers))


def test_reasons_are_spoken_in_the_language_of_the_sentence() -> None:
    """The quarantine's codes are for programs."""
    note = Note(
        "rows_quarantined", {"total": 9, "count": 3, "reasons": {"no_place": 2, "empty": 1}}
    )
    assert note.text("en").endswith("both coordinates 0: no place 2, empty geometry 1")
    assert "坐标为 0，没有位置 2、几何为空 1" in note.text("zh")
    assert word("no_place") == "坐标为 0，没有位置"
    assert word("no_place", "en") == "both coordinates 0: no place"


def test_an_unknown_language_is_refused() -> None:
    """Rather than answered in another."""
    with pytest.raises(ValueError, match='unknown language \'fr\'; use "zh" or "en"'):
        Note("empty_layer", {"file": "a"}).text("fr")


def test_an_error_is_english_as_text_and_chinese_on_request() -> None:
    """The command line speaks Chinese; a log speaks English."""
    error = MissingFileError("missing_file", path="a.csv")
    assert str(error) == "a.csv: no such file; check the path"
    assert error.text() == "没有文件 a.csv；请检查路径"
    assert error.code == "missing_file"
    assert isinstance(error, FileNotFoundError)
    assert isinstance(error, DataError)


def test_errors_survive_the_way_between_processes() -> None:
    """Jobs run in a pool of processes, and what they raise is pickled."""
    for error in (MissingFileError("missing_file", path="a"), LayerError("no_layers", file="b")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes


def test_every_reason_of_the_quarantine_has_a_next_step() -> None:
    """In both languages; and no step is for a reason that is none."""
    reasons = set(STEPS)
    assert reasons <= set(WORDS)
    assert {"no_geometry", "invalid_ring", "far_away", "id_personal", "orphan"} <= reasons
    assert all(all(pair) for pair in STEPS.values())
    assert step("no_place") == "填上真实坐标"
    assert step("no_place", "en") == "give its real coordinates"

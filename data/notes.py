"""What the reader says: one table of sentences, Chinese and English side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from data import incident_sentences, patrol_sentences, sentences
from data.refusals import REFUSALS
from data.remarks import REMARKS

TEXTS: Final = (
    REFUSALS
    | REMARKS
    | patrol_sentences.PATROL_REFUSALS
    | patrol_sentences.PATROL_REMARKS
    | incident_sentences.INCIDENT_REFUSALS
    | incident_sentences.INCIDENT_REMARKS
)
"""Every sentence by its code: Chinese, English."""

WORDS: Final = sentences.WORDS | patrol_sentences.PATROL_WORDS | incident_sentences.INCIDENT_WORDS
"""What codes are called: Chinese, English."""

STEPS: Final = sentences.STEPS | patrol_sentences.PATROL_STEPS | incident_sentences.INCIDENT_STEPS
"""What to do about each reason of the quarantine: Chinese, English."""

NUMBERS: Final = frozenset({"id", "other"})
"""Values that name a row or a plan: they are copied, not counted, and have no separators."""

SHOWN: Final = 10
"""Items of a list that a sentence shows; the rest is counted, so that it fits a screen."""

WORD_FIELDS: Final = frozenset(
    {"kind", "kinds", "met", "expected", "datum", "streets_datum", "areas_datum", "reasons"}
)
"""Fields of sentences whose values are looked up in `WORDS`; all others are quoted as met."""


CHOICES: Final = frozenset({"layers", "heads", "known", "readable", "near"})
"""Fields that list what may be chosen: shown whole."""


@dataclass(frozen=True)
class Note:
    """
    One thing the reader decided, found or refused.

    Parameters
    ----------
    code
        Which sentence of `TEXTS` it is.
    values
        What the sentence names. Lists are whole; only the sentence shortens them.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str = "zh") -> str:
        """Return the sentence in Chinese ("zh") or English ("en")."""
        column = _column(lang)
        spoken = {name: _spoken(name, value, column) for name, value in self.values.items()}
        return TEXTS[self.code][column].format(**spoken)


def kept_notes(notes: Iterable[Note]) -> list[dict[str, str]]:
    """
    Return notes as an import keeps them: the sentences as they were said then.

    Parameters
    ----------
    notes
        What a reader noted.

    Returns
    -------
    kept
        `code`, `text` (Chinese) and `en` of each, ready for JSON.
    """
    return [{"code": note.code, "text": note.text("zh"), "en": note.text("en")} for note in notes]


def word(code: str, lang: str = "zh") -> str:
    """
    Return what a code, such as the reason of a quarantined row, is called.

    Parameters
    ----------
    code
        A key of `WORDS`.
    lang
        "zh" or "en".

    Returns
    -------
    text
        Its word.
    """
    return WORDS[code][_column(lang)]


def step(reason: str, lang: str = "zh") -> str:
    """
    Return what to do about a row that was set aside.

    Parameters
    ----------
    reason
        A key of `STEPS`.
    lang
        "zh" or "en".

    Returns
    -------
    text
        Its next step.
    """
    return STEPS[reason][_column(lang)]


def _column(lang: str) -> int:
    if lang not in ("zh", "en"):
        raise ValueError(f'lang: unknown language {lang!r}; use "zh" or "en"')
    return 0 if lang == "zh" else 1


def _spoken(name: str, value: object, column: int) -> str:
    """Write one value as it stands in a sentence: words looked up, lists short."""
    if isinstance(value, Mapping):
        items = [f"{_spoken(name, key, column)} {count:,}" for key, count in value.items()]
        return _joined(items, column)
    if isinstance(value, list | tuple):
        # Items of lists are names and line numbers: no thousands separator.
        items = [_named(name, str(item), column) for item in value]
        return _joined(items, column, shown=len(items) if name in CHOICES else SHOWN)
    if isinstance(value, int) and name not in NUMBERS:
        return f"{value:,}"
    return _named(name, str(value), column)


def _named(name: str, text: str, column: int) -> str:
    if name in WORD_FIELDS and text in WORDS:
        return WORDS[text][column]
    return text


def _joined(items: list[str], column: int, *, shown: int = SHOWN) -> str:
    """Join the first items and count the rest."""
    text = ("、", ", ")[column].join(items[:shown])
    rest = len(items) - shown
    if rest <= 0:
        return text
    return f"{text} 等 {len(items)} 项" if column == 0 else f"{text} and {rest} more"

"""Sentences about a change: the arithmetic first, then the counts, then whether it is chance."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from geo.incidents.numbers import exact, half_up, percent_text, points_text
from geo.incidents.wording import AGAINST, MOVES, NONE, PER, count_text, counted, pick, term

if TYPE_CHECKING:
    from geo.incidents.changes import Change
    from geo.incidents.rate_changes import RateChange

LEAST_P: Final = 0.001
"""A p value below this is printed as being below it."""

P_DIGITS: Final = (3, 6)
"""Digits of a p value: the usual ones, and the most where fewer would round it onto the level."""

ABOUT: Final = ("约", "about ")
"""Before a figure made of counts that are "at least"."""


def count_sentence(
    change: Change, row: int, *, unit: str, against: str, lang: str, per: str
) -> str:
    """
    Print one pair of a change; see `Change.sentences`.

    Parameters
    ----------
    change
        The pairs.
    row
        Which one.
    unit
        Unit of the counts: a code, a measure word or any text.
    against
        "year", "period" or any text.
    lang
        "zh" or "en".
    per
        What the exposures are: "day", "person" or any text.

    Returns
    -------
    sentence
        The percentage, the counts, the change per exposure where exposures differ, the note.
    """
    now, before = int(change.now[row]), int(change.before[row])
    flags = bool(change.at_least_now[row]), bool(change.at_least_before[row])
    moved = _share(Fraction(now), Fraction(before))
    ends = (
        count_text(before, at_least=flags[1], lang=lang),
        count_text(now, at_least=flags[0], lang=lang),
    )
    parts = [counted("→".join(ends), unit, lang)]
    span_now, span_before = float(change.exposure_now[row]), float(change.exposure_before[row])
    if span_now != span_before:
        paced = _share(now / exact(span_now), before / exact(span_before))
        move, word = move_text(paced, lang), term(PER, per, lang)
        parts.append(f"{word}{move}" if lang == "zh" else f"{move} {word}")
    note = [
        pick(("含约数", "counts are at least"), lang) if any(flags) else "",
        pick(("小基数", "small base"), lang) if change.small[row] else "",
        _verdict(bool(change.significant[row]), lang),
        pick(("E检验 ", "E-test "), lang) + p_text(float(change.e_p[row]), change.level),
        pick(("条件检验 ", "conditional test "), lang)
        + p_text(float(change.conditional_p[row]), change.level),
    ]
    move = move_text(moved, lang, about=any(flags))
    return _joined(move, against, [*parts, _listed(note, lang)], lang)


def rate_sentence(
    change: RateChange, *, against: str, lang: str, digits: int, relative: bool
) -> str:
    """
    Print the change of a rate; see `RateChange.sentence`.

    Parameters
    ----------
    change
        Both rates.
    against
        "year", "period" or any text.
    lang
        "zh" or "en".
    digits
        The most digits after the point.
    relative
        Whether the change as a percentage of the rate before is printed too.

    Returns
    -------
    sentence
        The points, both rates, both counts, the note.
    """
    parts = [
        f"{change.before.percent(lang, digits)}→{change.now.percent(lang, digits)}",
        f"{change.before.parts(lang)}→{change.now.parts(lang)}",
    ]
    if relative:
        text = change.percent_text(lang, digits)
        parts.insert(0, pick((f"相对{text}", f"{text} relative to the rate before"), lang))
    note = [pick(("无基数", "no rate to compare"), lang)]
    if change.p is not None:
        note = [
            _verdict(change.significant, lang),
            pick(("费舍尔检验 ", "Fisher's test "), lang) + p_text(change.p, change.level),
        ]
    return _joined(change.points_text(lang, digits), against, [*parts, _listed(note, lang)], lang)


def move_text(
    share: Fraction | None,
    lang: str = "zh",
    *,
    digits: int = 1,
    about: bool = False,
    points: bool = False,
) -> str:
    """
    Print how far something rose or fell: 下降45.3%, or 上升不足0.1% of what rounds to nothing.

    Parameters
    ----------
    share
        The change; None is a dash, 0 is 持平.
    lang
        "zh" or "en".
    digits
        The most digits after the point.
    about
        Whether the figure is made of counts that are "at least".
    points
        Whether the change is one of percentage points, not a percentage.

    Returns
    -------
    text
        Rounded half up.
    """
    if share is None:
        return NONE
    word = pick(MOVES[(share > 0) - (share < 0)], lang)
    if not share:
        return word
    size = abs(share)
    mark = pick(ABOUT, lang) if about else ""
    if not half_up(size * 100, digits):
        size = Fraction(1, 100 * 10**digits)
        mark += pick(("不足", "less than "), lang)
    text = points_text(size, digits, lang=lang) if points else percent_text(size, digits)
    return f"{word}{mark}{text}" if lang == "zh" else f"{word} {mark}{text}"


def p_text(p: float, level: float = 0.05) -> str:
    """
    Print a p value with three digits, or as many as keep it apart from the level.

    Parameters
    ----------
    p
        In [0, 1].
    level
        What it is held against.

    Returns
    -------
    text
        Such as p=0.165, p<0.001 or p=0.0496.
    """
    if p < LEAST_P:
        return f"p<{LEAST_P}"
    digits, most = P_DIGITS
    while digits < most and p != level and half_up(p, digits) == exact(level):
        digits += 1
    return f"p={half_up(p, digits)}"


def _share(now: Fraction, before: Fraction) -> Fraction | None:
    """Return the change as a share of what it was; 0 of no change, None without a base."""
    if now == before:
        return Fraction(0)
    return (now - before) / before if before else None


def _verdict(significant: bool, lang: str) -> str:  # noqa: FBT001 - one of two words
    """Say whether a difference is more than chance."""
    zh, en = "差异显著" if significant else "差异不显著", "significant"
    return pick((zh, en if significant else f"not {en}"), lang)


def _listed(note: list[str], lang: str) -> str:
    """Join the parts of a note."""
    return pick((",", ", "), lang).join(filter(None, note))


def _joined(move: str, against: str, parts: list[str], lang: str) -> str:
    """Put the announcement before the change, and the brackets behind."""
    since, inside = term(AGAINST, against, lang), pick((";", "; "), lang).join(parts)
    return f"{since}{move}({inside})" if lang == "zh" else f"{move} {since} ({inside})"

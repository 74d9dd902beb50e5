"""How many a row of a ledger stands for, as people write it: `2.1万余`, `1400余起`, `5,333户`."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from data.incident_codes import COUNT_UNITS

SCALES: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
"""What stands behind a number and multiplies it."""

NUMERALS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2,
}  # fmt: skip
"""Digits in words."""

UNITS: Final = {word: code for code, words in COUNT_UNITS.items() for word in words.split()}
"""Measure word -> code of the unit."""

BEFORE: Final = ("超过", "超", "逾", "至少", "不少于")
"""Words before a number that is a lower bound. 约 and 近 are none: the number may be lower, so that
what they stand before is not read."""

AFTER: Final = ("余", "多", "以上")
"""Words behind a lower bound, before the measure word or behind it."""

QUANTITY: Final = re.compile(
    rf"(?P<before>{'|'.join(BEFORE)})?"
    r"(?:(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<scales>[十百千万亿]*)"
    r"|(?P<words>[零〇一二两三四五六七八九十百千万亿]+))"
    rf"(?P<after>{'|'.join(AFTER)})?(?P<more>万)?"
    rf"(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))})?(?P<last>{'|'.join(AFTER)})?"
)
"""One number with what stands around it. `余` may stand within: `2余万件`."""

PLAIN_WORDS: Final = re.compile(
    "["
    + "".join({*"".join((*UNITS, *BEFORE, *AFTER)), *NUMERALS, *SCALES})
    + r"若干几数半上下约近大"
    r"\d\s.,+\-~—()]*"
)
"""A text of nothing but numbers and measure words: none of a person's name."""


@dataclass(frozen=True)
class Quantity:
    """
    What a cell says of a number.

    Parameters
    ----------
    number
        How many, or at least how many.
    about
        Whether the number is a lower bound.
    unit
        Code of the unit, None where the cell names none.
    """

    number: int
    about: bool
    unit: str | None


def read_quantity(text: str) -> Quantity | None:
    """
    Read one number as people write it into a ledger.

    Parameters
    ----------
    text
        A cell: 4268, 5,333户, 9.2万件, 2.1万余, 1020余场次, 十二起.

    Returns
    -------
    quantity
        None for anything else, and for what is no whole number: 1.5件.
    """
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    found = QUANTITY.fullmatch(bare)
    if found is None:
        return None
    scales = f"{found['scales'] or ''}{found['more'] or ''}"
    number = (
        _in_words(found["words"]) if found["words"] else Decimal(found["digits"].replace(",", ""))
    )
    for scale in scales:
        number = None if number is None else number * SCALES[scale]
    if number is None or number != int(number):
        return None
    about = any(found[name] for name in ("before", "after", "last"))
    return Quantity(int(number), about, UNITS.get(found["unit"] or ""))


def may_name(text: str) -> bool:
    """
    Tell whether a cell that is no quantity may hold more than numbers and measure words.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    possible
        Whether some of it could be a name, which is not repeated to anybody.
    """
    return PLAIN_WORDS.fullmatch(unicodedata.normalize("NFKC", text)) is None


def _in_words(text: str) -> Decimal | None:
    """Read a number in words: `二十三`, `一千零五十`, `三万`; not `二三` or `三万五`."""
    total, section, digit, last = 0, 0, None, 1
    for sign in text:
        if sign in NUMERALS:
            if digit:
                return None  # 二三: either of them, or digits one by one
            digit = NUMERALS[sign]
            last = last if digit else 1
            continue
        last = SCALES[sign]
        # Nothing before a scale is one of it: 百余, 万余.
        bare = 1 if digit is None and section == 0 else 0
        if last == SCALES["亿"]:
            total, section = (total + section + (digit or (0 if total else bare))) * last, 0
        elif last == SCALES["万"]:
            total, section = total + (section + (digit or bare)) * last, 0
        else:
            section += (1 if digit is None else digit) * last
        digit = None
    # 三万五 is 35,000 in speech and 30,005 to whoever reads sign by sign.
    if digit and last > SCALES["十"]:
        return None
    return Decimal(total + section + (digit or 0))

"""Invented Chinese names: streets, lanes, compounds, ordinals."""

from typing import Final

from numpy.random import Generator

HEADS: Final = "柳桂槐竹松梅莲榆枫杏桐兰云月晴春朝文和安永福锦碧"
"""First characters of invented street names: trees, weather, wishes."""

TAILS: Final = "荫溪园井塘亭坊泉岭滩浦台"
"""Second characters of invented street names: what stands or lies there."""

DIGITS: Final = "零一二三四五六七八九"
"""Chinese digits, for numbered lanes."""


def stems(rng: Generator) -> list[str]:
    """Return every pair of a head and a tail in random order, each once."""
    pairs = [head + tail for head in HEADS for tail in TAILS]
    return [pairs[i] for i in rng.permutation(len(pairs))]


def ordinal(number: int) -> str:
    """Return 1 to 99 as Chinese writes it: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, f"{DIGITS[tens]}十")
    return head + (DIGITS[ones] if ones else "")

"""Which column of a file is which of ours, by the table of heads."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from data.errors import ColumnError
from data.heads import ALIASES, PLACES
from data.notes import Note

UNIT: Final = re.compile(
    r"\((m|米|°|度|deg|degrees?|分钟|min|minutes|km/h|公里/小时|公里/时|千米/小时|千米/时)\)$"
)
"""A unit in brackets at the end of a head; the brackets are half-width after NFKC."""


@dataclass(frozen=True)
class Matching:
    """
    Outcome of `match_columns`.

    Parameters
    ----------
    columns
        Our column -> position of the head that gives it, in the order of `ALIASES`.
    places
        `lon`, `lat`, `x`, `y`, `geometry` -> position of the head that gives it.
    notes
        Which of several heads was taken, and which heads serve nothing.
    """

    columns: dict[str, int]
    places: dict[str, int]
    notes: tuple[Note, ...]


def plain(head: object) -> str:
    """Return a head as it is compared: lower case, no spaces, underscores or unit."""
    text = unicodedata.normalize("NFKC", str(head)).casefold()
    return UNIT.sub("", re.sub(r"[\s_]+", "", text))


def known_heads(kind: str, columns: Mapping[str, str]) -> frozenset[str]:
    """Return the plain heads that say something about a layer of this kind."""
    listed = (*ALIASES[kind].values(), *PLACES.values(), tuple(columns.values()))
    return frozenset(plain(head) for heads in listed for head in heads)


def match_columns(
    heads: Sequence[str],
    kind: str,
    *,
    columns: Mapping[str, str] | None = None,
    barred: AbstractSet[int] = frozenset(),
    has_geometry: bool = False,
    file: str = "file",
) -> Matching:
    """
    Find the column of a file for each of ours.

    Of several heads for one column the first in the order of `ALIASES` is taken, and the first in
    the file when two are written alike. One head may serve two of our columns only by `columns`.

    Parameters
    ----------
    heads
        Heads as the file has them, in its order.
    kind
        One of `data.heads.KINDS`.
    columns
        Our column (or `lon`, `lat`, `x`, `y`, `geometry`) -> head to take for it.
    barred
        Positions that may not be taken, not even by `columns`.
    has_geometry
        The file brings geometry of its own, so that no column needs to hold the place.
    file
        What messages call the file.

    Returns
    -------
    matching
        Positions of the heads, and notes.

    Raises
    ------
    ColumnError
        When `columns` names a column that is not ours or a head that is not there.
    """
    columns = columns or {}
    table = ALIASES[kind] | ({} if has_geometry else PLACES)
    _refuse_unknown(heads, columns, table, kind, file)
    compared = [plain(head) for head in heads]
    notes: list[Note] = []
    found: dict[str, int] = {}
    asked = {_position(heads, compared, theirs) for theirs in columns.values()}
    for ours, aliases in table.items():
        if ours in columns:
            position = _position(heads, compared, columns[ours])
            if position not in barred:
                found[ours] = position
            continue
        taken = barred | asked | set(found.values())
        fitting = _fitting(compared, aliases, taken)
        if not fitting:
            continue
        found[ours] = fitting[0]
        if len(fitting) > 1:
            notes.append(_several(ours, [heads[i] for i in fitting]))
    unused = [head for i, head in enumerate(heads) if i not in {*found.values(), *barred} and head]
    if unused:
        notes.append(Note("columns_ignored", {"count": len(unused), "names": unused}))
    return Matching(
        columns={ours: i for ours, i in found.items() if ours in ALIASES[kind]},
        places={ours: i for ours, i in found.items() if ours in PLACES},
        notes=tuple(notes),
    )


def _fitting(compared: Sequence[str], aliases: Iterable[str], taken: AbstractSet[int]) -> list[int]:
    """Return the free positions whose heads are aliases, in alias order, then file order."""
    wanted = list(dict.fromkeys(plain(alias) for alias in aliases))
    return [
        i for alias in wanted for i, head in enumerate(compared) if head == alias and i not in taken
    ]


def _position(heads: Sequence[str], compared: Sequence[str], theirs: str) -> int:
    """Return where a head asked for stands: as written if it is there, else as compared."""
    return list(heads).index(theirs) if theirs in heads else list(compared).index(plain(theirs))


def _several(ours: str, heads: list[str]) -> Note:
    return Note("several_heads", {"ours": ours, "heads": heads, "taken": heads[0]})


def _refuse_unknown(
    heads: Sequence[str],
    columns: Mapping[str, str],
    table: Mapping[str, tuple[str, ...]],
    kind: str,
    file: str,
) -> None:
    names = [ours for ours in columns if ours not in table]
    if names:
        raise ColumnError("unknown_ours", kind=kind, names=names, known=list(table))
    compared = {plain(head) for head in heads}
    names = [head for head in columns.values() if head not in heads and plain(head) not in compared]
    if names:
        raise ColumnError("unknown_theirs", file=file, names=names, heads=list(heads))

"""
Which incidents a scope sees, and who looked where police work lies.

What a scope does not see is in no number; which kinds those are it is told, never how many.
"""

from typing import Any, Final

from api.page_words import WORDS as LINE_WORDS
from api.words import say
from data.scope import LINES, POLICE_INCIDENTS
from data.store import Store
from data.viewing import note_view
from maps import words

POLICE: Final = "police"
"""The line whose cases and police calls are."""

KINDS: Final = ("event", "case", "police_call", "dispute", "hazard")
"""What incidents are."""


def note_police_view(
    store: Store, what: str, *, area: str | None = None, rows: int | None = None
) -> None:
    """
    Write down that a scope looked at where police work lies, if it did.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    what
        What it looked at.
    area
        Which part of it; None for all that it sees.
    rows
        How many places.
    """
    if POLICE in store.scope.lines:
        note_view(store, what, area=area, rows=rows, for_all=True)


def kinds_unseen(store: Store) -> list[str]:
    """
    Tell which kinds of incident a scope does not see, whether there are any or not.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Returns
    -------
    kinds
        Cases and police calls, to whom the police's line is not open; else none.
    """
    return [] if POLICE in store.scope.lines else sorted(POLICE_INCIDENTS)


def kinds_in_part(store: Store) -> list[str]:
    """
    Tell of which kinds of incident a scope may see but a part, whether there are any or not.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Returns
    -------
    kinds
        Those that belong to no line by what they are, unless all lines are open to it.
    """
    if store.scope.lines >= frozenset(LINES):
        return []
    return sorted(set(KINDS) - POLICE_INCIDENTS)


def seen_told(store: Store) -> dict[str, Any]:
    """
    Say what an answer counts: the lines of the scope, and the kinds that it does not see.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Returns
    -------
    part
        "lines", "kinds_unseen" and "kinds_in_part" of a summary.
    """
    return {
        "lines": sorted(store.scope.lines),
        "kinds_unseen": kinds_unseen(store),
        "kinds_in_part": kinds_in_part(store),
    }


def seen_said(store: Store, lang: str) -> list[str]:
    """
    Say the same in words.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    lang
        "zh" or "en".

    Returns
    -------
    remarks
        A sentence on the kinds that are not seen, and on those of which the lines of the scope
        alone are; none where all are seen.
    """
    comma = "、" if lang == "zh" else ", "
    unseen, part = (
        comma.join(words(lang).code("incident", kind) for kind in kinds)
        for kinds in (kinds_unseen(store), kinds_in_part(store))
    )
    lines = comma.join(LINE_WORDS[line][lang != "zh"] for line in sorted(store.scope.lines))
    said = [say("kinds_unseen", lang, kinds=unseen)] if unseen else []
    return said + ([say("kinds_in_part", lang, kinds=part, lines=lines)] if part else [])

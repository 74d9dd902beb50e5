"""Addresses: how they are compared, and where those of the user's own table are."""

import unicodedata
from collections.abc import Sequence
from typing import Final

import shapely

from data.division_codes import division_prefix
from data.store import Query, Store

ASKED: Final = 10_000
"""Addresses that one query asks for: below the limit of variables of both engines."""

UNKNOWN: Final = "address_unknown"
AMBIGUOUS: Final = "address_ambiguous"
"""Reasons of the quarantine: the table does not have the address, or at several places."""


def compared_address(text: object) -> str | None:
    """
    Return an address as it is compared: half width, lower case, without spaces.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    compared
        None where there is no address. Nothing else is guessed: 1号 and 一号 are two.
    """
    if not isinstance(text, str):
        return None
    once = _folded(text)
    # Folding some foreign letters gives such as fold again.
    while (again := _folded(once)) != once:
        once = again
    return once or None


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def places_of(
    store: Store, addresses: Sequence[str | None], divisions: Sequence[str]
) -> list[shapely.Point | str | None]:
    """
    Find the places of addresses in the table of addresses that the scope sees.

    Parameters
    ----------
    store
        Opened for the scope of whoever asks.
    addresses
        n of `compared_address`.
    divisions
        n codes of where the address is; the division of an address in the table must be the same,
        within it, or hold it.

    Returns
    -------
    places
        n points in EPSG:4326, None without an address, else `UNKNOWN` or `AMBIGUOUS`: of several
        places none is chosen.
    """
    asked = sorted({address for address in addresses if address is not None})
    known: dict[str, list[tuple[str, shapely.Point]]] = {}
    for start in range(0, len(asked), ASKED):
        batch = asked[start : start + ASKED]
        found = store.frame("addresses", Query(equal={"compared": batch}))
        for text, division, place in zip(
            found["address"], found["division"], found.geometry, strict=True
        ):
            if place is not None:
                entry = (division_prefix(division), place)
                known.setdefault(str(compared_address(text)), []).append(entry)
    places: list[shapely.Point | str | None] = []
    for address, division in zip(addresses, divisions, strict=True):
        own = division_prefix(division)
        near = {
            place
            for prefix, place in known.get(address or "", ())
            if prefix.startswith(own) or own.startswith(prefix)
        }
        if address is None:
            places.append(None)
        elif len(near) == 1:
            places.append(near.pop())
        else:
            places.append(AMBIGUOUS if near else UNKNOWN)
    return places

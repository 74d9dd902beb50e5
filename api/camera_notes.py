"""Which doors, needs of schools and incidents count, told from the layers beside cameras."""

from collections.abc import Iterator, Mapping
from typing import Final

from data import ColumnError, Layer, Note
from data.codes import SCHOOL_NEED_KINDS
from data.values import as_text
from data.workbook import NUMBERED_IDS
from geo.aiming import Terms

SCHOOL: Final = "school"
"""The kind of key site whose surroundings are looked at."""


def camera_notes(layers: Mapping[str, Layer]) -> tuple[tuple[str, Note], ...]:
    """
    Say what of the layers beside cameras does not count, and why.

    Parameters
    ----------
    layers
        Role -> layer, stray rows in the quarantine; "key_sites", "entrances", "school_needs" and
        "incidents" are looked at where they are given.

    Returns
    -------
    notes
        Role and note: entrances of no key site, needs of schools that are not listed at all,
        and how many incidents count.

    Raises
    ------
    ColumnError
        When entrances are given to key sites that have no ids of their own.
    """
    return (*_of_entrances(layers), *_of_needs(layers), *_of_incidents(layers))


def _of_entrances(layers: Mapping[str, Layer]) -> Iterator[tuple[str, Note]]:
    if "entrances" not in layers or "key_sites" not in layers:
        return
    doors, sites = layers["entrances"], layers["key_sites"]
    # Row numbers would fit the doors of other sites.
    if any(note.code in NUMBERED_IDS for note in sites.notes):
        raise ColumnError("sites_without_ids", file=sites.source)
    named, known = _site_ids(doors), set(_site_ids(sites))
    stray = [site is None or site not in known for site in named]
    if any(stray):
        met = [site or "—" for site, odd in zip(named, stray, strict=True) if odd]
        rows = doors.rows[stray].tolist()
        values = {"count": len(rows), "values": list(dict.fromkeys(met)), "rows": rows}
        yield "entrances", Note("entrances_unmatched", values)


def _site_ids(layer: Layer) -> list[str | None]:
    """Return the ids of sites as text; none where the layer has no such column."""
    if "site_id" not in layer.frame.columns:
        return [None] * len(layer.frame)
    return [as_text(site) for site in layer.frame["site_id"].tolist()]


def _of_needs(layers: Mapping[str, Layer]) -> Iterator[tuple[str, Note]]:
    if "school_needs" not in layers:
        return
    needs, sites = layers["school_needs"], layers.get("key_sites")
    if sites is None or SCHOOL not in set(sites.frame.get("kind", ())):
        yield "school_needs", Note("no_schools", {"file": needs.source})
        return
    met = set(needs.frame.get("kind", ()))
    absent = [kind for kind in SCHOOL_NEED_KINDS if kind not in met]
    if absent:
        yield "school_needs", Note("needs_not_listed", {"file": needs.source, "kinds": absent})


def _of_incidents(layers: Mapping[str, Layer]) -> Iterator[tuple[str, Note]]:
    if "incidents" not in layers:
        return
    layer = layers["incidents"]
    weighed = int(layer.frame.geometry.notna().sum())
    left_out = len(layer.frame) - weighed + len(layer.quarantine)
    point_m = f"{Terms().point_m:g}"
    values = {"count": weighed, "left_out": left_out, "point_m": point_m}
    yield "incidents", Note("incidents_weighed", values)

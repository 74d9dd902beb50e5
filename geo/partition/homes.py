"""In which parent an area lies, and which pieces of it lie in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array

from geo.partition.chains import cut, outlines, unmatched
from geo.partition.places import TRACE_M2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.partition.layers import Layer, Parents

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Homes:
    """
    The parents of areas.

    Parameters
    ----------
    most
        For each code, the parent in which most of it lies; -1 outside all.
    astray
        Flags for each code: it declares another parent than the one in which most of it lies, or
        several.
    row, parent, piece
        Pieces in another parent than most of the area: row of areas, parent, polygon. Codes astray
        have none.
    """

    most: Ints
    astray: Bools
    row: Ints
    parent: Ints
    piece: Shapes


def homes(layer: Layer, parents: Parents) -> Homes:
    """
    Find the parents of areas.

    Parameters
    ----------
    layer
        The areas.
    parents
        The parents; maybe none.

    Returns
    -------
    homes
        By code, and pieces by row.
    """
    declared, several = _declared(layer, parents)
    row, parent, piece = _pieces(layer, parents)
    size = csr_array(
        (shapely.area(piece), (layer.code[row], parent)),
        shape=(len(layer.codes), max(len(parents.ids), 1)),
    )
    most = np.where(size.max(axis=1).toarray().ravel() > 0.0, size.argmax(axis=1).ravel(), -1)
    astray = several | ((declared >= 0) & (most >= 0) & (declared != most))
    over = (parent != most[layer.code[row]]) & ~astray[layer.code[row]]
    return Homes(most, astray, row[over], parent[over], piece[over])


def _declared(layer: Layer, parents: Parents) -> tuple[Ints, Bools]:
    """Return the declared parent of each code, -1 for none that is known, and who names several."""
    named = np.flatnonzero(layer.parent_ids != None)  # noqa: E711 - an array of objects
    text = layer.parent_ids[named].astype(str)
    names, number = np.unique(text, return_inverse=True)
    pairs = np.unique(np.column_stack((layer.code[named], number)), axis=0)
    several = np.bincount(pairs[:, 0], minlength=len(layer.codes)) > 1
    declared = np.full(len(layer.codes), -1, dtype=np.int64)
    if not len(parents.ids):
        return declared, several
    known = parents.ids.astype(str)
    at = np.minimum(np.searchsorted(known, names), len(known) - 1)
    place = np.where(known[at] == names, at, -1)
    declared[pairs[:, 0]] = place[pairs[:, 1]]
    return declared, several


def _pieces(layer: Layer, parents: Parents) -> tuple[Ints, Ints, Shapes]:
    """Cut the areas by the parents; an area that shares its whole outline is not cut."""
    there = np.flatnonzero(~shapely.is_missing(layer.shapes))
    inside = shapely.point_on_surface(layer.shapes[there])
    point, hit = parents.tree.query(inside, predicate="within")
    home = np.full(len(layer.shapes), -1, dtype=np.int64)
    home[there[point[::-1]]] = hit[::-1]
    doubtful = home < 0
    if len(parents.ids) > 1:
        doubtful |= _at_odds(layer, parents, home)
    doubtful &= ~shapely.is_missing(layer.shapes)
    doubtful[_held(layer, parents, home, doubtful & (home >= 0))] = False
    sure = np.flatnonzero(~doubtful & (home >= 0))
    asked = np.flatnonzero(doubtful)
    near, parent = parents.tree.query(layer.shapes[asked], predicate="intersects")
    piece = shapely.intersection(layer.shapes[asked[near]], parents.shapes[parent])
    # A piece may come with lines where only borders are shared.
    part, of = shapely.get_parts(piece, return_index=True)
    deep = shapely.area(part) > TRACE_M2
    part, of = part[deep], of[deep]
    return (
        np.concatenate((sure, asked[near[of]])),
        np.concatenate((home[sure], parent[of])),
        np.concatenate((layer.shapes[sure], part)),
    )


def _held(layer: Layer, parents: Parents, home: Ints, asked: Bools) -> Ints:
    """Find the areas that their home holds but for rounding."""
    row = np.flatnonzero(asked)
    shapely.prepare(parents.shapes)
    held = shapely.covers(parents.shapes[home[row]], layer.shapes[row])
    out = shapely.difference(layer.shapes[row[~held]], parents.shapes[home[row[~held]]])
    held[~held] = shapely.area(out) <= TRACE_M2
    return row[held]


def _at_odds(layer: Layer, parents: Parents, home: Ints) -> Bools:
    """Tell which areas may reach out of the parent in which their middle lies."""
    owner, begin, end = outlines(np.where(home >= 0, layer.shapes, np.array(None)))
    of_parent, first, last = outlines(parents.shapes)
    # Parents come after the areas, and run the other way.
    owner = np.concatenate((owner, len(home) + of_parent))
    begin, end = np.concatenate((begin, first)), np.concatenate((end, last))
    label = np.append(home, np.arange(len(parents.ids)))
    net = np.repeat((1, -1), (len(home), len(parents.ids)))
    for cutting in (False, True):
        if cutting:
            edge, begin, end = cut(begin, end, np.concatenate((begin, end)))
            owner = owner[edge]
        left = unmatched(begin, end, label[owner], net[owner])
        owner, begin, end = owner[left], begin[left], end[left]
    odd = np.zeros(len(home), dtype=bool)
    odd[owner[owner < len(home)]] = True
    # An area whose own edges all cancel may still have the border of its parent inside.
    alone = owner >= len(home)
    edges = shapely.linestrings(np.stack((begin[alone], end[alone]), axis=1))
    odd[layer.tree.query(edges, predicate="intersects")[1]] = True
    return odd

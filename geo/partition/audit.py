"""
Whether areas tile the ground: what lies in none of them, in two, outside, or in pieces.

Borders that neighbours share to the bit cancel, and only what is left is cut and counted: nothing
is sampled, and a good layer costs little more than reading it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.partition.defects import Found, Scene, find
from geo.partition.faces import Faces
from geo.partition.homes import homes
from geo.partition.layers import Layer, Parents
from geo.partition.places import widths_m

if TYPE_CHECKING:
    from collections.abc import Iterable


KINDS: Final = (
    "gap", "overlap", "sliver", "outside", "crossing", "island", "invalid", "near_miss",
    "two_parents", "address",
)  # fmt: skip
"""What a defect can be, in the order in which defects are listed."""

COLUMNS: Final = (
    "kind", "of", "area_m2", "ids", "proposal", "goes_to", "moves_m", "reason",
)  # fmt: skip
"""The columns of defects after their number, and before the place."""

SLIVER_M: Final = 1.0
"""A gap or an overlap that is narrower on average is a sliver, in metres: two surveys of one
border, and not ground that somebody forgot."""

NEAR_M: Final = 1.0
"""Areas that face one another over less bare ground have an open slit between them, in metres: the
width of a sliver that is closed."""


@dataclass(frozen=True, eq=False)
class Audit:
    """
    Outcome of `audit`.

    Parameters
    ----------
    defects
        One row per defect, by kind in the order of `KINDS` and the largest first: `defect_id`
        (from 1), `kind`, `of` (of a sliver: gap or overlap), `area_m2`, `ids` (tuple of the codes
        that touch the place, as text, sorted), `proposal` and `goes_to` (a code of what to do, and
        the area or parent that it favours), `moves_m` (how far that moves a border: the widest
        circle in the place), `reason` (of what is invalid), and the place; in the CRS of the areas.
    areas
        How many areas there are: codes, each once.
    area_m2
        The ground that they cover, each place once.
    ignored
        How many places were too small or too thin to be defects.
    """

    defects: gpd.GeoDataFrame
    areas: int
    area_m2: float
    ignored: int

    def summary(self) -> dict[str, Any]:
        """
        Tell the figures and list the defects, for JSON.

        Returns
        -------
        summary
            `areas`, `area_m2`, `ignored`, `kinds` (how many defects of each) and `defects` (`kind`,
            `of`, `area_m2`, `ids`).
        """
        columns = ["kind", "of", "area_m2", "ids"]
        rows = pd.DataFrame(self.defects[columns]).to_dict("records")
        counts = self.defects["kind"].value_counts()
        return {
            "areas": self.areas,
            "area_m2": self.area_m2,
            "ignored": self.ignored,
            "kinds": {kind: int(counts[kind]) for kind in KINDS if kind in counts},
            "defects": [row | {"ids": list(row["ids"])} for row in rows],
        }


def audit(
    areas: gpd.GeoDataFrame,
    parent: gpd.GeoDataFrame | None = None,
    *,
    addresses: gpd.GeoDataFrame | None = None,
    sliver_m: float = SLIVER_M,
    near_m: float = NEAR_M,
) -> Audit:
    """
    Find where areas fail to tile the ground.

    A defect is one connected place; places that meet in a point are two. A `gap` is bare ground in
    a hole of the union or, with a parent, bare ground of the parent; an `overlap` ground that two
    rows cover; either is a `sliver` when its area over half its perimeter is under `sliver_m`.
    `outside` is covered ground in no parent. A `crossing` is a piece, covered once, in another
    parent than the area's: the one it declares (`parent_id`), or else that in which most of it
    lies; an area for which these two differ, or that declares several, has `two_parents`. An
    `island` is a part of an area without an edge in common with its largest one, unless another
    kind says why. An `invalid` area is mended by its structure before the rest is judged. A
    `near_miss` is an open slit under `near_m` wide between two areas; with a parent it is a gap. An
    `address` lies in no area, or more than 1 cm deep in two; on a border it belongs to the lowest
    code.

    Parameters
    ----------
    areas
        n polygons in a metric CRS with `area_id`, maybe `parent_id`. Rows of one code are one area.
    parent
        What they should fill: valid polygons in the same CRS, several of them with `area_id`.
    addresses
        Points in the same CRS.
    sliver_m
        Under which width a gap or overlap is a sliver, in metres; 0 or greater.
    near_m
        Under which width an open slit is a near miss, in metres; 0 for none.

    Returns
    -------
    audit
        The defects and their places.

    Raises
    ------
    CRSError
        When the CRS is missing, differs or does not measure in metres.
    ColumnError
        When `area_id` is missing.
    GeometryError
        When a row is no polygon, or a parent is not valid.
    InvalidParameterError
        When an option is negative.

    Notes
    -----
    Vertices within a micrometre are one. A place under 0.01 m2, or between two parallels 1 cm
    apart, is noise and counted in `ignored`. The cost grows with the vertices, n log n, and with
    the number of defects.
    """
    frames = {"areas": areas, "parent": parent, "addresses": addresses}
    crs = require_metric_crs(**{name: frame for name, frame in frames.items() if frame is not None})
    for name, value in (("sliver_m", sliver_m), ("near_m", near_m)):
        if not value >= 0.0:
            raise InvalidParameterError(f"{name} must be 0 or greater, got {value!r}")
    layer, parents = Layer.of(areas), Parents.of(parent)
    scene = Scene(
        layer, parents, Faces.of(layer.shapes, parents.shapes), homes(layer, parents),
        parent is not None,
    )  # fmt: skip
    found = find(scene, addresses, sliver_m=sliver_m, near_m=near_m)
    area_m2 = float(shapely.area(layer.shapes).sum()) - scene.faces.doubled_m2
    ignored = sum(each.ignored for each in found)
    return Audit(_frame(found, crs), len(layer.codes), area_m2, ignored)


def _frame(found: list[Found], crs: object) -> gpd.GeoDataFrame:
    """List what was found."""
    place = np.concatenate([each.place for each in found])
    moves_m = [
        widths_m(each.place) if each.moves else np.full(len(each.place), np.nan) for each in found
    ]
    reason = [
        np.full(len(each.place), None) if each.reason is None else each.reason for each in found
    ]
    texts: dict[str, Iterable[Any]] = {
        "kind": [each.kind for each in found for _ in each.place],
        "of": [each.of for each in found for _ in each.place],
        "ids": [ids for each in found for ids in each.ids],
        "proposal": [each.proposal for each in found for _ in each.place],
        "goes_to": np.concatenate([each.goes_to for each in found]),
        "reason": np.concatenate(reason),
    }
    # Left to itself, pandas makes NaN of None.
    columns = {name: pd.Series(list(values), dtype=object) for name, values in texts.items()}
    columns["area_m2"] = pd.Series(np.nan_to_num(shapely.area(place)))
    columns["moves_m"] = pd.Series(np.concatenate(moves_m))
    defects = pd.DataFrame(columns)[list(COLUMNS)]
    rank = defects["kind"].map(KINDS.index).to_numpy()
    joined = defects["ids"].map("\n".join).astype(str).to_numpy()
    order = np.lexsort((joined, -defects["area_m2"].to_numpy(), rank))
    frame = gpd.GeoDataFrame(
        defects.iloc[order].reset_index(drop=True), geometry=place[order], crs=crs
    )
    frame.insert(0, "defect_id", np.arange(1, len(frame) + 1))
    return frame

"""Areas and their parents as an audit reads them: mended, with codes as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.areas import code_ranks
from geo.errors import ColumnError, GeometryError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

MISSING = "no geometry"
"""The reason of a row without a place."""

_POLYGONS = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))


@dataclass(frozen=True, eq=False)
class Layer:
    """
    Rows of areas; rows of one code are one area.

    Parameters
    ----------
    shapes
        n valid polygons, flat; None where there is none.
    ids
        n codes as text.
    rank
        n ranks by code, 0 the lowest, all different.
    parent_ids
        n codes of declared parents as text; None where none is declared.
    reasons
        n texts: why a row was no valid polygon; None where it was.
    """

    shapes: Shapes
    ids: Shapes
    rank: Ints
    parent_ids: Shapes
    reasons: Shapes

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame) -> Layer:
        """
        Read areas, and mend rings that cross themselves.

        Parameters
        ----------
        areas
            n polygons with `area_id`, maybe `parent_id`.

        Returns
        -------
        layer
            The rows.

        Raises
        ------
        ColumnError
            When there is no `area_id`, or one is missing.
        GeometryError
            When a row is no polygon.
        """
        given = np.asarray(areas.geometry.array)
        wrong = np.flatnonzero(
            ~shapely.is_missing(given) & ~np.isin(shapely.get_type_id(given), _POLYGONS)
        )
        if wrong.size:
            raise GeometryError(
                f"areas: row {wrong[0]} is a {given[wrong[0]].geom_type}; pass Polygon or "
                f"MultiPolygon rows"
            )
        shapes, reasons = _mended(given)
        # A plain frame: code_ranks looks at codes and at geometries, and both are ready.
        rank = code_ranks(areas.set_geometry(list(shapes), crs=areas.crs))
        none = np.full(len(areas), None, dtype=object)
        declared = as_text(areas["parent_id"]) if "parent_id" in areas.columns else none
        return cls(shapes, as_text(areas["area_id"]), rank, declared, reasons)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The shapes, filed by place."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def code(self) -> Ints:
        """Number of the code of each row; codes are numbered as texts sort."""
        return np.unique(self.ids.astype(str), return_inverse=True)[1].astype(np.int64)

    @cached_property
    def codes(self) -> NDArray[np.str_]:
        """Codes, each once, sorted as texts."""
        return np.unique(self.ids.astype(str))

    def ids_of(self, place: Ints, row: Ints, n: int) -> list[tuple[str, ...]]:
        """
        List the codes that belong to each place.

        Parameters
        ----------
        place, row
            Pairs of positions.
        n
            How many places there are.

        Returns
        -------
        ids
            n tuples of codes, sorted, each code once.
        """
        pairs = np.unique(np.column_stack((place, self.code[row])), axis=0)
        first = np.searchsorted(pairs[:, 0], np.arange(1, n))
        named = np.split(self.codes[pairs[:, 1]], first) if n else []
        return [tuple(codes.tolist()) for codes in named]


@dataclass(frozen=True, eq=False)
class Parents:
    """
    What the areas should fill.

    Parameters
    ----------
    shapes
        m valid polygons, one for each code.
    ids
        m codes as text, sorted.
    """

    shapes: Shapes
    ids: Shapes

    @classmethod
    def of(cls, parent: gpd.GeoDataFrame | None) -> Parents:
        """
        Read parents, and join the rows of one code.

        Parameters
        ----------
        parent
            Polygons, several of them with `area_id`; None for no parent.

        Returns
        -------
        parents
            Those that have a place.

        Raises
        ------
        ColumnError
            When several rows have no `area_id`.
        GeometryError
            When a row is no valid polygon.
        """
        if parent is None:
            return cls(np.empty(0, dtype=object), np.empty(0, dtype=object))
        if "area_id" not in parent.columns:
            if len(parent) > 1:
                raise ColumnError(
                    f"parent: {len(parent)} rows and no column area_id among "
                    f"{', '.join(map(str, parent.columns))}; rename the column with the code to "
                    f"area_id"
                )
            parent = parent.assign(area_id="0")
        given = shapely.force_2d(np.asarray(parent.geometry.array))
        placed = ~shapely.is_missing(given) & ~shapely.is_empty(given)
        good = np.isin(shapely.get_type_id(given), _POLYGONS) & shapely.is_valid(given)
        wrong = np.flatnonzero(placed & ~good)
        if wrong.size:
            raise GeometryError(
                f"parent: row {wrong[0]} is no valid polygon "
                f"({shapely.is_valid_reason(given[wrong[0]])}); audit and repair the parents first"
            )
        ids, row = np.unique(as_text(parent["area_id"]).astype(str)[placed], return_inverse=True)
        shapes = given[placed][np.unique(row, return_index=True)[1]]
        for code in np.flatnonzero(np.bincount(row) > 1):  # few parents have several rows
            shapes[code] = shapely.union_all(given[placed][row == code])
        return cls(shapes, ids.astype(object))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The shapes, filed by place."""
        return shapely.STRtree(self.shapes)


def as_text(codes: pd.Series) -> Shapes:
    """
    Write codes as text; whole numbers that pandas made floats lose their point.

    Parameters
    ----------
    codes
        n codes.

    Returns
    -------
    text
        n texts; None where there is no code.
    """
    if codes.dtype.kind == "f" and (codes.dropna() % 1.0 == 0.0).all():
        codes = codes.astype("Int64")
    text: Shapes = np.full(len(codes), None, dtype=object)
    given = codes.notna().to_numpy()
    text[given] = codes[given].astype(str).to_numpy()
    return text


def _mended(given: Shapes) -> tuple[Shapes, Shapes]:
    """Return valid polygons, and why the others were none."""
    shapes: Shapes = shapely.force_2d(given)
    reasons: Shapes = np.full(len(given), None, dtype=object)
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    good = shapely.is_valid(shapes) & there
    reasons[~good] = shapely.is_valid_reason(shapes[~good])
    reasons[~there] = MISSING
    boxes = shapely.bounds(shapes)
    whole = there & np.isfinite(boxes).all(axis=1)
    shapes[~whole] = None
    bent = np.flatnonzero(whole & ~good)
    shapes[bent] = shapely.make_valid(shapes[bent], method="structure", keep_collapsed=False)
    shapes[bent[shapely.is_empty(shapes[bent])]] = None
    return shapes, reasons

"""Hot places that are neighbours as one hot spot, under the id that it had the week before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.incidents.cells import Places

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MOVES = ("previous_id", "spot_id", "places", "n", "what")
"""Columns of the table that tells what became of the spots of the week before."""


def grouped(hot: Bools, indptr: Ints, indices: Ints) -> Ints:
    """
    Give one number to hot places that are neighbours, or are so through others.

    Parameters
    ----------
    hot
        n flags.
    indptr
        n + 1 positions in `indices`.
    indices
        Neighbours.

    Returns
    -------
    group
        n numbers from 0 up; -1 where a place is not hot.
    """
    n, group = len(hot), np.full(len(hot), -1, dtype=np.int64)
    row = np.flatnonzero(hot)
    near = csr_array((np.ones(len(indices)), indices, indptr), shape=(n, n))
    group[row] = connected_components(near[row][:, row], directed=False)[1]
    return group


def spots_of(told: gpd.GeoDataFrame, group: Ints, places: Places) -> gpd.GeoDataFrame:
    """
    Join hot places to spots.

    Parameters
    ----------
    told
        n rows with `place_id`, `n`, `z`, their measure and a geometry; `name` where known.
    group
        n numbers, from `grouped`.
    places
        The same n places.

    Returns
    -------
    spots
        A row per group: `n`, `places`, the measure, `n_around` (with the neighbours of its
        places, which G* speaks of as well), `peak_place`, its `name` where places have one, and
        the geometry of its places. The peak is where most incidents are among places and
        neighbours; of equal ones a hot place, then that with the highest z: a place may be hot
        for what lies beside it.
    """
    row = np.flatnonzero(group >= 0)
    by = told.iloc[row].groupby(group[row], sort=True)
    near = np.repeat(np.arange(len(group)), np.diff(places.indptr))
    beside = group[near] >= 0
    held = pd.DataFrame(
        {
            "group": np.concatenate((group[row], group[near[beside]])),
            "row": np.concatenate((row, places.indices[beside])),
        }
    ).drop_duplicates()
    held = held.assign(cold=group[held["row"]] < 0).join(told[["place_id", "n", "z"]], on="row")
    around = held.groupby("group", sort=True)["n"].sum()
    peaks = held.sort_values(
        ["group", "n", "cold", "z", "place_id"], ascending=[True, False, True, False, True]
    ).drop_duplicates("group")
    # shapely unites no groups at once.
    shapes = [shapely.union_all(np.asarray(some.geometry.array)) for _, some in by]
    return gpd.GeoDataFrame(
        {
            "n": by["n"].sum().to_numpy(),
            "places": by.size().to_numpy(),
            places.measure: by[places.measure].sum().to_numpy(dtype=np.float64),
            "n_around": around.to_numpy(),
            "peak_place": peaks["place_id"].to_numpy(dtype=object),
        }
        | ({"name": told["name"].to_numpy(dtype=object)[peaks["row"]]} if "name" in told else {}),
        geometry=np.array(shapes, dtype=object),
        crs=told.crs,
    )


def identified(
    spots: gpd.GeoDataFrame, place_id: NDArray[np.object_], n: Ints, group: Ints,
    before: pd.DataFrame | None,
) -> tuple[NDArray[np.object_], pd.DataFrame]:  # fmt: skip
    """
    Give each spot the id of the earlier one that it shares most with, or a new one.

    Most is by places, then by the incidents that are now at them. An earlier id goes to one spot,
    a spot takes one. A new id is that of the peak place.

    Parameters
    ----------
    spots
        s rows with `peak_place`, from `spots_of`.
    place_id
        m ids of places.
    n
        m counts.
    group
        m numbers of spots; -1 for none.
    before
        Rows with `place_id` and `spot_id` (missing for places that were not hot), such as the
        `places` of the week before; None for the first week.

    Returns
    -------
    ids, moves
        s ids, all different and none of an earlier spot that is another; and a table of what
        became of the earlier spots: `previous_id`, `spot_id` (None where it ended), `places` and
        `n` that both share, `what`: kept, split (went on as a part beside the one that kept the
        id), merged (went into a spot that has another id), ended; new spots have no
        `previous_id`.

    Raises
    ------
    ColumnError
        When the earlier places lack a column.
    """
    old = _earlier(before)
    now = pd.DataFrame({"place_id": place_id, "n": n, "group": group})
    shared = now[now["group"] >= 0].merge(old, on="place_id")
    shared = shared.groupby(["spot_id", "group"], as_index=False).agg(
        places=("place_id", "size"), n=("n", "sum")
    )
    shared = shared.sort_values(
        ["places", "n", "spot_id", "group"], ascending=[False, False, True, True]
    )
    ids = np.full(len(spots), None, dtype=object)
    taken: set[str] = set()
    # The largest share first; what is taken by one is not there for the next.
    for row in shared.itertuples():
        if ids[row.group] is None and row.spot_id not in taken:
            ids[row.group] = row.spot_id
            taken.add(row.spot_id)
    used = taken | set(old["spot_id"])
    fresh = [number for number, name in enumerate(ids) if name is None]
    for number in fresh:
        ids[number] = _free(str(spots["peak_place"].iloc[number]), used)
        used.add(ids[number])
    return ids, _moves(shared, ids, fresh, old)


def _earlier(before: pd.DataFrame | None) -> pd.DataFrame:
    """Return the hot places of the week before and their spots."""
    if before is None:
        return pd.DataFrame({"place_id": [], "spot_id": []}, dtype=object)
    missing = [name for name in ("place_id", "spot_id") if name not in before.columns]
    if missing:
        raise ColumnError(
            f"previous: no column {missing[0]} among {', '.join(map(str, before.columns))}; pass "
            f"the hot spots of the week before, or their places"
        )
    held = before[before["spot_id"].notna()]
    return pd.DataFrame({name: held[name].astype(str) for name in ("place_id", "spot_id")})


def _free(name: str, used: set[str]) -> str:
    """Return a name that no other spot has or had."""
    number, found = 1, name
    while found in used:
        number += 1
        found = f"{name}.{number}"
    return found


def _moves(
    shared: pd.DataFrame, ids: NDArray[np.object_], fresh: list[int], old: pd.DataFrame
) -> pd.DataFrame:
    """Tell what became of earlier spots."""
    rows: list[tuple[str | None, str | None, int, int, str]] = []
    in_order = shared.sort_values(["spot_id", "places", "n"], ascending=[True, False, False])
    for row in in_order.itertuples():
        name = ids[row.group]
        other = "split" if row.group in fresh else "merged"
        what = "kept" if name == row.spot_id else other
        rows.append((row.spot_id, name, int(row.places), int(row.n), what))
    gone = sorted(set(old["spot_id"]) - set(shared["spot_id"]))
    rows += [(name, None, 0, 0, "ended") for name in gone]
    known = set(shared["group"])
    rows += [(None, ids[number], 0, 0, "new") for number in fresh if number not in known]
    # One by one: pandas would turn None among texts into NaN.
    columns = dict(zip(MOVES, zip(*rows, strict=True), strict=True)) if rows else {}
    kinds = (object, object, np.int64, np.int64, object)
    return pd.DataFrame(
        {
            name: pd.Series(list(columns.get(name, ())), dtype=kind)
            for name, kind in zip(MOVES, kinds, strict=True)
        }
    )

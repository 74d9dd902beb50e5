"""Several nets of grids merged into one, and what lies near what."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.words import say
from geo.near import within_distance
from geo.partition import merge_nets
from maps import GridScene, words
from maps.tables import TextTable


def merge(frames: Mapping[str, gpd.GeoDataFrame], *, sliver_m: float, lang: str) -> Outcome:
    """
    Merge the nets of several departments into one base layer.

    Parameters
    ----------
    frames
        What a department's net is called -> its grids; one metric CRS.
    sliver_m
        Narrower pieces go to a neighbour, in metres.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        The pieces, which grid of which net each lies in, and what each grid won or lost.

    Raises
    ------
    GeoError
        When a net overlaps itself.
    """
    found = merge_nets(frames, sliver_m=sliver_m)
    summary, say_map = found.summary(), words(lang)
    heads = [say(key, lang) for key in ("net", "grids", "pieces", "own_area")]
    rows = [
        [str(net), f"{len(grids):,}", f"{grids['pieces'].sum():,}",
         say_map.area(float(grids["own_m2"].sum()))]
        for net, grids in found.grids.groupby("net", sort=False)
    ]  # fmt: skip
    scene = GridScene(
        areas=found.pieces.rename(columns={"piece_id": "area_id"}),
        colours=["area_m2"],
        figures=[
            (say("pieces", lang), f"{summary['pieces']:,}"),
            (say("ground", lang), say_map.area(summary["area_m2"])),
            (say("slivers_given", lang), f"{summary['slivers']:,}"),
            (say("most_moved_area", lang), say_map.area(summary["most_moved_m2"])),
        ],
        tables=[TextTable(say("nets", lang), [heads, *rows], 1)],
    )
    tables = {"pieces": found.pieces, "cross_walk": found.cross_walk, "grids": found.grids}
    if len(found.slivers):
        tables["slivers"] = found.slivers
    return Outcome(summary, tables, scene)


def tell_near(
    frames: Mapping[str, gpd.GeoDataFrame],
    *,
    ids: Mapping[str, str],
    distance_m: float,
    error_m: float,
    lang: str,
) -> Outcome:
    """
    Tell which places lie within a distance of a target.

    Parameters
    ----------
    frames
        "places" and "targets", one metric CRS.
    ids
        Role -> the column that names its rows.
    distance_m
        How near is near, in metres.
    error_m
        How far the two may be off against each other, in metres.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        One row per place: the nearest target, how far it is, whether it is within.

    Raises
    ------
    GeoError
        When the distance is no distance.
    """
    places, targets = frames["places"], frames["targets"]
    found = within_distance(
        places, targets, distance_m=distance_m, target_id=ids["targets"], error_m=error_m
    )
    told = places.assign(
        **{
            name: found[name].to_numpy()
            for name in ("target_id", "distance_m", "within", "doubtful")
        }
    ).rename(columns={ids["places"]: "area_id"})
    within = told[_flags(told["within"])].sort_values("distance_m", kind="stable")
    doubtful = int(_flags(told["doubtful"]).sum())
    say_map = words(lang)
    summary = {
        "places": len(told),
        "targets": len(targets),
        "distance_m": distance_m,
        "within": len(within),
        "within_ids": within["area_id"].tolist(),
        "doubtful": doubtful,
    }
    heads = [say(key, lang) for key in ("place", "target", "distance")]
    rows = [
        [str(row.area_id), str(row.target_id), say_map.length(row.distance_m)]
        for row in within.itertuples()
    ]
    scene = GridScene(
        areas=told,
        figures=[
            (say("places", lang), f"{len(told):,}"),
            (say("within_of", lang, distance=say_map.length(distance_m)), f"{len(within):,}"),
            (say("doubtful", lang), f"{doubtful:,}"),
        ],
        tables=[TextTable(say("near_title", lang), [heads, *rows], 2)],
    )
    lines = found[found.geometry.notna()]
    return Outcome(summary, {"places": told, "lines": lines}, scene)


def _flags(values: pd.Series) -> pd.Series:
    """Return flags; what is not known is not so."""
    return values.fillna(value=False).astype(bool)

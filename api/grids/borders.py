"""The borders of grids: what is wrong with them, and what one step repairs."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from api.answering import SQUARE_KILOMETRE_M2, Outcome
from api.words import say
from geo.partition import Audit, audit, repair
from maps import GridScene, words
from maps.defects import defect_table


def find_defects(frames: Mapping[str, gpd.GeoDataFrame], *, sliver_m: float, lang: str) -> Outcome:
    """
    Audit the borders of grids.

    Parameters
    ----------
    frames
        "areas"; "parent" and "addresses" where they are given. One metric CRS.
    sliver_m
        What is narrower is a sliver, in metres.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Its summary has `areas, area_m2, ignored, defects`.

    Raises
    ------
    GeoError
        When the areas cannot be audited.
    """
    found = audit(
        frames["areas"],
        frames.get("parent"),
        addresses=frames.get("addresses"),
        sliver_m=sliver_m,
    )
    scene = GridScene(
        areas=_placed(frames["areas"]),
        parent=frames.get("parent"),
        defects=found.defects,
        figures=_figures(found, lang),
        tables=[defect_table(found.defects, lang=lang)],
    )
    remarks = [] if len(found.defects) else [say("no_defects", lang)]
    following = say("next_repair", lang) if (found.defects["moves_m"] > 0.0).any() else ""
    return Outcome(found.summary(), {"defects": _flat(found.defects)}, scene, remarks, following)


def repair_borders(
    frames: Mapping[str, gpd.GeoDataFrame], *, sliver_m: float, tolerance_m: float, lang: str
) -> Outcome:
    """
    Repair what one step can, without moving a border farther than may be.

    Parameters
    ----------
    frames
        "areas"; "parent" where it is given. One metric CRS.
    sliver_m
        What is narrower is a sliver, in metres.
    tolerance_m
        How far a border may move, in metres.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Its table "areas" is the layer of the repaired grids.

    Raises
    ------
    GeoError
        When the areas cannot be repaired.
    """
    areas, parent = frames["areas"], frames.get("parent")
    done = repair(areas, parent, tolerance_m=tolerance_m, sliver_m=sliver_m)
    say_map = words(lang)
    most = float(done.moved["moved_m"].max()) if len(done.moved) else 0.0
    figures = [
        (say("grids", lang), f"{len(areas):,}"),
        (say("repaired", lang), f"{done.moved['defect_id'].nunique():,}"),
        (say("left_alone", lang), f"{len(done.left):,}"),
        (say("most_moved", lang), say_map("m", number=f"{most:.2f}")),
        (say("tolerance", lang), say_map("m", number=f"{tolerance_m:g}")),
    ]
    scene = GridScene(
        areas=done.areas,
        parent=parent,
        before=_placed(areas),
        defects=done.left,
        figures=figures,
        tables=[defect_table(done.left, lang=lang)],
    )
    tables = {"areas": done.areas, "moved": done.moved, "left": _flat(done.left)}
    return Outcome(done.summary(), tables, scene)


def _figures(found: Audit, lang: str) -> Sequence[tuple[str, str]]:
    return [
        (say("grids", lang), f"{found.areas:,}"),
        (
            say("ground", lang),
            say("km2", lang, number=f"{found.area_m2 / SQUARE_KILOMETRE_M2:,.2f}"),
        ),
        (say("defects_found", lang), f"{len(found.defects):,}"),
        (say("ignored", lang), f"{found.ignored:,}"),
    ]


def _placed(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas that have an outline."""
    return areas[areas.geometry.notna()]


def _flat(defects: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return defects as a layer of a file, whose cells hold no lists."""
    return defects.assign(ids=[" ".join(map(str, ids)) for ids in defects["ids"]])

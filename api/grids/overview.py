"""The grids of the store at a glance: figures in colour, loads, and what is wrong with borders."""

import geopandas as gpd

from api.grids.figures import balance_figures
from api.words import say
from geo.partition import audit, balance
from maps import GridScene
from maps.defects import defect_table

COLOURED = ("households", "people")
"""Counts that areas say of themselves."""


def overview(areas: gpd.GeoDataFrame, lang: str) -> GridScene:
    """
    Show the grids of one kind.

    Parameters
    ----------
    areas
        Polygons with `area_id` in a metric CRS.
    lang
        "zh" or "en".

    Returns
    -------
    scene
        Their counts in colour as far as any are known, the deviation from the mean of households,
        and the defects of their borders.
    """
    known = [name for name in COLOURED if name in areas and areas[name].notna().any()]
    figures = [(say("grids", lang), f"{len(areas):,}")]
    colours: list[str] = list(known)
    if "households" in known:
        found = balance(areas)
        areas = areas.assign(deviation=found.areas["deviation"].to_numpy())
        figures, colours = balance_figures(found, lang), ["households", "deviation", *known[1:]]
    defects = audit(areas).defects
    figures.append((say("defects_found", lang), f"{len(defects):,}"))
    return GridScene(
        areas=areas,
        colours=colours,
        defects=defects,
        figures=figures,
        tables=[defect_table(defects, lang=lang)],
    )

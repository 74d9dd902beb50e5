"""Some of the incidents: those of named kinds, classes or tags."""

import geopandas as gpd
import numpy as np
import typer

from api.incidents.statistics import coded
from data.incident_tables import CLASSES, TAGS, default_table
from geo.incidents.tagging import tagged


def chosen(incidents: gpd.GeoDataFrame, asked: str | None) -> gpd.GeoDataFrame:
    """
    Take the incidents of some kinds, classes or tags.

    Parameters
    ----------
    incidents
        n rows; `kind`, `class` and `tags` are read where present.
    asked
        Words with commas between: a kind, a class as the sheet calls it or as rows do, a tag;
        None for all.

    Returns
    -------
    incidents
        Those rows that are of any of them.

    Raises
    ------
    typer.BadParameter
        When no row is of one of the words.
    """
    if asked is None:
        return incidents
    words = [word.strip() for word in asked.replace("，", ",").split(",") if word.strip()]
    known = coded(incidents, default_table(CLASSES))
    row, code, tags = tagged(known, default_table(TAGS).drop(columns=["since", "until"]))
    kept = np.zeros(len(incidents), dtype=bool)
    for word in words:
        own = np.zeros(len(incidents), dtype=bool)
        for frame in (incidents, known):
            for column in ("kind", "class"):
                if column in frame.columns:
                    own |= frame[column].astype(object).eq(word).fillna(value=False).to_numpy(bool)
        if word in tags:
            own[row[code == tags.index(word)]] = True
        if not own.any():
            raise typer.BadParameter(
                f"{word}: 没有这一类型、类别或标签的行 / no row is of this kind, class or tag",
                param_hint="--only",
            )
        kept |= own
    return incidents[kept].reset_index(drop=True)

"""How much of the villages has grids, who works in them, and what they report."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from api.answering import SQUARE_KILOMETRE_M2, Outcome
from api.words import say
from data.codes import WORK_KINDS
from data.grid_sheets import WORK, WORKERS
from geo.partition import Gridding, GriddingRate, gridding, work_counts, worker_figures
from maps import GridScene, words
from maps.tables import TextTable


def tell_figures(
    frames: Mapping[str, gpd.GeoDataFrame], *, month: str | None, lang: str
) -> Outcome:
    """
    Tell the figures of grids, their workers and their work.

    Parameters
    ----------
    frames
        "areas" (grids) and "villages" in one metric CRS; the tables "workers" and "work" where
        they are given.
    month
        The month of the work, such as 2026-10; None for the last one that was reported.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Rates with numerator and denominator; counts by kind that add up.

    Raises
    ------
    GeoError
        When a code is missing or given twice.
    """
    rates = gridding(frames["villages"], frames["areas"])
    areas = frames["areas"]
    summary: dict[str, Any] = {"gridding": rates.summary()}
    tables: dict[str, pd.DataFrame] = {"villages": rates.villages}
    shown = [_villages(rates, lang)]
    if WORKERS in frames:
        workers = worker_figures(frames[WORKERS], areas)
        summary["workers"] = workers.to_dict("records")
        tables[WORKERS] = workers
        shown.append(_workers(workers, lang))
    if WORK in frames:
        chosen = month or str(frames[WORK]["month"].max())
        counts = work_counts(frames[WORK], areas, chosen, kinds=list(WORK_KINDS))
        summary["work"] = {"month": chosen, **counts.summary()}
        tables |= {WORK: counts.totals, "work_by_grid": counts.by_grid}
        shown.append(_work(counts.totals, chosen, lang))
    scene = GridScene(
        areas=areas,
        colours=[name for name in ("households", "people") if name in areas],
        parent=frames["villages"],
        figures=[
            (say("grids", lang), f"{len(areas):,}"),
            (say("gridded_by_count", lang), _rate(rates.by_count, 1.0, lang)),
            (say("gridded_by_area", lang), _rate(rates.by_area, SQUARE_KILOMETRE_M2, lang)),
        ],
        tables=shown,
    )
    return Outcome(summary, tables, scene)


def _rate(rate: GriddingRate, unit: float, lang: str) -> str:
    digits = 0 if rate.basis == "count" else 2
    return say(
        "of_total",
        lang,
        count=f"{rate.numerator / unit:,.{digits}f}",
        total=f"{rate.denominator / unit:,.{digits}f}",
        share=words(lang).share(rate.share),
    )


def _villages(rates: Gridding, lang: str) -> TextTable:
    """List the villages without a grid, and those that are gridded in part, the barest first."""
    say_map = words(lang)
    partly = rates.villages[~(rates.villages["gridded_share"] >= 1.0)]
    rows = [
        [
            str(row.village_id),
            say(f"setting.{row.setting}", lang),
            f"{row.grids:,}",
            say_map.share(row.gridded_share),
        ]
        for row in partly.sort_values("gridded_share", kind="stable").itertuples()
    ]
    heads = [say(key, lang) for key in ("village_head", "setting", "grids", "gridded_share")]
    return TextTable(say("villages_partly", lang), [heads, *rows], 2)


def _workers(figures: pd.DataFrame, lang: str) -> TextTable:
    columns = ("grids", "workers", "full_time", "part_time", "unknown", "vacant",
               "grids_without_worker")  # fmt: skip
    return _counts(figures, "setting", columns, say("worker_title", lang), lang)


def _work(totals: pd.DataFrame, month: str, lang: str) -> TextTable:
    columns = ("full_time", "part_time", "unknown", "total", "elsewhere")
    return _counts(totals, "kind", columns, say("work_title", lang, month=month), lang)


def _counts(
    frame: pd.DataFrame, named: str, columns: Sequence[str], title: str, lang: str
) -> TextTable:
    """Write counts as a table; what is unknown is no 0."""
    heads = [say(f"count.{named}", lang), *(say(f"count.{name}", lang) for name in columns)]
    rows = [
        [
            say(f"{named}.{row[named]}", lang),
            *("" if pd.isna(row[name]) else f"{row[name]:,.0f}" for name in columns),
        ]
        for row in frame.to_dict("records")
    ]
    return TextTable(title, [heads, *rows], 1)

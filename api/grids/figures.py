"""Loads, codes and workers of grids."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from api.answering import Outcome
from api.words import say
from geo.partition import Balance, allocate, balance, grid_codes, loads_of
from maps import GridScene, words
from maps.choropleth import FIGURES, write
from maps.tables import TextTable

COUNTED = ("buildings", "addresses", "incidents", "streets")
"""Layers that loads can be counted from."""


def weigh(
    frames: Mapping[str, gpd.GeoDataFrame], *, weights: Mapping[str, float] | None, lang: str
) -> Outcome:
    """
    Tell how evenly grids are loaded.

    Parameters
    ----------
    frames
        "areas"; any of `COUNTED`, from which loads are counted. One metric CRS.
    weights
        Measure -> weight; None for households alone.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        The figures of the load, and each grid against the mean.

    Raises
    ------
    GeoError
        When what is weighed is neither in the columns nor in the layers.
    """
    areas = _counted(frames)
    found = balance(areas, weights=weights)
    told = areas.assign(load=found.areas["load"].to_numpy(),
                        deviation=found.areas["deviation"].to_numpy())  # fmt: skip
    known = [column for column in FIGURES if column in told and told[column].notna().any()]
    scene = GridScene(
        areas=told,
        colours=["deviation", *(column for column in known if column != "load")],
        figures=balance_figures(found, lang),
        tables=[_load_table(told, found, lang)],
    )
    return Outcome(found.summary(), {"areas": told}, scene, [say("only_advice", lang)])


def number(frames: Mapping[str, gpd.GeoDataFrame], *, keep: bool, lang: str) -> Outcome:
    """
    Give grids their codes.

    Parameters
    ----------
    frames
        "areas"; "villages" where grids do not say theirs. One metric CRS.
    keep
        Whether good codes stay.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Its table "areas" is the layer with the codes.

    Raises
    ------
    GeoError
        When there are more grids than numbers, or nothing tells the villages.
    """
    areas = frames["areas"]
    found = grid_codes(areas, frames.get("villages"), keep=keep)
    table = found.table
    coded = areas.assign(
        area_id=table["code"].to_numpy(),
        former_id=table["area_id"].to_numpy(),
        parent_id=table["village_id"].to_numpy(),
    )
    summary = found.summary()
    figures = [
        (say("grids", lang), f"{summary['areas']:,}"),
        (say("codes_new", lang), f"{summary['new']:,}"),
        (say("codes_kept", lang), f"{summary['kept']:,}"),
        (say("codes_none", lang), f"{summary['without_code']:,}"),
    ]
    rows = [
        [str(row.area_id or ""), str(row.code or ""), say(f"code_state.{row.state}", lang)]
        for row in table.itertuples()
    ]
    heads = [say("old_code", lang), say("new_code", lang), say("code_state", lang)]
    faults = [
        [str(row.area_id or ""), say(f"code_fault.{row.fault}", lang)]
        for row in found.faults.itertuples()
    ]
    fault_heads = [say("old_code", lang), say("code_fault", lang)]
    tables = [
        TextTable(say("code_faults", lang), [fault_heads, *faults], 2),
        TextTable(say("code_title", lang), [heads, *rows], 3),
    ]
    scene = GridScene(areas=coded, parent=frames.get("villages"), figures=figures, tables=tables)
    return Outcome(summary, {"areas": coded, "faults": found.faults}, scene)


def allot(
    frames: Mapping[str, gpd.GeoDataFrame],
    *,
    total: int,
    least: int,
    weights: Mapping[str, float] | None,
    lang: str,
) -> Outcome:
    """
    Allot workers to grids by their load.

    Parameters
    ----------
    frames
        "areas"; any of `COUNTED`, from which loads are counted. One metric CRS.
    total
        How many workers there are.
    least
        How many each grid has at least.
    weights
        Measure -> weight; None for households alone.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Whole workers that add up to the total.

    Raises
    ------
    GeoError
        When there are too few workers, or a load is unknown.
    """
    areas = _counted(frames)
    loads = balance(areas, weights=weights).areas["load"].to_numpy()
    workers = allocate(loads, total, least=least)
    told = areas.assign(load=loads, workers=workers)
    named = told["name"] if "name" in told else told["area_id"]
    heads = [say("grid", lang), say("load", lang), say("workers", lang)]
    rows = [
        [str(name), f"{load:.2f}", f"{count:,}"]
        for name, load, count in zip(named, loads, workers, strict=True)
    ]
    scene = GridScene(
        areas=told,
        colours=["workers"],
        figures=[
            (say("grids", lang), f"{len(told):,}"),
            (say("workers_total", lang), f"{int(np.sum(workers)):,}"),
        ],
        tables=[TextTable(say("allocate_title", lang), [heads, *rows], 1)],
    )
    summary = {
        "areas": len(told),
        "workers": int(np.sum(workers)),
        "least": least,
        "by_area": [
            {"area_id": code, "load": float(load), "workers": int(count)}
            for code, load, count in zip(told["area_id"], loads, workers, strict=True)
        ],
    }
    return Outcome(summary, {"areas": told}, scene)


def balance_figures(found: Balance, lang: str) -> list[tuple[str, str]]:
    """
    Write the figures of a balance.

    Parameters
    ----------
    found
        Outcome of `geo.partition.balance`.
    lang
        "zh" or "en".

    Returns
    -------
    figures
        Labels and values, plain text.
    """
    summary, say_map = found.summary(), words(lang)
    figures = [(say("grids", lang), f"{summary['areas']:,}")]
    if summary["max_min"] is not None:
        figures.append((say("max_min", lang), f"{summary['max_min']:.2f}"))
    if summary["cv"] is not None:
        figures.append((say("cv", lang), f"{summary['cv']:.3f}"))
        figures.append(
            (say("largest_deviation", lang), say_map.share(summary["largest_deviation"]))
        )
    for measure in ("households", "people"):
        mean = summary["means"].get(measure)
        if mean is not None:
            figures.append((say(f"mean_{measure}", lang), f"{mean:,.1f}"))
        advice = summary[measure]
        if advice["judged"]:
            outside = say(
                "of_total",
                lang,
                count=f"{advice['outside']:,}",
                total=f"{advice['judged']:,}",
                share=say_map.share(advice["outside_share"]),
            )
            figures.append((say("outside_guide", lang, of=say(measure, lang)), outside))
    if summary["unknown"]:
        figures.append((say("unknown_grids", lang), f"{summary['unknown']:,}"))
    return figures


def _counted(frames: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the grids with what the layers beside them say they hold."""
    given = {role: frames[role] for role in COUNTED if role in frames}
    return loads_of(frames["areas"], **given) if given else frames["areas"]


def _load_table(areas: gpd.GeoDataFrame, found: Balance, lang: str) -> TextTable:
    """List the grids, the most loaded first, those of unknown load last."""
    say_map = words(lang)
    measures = [name for name in FIGURES if name in areas and name not in ("load", "workers")]
    heads = [
        say("grid", lang),
        say("advice", lang),
        *(say(name, lang) for name in measures),
        say("deviation", lang),
    ]
    order = np.argsort(-areas["deviation"].fillna(-np.inf).to_numpy(), kind="stable")
    rows = []
    for position in order:
        row, told = areas.iloc[position], found.areas.iloc[position]
        advice = [
            say(f"advice.{told[f'{of}_advice']}", lang, of=say(of, lang))
            for of in ("households", "people")
            if told[f"{of}_advice"] not in ("", "within")
        ]
        numbers = pd.to_numeric(row[[*measures, "deviation"]], errors="coerce").astype(float)
        rows.append(
            [
                str(row.get("name") or row["area_id"]),
                say_map("list").join(advice),
                *(write(numbers[name], name, say_map) for name in measures),
                write(numbers["deviation"], "deviation", say_map),
            ]
        )
    return TextTable(say("loads", lang), [heads, *rows], 2)

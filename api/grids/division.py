"""How a village may be divided into grids: plans side by side, each with what it changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from api.answering import Outcome
from api.words import say
from geo.partition import Division, Plan, adjacency, blocks, bridges_among, divide
from maps import GridScene, Words, words
from maps.tables import TextTable


@dataclass(frozen=True)
class DivisionOptions:
    """
    What is asked of a division.

    Parameters
    ----------
    into
        How many grids.
    weights
        Measure -> weight; None for households alone.
    tolerance
        How far a load may be from the mean, as a share of it.
    alternatives
        How many plans at most.
    seed
        Repeats the result.
    time_limit_s
        Outer limit, in seconds.
    """

    into: int
    weights: Mapping[str, float] | None = None
    tolerance: float = 0.05
    alternatives: int = 3
    seed: int = 0
    time_limit_s: float = 60.0


def plan_division(
    frames: Mapping[str, gpd.GeoDataFrame], options: DivisionOptions, *, lang: str
) -> Outcome:
    """
    Divide a village.

    Parameters
    ----------
    frames
        "village", one polygon; any of "streets", "walls", "water", "buildings", "addresses" and
        "current" (its grids of today). One metric CRS.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        The plans side by side; the page shows the first of them.

    Raises
    ------
    GeoError
        When the village cannot be divided like that.
    """
    found, ground = divided(frames, options)
    first = found.plans[0]
    pieces = [f"plan_{number}" for number in range(1, len(found.plans) + 1)]
    tables: dict[str, Any] = {}
    for name, plan in zip(pieces, found.plans, strict=True):
        tables |= {name: plan.areas, f"{name}_changes": plan.changes, f"{name}_blocks": plan.blocks}
    colours = first.areas.assign(deviation=first.balance.areas["deviation"].to_numpy())
    remarks = [say("only_a_plan", lang)]
    if found.detached:
        remarks.append(say("detached", lang, count=len(found.detached)))
    if found.stopped_by == "time":
        remarks.append(say("stopped_by_time", lang, seconds=f"{found.seconds:.0f}"))
    current = frames.get("current")
    scene = GridScene(
        areas=colours,
        colours=["deviation", *(name for name in ("households", "people") if name in colours)],
        parent=frames["village"],
        before=current,
        moved=moved_ground(first, ground) if current is not None else None,
        background={role: frames[role] for role in ("water", "buildings") if role in frames},
        figures=_figures(found, lang),
        tables=[_plans(found, lang), _changes(first, lang)],
    )
    return Outcome(found.summary(), tables, scene, remarks)


def divided(
    frames: Mapping[str, gpd.GeoDataFrame], options: DivisionOptions
) -> tuple[Division, gpd.GeoDataFrame]:
    """
    Cut a village into blocks and join them to grids.

    Parameters
    ----------
    frames
        As for `plan_division`.
    options
        What is asked.

    Returns
    -------
    division
        The plans.
    ground
        The blocks that they are made of.

    Raises
    ------
    GeoError
        When the village cannot be divided like that.
    """
    cutting = ("streets", "walls", "water", "buildings", "addresses")
    ground = blocks(frames["village"], **{role: frames[role] for role in cutting if role in frames})
    water, streets = frames.get("water"), frames.get("streets")
    bridges = None if water is None or streets is None else bridges_among(streets)
    found = divide(
        ground,
        options.into,
        current=frames.get("current"),
        neighbours=adjacency(ground, water=water, bridges=bridges),
        weights=options.weights,
        tolerance=options.tolerance,
        alternatives=options.alternatives,
        seed=options.seed,
        time_limit_s=options.time_limit_s,
    )
    return found, ground


def moved_ground(plan: Plan, ground: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the blocks that leave their grid.

    Parameters
    ----------
    plan
        A plan of a division.
    ground
        The blocks that it is made of, in the same order.

    Returns
    -------
    moved
        `from_id, to_id`, households where told, and the block.
    """
    told = ground.assign(from_id=plan.blocks["current_id"].to_numpy(),
                         to_id=plan.blocks["area_id"].to_numpy())  # fmt: skip
    return told[plan.blocks["moves"].to_numpy(dtype=bool)]


def _figures(found: Division, lang: str) -> list[tuple[str, str]]:
    say_map, first = words(lang), found.plans[0]
    figures = [
        (say("grids", lang), f"{len(first.areas):,}"),
        (say("largest_deviation", lang), say_map.share(first.largest_deviation)),
        (say("plans", lang), f"{len(found.plans):,}"),
    ]
    if found.current is not None:
        before = say_map.share(found.current.largest_deviation)
        figures.append((say("largest_deviation_now", lang), before))
    if first.moved_households is not None:
        figures.append((say("moved_households", lang), f"{first.moved_households:,.0f}"))
    return figures


def _plans(found: Division, lang: str) -> TextTable:
    say_map = words(lang)
    heads = ("plan", "certificate", "deviation_head", "max_min_head", "moved_head",
             "border_head", "gap_to_bound")  # fmt: skip
    shown = [*found.plans, *([] if found.current is None else [found.current])]
    rows = [_plan(plan, say_map, lang) for plan in shown]
    return TextTable(say("plans", lang), [[say(head, lang) for head in heads], *rows], 2)


def _plan(plan: Plan, say_map: Words, lang: str) -> list[str]:
    ratio, households = plan.balance.max_min, plan.moved_households
    searched = plan.aim != "current"
    return [
        say(f"aim.{plan.aim}", lang),
        say(f"stopped.{plan.stopped_by}", lang) if searched else "",
        say_map.share(plan.largest_deviation),
        "" if ratio is None else f"{ratio:.2f}",
        "" if households is None else f"{households:,.0f}",
        say_map.length(plan.border_length_m),
        _gap(plan, say_map, lang) if searched else "",
    ]


def _gap(plan: Plan, say_map: Words, lang: str) -> str:
    return say("no_bound", lang) if plan.gap is None else say_map.share(plan.gap)


def _changes(plan: Plan, lang: str) -> TextTable:
    heads = [say("from", lang), say("to", lang), say("blocks", lang)]
    counts = [name for name in ("households", "people") if name in plan.changes]
    rows = [
        [
            str(row["from_id"]),
            str(row["to_id"]),
            f"{row['blocks']:,}",
            *(f"{row[name]:,.0f}" for name in counts),
        ]
        for row in plan.changes.to_dict("records")
    ]
    return TextTable(
        say("changes", lang), [[*heads, *(say(name, lang) for name in counts)], *rows], 2
    )

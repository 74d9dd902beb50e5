"""Police on grids: what falls to an officer, teams that are too small, beats and their grids."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.words import say
from geo.partition import BeatMatch, match_beats, short_teams, workload
from geo.partition.workload import MEASURES
from maps import GridScene
from maps.tables import TextTable


def tell_teams(
    frames: Mapping[str, gpd.GeoDataFrame], *, by: str, least: int, lang: str
) -> Outcome:
    """
    Rank stations by what falls to one officer, and list towns under a team.

    Parameters
    ----------
    frames
        "teams"; "incidents" where they are given. One metric CRS.
    by
        One of `geo.partition.workload.MEASURES`.
    least
        How many full-time members a town's team should have.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        The ranking, the heaviest load first; towns that are short, or may be.

    Raises
    ------
    GeoError
        When ids are missing, or nothing tells how many officers there are.
    """
    teams = frames["teams"]
    found = workload(teams, frames.get("incidents"), by=by)
    summary = found.summary() | {"ranking": found.table.to_dict("records")}
    names = dict(zip(teams["team_id"].astype(str), _names(teams, "team_id"), strict=True))
    tables = [
        TextTable(
            say("teams_title", lang),
            [
                [say(key, lang) for key in ("rank", "team", "officers", *_heads())],
                *(_team(row, names, lang) for row in found.table.to_dict("records")),
            ],
            2,
        )
    ]
    layers: dict[str, pd.DataFrame] = {"ranking": found.table}
    if "full_time" in teams and "parent_id" in teams:
        towns = teams[teams["parent_id"].notna()].rename(columns={"parent_id": "town_id"})
        short = short_teams(towns, least=least)
        summary["short_teams"] = short.to_dict("records")
        layers["short_teams"] = short
        heads = [say(key, lang) for key in ("town", "code_state", "full_time", "missing_members")]
        rows = [
            [str(row.town_id), say(f"team_state.{row.state}", lang), _count(row.full_time),
             _count(row.missing)]
            for row in short.itertuples()
        ]  # fmt: skip
        tables.append(TextTable(say("short_teams", lang, least=least), [heads, *rows], 2))
    shown = teams.rename(columns={"team_id": "area_id"})
    scene = GridScene(
        areas=shown,
        colours=["people"] if "people" in shown else [],
        figures=[
            (say("teams", lang), f"{len(teams):,}"),
            (say("officers", lang), _count(found.summary()["officers"])),
            (say("without_rate", lang), f"{len(found.without_rate):,}"),
        ],
        tables=tables,
    )
    return Outcome(summary, layers, scene)


def tell_beats(frames: Mapping[str, gpd.GeoDataFrame], *, lang: str) -> Outcome:
    """
    Match police beats with grids.

    Parameters
    ----------
    frames
        "areas" (grids) and "beats"; "addresses" where households are given. One metric CRS.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        Pairs of beat and grid; grids without a beat or with two, beats without a grid.

    Raises
    ------
    GeoError
        When codes are missing or given twice.
    """
    found = match_beats(frames["beats"], frames["areas"], frames.get("addresses"))
    counts = {
        "vacancies": found.vacancies,
        "double_posts": found.double_posts,
        "orphans": found.orphans,
    }
    heads = [say(key, lang) for key in ("beats_kind", "codes_listed")]
    rows = [[say(key, lang), code] for key, codes in counts.items() for code in codes]
    scene = GridScene(
        areas=frames["areas"],
        parent=frames["beats"],
        before=frames["beats"],
        figures=[
            (say("grids", lang), f"{len(frames['areas']):,}"),
            (say("beats", lang), f"{len(frames['beats']):,}"),
            *((say(key, lang), f"{len(codes):,}") for key, codes in counts.items()),
        ],
        tables=[TextTable(say("beats_unmatched", lang), [heads, *rows], 2), _pairs(found, lang)],
    )
    return Outcome(found.summary(), {"pairs": found.table}, scene)


def _pairs(found: BeatMatch, lang: str) -> TextTable:
    heads = [say(key, lang) for key in ("beat", "grid", "main_beat", "grid_share")]
    rows = [
        [str(row.beat_id), str(row.grid_id), say("yes", lang) if row.main else "",
         f"{100.0 * row.grid_share:.1f}%"]
        for row in found.table.itertuples()
    ]  # fmt: skip
    return TextTable(say("beats_title", lang), [heads, *rows], 3)


def _heads() -> list[str]:
    return [f"{name}_per_officer" for name in MEASURES]


def _team(row: Mapping[str, object], names: Mapping[str, str], lang: str) -> list[str]:
    """Write one line of the ranking; what cannot be told is no 0."""
    rates = [row[name] for name in _heads()]
    rank = row["rank"]
    return [
        say("no_rank", lang) if pd.isna(rank) else str(rank),
        names.get(str(row["team_id"]), str(row["team_id"])),
        _count(row["officers"]),
        *("" if pd.isna(rate) else f"{rate:,.2f}" for rate in rates),
    ]


def _count(number: object) -> str:
    return "" if pd.isna(number) else f"{number:,.0f}"


def _names(frame: pd.DataFrame, column: str) -> list[str]:
    """Return the names of rows, or their codes where they have none."""
    codes = frame[column].astype(str)
    named = frame.get("name", codes)
    return named.where(named.notna(), codes).astype(str).tolist()

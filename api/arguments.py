"""Options that several commands share, and what the repeated ones mean for each layer."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.posts import wish_of
from data import ALIASES
from geo.posts import Wish

Lang = Annotated[Literal["zh", "en"], typer.Option(help="语言 / Language.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="端口 / Port on this machine.")]
Database = Annotated[
    str | None,
    typer.Option(
        help="数据库 / sqlite:///FILE or postgresql+psycopg://...; GRIDPATROL_DATABASE_URL."
    ),
]

Area = Annotated[
    str | None,
    typer.Option(help="网格编号，从数据库计算 / Code of a stored area: run from the store."),
]

On = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="按这一天的边界和数据计算 / As everything was stored for this day: 2025-12-31.",
    ),
]

Out = Annotated[
    Path | None,
    typer.Option(help="结果文件夹 / Folder for result.gpkg, map.html and summary.json."),
]
Json = Annotated[
    bool, typer.Option("--json", help="只在标准输出打印汇总 / Print the summary alone, as JSON.")
]
Datums = Annotated[
    list[str] | None,
    typer.Option(
        help="坐标基准 wgs84 gcj02 bd09 cgcs2000，可按图层写 / Datum of the coordinates, for all "
        "layers or for one: cameras=gcj02."
    ),
]
CrsOptions = Annotated[
    list[str] | None,
    typer.Option("--crs", help="坐标系 / CRS of the coordinates: EPSG:4545 or posts=EPSG:4545."),
]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", help="列名对应 ours=theirs / Our column = the head to take for it."),
]
Streets = Annotated[
    str | None, typer.Argument(help="街道 / Streets: FILE or FILE:LAYER.", show_default=False)
]
Posts = Annotated[
    str | None,
    typer.Argument(help="观察哨 / Observation posts: FILE or FILE:LAYER.", show_default=False),
]
Cameras = Annotated[
    str | None, typer.Argument(help="摄像机 / Cameras: FILE or FILE:LAYER.", show_default=False)
]
Within = Annotated[
    str | None,
    typer.Option(help="只计这些网格内的街面 / Only stretches inside these areas are due."),
]
Classes = Annotated[
    str | None,
    typer.Option(help="只计这些等级的街道 / Only these classes are due: residential,tertiary."),
]
Areas = Annotated[str | None, typer.Option(help="网格 / Areas to divide the figures among.")]

PLACES = ("lon", "lat", "x", "y", "geometry")
"""What `--map` may name besides our columns: where a table keeps its places."""


def require_one_way(
    sites: str,
    files: Mapping[str, str | None],
    options: Mapping[str, object],
    *,
    area: str | None,
    database: str | None,
) -> None:
    """
    Refuse a run that is asked neither from files nor from the store, or from both.

    Parameters
    ----------
    sites
        "posts" or "cameras".
    files
        Role -> file or None.
    options
        Name -> what an option that speaks of files was given; none is empty.
    area
        `--area`.
    database
        `--database`.

    Raises
    ------
    typer.BadParameter
        When there is no single way; the message names what to give or to leave out.
    """
    if not area:
        if database is not None:
            raise typer.BadParameter(
                "要与 --area 一起使用 / goes with --area CODE", param_hint="--database"
            )
        missing = [role for role in ("streets", sites) if not files[role]]
        if missing:
            raise typer.BadParameter(
                f"请给出文件 STREETS {sites.upper()}，或用 --area 网格编号 从数据库计算 / "
                f"give the files STREETS {sites.upper()}, or --area CODE to run from the store",
                param_hint=" ".join(map(str.upper, missing)),
            )
        return
    named = {
        role.upper() if role in ("streets", sites) else f"--{role.replace('_', '-')}": value
        for role, value in {**files, **options}.items()
    }
    given = [name for name, value in named.items() if value]
    if given:
        raise typer.BadParameter(
            f"从数据库计算，请去掉 / runs from the store; leave out: {', '.join(given)}",
            param_hint="--area",
        )


def by_role(values: Sequence[str], roles: Iterable[str], option: str) -> dict[str, str]:
    """
    Tell which layer takes which value of an option such as `--datum`.

    Parameters
    ----------
    values
        "gcj02" for all layers, or "cameras=gcj02" for one; the latter wins.
    roles
        The layers of this run.
    option
        The option, for the message.

    Returns
    -------
    chosen
        Role -> value, for the roles that have one.

    Raises
    ------
    typer.BadParameter
        When a layer is named that this run does not have.
    """
    known = list(roles)
    chosen: dict[str, str] = {}
    for value in sorted(values, key=lambda text: "=" in text):
        role, equals, text = value.partition("=")
        if not equals:
            chosen = dict.fromkeys(known, value)
        elif role in known:
            chosen[role] = text
        else:
            raise typer.BadParameter(
                f"{value}: 没有“{role}”这个图层，可用 / no such layer, use one of: "
                f"{', '.join(known)}",
                param_hint=option,
            )
    return chosen


def column_maps(values: Sequence[str], kinds: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """
    Tell which layer takes which `--map ours=theirs`.

    Parameters
    ----------
    values
        "camera_id=编号", or "cameras.name=点位" where several layers have such a column.
    kinds
        Role -> kind of layer of this run.

    Returns
    -------
    maps
        Role -> our column -> their head.

    Raises
    ------
    typer.BadParameter
        When a value is not of that form, names no column of this run, or several layers have it.
    """
    maps: dict[str, dict[str, str]] = {role: {} for role in kinds}
    for value in values:
        ours, equals, theirs = value.partition("=")
        role, dot, column = ours.rpartition(".")
        owners = [r for r, kind in kinds.items() if column in ALIASES[kind] or column in PLACES]
        if dot:
            owners = [r for r in owners if r == role]
        if not (equals and theirs and column and owners):
            raise typer.BadParameter(
                f"{value}: 应写成 ours=theirs，例如 / write ours=theirs, such as camera_id=编号, "
                f"cameras.name=点位",
                param_hint="--map",
            )
        if len(owners) > 1:
            raise typer.BadParameter(
                f"{value}: {', '.join(owners)} 都有这一列，请写明 / have this column, write "
                f"{owners[-1]}.{column}={theirs}",
                param_hint="--map",
            )
        maps[owners[0]][column] = theirs
    return maps


def read_wish(
    propose: str | None, *, rearrange: bool, share: float = 0.0, areas: str | None = None
) -> Wish | None:
    """
    Read `--propose` and `--share`.

    Parameters
    ----------
    propose
        A number of posts, or "full"; None for no proposal.
    rearrange
        Whether posts that stand may be moved.
    share
        The least covered share of each area; 0.0 for none.
    areas
        `--areas`.

    Returns
    -------
    wish
        What is to be proposed, or None.

    Raises
    ------
    typer.BadParameter
        When it is neither a number of 0 or more nor "full"; or when a share comes without a
        number, or without areas to share among.
    """
    if share and (propose in (None, "full") or areas is None):
        raise typer.BadParameter(
            "要与 --propose 处数 和 --areas 网格 一起使用 / goes with --propose N and --areas FILE",
            param_hint="--share",
        )
    if propose is None:
        return None
    if propose != "full" and not propose.isdecimal():
        raise typer.BadParameter(
            f"{propose}: 应为数字或 full / must be a number, or full", param_hint="--propose"
        )
    return wish_of(propose, rearrange=rearrange, share=share)

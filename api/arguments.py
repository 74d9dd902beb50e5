"""Options that several commands share, and what the repeated ones mean for each layer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal

import typer

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
        role.upper() if role in ("streets", sites) else f"--{role}": value
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


def wish_of(propose: str | None, *, rearrange: bool) -> Wish | None:
    """
    Read `--propose`.

    Parameters
    ----------
    propose
        A number of posts, or "full"; None for no proposal.
    rearrange
        Whether posts that stand may be moved.

    Returns
    -------
    wish
        What is to be proposed, or None.

    Raises
    ------
    typer.BadParameter
        When it is neither a number of 0 or more nor "full".
    """
    if propose is None:
        return None
    if propose == "full":
        return Wish(rearrange=rearrange)
    if not propose.isdecimal():
        raise typer.BadParameter(
            f"{propose}: 应为数字或 full / must be a number, or full", param_hint="--propose"
        )
    return Wish(int(propose), rearrange=rearrange)

"""Commands over the store: bringing layers in, and serving them."""

import datetime as dt
import secrets
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
import uvicorn
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from api.app import create_app
from api.arguments import Database, Lang, Port, column_maps
from api.doubts import doubted
from api.settings import Settings
from api.words import say
from data import KINDS, Layer, Note
from data.divisions import DIVISIONS, read_divisions
from data.fixes import TRACKS, import_fixes, settle_fixes
from data.importing import ImportReport, import_layer
from data.incident_sheets import SHEET_HEADS, read_table
from data.incident_store import import_table
from data.ledgers import read_stored
from data.migrate import upgrade
from data.models import LAYERS
from data.position_tables import POLICE
from data.scope import LINES, Scope
from data.settling import settle
from data.store import Store
from data.succession import stored_changes
from data.tree import DivisionReport, divisions, import_divisions
from data.workbook import LISTS, write_list_quarantine, write_quarantine, write_template

LOOPBACK: Final = "127.0.0.1"
"""Where a service listens that only this machine reaches."""

STORED: Final = (*LAYERS, TRACKS, DIVISIONS, *SHEET_HEADS)
"""What can be imported."""

TEMPLATES: Final = (*KINDS, *LISTS)
"""What there are templates for."""

app = typer.Typer()


@app.command(name="import")
def import_(
    kind: Annotated[
        str, typer.Argument(help=f"图层或区划 / Layer, or divisions: {', '.join(STORED)}.")
    ],
    file: Annotated[str, typer.Argument(help="文件 / FILE or FILE:LAYER.")],
    *,
    division: Annotated[str, typer.Option(help="区划代码 / Division code of the rows.")] = "",
    line: Annotated[
        Literal["police", "governance", "public"] | None,
        typer.Option(help="条线 / Line of work of the rows."),
    ] = None,
    datum: Annotated[str | None, typer.Option(help="坐标基准 / Datum of the coordinates.")] = None,
    crs: Annotated[str | None, typer.Option(help="坐标系 / CRS of the coordinates.")] = None,
    map_: Annotated[list[str] | None, typer.Option("--map", help="列名对应 ours=theirs.")] = None,
    unit: Annotated[
        str | None,
        typer.Option(help="轨迹的单元，文件里没写时 / Unit of tracks, where the file names none."),
    ] = None,
    since: Annotated[
        dt.datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="生效日期：原来的边界保留到这一天 / First day on which the rows hold; what they "
            "replace is kept up to it.",
        ),
    ] = None,
    quarantine: Annotated[
        Path | None, typer.Option(help="未用的行写成工作簿 / Workbook for the rows set aside.")
    ] = None,
    database: Database = None,
    lang: Lang = "zh",
) -> None:
    """
    把一个图层或区划名单存入数据库 / Store a layer, or a list of divisions.

    可用的行存入，其余的连同原因另存 / Good rows go in, bad ones are kept with their reasons.

    事项类别、标签、颜色表（classes、tags、colours）供全库使用，改动从 --from（默认今天）起有效，
    以前的版本保留 / Sheets of classes, tags and colours serve the whole store; changes hold from
    --from on (today), and former versions are kept.

    区划名单的列：区划代码、名称，可加上级代码、曾用代码；写了曾用代码，旧代码的数据就归到新代码 /
    Columns of divisions: code, name, and maybe parent_code and old_code; rows that carry an
    old_code then belong to the new one.
    """
    _require_kind(kind, STORED)
    if division and not division.isdecimal():
        raise typer.BadParameter(f"{division}: 应为数字 / must be digits", param_hint="--division")
    day = since and since.date()
    if kind in (DIVISIONS, *SHEET_HEADS):
        of_layers = {"division": division, "line": line, "datum": datum, "crs": crs, "map": map_,
                     "unit": unit}  # fmt: skip
        _require_none(of_layers)
        if kind == DIVISIONS:
            _import_divisions(file, quarantine, database, lang, day)
        else:
            _import_table(file, kind, quarantine, database, lang, day)
        return
    if kind == TRACKS:
        _require_plain_tracks(line, day)
    elif unit:
        raise typer.BadParameter("只用于轨迹 / for tracks alone", param_hint="--unit")
    columns = column_maps(map_ or [], {kind: kind})[kind]
    layer = read_stored(file, kind, datum=datum, crs=crs, columns=columns)
    with open_store(database) as store:
        layer = doubted(store, layer)
        if kind == TRACKS:
            layer = settle_fixes(store, layer, unit=unit, division=division)
            report = import_fixes(store, layer, division=division)
        else:
            layer = settle(store, layer, division=division)
            report = import_layer(store, layer, division=division, line=line, since=day)
    if quarantine is not None and len(layer.quarantine):
        write_quarantine(layer, quarantine)
    show_report(layer.source, layer.notes, report, Console(), lang=lang)


def _import_divisions(
    file: str, quarantine: Path | None, database: str | None, lang: str, day: dt.date | None
) -> None:
    """Store a list of divisions, held against those that are stored already."""
    with open_store(database) as store:
        known = divisions(store)["code"].tolist()
        listed = read_divisions(file, known=known, changes=stored_changes(store.engine))
        report = import_divisions(store, listed, on=day)
    if quarantine is not None and len(listed.quarantine):
        write_list_quarantine(DIVISIONS, listed.quarantine, quarantine)
    show_report(listed.source, listed.notes, report, Console(), lang=lang)


def _import_table(
    file: str,
    kind: str,
    quarantine: Path | None,
    database: str | None,
    lang: str,
    day: dt.date | None,
) -> None:
    """Store a sheet of classes, tags or colours: what it changes holds from a day on."""
    table = read_table(file, kind)
    with open_store(database) as store:
        report = import_table(store, table, since=day)
    if quarantine is not None and len(table.quarantine):
        write_list_quarantine(kind, table.quarantine, quarantine)
    show_report(table.source, table.notes, report, Console(), lang=lang)


@app.command()
def template(
    kind: Annotated[
        str, typer.Argument(help=f"图层或区划 / Layer, or divisions: {', '.join(TEMPLATES)}.")
    ],
    *,
    out: Annotated[Path | None, typer.Option(help="文件 / The .xlsx file.")] = None,
    lang: Lang = "zh",
) -> None:
    """写出一个填报模板 / Write an XLSX template for a layer, with its columns explained."""
    _require_kind(kind, TEMPLATES)
    path = out or Path(f"{kind}.xlsx")
    write_template(kind, path)
    said = "template_written" if kind in STORED else "template_written_file"
    Console().print(say(said, lang, file=path), markup=False, soft_wrap=True)


@app.command()
def serve(
    *,
    database: Database = None,
    host: Annotated[str, typer.Option(help="地址 / Address to listen on.")] = LOOPBACK,
    port: Port = 8737,
    scope: Annotated[
        str | None,
        typer.Option(help="授权范围 / Scope: DIVISION:LINE,LINE such as 610981:governance,public."),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """打开网页服务 / Serve the maps and the data of the store."""
    settings = Settings()
    alone = host == LOOPBACK
    # Whoever else can reach the service gets one scope, by its token, and changes nothing.
    if not alone and (scope is None or settings.reader_token is None):
        raise typer.BadParameter(say("need_scope", lang, host=host), param_hint="--host")
    chosen = Scope() if scope is None else scope_of(scope, write=alone)
    with open_store(database) as opened:
        run_service(opened.scoped(chosen), settings, host, port, lang)


def _require_kind(kind: str, kinds: Iterable[str]) -> None:
    if kind not in kinds:
        raise typer.BadParameter(
            f"{kind}: 可用 / use one of: {', '.join(kinds)}", param_hint="KIND"
        )


def _require_plain_tracks(line: str | None, day: dt.date | None) -> None:
    """Refuse options that positions have no use for."""
    given = {"--line": line not in (None, POLICE), "--from": day is not None}
    names = [name for name, meant in given.items() if meant]
    if names:
        raise typer.BadParameter(
            "轨迹属公安条线，时间写在每个定位点里，请去掉 / positions are the police's and bear "
            "their times; leave it out",
            param_hint=" ".join(names),
        )


def _require_none(given: Mapping[str, object]) -> None:
    """Refuse options that a list without places and owners has no use for."""
    names = [f"--{name}" for name, value in given.items() if value]
    if names:
        raise typer.BadParameter(
            "名单和类别、标签、颜色表不用这些选项，请去掉 / lists of divisions and sheets of "
            "classes, tags and colours take none of these; leave them out",
            param_hint=" ".join(names),
        )


@contextmanager
def open_store(database: str | None) -> Iterator[Store]:
    """
    Open the store of the command line, brought to the newest tables, and close it at the end.

    Parameters
    ----------
    database
        A URL; None for the setting `GRIDPATROL_DATABASE_URL`.

    Yields
    ------
    store
        Opened for the whole, as local use is.
    """
    url = database or Settings().database_url
    upgrade(url)
    store = Store.open(url)
    try:
        yield store
    finally:
        store.engine.dispose()


def scope_of(text: str, *, write: bool) -> Scope:
    """
    Read a scope as the command line writes it.

    Parameters
    ----------
    text
        "610981:governance,public": a division (may be empty) and lines.
    write
        Whether it may write, and know of covert posts.

    Returns
    -------
    scope
        Named by its text.

    Raises
    ------
    typer.BadParameter
        When the division is no code, or a line is unknown.
    """
    division, _, lines = text.partition(":")
    chosen = frozenset(filter(None, lines.split(","))) or frozenset(LINES)
    rights = frozenset({"write", "covert"}) if write else frozenset()
    try:
        return Scope(division, chosen, rights, name=text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--scope") from error


def stock(store: Store, layers: Iterable[Layer], *, division: str) -> Mapping[str, ImportReport]:
    """
    Store several layers, areas first.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    layers
        As read.
    division
        The division of rows that lie in no area.

    Returns
    -------
    reports
        Kind -> report.
    """
    # Points get their division from the areas.
    ordered = sorted(layers, key=lambda layer: layer.kind != "areas")
    return {layer.kind: import_layer(store, layer, division=division) for layer in ordered}


def show_report(
    source: str,
    notes: Iterable[Note],
    report: ImportReport | DivisionReport,
    console: Console,
    *,
    lang: str,
) -> None:
    """
    Print what became of the rows of an import.

    Parameters
    ----------
    source
        What was read.
    notes
        What the reader and the store say of it.
    report
        As stored.
    console
        Where to print.
    lang
        "zh" or "en".
    """
    table = Table(title=f"{say('import_title', lang)} · {source}", title_justify="left")
    table.add_column(say("figure", lang))
    table.add_column(say("value", lang), justify="right")
    for name, count in asdict(report).items():
        if name != "import_id" and (count or name in ("rows_read", "added")):
            table.add_row(say(name, lang), f"{count:,}")
    console.print(table)
    for note in notes:
        console.print(f"[dim]{say('note', lang)}[/] ", end="")
        console.print(note.text(lang), markup=False, highlight=False)
    console.print(say("next_serve", lang), markup=False, soft_wrap=True)


def run_service(store: Store, settings: Settings, host: str, port: int, lang: str) -> None:
    """
    Serve a store until interrupted, and print where.

    Parameters
    ----------
    store
        Opened for the scope that every request gets.
    settings
        From the environment; on loopback it gets a token that works once.
    host
        Address to listen on.
    port
        Port to listen on.
    lang
        "zh" or "en".

    Raises
    ------
    OSError
        When the port is taken.
    """
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise OSError(say("port_taken", lang, port=port))
    token = secrets.token_urlsafe(16)
    changes: dict[str, object] = {"lang": lang}
    if host == LOOPBACK:
        changes["open_token"] = SecretStr(token)
        url = f"http://{host}:{port}/?token={token}"
        Console().print(say("serving", lang, url=url), markup=False, soft_wrap=True)
    else:
        Console().print(say("serving_others", lang, url=f"http://{host}:{port}/"), markup=False)
    service = create_app(settings.model_copy(update=changes), store)
    uvicorn.run(service, host=host, port=port, log_level="warning")

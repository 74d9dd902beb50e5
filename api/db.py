"""Commands over the database as a whole: `gridpatrol db upgrade | check | backup | ...`."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.arguments import Database, Json, Lang
from api.restricted import views_told
from api.routes.views import LARGEST_LIST
from api.settings import Settings
from api.stock import open_store
from api.words import say
from data.backup import backup, restore
from data.engine import shown
from data.export import to_json
from data.ids import LARGEST_ID
from data.migrate import check, connected, upgrade
from data.retention import MOST_KEEP_DAYS, purge_positions

Copy = Annotated[Path, typer.Argument(help="备份文件 / File of the backup.")]

app = typer.Typer(no_args_is_help=True, help="数据库 / The database as a whole.")


@app.command(name="upgrade")
def upgrade_(*, database: Database = None, lang: Lang = "zh") -> None:
    """建立或升级数据库的表 / Make the tables, or bring them to this program."""
    url = _url(database)
    upgrade(url)
    _say("db_current", lang, url=shown(url), head=check(url).head)


@app.command(name="check")
def check_(*, database: Database = None, lang: Lang = "zh") -> None:
    """检查数据库的表是否最新 / Tell whether the tables are those of this program."""
    url = _url(database)
    state = check(url)
    if state.current:
        _say("db_current", lang, url=shown(url), head=state.head)
        return
    if state.revision != state.head:
        steps = {"revision": state.revision or 0, "head": state.head}
        _say("db_behind", lang, url=shown(url), **steps)
    else:
        differences = "\n".join(state.differences)
        _say("db_differs", lang, url=shown(url), differences=differences)
    raise typer.Exit(1)


@app.command(name="backup")
def backup_(file: Copy, *, database: Database = None, lang: Lang = "zh") -> None:
    """备份整个数据库，期间可照常使用 / Copy the whole database while it is in use."""
    backup(_url(database), file)
    _say("db_backed_up", lang, file=file)


@app.command(name="restore")
def restore_(file: Copy, *, database: Database = None, lang: Lang = "zh") -> None:
    """把备份恢复到空的数据库 / Fill an empty database from a backup."""
    url = _url(database)
    restore(url, file)
    _say("db_restored", lang, file=file)
    # The copy may be older than this program.
    upgrade(url)
    _say("db_current", lang, url=shown(url), head=check(url).head)


@app.command(name="views")
def views_(
    *,
    limit: Annotated[
        int, typer.Option(min=1, max=LARGEST_LIST, help="最多几条 / Views at most.")
    ] = 100,
    before: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="这条以前的 / Views before this one.")
    ] = None,
    json: Json = False,
    database: Database = None,
    lang: Lang = "zh",
) -> None:
    """谁在何时看过暗哨 / Who looked at covert posts, the newest first."""
    url = _url(database)
    with connected(url):
        pass  # opening would make the file of a store that is not there
    with open_store(url) as store:
        told = views_told(store, before=before, limit=limit, lang=lang)
    if json:
        sys.stdout.write(to_json(told) + "\n")
        return
    if not told["views"]:
        Console().print(told["message"], markup=False, highlight=False, soft_wrap=True)
        return
    table = Table(title=say("views_title", lang), title_justify="left")
    for key in ("view_at", "view_who", "view_division", "view_what", "view_area", "view_rows"):
        table.add_column(say(key, lang))
    for view in told["views"]:
        cells = (view[key] for key in ("local", "who", "division", "what", "area", "rows_seen"))
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in cells))
    Console().print(table)
    if told["before"] is not None:
        _say("more_views", lang, before=told["before"])


@app.command(name="purge-positions")
def purge_(
    *,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_KEEP_DAYS, help="保留几天 / Days to keep; as set."),
    ] = None,
    database: Database = None,
    lang: Lang = "zh",
) -> None:
    """清除到期的巡逻轨迹，保留巡段结果 / Delete positions kept long enough; results stay."""
    url = _url(database)
    with connected(url):
        pass  # opening would make the file of a store that is not there
    with open_store(url) as store:
        keep = Settings().positions_keep_days if days is None else days
        done = purge_positions(store, store.today(), keep)
    _say("positions_purged", lang, days=keep, deleted=done.deleted)
    if done.overdue:
        _say("positions_overdue", lang, count=done.overdue, most=MOST_KEEP_DAYS)
    if done.waiting:
        _say("positions_waiting", lang, count=done.waiting, most=MOST_KEEP_DAYS)


def _url(database: str | None) -> str:
    return database or Settings().database_url


def _say(key: str, lang: str, **values: object) -> None:
    Console().print(say(key, lang, **values), markup=False, highlight=False, soft_wrap=True)

"""Commands over the database as a whole: `gridpatrol db upgrade | check | backup | restore`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.arguments import Database, Lang
from api.settings import Settings
from api.words import say
from data.backup import backup, restore
from data.engine import shown
from data.migrate import check, upgrade

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


def _url(database: str | None) -> str:
    return database or Settings().database_url


def _say(key: str, lang: str, **values: object) -> None:
    Console().print(say(key, lang, **values), markup=False, highlight=False, soft_wrap=True)

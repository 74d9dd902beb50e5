"""The command line: files in, a result, a map and a summary out."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.arguments import Lang, Port, by_role, column_maps
from api.db import app as db_app
from api.demo import database_of, make_demo, store_town
from api.report import show_run
from api.services import run, write
from api.settings import Settings
from api.stock import LOOPBACK, run_service
from api.stock import app as stock_app
from api.words import WORDS, say
from data import DataError, read_layer
from data.export import to_json
from data.store import Store
from geo import DueRule, GeoError
from maps import MapsError

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
Streets = Annotated[str, typer.Argument(help="街道 / Streets: FILE or FILE:LAYER.")]
Within = Annotated[
    str | None,
    typer.Option(help="只计这些网格内的街面 / Only stretches inside these areas are due."),
]
Classes = Annotated[
    str | None,
    typer.Option(help="只计这些等级的街道 / Only these classes are due: residential,tertiary."),
]
Areas = Annotated[str | None, typer.Option(help="网格 / Areas to divide the figures among.")]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
)


app.add_typer(stock_app)
app.add_typer(db_app, name="db")


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, help="版本 / Print the version.")
    ] = False,
) -> None:
    """网格巡防：街面覆盖与空白 / Street coverage by posts and cameras, and its gaps."""
    if version:
        typer.echo(f"gridpatrol {metadata.version('gridpatrol')}")
        raise typer.Exit


@app.command()
def posts(
    streets: Streets,
    posts: Annotated[str, typer.Argument(help="观察哨 / Observation posts: FILE or FILE:LAYER.")],
    *,
    reach: Annotated[
        float, typer.Option(help="可视距离（米） / How far a post sees, metres.")
    ] = 50.0,
    areas: Areas = None,
    within: Within = None,
    classes: Classes = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """观察哨看住了哪些街面 / Which streets observation posts cover."""
    if not 0 < reach < float("inf"):
        raise typer.BadParameter(f"{reach}: 应大于 0 / must be above 0", param_hint="--reach")
    specs = {"streets": streets, "posts": posts, "areas": areas, "within": within}
    options = {"datum": datum or [], "crs": crs or [], "map": map_ or []}
    rule = _rule(classes)
    _analyse("posts", specs, options, out=out, json=json, lang=lang, due=rule, reach_m=reach)


@app.command()
def cameras(
    streets: Streets,
    cameras: Annotated[str, typer.Argument(help="摄像机 / Cameras: FILE or FILE:LAYER.")],
    *,
    areas: Areas = None,
    within: Within = None,
    classes: Classes = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """摄像机看住了哪些街面 / Which streets cameras cover."""
    specs = {"streets": streets, "cameras": cameras, "areas": areas, "within": within}
    options = {"datum": datum or [], "crs": crs or [], "map": map_ or []}
    _analyse("cameras", specs, options, out=out, json=json, lang=lang, due=_rule(classes))


@app.command()
def demo(
    *,
    serve: Annotated[bool, typer.Option(help="打开网页服务 / Serve the page.")] = True,
    out: Annotated[Path, typer.Option(help="结果文件夹 / Folder for the results.")] = Path(
        "demo-out"
    ),
    port: Port = 8737,
    lang: Lang = "zh",
) -> None:
    """生成示例城镇，计算覆盖并打开地图 / Make a demo town, compute its coverage, show the map."""
    console = Console()
    with _progress() as progress:

        def step(key: str) -> None:
            progress.update(task, description=say(key, lang))

        task = progress.add_task("")
        runs, files = make_demo(out, step, lang=lang)
        step("storing")
        store_town(out)
    for done in runs:
        show_run(done, files, console, lang=lang)
    if serve:
        run_service(Store.open(database_of(out)), Settings(), LOOPBACK, port, lang)


def main() -> None:
    """Run the command line: exit 0 done, 1 failed, 2 usage."""
    try:
        app()
    except DataError as error:
        _fail(error.text)
    except OSError as error:
        _fail(partial(_said, error))
    except (GeoError, MapsError) as error:
        text = str(error)
        _fail(lambda _: text)


def _said(error: OSError, lang: str) -> str:
    """Put an error of the system in words that say what to do, where we know them."""
    key = f"errno.{error.errno}"
    if error.filename is None or key not in WORDS:
        return str(error)
    return say("os_error", lang, file=error.filename, what=say(key, lang))


def _asked_lang(arguments: list[str]) -> str:
    """Find the language asked for, before or without parsing the rest."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument in ("--lang=en", "--lang=zh"):
            return argument[-2:]
        if argument == "--lang" and following in ("en", "zh"):
            return following
    return "zh"


def _fail(text: Callable[[str], str]) -> None:
    """Say what failed in the language asked for, and stop."""
    lang = _asked_lang(sys.argv[1:])
    Console(stderr=True).print(say("failed", lang, what=text(lang)), markup=False, soft_wrap=True)
    sys.exit(1)


def _analyse(
    sites: str,
    asked: Mapping[str, str | None],
    options: Mapping[str, list[str]],
    *,
    out: Path | None,
    json: bool,
    lang: str,
    **parameters: Any,  # noqa: ANN401 - passed on
) -> None:
    """Read the layers, compute, write, and print."""
    specs = {role: spec for role, spec in asked.items() if spec}
    kinds = {role: "areas" if role == "within" else role for role in specs}
    datums = by_role(options["datum"], specs, "--datum")
    systems = by_role(options["crs"], specs, "--crs")
    columns = column_maps(options["map"], kinds)
    with _progress() as progress:
        task = progress.add_task("", total=len(specs) + 2)
        layers = {}
        for role, spec in specs.items():
            progress.update(task, description=say("reading", lang, what=say(role, lang)), advance=1)
            layers[role] = read_layer(
                spec,
                kinds[role],
                datum=datums.get(role),
                crs=systems.get(role),
                columns=columns[role],
            )
        progress.update(task, description=say("computing", lang), advance=1)
        done = run(sites, layers, **parameters)
        progress.update(task, description=say("writing", lang), advance=1)
        files = write(done, out, title=say(f"{sites}_title", lang), lang=lang) if out else {}
    if json:
        sys.stdout.write(to_json(done.summary()) + "\n")
        return
    show_run(done, files, Console(), lang=lang)


def _rule(classes: str | None) -> DueRule:
    """Make the rule of what is due from `--classes`."""
    if classes is None:
        return DueRule()
    return DueRule(classes=frozenset(name.strip().lower() for name in classes.split(",")))


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )

"""The command line: files or a stored area in, a result, a map and a summary out."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.arguments import Area, Database, Lang, Port, by_role, column_maps, require_one_way, wish_of
from api.db import app as db_app
from api.demo import database_of, make_demo, store_town
from api.posts import PostOptions
from api.report import show_run
from api.sentences import GEO_TEXTS
from api.services import run, write
from api.settings import Settings
from api.stock import LOOPBACK, open_store, run_service
from api.stock import app as stock_app
from api.stored import stored_layers
from api.words import WORDS, say
from data import DataError, Layer, read_layer
from data.export import to_json
from data.migrate import connected
from geo import DueRule, GeoError
from geo.duty import read_hours
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

KINDS_OF_ROLES: Final = {"within": "areas", "forbid": "areas", "keep": "posts"}
"""Role of a file in a run -> kind of layer, where it is another."""

Read = Callable[[Callable[[str], None]], Mapping[str, Layer]]
"""Reads the layers of a run, role -> layer, and tells what it is about to read."""

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
    streets: Streets = None,
    posts: Posts = None,
    *,
    area: Area = None,
    database: Database = None,
    reach: Annotated[
        float, typer.Option(help="可视距离（米） / How far a post sees, metres.")
    ] = 50.0,
    distance: Annotated[
        Literal["street", "straight"],
        typer.Option(help="沿街或直线 / Along the street, or as the crow flies."),
    ] = "street",
    min_: Annotated[
        float, typer.Option("--min", help="最小间距（米） / Least spacing of posts, metres.")
    ] = 50.0,
    max_: Annotated[
        float, typer.Option("--max", help="最大间距（米） / Greatest spacing of posts, metres.")
    ] = 100.0,
    hours: Annotated[
        str | None,
        typer.Option(help="关注的时段 / Hours that matter, such as 20:00-06:00."),
    ] = None,
    propose: Annotated[
        str | None,
        typer.Option(help="建议增设几处，或 full / How many posts to add, or full."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(help="必须有哨的点，其余可移 / Points that must have one; others may move."),
    ] = None,
    forbid: Annotated[
        str | None, typer.Option(help="不得设哨的范围 / Areas where no post may come.")
    ] = None,
    include_covert: Annotated[
        bool, typer.Option(help="计入暗哨，结果标“内部” / Count covert posts; marked internal.")
    ] = False,
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
    if not 0 <= min_ < max_ < float("inf"):
        raise typer.BadParameter(
            f"{min_:g} - {max_:g}: 最小间距应小于最大间距 / the least must be below the greatest",
            param_hint="--min --max",
        )
    if hours is not None and read_hours(hours).week is None:
        raise typer.BadParameter(
            f"{hours}: 应写成 20:00-06:00 或 周一至周五 07:30-09:00 / write 20:00-06:00 or "
            f"Mo-Fr 07:30-09:00",
            param_hint="--hours",
        )
    if (keep or forbid) and propose is None:
        raise typer.BadParameter(
            "要与 --propose 一起使用 / goes with --propose", param_hint="--keep --forbid"
        )
    specs = {"streets": streets, "posts": posts, "areas": areas, "within": within}
    specs |= {"keep": keep, "forbid": forbid}
    options = {"datum": datum or [], "crs": crs or [], "map": map_ or []}
    require_one_way("posts", specs, options, area=area, database=database)
    layers = _stored("posts", area, database, max(reach, max_)) if area else _filed(specs, options)
    asked = PostOptions(
        reach, distance, min_, max_, hours, wish_of(propose, rearrange=keep is not None),
        include_covert,
    )  # fmt: skip
    _analyse("posts", layers, _rule(classes), out=out, json=json, lang=lang, posts=asked)


@app.command()
def cameras(
    streets: Streets = None,
    cameras: Cameras = None,
    *,
    area: Area = None,
    database: Database = None,
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
    require_one_way("cameras", specs, options, area=area, database=database)
    layers = _stored("cameras", area, database) if area else _filed(specs, options)
    _analyse("cameras", layers, _rule(classes), out=out, json=json, lang=lang)


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
        store_town(out, runs)
    for done in runs:
        show_run(done, files, console, lang=lang)
    if serve:
        with open_store(database_of(out)) as store:
            run_service(store, Settings(), LOOPBACK, port, lang)


def main() -> None:
    """Run the command line: exit 0 done, 1 failed, 2 usage."""
    try:
        app()
    except DataError as error:
        _fail(error.text)
    except OSError as error:
        _fail(partial(_said, error))
    except (GeoError, MapsError) as error:
        _fail(partial(_computed, error))


def _computed(error: Exception, lang: str) -> str:
    """Put what cannot be computed in words; the exact words for programmers stand beside."""
    kinds = type(error).__mro__
    known = next((GEO_TEXTS[kind] for kind in kinds if kind in GEO_TEXTS), None)
    if lang != "zh" or known is None:
        return str(error)
    return f"{known[1]}（{error}）"


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


def _filed(asked: Mapping[str, str | None], options: Mapping[str, list[str]]) -> Read:
    """Return what reads the layers of a run from files."""
    specs = {role: spec for role, spec in asked.items() if spec}
    kinds = {role: KINDS_OF_ROLES.get(role, role) for role in specs}
    datums = by_role(options["datum"], specs, "--datum")
    systems = by_role(options["crs"], specs, "--crs")
    columns = column_maps(options["map"], kinds)

    def read(reading: Callable[[str], None]) -> Mapping[str, Layer]:
        layers = {}
        for role, spec in specs.items():
            reading(role)
            layers[role] = read_layer(
                spec,
                kinds[role],
                datum=datums.get(role),
                crs=systems.get(role),
                columns=columns[role],
            )
        return layers

    return read


def _stored(sites: str, area: str, database: str | None, reach_m: float = 50.0) -> Read:
    """Return what reads the layers of a run over a stored area."""

    def read(reading: Callable[[str], None]) -> Mapping[str, Layer]:
        reading("store")
        url = database or Settings().database_url
        with connected(url):
            pass  # opening would make the file of a store that is not there
        with open_store(url) as store:
            return stored_layers(store, sites, area, reach_m=reach_m)

    return read


def _analyse(
    sites: str,
    read: Read,
    due: DueRule,
    *,
    out: Path | None,
    json: bool,
    lang: str,
    posts: PostOptions | None = None,
) -> None:
    """Read the layers, compute, write, and print."""
    with _progress() as progress:
        task = progress.add_task("")

        def step(key: str, **values: str) -> None:
            progress.update(task, description=say(key, lang, **values))

        layers = read(lambda role: step("reading", what=say(role, lang)))
        step("computing")
        done = run(sites, layers, posts=posts, due=due)
        step("writing")
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

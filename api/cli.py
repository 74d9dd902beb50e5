"""The command line: files in, a result, a map and a summary out."""

import secrets
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.app import create_app
from api.arguments import by_role, column_maps
from api.demo import make_demo
from api.report import show_run
from api.services import run, write
from api.words import say
from data import DataError, read_layer
from data.export import to_json
from geo import GeoError
from maps import MapsError

HOST: Final = "127.0.0.1"
"""Loopback: nobody else on the network sees what is served."""

Lang = Annotated[Literal["zh", "en"], typer.Option(help="语言 / Language.")]
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
Areas = Annotated[str | None, typer.Option(help="网格 / Areas to divide the figures among.")]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="网格巡防：街面覆盖与空白 / Street coverage by posts and cameras, and its gaps.",
)


@app.command()
def posts(
    streets: Streets,
    posts: Annotated[str, typer.Argument(help="观察哨 / Observation posts: FILE or FILE:LAYER.")],
    *,
    reach: Annotated[
        float, typer.Option(help="可视距离（米） / How far a post sees, metres.")
    ] = 50.0,
    areas: Areas = None,
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
    specs = {"streets": streets, "posts": posts} | ({"areas": areas} if areas else {})
    options = {"datum": datum or [], "crs": crs or [], "map": map_ or []}
    _analyse("posts", specs, options, out=out, json=json, lang=lang, reach_m=reach)


@app.command()
def cameras(
    streets: Streets,
    cameras: Annotated[str, typer.Argument(help="摄像机 / Cameras: FILE or FILE:LAYER.")],
    *,
    areas: Areas = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """摄像机看住了哪些街面 / Which streets cameras cover."""
    specs = {"streets": streets, "cameras": cameras} | ({"areas": areas} if areas else {})
    options = {"datum": datum or [], "crs": crs or [], "map": map_ or []}
    _analyse("cameras", specs, options, out=out, json=json, lang=lang)


@app.command()
def demo(
    *,
    serve: Annotated[bool, typer.Option(help="打开网页服务 / Serve the page.")] = True,
    out: Annotated[Path, typer.Option(help="结果文件夹 / Folder for the results.")] = Path(
        "demo-out"
    ),
    port: Annotated[int, typer.Option(help="端口 / Port on this machine.")] = 8737,
    lang: Lang = "zh",
) -> None:
    """生成示例城镇，计算覆盖并打开地图 / Make a demo town, compute its coverage, show the map."""
    console = Console()
    with _progress() as progress:

        def step(key: str) -> None:
            progress.update(task, description=say(key, lang))

        task = progress.add_task("")
        runs, files = make_demo(out, step, lang=lang)
    for done in runs:
        show_run(done, files, console, lang=lang)
    if serve:
        _serve(out, port, lang)


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(help="结果文件夹 / Folder of a result.")] = Path(
        "demo-out"
    ),
    *,
    port: Annotated[int, typer.Option(help="端口 / Port on this machine.")] = 8737,
    lang: Lang = "zh",
) -> None:
    """打开已有结果的地图 / Show the map of a result."""
    _serve(folder, port, lang)


def main() -> None:
    """Run the command line: exit 0 done, 1 failed, 2 usage."""
    try:
        app()
    except DataError as error:
        _fail(error.text)
    except (GeoError, MapsError, OSError) as error:
        text = str(error)
        _fail(lambda _: text)


def _fail(text: Callable[[str], str]) -> None:
    """Say what failed in the language asked for, and stop."""
    lang = "en" if "en" in sys.argv else "zh"
    Console(stderr=True).print(say("failed", lang, what=text(lang)), markup=False, soft_wrap=True)
    sys.exit(1)


def _analyse(
    sites: str,
    specs: Mapping[str, str],
    options: Mapping[str, list[str]],
    *,
    out: Path | None,
    json: bool,
    lang: str,
    **parameters: Any,  # noqa: ANN401 - passed on
) -> None:
    """Read the layers, compute, write, and print."""
    datums = by_role(options["datum"], specs, "--datum")
    systems = by_role(options["crs"], specs, "--crs")
    columns = column_maps(options["map"], {role: role for role in specs})
    with _progress() as progress:
        task = progress.add_task("", total=len(specs) + 2)
        layers = {}
        for role, spec in specs.items():
            progress.update(task, description=say("reading", lang, what=say(role, lang)), advance=1)
            layers[role] = read_layer(
                spec, role, datum=datums.get(role), crs=systems.get(role), columns=columns[role]
            )
        progress.update(task, description=say("computing", lang), advance=1)
        done = run(sites, layers, **parameters)
        progress.update(task, description=say("writing", lang), advance=1)
        files = write(done, out, title=say(f"{sites}_title", lang), lang=lang) if out else {}
    if json:
        sys.stdout.write(to_json(done.summary()) + "\n")
        return
    show_run(done, files, Console(), lang=lang)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _serve(folder: Path, port: int, lang: str) -> None:
    """Serve a result on loopback until interrupted."""
    if not (folder / "map.html").is_file():
        raise FileNotFoundError(say("no_page", lang, folder=folder))
    with socket.socket() as probe:
        if port and probe.connect_ex((HOST, port)) == 0:
            raise OSError(say("port_taken", lang, port=port))
    token = secrets.token_urlsafe(16)
    url = f"http://{HOST}:{port}/?token={token}"
    Console().print(say("serving", lang, url=url), markup=False, soft_wrap=True)
    uvicorn.run(create_app(folder, token, lang=lang), host=HOST, port=port, log_level="warning")

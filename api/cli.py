"""The command line: files or a stored area in, a result, a map and a summary out."""

import sys
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from api.answering import progress
from api.arguments import (
    Area,
    Areas,
    Cameras,
    Classes,
    CrsOptions,
    Database,
    Datums,
    Json,
    Lang,
    Maps,
    On,
    Out,
    Port,
    Posts,
    Streets,
    Within,
    read_wish,
    require_one_way,
)
from api.cameras import CameraOptions
from api.db import app as db_app
from api.demo import database_of, make_demo, store_town
from api.grids.commands import app as grids_app
from api.incidents.commands import app as incidents_app
from api.patrol.commands import app as patrol_app
from api.posts import PostOptions
from api.reading import Read, from_files, from_store
from api.report import show_run
from api.response.commands import app as response_app
from api.sentences import GEO_TEXTS
from api.services import run, write
from api.settings import Settings
from api.stock import LOOPBACK, open_store, run_service
from api.stock import app as stock_app
from api.words import WORDS, say
from data import DataError
from data.export import to_json
from data.volunteers import VOLUNTEERS
from geo import DueRule, GeoError
from geo.duty import read_hours
from maps import MapsError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
)


app.add_typer(stock_app)
app.add_typer(db_app, name="db")
app.add_typer(grids_app, name="grids")
app.add_typer(patrol_app, name="patrol")
app.add_typer(incidents_app, name="incidents")
app.add_typer(response_app, name="response")


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
    on: On = None,
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
    share: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, help="每个网格至少覆盖的占比 / Least share of each area, 0 to 1."
        ),
    ] = 0.0,
    areas: Areas = None,
    within: Within = None,
    buildings: Annotated[
        str | None, typer.Option(help="建筑物（户数） / Buildings with households to cover.")
    ] = None,
    key_sites: Annotated[
        str | None, typer.Option(help="重点部位 / Public places that matter, to cover.")
    ] = None,
    gates: Annotated[
        str | None, typer.Option(help="大门（开放时间） / Gates with the hours they are open.")
    ] = None,
    incidents: Annotated[
        str | None, typer.Option(help="事件，空白按事件排序 / Incidents, to rank the gaps by.")
    ] = None,
    volunteers: Annotated[
        str | None,
        typer.Option(help="志愿者人数和线索数，按职业 / Counts of volunteers by occupation."),
    ] = None,
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
    specs |= {"keep": keep, "forbid": forbid, "buildings": buildings, "key_sites": key_sites}
    specs |= {"gates": gates, VOLUNTEERS: volunteers, "incidents": incidents}
    if on is not None and not area:
        raise typer.BadParameter("要与 --area 一起使用 / goes with --area CODE", param_hint="--on")
    options = {"datum": datum or [], "crs": crs or [], "map": map_ or []}
    require_one_way("posts", specs, options, area=area, database=database)
    day = on and on.date()
    layers = (
        from_store("posts", area, database, max(reach, max_), covert=include_covert, on=day)
        if area
        else from_files(specs, options)
    )
    asked = PostOptions(
        reach, distance, min_, max_, hours,
        read_wish(propose, rearrange=keep is not None, share=share, areas=areas), include_covert,
    )  # fmt: skip
    _analyse("posts", layers, _rule(classes), out=out, json=json, lang=lang, posts=asked)


@app.command()
def cameras(
    streets: Streets = None,
    cameras: Cameras = None,
    *,
    area: Area = None,
    database: Database = None,
    buildings: Annotated[
        str | None, typer.Option(help="建筑物，遮挡视线 / Buildings, which hide what is behind.")
    ] = None,
    walls: Annotated[
        str | None, typer.Option(help="围墙，遮挡视线 / Free-standing walls, which hide too.")
    ] = None,
    key_sites: Annotated[
        str | None, typer.Option(help="重点部位 / Public places that cameras should see.")
    ] = None,
    entrances: Annotated[
        str | None, typer.Option(help="重点部位的出入口 / Entrances of key sites (site_id).")
    ] = None,
    school_needs: Annotated[
        str | None,
        typer.Option(help="学校周边的标志、减速带、护学岗 / Signs, bumps, posts at schools."),
    ] = None,
    night: Annotated[
        bool, typer.Option(help="按夜间补光距离计算 / By the light that cameras have at night.")
    ] = False,
    band: Annotated[
        Literal["detect", "observe", "recognise", "identify"] | None,
        typer.Option(help="画面要够用于 / What the picture has to serve for, by pixel density."),
    ] = None,
    state: Annotated[
        str | None, typer.Option(help="在线记录 / States: camera, time, online.")
    ] = None,
    faults: Annotated[
        str | None, typer.Option(help="故障台账 / Faults and repairs of cameras.")
    ] = None,
    reaim_: Annotated[
        int | None,
        typer.Option("--reaim", min=0, help="最多调整几台朝向 / How many cameras may be turned."),
    ] = None,
    propose: Annotated[
        int | None,
        typer.Option(min=0, help="最多新增几台（要 --poles） / How many to add, on --poles."),
    ] = None,
    poles: Annotated[
        str | None, typer.Option(help="可装的杆位 / Points where cameras may be mounted.")
    ] = None,
    forbid: Annotated[
        str | None, typer.Option(help="不得安装的范围 / Areas where no camera may come.")
    ] = None,
    incidents: Annotated[
        str | None,
        typer.Option(
            help="事件，给空白排序；调整和新增时要看到 / Incidents: rank gaps; to be seen."
        ),
    ] = None,
    cordon: Annotated[
        str | None,
        typer.Option(
            help="封控范围：哪些出口无人看到 / Areas to close: which ways out are unseen."
        ),
    ] = None,
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
    # Those of a stored area are stored.
    if not area and (propose is None) != (poles is None):
        raise typer.BadParameter(
            "要与 --poles 一起使用 / --propose N and --poles FILE go together",
            param_hint="--propose --poles",
        )
    if (entrances or school_needs) and not key_sites:
        raise typer.BadParameter(
            "要与 --key-sites 一起使用 / goes with --key-sites FILE",
            param_hint="--entrances --school-needs",
        )
    specs = {"streets": streets, "cameras": cameras, "areas": areas, "within": within}
    specs |= {"buildings": buildings, "walls": walls, "key_sites": key_sites, "poles": poles}
    specs |= {"entrances": entrances, "school_needs": school_needs, "incidents": incidents}
    specs |= {"forbid": forbid, "cordon": cordon, "states": state, "faults": faults}
    options = {"datum": datum or [], "crs": crs or [], "map": map_ or []}
    require_one_way("cameras", specs, options, area=area, database=database)
    layers = from_store("cameras", area, database) if area else from_files(specs, options)
    asked = CameraOptions(night, band, reaim_, propose)
    _analyse("cameras", layers, _rule(classes), out=out, json=json, lang=lang, cameras=asked)


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
    with progress() as bar:

        def step(key: str) -> None:
            bar.update(task, description=say(key, lang))

        task = bar.add_task("")
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


def _analyse(
    sites: str,
    read: Read,
    due: DueRule,
    *,
    out: Path | None,
    json: bool,
    lang: str,
    posts: PostOptions | None = None,
    cameras: CameraOptions | None = None,
) -> None:
    """Read the layers, compute, write, and print."""
    with progress() as bar:
        task = bar.add_task("")

        def step(key: str, **values: str) -> None:
            bar.update(task, description=say(key, lang, **values))

        layers = read(lambda role: step("reading", what=say(role, lang)))
        step("computing")
        done = run(sites, layers, posts=posts, cameras=cameras, due=due)
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

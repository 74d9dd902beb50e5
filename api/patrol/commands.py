"""The commands over patrols: `gridpatrol patrol plan|check|match|report`."""

import datetime as dt
import json as json_
import secrets
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.answering import Asked, finish, read_files
from api.arguments import CrsOptions, Datums, Json, Lang, Maps, Out
from api.patrol.findings import report_patrols
from api.patrol.limits import MATCHING, REPORTING, limits_of
from api.patrol.matches import MatchOptions, match_tracks
from api.patrol.plans import SEEDS, PlanOptions, check_patrols, plan_patrols
from api.patrol.reports import ReportOptions
from api.patrol.walked import require_fixes
from data.errors import FormatError

app = typer.Typer(
    no_args_is_help=True, help="巡逻：计划、核查、轨迹、报告 / Patrols: plan, check, match, report."
)

StreetLines = Annotated[str, typer.Argument(help="街道 / Streets: FILE or FILE:LAYER.")]
Points = Annotated[str | None, typer.Option(help="必到点 / Must-visit points.")]
Segments = Annotated[str | None, typer.Option(help="巡段 / Segments to patrol.")]
Units = Annotated[str, typer.Option(help="巡逻单位表 / Sheet of units, such as U.xlsx.")]
PatrolAreas = Annotated[str | None, typer.Option("--areas", help="巡区 / Patrol areas.")]
OfUnits = Annotated[str | None, typer.Option("--units", help="巡逻单位表 / Sheet of units.")]
Roster = Annotated[
    str | None, typer.Option(help="排班：单位、日期、班次 / Who was on duty: unit, date, shift.")
]
Profile = Annotated[
    Literal["walk", "vehicle"],
    typer.Option(help="没有排班时按步行还是车辆匹配 / How tracks of no known unit went."),
]
Now = Annotated[
    dt.datetime | None,
    typer.Option(help="现在的当地时间，之后的点算将来 / Local time; later fixes are dropped."),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", help="改阈值 / A limit, such as gap_s=600; the result lists them all."),
]
Standby = Annotated[str | None, typer.Option(help="备勤点 / Standby places.")]


@app.command("plan")
def plan_(
    streets: StreetLines,
    *,
    units: Units,
    date: Annotated[
        dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="班次开始的日期 / The date.")
    ],
    points: Points = None,
    segments: Segments = None,
    areas: PatrolAreas = None,
    standby: Standby = None,
    shift: Annotated[
        str | None, typer.Option(help="班次 / The shift, such as 20:00-04:00; none for all.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="随机种子，不写则每次另抽 / Repeats a plan; none draws another."),
    ] = None,
    balance: Annotated[
        bool, typer.Option(help="各单位用时均衡 / Make shifts as long as each other.")
    ] = True,
    iterations: Annotated[int, typer.Option(min=1, help="搜索步数 / Steps of the search.")] = 4_000,
    time_limit: Annotated[
        float, typer.Option(min=1.0, help="最多算几秒 / Outer limit, seconds.")
    ] = 300.0,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """排出今晚谁走哪里：路线、时刻、路线单 / Plan who walks where: routes, times, route sheets."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    layers = read_files(_specs(streets, points, segments, units, areas, standby), asked)
    # Tonight must not be foreseen from last night: a plan is drawn unless it is to be repeated.
    drawn = secrets.randbelow(SEEDS) if seed is None else seed
    options = PlanOptions(date.date(), shift, drawn, balance, iterations, time_limit)
    find = partial(plan_patrols, options=options, lang=lang)
    finish("plan_title", layers, find, asked, anchor="streets", beside=("points", "standby"))


@app.command("check")
def check_(
    plan: Annotated[Path, typer.Argument(help="plan.json，patrol plan --out 写出 / A kept plan.")],
    streets: StreetLines,
    *,
    units: Units,
    points: Points = None,
    segments: Segments = None,
    areas: PatrolAreas = None,
    standby: Standby = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """逐站核查计划：时段、停留、班次、休息、速度 / Hold a plan against every rule, stop by stop."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    record = _record(plan)
    layers = read_files(_specs(streets, points, segments, units, areas, standby), asked)
    find = partial(check_patrols, record=record, lang=lang)
    finish("check_title", layers, find, asked, anchor="streets")


@app.command("match")
def match_(
    tracks: Annotated[str, typer.Argument(help="轨迹 / Tracks: GPX, CSV, GeoJSON, GeoPackage.")],
    streets: StreetLines,
    *,
    roster: Roster = None,
    units: OfUnits = None,
    profile: Profile = "walk",
    now: Now = None,
    rule: Rules = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """清理轨迹并匹配到街道：走了哪里，何时不明 / Clean tracks, and lay them on the streets."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    options = MatchOptions(profile, now, limits_of(rule or (), MATCHING))
    given = {"tracks": tracks, "streets": streets, "roster": roster, "units": units}
    layers = read_files({role: (role, spec) for role, spec in given.items()}, asked)
    require_fixes(layers)
    find = partial(match_tracks, layers=layers, options=options, lang=lang)
    finish("match_title", layers, find, asked, anchor="streets")


@app.command("report")
def report_(
    *,
    streets: Annotated[str, typer.Option(help="街道 / Streets: FILE or FILE:LAYER.")],
    tracks: Annotated[str | None, typer.Option(help="轨迹 / Tracks.")] = None,
    plan: Annotated[
        Path | None, typer.Option(help="plan.json：按计划核对 / A kept plan says what was due.")
    ] = None,
    points: Points = None,
    segments: Segments = None,
    roster: Roster = None,
    units: OfUnits = None,
    date: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="班次开始的日期 / The day shifts begin on."),
    ] = None,
    areas: PatrolAreas = None,
    grids: Annotated[str | None, typer.Option(help="网格，分格统计 / Grids.")] = None,
    standby: Standby = None,
    checkins: Annotated[str | None, typer.Option(help="签到 / Check-ins.")] = None,
    incidents: Annotated[
        str | None, typer.Option(help="街面事件：发现方式、先期处置力量 / Street events.")
    ] = None,
    compounds: Annotated[
        str | None, typer.Option(help="驻地院落，院内不算可见 / Yards that do not count.")
    ] = None,
    profile: Profile = "walk",
    now: Now = None,
    rule: Rules = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """应巡对实巡：完成、漏巡、不明，可见巡逻率，处置率 / What was due against what was done."""
    if plan is not None and (roster is not None or date is not None):
        raise typer.BadParameter(
            "计划里已有日期和排班，请去掉 --roster、--date / a plan has its own date and roster; "
            "leave out --roster and --date",
            param_hint="--plan",
        )
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    day = None if date is None else date.date()
    record = None if plan is None else _record(plan)
    options = ReportOptions(day, record, profile, now, limits_of(rule or (), REPORTING))
    layers = read_files(
        {
            **_specs(streets, points, segments, units, areas, standby),
            "tracks": ("tracks", tracks),
            "roster": ("roster", roster),
            "grids": ("areas", grids),
            "checkins": ("checkins", checkins),
            "incidents": ("incidents", incidents),
            "compounds": ("areas", compounds),
        },
        asked,
    )
    require_fixes(layers)
    find = partial(report_patrols, layers=layers, options=options, lang=lang)
    finish("report_title", layers, find, asked, anchor="streets")


def _record(plan: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Read a kept plan."""
    try:
        return json_.loads(plan.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError("unreadable_file", file=plan.name, said=str(error)) from error


def _specs(
    streets: str,
    points: str | None,
    segments: str | None,
    units: str | None,
    areas: str | None,
    standby: str | None,
) -> dict[str, tuple[str, str | None]]:
    """Return role -> kind of layer and file."""
    return {
        "streets": ("streets", streets),
        "points": ("must_visit", points),
        "segments": ("segments", segments),
        "units": ("units", units),
        "areas": ("areas", areas),
        "standby": ("standby", standby),
    }

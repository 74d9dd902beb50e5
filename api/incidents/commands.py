"""The commands over incidents: `gridpatrol incidents stats|hotspots|hours|report`."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import geopandas as gpd
import typer

from api.answering import Asked, Outcome, finish, read_files
from api.arguments import CrsOptions, Datums, Json, Lang, Maps, Out
from api.incidents.gathering import counted_layer, with_strays
from api.incidents.hotspots import tell_hot_spots
from api.incidents.hours import tell_hours
from api.incidents.previous import read_previous
from api.incidents.report import ReportOptions, make_report
from api.incidents.selecting import chosen
from api.incidents.spans import asked_period, month_of
from api.incidents.spots import SHIFT, SpotOptions
from api.incidents.statistics import BY, StatOptions
from api.incidents.stats import tell_changes
from api.intake import has_places, nothing_usable
from api.results import least_exact
from data import Layer
from data.errors import FormatError
from data.export import write_geopackage
from data.incident_sheets import read_table
from data.incident_tables import CLASSES, TAGS
from geo.duty import read_hours
from geo.incidents.local_g import PERMUTATIONS

Frames = Mapping[str, gpd.GeoDataFrame]

app = typer.Typer(
    no_args_is_help=True,
    help="事件警情：统计、热点、时段、月报 / Incidents: statistics, hot spots, hours, report.",
)

Incidents = Annotated[str, typer.Argument(help="事件警情 / Incidents: FILE or FILE:LAYER.")]
OfAreas = Annotated[
    str | None, typer.Option("--areas", help="网格、村、派出所辖区 / Areas to count by.")
]
Since = Annotated[
    dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="从哪一天起 / From this day on.")
]
Until = Annotated[
    dt.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="到哪一天止（含当天） / Up to this day, included."),
]
Month = Annotated[str | None, typer.Option(help="月份 / A month, such as 2026-03.")]
Year = Annotated[int | None, typer.Option(min=1900, max=2200, help="年份 / A year.")]
Against = Annotated[
    Literal["year", "period"],
    typer.Option(help="同比或环比 / Against the year before, or the period before."),
]
Festival = Annotated[
    bool,
    typer.Option(
        "--align-festival", help="同比按春节对齐 / Keep the same days from the Spring Festival."
    ),
]
Parent = Annotated[
    str | None,
    typer.Option(help="上级的事件（含本地），同期比较 / Incidents of the parent area, ours in it."),
]
ParentPeople = Annotated[
    float | None, typer.Option(min=0.0, help="上级的人口 / People of the parent area.")
]
Population = Annotated[
    str | None,
    typer.Option(help="网格的人口列，算每万人 / Column of the areas with people: per 10,000."),
]
Reporting = Annotated[
    str | None,
    typer.Option(help="上报了的网格名单，零发案才算零 / Who reported: only theirs is a zero."),
]
ClassTable = Annotated[
    str | None, typer.Option("--classes", help="类别表 / Table of classes: template classes.")
]
TagTable = Annotated[
    str | None, typer.Option("--tags", help="标签表 / Table of tags: template tags.")
]
Only = Annotated[
    str | None,
    typer.Option(help="只取这些类型、类别或标签 / Only these kinds, classes or tags, with commas."),
]
StreetLines = Annotated[
    str | None, typer.Option("--streets", help="街道，按路段找热点 / Streets: spots by segment.")
]
Cell = Annotated[
    float | None,
    typer.Option(min=1.0, help="方格边长（米），没有街道时 200 / Side of square cells, m."),
]
Seed = Annotated[int, typer.Option(min=0, help="随机种子 / Repeats the result.")]


@app.command()
def stats(
    incidents: Incidents,
    *,
    areas: OfAreas = None,
    since: Since = None,
    until: Until = None,
    month: Month = None,
    year: Year = None,
    against: Against = "year",
    align_festival: Festival = False,
    parent: Parent = None,
    parent_people: ParentPeople = None,
    population: Population = None,
    reporting: Reporting = None,
    classes: ClassTable = None,
    tags: TagTable = None,
    by: Annotated[
        str | None,
        typer.Option(help=f"按什么分，逗号分开 / Told by, with commas: {', '.join(BY)}."),
    ] = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """数量、同比环比，升降是否只是偶然 / Counts, changes, and which of them are chance."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    options = StatOptions(
        asked_period(since, until, month, year), against, align_festival, population,
        parent_people, _by(by),
    )  # fmt: skip
    specs = {"areas": areas, "parent": parent, "reporting": reporting}
    layers = _read(incidents, specs, {CLASSES: classes, TAGS: tags}, asked)
    find = partial(tell_changes, options=options, lang=lang)
    finish(
        "stats_title",
        layers,
        _whole(layers, find),
        asked,
        anchor=_anchor(layers),
        subject="incidents",
    )


@app.command("hotspots")
def hotspots_(
    incidents: Incidents,
    *,
    streets: StreetLines = None,
    cell: Cell = None,
    areas: OfAreas = None,
    since: Since = None,
    until: Until = None,
    month: Month = None,
    year: Year = None,
    only: Only = None,
    previous: Annotated[
        str | None,
        typer.Option(help="上期的 result.gpkg，热点编号延续 / Last result: spots keep their ids."),
    ] = None,
    include_patrol: Annotated[
        bool, typer.Option("--include-patrol", help="巡逻发现的也计入 / Count what patrols found.")
    ] = False,
    permutations: Annotated[
        int, typer.Option(help="置换次数，不少于 9999 / Permutations, 9,999 or more.")
    ] = PERMUTATIONS,
    seed: Seed = 0,
    hold_out: Annotated[
        int, typer.Option(min=0, help="留出最后几周检验 / Weeks held out, to hold it against.")
    ] = 0,
    shift: Annotated[
        str, typer.Option(help="驻巡的班次 / The shift that stays at the spots.")
    ] = SHIFT,
    date: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="驻巡的日期 / The day the shift begins on."),
    ] = None,
    must_visit: Annotated[
        Path | None,
        typer.Option(help="写出驻巡必到点，供 patrol plan --points / Stays, as a .gpkg file."),
    ] = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """比偶然更集中的路段或方格 / Street segments or cells with more than chance explains."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    if must_visit is not None and must_visit.suffix != ".gpkg":
        raise typer.BadParameter(
            f"{must_visit}: 应为 .gpkg 文件 / must be a .gpkg file", param_hint="--must-visit"
        )
    if read_hours(shift).week is None:
        raise typer.BadParameter(
            f"{shift}: 应写成 18:00-02:00 / write it like 18:00-02:00", param_hint="--shift"
        )
    _require_draws(permutations)
    options = SpotOptions(
        asked_period(since, until, month, year), cell, include_patrol, permutations, seed,
        hold_out, shift, None if date is None else date.date(),
    )  # fmt: skip
    before = None if previous is None else read_previous(previous)
    layers = _read(incidents, {"streets": streets, "areas": areas}, {}, asked)
    _require_places(layers["incidents"])

    def find(frames: Frames) -> Outcome:
        kept = {**frames, "incidents": chosen(frames["incidents"], only)}
        found = tell_hot_spots(kept, options, previous=before, lang=lang)
        if must_visit is not None and "dose" in found.tables:
            write_geopackage(must_visit, {"must_visit": found.tables["dose"]})
        return found

    beside = ("incidents",) if streets else ()
    anchor = "streets" if streets else _anchor(layers)
    finish("hotspots_title", layers, find, asked, anchor=anchor, beside=beside, subject="incidents")


@app.command("hours")
def hours_(
    incidents: Incidents,
    *,
    areas: OfAreas = None,
    since: Since = None,
    until: Until = None,
    month: Month = None,
    year: Year = None,
    only: Only = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """星期与钟点：只知起止的按时长分摊 / Weekday by hour; intervals are spread over their time."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    period = asked_period(since, until, month, year)
    layers = _read(incidents, {"areas": areas}, {}, asked)

    def find(frames: Frames) -> Outcome:
        kept = {**frames, "incidents": chosen(frames["incidents"], only)}
        return tell_hours(kept, period, lang=lang)

    finish(
        "hours_title",
        layers,
        _whole(layers, find),
        asked,
        anchor=_anchor(layers),
        subject="incidents",
    )


@app.command("report")
def report_(
    incidents: Incidents,
    *,
    month: Annotated[str, typer.Option(help="月份 / The month, such as 2026-03.")],
    out: Annotated[
        Path,
        typer.Option(help="结果文件夹 / Folder for report.html, report.xlsx and the other files."),
    ],
    areas: OfAreas = None,
    streets: StreetLines = None,
    cell: Cell = None,
    against: Against = "year",
    align_festival: Festival = False,
    parent: Parent = None,
    parent_people: ParentPeople = None,
    population: Population = None,
    reporting: Reporting = None,
    classes: ClassTable = None,
    tags: TagTable = None,
    seed: Seed = 0,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """月度研判：总表、分类、分区、时段、热点，表格和可打印页 / The monthly pack, XLSX and paper."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    period = month_of(month)
    specs = {"areas": areas, "streets": streets, "parent": parent, "reporting": reporting}
    layers = _read(incidents, specs, {CLASSES: classes, TAGS: tags}, asked)
    options = ReportOptions(
        StatOptions(period, against, align_festival, population, parent_people),
        SpotOptions(period, cell, seed=seed),
        "、".join(dict.fromkeys(layer.source for layer in layers.values())),
        least_exact(layer.datum for layer in layers.values()),
    )
    find = partial(make_report, options=options, lang=lang)
    finish(
        "pack_title",
        layers,
        _whole(layers, find),
        asked,
        anchor=_anchor(layers),
        subject="incidents",
    )


def _read(
    incidents: str,
    specs: Mapping[str, str | None],
    sheets: Mapping[str, str | None],
    asked: Asked,
) -> dict[str, Layer]:
    """Read the layers; incidents without a place are kept."""
    kinds = {"parent": "incidents", "reporting": "incidents"}
    given = {"incidents": incidents, **specs}
    layers = read_files(
        {role: (kinds.get(role, role), spec) for role, spec in given.items()}, asked
    )
    if not layers["incidents"].rows_read:
        raise FormatError("no_incidents", file=layers["incidents"].source)
    for role in ("incidents", *kinds):
        if role in layers:
            layers[role] = counted_layer(layers[role])
    return layers | {kind: read_table(spec, kind) for kind, spec in sheets.items() if spec}


def _whole(
    layers: Mapping[str, Layer], find: Callable[[Frames], Outcome]
) -> Callable[[Frames], Outcome]:
    """Return what counts all rows: those too that lie where the CRS cannot measure."""

    def found(frames: Frames) -> Outcome:
        roles = [role for role in ("incidents", "parent") if role in frames]
        whole = {role: with_strays(frames[role], layers[role]) for role in roles}
        return find({**frames, **whole})

    return found


def _anchor(layers: Mapping[str, Layer]) -> str:
    return "areas" if "areas" in layers else "incidents"


def _by(text: str | None) -> tuple[str, ...] | None:
    """Read what changes are told by."""
    if text is None:
        return None
    words = tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())
    wrong = [word for word in words if word not in BY]
    if wrong or not words:
        raise typer.BadParameter(f"{text}: 可用 / use some of: {', '.join(BY)}", param_hint="--by")
    return words


def _require_draws(permutations: int) -> None:
    """Refuse so few draws that no place could be told from chance."""
    if permutations < PERMUTATIONS:
        raise typer.BadParameter(
            f"{permutations}: 不少于 {PERMUTATIONS}，否则最小的 p 值太大，分不出热点 / must be "
            f"{PERMUTATIONS} or more: else the least p is too great to tell spots among many",
            param_hint="--permutations",
        )


def _require_places(layer: Layer) -> None:
    """Refuse incidents of which none has a place: there is nothing to look for."""
    if not has_places(layer.frame):
        raise nothing_usable(layer)

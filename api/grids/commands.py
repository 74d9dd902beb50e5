"""The commands over grids: `gridpatrol grids audit|repair|balance|divide|code|allocate`."""

from functools import partial
from typing import Annotated, Literal

import typer

from api.answering import Asked, finish, read_files
from api.arguments import CrsOptions, Datums, Json, Lang, Maps, Out
from api.grids.borders import find_defects, repair_borders
from api.grids.division import DivisionOptions, plan_division
from api.grids.figures import allot, number, weigh
from api.grids.nets import merge, tell_near
from api.grids.police import tell_beats, tell_teams
from api.grids.staffing import tell_figures
from api.grids.weights import read_weights
from data.attributes import ID_COLUMNS
from geo.datum import APPROXIMATE
from geo.near import UNOFFICIAL_M
from geo.partition.loads import MEASURES

app = typer.Typer(
    no_args_is_help=True, help="网格：检查、修复、均衡、划分、编码、分配 / Grids and zones."
)

FEWEST_NETS = 2
"""One net has nothing to be merged with."""

Grids = Annotated[str, typer.Argument(help="网格 / Grids: FILE or FILE:LAYER.")]
Parent = Annotated[
    str | None, typer.Option(help="上级辖区（村、镇） / Villages or towns that the grids divide.")
]
Addresses = Annotated[str | None, typer.Option(help="地址点（户数、人数） / Addresses, as points.")]
Buildings = Annotated[
    str | None, typer.Option(help="建筑物（户数、人数） / Buildings with households or people.")
]
Incidents = Annotated[str | None, typer.Option(help="事件 / Incidents, counted by grid.")]
StreetLines = Annotated[
    str | None, typer.Option("--streets", help="街道，计长度 / Streets, measured by grid.")
]
Weights = Annotated[
    str | None,
    typer.Option(
        help=f"权重 / Weights, such as households=2,incidents=1; of {', '.join(MEASURES)}."
    ),
]
Sliver = Annotated[
    float,
    typer.Option("--sliver", min=0.0, help="窄于几米算细缝 / Narrower than this is a sliver, m."),
]


@app.command("audit")
def audit_(
    areas: Grids,
    *,
    parent: Parent = None,
    addresses: Addresses = None,
    sliver: Sliver = 1.0,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """检查网格界线：空隙、重叠、越界…… / Find gaps, overlaps and other defects of borders."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    specs = {"areas": ("areas", areas), "parent": ("areas", parent)}
    layers = read_files({**specs, "addresses": ("addresses", addresses)}, asked, as_found=True)
    finish("audit_title", layers, partial(find_defects, sliver_m=sliver, lang=lang), asked)


@app.command("repair")
def repair_(
    areas: Grids,
    *,
    parent: Parent = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="界线最多移动几米 / How far a border may move, metres.")
    ] = 1.0,
    sliver: Sliver = 1.0,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """修复细缝、小重叠，界线移动不超过允许值 / Repair what moves no border farther than told."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    specs = {"areas": ("areas", areas), "parent": ("areas", parent)}
    layers = read_files(specs, asked, as_found=True)
    find = partial(repair_borders, sliver_m=sliver, tolerance_m=tolerance, lang=lang)
    finish("repair_title", layers, find, asked)


@app.command("balance")
def balance_(
    areas: Grids,
    *,
    weights: Weights = None,
    buildings: Buildings = None,
    addresses: Addresses = None,
    incidents: Incidents = None,
    streets: StreetLines = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """各网格工作量是否均衡 / How evenly grids are loaded."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    layers = read_files(_loads(areas, buildings, addresses, incidents, streets), asked)
    find = partial(weigh, weights=read_weights(weights), lang=lang)
    finish("balance_title", layers, find, asked)


@app.command()
def code(
    areas: Grids,
    *,
    villages: Annotated[
        str | None, typer.Option(help="村（社区），编号 12 位 / Villages with codes of 12 digits.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="正确的编码不变 / Good codes stay as they are.")
    ] = False,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """按村自西向东、自北向南编 15 位网格码 / Give grids codes of 12 and 3 digits."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    specs = {"areas": ("areas", areas), "villages": ("areas", villages)}
    layers = read_files(specs, asked, as_found=True)
    finish("code_title", layers, partial(number, keep=keep, lang=lang), asked)


@app.command()
def allocate(
    areas: Grids,
    workers: Annotated[int, typer.Argument(min=1, help="总人数 / How many workers there are.")],
    *,
    least: Annotated[int, typer.Option(min=0, help="每格至少几人 / Least in each grid.")] = 1,
    weights: Weights = None,
    buildings: Buildings = None,
    addresses: Addresses = None,
    incidents: Incidents = None,
    streets: StreetLines = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """按工作量把人员分到网格 / Allot workers to grids by their load."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    layers = read_files(_loads(areas, buildings, addresses, incidents, streets), asked)
    find = partial(allot, total=workers, least=least, weights=read_weights(weights), lang=lang)
    finish("allocate_title", layers, find, asked)


@app.command("divide")
def divide_(
    village: Annotated[str, typer.Argument(help="村（社区），一个多边形 / One village.")],
    *,
    into: Annotated[int, typer.Option(min=1, help="分成几个网格 / How many grids.")],
    streets: StreetLines = None,
    walls: Annotated[str | None, typer.Option(help="围墙、河堤 / Walls, as lines.")] = None,
    water: Annotated[str | None, typer.Option(help="水面，无桥不通 / Water.")] = None,
    buildings: Buildings = None,
    addresses: Addresses = None,
    current: Annotated[
        str | None, typer.Option(help="现有网格，尽量少改 / The grids of today.")
    ] = None,
    weights: Weights = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, max=0.99, help="允许与平均相差的比例 / May deviate by.")
    ] = 0.05,
    alternatives: Annotated[int, typer.Option(min=1, help="几个方案 / How many plans.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 / Repeats the result.")] = 0,
    time_limit: Annotated[
        float, typer.Option(min=1.0, help="最多算几秒 / Outer limit, seconds.")
    ] = 60.0,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """把一个村（社区）划成网格，给出几个方案 / Divide a village into grids: plans to compare."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    kinds = {"village": "areas", "water": "areas", "current": "areas"}
    given = {
        "village": village, "streets": streets, "walls": walls, "water": water,
        "buildings": buildings, "addresses": addresses, "current": current,
    }  # fmt: skip
    layers = read_files(
        {role: (kinds.get(role, role), spec) for role, spec in given.items()}, asked
    )
    options = DivisionOptions(
        into, read_weights(weights), tolerance, alternatives, seed, time_limit
    )
    find = partial(plan_division, options=options, lang=lang)
    finish("divide_title", layers, find, asked, anchor="village")


@app.command()
def figures(
    areas: Grids,
    villages: Annotated[str, typer.Argument(help="村（社区） / Villages.")],
    *,
    workers: Annotated[
        str | None, typer.Option(help="网格员岗位表 / Slots of workers: grid, role, kind.")
    ] = None,
    work: Annotated[
        str | None, typer.Option(help="月报：网格、月份、类别、数量 / Work by grid and month.")
    ] = None,
    month: Annotated[
        str | None, typer.Option(help="月份，如 2026-10 / Month; the last one by default.")
    ] = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """网格化率、网格员、工作量 / Gridding rates, workers and their work."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    specs = {"areas": ("areas", areas), "villages": ("areas", villages)}
    sheets = {"workers": ("workers", workers), "work": ("work", work)}
    layers = read_files({**specs, **sheets}, asked)
    finish("figures_title", layers, partial(tell_figures, month=month, lang=lang), asked)


@app.command()
def teams(
    teams: Annotated[
        str, typer.Argument(help="派出所、队伍辖区：警力、专职人数、人口 / Stations and teams.")
    ],
    *,
    incidents: Incidents = None,
    by: Annotated[
        Literal["area_km2", "people", "incidents"],
        typer.Option(help="按什么排名 / What is ranked by."),
    ] = "people",
    least: Annotated[
        int, typer.Option(min=1, help="每个乡镇专职队员至少几人 / Least full-time in a town.")
    ] = 10,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """每名民警负担几何，哪些乡镇队伍不足 / Workload per officer, towns whose team is short."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    layers = read_files({"teams": ("teams", teams), "incidents": ("incidents", incidents)}, asked)
    find = partial(tell_teams, by=by, least=least, lang=lang)
    finish("teams_title", layers, find, asked, anchor="teams")


@app.command()
def beats(
    beats: Annotated[str, typer.Argument(help="警务区 / Police beats.")],
    areas: Grids,
    *,
    addresses: Addresses = None,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """警务区与网格对应：缺岗、重岗 / Match police beats with grids; vacancies, double posts."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    specs = {"beats": ("areas", beats), "areas": ("areas", areas)}
    layers = read_files({**specs, "addresses": ("addresses", addresses)}, asked)
    finish("beats_title", layers, partial(tell_beats, lang=lang), asked)


@app.command("merge")
def merge_(
    nets: Annotated[
        list[str], typer.Argument(help="部门=文件，至少两个 / NAME=FILE, two or more.")
    ],
    *,
    sliver: Sliver = 1.0,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """多网合一：各部门网格叠成一张底网 / Merge several nets of grids into one."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    pairs = [net.partition("=") for net in nets]
    specs = {name: ("areas", file) for name, _, file in pairs if name and file}
    if len(specs) < max(len(pairs), FEWEST_NETS):
        raise typer.BadParameter(
            "应写成 部门=文件，至少两个，名称不重复 / write NAME=FILE, two or more, each name once",
            param_hint="NETS",
        )
    layers = read_files(specs, asked)
    find = partial(merge, sliver_m=sliver, lang=lang)
    finish("merge_title", layers, find, asked, anchor=next(iter(specs)))


@app.command()
def near(
    places: Annotated[str, typer.Argument(help="地点 / Places: FILE or FILE:LAYER.")],
    targets: Annotated[str, typer.Argument(help="目标 / Targets: FILE or FILE:LAYER.")],
    *,
    distance: Annotated[float, typer.Option(min=0.0, help="多少米以内 / Within, metres.")],
    places_are: Annotated[
        str, typer.Option(help="地点是哪种图层 / Kind of layer of the places.")
    ] = "key_sites",
    targets_are: Annotated[
        str, typer.Option(help="目标是哪种图层 / Kind of layer of the targets.")
    ] = "buildings",
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """哪些地点离目标不超过多少米 / Which places lie within a distance of a target."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    layers = read_files({"places": (places_are, places), "targets": (targets_are, targets)}, asked)
    unofficial = any(layer.datum in APPROXIMATE for layer in layers.values())
    find = partial(
        tell_near,
        ids={role: ID_COLUMNS[layer.kind] for role, layer in layers.items()},
        distance_m=distance,
        error_m=UNOFFICIAL_M if unofficial else 0.0,
        lang=lang,
    )
    finish("near_title", layers, find, asked, anchor="places")


def _loads(
    areas: str,
    buildings: str | None,
    addresses: str | None,
    incidents: str | None,
    streets: str | None,
) -> dict[str, tuple[str, str | None]]:
    """Return the layers that loads are counted from."""
    given = {"areas": areas, "buildings": buildings, "addresses": addresses,
             "incidents": incidents, "streets": streets}  # fmt: skip
    return {role: (role, spec) for role, spec in given.items()}

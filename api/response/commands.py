"""The commands on reach by road: `gridpatrol response rings|nearest`."""

import datetime as dt
import math
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import typer

from api.answering import Asked, finish, read_files
from api.arguments import CrsOptions, Datums, Json, Lang, Maps, Out
from api.response.going import NearestOptions, tell_nearest
from api.response.reach import RingOptions, tell_rings
from data import Layer
from data.places import check_datum
from geo.datum import convert

app = typer.Typer(
    no_args_is_help=True, help="响应：几分钟能到哪里，谁最近 / Reach by road, and who is nearest."
)

EAST_MOST: Final = 180.0
"""Degrees of longitude at most."""

NORTH_MOST: Final = 90.0
"""Degrees of latitude at most."""

StreetLines = Annotated[str, typer.Argument(help="街道 / Streets: FILE or FILE:LAYER.")]
Mode = Annotated[
    Literal["car", "e_bike", "foot"],
    typer.Option(help="没写方式的按此计算 / How those move that do not say."),
]
Now = Annotated[
    dt.datetime | None,
    typer.Option(help="当地时间，看谁在班 / Local time: who is on duty then."),
]
Turnout = Annotated[
    float, typer.Option(min=0.0, help="出警准备几秒 / Seconds from the call to leaving.")
]


@app.command("rings")
def rings_(
    stations: Annotated[str, typer.Argument(help="警务站、派出所 / Stations: FILE or FILE:LAYER.")],
    streets: StreetLines,
    *,
    gates: Annotated[
        str | None, typer.Option(help="大门（开放时间） / Gates with the hours they are open.")
    ] = None,
    areas: Annotated[str | None, typer.Option(help="网格，画在图上 / Areas, on the map.")] = None,
    minutes: Annotated[str, typer.Option(help="几分钟圈 / Rings, in minutes.")] = "1,3,5",
    mode: Mode = "car",
    now: Now = None,
    turnout: Turnout = 0.0,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """沿路 1-3-5 分钟圈、圈外道路、撤站影响 / Rings of minutes along the road, and what is out."""
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    options = RingOptions(_minutes(minutes), mode, now, turnout)
    given = {"stations": stations, "streets": streets, "gates": gates, "areas": areas}
    layers = read_files({role: (role, spec) for role, spec in given.items()}, asked)
    find = partial(tell_rings, options=options, lang=lang)
    finish(
        "rings_title",
        layers,
        find,
        asked,
        anchor="streets",
        beside=("stations", "gates"),
        subject="stations",
    )


@app.command("nearest")
def nearest_(
    units: Annotated[str, typer.Argument(help="在勤单位 / Units on duty, with where they are.")],
    streets: StreetLines,
    *,
    at: Annotated[
        list[str] | None, typer.Option(help="地点 经度,纬度，可写几个 / A place: LON,LAT.")
    ] = None,
    places: Annotated[
        str | None, typer.Option(help="地点文件 / Places: FILE or FILE:LAYER.")
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="每处列几个单位 / Units for each.")] = 3,
    mode: Mode = "car",
    now: Now = None,
    turnout: Turnout = 0.0,
    out: Out = None,
    json: Json = False,
    datum: Datums = None,
    crs: CrsOptions = None,
    map_: Maps = None,
    lang: Lang = "zh",
) -> None:
    """沿路谁最近，派走后失去什么覆盖 / Who is nearest by road, and what it leaves behind."""
    if bool(at) == bool(places):
        raise typer.BadParameter(
            "请给出 --at 经度,纬度 或 --places 文件，二者之一 / give --at LON,LAT or --places FILE",
            param_hint="--at --places",
        )
    asked = Asked(out, json, datum or (), crs or (), map_ or (), lang)
    spots = [_lonlat(text) for text in at or ()]
    specs = {"duty_units": ("duty_units", units), "streets": ("streets", streets)}
    layers = read_files({**specs, "places": ("standby", places)}, asked)
    if spots:
        layers["places"] = _layer(spots, asked.datum)
    find = partial(tell_nearest, options=NearestOptions(k, mode, now, turnout), lang=lang)
    beside = ("duty_units", "places") if places else ("duty_units",)
    finish(
        "nearest_title", layers, find, asked, anchor="streets", beside=beside, subject="duty_units"
    )


def _minutes(text: str) -> tuple[float, ...]:
    """Read the rings."""
    try:
        minutes = sorted({float(each) for each in text.replace("，", ",").split(",")})
    except ValueError:
        minutes = []
    if not minutes or not all(0 < each < math.inf for each in minutes):
        raise typer.BadParameter(
            f"{text}: 应写成 1,3,5，都大于 0 / write it like 1,3,5, all above 0",
            param_hint="--minutes",
        )
    return tuple(minutes)


def _lonlat(text: str) -> tuple[float, float]:
    """Read one place."""
    try:
        lon, lat = (float(each) for each in text.replace("，", ",").split(","))
    except ValueError:
        lon = lat = math.nan
    if not (abs(lon) <= EAST_MOST and abs(lat) <= NORTH_MOST):
        swapped = abs(lon) <= NORTH_MOST < abs(lat) <= EAST_MOST
        raise typer.BadParameter(
            f"{text}: 应写成 经度,纬度 / write LON,LAT such as "
            + (f"{lat:g},{lon:g}" if swapped else "109.38,32.83"),
            param_hint="--at",
        )
    return lon, lat


def _layer(spots: Sequence[tuple[float, float]], datums: Sequence[str]) -> Layer:
    """Make a layer of places typed in, which are in the datum that holds for all layers."""
    datum = next((value for value in datums if "=" not in value), "wgs84")
    check_datum(datum)
    given = np.array(spots, dtype=np.float64)
    lon, lat = convert(given[:, 0], given[:, 1], datum, "wgs84")
    frame = gpd.GeoDataFrame(
        {"place_id": np.arange(len(spots)), "name": [f"{x:g},{y:g}" for x, y in spots]},
        geometry=gpd.points_from_xy(lon, lat),
        crs=4326,
    )
    aside = pd.DataFrame(columns=["row", "reason", "detail", "geometry"])
    return Layer("standby", frame, aside, (), "--at", datum, len(spots), np.arange(len(spots)))

"""The service tells of cameras what `areapatrol cameras --area` says of the same store."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient

from api.app import create_app
from api.cameras import CameraFindings, CameraOptions
from api.reading import from_store
from api.services import run
from api.settings import Settings
from api.stock import stock
from data import read_layer
from data.export import to_json, write_geopackage
from data.ledgers import read_stored
from data.store import Store
from data.town import make_town
from tests.stores import ONE_ENGINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYERS = ("areas", "streets", "cameras", "buildings", "key_sites", "entrances", "walls", "poles")
LEDGERS = ("states", "faults")
FARTHER = {"reaim.cameras", "reaim.left_alone.outside", "reaim.method"}
"""What of a plan cameras change that are far from an area, and the order of its cameras."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the file of the demo town with the grids of a community as one area, and its code."""
    layers = make_town().layers()
    areas = layers["areas"]
    held = areas.sjoin(layers["key_sites"][["geometry"]])["parent_id"]
    code = held.value_counts().sort_index().idxmax()
    whole = areas[areas["parent_id"] == code].dissolve("parent_id").reset_index()
    file = tmp_path_factory.mktemp("town") / "town.gpkg"
    kept = {name: layers[name] for name in LAYERS if name in layers}
    seeing = {"light": "infrared", "ir_range_m": 15.0, "pixels": 1920}
    kept["cameras"] = kept["cameras"].assign(**seeing)
    kept |= beside(kept)
    for name, table in ledgers(kept["cameras"]["camera_id"].tolist()).items():
        table.to_csv(file.with_name(f"{name}.csv"), index=False)
    write_geopackage(file, kept | {"areas": whole.assign(area_id=code)[["area_id", "geometry"]]})
    return file, str(code)


def beside(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    """Make a door of every key site, walls along some houses, and poles at some corners."""
    sites, houses = layers["key_sites"], layers["buildings"].iloc[::40]
    streets = layers["streets"].iloc[::9]
    codes = [f"L{row:03}" for row in range(len(streets))]
    walls = gpd.GeoDataFrame(
        {"wall_id": [f"W{row:03}" for row in range(len(houses))]},
        geometry=shapely.boundary(np.asarray(houses.geometry)),
        crs=houses.crs,
    )
    ends = shapely.get_point(shapely.get_geometry(np.asarray(streets.geometry), 0), 0)
    return {
        "entrances": sites[["site_id", "geometry"]].reset_index(drop=True),
        "walls": walls,
        "poles": gpd.GeoDataFrame({"pole_id": codes}, geometry=ends, crs=streets.crs),
    }


def ledgers(cameras: list[str]) -> dict[str, pd.DataFrame]:
    """Make states of two months, in which every third camera goes off, and a few faults."""
    days = pd.date_range("2024-04-01 08:00", "2024-05-31 08:00", freq="10D")
    states = [
        (day, camera, "离线" if row % 3 == 0 and number % 2 else "在线")
        for number, day in enumerate(days)
        for row, camera in enumerate(cameras)
    ]
    faults = [
        (camera, days[1] + pd.Timedelta(hours=row), days[2] if row % 2 else None)
        for row, camera in enumerate(cameras[::5])
    ]
    return {
        "states": pd.DataFrame(states, columns=["time", "camera_id", "online"]),
        "faults": pd.DataFrame(faults, columns=["camera_id", "fault_at", "repaired_at"]),
    }


@pytest.fixture
def stocked(town: tuple[Path, str], store_url: str) -> Iterator[Store]:
    """Give a store with the town, on either engine."""
    store = Store.open(store_url)
    layers = [read_layer(f"{town[0]}:{kind}", kind) for kind in LAYERS]
    layers += [read_stored(town[0].with_name(f"{kind}.csv"), kind) for kind in LEDGERS]
    stock(store, layers, division="610999001000")
    yield store
    store.engine.dispose()


def figures(summary: dict[str, Any]) -> dict[str, Any]:
    """Return a summary as JSON has it, without the time that it took."""
    plain: dict[str, Any] = json.loads(to_json(summary))
    plain.pop("seconds", None)
    return plain


def test_the_service_gives_the_figures_of_a_run_over_the_area(
    stocked: Store, town: tuple[Path, str], store_url: str
) -> None:
    """Key by key: coverage by day and by night, health, blind ground, a cordon and turns."""
    _, area = town
    layers = dict(from_store("cameras", area, store_url)(lambda _: None))
    layers["cordon"] = layers["areas"]
    client = TestClient(create_app(Settings(), stocked))

    def told(address: str, **asked: str) -> dict[str, Any]:
        answer = client.get(address, params={"area": area} | asked)
        assert answer.status_code == 200, answer.text
        summary: dict[str, Any] = answer.json()["summary"]
        summary.pop("seconds", None)
        summary.pop("marking", None)
        return summary

    met = []
    for night, band in ((False, None), (True, None), (False, "recognise")):
        done = run("cameras", layers, cameras=CameraOptions(night, band, reaim=3))
        found, expected = done.findings, figures(done.summary())
        assert isinstance(found, CameraFindings)
        asked = {"night": str(night).lower()} | ({} if band is None else {"band": band})
        summary = told("/coverage/cameras", **asked)
        assert list(summary) == [key for key in expected if key in summary]
        assert summary == {key: expected[key] for key in summary}
        assert summary.keys() >= {"roads", "folds", "junctions", "key_sites", "key_sites_watched"}
        assert summary["key_sites"] > 0
        assert summary["junctions"]["junctions"] > 0
        assert summary["entrances"]["entrances"] == summary["key_sites"]
        rates = {(rate["name"], rate["basis"]): rate for rate in summary["health"]["rates"]}
        assert rates.keys() >= {(name, "time") for name in ("online", "in_order", "available")}
        assert all(0 < rate["numerator"] < rate["denominator"] for rate in rates.values())
        assert summary["health"]["faults"]["open"] > 0
        assert 0.0 < summary["expected_length_m"] < summary["covered_length_m"]
        restricted = {"blind_area_m2", "cordon", "areas"}
        assert restricted <= expected.keys()
        assert not restricted & summary.keys()
        met.append(summary["covered_share"])
        if night or band:
            continue
        assert found.turned is not None
        assert found.cordon is not None
        blind = told("/blind/cameras")
        assert found.coverage.blind_areas is not None
        assert blind.pop("blind_areas") == len(found.coverage.blind_areas) > 0
        assert blind == {key: expected[key] for key in blind}
        assert blind.keys() - summary.keys() >= {"blind_area_m2"}
        cordon = told("/cordons/cameras")
        assert cordon.pop("areas")[0]["area_id"] == area
        assert cordon == expected["cordon"]
        turns = figures(found.turned.summary())
        assert told("/proposals/cameras", turns="3") == turns
        assert turns["turned"] == 3
    assert len(set(met)) == len(met)


@ONE_ENGINE
def test_the_service_proposes_what_a_run_over_files_does(
    stocked: Store, town: tuple[Path, str], store_url: str
) -> None:
    """Cameras to buy, alone and after turns: from the files, from the store, from the service."""
    file, area = town
    client = TestClient(create_app(Settings(), stocked))
    roles = dict.fromkeys(LAYERS) | {"within": "areas"}
    files = {
        role: read_layer(f"{file}:{kind or role}", kind or role) for role, kind in roles.items()
    }
    ground = files["within"].frame.union_all()
    for role in ("poles", "key_sites"):
        frame = files[role].frame
        inside = frame[frame.intersects(ground)].reset_index(drop=True)
        files[role] = replace(files[role], frame=inside)
    kept = dict(from_store("cameras", area, store_url)(lambda _: None))
    assert kept.keys() >= {"poles", "walls", "entrances", *LEDGERS}
    for turns, asked in ((None, "0"), (2, "2")):
        query = {"area": area, "turns": asked, "new": "2"}
        answer = client.get("/proposals/cameras", params=query).json()
        found = plain(answer["summary"])
        for layers in (files, kept):
            done = run("cameras", layers, cameras=CameraOptions(reaim=turns, propose=2))
            expected = done.summary()["new_cameras" if turns is None else "plan"]
            other = dict(found.items() ^ plain(json.loads(to_json(expected))).items())
            # The files have cameras that nothing of the area is near to.
            assert other.keys() <= (FARTHER if layers is files else set())
        assert found["cameras_new"] == 2
        what = [feature["properties"]["what"] for feature in answer["features"]]
        assert what.count("new_camera") == what.count("new_view") == 2
        assert what.count("turn") == (turns or 0)


def plain(told: dict[str, Any], within: str = "") -> dict[str, Any]:
    """Return a summary in one level, without the time that any part of it took."""
    flat: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, dict):
            flat |= plain(value, f"{within}{name}.")
        elif name != "seconds":
            # The order of rows differs, and with it the last digit of sums.
            flat[within + name] = round(value, 6) if isinstance(value, float) else value
    return flat

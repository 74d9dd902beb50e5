"""The service tells of cameras what `areapatrol cameras --area` says of the same store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cameras import CameraFindings, CameraOptions
from api.reading import from_store
from api.services import run
from api.settings import Settings
from api.stock import stock
from data import read_layer
from data.export import to_json, write_geopackage
from data.store import Store
from data.town import make_town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAYERS = ("areas", "streets", "cameras", "buildings", "key_sites")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the file of the demo town with the grids of a community as one area, and its code."""
    layers = make_town().layers()
    areas = layers["areas"]
    held = areas.sjoin(layers["key_sites"][["geometry"]])["parent_id"]
    code = held.value_counts().sort_index().idxmax()
    whole = areas[areas["parent_id"] == code].dissolve("parent_id").reset_index()
    file = tmp_path_factory.mktemp("town") / "town.gpkg"
    kept = {name: layers[name] for name in LAYERS}
    seeing = {"light": "infrared", "ir_range_m": 15.0, "pixels": 1920}
    kept["cameras"] = kept["cameras"].assign(**seeing)
    write_geopackage(file, kept | {"areas": whole.assign(area_id=code)[["area_id", "geometry"]]})
    return file, str(code)


@pytest.fixture
def stocked(town: tuple[Path, str], store_url: str) -> Iterator[Store]:
    """Give a store with the town, on either engine."""
    store = Store.open(store_url)
    layers = [read_layer(f"{town[0]}:{kind}", kind) for kind in LAYERS]
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
    """Key by key: coverage by day and by night, blind ground, a cordon and turns."""
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
        restricted = {"blind_area_m2", "cordon", "health", "areas"}
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

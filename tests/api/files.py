"""Small files that tests of the command line read, and where uploaded ones wait."""

from __future__ import annotations

from tempfile import mkdtemp
from typing import TYPE_CHECKING

from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pytest


def scene(folder: Path) -> dict[str, Path]:
    """
    Write one street of 300 m with a post in its middle, two cameras and two areas.

    The eastern camera looks west along the street for 50 m, the other is offline.
    """
    frames: dict[str, gpd.GeoDataFrame] = {
        "streets": streets_of(
            [line((0, 0), (300, 0)), line((0, 80), (60, 80))],
            name=["柳巷", "<img src=x onerror=alert(1)>"],
            tunnel=["no", "yes"],
        ),
        "posts": points_of([(150, 0)], post_id=["P1"], name=["柳巷口"]),
        "cameras": points_of(
            [(300, 0), (0, 0)],
            camera_id=["C1", "C2"],
            azimuth_deg=[270.0, 90.0],
            fov_deg=[60.0, 60.0],
            range_m=[50.0, 50.0],
            online=[True, False],
        ),
        "areas": areas_of({"01": box(-10, -50, 150, 100), "02": box(150, -50, 310, 100)}),
    }
    files = {}
    for name, frame in frames.items():
        files[name] = folder / f"{name}.gpkg"
        frame.to_crs(4326).to_file(files[name], layer=name)
    return files


def keep_uploads_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let uploaded files wait in a folder."""

    def made(**asked: object) -> str:
        return mkdtemp(**({"dir": folder} | asked))

    monkeypatch.setattr("api.uploads.mkdtemp", made)

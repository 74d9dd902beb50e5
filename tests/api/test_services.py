"""What every way in shares."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.results import least_exact, today
from api.services import Run, run, write
from data import read_layer
from data.export import to_json
from geo import StreetCoverage
from maps import coverage_page
from tests.api.files import scene

if TYPE_CHECKING:
    from pathlib import Path


def analysed(sites: str, folder: Path) -> Run:
    """Return a run of the small scene, with its areas both divided among and kept to."""
    files = scene(folder)
    layers = {kind: read_layer(files[kind], kind) for kind in ("streets", sites, "areas")}
    return run(sites, layers | {"within": layers["areas"]})


@pytest.mark.parametrize("sites", ["posts", "cameras"])
def test_figures_by_area_are_computed_once(
    sites: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page takes those of the run, and is the same as if it had computed its own."""
    computed = []
    by_area = StreetCoverage.by_area

    def counted(self: StreetCoverage, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        computed.append(self)
        return by_area(self, *arguments, **options)

    monkeypatch.setattr(StreetCoverage, "by_area", counted)
    done = analysed(sites, tmp_path)
    write(done, tmp_path / "out", title="t")
    assert len(computed) == 1
    handed, alone = (
        coverage_page(shown, title="t", made_on=today())
        for shown in (done.scene(), replace(done.scene(), by_area={}))
    )
    assert len(computed) == 2
    assert handed == alone


@pytest.mark.parametrize("sites", ["posts", "cameras"])
def test_urban_and_rural_are_told_apart_where_an_area_says_which_it_is(
    sites: str, tmp_path: Path
) -> None:
    """They add up to the whole; where no area says it there is no such figure."""
    files = scene(tmp_path)
    layers = {kind: read_layer(files[kind], kind) for kind in ("streets", sites, "areas")}
    assert "settings" not in run(sites, layers).summary()
    for said, expected in ((["rural", None], True), ([None, "待定"], False)):
        areas = replace(layers["areas"], frame=layers["areas"].frame.assign(setting=said))
        summary = run(sites, layers | {"areas": areas}).summary()
        assert ("settings" in summary) is expected
        if not expected:
            continue
        rows = {row["setting"]: row for row in summary["settings"]}
        assert list(rows) == ["urban", "rural", "unknown"]
        for name in ("due_length_m", "covered_length_m"):
            assert sum(row[name] for row in rows.values()) == pytest.approx(summary[name])
        west = next(row for row in summary["areas"] if row["area_id"] == "01")
        assert rows["rural"]["covered_share"] == pytest.approx(west["covered_share"])
        assert rows["urban"]["due_length_m"] == 0.0
        assert json.loads(to_json(summary))["settings"][0]["covered_share"] is None


def test_the_page_names_each_source_once(tmp_path: Path) -> None:
    """The areas are asked for twice here."""
    write(analysed("posts", tmp_path), tmp_path / "out", title="t")
    page = (tmp_path / "out" / "map.html").read_text("utf-8")
    assert "streets.gpkg、posts.gpkg、areas.gpkg</span>" in page


@pytest.mark.parametrize(
    ("datums", "named"),
    [
        ([], "wgs84"),
        (["wgs84", "cgcs2000"], "cgcs2000"),
        (["gcj02", "wgs84"], "gcj02"),
        (["gcj02", "bd09", "cgcs2000"], "bd09"),
    ],
)
def test_a_page_names_the_least_exact_datum(datums: list[str], named: str) -> None:
    """One layer in BD-09 makes the whole page approximate."""
    assert least_exact(datums) == named

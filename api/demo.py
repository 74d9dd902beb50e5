"""The demo: a town made, written, read back and analysed as anybody's files would be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from api.results import today, write_files
from api.services import Run, run
from api.stock import open_store, stock
from api.words import say
from data import read_layer
from data.export import write_geopackage
from data.importing import ImportReport
from data.town import make_town
from data.workbook import write_sheet
from maps import Scene, coverage_page

STORE_FILE: Final = "town.db"
"""The store of the town, which the demo serves."""

STORED: Final = (
    "areas", "streets", "buildings", "posts", "cameras", "key_sites", "incidents", "routes",
    "must_visit", "segments", "standby", "units", "stations",
)  # fmt: skip
"""Layers of the town that are stored."""

PATROL_AREAS: Final = "patrol_areas"
"""The areas of the town that are patrolled: stored beside its grids, as what they are."""

TOWN_DIVISION: Final = "610999001000"
"""The invented division of the town."""

TOWN_FILE: Final = "town.gpkg"
"""The layers of the town, for trying the other commands on."""

UNITS_FILE: Final = "units.xlsx"
"""The units of the town: a sheet, because they have no place."""


SHOWN_FROM: Final = "2025-07-01"
"""The first day of the incidents on the page of the demo."""


def make_demo(
    out: Path, step: Callable[[str], None], *, lang: str = "zh"
) -> tuple[list[Run], dict[str, Path]]:
    """
    Make the demo town, run both analyses on it and write one page of all.

    Parameters
    ----------
    out
        The folder; made where it is missing. It gets `town.gpkg`, `units.xlsx`, `result.gpkg`
        (layers of both analyses, named posts_... and cameras_...), `summary.json` and `map.html`.
    step
        Told the key of each step's wording as it begins.
    lang
        "zh" or "en".

    Returns
    -------
    runs
        Posts and cameras.
    files
        "result", "summary" and "map" -> the file.
    """
    step("making_town")
    town = make_town()
    out.mkdir(parents=True, exist_ok=True)
    write_geopackage(out / TOWN_FILE, town.layers())
    write_sheet("units", town.units, out / UNITS_FILE)
    layers = {
        role: read_layer(f"{out / TOWN_FILE}:{role}", role)
        for role in ("streets", "posts", "cameras", "areas", "buildings", "key_sites")
    }
    beside = {"posts": (), "cameras": ("buildings", "key_sites")}
    step("computing")
    # What the reader says of files of our own is of no use to whoever tries the demo.
    runs = [
        replace(run(sites, {r: layers[r] for r in ("streets", sites, "areas", *more)}), notes=())
        for sites, more in beside.items()
    ]
    step("writing")
    by_posts, by_cameras = (done.scene() for done in runs)
    scene = Scene(
        posts=by_posts.posts,
        cameras=by_cameras.cameras,
        camera_list=by_cameras.camera_list,
        areas=by_posts.areas,
        spacing=by_posts.spacing,
        by_area={**by_posts.by_area, **by_cameras.by_area},
        # The page shows the last year: the one before is there to be compared with.
        incidents=town.incidents[town.incidents["time"] >= SHOWN_FROM],
        routes=town.routes,
        must_visit=town.must_visit,
        background={"water": town.water, "green": town.green, "buildings": town.buildings},
    )
    page = coverage_page(
        scene,
        title=say("demo_title", lang),
        made_on=today(),
        source=say("demo_source", lang),
        remarks=[remark for done in runs for remark in done.remarks(lang)],
        lang=lang,
    )
    tables = {
        f"{done.sites}_{name}": table for done in runs for name, table in done.tables().items()
    }
    summary = {done.sites: done.summary() for done in runs}
    return runs, write_files(out, tables, summary, page)


def database_of(out: Path) -> str:
    """
    Name the store of the demo.

    Parameters
    ----------
    out
        The folder of the demo.

    Returns
    -------
    url
        Of an embedded store.
    """
    return f"sqlite:///{(out / STORE_FILE).resolve()}"


def store_town(out: Path, runs: Sequence[Run] = ()) -> Mapping[str, ImportReport]:
    """
    Load the town into an embedded store, as anybody's files would be.

    Parameters
    ----------
    out
        The folder of the demo, with its town.
    runs
        What `make_demo` returns: the layers that it read are not read again.

    Returns
    -------
    reports
        Kind, or `PATROL_AREAS`, -> what became of its rows; a second time nothing changes.
    """
    read = {kind: layer for done in runs for kind, layer in done.layers.items()}
    specs = {kind: f"{out / TOWN_FILE}:{kind}" for kind in STORED} | {
        "units": str(out / UNITS_FILE)
    }
    layers = [read.get(kind) or read_layer(spec, kind) for kind, spec in specs.items()]
    patrolled = read_layer(f"{out / TOWN_FILE}:{PATROL_AREAS}", "areas")
    with open_store(database_of(out)) as store:
        reports = stock(store, layers, division=TOWN_DIVISION)
        (beside,) = stock(store, [patrolled], division=TOWN_DIVISION).values()
        return {**reports, PATROL_AREAS: beside}

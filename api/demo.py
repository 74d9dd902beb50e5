"""The demo: a town made, written, read back and analysed as anybody's files would be."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from api.services import Run, run, today, write_files
from api.words import say
from data import read_layer
from data.export import write_geopackage
from data.town import make_town
from maps import Scene, coverage_page

TOWN_FILE: Final = "town.gpkg"
"""The layers of the town, for trying the other commands on."""


def make_demo(
    out: Path, step: Callable[[str], None], *, lang: str = "zh"
) -> tuple[list[Run], dict[str, Path]]:
    """
    Make the demo town, run both analyses on it and write one page of all.

    Parameters
    ----------
    out
        The folder; made where it is missing. It gets `town.gpkg`, `result.gpkg` (layers of both
        analyses, named posts_... and cameras_...), `summary.json` and `map.html`.
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
    layers = {
        role: read_layer(f"{out / TOWN_FILE}:{role}", role)
        for role in ("streets", "posts", "cameras", "areas")
    }
    step("computing")
    runs = [
        run(sites, {r: layers[r] for r in ("streets", sites, "areas")})
        for sites in ("posts", "cameras")
    ]
    step("writing")
    by_posts, by_cameras = (done.scene() for done in runs)
    scene = Scene(
        posts=by_posts.posts,
        cameras=by_cameras.cameras,
        camera_list=by_cameras.camera_list,
        areas=by_posts.areas,
        incidents=town.incidents,
        routes=town.routes,
        must_visit=town.must_visit,
        background={"water": town.water, "green": town.green, "buildings": town.buildings},
    )
    page = coverage_page(
        scene,
        title=say("demo_title", lang),
        made_on=today(),
        source=say("demo_source", lang),
        lang=lang,
    )
    tables = {
        f"{done.sites}_{name}": table for done in runs for name, table in done.tables().items()
    }
    summary = {done.sites: done.summary() for done in runs}
    return runs, write_files(out, tables, summary, page)

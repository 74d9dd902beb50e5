"""What commands over grids and patrols share: layers in, one result out, printed and written."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.arguments import by_role, column_maps
from api.intake import Intake, datum_doubts, project, require_one_datum
from api.report import show_aside, show_files, shown_table
from api.results import doubtful, least_exact, today, told, write_files
from api.words import say
from data import Layer, read_layer
from data.export import to_json, write_bytes, write_text
from maps import (
    GridScene,
    Imprint,
    IncidentScene,
    NothingToDrawError,
    PatrolScene,
    WalkedScene,
    grid_page,
    incident_page,
    patrol_page,
    walked_page,
)

SQUARE_KILOMETRE_M2 = 1e6
"""Square metres of a square kilometre."""

AnyScene = GridScene | PatrolScene | WalkedScene | IncidentScene
"""What a page can show."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    What a command found, in words and in figures.

    Parameters
    ----------
    summary
        What `--json` prints first.
    tables
        The layers of `result.gpkg`.
    scene
        What the page shows; its figures and tables are printed too.
    remarks
        What has to be said beside the figures, plain text in the language asked for.
    following
        What to do next, for the terminal alone; none says nothing.
    texts
        Name of a further file -> its content: route sheets, GPX.
    books
        Name of a workbook -> its content.
    drawing
        What the terminal shows over the tables, drawn with letters; none draws nothing.
    failed
        Whether what was asked about does not hold: the command ends with 1.
    """

    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    scene: AnyScene
    remarks: Sequence[str] = field(default=())
    following: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    books: Mapping[str, bytes] = field(default_factory=dict)
    drawing: str = ""
    failed: bool = False


@dataclass(frozen=True)
class Asked:
    """
    How a command was asked to read and to answer.

    Parameters
    ----------
    out
        Folder for the results; None for none.
    json
        Whether the summary alone is printed.
    datum, crs, columns
        What `--datum`, `--crs` and `--map` were given.
    lang
        "zh" or "en".
    """

    out: Path | None = None
    json: bool = False
    datum: Sequence[str] = ()
    crs: Sequence[str] = ()
    columns: Sequence[str] = ()
    lang: str = "zh"


def read_files(
    specs: Mapping[str, tuple[str, str | None]], asked: Asked, *, as_found: bool = False
) -> dict[str, Layer]:
    """
    Read the files of a command.

    Parameters
    ----------
    specs
        Role -> kind of layer, and `FILE` or `FILE:LAYER`; None for a role that was not given.
    asked
        Datums, CRSs and columns.
    as_found
        Whether an audit wants areas as they are: with crossed rings and repeated codes.

    Returns
    -------
    layers
        Role -> layer, for the roles that were given.

    Raises
    ------
    DataError
        When a file cannot be used; the message says why and what to do.
    typer.BadParameter
        When an option names a layer that this command does not have.
    """
    given = {role: (kind, spec) for role, (kind, spec) in specs.items() if spec}
    kinds = {role: kind for role, (kind, _) in given.items()}
    datums = by_role(asked.datum, kinds, "--datum")
    systems = by_role(asked.crs, kinds, "--crs")
    columns = column_maps(asked.columns, kinds)
    return {
        role: read_layer(
            spec,
            kind,
            datum=datums.get(role),
            crs=systems.get(role),
            columns=columns[role],
            as_found=as_found and kind == "areas",
        )
        for role, (kind, spec) in given.items()
    }


def finish(
    title: str,
    layers: Mapping[str, Layer],
    find: Callable[[Mapping[str, gpd.GeoDataFrame]], Outcome],
    asked: Asked,
    *,
    anchor: str = "areas",
    beside: Sequence[str] = (),
    subject: str | None = None,
) -> None:
    """
    Compute over layers, write what was asked for, and print.

    Parameters
    ----------
    title
        Key of the title in `api.words`.
    layers
        Role -> layer.
    find
        Takes the frames by role, in one metric CRS.
    asked
        How to answer.
    anchor
        The role of the layer that chooses the CRS.
    beside
        Roles of points that belong beside "streets": those in another datum are refused, or
        doubted.
    subject
        The role of the layer that the title names; None for the anchor.

    Raises
    ------
    typer.Exit
        With 1 when what was asked about does not hold.
    """
    taken = project(layers, anchor)
    for role in (each for each in beside if each in taken.layers):
        require_one_datum(taken.layers[role], taken.layers["streets"].frame)
        doubts = [(role, note) for note in datum_doubts(taken.layers, taken.frames, role)]
        taken = replace(taken, notes=(*taken.notes, *doubts))
    heading = say(title, asked.lang)
    with progress() as bar:
        bar.add_task(heading)
        found = find(taken.frames)
    crs = taken.frames[anchor].crs.to_string()
    summary = {**found.summary, "crs": crs, **told(taken.layers, taken.notes)}
    files = {}
    if asked.out is not None:
        imprint = _imprint(heading, found, taken, crs, asked.lang)
        files = _write(asked.out, found, summary, _page(found.scene, imprint))
    if asked.json:
        sys.stdout.write(to_json(summary) + "\n")
        if found.failed:
            raise typer.Exit(1)
        return
    _show(heading, layers[subject or anchor].source, found, taken, files, asked.lang)
    if found.failed:
        raise typer.Exit(1)


def _show(
    heading: str,
    source: str,
    found: Outcome,
    taken: Intake,
    files: Mapping[str, Path],
    lang: str,
) -> None:
    """Print figures, what has to be said of them, tables, what was set aside and written."""
    console = Console()
    console.print(_figures(heading, source, found))
    for remark in found.remarks:
        console.print(remark, markup=False, highlight=False, soft_wrap=True)
    if found.drawing:
        console.print(found.drawing, markup=False, highlight=False, no_wrap=True)
    for table in found.scene.tables:
        if len(table.rows) > 1:
            console.print(shown_table(table, lang))
    show_aside(taken.layers, taken.notes, console, lang=lang)
    show_files(files, console, lang=lang)
    # What is to be done with files that were not written is of no use.
    if found.following and not (found.texts and not files):
        console.print(found.following, markup=False, soft_wrap=True)


def _page(scene: AnyScene, imprint: Imprint) -> str | None:
    """Compose the page of a scene; counts of incidents may do without any place, and so a map."""
    try:
        return page_of(scene, imprint)
    except NothingToDrawError:
        if isinstance(scene, IncidentScene):
            return None
        raise


def _write(
    out: Path, found: Outcome, summary: Mapping[str, Any], page: str | None
) -> dict[str, Path]:
    """Write the files that every result has, and those of its own."""
    files = write_files(out, found.tables, summary, page)
    for name, text in found.texts.items():
        files[Path(name).stem] = out / name
        write_text(out / name, text)
    for name, content in found.books.items():
        files[name] = out / name
        write_bytes(out / name, content)
    return files


def page_of(scene: AnyScene, imprint: Imprint) -> str:
    """
    Compose the page of a scene.

    Parameters
    ----------
    scene
        What is to be seen.
    imprint
        What the page says of itself.

    Returns
    -------
    html
        A complete page.

    Raises
    ------
    NothingToDrawError
        When nothing has a place.
    """
    if isinstance(scene, PatrolScene):
        return patrol_page(scene, imprint)
    if isinstance(scene, WalkedScene):
        return walked_page(scene, imprint)
    if isinstance(scene, IncidentScene):
        return incident_page(scene, imprint)
    return grid_page(scene, imprint)


def progress() -> Progress:
    """Return a line that tells on standard error what is under way, and since when."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _imprint(heading: str, found: Outcome, taken: Intake, crs: str, lang: str) -> Imprint:
    doubts, left_out = doubtful(taken.layers.values(), taken.notes, lang)
    return Imprint(
        heading,
        today(),
        source="、".join(dict.fromkeys(layer.source for layer in taken.layers.values())),
        datum=least_exact(layer.datum for layer in taken.layers.values()),
        remarks=[*doubts, *found.remarks, *left_out],
        crs=crs,
        lang=lang,
    )


def _figures(heading: str, source: str, found: Outcome) -> Table:
    table = Table(title=f"{heading} · {source}", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right", overflow="fold")
    for label, value in found.scene.figures:
        table.add_row(escape(label), escape(value))
    return table

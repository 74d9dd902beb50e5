"""
What every way in shares: layers in, one result out, written as files.

Reprojection happens here: frames arrive in degrees, and one working CRS serves the whole run.
"""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from api.camera_findings import CameraFindings
from api.camera_notes import camera_notes
from api.cameras import CameraOptions
from api.cameras import find as find_cameras
from api.intake import take_in
from api.marking import counted, marked, remark
from api.posts import PostFindings, PostOptions, find
from api.ranked_gaps import (
    INCIDENTS,
    ranked_remarks,
    ranked_summary,
    ranked_table,
    with_placeless,
)
from api.results import doubtful, least_exact, today, told, write_files
from data import Layer, Note
from data.covert import without_covert
from data.states import FAULTS
from geo import (
    DueRule,
    StreetCoverage,
)
from geo.coverage import SETTINGS, by_setting
from geo.due import text_column
from geo.incidents.gap_ranks import GapRanks, gap_ranks
from maps import Scene, coverage_page
from maps.tables import TextTable


@dataclass(frozen=True, eq=False)
class Run:
    """
    One analysis: what was read, what came out, and what has to be said about it.

    Parameters
    ----------
    sites
        "posts" or "cameras".
    layers
        Role -> layer as read: "streets", the sites, and "areas" where given.
    findings
        The results, in the working CRS: the coverage and what else was asked.
    areas
        The areas of the run in the working CRS, or None.
    notes
        What the readers and the run found, by role, in order.
    by_area
        The figures by area, or None without areas.
    marking
        "level", "date" and "operator" of a result that tells of covert posts; None of others.
    ranks
        The gaps by the incidents at them, or None without incidents.
    """

    sites: str
    layers: Mapping[str, Layer]
    findings: PostFindings | CameraFindings
    areas: gpd.GeoDataFrame | None
    notes: tuple[tuple[str, Note], ...]
    by_area: gpd.GeoDataFrame | None = None
    marking: Mapping[str, str] | None = None
    ranks: GapRanks | None = None

    @property
    def coverage(self) -> StreetCoverage:
        """The coverage of the streets."""
        return self.findings.coverage

    def summary(self) -> dict[str, Any]:
        """
        Return the totals with the figures by area, the inputs and the notes.

        Returns
        -------
        summary
            Ready for `data.export.to_json`: the keys of the result first.
        """
        summary = self.findings.summary() | told(self.layers, self.notes)
        if self.sites == "posts":
            summary |= counted(self.marking)
        if self.ranks is not None:
            summary["gaps_by_incidents"] = ranked_summary(self.ranks)
        if self.by_area is not None:
            border_m = float(self.by_area["border_length_m"].sum())
            summary["border_length_m"] = border_m
            summary["areas"] = self.by_area.drop(columns="geometry").to_dict("records")
            if _tells_setting(self.areas):
                summary["settings"] = by_setting(self.by_area, self.areas).to_dict("records")
        return summary

    def tables(self) -> dict[str, pd.DataFrame]:
        """
        Return the layers of `result.gpkg`.

        Returns
        -------
        tables
            "gaps" (ranked, where incidents are given) and "covered" stretches; what else the run
            found; "areas" with their figures; and the rows set aside of each input that has some.
        """
        tables: dict[str, pd.DataFrame] = {
            "gaps": self.coverage.gaps if self.ranks is None else self.ranks.gaps,
            "covered": self.coverage.covered,
        }
        tables |= self.findings.tables()
        if self.marking is not None:
            tables["marking"] = pd.DataFrame([self.marking])
        if self.by_area is not None:
            tables["areas"] = self.by_area
        for role, layer in self.layers.items():
            if len(layer.quarantine):
                # The place of a bad row is text: whatever is wrong with it must survive.
                tables[f"set_aside_{role}"] = layer.quarantine.rename(columns={"geometry": "place"})
        return tables

    def scene(self) -> Scene:
        """Return what a page of this run shows."""
        by_area = {} if self.by_area is None else {self.sites: self.by_area}
        found = self.findings
        if isinstance(found, CameraFindings):
            return Scene(
                cameras=found.coverage,
                camera_list=self.layers["cameras"].frame,
                areas=self.areas,
                by_area=by_area,
                background=self._background(),
                turned=found.turned,
                bought=found.bought,
                cordon=found.cordon,
            )
        assert isinstance(found, PostFindings)  # noqa: S101 - there are two kinds
        return Scene(
            posts=found.coverage,
            areas=self.areas,
            by_area=by_area,
            spacing=found.spacing,
            proposal=found.proposal,
            volunteers=found.volunteers,
            background=self._background(),
        )

    def _background(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the buildings: without them nobody sees why a view ends where it does."""
        return {role: self.layers[role].frame for role in ("buildings",) if role in self.layers}

    def remarks(self, lang: str) -> list[str]:
        """
        Return what whoever is handed the page has to know about the data.

        Parameters
        ----------
        lang
            "zh" or "en".

        Returns
        -------
        remarks
            Doubts about datums and places, and the rows that were left out.
        """
        doubts, left_out = doubtful(self.layers.values(), self.notes, lang)
        if self.sites == "posts":
            # The marking comes first: whoever hands the page on must see it.
            doubts.insert(0 if self.marking else len(doubts), remark(self.marking, lang))
        ranked = [] if self.ranks is None else ranked_remarks(self.ranks, lang)
        return [*doubts, *self.findings.remarks(lang), *ranked, *left_out]

    def listings(self, lang: str) -> list[TextTable]:
        """
        Return what a page and the terminal list beside the figures.

        Parameters
        ----------
        lang
            "zh" or "en".

        Returns
        -------
        tables
            The gaps to close first, where incidents lie at some.
        """
        if self.ranks is None or not self.ranks.at_gaps:
            return []
        return [ranked_table(self.ranks, self.layers["streets"].frame, lang)]

    def datum(self) -> str:
        """Return the datum of the inputs that a page has to name: the least exact one."""
        return least_exact(layer.datum for layer in self.layers.values())


def run(
    sites: str,
    layers: Mapping[str, Layer],
    *,
    posts: PostOptions | None = None,
    cameras: CameraOptions | None = None,
    due: DueRule | None = None,
) -> Run:
    """
    Compute the coverage of streets by posts or by cameras.

    Parameters
    ----------
    sites
        "posts" or "cameras".
    layers
        "streets" and the layer of the sites; "areas" where figures by area are wanted; "within"
        where only the stretches inside some areas are due; "buildings" and "key_sites";
        "incidents" (of any time), which rank the gaps; for posts also "keep", "forbid", "gates"
        and "volunteers"; for cameras also "walls", "poles", "forbid", "entrances",
        "school_needs", "cordon", "states" and "faults".
    posts
        What is asked about posts; None for the default `PostOptions`.
    cameras
        What is asked about cameras; None for the default `CameraOptions`.
    due
        Which streets count; None for the default `DueRule`.

    Returns
    -------
    run
        The result and what was noticed on the way.

    Raises
    ------
    PlaceError
        When no street can be used, or no row of another layer that has some.
    GeoError
        When an option is out of range, or the data spans more than one CRS can measure.
    """
    options = posts or PostOptions()
    if sites == "posts" and not options.include_covert:
        layers = {**layers, "posts": without_covert(layers["posts"])}
    intake = take_in(with_placeless(layers), sites)
    metric = intake.frames
    findings: PostFindings | CameraFindings
    marking, noticed = None, intake.notes
    if sites == "posts":
        findings = find(metric, options, due)
        if options.include_covert:
            marking = marked(getpass.getuser(), today())
    else:
        asked = cameras or CameraOptions()
        # Without cameras to turn or to buy incidents weigh nothing: they only rank the gaps.
        weighed = [role for role in metric if asked.aims or role != INCIDENTS]
        held = {role: intake.layers[role] for role in weighed}
        noticed += camera_notes(held)
        frames = _with_refused({role: metric[role] for role in weighed}, held)
        findings = find_cameras(frames, asked, due)
    areas, coverage = metric.get("areas"), findings.coverage
    by_area = None if areas is None else coverage.by_area(areas)
    ranks = None if INCIDENTS not in metric else gap_ranks(coverage, metric[INCIDENTS])
    return Run(sites, intake.layers, findings, areas, noticed, by_area, marking, ranks)


def _tells_setting(areas: gpd.GeoDataFrame) -> bool:
    """Tell whether some area says that it is urban or rural: else there is nothing to add up."""
    return bool(np.isin(text_column(areas, "setting"), SETTINGS).any())


def _with_refused(
    frames: Mapping[str, gpd.GeoDataFrame], layers: Mapping[str, Layer]
) -> Mapping[str, gpd.GeoDataFrame]:
    """Keep what was set aside without its time or place: it is unknown, and counted as that."""
    if INCIDENTS in frames:
        rows = len(frames[INCIDENTS]) + len(layers[INCIDENTS].quarantine)
        frames = {**frames, INCIDENTS: frames[INCIDENTS].reindex(range(rows))}
    if FAULTS not in frames:
        return frames
    aside = layers[FAULTS].quarantine
    named = aside.loc[aside["camera_id"].notna(), ["camera_id"]]
    refused = named.assign(fault_at=pd.NaT, repaired_at=pd.NaT)
    return {**frames, FAULTS: pd.concat([frames[FAULTS], refused], ignore_index=True)}


def write(done: Run, out: Path, *, title: str, lang: str = "zh") -> dict[str, Path]:
    """
    Write `result.gpkg`, `summary.json` and `map.html` into a folder.

    Parameters
    ----------
    done
        A run.
    out
        The folder; made where it is missing.
    title
        Title of the page.
    lang
        "zh" or "en".

    Returns
    -------
    files
        "result", "summary" and "map" -> the file.
    """
    page = coverage_page(
        done.scene(),
        title=title,
        made_on=today(),
        # Areas may be divided among and kept to at once.
        source="、".join(dict.fromkeys(layer.source for layer in done.layers.values())),
        datum=done.datum(),
        remarks=done.remarks(lang),
        tables=done.listings(lang),
        lang=lang,
    )
    return write_files(out, done.tables(), done.summary(), page)

"""The coverage page: what posts and cameras cover, with its figures and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from maps.cameras import sees_through_walls
from maps.composing import Imprint, compose
from maps.figures import (
    area_table,
    camera_figures,
    post_figures,
    proposal_figures,
    spacing_figures,
    volunteer_table,
)
from maps.scene import Scene, bounds_of, layers_of, shares_of
from maps.tables import text_table
from maps.words import Words, words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from maps.tables import TextTable

AREA_TABLES: Final = {"posts": "table_areas_posts", "cameras": "table_areas_cameras"}
"""Result -> key of the heading of its table."""


def coverage_page(
    scene: Scene,
    *,
    title: str,
    made_on: dt.date,
    source: str = "",
    datum: str = "wgs84",
    remarks: Sequence[str] = (),
    tables: Sequence[TextTable] = (),
    lang: str = "zh",
) -> str:
    """
    Compose one offline HTML page from results and frames.

    Parameters
    ----------
    scene
        What is to be seen.
    title
        Title of the page, plain text.
    made_on
        The date that the page bears.
    source
        Whose data it is, plain text; none says nothing.
    datum
        What the coordinates were stored in before they became WGS-84: "wgs84", "cgcs2000",
        "gcj02" or "bd09". The last two are marked as approximate.
    remarks
        What has to be said of the data in words of the language, plain text: rows left out, a
        datum in doubt.
    tables
        What is listed first below the map, in words of the language; those without a row are not.
    lang
        "zh" or "en".

    Returns
    -------
    html
        A complete page, the same bytes for the same input.

    Raises
    ------
    NothingToDrawError
        When the scene holds no place at all.
    UnknownDatumError
        When the datum is none of the four.
    UnknownLanguageError
        When the language is neither.
    """
    say = words(lang)
    shares = shares_of(scene)
    listed = [text_table(table) for table in tables]
    listed += [] if scene.volunteers is None else [volunteer_table(scene.volunteers, say)]
    listed += [
        area_table(share, coverage, say(AREA_TABLES[key]), say)
        for key, (share, coverage) in shares.items()
    ]
    measured = next((result for result in (scene.posts, scene.cameras) if result is not None), None)
    crs = measured.summary()["crs"] if measured else None
    warnings = [*_warnings(scene, say), *remarks]
    imprint = Imprint(title, made_on, source, datum, warnings, crs, lang)
    groups = layers_of(scene, shares, lang=lang)
    return compose(groups, bounds_of(scene), imprint, figures=_figures(scene, say), tables=listed)


def _figures(scene: Scene, say: Words) -> dict[str, Sequence[tuple[str, str]]]:
    figures: dict[str, Sequence[tuple[str, str]]] = {}
    if scene.posts is not None:
        figures[say("group.posts")] = [
            *post_figures(scene.posts, say),
            *(spacing_figures(scene.spacing, say) if scene.spacing else []),
            *(proposal_figures(scene.proposal, say) if scene.proposal else []),
        ]
    if scene.cameras is not None:
        figures[say("group.cameras")] = camera_figures(scene.cameras, say)
    return figures


def _warnings(scene: Scene, say: Words) -> list[str]:
    """Say how it was measured, where that makes a difference."""
    warnings = []
    if scene.posts is not None and scene.posts.distance == "straight":
        warnings.append(say("straight"))
    if scene.cameras is not None and sees_through_walls(scene.cameras.views):
        warnings.append(say("through_walls"))
    return warnings

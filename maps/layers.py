"""The folium elements that every builder uses: a group that knows its own legend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import folium
import numpy as np
from branca.element import Element
from folium.elements import JSCSSMixin
from folium.template import Template

from maps.features import collection, on_map, script_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt

WEB: Final = Path(__file__).parent / "web"
"""The script and the style of every page."""


Style: TypeAlias = "Mapping[str, str | float | bool]"
"""
Leaflet path options, and ours: `mark` (circle or square), `hatch`, `ground` (a colour under the
strokes of a hatch), `radius_m` (a circle on the ground), `glyph` (a marker that carries a text:
the name of its CSS class).
"""


@dataclass(frozen=True)
class Look:
    """
    How one class of features is drawn, and what the legend calls it.

    Parameters
    ----------
    label
        Plain text of the legend.
    kind
        What the legend shows a sample of.
    style
        Leaflet path options, and ours.
    sign
        The character of a marker that carries one, for the legend.
    """

    label: str
    kind: Literal["line", "area", "point", "arrow"]
    style: Style
    sign: str = ""


@dataclass(frozen=True)
class LegendRow:
    """
    One line of a legend.

    Parameters
    ----------
    look
        What is drawn.
    count
        How many features are drawn so; none where a surface has no number.
    """

    look: Look
    count: int | None = None


class Verbatim(Element):
    """Text that reaches the page as it is: branca's own element reads it as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: object) -> str:
        """Return the text."""
        return self.text


class ThematicLayer(folium.FeatureGroup):
    """
    A folium group of shapes that knows its own legend.

    It can be added to any `folium.Map`; only a page adds the legend.

    Parameters
    ----------
    name
        Label in the layer control, plain text.
    show
        Whether the layer starts switched on.
    note
        One sentence under the legend, where the reader needs it.
    one_of
        Of the layers that name the same set only one is on at a time: their colours say different
        things about the same place.
    """

    def __init__(self, name: str, *, show: bool = True, note: str = "", one_of: str = "") -> None:
        super().__init__(name=name, show=show)
        self.note = note
        self.one_of = one_of
        self.legend: list[LegendRow] = []
        self.shapes: list[str] = []

    def draw(
        self,
        frame: gpd.GeoDataFrame,
        looks: Sequence[Look],
        which: npt.NDArray[np.int64] | None = None,
        *,
        level: int,
        text: Sequence[Sequence[str]] | None = None,
        glyphs: Sequence[str] | None = None,
    ) -> None:
        """
        Add features to the layer and their looks to its legend.

        A look that no feature takes is left out of both.

        Parameters
        ----------
        frame
            n rows in any CRS.
        looks
            The classes, in the order of the legend.
        which
            n numbers into `looks`; none draws everything in the first look.
        level
            Height in the drawing: a higher one covers a lower one, whatever is switched on last.
        text
            n lists of tooltip lines, the first of them the title; plain text.
        glyphs
            n short texts inside markers.
        """
        geometry, rows = on_map(frame)
        which = np.zeros(len(rows), dtype=np.int64) if which is None else which[rows]
        used, counts = np.unique(which, return_counts=True)
        if not used.size:
            return
        self.legend += [
            LegendRow(looks[number], count)
            for number, count in zip(used.tolist(), counts.tolist(), strict=True)
        ]
        features = collection(
            geometry,
            np.searchsorted(used, which),
            None if text is None else [text[row] for row in rows.tolist()],
            None if glyphs is None else [glyphs[row] for row in rows.tolist()],
        )
        styles = script_json([dict(looks[number].style) for number in used])
        self.shapes.append(f"{level}, {styles}, {features}")

    def render(self, **kwargs: Any) -> None:  # noqa: ANN401 - folium's own signature
        """Write the group, then its shapes."""
        figure = self.get_root()
        script = Verbatim(f"<script>\n{(WEB / 'page.js').read_text('utf-8')}</script>")
        figure.header.add_child(script, name="gridpatrol")
        for number, shapes in enumerate(self.shapes):
            call = Verbatim(f"gridpatrol.draw({self.get_name()}, {shapes});\n")
            self.add_child(_Script(call), name=f"shapes_{number}")
        super().render(**kwargs)


class ClusterLayer(JSCSSMixin, ThematicLayer):
    """
    A group whose point markers stand together as one number until there is room.

    Parameters
    ----------
    name
        Label in the layer control, plain text.
    color
        The colour of clusters and markers.
    glyph
        The letter inside the markers.
    wording
        What a cluster says to a pointer or a screen reader; `{number}` is its size.
    show
        Whether the layer starts switched on.
    """

    default_js: Final = [
        ("markercluster", "vendor:leaflet.markercluster/leaflet.markercluster.js"),
    ]
    default_css: Final = [
        ("markercluster_css", "vendor:leaflet.markercluster/MarkerCluster.css"),
    ]
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = gridpatrol.cluster({{ this.cluster }});
        {% endmacro %}
        """
    )

    def __init__(
        self, name: str, *, color: str, glyph: str, wording: str, show: bool = True
    ) -> None:
        super().__init__(name, show=show)
        self.glyph = glyph
        self.cluster = script_json({"color": color, "wording": wording})


class _Script(folium.MacroElement):
    """A statement in the script of the page, at the place of its parent."""

    def __init__(self, text: Verbatim) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: object) -> None:
        """Add the statement to the script."""
        self.get_root().script.add_child(self.text, name=self.get_name())

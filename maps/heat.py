"""A smooth surface of how densely incidents lie, in classes that a legend can tell the truth of."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely
from folium.template import Template

from maps.colours import COUNT_FILLS
from maps.features import COORDINATE_DIGITS, LEAFLET_CRS, on_map, require, script_json
from maps.layers import LegendRow, Look, ThematicLayer
from maps.words import words

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Classes = npt.NDArray[np.uint8]

PLANE: Final = "EPSG:3857"
"""The plane of the page: a picture made in it lies straight on the map."""

RADIUS_M: Final = 150.0
"""How far one incident is smeared: about what a patrol on foot has in sight."""

FINE: Final = 5
"""Pixels in a radius: the kernel is round enough, and the picture stays small."""

ACROSS: Final = 40
"""Radii along the longer side at most: over a city blocks would be specks, so the radius grows, and
the page says so."""

STEPS: Final = (1 / 40, 1 / 16, 1 / 6, 1 / 3, 2 / 3)
"""Lower ends of the classes as parts of the highest density, wider apart upwards, as incidents are
heaped up; below the first nothing is drawn."""

MARK: Final = b"\x89PNG\r\n\x1a\n"
"""How a PNG file begins."""


class HeatLayer(ThematicLayer):
    """
    A picture that lies on the map.

    Parameters
    ----------
    name
        Label in the layer control, plain text.
    heat
        What the script of the page needs: the picture and its corners.
    show
        Whether the layer starts switched on.
    note
        One sentence under the legend.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = gridpatrol.heat({{ this.heat }});
        {% endmacro %}
        """
    )

    def __init__(
        self, name: str, heat: dict[str, Any], *, show: bool = True, note: str = ""
    ) -> None:
        super().__init__(name, show=show, note=note, one_of="areas")
        self.heat = script_json(heat)


@dataclass(frozen=True, eq=False)
class Surface:
    """
    How densely points lie, on the plane of the page.

    Parameters
    ----------
    density
        Points per square kilometre of each pixel, the northernmost row first.
    box
        West, south, east and north of the picture on the plane.
    radius_m
        How far each point is smeared.
    pixel_m
        Side of a pixel on the ground.
    """

    density: Floats
    box: tuple[float, float, float, float]
    radius_m: float
    pixel_m: float


def heat_layer(
    incidents: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = False
) -> ThematicLayer:
    """
    Draw how densely incidents lie.

    Parameters
    ----------
    incidents
        n points in any CRS; each row counts once.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A picture in five classes of incidents per square kilometre; it draws nothing where nothing
        has a place.
    """
    say = words(lang)
    require(incidents, "incidents")
    shapes, _ = on_map(incidents)
    if not len(shapes):
        return HeatLayer(say("heat"), {}, show=show)
    found = surface(shapely.points(shapely.get_coordinates(shapely.centroid(shapes))))
    lows = steps(float(found.density.max()))
    which = np.searchsorted(lows, found.density, side="right").astype(np.uint8)
    corners = gpd.GeoSeries([shapely.box(*found.box)], crs=PLANE).to_crs(LEAFLET_CRS)
    west, south, east, north = corners.total_bounds.round(COORDINATE_DIGITS).tolist()
    layer = HeatLayer(
        say("heat"),
        {"image": picture(which), "bounds": [[south, west], [north, east]]},
        show=show,
        note=say("heat_note", radius=say.length(found.radius_m)),
    )
    ends = [f"{low:,g}" for low in lows]
    labels = [
        *(
            say("n_per_km2", number=say("number_below", low=low, high=high))
            for low, high in pairwise(ends)
        ),
        say("number_and_more", low=say("n_per_km2", number=ends[-1])),
    ]
    held = set(np.unique(which).tolist())
    layer.legend += [
        LegendRow(
            Look(
                label,
                "area",
                {"stroke": False, "fillColor": fill, "fillOpacity": 0.75},
            )
        )
        for number, (label, fill) in enumerate(zip(labels, COUNT_FILLS, strict=False), start=1)
        if number in held
    ]
    return layer


def surface(points: npt.NDArray[np.object_], radius_m: float = RADIUS_M) -> Surface:
    """
    Smear points and add them up.

    Parameters
    ----------
    points
        n Points in degrees, at least 1.
    radius_m
        How far each is smeared at least, by a quartic kernel.

    Returns
    -------
    surface
        Its sum over the ground is the number of points.

    Notes
    -----
    The plane of the page has one scale a latitude; that of the middle is taken, which is off by
    less than 0.3 % over a town of half a degree.
    """
    plane = gpd.GeoSeries(points, crs=LEAFLET_CRS).to_crs(PLANE).get_coordinates().to_numpy()
    middle = np.radians(shapely.get_y(points).min() / 2 + shapely.get_y(points).max() / 2)
    stretch = 1.0 / float(np.cos(middle))
    low, high = plane.min(axis=0), plane.max(axis=0)
    radius_m = max(radius_m, _round_up(float((high - low).max()) / stretch / ACROSS))
    pixel = radius_m * stretch / FINE
    corner = low - (FINE + 1) * pixel
    columns, rows = (np.ceil((high - low) / pixel).astype(int) + 2 * FINE + 3).tolist()
    at = np.floor((plane - corner) / pixel).astype(int)
    counts = np.zeros((rows, columns))
    np.add.at(counts, (at[:, 1], at[:, 0]), 1.0)
    density = np.zeros_like(counts)
    reach = np.arange(-FINE, FINE + 1)
    near = 1.0 - (reach[:, None] ** 2 + reach[None, :] ** 2) / FINE**2
    kernel = np.where(near > 0.0, near, 0.0) ** 2
    kernel /= kernel.sum()
    # The margin is as wide as the kernel, so that nothing rolls over the edge. One pass a pixel of
    # the kernel, eighty-odd, is over whole arrays.
    for up, right in np.argwhere(kernel > 0.0).tolist():
        density += kernel[up, right] * np.roll(counts, (up - FINE, right - FINE), axis=(0, 1))
    pixel_m = radius_m / FINE
    box = (*corner.tolist(), *(corner + np.array((columns, rows)) * pixel).tolist())
    return Surface(density[::-1] / (pixel_m**2 / 1e6), box, radius_m, pixel_m)


def steps(highest: float) -> list[float]:
    """
    Choose the lower ends of classes.

    Parameters
    ----------
    highest
        The highest density, greater than 0.

    Returns
    -------
    lows
        Ascending, each of two digits, at least one.
    """
    digits = [float(f"{highest * part:.1e}") for part in STEPS]
    return sorted(set(digits))


def picture(which: Classes) -> str:
    """
    Write classes as a picture that stands inside a page.

    Parameters
    ----------
    which
        The class of each pixel: 0 is clear, the others have the colours of counts.

    Returns
    -------
    address
        A `data:` address of a PNG with a palette.
    """
    rows, columns = which.shape
    colours = b"\0\0\0" + b"".join(bytes.fromhex(fill[1:]) for fill in COUNT_FILLS)
    lines = np.zeros((rows, columns + 1), dtype=np.uint8)
    # A line begins with its filter, which is none.
    lines[:, 1:] = which
    data = b"".join(
        (
            MARK,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", colours),
            _chunk(b"tRNS", b"\0"),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _round_up(value: float) -> float:
    """Return the least number of two digits that is not below a value."""
    if value <= 0.0:
        return 0.0
    step = 10.0 ** (np.floor(np.log10(value)) - 1.0)
    return float(np.ceil(value / step) * step)

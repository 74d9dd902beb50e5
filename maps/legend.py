"""The panel beside the map: every layer with its switch and a legend of what it draws."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from maps.layers import ClusterLayer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from maps.layers import LegendRow, Look, ThematicLayer
    from maps.words import Words

SAMPLE: Final = (34, 16)
"""Width and height of a sample, in pixels."""


def panel(groups: Mapping[str, Sequence[ThematicLayer]], say: Words) -> str:
    """
    Write the switches and the legend.

    Samples are drawn from the very styles of the layers, and only the classes that a layer
    draws are listed; a style sheet hides the legend of a layer that is switched off.

    Parameters
    ----------
    groups
        Heading, plain text, -> layers; a layer without features is left out.
    say
        The words of the page.

    Returns
    -------
    html
        A panel whose switches carry the name of their layer.
    """
    parts = [
        f"<fieldset><legend>{escape(heading)}</legend><ul>"
        f"{''.join(_switch(layer) for layer in layers if layer.legend)}</ul></fieldset>"
        for heading, layers in groups.items()
        if any(layer.legend for layer in layers)
    ]
    return f'<h2 id="panel-title">{escape(say("panel"))}</h2>{"".join(parts)}'


def _switch(layer: ThematicLayer) -> str:
    """Write one layer. The browser is told not to bring back switches from an earlier visit."""
    name = layer.get_name()
    checked = " checked" if layer.show else ""
    one_of = f' data-one-of="{layer.one_of}"' if layer.one_of else ""
    note = f'<p class="note">{escape(layer.note)}</p>' if layer.note else ""
    glyph = layer.glyph if isinstance(layer, ClusterLayer) else ""
    rows = "".join(_row(row, glyph) for row in layer.legend)
    return (
        f'<li><input type="checkbox" id="show-{name}" data-layer="{name}"{one_of}{checked} '
        f'autocomplete="off"><label for="show-{name}">{escape(layer.layer_name)}</label>'
        f'<div class="rows"><ul>{rows}</ul>{note}</div></li>'
    )


def _row(row: LegendRow, glyph: str) -> str:
    # How many arrowheads there are is the map's affair.
    count = "" if row.look.kind == "arrow" or row.count is None else f"{row.count:,}"
    return (
        f"<li>{sample(row.look, glyph)}<span>{escape(row.look.label)}</span>"
        f'<span class="count">{count}</span></li>'
    )


def sample(look: Look, glyph: str = "") -> str:
    """
    Draw a look the way the map does.

    Parameters
    ----------
    look
        What is drawn.
    glyph
        The character of a marker that has none of its own.

    Returns
    -------
    html
        A small picture that needs nothing else.
    """
    style = look.style
    width, height = SAMPLE
    middle = f'cx="{width / 2}" cy="{height / 2}"'
    if "glyph" in style:
        color = f' style="--kind:{style["color"]}"' if "color" in style else ""
        sign = escape(look.sign or glyph) or "1"
        return (
            f'<span class="sample" aria-hidden="true">'
            f'<span class="glyph {style["glyph"]}"{color}>{sign}</span></span>'
        )
    if look.kind == "line":
        shape = f'<path d="M1 {height / 2}H{width - 1}" {_stroke(style)} fill="none"/>'
    elif look.kind == "arrow":
        shape = f'<path d="M10 3L24 8L10 13Z" {_stroke(style)} {_fill(style)}/>'
    elif style.get("mark") == "circle":
        shape = f'<circle {middle} r="{style["radius"]}" {_stroke(style)} {_fill(style)}/>'
    elif style.get("mark") == "square":
        side = 2 * float(style["radius"])
        corner = f'x="{(width - side) / 2}" y="{(height - side) / 2}"'
        shape = f'<rect {corner} width="{side}" height="{side}" {_stroke(style)} {_fill(style)}/>'
    elif "radius_m" in style:
        shape = f'<circle {middle} r="6.5" {_stroke(style)} {_fill(style)}/>'
    else:
        box = f'x="2" y="2" width="{width - 4}" height="{height - 4}"'
        hatch = _hatch(style) if style.get("hatch") else ""
        fill = 'fill="none"' if hatch else _fill(style)
        shape = f"{hatch}<rect {box} {_stroke(style)} {fill}/>"
    return (
        f'<svg class="sample" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'aria-hidden="true">{shape}</svg>'
    )


def _stroke(style: Mapping[str, Any]) -> str:
    if style.get("stroke") is False:
        return 'stroke="none"'
    dash = f' stroke-dasharray="{style["dashArray"]}"' if "dashArray" in style else ""
    return (
        f'stroke="{style["color"]}" stroke-width="{style.get("weight", 3)}" '
        f'stroke-opacity="{style.get("opacity", 1)}"{dash}'
    )


def _fill(style: Mapping[str, Any]) -> str:
    if style.get("fill") is False:
        return 'fill="none"'
    color = style.get("fillColor", style.get("color"))
    return f'fill="{color}" fill-opacity="{style.get("fillOpacity", 0.2)}"'


def _hatch(style: Mapping[str, Any]) -> str:
    """Draw the strokes of a hatched area, slanting as on the map."""
    color = style.get("fillColor", style["color"])
    strokes = "".join(f"M{x} 14L{x + 12} 2" for x in range(2, 21, 6))
    ground = ""
    if "ground" in style:
        ground = f'<path d="M2 2h30v12h-30Z" fill="{style["ground"]}" fill-opacity="0.75"/>'
    return f'{ground}<path d="{strokes}" stroke="{color}" stroke-width="1.2" fill="none"/>'

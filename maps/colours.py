"""The colours and class breaks of every map, chosen to hold for colour-blind eyes and in grey."""

from __future__ import annotations

from typing import Final

GAP: Final = "#d1420a"
"""Vermilion: told from blue under every common colour blindness; the weight tells it in grey."""

COVERED: Final = "#2f6f9f"
"""A quiet blue: the covered street is the good news and needs no shout."""

NOT_DUE: Final = "#77716a"
"""Grey of a street that does not count."""

POST: Final = "#12355b"
"""Navy, darker than the streets it stands on."""

SPACING: Final = "#e6b800"
"""Yellow of a street on which posts stand too far apart: lighter than a gap of coverage."""

CROWDED: Final = "#a6266e"
"""Magenta between two posts that stand too near each other."""

PROPOSED: Final = "#0b7a3b"
"""Green of what should come."""

DROPPED: Final = "#8a2b2b"
"""Dark red of what may go."""

BEFORE: Final = "#a99b86"
"""Pale sand of a view before it is turned: lighter than all that is proposed, and empty."""

OPEN_WAY: Final = "#141414"
"""Near black of a way that can be taken unseen: the darkest line of a page, in grey too."""

CLOSURE: Final = "#ffc20e"
"""Yellow of a bar across it: the strongest contrast to black under every colour blindness."""

SEEING: Final = "#1b8a6b"
"""Bluish green of what a camera sees."""

OFFLINE: Final = "#6b6b6b"
"""Grey of what is out of order."""

UNAIMED: Final = "#7a4fa3"
"""Violet outline of what might be seen."""

UNAIMED_PALE: Final = "#cdb3e6"
"""The same, pale, inside the square of the camera."""

BLIND: Final = "#5c3a21"
"""Dark brown of ground that nobody sees: hatched, so that streets stay legible on it."""

WATCHED: Final = "#0e5c46"
"""Deep green of a place that cameras see."""

SHARE_BREAKS: Final = (0.2, 0.4, 0.6, 0.8)
"""Fixed fifths, so that two pages compare; each class holds its lower end."""

SHARE_FILLS: Final = ("#dccdea", "#bfa3d8", "#9c79bf", "#7450a0", "#481f74")
"""From pale to dark violet, one step of lightness a class: no hue of water, streets or gaps."""

NO_BASE: Final = "#8d8779"
"""Warm grey, and hatched: outside the ramp in colour and in kind."""

COUNT_BREAKS: Final = (2, 5, 10, 20)
"""Lower ends of the second to the fifth class of incidents in a cell."""

COUNT_FILLS: Final = ("#fdf0c4", "#f9cf74", "#ee9a3a", "#c9601b", "#7c2f0b")
"""From straw to brown, lightness falling evenly."""

ZERO: Final = "#ffffff"
"""White of a known 0: the paper, and no step of the ramp."""

DEVIATION_BREAKS: Final = (-0.10, -0.05, 0.05, 0.10)
"""Within a twentieth of the mean nobody has to complain; beyond a tenth somebody will."""

DEVIATION_FILLS: Final = ("#2b6ca3", "#a9cfe6", "#f4f1ea", "#f6bb77", "#bf5a00")
"""From blue (less than the mean) over paper to brown (more): opposite under every colour
blindness, and darker at both ends in grey."""

CHANGE_BREAKS: Final = (-0.5, -0.2, 0.0, 0.2, 0.5)
"""A fifth is a change that a report tells, a half one that it explains."""

CHANGE_FILLS: Final = ("#1f5c94", "#6aa3ce", "#bcd7ea", "#f7cd9f", "#e2903f", "#a34a00")
"""From blue (fallen) to brown (risen): opposite under every colour blindness, darker at both ends
in grey."""

HATCH: Final = "#4b4453"
"""Strokes over the colour of a class that is not to be trusted: dark on pale, seen on dark too."""

NONE: Final = "#cfc9bd"
"""Pale strokes on white: nothing is recorded, which may be a 0 or a silence."""

CHANCE: Final = "#dedad2"
"""Stone of a change that may be chance: neither blue nor brown."""

HOT: Final = "#b0004e"
"""Crimson of a hot spot: redder and darker than any step of the ramp of counts under it."""

TESTED: Final = "#a98f6a"
"""Sand of a place that holds incidents and is not hot."""

RINGS: Final = ("#08306b", "#2171b5", "#6baed6", "#abd0e6")
"""From near (dark) to far (pale) blue: it falls evenly in grey, and no step is like a gap."""

UNITS: Final = ("#117733", "#8a6d00", "#882255")
"""The nearest unit, the second, the third; a number stands on each as well."""

STATION: Final = "#12355b"
"""Navy of a station."""

DEFECT: Final = "#c2185b"
"""Crimson of what is wrong with a border: no hue of a choropleth comes near."""

MOVED: Final = "#5a2d91"
"""Violet of ground that changes hands."""

INCIDENTS: Final = {
    "event": "#4a6f8a",
    "dispute": "#8a4f9e",
    "hazard": "#b35c00",
    "police_call": "#1f5fbf",
    "case": "#a01c3a",
}
"""One colour a kind; each marker carries a letter as well, because five hues are too many."""

OTHER: Final = "#55606b"
"""Slate, for a kind that nobody listed."""

ROUTES: Final = ("#117733", "#882255", "#332288", "#8a6d00", "#aa4499", "#661100")
"""One colour a route in the order of the frame; from the seventh on they repeat, dashed."""

WATER: Final = "#c3dbe9"
"""Pale blue."""

GREEN: Final = "#d5e5c6"
"""Pale green."""

BUILDING: Final = "#ddd6cb"
"""Warm grey, a shade darker than the ground."""

"""What fills the big blocks: side streets, public grounds, compounds and the old town."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.random import Generator

from data.town.compounds import make_compound_paths
from data.town.ground import Points, stream
from data.town.lanes import make_lanes
from data.town.names import stems
from data.town.plan import HEART, HILL, QUAY_M, VIADUCT_LAYER, WIDTHS_M, Plan, Way
from data.town.splitting import TOUCH_M, CutStyle, subdivide

OLD_M: Final = 340.0
"""Big blocks whose middle is this near to the heart are the old town."""

NEW_M: Final = 850.0
"""Those up to here are the new town, the rest its edge."""

STRETCH: Final = np.array([1.25, 1.0])
"""The town is this much longer along the river than across it."""

STREET_CUT: Final = CutStyle(clearance_m=38.0, snap_m=24.0, tilt_rad=0.13, bow_share=0.035)
"""Side streets: clear of corners, meeting across the road where they can."""

BLOCK_M2: Final = {"old": 17_000.0, "new": 40_000.0, "edge": 125_000.0}
"""Side streets are cut until blocks are about this large."""

WIDE_M: Final = {"old": 260.0, "new": 330.0, "edge": 330.0}
"""Side streets longer than this are tertiary roads, the others residential streets."""

ONEWAY_SHARE: Final = 0.22
"""Share of the side streets of the old town that are one-way."""

FORWARD_SHARE: Final = 0.75
"""Share of those that are so in the direction they are drawn in."""

COMPOUND_M2: Final = 16_000.0
"""Only blocks of this size on are walled in as compounds."""

COMPOUND_SHARE: Final = 0.6
"""Share of those blocks of the new quarters that are."""

COMPOUND_TAILS: Final = ("花园", "小区", "苑", "新村")
"""What residential compounds are called after their stem."""

RIM_M: Final = 60.0
"""The river is not divided this near to the edge of the town."""


class Ground(NamedTuple):
    """A public ground and the point of the flat plan whose block it takes."""

    kind: str
    name: str
    near: tuple[float, float]


GROUNDS: Final = (
    Ground("market", "柳渡农贸市场", (90, 210)),
    Ground("square", "望江广场", (-230, 300)),
    Ground("hospital", "临江县人民医院", (-330, 560)),
    Ground("school", "柳渡小学", (-720, 230)),
    Ground("school", "临江县第一中学", (300, 560)),
    Ground("park", "听泉公园", (600, 540)),
    Ground("bus_station", "临江汽车客运站", (960, 260)),
    Ground("market", "江南集贸市场", (-260, -240)),
    Ground("school", "江南小学", (560, -230)),
    Ground("hospital", "江南街道卫生院", (140, -520)),
    Ground("school", "临江县第二中学", (-680, -520)),
    Ground("park", "芦湾公园", (900, -520)),
)
"""What every town has; each takes the nearest free block of a fitting size."""

GROUND_M2: Final = (7_000.0, 38_000.0)
"""Blocks of a size for a public ground."""


@dataclass(frozen=True, eq=False)
class Block:
    """
    Land between streets.

    Parameters
    ----------
    ring
        Its corners on the flat plan, the first not repeated.
    use
        `old`, `new`, `compound`, `edge`, `hill`, `river` or a kind of public ground.
    name
        What the gate says, for compounds and public grounds, else empty.
    """

    ring: Points
    use: str
    name: str = ""


@dataclass(frozen=True, eq=False)
class Quarters:
    """
    The whole town on the flat plan.

    Parameters
    ----------
    ways
        Every street, lane and path.
    fences
        Lines that divide land but are no street: outline, river axis, cuts through the river.
    blocks
        Land between the streets, without regard to lanes and paths.
    """

    ways: list[Way]
    fences: list[Points]
    blocks: list[Block]


def fill(plan: Plan, *, seed: int) -> Quarters:
    """
    Cut the big blocks of a plan down to the last lane and return all streets and blocks.

    A side street ends on streets that were there before it, so whichever of them are one-way,
    every junction stays reachable from every other.
    """
    rng = stream(seed, 2)
    names = stems(rng)
    mouths = [
        point
        for way in plan.ways
        if way.layer < VIADUCT_LAYER
        for point in (way.points[0], way.points[-1])
    ]
    streets: list[Way] = []
    blocks: list[Block] = []
    for ring in plan.blocks:
        zone = _zone(ring)
        parts, chords = subdivide(
            ring,
            rng=rng,
            mouths=mouths,
            style=STREET_CUT,
            target_m2=BLOCK_M2.get(zone, np.inf),
        )
        streets += [_side_street(chord, zone, names.pop(), rng) for chord in chords]
        blocks += [Block(part, zone) for part in parts]
    blocks = _with_uses(blocks, names, rng)
    narrow: list[Way] = []
    for block in blocks:
        if block.use == "old":
            narrow += make_lanes(block.ring, names.pop(), mouths=mouths, rng=rng)
        elif block.use == "compound":
            narrow += make_compound_paths(
                block.ring, block.name, outline=plan.outline, mouths=mouths, rng=rng
            )
    fences = [np.vstack([plan.outline, plan.outline[:1]]), plan.axis]
    fences += _river_cuts(plan, streets)
    return Quarters([*plan.ways, *streets, *narrow], fences, blocks)


def _zone(ring: Points) -> str:
    """Return what kind of quarter a big block is, by its place on the plan."""
    middle = shapely.get_coordinates(shapely.centroid(shapely.Polygon(ring)))[0]
    if abs(middle[1]) < QUAY_M:
        return "river"
    if np.hypot(*((middle - HILL[0]) / HILL[1])) < 1.0:
        return "hill"
    far = np.hypot(*((middle - HEART) / STRETCH))
    return "old" if far < OLD_M else "new" if far < NEW_M else "edge"


def _side_street(chord: Points, zone: str, stem: str, rng: Generator) -> Way:
    """Return a side street along a chord, a wider one where it is long, some one-way."""
    wide = np.hypot(*(chord[-1] - chord[0])) > WIDE_M[zone]
    road_class = "tertiary" if wide else "residential"
    oneway = "no"
    if zone == "old" and rng.random() < ONEWAY_SHARE:
        oneway = "yes" if rng.random() < FORWARD_SHARE else "-1"
    name = stem + ("路" if wide or zone != "old" else "街")
    return Way(name, road_class, chord, WIDTHS_M[road_class], oneway=oneway)


def _with_uses(blocks: list[Block], names: list[str], rng: Generator) -> list[Block]:
    """Return the blocks with public grounds and compounds picked and named."""
    middles = np.array([shapely.Polygon(block.ring).centroid.coords[0] for block in blocks])
    areas = np.array([shapely.Polygon(block.ring).area for block in blocks])
    free = np.array([block.use in BLOCK_M2 for block in blocks])
    free &= (areas > GROUND_M2[0]) & (areas < GROUND_M2[1])
    walled = np.array([block.use == "new" for block in blocks]) & (areas > COMPOUND_M2)
    walled &= rng.random(len(blocks)) < COMPOUND_SHARE
    grounds: dict[int, Ground] = {}
    for ground in GROUNDS:
        far = np.hypot(*(middles - ground.near).T)
        pick = int(np.argmin(np.where(free, far, np.inf)))
        free[pick] = False
        grounds[pick] = ground
    used = []
    for number, block in enumerate(blocks):
        if number in grounds:
            used.append(Block(block.ring, grounds[number].kind, grounds[number].name))
        elif walled[number]:
            used.append(Block(block.ring, "compound", names.pop() + COMPOUND_TAILS[number % 4]))
        else:
            used.append(block)
    return used


def _river_cuts(plan: Plan, streets: list[Way]) -> list[Points]:
    """Return a fence from each street mouth on an embankment to the axis of the river."""
    ends = [street.points[i] for street in streets for i in (0, -1)]
    ends += [way.points[i] for way in plan.ways if way.bridge == "no" for i in (0, -1)]
    mouths = np.array(ends)
    mouths = mouths[np.abs(np.abs(mouths[:, 1]) - QUAY_M) < TOUCH_M]
    inland = np.abs(mouths[:, 0]) < np.abs(plan.axis[[0, -1], 0]).min() - RIM_M
    return [np.array([mouth, [mouth[0], 0.0]]) for mouth in mouths[inland]]

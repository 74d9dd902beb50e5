"""Nearest-post cells on the street network: which posts are neighbours, and how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TIE_M: Final = 1e-6
"""Two ways that differ by no more are equally long, in metres: rounding of their sums."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """
    Pairs of posts whose cells touch.

    Parameters
    ----------
    first
        n posts.
    second
        n posts, each after the first.
    spacing_m
        n lengths of the shortest way between the two through a place where their cells touch.
    part
        n parts: where that place is.
    at_m
        n distances along the row of that place.
    """

    first: Ints
    second: Ints
    spacing_m: Floats
    part: Ints
    at_m: Floats

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.first)

    def select(self, mask: NDArray[np.bool_]) -> Neighbours:
        """Return the pairs that `mask` picks."""
        return Neighbours(*(column[mask] for column in vars(self).values()))


def neighbours(network: StreetNetwork, node: Ints) -> Neighbours:
    """
    Find the posts whose nearest-post cells touch.

    Parameters
    ----------
    network
        The streets, cut at the posts.
    node
        The node of each post; -1 for one that is not on the network.

    Returns
    -------
    neighbours
        In the order of the posts. Where several posts are equally near, the cells of all of
        them touch there: four posts at one distance from a crossing are six pairs.
    """
    distance_m, nearest = network.nearest(node)
    holders = _holders(network, node, distance_m, nearest)
    edge = np.flatnonzero(network.passable)
    tail, head = network.tail[edge], network.head[edge]
    near = holders.set_index("node")["post"]
    at_tail = pd.DataFrame({"edge": edge, "node": tail}).join(near, on="node", how="inner")
    at_head = pd.DataFrame({"edge": edge, "node": head}).join(near, on="node", how="inner")
    across = at_tail.merge(at_head, on="edge")
    met = across["edge"].to_numpy()
    from_tail = distance_m[network.tail[met]]
    from_head = distance_m[network.head[met]]
    length = network.length_m[met]
    # Equal distances from both ends: where the two cells touch.
    within = np.clip((from_head - from_tail + length) / 2.0, 0.0, length)
    pairs = pd.DataFrame(
        {
            "first": across[["post_x", "post_y"]].min(axis=1),
            "second": across[["post_x", "post_y"]].max(axis=1),
            "spacing_m": from_tail + length + from_head,
            "part": network.part[met],
            "at_m": network.start[met] + within,
        }
    )
    pairs = pd.concat((pairs, _at_nodes(network, holders, distance_m)))
    pairs = pairs[pairs["first"] != pairs["second"]]
    pairs = pairs.sort_values(["first", "second", "spacing_m", "part", "at_m"])
    pairs = pairs.drop_duplicates(["first", "second"])
    # Without a pair the frames have no numbers to tell their types by.
    return Neighbours(
        pairs["first"].to_numpy(np.int64),
        pairs["second"].to_numpy(np.int64),
        pairs["spacing_m"].to_numpy(np.float64),
        pairs["part"].to_numpy(np.int64),
        pairs["at_m"].to_numpy(np.float64),
    )


def _holders(network: StreetNetwork, node: Ints, distance_m: Floats, nearest: Ints) -> pd.DataFrame:
    """Return `node` and `post`: every post that is nearest to a node, also of several."""
    reached = np.flatnonzero(nearest >= 0)
    on = np.flatnonzero(node >= 0)
    held = pd.DataFrame(
        {
            "node": np.concatenate((reached, node[on])),
            "post": np.concatenate((nearest[reached], on)),
        }
    ).drop_duplicates(ignore_index=True)
    passable = network.passable
    tail = np.concatenate((network.tail[passable], network.head[passable]))
    head = np.concatenate((network.head[passable], network.tail[passable]))
    length = np.tile(network.length_m[passable], 2)
    with np.errstate(invalid="ignore"):
        tight = np.abs(distance_m[tail] + length - distance_m[head]) <= TIE_M
    onward = pd.DataFrame({"node": tail[tight], "then": head[tight]})
    # A search names one nearest post; whoever is as near at one end of a shortest way is as near
    # at the other, so the rest spread along these ways until nobody new comes.
    new = held
    while len(new):
        spread = new.merge(onward, on="node")[["then", "post"]].rename(columns={"then": "node"})
        both = pd.concat((held, spread)).drop_duplicates(ignore_index=True)
        new, held = both.iloc[len(held) :], both
    return held


def _at_nodes(network: StreetNetwork, holders: pd.DataFrame, distance_m: Floats) -> pd.DataFrame:
    """Return the pairs of posts that are equally near to a node."""
    shared = holders[holders.duplicated("node", keep=False)]
    pairs = shared.merge(shared, on="node")
    pairs = pairs[pairs["post_x"] < pairs["post_y"]]
    node = pairs["node"].to_numpy()
    edge = np.empty(network.nodes, dtype=np.int64)
    passable = np.flatnonzero(network.passable)
    edge[network.head[passable]] = passable
    edge[network.tail[passable]] = passable
    at = edge[node]
    begins = network.tail[at] == node
    return pd.DataFrame(
        {
            "first": pairs["post_x"].to_numpy(),
            "second": pairs["post_y"].to_numpy(),
            "spacing_m": 2.0 * distance_m[node],
            "part": network.part[at],
            "at_m": np.where(begins, network.start[at], network.end[at]),
        }
    )

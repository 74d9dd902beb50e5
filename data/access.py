"""
How devices are reached over a network, and what they took pictures of: never kept.

Sheets of cameras hold addresses, ports, users and passwords. A register of places needs none of
them, and a file that holds them all is a key to every camera of a town.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.columns import plain
from data.notes import Note
from data.personal import MASK
from data.tables import Table

ACCESSED: Final = frozenset({"cameras", "states", "faults"})
"""Kinds of layer that tell about devices on a network."""

ACCESS_HEADS: Final = (
    "密码", "口令", "密钥", "证书", "账号", "帐号", "用户名", "登录", "ip地址", "端口", "码流",
    "取流", "视频流", "流地址", "视频地址", "网址", "图片", "照片", "截图", "抓图", "快照",
)  # fmt: skip
"""Heads that contain one of these tell how a device is reached, or hold its pictures."""

ACCESS_WORDS: Final = frozenset({
    "ip", "ipaddress", "ipaddr", "ipv", "ipv4", "ipv6", "mac", "port", "rtsp", "rtmp", "onvif",
    "url", "uri", "stream", "streams", "password", "passwd", "pwd", "login", "account", "token",
    "secret", "cert", "certificate", "image", "picture", "photo", "snapshot", "thumbnail",
})  # fmt: skip
"""English words that do so, standing alone or as one of several."""

ACCESS_VALUE: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://\S+"
    r"|(?<![0-9.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
    r"(?::\d{1,5})?(?![0-9.])"
)
"""A network address within a text: `rtsp://...`, or four numbers with dots, with a port or not."""

OWN_IDS: Final = frozenset({"camera_id"})
"""Columns of ids: masked, they would be none, so that they are left out at the first address."""

ACCESS_SHARE: Final = 0.2
"""From this share of its values on, a column of network addresses is left out whole."""


def access_heads(heads: Sequence[str], kind: str) -> frozenset[int]:
    """Return the positions of heads that say how devices are reached, or hold their pictures."""
    if kind not in ACCESSED:
        return frozenset()
    return frozenset(position for position, head in enumerate(heads) if is_access_head(head))


def access_columns(table: Table, kind: str, taken: Mapping[str, int]) -> frozenset[int]:
    """
    Find the columns about to be taken that tell how devices are reached, whatever their heads.

    Parameters
    ----------
    table
        n rows as the file has them.
    kind
        Kind of layer; only devices are looked at.
    taken
        Our column -> position.

    Returns
    -------
    positions
        Columns of network addresses, and an id column that holds any.
    """
    if kind not in ACCESSED:
        return frozenset()
    found = {}
    for ours, position in taken.items():
        hits, given = int(_hits(table.columns[position]).sum()), table.columns[position].notna()
        least = 1 if ours in OWN_IDS else max(ACCESS_SHARE * int(given.sum()), 1)
        found[position] = hits >= least
    return frozenset(position for position, is_access in found.items() if is_access)


def without_access(
    table: Table, kind: str, taken: Iterable[int], barred: AbstractSet[int]
) -> tuple[Table, list[Note]]:
    """
    Mask the network addresses in the texts that are kept.

    Parameters
    ----------
    table
        n rows as the file has them.
    kind
        Kind of layer; only devices are looked at.
    taken
        Positions of the columns that are kept.
    barred
        Positions of those left out for how devices are reached, to be named.

    Returns
    -------
    table
        The same table, `***` where a network address stood.
    notes
        What was left out and masked.
    """
    if kind not in ACCESSED:
        return table, []
    notes = []
    if barred:
        names = [table.heads[position] for position in sorted(barred)]
        notes.append(Note("access_dropped", {"names": names}))
    cells = list(table.columns)
    for position in sorted(taken):
        hits = _hits(cells[position])
        if hits.any():
            kept = cells[position].astype(object)
            kept[hits] = [ACCESS_VALUE.sub(MASK, text) for text in kept[hits]]
            cells[position] = kept
            named = {"column": table.heads[position], "count": int(hits.sum())}
            notes.append(Note("access_masked", {**named, "rows": table.rows[hits].tolist()}))
    return replace(table, columns=tuple(cells)), notes


def is_access_head(head: str) -> bool:
    """Tell whether a head announces how a device is reached, or its pictures."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", head)
    words = re.findall(r"[A-Za-z]+", spaced)
    compared = plain(head)
    return (
        any(part in compared for part in ACCESS_HEADS)
        or compared in ACCESS_WORDS
        or not ACCESS_WORDS.isdisjoint(word.casefold() for word in words)
    )


def _hits(values: pd.Series) -> NDArray[np.bool_]:
    """Tell which texts hold a network address; numbers and times do not."""
    hits = np.zeros(len(values), dtype=bool)
    if not pd.api.types.is_string_dtype(values) and values.dtype != object:
        return hits
    # Few texts come near one, and the whole pattern is slow.
    near = values.map(lambda text: isinstance(text, str) and ("." in text or "://" in text))
    hits[near.to_numpy(dtype=bool)] = [
        ACCESS_VALUE.search(text) is not None for text in values[near.to_numpy(dtype=bool)]
    ]
    return hits

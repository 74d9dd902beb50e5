"""Posts that move: which ones do, and which are said to be in two places at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.duty.week import by_day, written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.duty.hours import DutyHours

WORDS: Final = {
    "fixed": re.compile("fixed|固定", re.IGNORECASE),
    "mobile": re.compile("mobile|流动|机动", re.IGNORECASE),
}
"""Mobility of a post -> what names it within a text."""

COLUMNS: Final = ("mobility", "kind")
"""Where the mobility of a post is looked for; the first of them that says anything counts."""


def mobility(posts: pd.DataFrame) -> NDArray[np.object_]:
    """
    Say of each post whether it is fixed or mobile.

    Parameters
    ----------
    posts
        n rows; `mobility` is read, or `kind` where that says nothing.

    Returns
    -------
    mobility
        n texts: "fixed", "mobile", or "" where neither or both are named.
    """
    found = np.full(len(posts), "", dtype=object)
    said = [posts[name].astype(object) for name in COLUMNS if name in posts.columns]
    if not said:
        return found
    first = said[0].where(said[0].notna(), said[-1])
    texts = first.where(first.notna(), "").astype(str)
    named = {name: texts.str.contains(word).to_numpy(dtype=bool) for name, word in WORDS.items()}
    found[named["fixed"]] = "fixed"
    found[named["mobile"]] = "mobile"
    found[named["fixed"] & named["mobile"]] = ""
    return found


def places_at_once(posts: pd.DataFrame, duty: DutyHours) -> pd.DataFrame:
    """
    Find the mobile posts that are said to be in two places at the same time.

    Parameters
    ----------
    posts
        n rows, one for each place of a post, with `post_id` and what `mobility` reads; rows of
        a post with the same `place` are one place. Without that column each row is a place.
    duty
        Hours of the same n rows; uncertain ones clash with none.

    Returns
    -------
    clashes
        One row per pair of rows: `post_id`, `row` and `other_row` from 0, `minutes` of a week
        and a holiday in which both hold, and these `hours` as text.
    """
    columns = ["post_id", "row", "other_row", "minutes", "hours"]
    if "post_id" not in posts.columns:
        return pd.DataFrame(columns=columns)
    rows = pd.DataFrame({"post_id": duty.post_id, "row": np.arange(len(posts))})
    rows["place"] = posts["place"].to_numpy() if "place" in posts.columns else rows["row"]
    rows = rows[(mobility(posts) == "mobile") & rows["post_id"].notna()]
    pairs = rows.merge(rows, on="post_id", suffixes=("", "_other"))
    apart = (pairs["row"] < pairs["row_other"]) & (pairs["place"] != pairs["place_other"])
    pairs = pairs[apart].reset_index(drop=True).rename(columns={"row_other": "other_row"})
    both = duty.intervals(pairs["row"]).intersection(duty.intervals(pairs["other_row"]))
    texts: dict[int, list[tuple[int, int]]] = {}
    for pair, start, end in zip(both.key, both.start, both.end, strict=True):
        texts.setdefault(int(pair), []).append((int(start), int(end)))
    clashing = pairs.loc[list(texts), ["post_id", "row", "other_row"]].reset_index(drop=True)
    return clashing.assign(
        minutes=[sum(end - start for start, end in held) for held in texts.values()],
        hours=[written(by_day(held)) for held in texts.values()],
    )

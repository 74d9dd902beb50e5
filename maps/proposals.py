"""Where posts should come, move and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from maps.colours import DROPPED, PROPOSED
from maps.layers import Look, ThematicLayer
from maps.words import cell, words

if TYPE_CHECKING:
    from geo.posts import PostProposal
    from maps.layers import Style

LEVEL: Final = 70
"""Over the posts that stand: the proposal is what the page is opened for."""

STYLES: Final[dict[str, Style]] = {
    "add": {"mark": "circle", "radius": 7, "weight": 2.5, "color": PROPOSED,
            "fillColor": "#ffffff", "fillOpacity": 1},
    "move": {"mark": "square", "radius": 6, "weight": 2.5, "color": PROPOSED,
             "fillColor": "#ffffff", "fillOpacity": 1},
    "drop": {"mark": "circle", "radius": 7, "weight": 2.5, "color": DROPPED,
             "fillColor": "#ffffff", "fillOpacity": 0.3, "dashArray": "2 3"},
}  # fmt: skip
"""Told by shape and dashes too; a change carries its number in the tooltip, not on the map."""


def proposal_layer(proposal: PostProposal, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw the changes of a proposal in their order.

    Parameters
    ----------
    proposal
        Outcome of `geo.posts.propose_posts`, in any CRS.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of marks; its note says how good the proposal is known to be.
    """
    say = words(lang)
    done = proposal.proposal
    note = say("proven")
    if done.stopped_by != "optimal":
        gap = say.share(done.gap) if np.isfinite(done.gap) else say("no_base")
        note = say("certificate", gap=gap, stopped=say.code("stopped", done.stopped_by))
    layer = ThematicLayer(say("proposal"), show=show, note=note)
    rows = proposal.changes
    actions = list(STYLES)
    looks = [Look(say(f"change.{action}"), "point", style) for action, style in STYLES.items()]
    text = [
        say.lines(
            say("change_title", number=str(number), action=say.code("change", row.action)),
            [
                ("post_id", cell(row.post_id)),
                ("gain", say.length(row.gain_m)),
                ("loss", say.length(row.loss_m) if row.loss_m else ""),
                ("covered_after", say.share(row.covered_share)),
                ("reason", say.code("reason", row.reason)),
            ],
        )
        for number, row in enumerate(rows.itertuples(), start=1)
    ]
    which = np.array([actions.index(action) for action in rows["action"]], dtype=np.int64)
    layer.draw(rows, looks, which, level=LEVEL, text=text)
    return layer

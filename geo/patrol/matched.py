"""What the matching of tracks found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import geopandas as gpd
    import pandas as pd

SEGMENT: Final = ("street_id", "direction", "from_m", "to_m", "share", "entered", "left")
"""What the summary tells of a traversal."""


@dataclass(frozen=True, eq=False)
class Matched:
    """
    Outcome of `match_track`.

    Parameters
    ----------
    traversals
        One row per stretch of street gone along in one go, by track in order of time: `track_id`,
        `unit_id`, `street_id`, `direction` ("forward" or "backward" along the row), `from_m`,
        `to_m` along the row, `share` of its length, `entered`, `left`, `speed_kmh`, `near_share`
        (share of its fixes within two errors of it: how sure one is), `row` (position of the
        street), LineString geometry.
    fixes
        One row per fix, in their order and with their index: `row` (-1 where the fix is on no
        street), `at_m` along it, `offset_m` from it, `traversal` (position of the row of
        `traversals`; -1 for none).
    tracks
        One row per track: `track_id`, `unit_id`, `fixes`, `off_street` (fixes on no street),
        `unknown_s` (time in gaps), `chains` (stretches of time without a break), `sigma_m`
        (the error that was met, or told).
    """

    traversals: gpd.GeoDataFrame
    fixes: pd.DataFrame
    tracks: pd.DataFrame

    def summary(
        self, dropped: Mapping[Hashable, Mapping[str, int]] | None = None
    ) -> dict[str, Any]:
        """
        Say what was found, track by track.

        Parameters
        ----------
        dropped
            Per track, how many fixes its cleaning dropped for which reason.

        Returns
        -------
        summary
            `tracks`: `track_id`, `fixes` (those dropped too), `dropped` by reason, `unknown_s`
            and the `segments`; ready for JSON.
        """
        dropped = dropped or {}
        shown = self.traversals[[*SEGMENT]].copy()
        for column in ("entered", "left"):
            shown[column] = shown[column].dt.strftime("%Y-%m-%dT%H:%M:%S")
        shown = shown.round({"from_m": 2, "to_m": 2, "share": 4})
        of = {
            track: rows.to_dict("records")
            for track, rows in shown.groupby(self.traversals["track_id"], sort=False)
        }
        # A track of which nothing was kept is told last.
        lost = [track for track in dropped if track not in set(self.tracks["track_id"])]
        kept = self.tracks.set_index("track_id")[["fixes", "off_street", "unknown_s"]]
        tracks = []
        for track, fixes, off_street, unknown_s in kept.reindex(
            [*kept.index, *lost], fill_value=0
        ).itertuples():
            reasons = {reason: int(n) for reason, n in dropped.get(track, {}).items()}
            tracks.append(
                {
                    "track_id": track,
                    "fixes": int(fixes) + sum(reasons.values()),
                    "dropped": reasons,
                    "off_street": int(off_street),
                    "unknown_s": round(float(unknown_s), 1),
                    "segments": of.get(track, []),
                }
            )
        return {"tracks": tracks}

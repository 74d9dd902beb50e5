"""What units walked: tracks cleaned, then matched on foot or by vehicle as the units go."""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.patrol.limits import Limits
from data import Layer
from data.errors import ColumnError, PlaceError
from data.patrol_codes import VOLUNTEER
from geo.health.moments import moments
from geo.patrol.checkins import modes_at
from geo.patrol.cleaning import Cleaned, clean, units_of
from geo.patrol.matched import Matched
from geo.patrol.matching import match_track
from geo.streets import StreetNetwork

WALKING: Final = frozenset({"foot", "video"})
"""Modes that go along streets as people do; a unit that watches screens goes home on foot."""

NOT_KEPT: Final = "volunteer"
"""Why fixes of volunteers are dropped: volunteers have no tracks."""

ASIDE: Final = {
    "time_ahead": "future", "no_geometry": "no_place", "empty": "no_place", "far_away": "no_place",
}  # fmt: skip
"""Why the reader sets a row aside -> the reason for which cleaning would drop the fix."""


@dataclass(frozen=True, eq=False)
class Walked:
    """
    Outcome of `walk`.

    Parameters
    ----------
    cleaned
        Fixes kept and dropped, gaps and suspicions.
    traversals
        What was gone along, by track in order of time; see `geo.patrol.matched.Matched`.
    seen
        The fixes kept: `track_id`, `unit_id`, `time`, and their place on the matched way, or where
        they were taken where they are on no street.
    tracks
        One row per track of the file, in its order: `track_id`, `unit_id`, `profile`, `fixes`,
        `dropped`, `off_street`, `unknown_s`, `length_m`, `begun`, `ended`.
    dropped
        One row per fix that cleaning dropped: `track_id`, `row`, `reason`, `time`, and its place,
        but for those out of duty: where people go then is not for a map.
    reasons
        Track -> reason -> how many of its fixes were dropped, by the reader too.
    """

    cleaned: Cleaned
    traversals: gpd.GeoDataFrame
    seen: gpd.GeoDataFrame
    tracks: pd.DataFrame
    dropped: gpd.GeoDataFrame
    reasons: Mapping[Hashable, Mapping[str, int]]

    def summary(self) -> dict[str, Any]:
        """Return the tracks with what each went along, then the totals; ready for JSON."""
        dropped = Counter[str]()
        for counts in self.reasons.values():
            dropped.update(counts)
        shown = Matched(self.traversals, self.seen, self.tracks).summary({})
        segments = {each["track_id"]: each["segments"] for each in shown["tracks"]}
        suspicions = self.cleaned.suspicions.astype(object)
        return {
            "tracks": [
                {
                    "track_id": row["track_id"],
                    "fixes": row["fixes"],
                    "dropped": dict(self.reasons.get(row["track_id"], {})),
                    "unknown_s": round(row["unknown_s"], 1),
                    "segments": segments[row["track_id"]],
                }
                for row in self.tracks.to_dict("records")
            ],
            "fixes": int(self.tracks["fixes"].sum()),
            "dropped": dict(dropped),
            "unknown_s": round(float(self.tracks["unknown_s"].sum()), 1),
            "length_m": round(float(self.tracks["length_m"].sum()), 1),
            "suspicions": suspicions.where(suspicions.notna(), None).to_dict("records"),
        }


def require_fixes(layers: Mapping[str, Layer]) -> None:
    """
    Refuse what cannot be matched: no street, no fix, fixes without times.

    Parameters
    ----------
    layers
        "streets", and "tracks" where given.

    Raises
    ------
    ColumnError
        When fixes have no times.
    PlaceError
        When a layer has no row.
    """
    if not layers["streets"].rows_read:
        raise PlaceError("no_streets", file=layers["streets"].source)
    tracks = layers.get("tracks")
    if tracks is None:
        return
    if not tracks.rows_read:
        raise PlaceError("no_fixes", file=tracks.source)
    if len(tracks.frame) and (
        "time" not in tracks.frame.columns
        or not pd.api.types.is_datetime64_dtype(tracks.frame["time"])
        or (tracks.frame.geom_type != "Point").all()
    ):
        raise ColumnError("no_fix_times", file=tracks.source)


def set_aside(layer: Layer, used: gpd.GeoDataFrame) -> dict[str, Counter[str]]:
    """
    Count the fixes that never came as far as cleaning.

    Parameters
    ----------
    layer
        Tracks as they were read.
    used
        Those of its rows that lie near the streets.

    Returns
    -------
    reasons
        Track, as text, -> reason -> how many; "" for rows of no track.
    """
    counts: dict[str, Counter[str]] = {}
    aside = layer.quarantine
    for track, reason in zip(_names(aside), aside["reason"], strict=True):
        counts.setdefault(track, Counter())[ASIDE.get(reason, reason)] += 1
    far = Counter(_names(layer.frame))
    far.subtract(_names(used))
    for track, count in far.items():
        if count:
            counts.setdefault(track, Counter())["no_place"] += count
    return counts


def walk(
    fixes: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    roster: pd.DataFrame | None = None,
    profile: str = "walk",
    now: dt.datetime | None = None,
    limits: Limits | None = None,
    volunteers: frozenset[str] = frozenset(),
    aside: Mapping[str, Mapping[str, int]] | None = None,
) -> Walked:
    """
    Clean tracks and find the streets that they went along.

    Parameters
    ----------
    fixes
        Points with `track_id` and `time`, in the CRS of the streets.
    streets
        Lines with `street_id`.
    roster
        Shifts, for what is off duty and how units go; None where nobody is asked.
    profile
        "walk" or "vehicle", for tracks of which no shift says how their unit goes.
    now
        Local time; later fixes are from the future. None when nothing is.
    limits
        The rules; None for the usual ones.
    volunteers
        Codes of units of volunteers: their fixes are dropped unread.
    aside
        What `set_aside` counted; None for nothing.

    Returns
    -------
    walked
        Every track of the file, whatever is left of it.

    Raises
    ------
    GeoError
        When a column is missing, or metres are no metres.
    """
    limits = limits or Limits()
    barred = units_of(fixes).astype(str).isin(volunteers).to_numpy(dtype=bool)
    known = fixes[~barred].reset_index(drop=True)
    cleaned = clean(known, roster=roster, streets=streets, now=now, rules=limits.cleaning)
    reasons: dict[Hashable, Counter[str]] = {
        track: Counter(counts) for track, counts in cleaned.dropped_by_track().items()
    }
    for track, count in fixes.loc[barred, "track_id"].value_counts(sort=False).items():
        reasons.setdefault(track, Counter())[NOT_KEPT] += int(count)
    by_name = {str(track): track for track in fixes["track_id"].unique()}
    for name, counts in (aside or {}).items():
        reasons.setdefault(by_name.get(name, name), Counter()).update(counts)
    parts = _matched(cleaned.kept, streets, _profiles(cleaned.kept, roster, profile), limits)
    every = list(dict.fromkeys([*by_name.values(), *reasons]))
    traversals = pd.concat([part.traversals for _, part in parts], ignore_index=True)
    order = pd.Index(every).get_indexer(traversals["track_id"])
    traversals = traversals.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    seen = pd.concat([_seen(cleaned.kept, part) for _, part in parts]).sort_index()
    tracks = _tracks(every, parts, reasons, traversals, seen)
    return Walked(cleaned, traversals, seen, tracks, _dropped(known, cleaned), reasons)


def volunteers_of(frames: Iterable[pd.DataFrame | None]) -> frozenset[str]:
    """
    Find the units of volunteers.

    Parameters
    ----------
    frames
        Sheets of units and rosters; None among them is nothing.

    Returns
    -------
    units
        Their codes.
    """
    named = [
        frame.loc[frame["force"] == VOLUNTEER, "unit_id"].astype(str)
        for frame in frames
        if frame is not None and "force" in frame.columns
    ]
    return frozenset(code for codes in named for code in codes)


def _names(frame: pd.DataFrame) -> list[str]:
    """Return the tracks of rows as texts; "" for none."""
    if "track_id" not in frame.columns:
        return [""] * len(frame)
    return ["" if pd.isna(track) else str(track) for track in frame["track_id"]]


def _profiles(kept: gpd.GeoDataFrame, roster: pd.DataFrame | None, profile: str) -> pd.Series:
    """Return track -> profile: how its unit goes in most of its fixes."""
    mode = modes_at(units_of(kept), moments(kept["time"], "time"), roster)
    counts = pd.crosstab(kept["track_id"], pd.Series(mode, index=kept.index).fillna(""))
    most = counts.idxmax(axis=1) if len(counts) else pd.Series(dtype=object)
    return most.map(lambda mode: profile if not mode else "walk" if mode in WALKING else "vehicle")


def _matched(
    kept: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, profiles: pd.Series, limits: Limits
) -> list[tuple[str, Matched]]:
    """Match the tracks of each profile on its own network; at least one, be it of no fix."""
    of = kept["track_id"].map(profiles) if len(profiles) else pd.Series(dtype=object)
    parts = []
    for profile in sorted(set(profiles)) or ["walk"]:
        found = match_track(
            kept[(of == profile).to_numpy()] if len(profiles) else kept,
            StreetNetwork.from_frame(streets, profile=profile),
            streets=streets,
            search_m=limits.matching.search_m,
            gap_s=limits.cleaning.gap_s,
            bridge_m=limits.cleaning.bridge_m,
        )
        parts.append((profile, found))
    return parts


def _seen(kept: gpd.GeoDataFrame, part: Matched) -> gpd.GeoDataFrame:
    """Return fixes at their places on the way."""
    own = kept.loc[part.fixes.index]
    places = own.geometry.to_numpy().copy()
    on = np.flatnonzero(part.fixes["traversal"].to_numpy() >= 0)
    way = part.traversals.iloc[part.fixes["traversal"].to_numpy()[on]]
    along_m = part.fixes["at_m"].to_numpy()[on] - way["from_m"].to_numpy()
    places[on] = shapely.line_interpolate_point(way.geometry.to_numpy(), along_m)
    told = {"track_id": own["track_id"], "unit_id": units_of(own), "time": own["time"]}
    return gpd.GeoDataFrame(told, geometry=places, crs=kept.crs, index=own.index)


def _dropped(fixes: gpd.GeoDataFrame, cleaned: Cleaned) -> gpd.GeoDataFrame:
    """Return the fixes that were dropped with their times and, on duty, their places."""
    lost = fixes.iloc[cleaned.dropped["row"].to_numpy(dtype=np.int64)].reset_index(drop=True)
    off = (cleaned.dropped["reason"] == "off_shift").to_numpy()
    told = cleaned.dropped.assign(time=lost["time"])
    places = lost.geometry.mask(pd.Series(off))
    return gpd.GeoDataFrame(told, geometry=places.to_numpy(), crs=fixes.crs)


def _tracks(
    every: list[Hashable],
    parts: list[tuple[str, Matched]],
    reasons: Mapping[Hashable, Counter[str]],
    traversals: gpd.GeoDataFrame,
    seen: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return a row for every track, whether anything of it was kept or not."""
    kept = pd.concat([part.tracks.assign(profile=profile) for profile, part in parts])
    table = kept.set_index("track_id").reindex(pd.Index(every, dtype=object))
    dropped = np.array([reasons[track].total() if track in reasons else 0 for track in every])
    length_m = (traversals["to_m"] - traversals["from_m"]).groupby(traversals["track_id"]).sum()
    times = seen.groupby("track_id")["time"]
    return pd.DataFrame({
        "track_id": pd.Series(every, dtype=object),
        "unit_id": table["unit_id"].to_numpy(dtype=object),
        "profile": table["profile"].to_numpy(dtype=object),
        "fixes": table["fixes"].fillna(0).to_numpy(dtype=np.int64) + dropped,
        "dropped": dropped,
        "off_street": table["off_street"].fillna(0).to_numpy(dtype=np.int64),
        "unknown_s": table["unknown_s"].fillna(0.0).to_numpy(dtype=np.float64),
        "length_m": length_m.reindex(every).fillna(0.0).to_numpy(dtype=np.float64),
        "begun": times.min().reindex(every).to_numpy(),
        "ended": times.max().reindex(every).to_numpy(),
    })  # fmt: skip

"""What `gridpatrol patrol match` finds: tracks cleaned and laid on the streets, told and drawn."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from api.answering import Outcome
from api.patrol.limits import MATCHING, Limits, limits_record, limits_table
from api.patrol.plans import duration
from api.patrol.rosters import days_of, duty_roster
from api.patrol.walked import Walked, set_aside, volunteers_of, walk
from api.words import WORDS, say
from data import Layer, word
from maps import WalkedScene, words
from maps.tables import TextTable

Frames = Mapping[str, gpd.GeoDataFrame]


@dataclass(frozen=True)
class MatchOptions:
    """
    What is asked of a match.

    Parameters
    ----------
    profile
        "walk" or "vehicle", for tracks of which nobody says how their unit goes.
    now
        Local time; later fixes are from the future. None when nothing is.
    limits
        The rules.
    """

    profile: str = "walk"
    now: dt.datetime | None = None
    limits: Limits = field(default_factory=Limits)


def match_tracks(
    frames: Frames, layers: Mapping[str, Layer], options: MatchOptions, *, lang: str
) -> Outcome:
    """
    Clean tracks, lay them on the streets, and say what was found and what was not.

    Parameters
    ----------
    frames
        "tracks" and "streets"; "roster" and "units" where given. One metric CRS.
    layers
        The same as read, for what was set aside.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome
        With a page of the matched ways.

    Raises
    ------
    GeoError
        When a column is missing.
    """
    fixes, sheets = frames["tracks"], (frames.get("units"), frames.get("roster"))
    days = days_of(fixes["time"]) if "time" in fixes.columns else []
    on_duty = duty_roster(frames, None if "roster" in frames else days)
    roster = None if on_duty is None else on_duty[0]
    done = walk(
        fixes, frames["streets"], roster=roster, profile=options.profile, now=options.now,
        limits=options.limits, volunteers=volunteers_of(sheets),
        aside=set_aside(layers["tracks"], fixes),
    )  # fmt: skip
    summary = {**done.summary(), "rules": limits_record(options.limits, MATCHING)}
    scene = replace(
        walked_scene(done, frames, lang=lang),
        figures=_figures(done, lang),
        tables=[
            tracks_table(done, lang), suspicions_table(done, lang),
            limits_table(options.limits, MATCHING, lang),
        ],
    )  # fmt: skip
    remarks = walked_remarks(done, lang)
    if roster is None:
        remarks.append(say("match_without_roster", lang, profile=say(options.profile, lang)))
    return Outcome(summary, walked_tables(done), scene, remarks)


def walked_scene(done: Walked, frames: Frames, *, lang: str) -> WalkedScene:
    """
    Put what was walked on a page.

    Parameters
    ----------
    done
        Outcome of `walk`.
    frames
        "streets"; "areas" and "units" where given.
    lang
        "zh" or "en".

    Returns
    -------
    scene
        Ways by track, a slider, gaps, and what was dropped.
    """
    streets = frames["streets"]
    names = streets["name"] if "name" in streets.columns else pd.Series("", index=streets.index)
    row = done.traversals["row"].to_numpy()
    ways = done.traversals.assign(name=names.to_numpy(dtype=object)[row])
    dropped = done.dropped.assign(reason=[reason_said(r, lang) for r in done.dropped["reason"]])
    titles = [track_title(row, frames.get("units")) for row in done.tracks.to_dict("records")]
    return WalkedScene(
        ways=ways,
        tracks=done.tracks.assign(name=titles),
        seen=done.seen,
        gaps=done.cleaned.gaps[~done.cleaned.gaps["bridged"]],
        dropped=dropped,
        areas=frames.get("areas"),
        streets=streets,
    )


def walked_tables(done: Walked) -> dict[str, pd.DataFrame]:
    """
    Return what was walked as layers of a file.

    Parameters
    ----------
    done
        Outcome of `walk`.

    Returns
    -------
    tables
        `traversals`, `tracks`, `dropped`, `gaps`, `suspicions`.
    """
    gaps = done.cleaned.gaps.rename(columns={"from": "gap_from", "to": "gap_to"})
    return {
        "traversals": done.traversals,
        "tracks": done.tracks,
        "dropped": done.dropped,
        "gaps": gaps,
        "suspicions": done.cleaned.suspicions,
    }


def walked_remarks(done: Walked, lang: str) -> list[str]:
    """
    Say what has to be said beside what was walked.

    Parameters
    ----------
    done
        Outcome of `walk`.
    lang
        "zh" or "en".

    Returns
    -------
    remarks
        Sentences.
    """
    remarks = [say("gaps_are_unknown", lang)]
    suspects = done.cleaned.suspicions["track_id"].nunique()
    if suspects:
        remarks.insert(0, say("tracks_suspected", lang, count=suspects))
    if any("volunteer" in counts for counts in done.reasons.values()):
        remarks.append(say("volunteers_have_no_tracks", lang))
    return remarks


def tracks_table(done: Walked, lang: str) -> TextTable:
    """
    Say of each track what was kept of it and how long it is.

    Parameters
    ----------
    done
        Outcome of `walk`.
    lang
        "zh" or "en".

    Returns
    -------
    table
        In words.
    """
    heads = ("track_head", "unit_head", "profile_head", "dropped_head", "fixes_head",
             "unknown_head", "walked_head")  # fmt: skip
    rows = [_track(row, done, lang) for row in done.tracks.to_dict("records")]
    return TextTable(say("tracks_table", lang), [[say(head, lang) for head in heads], *rows], 4)


def suspicions_table(done: Walked, lang: str) -> TextTable:
    """
    Say which tracks look as if their datum or clock were another, and what to do.

    Parameters
    ----------
    done
        Outcome of `walk`.
    lang
        "zh" or "en".

    Returns
    -------
    table
        In words.
    """
    heads = [say(head, lang) for head in ("track_head", "suspicion_head")]
    rows = [
        [str(row["track_id"]), _suspicion(row, lang)]
        for row in done.cleaned.suspicions.to_dict("records")
    ]
    return TextTable(say("suspicions_table", lang), [heads, *rows], 2)


def reason_said(reason: str, lang: str) -> str:
    """
    Say why a fix was dropped.

    Parameters
    ----------
    reason
        One of `geo.patrol.cleaning.REASONS`, or a code of the quarantine.
    lang
        "zh" or "en".

    Returns
    -------
    text
        In words.
    """
    key = f"dropped.{reason}"
    return say(key, lang) if key in WORDS else word(reason, lang)


def track_title(row: Mapping[str, Any], units: gpd.GeoDataFrame | None) -> str:
    """
    Return what people call a track: its unit's name where it has one.

    Parameters
    ----------
    row
        Of `Walked.tracks`.
    units
        The sheet of units; None for none.

    Returns
    -------
    title
        Unit and track.
    """
    unit, track = row["unit_id"], str(row["track_id"])
    if unit is None or pd.isna(unit) or str(unit) == track:
        unit = track
    named = str(unit)
    if units is not None and "name" in units.columns:
        found = units.loc[units["unit_id"].astype(str) == named, "name"].dropna()
        named = str(found.iloc[0]) if len(found) else named
    return track if named == track else f"{named} · {track}"


def _track(row: Mapping[str, Any], done: Walked, lang: str) -> list[str]:
    counts = done.reasons.get(row["track_id"], {})
    why = ("、" if lang == "zh" else ", ").join(
        f"{reason_said(reason, lang)} {count:,}" for reason, count in counts.items()
    )
    kept = row["profile"] is not None and not pd.isna(row["profile"])
    return [
        str(row["track_id"]),
        str(row["unit_id"]) if kept else "",
        say(row["profile"], lang) if kept else "",
        why,
        f"{row['fixes']:,}",
        duration(int(row["unknown_s"]), lang),
        words(lang).length(row["length_m"]),
    ]


def _suspicion(row: Mapping[str, Any], lang: str) -> str:
    kind = row["kind"]
    given, better = row["as_given"], row["if_so"]
    if kind == "datum":
        if row["datum"] == "wgs84":
            kind = "datum_streets"
        return say(
            f"suspect.{kind}",
            lang,
            datum=row["datum"],
            given=f"{given:.0f}",
            better=f"{better:.0f}",
        )
    if kind == "clock":
        return say(
            "suspect.clock", lang, hours=f"{row['hours']:+d}", given=f"{given:.0%}",
            better=f"{better:.0%}",
        )  # fmt: skip
    return say(f"suspect.{kind}", lang)


def _figures(done: Walked, lang: str) -> list[tuple[str, str]]:
    say_map, tracks = words(lang), done.tracks
    return [
        (say("tracks_head", lang), f"{len(tracks):,}"),
        (say("fixes_head", lang), f"{tracks['fixes'].sum():,}"),
        (say("dropped_fixes", lang), f"{tracks['dropped'].sum():,}"),
        (say("unknown_head", lang), duration(int(tracks["unknown_s"].sum()), lang)),
        (say("walked_head", lang), say_map.length(float(tracks["length_m"].sum()))),
    ]

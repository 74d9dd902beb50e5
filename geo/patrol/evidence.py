"""What was done: segments gone along, points stayed at, check-ins."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.coverage import NOISE_M
from geo.errors import InvalidParameterError
from geo.health.moments import SECOND, moments
from geo.patrol.checkins import judged_checkins, modes_at
from geo.patrol.dwelling import point_visits
from geo.patrol.gaps import BRIDGE_M, GAP_S
from geo.patrol.passes import segment_passes

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.patrol.placing import PlacedSegments

    Bools = NDArray[np.bool_]

DONE: Final = (
    "kind", "id", "unit_id", "track_id", "entered", "left", "dwell_s", "share", "direction",
    "certainty", "mode", "driven_through",
)  # fmt: skip
"""Columns of evidence: `kind` "point" or "segment"; `dwell_s` of points and `share` of segments,
missing for the other; `direction` of segments ("any", or "forward" and "backward" apart where
both are asked for); `certainty` "certain" or "probable"; `mode` of the unit then, None where not
told; `driven_through`: covered, but too fast to count."""


@dataclass(frozen=True)
class EvidenceRules:
    """
    What counts as done.

    Parameters
    ----------
    share
        A segment is done when this share of its length was gone along in one pass.
    driven_kmh
        What was covered faster than this was driven through: it counts apart, and never as done.
    pause_s
        Who comes back to a segment not yet done within this time goes on with it, in seconds.
    again_s
        Who comes back to one already done later than this begins again, in seconds.
    within_m
        A unit is at a point within this distance, in metres.
    dwell_s
        A stay of at least this long is a visit for certain, in seconds.
    away_s
        Who leaves a point for less than this has not left, in seconds.
    checkin_m
        A check-in this near its point is a probable visit, in metres.
    gap_s
        Between fixes farther apart than this nobody knows where the unit was, in seconds.
    bridge_m
        Unless their places are at most so far apart, in metres.

    Raises
    ------
    InvalidParameterError
        When a figure is not a number above 0, or the share is above 1.
    """

    share: float = 0.8
    driven_kmh: float = 30.0
    pause_s: float = 1_800.0
    again_s: float = 300.0
    within_m: float = 30.0
    dwell_s: float = 120.0
    away_s: float = 60.0
    checkin_m: float = 50.0
    gap_s: float = GAP_S
    bridge_m: float = BRIDGE_M

    def __post_init__(self) -> None:
        """Refuse what is no rule."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not 0.0 < value < np.inf:
                raise InvalidParameterError(f"{each.name} must be a number above 0, got {value!r}")
        if self.share > 1.0:
            raise InvalidParameterError(f"share must be at most 1, got {self.share!r}")

    def summary(self) -> dict[str, float]:
        """Return the figures, ready to be printed beside what they decide."""
        return asdict(self)


def segments_done(
    traversals: pd.DataFrame,
    placed: PlacedSegments,
    *,
    both: Bools | None = None,
    roster: pd.DataFrame | None = None,
    rules: EvidenceRules | None = None,
) -> pd.DataFrame:
    """
    List the segments that were gone along, and those that were driven through.

    Parameters
    ----------
    traversals
        See `geo.patrol.passes.segment_passes`.
    placed
        n segments on the network of the traversals.
    both
        n flags: whether both directions are asked for; each is then evidence of its own. None
        for no segment.
    roster
        Shifts, for the mode of the unit; None where it does not matter.
    rules
        The figures; None for those of `EvidenceRules`.

    Returns
    -------
    done
        One row per pass with the columns `DONE`. A pass whose walked `share` falls short, but
        not with what was driven, is `driven_through`; `share` is the walked one.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a time is missing, or `both` is of another length.
    """
    rules = rules or EvidenceRules()
    passes = segment_passes(traversals, placed, both=both, rules=rules)
    length_m = placed.length_m[passes["segment"].to_numpy()]
    least_m = rules.share * length_m - NOISE_M
    walked = (passes["share"] * length_m >= least_m).to_numpy()
    covered = ((passes["share"] + passes["driven_share"]) * length_m >= least_m).to_numpy()
    found = passes.assign(kind="segment", certainty="certain", driven_through=~walked)
    return _done(found[walked | covered], roster)


def points_visited(
    fixes: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    roster: pd.DataFrame | None = None,
    rules: EvidenceRules | None = None,
) -> pd.DataFrame:
    """
    List the points at which units certainly stayed.

    Parameters
    ----------
    fixes
        Cleaned fixes; see `geo.patrol.dwelling.point_visits`.
    points
        n Point rows in the CRS of the fixes with `point_id`.
    roster
        Shifts, for the mode of the unit; None where it does not matter.
    rules
        The figures; None for those of `EvidenceRules`.

    Returns
    -------
    done
        One row per visit of at least `dwell_s`, with the columns `DONE`.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError
        When a column is missing.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When a fix has no time.
    """
    rules = rules or EvidenceRules()
    visits = point_visits(fixes, points, rules=rules)
    # To the microsecond, in which times are told.
    long = visits[visits["dwell_s"] >= rules.dwell_s - 1.0 / SECOND]
    return _done(long.assign(kind="point", certainty="certain"), roster)


def checked_in(
    checkins: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    roster: pd.DataFrame | None = None,
    rules: EvidenceRules | None = None,
) -> pd.DataFrame:
    """
    List the check-ins that count as probable visits; see `geo.patrol.checkins.judged_checkins`.

    Parameters
    ----------
    checkins
        m Point rows with `point_id`, `unit_id` and `time`, in a metric CRS.
    points
        n Point rows in the same CRS with `point_id`.
    roster
        Shifts, for the mode of the unit; None where it does not matter.
    rules
        The figures; None for those of `EvidenceRules`.

    Returns
    -------
    done
        One row per check-in that counts, with the columns `DONE`; nobody knows how long it was.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError
        When a column is missing.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When a time cannot be read.
    """
    judged = judged_checkins(checkins, points, roster=roster, rules=rules or EvidenceRules())
    good = judged[judged["reason"] == ""]
    found = good.assign(kind="point", certainty="probable", entered=good["time"], left=good["time"])
    return _done(found, roster)


def together(*parts: pd.DataFrame, rules: EvidenceRules | None = None) -> pd.DataFrame:
    """
    Join evidence of several sources, each visit once.

    Parameters
    ----------
    *parts
        Frames with the columns `DONE`.
    rules
        The figures; None for those of `EvidenceRules`.

    Returns
    -------
    done
        All rows by time, but for check-ins during a certain visit of the same unit there, or
        within `away_s` of it: they tell nothing new.
    """
    rules = rules or EvidenceRules()
    # Frames without a row have no types, and say nothing of those of the others.
    filled = [part for part in parts if len(part)]
    done = pd.concat(filled, ignore_index=True) if filled else _done(pd.DataFrame(), None)
    done = done.sort_values(["entered", "left"], ignore_index=True, kind="stable")
    probable = np.flatnonzero((done["certainty"] == "probable").to_numpy())
    certain = done[(done["certainty"] == "certain") & (done["kind"] == "point")]
    asked = done.loc[probable, ["id", "unit_id", "entered"]].assign(row=probable)
    pairs = asked.merge(certain, on=["id", "unit_id"], suffixes=("_in", ""))
    slack = pd.Timedelta(seconds=rules.away_s)
    during = (pairs["entered_in"] >= pairs["entered"] - slack) & (
        pairs["entered_in"] <= pairs["left"] + slack
    )
    return done.drop(index=pairs.loc[during, "row"].unique()).reset_index(drop=True)


def _done(found: pd.DataFrame, roster: pd.DataFrame | None) -> pd.DataFrame:
    """Bring evidence into its columns."""
    done = found.reindex(columns=list(DONE)).reset_index(drop=True)
    if len(done):
        done["mode"] = modes_at(done["unit_id"], moments(done["entered"], "entered"), roster)
    return done.astype({
        "entered": "datetime64[us]", "left": "datetime64[us]", "dwell_s": float, "share": float,
    }).assign(driven_through=done["driven_through"].eq(True).astype(bool))  # fmt: skip

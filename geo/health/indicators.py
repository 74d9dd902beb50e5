"""The four indicators of public video: covering, sharing, working, controllable (雪亮工程)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.health.reading import require_columns, states_of

if TYPE_CHECKING:
    from collections.abc import Mapping

GOALS: Final[dict[str, tuple[str, str, str]]] = {
    "coverage": ("key_places", "site_id", "covered"),
    "sharing": ("cameras", "camera_id", "networked"),
    "availability": ("cameras", "camera_id", "in_order"),
    "control": ("control", "item", "done"),
}
"""Goal (全域覆盖, 全网共享, 全时可用, 全程可控) -> argument, its columns of ids and of answers."""

SECTORS: Final = ("key_area", "key_industry")
"""Whose video it is: key public areas, or key parts of key industries."""

TARGETS: Final[Mapping[tuple[str, str], float]] = {
    ("coverage", "key_area"): 1.0,
    ("coverage", "key_industry"): 1.0,
    ("sharing", "key_area"): 1.0,
    ("sharing", "key_industry"): 1.0,
    ("availability", "key_area"): 0.98,
    ("availability", "key_industry"): 0.95,
    ("control", "key_area"): 1.0,
}
"""Goal and sector -> least share: the national targets for public video of 2015 (发改高技〔2015〕
996号). Control is a list of yes and no, of which all have to be yes."""


@dataclass(frozen=True, eq=False)
class Indicator:
    """
    One goal of one sector, with the list behind it.

    Parameters
    ----------
    goal
        "coverage", "sharing", "availability" or "control".
    sector
        One of `SECTORS`; control is of all.
    numerator
        How many answer yes.
    denominator
        How many answer yes or no.
    target_share
        Least share, in [0, 1].
    missing
        Those that answer no: `id`, `name`.
    unknown
        Those without an answer, which are not in the denominator: `id`, `name`.
    """

    goal: str
    sector: str
    numerator: int
    denominator: int
    target_share: float
    missing: pd.DataFrame
    unknown: pd.DataFrame

    @property
    def share(self) -> float | None:
        """Return the share in [0, 1]; None when no answer is known."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def state(self) -> str:
        """
        Say whether the target is met.

        "met" or "missed" only where the answers that are not known could not change it, else
        "unknown".
        """
        total = self.denominator + len(self.unknown)
        # As written, 0.98 is 98 of 100; as a float it is a little less.
        due = Fraction(str(self.target_share)) * total
        if total and self.numerator >= due:
            return "met"
        return "missed" if self.numerator + len(self.unknown) < due else "unknown"

    @property
    def met(self) -> bool:
        """Tell whether the target is met for certain."""
        return self.state == "met"

    def summary(self) -> dict[str, Any]:
        """Return the figures and the lists, ready for JSON."""
        return {
            "goal": self.goal,
            "sector": self.sector,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "share": self.share,
            "unknown": len(self.unknown),
            "target_share": self.target_share,
            "state": self.state,
            "met": self.met,
            "missing_ids": self.missing["id"].tolist(),
            "missing_names": self.missing["name"].tolist(),
            "unknown_ids": self.unknown["id"].tolist(),
        }


@dataclass(frozen=True)
class Targets:
    """
    What the shares are held against.

    Parameters
    ----------
    shares
        Goal and sector -> least share in [0, 1], where it differs from `TARGETS`.
    """

    shares: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a target for something else, and one that is no share."""
        for place, share in self.shares.items():
            if place not in TARGETS:
                known = "; ".join(", ".join(pair) for pair in TARGETS)
                raise InvalidParameterError(f"targets: no {place!r}; there are: {known}")
            if not 0.0 <= share <= 1.0:
                raise InvalidParameterError(
                    f"targets: {', '.join(place)} is {share!r}, outside [0, 1]; write 98 % as 0.98"
                )

    def of(self, goal: str, sector: str) -> float:
        """Return the least share of one goal in one sector."""
        return self.shares.get((goal, sector), TARGETS[goal, sector])


@dataclass(frozen=True, eq=False)
class Indicators:
    """
    Outcome of `indicators`.

    Parameters
    ----------
    rows
        The indicators, by goal and sector in the order of `TARGETS`. A goal of which nothing was
        given is there and unknown; a sector of which a goal has nothing is left out.
    """

    rows: tuple[Indicator, ...]

    def of(self, goal: str, sector: str = "key_area") -> Indicator:
        """
        Return one indicator.

        Parameters
        ----------
        goal
            One of `GOALS`.
        sector
            One of `SECTORS`.

        Raises
        ------
        InvalidParameterError
            When there is none.
        """
        for row in self.rows:
            if (row.goal, row.sector) == (goal, sector):
                return row
        known = "; ".join(f"{row.goal}, {row.sector}" for row in self.rows)
        raise InvalidParameterError(f"goal, sector: no {goal!r} of {sector!r}; there are: {known}")

    def summary(self) -> dict[str, Any]:
        """Return all indicators and whether all targets are met, ready for JSON."""
        rows = [row.summary() for row in self.rows]
        return {"indicators": rows, "met": all(row.met for row in self.rows)}


def indicators(
    *,
    key_places: pd.DataFrame | None = None,
    cameras: pd.DataFrame | None = None,
    control: pd.DataFrame | None = None,
    targets: Targets | None = None,
) -> Indicators:
    """
    Hold the four goals of public video against their targets, and list what is missing.

    Coverage is of key places, not of ground. Nothing is guessed: a place, a camera or an item
    without an answer is unknown, listed, and in no denominator; a target is met only if it is met
    should all of these answer no.

    Parameters
    ----------
    key_places
        n rows: `site_id`, `covered` (true, false or missing).
    cameras
        n rows: `camera_id`; `networked` and `in_order` (true, false or missing) are read where
        present, the latter as `health` gives it.
    control
        What has to be in place that video is neither lost nor leaked: `item`, `done` (yes, no or
        missing), as answered by whoever is in charge.
    targets
        Other targets; None for `TARGETS`.

    Returns
    -------
    indicators
        One row per goal and sector. In `key_places` and `cameras`, `name` and `sector` (one of
        `SECTORS`, missing for "key_area") are read where present.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When an answer or a sector cannot be read.
    """
    targets = targets or Targets()
    frames = {"key_places": key_places, "cameras": cameras, "control": control}
    rows: list[Indicator] = []
    for goal, (argument, column, answer) in GOALS.items():
        frame = frames[argument]
        if frame is not None and argument != "cameras":
            require_columns(frame, argument, (column, answer))
        elif frame is not None:
            require_columns(frame, argument, (column,))
        asked = _asked(frame, argument, column, answer)
        for sector in SECTORS if goal != "control" else SECTORS[:1]:
            own = asked[asked["sector"] == sector]
            if len(own) or (sector == SECTORS[0] and asked.empty):
                rows.append(_indicator(goal, sector, own, targets))
    return Indicators(tuple(rows))


def _asked(frame: pd.DataFrame | None, argument: str, column: str, answer: str) -> pd.DataFrame:
    """Return `id`, `name`, `sector` and `yes` of what was given; nothing where nothing was."""
    if frame is None or answer not in frame.columns:
        return pd.DataFrame({"id": [], "name": [], "sector": [], "yes": pd.array([], "boolean")})
    ids = frame[column].reset_index(drop=True)
    name = ids
    if "name" in frame.columns:
        given = frame["name"].reset_index(drop=True)
        name = given.astype(object).where(given.notna(), ids)
    sector = pd.Series(SECTORS[0], index=ids.index, dtype=object)
    if "sector" in frame.columns:
        given = frame["sector"].reset_index(drop=True)
        sector = given.astype(object).where(given.notna(), SECTORS[0])
    odd = np.flatnonzero(~sector.isin(SECTORS))
    if odd.size:
        raise InvalidParameterError(
            f"{argument}: row {odd[0]} has sector {sector[odd[0]]!r}; use one of "
            f"{', '.join(SECTORS)}"
        )
    yes = states_of(frame[answer], f"{argument}: {answer}").array
    return pd.DataFrame({"id": ids, "name": name, "sector": sector, "yes": yes})


def _indicator(goal: str, sector: str, own: pd.DataFrame, targets: Targets) -> Indicator:
    known = own["yes"].notna()
    yes = own["yes"].fillna(value=False).astype(bool)
    listed = own[["id", "name"]]
    return Indicator(
        goal=goal,
        sector=sector,
        numerator=int(yes.sum()),
        denominator=int(known.sum()),
        target_share=targets.of(goal, sector),
        missing=listed[known & ~yes].reset_index(drop=True),
        unknown=listed[~known].reset_index(drop=True),
    )

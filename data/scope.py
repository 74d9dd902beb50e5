"""
Who may see which rows: a division, the lines of work in it, and rights.

The wall is one condition that every query carries; logins only choose which scope is opened.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, and_, or_, true

from data.division_codes import division_prefix
from data.models import Area, ImportRun, Post
from data.placed import Placed
from data.succession import Branch, branches_of, stored_changes

LINES: Final = ("police", "governance", "public")
"""Lines of work: whose rows they are."""

RIGHTS: Final = ("covert", "write")
"""What a scope may do beyond reading what is overt."""

SUPPRESSED_BELOW: Final = 3
"""Counts of other lines' rows below this are not told: one or two rows could be recognised."""

DEFAULT_LINES: Final = {
    "streets": "public",
    "buildings": "public",
    "areas": "governance",
    "posts": "police",
    "cameras": "police",
    "incidents": "governance",
    "routes": "police",
    "key_sites": "public",
    "must_visit": "police",
    "addresses": "public",
    "workers": "governance",
    "work": "governance",
    "poles": "public",
    "walls": "public",
    "entrances": "public",
    "states": "police",
    "faults": "police",
    "segments": "police",
    "standby": "police",
    "units": "police",
    "duties": "police",
    "roster": "police",
    "checkins": "police",
    "stations": "police",
}
"""The line of a layer's rows where nothing else is said. Police calls and cases are police-line
whatever their layer; what patrols go by and owe are plans, so they are too."""

GRID_DIGITS: Final = 15
"""Digits of the code of a grid: twelve of its village, three of its own."""

POLICE_INCIDENTS: Final = frozenset({"police_call", "case"})
"""Kinds of incident that always belong to the police line."""


@dataclass(frozen=True)
class Scope:
    """
    What one opening of the store may see and do.

    Parameters
    ----------
    division
        A division code or its beginning; trailing zeros do not count. "" is everywhere.
    lines
        Lines whose rows are seen; of others only counts are.
    rights
        A subset of `RIGHTS`.
    name
        Who is noted as the author of changes.
    branches
        The codes that belong to the division, those that became it among them. Empty for all that
        begin with its own digits; a store fills it in from the changes that it knows.
    """

    division: str = ""
    lines: frozenset[str] = frozenset(LINES)
    rights: frozenset[str] = frozenset(RIGHTS)
    name: str = "local"
    branches: tuple[Branch, ...] = ()

    def __post_init__(self) -> None:
        """Refuse codes that are no digits, and lines and rights that do not exist."""
        if self.division and not self.division.isdecimal():
            raise ValueError(
                f"division: {self.division!r} is no code; give its digits, such as 610981"
            )
        for name, met, known in (("lines", self.lines, LINES), ("rights", self.rights, RIGHTS)):
            unknown = sorted(set(met) - set(known))
            if unknown:
                raise ValueError(
                    f"{name}: unknown {', '.join(unknown)}; use some of {', '.join(known)}"
                )

    @property
    def prefix(self) -> str:
        """The digits that the codes of the division begin with."""
        return division_prefix(self.division)

    def holds(self, division: str, line: str) -> bool:
        """
        Tell whether a row of a division and line is in scope.

        Parameters
        ----------
        division
            The division code of the row.
        line
            The line of the row.

        Returns
        -------
        held
            Whether both are within.
        """
        return self.covers(division) and line in self.lines

    def covers(self, division: str) -> bool:
        """
        Tell whether a division is in scope, whatever the line.

        Parameters
        ----------
        division
            Its code.

        Returns
        -------
        covered
            Whether it is the division of the scope, below it, or became it.
        """
        return any(branch.holds(division) for branch in self._branches)

    def visible(self, model: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped class
        """
        Return the condition that every query of rows carries.

        Parameters
        ----------
        model
            A class of `data.models` with `division` and `line`.

        Returns
        -------
        condition
            True for the rows that this scope sees.
        """
        return and_(self.within(model), model.line.in_(sorted(self.lines)), self.overt(model))

    def within(self, model: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped class
        """
        Return the condition of the place alone, for counts over all lines.

        Parameters
        ----------
        model
            A class of `data.models` with `division`.

        Returns
        -------
        condition
            True for the rows of the divisions in scope; under the scope of one grid also for the
            grid itself and for what says that it lies in it, which are of its village.
        """
        covered = self.covered(model.division)
        if len(self.division) != GRID_DIGITS or not issubclass(model, Placed):
            return covered
        own = model.code if model is Area else model.area_code
        return or_(covered, own == self.division)

    def covered(self, column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped attribute
        """
        Return the condition that a code is in scope.

        Parameters
        ----------
        column
            A column with codes of divisions.

        Returns
        -------
        condition
            As `covers` tells of one code.
        """
        if not self.prefix:
            return true()
        return or_(
            *(
                and_(
                    column.startswith(branch.prefix, autoescape=True),
                    *(~column.startswith(gone, autoescape=True) for gone in branch.without),
                )
                for branch in self._branches
            )
        )

    def overt(self, model: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped class
        """
        Return the condition that leaves out covert posts, for whoever may not know of them.

        Parameters
        ----------
        model
            A class of `data.models`.

        Returns
        -------
        condition
            True for all rows of layers that know nothing covert.
        """
        if "covert" in self.rights:
            return true()
        if model is ImportRun:
            return model.covert.is_(False)
        return model.visibility != "covert" if model is Post else true()

    @property
    def _branches(self) -> tuple[Branch, ...]:
        return self.branches or (Branch(self.prefix),)


def with_former_codes(engine: Engine, scope: Scope) -> Scope:
    """
    Complete a scope by the codes that became its division.

    Parameters
    ----------
    engine
        From `open_engine`; asked once, unless the scope is the whole.
    scope
        A division, lines and rights.

    Returns
    -------
    scope
        With its `branches`, whatever they were before.
    """
    changes = stored_changes(engine) if scope.prefix else {}
    return replace(scope, branches=branches_of(scope.prefix, changes) if changes else ())

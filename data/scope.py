"""
Who may see which rows: a division, the lines of work in it, and rights.

The wall is one condition that every query carries; logins only choose which scope is opened.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, true

from data.models import Post

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
}
"""The line of a layer's rows where nothing else is said. Police calls and cases are police-line
whatever their layer; patrol routes are plans, so they are too."""

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
    """

    division: str = ""
    lines: frozenset[str] = frozenset(LINES)
    rights: frozenset[str] = frozenset(RIGHTS)
    name: str = "local"

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
        """The digits that the divisions of all rows in scope begin with."""
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
        return division.startswith(self.prefix) and line in self.lines

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
            True for the rows of the divisions in scope.
        """
        if not self.prefix:
            return true()
        return model.division.startswith(self.prefix, autoescape=True)

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
        if model is not Post or "covert" in self.rights:
            return true()
        return model.visibility != "covert"


def division_prefix(code: str) -> str:
    """
    Cut a division code to the digits that its parts share.

    Parameters
    ----------
    code
        Up to 12 digits (15 with a grid); 2, 4, 6, 9, 12 or 15 of them count.

    Returns
    -------
    prefix
        "610981000000" gives "610981", "610900000000" gives "6109".
    """
    for length in (2, 4, 6, 9, 12):
        if len(code) > length and not code[length:].strip("0"):
            return code[:length]
    return code

"""
Which codes became which: rows that carry an old code belong to the division of the new one.

A change is a beginning of codes that became another of the same level, such as 610928 -> 610981;
the digits after it stay. Of several beginnings the longest decides: a town that went elsewhere is
a change of its own. Where two became one, the digits after tell nothing, because both had a 100.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, select

from data.division_codes import ENDS, depth_of, division_prefix, full_code
from data.engine import reading
from data.errors import FormatError
from data.models import DivisionChange


@dataclass(frozen=True)
class Branch:
    """
    Codes that begin alike, but for those that have gone elsewhere.

    Parameters
    ----------
    prefix
        How the codes begin.
    without
        Longer beginnings that do not belong to it.
    """

    prefix: str
    without: tuple[str, ...] = ()

    def holds(self, code: str) -> bool:
        """
        Tell whether a code is of this branch.

        Parameters
        ----------
        code
            Digits.

        Returns
        -------
        held
            Whether it begins so, and is none of those that have gone.
        """
        return code.startswith(self.prefix) and not code.startswith(self.without)


def beginnings(changes: Mapping[str, str]) -> dict[str, str]:
    """
    Cut the codes of changes to their beginnings.

    Parameters
    ----------
    changes
        Old code -> new code of the same level, of 2 to 12 digits.

    Returns
    -------
    changes
        Beginning of the old codes -> beginning of the new ones.

    Raises
    ------
    FormatError
        When one is no code, or the two are of different levels.
    """
    cut = {}
    for old, new in changes.items():
        whole_old, whole_new = full_code(old), full_code(new)
        if whole_old is None or whole_new is None or depth_of(whole_old) != depth_of(whole_new):
            raise FormatError("division_change", old=old, new=new)
        end = ENDS[depth_of(whole_old)]
        cut[whole_old[:end]] = whole_new[:end]
    return cut


def current_code(code: str, changes: Mapping[str, str]) -> str | None:
    """
    Return what a code has become.

    Parameters
    ----------
    code
        Digits.
    changes
        Beginnings, as `beginnings` gives them.

    Returns
    -------
    code
        Of as many digits; None below a division that several became.
    """
    met: set[str] = set()
    merged = _merged(changes)
    while (old := _longest(code, changes)) is not None and old not in met:
        met.add(old)
        new, tail = changes[old], code[len(old) :]
        if new in merged and tail.strip("0"):
            return None
        code = new + tail
    return code


def in_circle(old: str, changes: Mapping[str, str]) -> bool:
    """
    Tell whether a code becomes itself again in the end.

    Parameters
    ----------
    old
        A key of `changes`.
    changes
        Beginnings, as `beginnings` gives them.

    Returns
    -------
    circular
        Whether its change is met twice on the way.
    """
    met: set[str] = set()
    code, step = old, _longest(old, changes)
    while step is not None and step not in met:
        met.add(step)
        code = changes[step] + code[len(step) :]
        step = _longest(code, changes)
    return step == old


def branches_of(prefix: str, changes: Mapping[str, str]) -> tuple[Branch, ...]:
    """
    Find all codes that belong to a division by what they have become.

    Parameters
    ----------
    prefix
        How the codes of the division begin.
    changes
        Beginnings, as `beginnings` gives them.

    Returns
    -------
    branches
        Its own codes first. A division that became another itself keeps the codes it had.
    """
    merged = _merged(changes)
    found: list[Branch] = []
    waiting = [_branch(prefix, changes, ())]
    while waiting:
        branch = waiting.pop(0)
        if branch in found:
            continue
        found.append(branch)
        for old, new in changes.items():
            if new.startswith(branch.without):
                continue
            sole = new not in merged
            gone = [old + x[len(new) :] for x in branch.without if sole and x.startswith(new)]
            if new.startswith(branch.prefix):
                waiting.append(_branch(old, changes, gone))
            elif sole and branch.prefix.startswith(new):
                former = old + branch.prefix[len(new) :]
                if _longest(former, changes) == old:
                    waiting.append(_branch(former, changes, gone))
    return tuple(found)


def stored_changes(engine: Engine) -> dict[str, str]:
    """
    Read the changes that a store knows.

    Parameters
    ----------
    engine
        From `open_engine`.

    Returns
    -------
    changes
        Beginning of the old codes -> beginning of the new ones.
    """
    with reading(engine) as session:
        pairs = session.execute(select(DivisionChange.old_code, DivisionChange.new_code))
        return {division_prefix(old): division_prefix(new) for old, new in pairs}


def _branch(prefix: str, changes: Mapping[str, str], gone: list[str] | tuple[()]) -> Branch:
    """Return a branch without what changed further down, nor what is known to have gone."""
    below = [old for old in changes if old.startswith(prefix) and old != prefix]
    return Branch(prefix, tuple(sorted({*below, *gone})))


def _longest(code: str, changes: Mapping[str, str]) -> str | None:
    """Return the longest old beginning of a code."""
    return max((code[:end] for end in ENDS if code[:end] in changes), key=len, default=None)


def _merged(changes: Mapping[str, str]) -> frozenset[str]:
    """Return the beginnings that several became."""
    return frozenset(new for new, count in Counter(changes.values()).items() if count > 1)

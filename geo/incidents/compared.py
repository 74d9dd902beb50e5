"""What a comparison of counts found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.incidents.incidence import LEVEL, UNSTABLE_BELOW, high_incidence
from geo.incidents.placed import ELSEWHERE
from geo.incidents.sides import SIDES, changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.incidents.periods import Comparison

_BESIDE: Final = ("now", "before", "share", "e_p", "at_least")


@dataclass(frozen=True, eq=False)
class BothFell:
    """
    Whether two classes fell together (双下降), and whether either fall may be chance.

    Parameters
    ----------
    fell
        Whether both counts are below those of before.
    rows
        What `Compared.frame` says, one row per class and unit.
    chance
        The classes whose fall is no more than chance.
    """

    fell: bool
    rows: pd.DataFrame
    chance: tuple[str, ...]

    def summary(self) -> dict[str, Any]:
        """Return the verdict and the classes whose fall is no more than chance, for JSON."""
        return {"fell": self.fell, "chance": list(self.chance), "rows": records(self.rows)}


@dataclass(frozen=True, eq=False)
class Compared:
    """
    Outcome of `compare`.

    Every frame has `count_unit`, `now`, `before` and what `geo.incidents.sides.changed` says of
    them.

    Parameters
    ----------
    comparison
        The periods.
    by
        What was counted by.
    frame
        One row per cell. By area also `state`: "recorded", "zero" (the area reported none),
        "none_recorded" (whether it reported is not known) or "no_data" (it did not report: counts
        are what is recorded, and nothing is made of them). `now` and `before` add up to `total`,
        but for tags.
    whole
        The same for all areas together.
    total
        One row per unit, whatever was counted by.
    parent
        The parent's, by what `whole` is by; None where none was given.
    classes
        By `kind`, `class`, `group`, whatever was counted by.
    zero_areas
        Areas that reported, and of which nothing is recorded in the period.
    no_data_areas
        Areas that did not report, and of which nothing is recorded.
    none_recorded_areas
        Areas of which nothing is recorded, where nobody said which reported.
    areas
        All areas but those without data.
    before_of_no_data
        Unit -> what the areas without data had before: so much of a fall may be their silence.
    unplaced
        What lies in no area, by `area_id` (one of `ELSEWHERE`): with it, no zero is quite sure.
    people
        People by area, where they are known; 0 where nobody lives. The rate of the total
        is of all of them: areas that did not report lower it, see `before_of_no_data`.
    untimed
        How many rows have no time and count in no period.
    """

    comparison: Comparison
    by: tuple[str, ...]
    frame: pd.DataFrame
    whole: pd.DataFrame
    total: pd.DataFrame
    parent: pd.DataFrame | None
    classes: pd.DataFrame
    zero_areas: tuple[str, ...]
    no_data_areas: tuple[str, ...]
    none_recorded_areas: tuple[str, ...]
    areas: tuple[str, ...]
    before_of_no_data: Mapping[str, int]
    unplaced: pd.DataFrame
    people: Mapping[str, float]
    untimed: int

    def both_fell(
        self, class_a: str = "criminal", class_b: str = "public_order", *, kind: str = "case"
    ) -> BothFell:
        """
        Tell whether two classes both fell.

        Parameters
        ----------
        class_a
            A class, or a group of classes: groups are those of the table of classes that `compare`
            was given, and without it a group is but the class of that name.
        class_b
            The other.
        kind
            The kind that both are of.

        Returns
        -------
        both
            A class without a row on either side did not fall; nor did one whose base is 0. Where
            it is counted in several units, each must have fallen.
        """
        found = []
        for name in (class_a, class_b):
            table = self.classes
            of = (table["kind"] == kind) & ((table["class"] == name) | (table["group"] == name))
            found.append(self._together(table[of], name))
        rows = pd.concat(found, ignore_index=True)
        fell = all(len(each) and bool((each["now"] < each["before"]).all()) for each in found)
        doubtful = (rows["now"] < rows["before"]) & ~rows["significant"].astype(bool)
        return BothFell(fell, rows, tuple(dict.fromkeys(rows.loc[doubtful, "class"])))

    def _together(self, rows: pd.DataFrame, name: str) -> pd.DataFrame:
        """Add up the classes of a group, unit by unit, and test the sums."""
        sums = rows.groupby("count_unit", sort=False)[list(SIDES)].sum().astype(np.int64)
        sums = sums.reset_index()
        sums.insert(0, "class", name)
        return changed(sums, self.comparison)

    @property
    def beside_parent(self) -> pd.DataFrame:
        """
        All areas together beside the parent.

        One row per row of `whole` that the parent has too: what was counted by, `now`, `before`,
        `share`, `e_p`, `at_least` and `per_ten_thousand` where known, and the parent's as
        `parent_now` and so on; `beyond_parent` where we have more than the parent, which then
        does not hold us.
        """
        if self.parent is None:
            return self.whole.iloc[:0]
        keys = self._keys
        kept = [[*keys, *_BESIDE, *_rate(rows)] for rows in (self.whole, self.parent)]
        theirs = self.parent[kept[1]]
        theirs = theirs.rename(columns={name: f"parent_{name}" for name in kept[1][len(keys) :]})
        found = self.whole[kept[0]].merge(theirs, on=keys, how="inner")
        beyond = (found["now"] > found["parent_now"]) | (found["before"] > found["parent_before"])
        return found.assign(beyond_parent=beyond)

    @property
    def reference(self) -> str:
        """
        Say what the areas are held against in `high_incidence`.

        "parent", "people" (the rate of all areas together) or "areas" (the mean of all areas,
        where people are not known).
        """
        if not any(self.people.values()):
            return "areas"
        return "people" if self.parent is None or not _rate(self.parent) else "parent"

    @property
    def high_incidence(self) -> pd.DataFrame:
        """
        Areas with more than their share in the period; see `geo.incidents.incidence`.

        By area and what else was counted by; unstable ones are marked, come last and have no rank.
        """
        rows = self.frame
        if "area_id" not in rows.columns:
            return rows.iloc[:0]
        basis = self.reference
        told = rows[~rows["area_id"].isin(list(ELSEWHERE)) & (rows["state"] != "no_data")]
        people = self.people
        if basis == "areas":
            told = told.assign(people=1.0)
            people = dict.fromkeys(self.areas, 1.0)
        told = told[told["people"] > 0]
        heard = [people[area] for area in self.areas if people.get(area, 0) > 0]
        if basis == "parent" and self.parent is not None:
            reference = self.parent[[*self._keys, "now", "people"]]
        else:
            reference = told.groupby(self._keys, sort=False, as_index=False)["now"].sum()
            reference = reference.assign(people=sum(heard))
        found = high_incidence(told, reference, areas=len(heard))
        return found.drop(columns="people") if basis == "areas" else found

    @property
    def _keys(self) -> list[str]:
        """Return the columns that tell rows of `whole` apart."""
        return [*(word for word in self.by if word != "area"), "count_unit"]

    def summary(self) -> dict[str, Any]:
        """Return the totals, the parent's, and what is not known, ready for JSON."""
        return {
            "comparison": self.comparison.summary(),
            "by": list(self.by),
            "total": records(self.total),
            "parent": None if self.parent is None else records(self.beside_parent),
            "zero_areas": list(self.zero_areas),
            "no_data_areas": list(self.no_data_areas),
            "none_recorded_areas": list(self.none_recorded_areas),
            "before_of_no_data": dict(self.before_of_no_data),
            "unplaced": records(self.unplaced),
            "untimed": self.untimed,
            "high_incidence": records(self.high_incidence),
            "reference": self.reference,
            "level": LEVEL,
            "unstable_below": UNSTABLE_BELOW,
        }


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """
    Return rows ready for JSON.

    Parameters
    ----------
    rows
        n rows.

    Returns
    -------
    records
        n mappings; None for no figure.
    """
    plain = rows.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def _rate(rows: pd.DataFrame) -> list[str]:
    """Return the column of the rate, where there is one."""
    return [name for name in ("per_ten_thousand",) if name in rows.columns]

"""A county in the store: one city, 21 towns, 309 villages and 1,047 grids, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.divisions import read_divisions
from data.importing import import_layer
from data.scope import Scope
from data.store import Query
from data.tree import divisions, import_divisions
from tests.county import CITY, county
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from pathlib import Path

    from data.store import Store
    from tests.county import County


@pytest.fixture(scope="module")
def made() -> County:
    """Return the county of the reports."""
    return county(steps=1)


def listed(made: County, tmp_path: Path) -> Path:
    """Write the division tree as an office hands it over."""
    frames = pd.concat([made.city, made.towns, made.villages])
    lines = [f"{code},{name}" for code, name in zip(frames["area_id"], frames["name"], strict=True)]
    path = tmp_path / "divisions.csv"
    path.write_text("\n".join(["区划代码,名称", *lines]), encoding="utf-8")
    return path


def put(store: Store, made: County) -> None:
    """Store the grids, each of a kind."""
    grids = made.grids.to_crs(4326)
    columns = {name: grids[name].tolist() for name in ("area_id", "name", "parent_id")}
    columns["kind"] = ["basic"] * len(grids)
    assert import_layer(store, layer_of("areas", list(grids.geometry), columns)).added == len(grids)


def test_a_county_is_stored_and_counted_at_every_level(
    store: Store, made: County, tmp_path: Path
) -> None:
    """Of the tree by its codes, of the grids by scope; twice is once."""
    path = listed(made, tmp_path)
    tree = read_divisions(path)
    assert tree.quarantine.empty
    assert import_divisions(store, tree).added == 1 + 21 + 309
    again = read_divisions(path, known=divisions(store)["code"].tolist())
    assert import_divisions(store, again).unchanged == 331
    stored = divisions(store)
    assert stored["parent_code"].notna().sum() == 331
    below = stored["parent_code"].value_counts()
    whole = f"{CITY}000000"
    towns = stored.loc[stored["parent_code"] == whole, "code"]
    assert len(towns) == 21
    assert below[towns].sum() == 309
    put(store, made)
    assert store.count("areas") == 1_047
    assert store.scoped(Scope(CITY)).count("areas", Query(equal={"kind": "basic"})) == 1_047
    # Village totals are the sum of their grids, and town totals that of their villages.
    by_village = store.counts("areas", "division").set_index("division")["seen"]
    assert len(by_village) == 309
    assert by_village.to_dict() == made.grids["parent_id"].value_counts().to_dict()
    for town in made.towns["area_id"]:
        villages = made.villages.loc[made.villages["parent_id"] == town, "area_id"]
        assert store.scoped(Scope(town)).count("areas") == by_village[villages].sum()
    village = made.villages["area_id"].iloc[100]
    assert store.scoped(Scope(village)).count("areas") == by_village[village]


def test_towns_have_four_levels_and_the_country_may_have_three(
    store: Store, tmp_path: Path
) -> None:
    """A rural village without a grid is a leaf of the tree, and no fault of anything."""
    made = county(towns=3, villages=12, grids=40, steps=1, bare_villages=4)
    import_divisions(store, read_divisions(listed(made, tmp_path)))
    put(store, made)
    gridded = set(store.frame("areas")["division"])
    villages = set(divisions(store)["code"]) & set(made.villages["area_id"])
    assert (len(villages), len(gridded)) == (12, 8)
    bare = villages - gridded
    assert bare == set(made.villages["area_id"].iloc[-4:])
    scoped = store.scoped(Scope(min(bare)))
    assert scoped.count("areas") == 0
    assert divisions(scoped)["code"].tolist() == [min(bare)]


def test_the_scope_of_a_grid_holds_that_grid_and_what_is_in_it(store: Store, made: County) -> None:
    """Neither its neighbours nor what of the village names no grid or another one."""
    put(store, made)
    own, other = made.grids["area_id"].iloc[0], made.grids["area_id"].iloc[1]
    places = [made.grids.to_crs(4326).geometry.iloc[0].representative_point()] * 3
    told = {"incident_id": ["1", "2", "3"], "kind": ["event"] * 3, "area_code": [own, other, None]}
    import_layer(store, layer_of("incidents", places, told), division=own[:12])
    seen = store.scoped(Scope(own))
    assert seen.frame("areas")["area_id"].tolist() == [own]
    assert seen.frame("incidents")["incident_id"].tolist() == ["1"]
    assert seen.count("areas") == 1
    assert store.scoped(Scope(own, frozenset({"public"}))).count("areas") == 0
    village = store.scoped(Scope(own[:12]))
    assert village.count("areas") == (made.grids["parent_id"] == own[:12]).sum()
    assert village.count("incidents") == 3

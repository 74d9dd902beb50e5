"""Borders that hold from a day on: last year's figures go by last year's border."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from data.dated import as_of
from data.errors import ConflictError, KindError
from data.importing import import_layer
from data.scope import Scope
from data.store import Query, Store
from data.writing import update_row
from geo.areas import areas_of_points
from geo.crs import working_crs
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from data.files import Layer

WEST, EAST = "610999001001001", "610999001001002"
LAST_DAY, FIRST_DAY = dt.date(2025, 12, 31), dt.date(2026, 1, 1)
EARLIER = dt.date(2025, 1, 1)
TODAY = dt.date(2026, 6, 1)


def grids(border: float, **columns: list[Any]) -> Layer:
    """Return two grids that meet at a longitude."""
    shapes = [shapely.box(109.0, 32.0, border, 32.1), shapely.box(border, 32.0, 109.2, 32.1)]
    return layer_of("areas", shapes, {"area_id": [WEST, EAST], **columns})


@pytest.fixture
def town(store: Store) -> Store:
    """Return a store on a day of 2026 with five incidents of 2025, two of them at 109.12."""
    lon = [109.05, 109.12, 109.12, 109.15, 109.18]
    times = [dt.datetime(2025, 5, 1 + i) for i in range(5)]  # noqa: DTZ001 - local
    incidents = layer_of(
        "incidents", list(shapely.points(lon, 32.05)), {"kind": ["event"] * 5, "time": times}
    )
    import_layer(store, incidents)
    return Store(store.engine, today=lambda: TODAY)


def by_grid(store: Store) -> dict[str, int]:
    """Count the incidents of 2025 by the grids that the store shows."""
    areas = store.frame("areas")
    year = Query(since=dt.datetime(2025, 1, 1), until=dt.datetime(2026, 1, 1))  # noqa: DTZ001 - local
    incidents = store.frame("incidents", year)
    crs = working_crs(areas)
    points = np.asarray(incidents.geometry.to_crs(crs).array)
    found = areas_of_points(points, areas.to_crs(crs))
    counted = np.bincount(found[found >= 0], minlength=len(areas))
    return dict(zip(areas["area_id"], counted.tolist(), strict=True))


def test_incidents_of_last_year_are_counted_by_last_years_border(town: Store) -> None:
    """The border moves west on the first of January; both answers stay."""
    import_layer(town, grids(109.14))
    before = by_grid(town)
    assert before == {WEST: 3, EAST: 2}
    report = import_layer(town, grids(109.10), since=FIRST_DAY)
    assert (report.added, report.changed, report.unchanged) == (0, 2, 0)
    assert by_grid(town) == {WEST: 1, EAST: 4}
    assert by_grid(as_of(town, LAST_DAY)) == before
    assert by_grid(as_of(town, FIRST_DAY)) == {WEST: 1, EAST: 4}
    assert town.count("areas") == as_of(town, LAST_DAY).count("areas") == 2


def test_the_state_before_is_ended_and_keeps_all_it_said(town: Store) -> None:
    """Its border, its figures, its code; who ended it and when is told."""
    import_layer(town, grids(109.14, households=[300, 400]))
    old = town.frame("areas").set_index("area_id")
    import_layer(town, grids(109.10, households=[200, 500]), since=FIRST_DAY)
    past = as_of(town, LAST_DAY).frame("areas").set_index("area_id")
    for code in (WEST, EAST):
        assert past.loc[code, "geometry"] == old.loc[code, "geometry"]
        assert past.loc[code, "households"] == old.loc[code, "households"]
        assert past.loc[code, "id"] == old.loc[code, "id"]
    assert past["valid_to"].tolist() == [FIRST_DAY, FIRST_DAY]
    assert past["version"].tolist() == [2, 2]
    now = town.frame("areas")
    assert now["valid_from"].tolist() == [FIRST_DAY, FIRST_DAY]
    assert now["version"].tolist() == [1, 1]
    assert set(now["households"]) == {200, 500}
    assert not set(now["id"]) & set(past["id"])


def test_what_did_not_change_goes_on_as_it_was(town: Store) -> None:
    """One grid gets households, its neighbour nothing; a third begins on the day."""
    import_layer(town, grids(109.14))
    layer = layer_of(
        "areas",
        [*grids(109.14).frame.geometry, shapely.box(109.2, 32, 109.3, 32.1)],
        {
            "area_id": [WEST, EAST, "610999001001003"],
            "households": pd.array([300, None, None], "Int64"),
        },
    )
    report = import_layer(town, layer, since=FIRST_DAY)
    assert (report.added, report.changed, report.unchanged) == (1, 1, 1)
    rows = town.frame("areas").set_index("area_id")
    assert rows["valid_from"].to_dict() == {
        WEST: FIRST_DAY, EAST: None, "610999001001003": FIRST_DAY,
    }  # fmt: skip
    assert as_of(town, LAST_DAY).count("areas") == 2


def test_the_same_file_twice_changes_nothing_nor_do_older_ones_again(town: Store) -> None:
    """In whatever order: what a file says is stored already."""
    steps = [(109.14, EARLIER), (109.10, FIRST_DAY)]
    for border, since in steps:
        import_layer(town, grids(border), since=since)
    kept = town.engine, {row["id"]: row["version"] for row in states(town)}
    for border, since in [*steps, *steps]:
        report = import_layer(town, grids(border), since=since)
        assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert {row["id"]: row["version"] for row in states(town)} == kept[1]
    assert by_grid(town) == {WEST: 1, EAST: 4}
    # Another day for the same border moves nothing either.
    assert import_layer(town, grids(109.10), since=TODAY).unchanged == 2


def states(store: Store) -> list[dict[str, Any]]:
    """Return every state of every grid."""
    days = (EARLIER, TODAY)
    rows = [row for day in days for row in as_of(store, day).frame("areas").to_dict("records")]
    return list({row["id"]: row for row in rows}.values())


def test_a_border_of_the_same_day_is_corrected_in_place(town: Store) -> None:
    """A slip in the file of January does not make a border that held for no day."""
    import_layer(town, grids(109.14), since=EARLIER)
    import_layer(town, grids(109.10), since=FIRST_DAY)
    assert import_layer(town, grids(109.11), since=FIRST_DAY).changed == 2
    assert len(states(town)) == 4
    rows = town.frame("areas")
    assert rows.total_bounds.tolist() == [109.0, 32.0, 109.2, 32.1]
    assert rows["version"].tolist() == [2, 2]
    assert by_grid(as_of(town, LAST_DAY)) == {WEST: 3, EAST: 2}


def test_without_a_day_a_file_corrects_what_holds_now(town: Store) -> None:
    """The state of last year stays."""
    import_layer(town, grids(109.14), since=EARLIER)
    import_layer(town, grids(109.10), since=FIRST_DAY)
    assert import_layer(town, grids(109.16)).changed == 2
    assert by_grid(town) == {WEST: 4, EAST: 1}
    assert by_grid(as_of(town, LAST_DAY)) == {WEST: 3, EAST: 2}
    assert town.frame("areas")["valid_from"].tolist() == [FIRST_DAY, FIRST_DAY]


def test_a_day_before_a_later_state_is_refused_whole(town: Store) -> None:
    """Which grids, and how many; nothing is written."""
    import_layer(town, grids(109.14), since=EARLIER)
    import_layer(town, grids(109.10), since=FIRST_DAY)
    with pytest.raises(ConflictError, match=rf"areas {WEST}, {EAST} \(2\).*after 2025-07-01"):
        import_layer(town, grids(109.12), since=dt.date(2025, 7, 1))
    with pytest.raises(ConflictError, match="after 2025-01-01"):
        import_layer(town, grids(109.12), since=EARLIER)
    assert len(states(town)) == 4


def test_three_borders_are_told_apart_by_their_days(town: Store) -> None:
    """And the first one comes back as a new state."""
    for year, border in ((2024, 109.14), (2025, 109.10), (2026, 109.14)):
        import_layer(town, grids(border), since=dt.date(year, 1, 1))
    counted = {year: by_grid(as_of(town, dt.date(year, 6, 1)))[WEST] for year in (2024, 2025, 2026)}
    assert counted == {2024: 3, 2025: 1, 2026: 3}
    assert as_of(town, dt.date(2023, 6, 1)).count("areas") == 0
    for year, border in ((2025, 109.10), (2024, 109.14)):
        for day in (dt.date(year, 1, 1), dt.date(year, 7, 1)):
            assert import_layer(town, grids(border), since=day).unchanged == 2
    for year, border in ((2025, 109.14), (2024, 109.10), (2023, 109.14)):
        with pytest.raises(ConflictError, match="have a state that begins after"):
            import_layer(town, grids(border), since=dt.date(year, 7, 1))


def test_a_grid_is_not_made_older_than_it_was_said_to_be(town: Store) -> None:
    """The same border from an earlier day: nobody is told that nothing changed."""
    import_layer(town, grids(109.14), since=FIRST_DAY)
    with pytest.raises(ConflictError, match="after 2025-12-31"):
        import_layer(town, grids(109.14), since=LAST_DAY)
    assert as_of(town, LAST_DAY).count("areas") == 0


def test_a_grid_that_had_ended_begins_again(store: Store) -> None:
    """It was there, was not, and is there: even with the border that it had."""
    import_layer(store, grids(109.14), since=EARLIER)
    for row in store.frame("areas").to_dict("records"):
        update_row(store, "areas", row["id"], 1, {"valid_to": dt.date(2025, 7, 1)})
    assert store.count("areas") == 0
    # What was ended later than the file begins stays ended: people did that, after the file.
    assert import_layer(store, grids(109.14), since=EARLIER).unchanged == 2
    assert store.count("areas") == 0
    assert import_layer(store, grids(109.14), since=FIRST_DAY).changed == 2
    assert store.count("areas") == 2
    assert as_of(store, dt.date(2025, 8, 1)).count("areas") == 0
    assert as_of(store, dt.date(2025, 6, 1)).count("areas") == 2
    ended = as_of(store, dt.date(2025, 6, 1)).frame("areas")
    assert ended["valid_to"].tolist() == [dt.date(2025, 7, 1)] * 2


def test_a_rehearsal_tells_what_would_end_and_ends_nothing(town: Store) -> None:
    """The look before an import."""
    import_layer(town, grids(109.14))
    report = import_layer(town, grids(109.10), since=FIRST_DAY, rehearse=True)
    assert (report.added, report.changed) == (0, 2)
    assert town.frame("areas")["valid_to"].isna().all()


@pytest.mark.parametrize("kind", ["incidents", "work"])
def test_what_says_itself_when_it_was_takes_no_day(store: Store, kind: str) -> None:
    """A theft of May is a theft of May, whatever borders are drawn."""
    with pytest.raises(KindError, match="leave out --from"):
        import_layer(store, layer_of(kind, [None]), since=FIRST_DAY)
    assert store.count(kind) == 0


def test_a_scope_ends_and_sees_its_own_states_alone(town: Store) -> None:
    """The neighbour's grid of the same code is another."""
    import_layer(town, grids(109.14))
    other = town.scoped(Scope("610999002"))
    ours = town.scoped(Scope("610999001"))
    import_layer(ours, grids(109.10), division="610999001", since=FIRST_DAY)
    assert as_of(other, LAST_DAY).count("areas") == 0
    assert as_of(ours, LAST_DAY).scope == ours.scope
    assert by_grid(as_of(ours, LAST_DAY).scoped(Scope())) == {WEST: 3, EAST: 2}

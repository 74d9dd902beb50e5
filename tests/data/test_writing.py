"""Changing the store, on both engines: whole layers at once, and one row with its version."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import select

from data.engine import reading
from data.errors import ConflictError, ForbiddenError, NotFoundError
from data.files import read_layer
from data.importing import ImportReport, import_layer
from data.models import ImportRun, QuarantinedRow
from data.scope import Scope
from data.store import Query, Store
from data.writing import insert_row, update_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("ordered_ids")

TOWN, NEXT_TOWN, COUNTY = "610981100000", "610981101000", "610981000000"
GOVERNANCE = Scope(division=TOWN, lines=frozenset({"governance", "public"}))


def points(count: int) -> list[shapely.Geometry | None]:
    """Return points in a row."""
    return list(shapely.points(np.linspace(109, 109.5, count), 32.5))


def figures(report: ImportReport) -> dict[str, int]:
    """Return the counts of an import that are not zero."""
    counts = {name: value for name, value in vars(report).items() if value}
    del counts["import_id"]
    return counts


def versions(store: Store, kind: str) -> dict[str, tuple[int, int]]:
    """Return id and version of the stored rows, by code."""
    frame = store.frame(kind)
    return dict(
        zip(
            frame.iloc[:, 0],
            zip(frame["id"], frame["version"], strict=True),
            strict=True,
        )
    )


@pytest.mark.parametrize("ids", [{"camera_id": ["a", "b", "c"]}, {}])
def test_importing_twice_changes_nothing(ids: dict[str, list[str]], store: Store) -> None:
    """With ids and without: no row, version, author or time."""
    layer = layer_of("cameras", points(3), ids | {"kind": ["ptz_dome", None, None]})
    assert figures(import_layer(store, layer)) == {"rows_read": 3, "added": 3}
    before = store.frame("cameras")
    later = store.scoped(Scope(name="second"))
    assert figures(import_layer(later, layer)) == {"rows_read": 3, "unchanged": 3}
    pd.testing.assert_frame_equal(store.frame("cameras"), before)
    assert set(before["changed_by"]) == {"local"}


def test_a_changed_row_gets_its_second_version(store: Store) -> None:
    """An attribute, a place, a place that is gone, and one that stays as it is."""
    shapes = points(4)
    names = ["一", "二", "三", "四"]
    codes = {"post_id": ["a", "b", "c", "d"]}
    import_layer(store, layer_of("posts", shapes, codes | {"name": names}))
    before = versions(store, "posts")
    moved = [shapes[0], shapely.Point(108, 31), None, shapes[3]]
    other = layer_of("posts", moved, codes | {"name": ["壹", *names[1:]]})
    report = import_layer(store.scoped(Scope(name="second")), other)
    assert figures(report) == {"rows_read": 4, "changed": 3, "unchanged": 1}
    after = versions(store, "posts")
    assert {code: version for code, (_, version) in after.items()} == {
        "a": 2, "b": 2, "c": 2, "d": 1,
    }  # fmt: skip
    assert {code: row for code, (row, _) in after.items()} == {
        code: row for code, (row, _) in before.items()
    }
    rows = store.frame("posts").set_index("post_id")
    assert rows.loc["a", "name"] == "壹"
    assert rows.loc["b", "geometry"] == shapely.Point(108, 31)
    assert rows.loc["c", "geometry"] is None
    assert rows["quality"].tolist() == ["point", "point", "none", "point"]
    assert rows["changed_by"].tolist() == ["second"] * 3 + ["local"]
    # The box moved with the place.
    assert store.frame("posts", Query(box=(108, 31, 108, 31)))["post_id"].tolist() == ["b"]
    assert store.count("posts", Query(box=(100, 30, 120, 40))) == 3


def test_equal_incidents_are_kept_and_counted(store: Store) -> None:
    """Two thefts in one night at one door are two; the next file may repeat them once more."""
    shape = shapely.Point(109, 32)
    layer = layer_of("incidents", [shape] * 5, {"class": ["盗窃"] * 4 + ["纠纷"]})
    report = import_layer(store, layer)
    assert figures(report) == {"rows_read": 5, "added": 5, "repeats": 3}
    again = import_layer(store, layer)
    assert figures(again) == {"rows_read": 5, "unchanged": 5, "repeats": 3}
    longer = layer_of("incidents", [shape] * 6, {"class": ["盗窃"] * 5 + ["纠纷"]})
    assert figures(import_layer(store, longer)) == {
        "rows_read": 6, "added": 1, "unchanged": 5, "repeats": 4,
    }  # fmt: skip
    assert store.count("incidents") == 6


def test_equal_incidents_of_two_files_are_both_kept(store: Store) -> None:
    """Two offices report two matters; only the same file again is known."""
    for source in ("一月.xlsx", "二月.xlsx"):
        layer = layer_of("incidents", points(1), {"class": ["盗窃"]}, source=source)
        assert figures(import_layer(store, layer)) == {"rows_read": 1, "added": 1}
    assert store.count("incidents") == 2


def test_equal_assets_are_stored_once(store: Store) -> None:
    """A camera without an id at the same pole twice is one; at another place it is not."""
    shapes = [shapely.Point(109, 32), shapely.Point(109, 32), shapely.Point(109, 32.5)]
    report = import_layer(store, layer_of("cameras", shapes, {"kind": ["ptz_dome"] * 3}))
    assert figures(report) == {"rows_read": 3, "added": 2, "duplicates": 1}
    assert store.count("cameras") == 2


def test_ids_that_differ_only_far_behind_are_two_rows(store: Store) -> None:
    """Longer than the column of identities, and equal over its whole length."""
    codes = [f"{'设备' * 80}{end}" for end in "ab"]
    layer = layer_of("cameras", points(2), {"camera_id": codes})
    assert figures(import_layer(store, layer)) == {"rows_read": 2, "added": 2}
    assert figures(import_layer(store, layer)) == {"rows_read": 2, "unchanged": 2}
    assert store.frame("cameras")["camera_id"].tolist() == codes


def test_gaps_in_a_column_are_empty_and_cost_no_row(store: Store) -> None:
    """Every row another pattern of missing cells; visibility is filled, never empty."""
    count = 64
    bits = (np.arange(count)[:, None] >> np.arange(6)) & 1
    columns = {
        "post_id": [f"p{i}" for i in range(count)],
        "name": np.where(bits[:, 0], "岗", None),
        "kind": np.where(bits[:, 1], "fixed", None),
        "hours": np.where(bits[:, 2], "全天", None),
        "visibility": np.where(bits[:, 3], "covert", None),
    }
    import_layer(store, layer_of("posts", points(count), columns))
    rows = store.frame("posts")
    for name in ("name", "kind", "hours"):
        assert rows[name].notna().tolist() == [value is not None for value in columns[name]]
    assert rows["visibility"].tolist() == np.where(bits[:, 3], "covert", "overt").tolist()


def test_posts_without_a_word_on_visibility_are_overt(store: Store) -> None:
    """The default holds for whole layers too."""
    import_layer(store, layer_of("posts", points(2)))
    assert store.frame("posts")["visibility"].tolist() == ["overt", "overt"]


def test_every_type_of_column_is_imported(store: Store) -> None:
    """Numbers, truths with gaps, local times to the second, class."""
    online = pd.array([True, False, None], dtype="boolean")
    azimuth = [0.0, np.nan, 359.5]
    import_layer(store, layer_of("cameras", points(3), {"online": online, "azimuth_deg": azimuth}))
    rows = store.frame("cameras")
    assert [None if pd.isna(value) else bool(value) for value in rows["online"]] == [
        True, False, None,
    ]  # fmt: skip
    assert [None if pd.isna(value) else value for value in rows["azimuth_deg"]] == [
        0.0, None, 359.5,
    ]  # fmt: skip
    times = pd.to_datetime(pd.Series(["2021-12-31 23:59:59", None]))
    layer = layer_of("incidents", points(2), {"time": times, "class": ["盗窃", None]})
    import_layer(store, layer)
    rows = store.frame("incidents")
    assert pd.Timestamp(rows["time"][0]) == times[0]
    assert pd.isna(rows["time"][1])
    assert rows["class"][0] == "盗窃"
    assert pd.isna(rows["class"][1])


def test_rows_in_areas_get_their_division_and_keep_their_identity(store: Store) -> None:
    """The areas may come after the posts: the same file again still changes nothing."""
    layer = layer_of("posts", points(5), {"post_id": list("abcde")})
    import_layer(store, layer, division=COUNTY)
    west, east = shapely.box(108, 32, 109.2, 33), shapely.box(109.2, 32, 110, 33)
    codes = ["610981100201001", "610981101201001"]
    import_layer(store, layer_of("areas", [west, east], {"area_id": codes}))
    assert figures(import_layer(store, layer, division=COUNTY)) == {"rows_read": 5, "unchanged": 5}
    fresh = layer_of("posts", points(5), {"post_id": list("ABCDE")})
    import_layer(store, fresh, division=COUNTY)
    rows = store.frame("posts").set_index("post_id")
    assert rows.loc[list("ABCDE"), "division"].tolist() == [codes[0][:12]] * 2 + [codes[1][:12]] * 3
    # Another file with the same ids means other posts, now that places tell the towns apart.
    other = layer_of("posts", points(5), {"post_id": list("abcde")}, source="other.csv")
    assert figures(import_layer(store, other, division=COUNTY)) == {"rows_read": 5, "added": 5}


def test_the_quarantine_is_kept_with_its_import(store: Store) -> None:
    """Row, reason, detail and mapped columns, by the number of the import."""
    aside = {
        "row": [3, 9], "reason": ["wrong_kind", "out_of_range"], "detail": ["Point", "200"],
        "post_id": ["x", None], "name": ["东门", "西门"], "geometry": ["POINT (1 2)", None],
    }  # fmt: skip
    report = import_layer(store, layer_of("posts", points(2), aside=aside))
    assert figures(report) == {"rows_read": 4, "added": 2, "set_aside": 2}
    with reading(store.engine) as session:
        run = session.scalars(select(ImportRun)).one()
        rows = session.scalars(select(QuarantinedRow).order_by(QuarantinedRow.row)).all()
    assert run.id == report.import_id
    assert run.counts["set_aside"] == 2
    assert run.notes[0]["code"] == "id_none"
    assert [(row.import_id, row.row, row.reason, row.detail) for row in rows] == [
        (run.id, 3, "wrong_kind", "Point"), (run.id, 9, "out_of_range", "200"),
    ]  # fmt: skip
    assert [getattr(row, "values") for row in rows] == [  # noqa: B009, no array: our column
        {"post_id": "x", "name": "东门", "geometry": "POINT (1 2)"},
        {"post_id": None, "name": "西门", "geometry": None},
    ]


def test_an_import_that_fails_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last thing it writes is the quarantine: by then all rows are in."""

    def fail(*_: object) -> list[Any]:
        raise KeyError

    monkeypatch.setattr("data.importing._quarantined", fail)
    with pytest.raises(KeyError):
        import_layer(store, layer_of("posts", points(3)))
    assert store.count("posts") == 0
    with reading(store.engine) as session:
        assert session.scalars(select(ImportRun)).all() == []


def test_an_empty_layer_is_noted_and_adds_nothing(store: Store) -> None:
    """A file without rows is no error."""
    assert figures(import_layer(store, layer_of("posts", []))) == {}


def test_police_calls_and_cases_are_the_polices_whatever_is_said(store: Store) -> None:
    """By import, by insert, and when an event becomes a case."""
    kinds = ["event", "police_call", "case", None]
    import_layer(store, layer_of("incidents", points(4), {"kind": kinds}), line="governance")
    insert_row(store, "incidents", {"kind": "case", "line": "public"}, None)
    rows = store.frame("incidents")
    assert rows["line"].tolist() == ["governance", "police", "police", "governance", "police"]
    update_row(store, "incidents", int(rows["id"][0]), 1, {"kind": "case"})
    assert store.item("incidents", int(rows["id"][0]))["line"] == "police"


def test_a_scope_may_not_make_a_case_of_its_event(store: Store) -> None:
    """The row would be the police's, and vanish from the scope that wrote it."""
    row = insert_row(store, "incidents", {"kind": "event", "division": TOWN}, None)
    with pytest.raises(ForbiddenError):
        update_row(store.scoped(GOVERNANCE), "incidents", row, 1, {"kind": "case"})
    assert store.item("incidents", row)["kind"] == "event"


def test_a_row_is_changed_with_its_version_and_not_with_an_old_one(store: Store) -> None:
    """The second of two who read the same version is told, and changes nothing."""
    row = insert_row(store, "posts", {"code": "a", "name": "东门"}, shapely.Point(109, 32))
    assert update_row(store.scoped(Scope(name="first")), "posts", row, 1, {"name": "西门"}) == 2
    with pytest.raises(ConflictError, match="changed by somebody else since version 1"):
        update_row(store, "posts", row, 1, {"name": "南门"})
    seen = store.item("posts", row)
    assert (seen["name"], seen["version"], seen["changed_by"]) == ("西门", 2, "first")
    assert seen["geometry"] == shapely.Point(109, 32)
    assert update_row(store, "posts", row, 2, {"hours": "全天"}, shapely.Point(109, 33)) == 3
    assert store.item("posts", row)["geometry"] == shapely.Point(109, 33)
    assert store.count("posts", Query(box=(109, 33, 109, 33))) == 1
    assert store.count("posts", Query(box=(109, 32, 109, 32))) == 0


def test_a_row_given_a_place_is_a_point_from_then_on(store: Store) -> None:
    """It had only the code of its area before."""
    row = insert_row(store, "posts", {"code": "a"}, None)
    assert store.item("posts", row)["quality"] == "none"
    update_row(store, "posts", row, 1, {}, shapely.Point(109, 32))
    assert store.item("posts", row)["quality"] == "point"


def test_a_row_ends_with_a_date_and_is_kept(store: Store) -> None:
    """Deletion is an end date: the item stays, today's layer does not show it."""
    row = insert_row(store, "posts", {"code": "a"}, None)
    update_row(store, "posts", row, 1, {"valid_to": dt.date(2026, 1, 1)})
    assert store.count("posts") == 0
    assert store.item("posts", row)["version"] == 2


def test_the_same_file_again_keeps_what_a_person_changed(store: Store) -> None:
    """Only a row whose content in the file is new replaces it."""
    layer = layer_of("posts", points(1), {"post_id": ["a"], "name": ["东门"]})
    import_layer(store, layer)
    (row,) = store.frame("posts")["id"]
    update_row(store, "posts", int(row), 1, {"name": "西门"})
    assert figures(import_layer(store, layer)) == {"rows_read": 1, "unchanged": 1}
    assert store.item("posts", int(row))["name"] == "西门"


def test_a_second_row_of_one_code_is_refused(store: Store) -> None:
    """In one division and line; elsewhere the code means another place."""
    insert_row(store, "posts", {"code": "a", "division": TOWN}, None)
    with pytest.raises(ConflictError, match="a is there already"):
        insert_row(store, "posts", {"code": "a", "division": TOWN}, None)
    insert_row(store, "posts", {"code": "a", "division": NEXT_TOWN}, None)
    assert store.count("posts") == 2


def test_rows_without_a_code_are_never_refused_for_being_equal(store: Store) -> None:
    """Two equal calls in one minute are two."""
    for _ in range(3):
        insert_row(store, "incidents", {"class": "盗窃"}, shapely.Point(109, 32))
    assert store.count("incidents") == 3


def test_a_scope_without_the_right_writes_nothing(store: Store) -> None:
    """By no way in."""
    row = insert_row(store, "posts", {"code": "a"}, None)
    reader = store.scoped(Scope(rights=frozenset({"covert"})))
    for write in (
        lambda: insert_row(reader, "posts", {"code": "b"}, None),
        lambda: update_row(reader, "posts", row, 1, {"name": "西门"}),
        lambda: import_layer(reader, layer_of("posts", points(1))),
        lambda: import_layer(reader, layer_of("posts", [])),
    ):
        with pytest.raises(ForbiddenError, match="may read only"):
            write()
    assert store.count("posts") == 1
    assert store.item("posts", row)["version"] == 1


def test_a_scope_writes_only_inside_itself(store: Store) -> None:
    """Not the next town, not another line, not out of itself; one bad row stops all."""
    town = store.scoped(GOVERNANCE)
    inside = insert_row(town, "incidents", {"division": TOWN, "line": "governance"}, None)
    for values in (
        {"division": NEXT_TOWN, "line": "governance"}, {"division": TOWN, "line": "police"},
        {"division": COUNTY, "line": "governance"}, {"division": "", "line": "governance"},
    ):  # fmt: skip
        with pytest.raises(ForbiddenError):
            insert_row(town, "incidents", values, None)
        with pytest.raises(ForbiddenError):
            update_row(town, "incidents", inside, 1, values)
    with pytest.raises(ForbiddenError):
        import_layer(town, layer_of("incidents", points(2)), division=NEXT_TOWN)
    mixed = layer_of("incidents", points(2), {"kind": ["event", "case"]})
    with pytest.raises(ForbiddenError):
        import_layer(town, mixed, division=TOWN)
    outside = insert_row(store, "incidents", {"division": NEXT_TOWN}, None)
    with pytest.raises(NotFoundError):
        update_row(town, "incidents", outside, 1, {"state": "closed"})
    assert store.count("incidents") == 2


def test_an_id_of_another_line_is_neither_overwritten_nor_told(store: Store) -> None:
    """The police have an incident 7 in the same town: governance adds its own 7."""
    police = insert_row(store, "incidents", {"code": "7", "division": TOWN, "line": "police"}, None)
    town = store.scoped(GOVERNANCE)
    layer = layer_of("incidents", points(1), {"incident_id": ["7"]})
    report = import_layer(town, layer, division=TOWN)
    assert figures(report) == {"rows_read": 1, "added": 1}
    assert store.item("incidents", police)["version"] == 1
    insert_row(town, "incidents", {"code": "8", "division": TOWN}, None)
    insert_row(store, "incidents", {"code": "8", "division": TOWN, "line": "police"}, None)
    assert town.count("incidents") == 2


def test_the_id_of_a_covert_post_is_neither_overwritten_nor_told(store: Store) -> None:
    """Without the right, the id is as free as any."""
    covert = {"code": "7", "division": TOWN, "visibility": "covert"}
    row = insert_row(store, "posts", covert, shapely.Point(109, 32))
    unaware = store.scoped(Scope(division=TOWN, rights=frozenset({"write"})))
    layer = layer_of("posts", points(1), {"post_id": ["7"]})
    assert figures(import_layer(unaware, layer, division=TOWN)) == {"rows_read": 1, "added": 1}
    assert figures(import_layer(unaware, layer, division=TOWN)) == {"rows_read": 1, "unchanged": 1}
    assert store.item("posts", row)["version"] == 1
    assert unaware.count("posts") == 1


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_equal_rows_stay_apart(store: Store, shared_data: Path, tmp_path: Path) -> None:
    """
    Of 34,212 rows of Vancouver in 2022, 1,862 repeat another exactly.

    Without block and neighbourhood more are equal, for most places are withheld. The regression
    tests take the whole file in with its neighbourhoods, twice.
    """
    rows = pd.read_parquet(
        shared_data / "ca_vancouver_crime" / "vancouver_crime_2020_2022.parquet",
        filters=[("year", "==", 2022)],
    )
    assert int(rows.duplicated().sum()) == 1_862
    rows.to_parquet(tmp_path / "2022.parquet")
    report = import_layer(store, read_layer(tmp_path / "2022.parquet", "incidents"))
    assert figures(report) == {"rows_read": 34_212, "added": 34_212, "repeats": 3_521}
    assert store.count("incidents") == 34_212


def test_cambridge_loses_no_street_whose_id_repeats(store: Store, shared_data: Path) -> None:
    """2,643 rows share 808 ids."""
    file = shared_data / "us_cambridge_ma_police" / "cambridge.gpkg"
    layer = read_layer(f"{file}:street_centerlines", "streets")
    assert figures(import_layer(store, layer)) == {"rows_read": 2_643, "added": 2_643}
    assert figures(import_layer(store, layer)) == {"rows_read": 2_643, "unchanged": 2_643}
    stored = np.asarray(store.frame("streets").geometry.array)
    assert (stored == np.asarray(layer.frame.geometry.array)).all()

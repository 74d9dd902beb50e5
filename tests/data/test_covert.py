"""Covert posts: who may write them, that they stay so, and layers without them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import shapely
from sqlalchemy import select

from data.covert import covert_rows, without_covert
from data.engine import reading
from data.errors import ConflictError, ForbiddenError
from data.files import read_layer
from data.importing import import_layer
from data.models import ImportRun, Post, QuarantinedRow
from data.notes import Note
from data.scope import Scope
from data.writing import insert_row, update_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from pathlib import Path

    from data.files import Layer
    from data.store import Store

TOWN = "610981100000"
PLACE = shapely.Point(109, 32)
UNAWARE = Scope(TOWN, rights=frozenset({"write"}), name="unaware")
GOVERNANCE = Scope(TOWN, frozenset({"governance", "public"}), frozenset({"write", "covert"}))


def post(store: Store, **values: Any) -> int:  # noqa: ANN401 - of a post
    """Store a post of the town."""
    return insert_row(store, "posts", {"division": TOWN, **values}, PLACE)


def posts(*said: str | None, **columns: Any) -> Layer:  # noqa: ANN401 - of posts
    """Return a layer of posts that says so of each."""
    codes = columns.pop("post_id", [f"p{i}" for i in range(len(said))])
    shapes = [shapely.Point(109 + i / 100, 32) for i in range(len(said))]
    return layer_of("posts", shapes, {"post_id": codes, "visibility": list(said), **columns})


def traces(store: Store) -> list[Any]:
    """Return every row that an import leaves."""
    with reading(store.engine) as session:
        return [
            row
            for table in (Post, ImportRun, QuarantinedRow)
            for row in session.scalars(select(table))
        ]


def test_a_covert_post_is_the_polices_whatever_is_said(store: Store) -> None:
    """By insert, by import, and when an overt one becomes covert."""
    inserted = post(store, visibility="covert", line="governance")
    import_layer(store, posts("covert", "overt"), division=TOWN, line="public")
    overt = post(store, line="governance", code="7")
    update_row(store, "posts", overt, 1, {"visibility": "covert"})
    rows = store.frame("posts").set_index("post_id")
    assert rows.loc["p0", "line"] == "police"
    assert rows.loc["p1", "line"] == "public"
    assert store.item("posts", inserted)["line"] == "police"
    assert store.item("posts", overt)["line"] == "police"


def test_whoever_may_not_know_of_covert_posts_writes_none(store: Store) -> None:
    """Neither a new one nor by changing one."""
    unaware = store.scoped(UNAWARE)
    overt = post(store, visibility="overt")
    with pytest.raises(ForbiddenError, match="covert posts are restricted"):
        post(unaware, visibility="covert")
    with pytest.raises(ForbiddenError, match="covert posts are restricted"):
        update_row(unaware, "posts", overt, 1, {"visibility": "covert"})
    assert store.count("posts") == 1
    assert store.item("posts", overt)["visibility"] == "overt"


def test_a_line_without_the_police_writes_no_covert_post(store: Store) -> None:
    """Even with the right: the post would be the police's."""
    governance = store.scoped(GOVERNANCE)
    overt = post(store, line="governance")
    with pytest.raises(ForbiddenError, match="line police"):
        post(governance, visibility="covert", line="governance")
    with pytest.raises(ForbiddenError, match="line police"):
        update_row(governance, "posts", overt, 1, {"visibility": "covert"})
    with pytest.raises(ForbiddenError, match="line police"):
        import_layer(governance, posts("covert"), division=TOWN, line="governance")
    assert store.count("posts") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": "overt"}, {"line": "governance"}, {"line": "public"},
        {"visibility": "overt", "line": "police"}, {"visibility": "covert", "line": "public"},
    ],
)  # fmt: skip
def test_a_covert_post_stays_so(store: Store, change: dict[str, str]) -> None:
    """Nobody makes it overt or gives it to another line; other values may change."""
    row = post(store, visibility="covert", name="甲")
    with pytest.raises(ForbiddenError, match="cannot become overt or another line's"):
        update_row(store, "posts", row, 1, change)
    kept = store.item("posts", row)
    assert (kept["visibility"], kept["line"], kept["version"]) == ("covert", "police", 1)
    same = {"name": "乙", "visibility": "covert", "line": "police"}
    assert update_row(store, "posts", row, 1, same) == 2
    assert store.item("posts", row)["name"] == "乙"


def test_a_file_with_a_covert_post_is_refused_and_leaves_no_trace(
    store: Store, tmp_path: Path
) -> None:
    """By visibility, by a word that nobody knows, by its name, and among the unusable rows."""
    unaware = store.scoped(UNAWARE)
    head = "编号,名称,明暗,经度,纬度"
    for i, (cells, line) in enumerate(
        (
            ("P1,东门,暗哨,109,32", 2), ("P1,东门,不明,109,32", 2), ("P1,东门暗哨,,109,32", 2),
            ("P1,东门,明哨,109,32\nP2,西门,暗哨,x,32", 3), ("P2,西门,暗哨,,", 2),
        )
    ):  # fmt: skip
        file = tmp_path / f"{i}.csv"
        file.write_text(f"{head}\n{cells}\n", "utf-8")
        with pytest.raises(ForbiddenError, match=rf"covert posts: 1 \(lines {line}\)"):
            import_layer(unaware, read_layer(file, "posts"), division=TOWN)
        assert traces(store) == [], cells
        assert import_layer(store, read_layer(file, "posts"), division=TOWN).rows_read >= 1
        with reading(store.engine) as session:
            assert session.scalars(select(ImportRun.covert)).all() == [True]
        _empty(store)


def _empty(store: Store) -> None:
    with store.engine.connect().execution_options(gridpatrol_write=True) as connection:
        for table in (QuarantinedRow, ImportRun, Post):
            connection.execute(table.__table__.delete())
        connection.commit()


def test_an_import_does_not_make_a_covert_post_overt(store: Store) -> None:
    """A list without its column of visibility would expose all of them: nothing is stored."""
    import_layer(store, posts("covert", "overt", name=["甲", "乙"]), division=TOWN)
    bare = posts(None, None, None, name=["甲", "丙", "丁"])
    with pytest.raises(ForbiddenError, match="make stored covert posts overt: 1"):
        import_layer(store, bare, division=TOWN)
    rows = store.frame("posts").set_index("post_id")
    assert rows["visibility"].to_dict() == {"p0": "covert", "p1": "overt"}
    assert rows.loc["p1", "name"] == "乙"


def test_an_overt_post_becomes_covert_by_import(store: Store) -> None:
    """The same row, of whatever line it was: its overt self does not stay behind."""
    import_layer(store, posts("overt"), division=TOWN, line="governance")
    (row,) = store.frame("posts")["id"]
    report = import_layer(store, posts("covert"), division=TOWN, line="governance")
    assert (report.changed, report.added) == (1, 0)
    kept = store.item("posts", row)
    assert (kept["visibility"], kept["line"], kept["version"]) == ("covert", "police", 2)
    assert store.count("posts") == 1


@pytest.mark.parametrize("scope", [GOVERNANCE, UNAWARE])
def test_a_post_that_became_covert_is_not_told_by_its_id(store: Store, scope: Scope) -> None:
    """Whoever wrote it as an overt one finds the id free, and overwrites nothing."""
    writer = store.scoped(scope)
    line = "governance" if scope is GOVERNANCE else "police"
    layer = posts("overt", name=["甲"])
    import_layer(writer, layer, division=TOWN, line=line)
    (row,) = store.frame("posts")["id"]
    update_row(store, "posts", row, 1, {"visibility": "covert", "name": "乙"})
    report = import_layer(writer, layer, division=TOWN, line=line)
    assert (report.added, report.changed, report.unchanged) == (1, 0, 0)
    assert store.item("posts", row)["name"] == "乙"
    assert writer.count("posts") == 1


@pytest.mark.parametrize("change", [{"line": "police"}, {"division": "610981101000"}])
@pytest.mark.parametrize("code", ["7", "七" * 200])
def test_a_row_given_away_is_neither_overwritten_nor_told(
    store: Store, change: dict[str, str], code: str
) -> None:
    """To the police or the next town: its former writer begins anew, once, and as often."""
    writer = store.scoped(Scope(TOWN, frozenset({"governance"}), frozenset({"write"})))
    layer = layer_of("incidents", [PLACE], {"incident_id": [code], "class": ["盗窃"]})
    other = layer_of("incidents", [PLACE], {"incident_id": [code], "class": ["纠纷"]})
    given = []
    for _ in range(2):
        assert import_layer(writer, layer, division=TOWN).added == 1
        (row,) = writer.frame("incidents")["id"]
        update_row(store, "incidents", row, 1, change)
        given.append(row)
    row = insert_row(writer, "incidents", {"code": code, "division": TOWN}, PLACE)
    with pytest.raises(ConflictError):
        insert_row(writer, "incidents", {"code": code, "division": TOWN}, PLACE)
    assert import_layer(writer, other, division=TOWN).changed == 1
    assert import_layer(writer, other, division=TOWN).unchanged == 1
    assert writer.frame("incidents")["id"].tolist() == [row]
    kept = store.frame("incidents").set_index("id").loc[given]
    assert kept["class"].tolist() == ["盗窃", "盗窃"]
    assert kept["version"].tolist() == [2, 2]
    # Whoever sees both goes by the row that the file was first stored as.
    assert import_layer(store, layer, division=TOWN).unchanged == 1


def test_a_row_given_away_is_not_found_under_another_line_either(store: Store) -> None:
    """The file comes in as public first, then as governance; in between the police took a row."""
    writer = store.scoped(Scope(TOWN, frozenset({"governance", "public"}), frozenset({"write"})))
    codes = {"incident_id": ["7", "8"], "class": ["盗窃", "盗窃"]}
    import_layer(writer, layer_of("incidents", [PLACE] * 2, codes), division=TOWN, line="public")
    rows = store.frame("incidents").set_index("incident_id")["id"].to_dict()
    update_row(store, "incidents", rows["7"], 1, {"line": "police"})
    other = layer_of("incidents", [PLACE] * 2, codes | {"class": ["纠纷", "纠纷"]})
    report = import_layer(writer, other, division=TOWN, line="governance")
    assert (report.added, report.changed) == (1, 1)
    assert store.item("incidents", rows["7"])["class"] == "盗窃"
    assert store.item("incidents", rows["8"])["line"] == "governance"


def test_two_posts_of_one_code_may_become_covert(store: Store) -> None:
    """The second finds the code taken, and becomes covert all the same."""
    rows = [post(store, code="7", line=line) for line in ("governance", "public", "police")]
    for row in rows:
        update_row(store, "posts", row, 1, {"visibility": "covert"})
    assert set(store.frame("posts")["visibility"]) == {"covert"}
    assert store.count("posts") == 3


def test_the_same_file_finds_what_a_person_gave_to_another_line(store: Store) -> None:
    """It stays there: the file says nothing new."""
    layer = layer_of("incidents", [PLACE], {"incident_id": ["7"], "kind": ["event"]})
    import_layer(store, layer, division=TOWN)
    (row,) = store.frame("incidents")["id"]
    update_row(store, "incidents", row, 1, {"kind": "case"})
    assert import_layer(store, layer, division=TOWN).unchanged == 1
    assert store.item("incidents", row)["line"] == "police"
    governance = store.scoped(Scope(TOWN, frozenset({"governance"}), frozenset({"write"})))
    assert import_layer(governance, layer, division=TOWN).added == 1
    assert store.item("incidents", row)["kind"] == "case"


def test_an_import_is_of_the_line_and_division_that_hold_all_its_rows(store: Store) -> None:
    """Its counts and notes tell of all of them, the quarantine too."""
    aside = {
        "row": [3], "reason": ["out_of_range"], "detail": ["200"], "incident_id": ["x"],
        "kind": ["case"], "area_code": ["610981101201001"], "geometry": [None],
    }  # fmt: skip
    layers = [
        layer_of("incidents", [PLACE], {"kind": ["event"]}),
        layer_of("incidents", [PLACE], {"kind": ["case"]}),
        layer_of("incidents", [PLACE], {"kind": ["event"]}, aside=aside),
        layer_of("incidents", [PLACE], {"kind": ["event"], "area_code": ["610981100201"]}),
    ]
    told = []
    for layer in layers:
        report = import_layer(store, layer, division=TOWN)
        with reading(store.engine) as session:
            run = session.get_one(ImportRun, report.import_id)
            told.append((run.division, run.line, run.covert))
    assert told == [
        (TOWN, "governance", False), (TOWN, "police", False), ("610981", "police", False),
        ("610981100", "governance", False),
    ]  # fmt: skip
    with reading(store.engine) as session:
        unseen = select(ImportRun).where(store.scoped(UNAWARE).scope.visible(ImportRun))
        assert len(session.scalars(unseen).all()) == 3
    import_layer(store, posts("covert"), division=TOWN)
    with reading(store.engine) as session:
        assert len(session.scalars(unseen).all()) == 3


def test_posts_without_ids_are_renumbered_without_holes() -> None:
    """A hole in the numbers would tell of a post that is left out."""
    places = [shapely.Point(109 + i / 100, 32) for i in range(4)]
    kept = without_covert(
        layer_of("posts", places, {"visibility": ["overt", "covert", "overt", "covert"]})
    )
    assert kept.frame["post_id"].tolist() == [0, 1]
    assert kept.frame.geometry.tolist() == [places[0], places[2]]
    assert "visibility" not in kept.frame.columns
    assert (kept.rows_read, kept.rows.tolist()) == (2, [0, 2])
    assert kept.notes == (Note("id_none", {"total": 2}),)


def test_rows_set_aside_do_not_tell_of_covert_posts() -> None:
    """A covert post with a broken place is left out of the quarantine too; overt ones stay."""
    aside = {
        "row": [9, 11], "reason": ["no_place"] * 2, "detail": ["", ""], "geometry": ["", ""],
        "visibility": ["covert", "overt"],
    }  # fmt: skip
    layer = layer_of("posts", [PLACE], {"post_id": ["a"], "visibility": ["overt"]}, aside=aside)
    kept = without_covert(layer)
    assert kept.quarantine["row"].tolist() == [11]
    assert kept.rows_read == 2
    assert "visibility" not in kept.quarantine.columns


def test_notes_that_count_covert_posts_are_left_out_with_them() -> None:
    """By a name that hints at one, and by a word in doubt; what is said of others stays."""
    other = Note("value_unreadable", {"column": "x", "count": 1, "values": ["?"], "rows": [1]})
    hinted = Note("covert_by_name", {"count": 1, "rows": [2]})
    doubted = Note("code_unknown_as", {"column": "明暗", "taken": "covert"})
    layer = replace(posts("overt", "covert"), notes=(hinted, other, doubted))
    assert without_covert(layer).notes == (other,)


def test_frames_that_say_nothing_of_visibility_have_no_covert_rows() -> None:
    """Those of other layers, and an empty quarantine."""
    assert covert_rows(pd.DataFrame({"row": [1, 2]})).tolist() == [False, False]
    said = pd.DataFrame({"visibility": ["overt", "covert", None]})
    assert covert_rows(said).tolist() == [False, True, False]

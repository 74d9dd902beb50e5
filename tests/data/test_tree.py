"""The division tree in the store: what is valid when, and which code became which."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from sqlalchemy import func, select

from data.division_codes import parent_of
from data.divisions import read_divisions
from data.engine import reading
from data.errors import ConflictError, ForbiddenError, FormatError
from data.models import Division, DivisionChange, ImportRun, QuarantinedRow
from data.scope import Scope
from data.tree import codes_of, divisions, import_divisions, put_changes, put_divisions

if TYPE_CHECKING:
    from pathlib import Path

    from data.store import Store

FIRST, LATER = dt.date(2024, 1, 1), dt.date(2025, 6, 1)
DAY = dt.timedelta(days=1)

ANKANG, XUNYANG, OLD_XUNYANG, BAIHE = (
    "610900000000", "610981000000", "610928000000", "610929000000",
)  # fmt: skip
TOWN, OLD_TOWN = "610981100000", "610928100000"


def tree(names: dict[str, str]) -> pd.DataFrame:
    """Return divisions with the parents that their codes have."""
    return pd.DataFrame(
        [(code, name, parent_of(code)) for code, name in names.items()],
        columns=["code", "name", "parent_code"],
    )


def named(store: Store, on: dt.date | None = None) -> dict[str, str]:
    """Return the divisions of a day: code -> name."""
    frame = divisions(store, on=on)
    return dict(zip(frame["code"], frame["name"], strict=True))


def rows_of(store: Store, model: type) -> int:
    """Count the rows of a table, whoever may see them."""
    with reading(store.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_list_is_stored_once_and_a_new_state_ends_the_old(store: Store) -> None:
    """A new name begins on its day; what the list leaves out stays."""
    listed = tree({ANKANG: "安康市", OLD_XUNYANG: "旬阳县", BAIHE: "白河县"})
    assert put_divisions(store, listed, on=FIRST) == {"added": 3, "changed": 0, "unchanged": 0}
    assert put_divisions(store, listed, on=LATER) == {"added": 0, "changed": 0, "unchanged": 3}
    assert rows_of(store, Division) == 3
    listed = tree({BAIHE: "白河区", TOWN: "城关镇"})
    assert put_divisions(store, listed, on=LATER) == {"added": 1, "changed": 1, "unchanged": 0}
    before = {ANKANG: "安康市", OLD_XUNYANG: "旬阳县", BAIHE: "白河县"}
    assert named(store, FIRST - DAY) == {}
    assert named(store, FIRST) == named(store, LATER - DAY) == before
    assert named(store, LATER) == named(store) == before | {BAIHE: "白河区", TOWN: "城关镇"}
    frame = divisions(store, on=LATER).set_index("code")
    assert frame.loc[BAIHE, "valid_from"] == LATER
    assert frame.loc[BAIHE, "parent_code"] == ANKANG
    assert frame.loc[ANKANG, "parent_code"] == "610000000000"


def test_another_parent_is_a_new_state_too(store: Store) -> None:
    """A prefecture without counties may get some; a missing parent is none."""
    listed = tree({"441900003000": "东城街道", "440000000000": "广东省"})
    put_divisions(store, listed, on=FIRST)
    assert put_divisions(store, listed, on=FIRST)["unchanged"] == 2
    listed.loc[0, "parent_code"] = "441901000000"
    assert put_divisions(store, listed, on=LATER)["changed"] == 1
    parents = divisions(store).set_index("code")["parent_code"]
    assert parents["441900003000"] == "441901000000"
    assert pd.isna(parents["440000000000"])


def test_two_changes_in_a_day_leave_one_state_and_none_goes_back_in_time(store: Store) -> None:
    """The last one said holds; a list of an earlier day changes nothing that is later."""
    put_divisions(store, tree({BAIHE: "白河县"}), on=FIRST)
    put_divisions(store, tree({BAIHE: "白河"}), on=LATER)
    put_divisions(store, tree({BAIHE: "白河区"}), on=LATER)
    assert len(divisions(store, on=LATER)) == 1
    assert named(store, LATER) == {BAIHE: "白河区"}
    assert named(store, LATER - DAY) == {BAIHE: "白河县"}
    with pytest.raises(ConflictError, match="610929000000 has a later state, from 2025-06-01"):
        put_divisions(store, tree({ANKANG: "安康市", BAIHE: "别名"}), on=FIRST)
    assert named(store) == {BAIHE: "白河区"}


def test_a_scope_stores_and_sees_its_own_divisions_alone(store: Store) -> None:
    """The refusal names what was asked for, and nothing of what others have."""
    put_divisions(store, tree({ANKANG: "安康市", BAIHE: "白河县", XUNYANG: "旬阳市"}), on=FIRST)
    county = store.scoped(Scope("610981"))
    assert put_divisions(county, tree({XUNYANG: "旬阳市", TOWN: "城关镇"}), on=FIRST) == {
        "added": 1, "changed": 0, "unchanged": 1,
    }  # fmt: skip
    assert named(county) == {XUNYANG: "旬阳市", TOWN: "城关镇"}
    refused = tree({TOWN: "改名镇", BAIHE: "改名县"})
    with pytest.raises(ForbiddenError) as error:
        put_divisions(county, refused, on=LATER)
    assert str(error.value) == "division 610929000000 is outside this access"
    assert "白河县" not in error.value.text("zh")
    reader = store.scoped(Scope("610981", rights=frozenset()))
    with pytest.raises(ForbiddenError, match="may read only"):
        put_divisions(reader, tree({TOWN: "改名镇"}), on=LATER)
    with pytest.raises(ForbiddenError, match="may read only"):
        put_changes(reader, {OLD_TOWN: TOWN}, on=LATER)
    assert named(store)[TOWN] == "城关镇"


def test_a_code_that_became_another_goes_on_under_it_with_all_below(store: Store) -> None:
    """From its day on, once; what a list has under the new code already stays as listed."""
    old = {OLD_XUNYANG: "旬阳县", OLD_TOWN: "城关镇", "610928101000": "棕溪镇", BAIHE: "白河县"}
    put_divisions(store, tree(old), on=FIRST)
    put_divisions(store, tree({XUNYANG: "旬阳市", "610981101000": "棕溪新镇"}), on=LATER)
    assert put_changes(store, {"610928": "610981"}, on=LATER) == {"added": 1, "changed": 0}
    now = {XUNYANG: "旬阳市", TOWN: "城关镇", "610981101000": "棕溪新镇", BAIHE: "白河县"}
    assert named(store) == now
    assert named(store, LATER - DAY) == old
    assert divisions(store).set_index("code").loc[TOWN, "parent_code"] == XUNYANG
    rows = rows_of(store, Division)
    assert put_changes(store, {OLD_XUNYANG: XUNYANG}, on=LATER) == {"added": 0, "changed": 0}
    assert (rows_of(store, Division), rows_of(store, DivisionChange)) == (rows, 1)


def test_a_chain_of_changes_is_followed_and_need_not_be_said_twice(store: Store) -> None:
    """612428 became 610928 became 610981: that the first became the last is known."""
    put_divisions(store, tree({"612428000000": "旬阳县"}), on=FIRST)
    put_changes(store, {"612428": "610928", "610928": "610981"}, on=FIRST)
    assert named(store) == {XUNYANG: "旬阳县"}
    assert put_changes(store, {"612428": "610981"}, on=LATER) == {"added": 0, "changed": 0}
    assert codes_of(store, XUNYANG) == ["610981", "610928", "612428"]
    assert codes_of(store, "610981100") == ["610981100", "610928100", "612428100"]


def test_a_change_that_was_wrong_is_said_anew(store: Store) -> None:
    """One code becomes one other; the newest list decides."""
    put_changes(store, {"610928": "610918"}, on=FIRST)
    assert put_changes(store, {"610928": "610981"}, on=LATER) == {"added": 0, "changed": 1}
    assert codes_of(store, "610918") == ["610918"]
    assert codes_of(store, "610981") == ["610981", "610928"]
    assert rows_of(store, DivisionChange) == 1


def test_changes_in_a_circle_or_of_two_levels_are_refused_whole(store: Store) -> None:
    """Within one list, and with what is stored; nothing of it stays."""
    put_changes(store, {"610928": "610981"}, on=FIRST)
    with pytest.raises(ConflictError, match="610981, 610928, 610981"):
        put_changes(store, {"610901": "610902", "610981": "610928"}, on=LATER)
    with pytest.raises(ConflictError, match="in a circle"):
        put_changes(store, {"610901": "610902", "610902": "610901"}, on=LATER)
    with pytest.raises(FormatError, match="no codes of one level"):
        put_changes(store, {"610901": "610902100"}, on=LATER)
    assert rows_of(store, DivisionChange) == 1


def test_where_two_became_one_what_lies_below_waits_for_its_own_codes(store: Store) -> None:
    """Both counties had a town 100."""
    old = {OLD_XUNYANG: "旬阳县", OLD_TOWN: "城关镇", BAIHE: "白河县", "610929100000": "城关镇"}
    put_divisions(store, tree(old), on=FIRST)
    put_changes(store, {OLD_XUNYANG: XUNYANG, BAIHE: XUNYANG}, on=LATER)
    assert set(named(store)) == {XUNYANG, OLD_TOWN, "610929100000"}


def test_nobody_changes_codes_beyond_the_own_scope(store: Store) -> None:
    """Else a county could make a neighbour's rows its own, or learn what became of a code."""
    put_changes(store, {"610928": "610918"}, on=FIRST)
    county = store.scoped(Scope("610981"))
    for pair in ({BAIHE: XUNYANG}, {TOWN: "610929100000"}):
        with pytest.raises(ForbiddenError, match="is outside this access"):
            put_changes(county, pair, on=LATER)
    put_changes(store, {TOWN: "610929100000"}, on=FIRST)
    with pytest.raises(ForbiddenError, match="division 610981100000 is outside"):
        put_changes(county, {TOWN: "610981101000"}, on=LATER)
    assert codes_of(county, "610929100") == ["610929100"]
    assert codes_of(store, "610929100") == ["610929100", "610981100"]


def test_a_change_moves_the_divisions_of_its_own_codes_alone(store: Store) -> None:
    """What others stored under a code that has long become another is theirs to mend."""
    put_changes(store, {"610901": "610902"}, on=FIRST)
    put_divisions(store, tree({"610901000000": "汉滨区", OLD_TOWN: "城关镇"}), on=FIRST)
    put_changes(store, {"610928": "610981"}, on=LATER)
    assert named(store) == {"610901000000": "汉滨区", TOWN: "城关镇"}


def test_an_import_keeps_its_run_and_what_was_set_aside(store: Store, tmp_path: Path) -> None:
    """Counts add up; the same list again changes nothing."""
    path = tmp_path / "d.csv"
    path.write_text(
        "区划代码,名称,曾用代码\n610981,旬阳市,610928\n610981100,城关镇,\n610982100,孤镇,\n",
        "utf-8",
    )
    put_divisions(store, tree({OLD_XUNYANG: "旬阳县", OLD_TOWN: "城关镇"}), on=FIRST)
    report = import_divisions(store, read_divisions(path), on=LATER)
    assert (report.rows_read, report.added, report.changed, report.unchanged) == (3, 2, 0, 0)
    assert (report.set_aside, report.codes_changed) == (1, 1)
    assert named(store) == {XUNYANG: "旬阳市", TOWN: "城关镇"}
    with reading(store.engine) as session:
        run = session.scalars(select(ImportRun)).one()
        aside = session.scalars(select(QuarantinedRow)).one()
    assert (run.id, run.kind, run.source, run.division) == (
        report.import_id,
        "divisions",
        "d.csv",
        "",
    )
    assert run.counts["set_aside"] == 1
    assert run.notes[-1]["code"] == "rows_quarantined"
    assert (aside.import_id, aside.row, aside.reason) == (run.id, 4, "orphan")
    kept = {"code": "610982100", "name": "孤镇", "parent_code": None, "old_code": None}
    assert vars(aside)["values"] == kept
    again = import_divisions(store, read_divisions(path), on=LATER + DAY)
    assert (again.added, again.changed, again.unchanged, again.codes_changed) == (0, 0, 2, 0)


def test_an_import_beyond_the_scope_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    """Neither divisions nor a run; also when only an old code is another's."""
    path = tmp_path / "d.csv"
    county = store.scoped(Scope("610981"))
    for text in ("610981,旬阳市,\n610929,白河县,\n", "610981,旬阳市,610929\n"):
        path.write_text(f"区划代码,名称,曾用代码\n{text}", "utf-8")
        with pytest.raises(ForbiddenError, match="610929000000 is outside this access"):
            import_divisions(county, read_divisions(path), on=LATER)
    assert named(store) == {}
    assert rows_of(store, ImportRun) == 0


def test_an_import_is_of_today_unless_said(store: Store, tmp_path: Path) -> None:
    """The day of the store's clock."""
    path = tmp_path / "d.csv"
    path.write_text("code,name\n610981,旬阳市\n", "utf-8")
    import_divisions(store, read_divisions(path))
    assert divisions(store)["valid_from"].tolist() == [store.today()]

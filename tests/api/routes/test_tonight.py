"""The page of tonight's patrol: forms that plan, change, accept, and say what to do."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api import analyses
from api.app import create_app
from api.jobs import perform
from api.patrol.stored import Kept, kept_plan, make_plan
from api.settings import Settings
from data.jobs import Job, find, submit
from data.plans import find_plan, plans
from data.scope import Scope
from data.store import Store
from data.viewing import views
from data.work import claim, fail
from tests.api.patrols import BRIEF, DATE, DIVISION, NIGHT, fill_patrols
from tests.api.stored import fill, put
from tests.stores import ONE_ENGINE
from tests.strategies import areas_of, box, points_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = {"Accept": "text/html"}

TONIGHT = "/patrols/tonight"

CHOSEN = {"area": "X1", "date": DATE.isoformat(), "shift": NIGHT}
"""What a form asks for."""


def service(store: Store, **settings: Any) -> TestClient:  # noqa: ANN401
    """Return a client of the service; nobody works on jobs unless entered."""
    made = create_app(Settings.model_validate(settings), store)
    return TestClient(made, headers=PAGE, follow_redirects=False)


def filled(store: Store) -> Store:
    """Store the town, with a point that no unit has the skill for."""
    fill_patrols(store)
    skilled = points_of([(200, 200)], code=["P5"], name=["<b>药店</b>"], skills=["medic"])
    put(store, "must_visit", skilled, division=DIVISION, line="police")
    return store


@pytest.fixture
def either(store: Store) -> Store:
    """Return the store of the town, on either engine."""
    return filled(store)


@pytest.fixture
def town(ready_file: Path, tmp_path: Path) -> Iterator[Store]:
    """Return the store of the town in a file: what the page shows is the same on both engines."""
    file = tmp_path / "town.db"
    file.write_bytes(ready_file.read_bytes())
    store = Store.open(f"sqlite:///{file}")
    yield filled(store)
    store.engine.dispose()


def planned(store: Store, seed: int = 3) -> Kept:
    """Plan the night with few steps."""
    return make_plan(store, "X1", date=DATE, shift=NIGHT, seed=seed, iterations=BRIEF)


def shown(client: TestClient, **query: str | int) -> str:
    """Return the page, which is there."""
    answer = client.get(TONIGHT, params=query)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def sent(client: TestClient, path: str, **form: object) -> Any:  # noqa: ANN401 - an answer
    """Press a button."""
    return client.post(f"{TONIGHT}{path}", data=form)


def led(answer: Any) -> dict[str, str]:  # noqa: ANN401 - an answer
    """Return what a button leads to."""
    assert answer.status_code == 303, answer.text
    path, _, query = answer.headers["location"].partition("?")
    assert path == TONIGHT
    return dict(pair.split("=") for pair in query.split("&"))


def due_of(kept: Kept, name: str) -> tuple[str, str]:
    """Return what a stop is called in changes, and who makes it."""
    (row,) = kept.plan.stops[kept.plan.stops["id"] == name].to_dict("records")
    return row["due_id"], row["unit_id"]


def test_area_day_shift_and_units_are_chosen_one_after_the_other(town: Store) -> None:
    """The first area, today and the last shift to begin with; all units of that shift are on."""
    client = service(town)
    text = shown(client)
    assert re.findall(r'<option value="(X\d)"( selected)?>(\S+)</option>', text) == [
        ("X1", " selected", "一巡区"), ("X2", "", "二巡区"),
    ]  # fmt: skip
    assert f'name="date" value="{town.today().isoformat()}"' in text
    assert re.findall(r"<option( selected)?>([\d:-]+)</option>", text) == [
        ("", "08:00-16:00"), (" selected", NIGHT),
    ]  # fmt: skip
    units = partial(re.findall, r'name="units" value="(\w+)" checked')
    assert units(text) == ["U1", "U2"]
    assert 'name="balance" value="true" checked' in text
    assert units(shown(client, area="X1", shift="08:00-16:00")) == ["U3"]
    assert units(shown(client, area="X2", date="2025-07-02", shift="")) == ["U4"]
    assert client.get(TONIGHT, params={"area": "X9"}).status_code == 404
    assert client.get(TONIGHT, params={"date": "30.6.2026"}).status_code == 400


def test_a_press_plans_as_a_job_and_leads_to_its_plan(
    either: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that looks again by itself in the meantime; a second press draws another seed."""
    brief = partial(make_plan, iterations=BRIEF)
    monkeypatch.setattr(analyses, "make_plan", brief)
    client = service(either)
    url = either.engine.url.render_as_string(hide_password=False)
    for _ in range(2):
        job = led(sent(client, "/plans", **CHOSEN, units=["U1", "U2"], balance="true"))
        text = shown(client, **job)
        assert '<meta http-equiv="refresh" content="2">' in text
        assert f"{TONIGHT}/jobs/{job['job']}/dismissal" in text
        task = claim(either.engine, "test")
        assert task is not None
        perform(url, task)
        plan = led(client.get(TONIGHT, params=job))
    text = shown(client, **plan)
    assert "一巡区 2025-07-01 20:00-04:00" in text
    assert "refresh" not in text
    made = plans(either, date=DATE)
    assert {row.area for row in made} == {"X1"}
    assert len({row.seed for row in made}) == 2
    assert {row.state for row in made} == {"proposed"}
    listed = shown(client, **CHOSEN)
    assert len(re.findall(rf"{TONIGHT}\?plan=\d+", listed)) == 2


def test_who_is_not_ticked_is_not_sent_and_somebody_must_be(
    town: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a form leaves out is off; a form without units comes back with what was chosen."""
    client = service(town)
    answer = sent(client, "/plans", **CHOSEN)
    assert answer.status_code == 400
    assert "请至少选一个单位" in answer.text
    assert "一巡区 2025-07-01 20:00-04:00" in answer.text
    seen = []

    def kept(_: Store, __: str, inputs: dict[str, Any]) -> Job:
        seen.append(inputs)
        return Job(id="x")

    monkeypatch.setattr("api.routes.tonight.submit", kept)
    sent(client, "/plans", **CHOSEN, units="U2")
    assert seen == [{**CHOSEN, "units": ["U2"], "seed": None, "balance": False}]


def test_a_job_that_ends_without_a_plan_says_why(town: Store) -> None:
    """Above the form, filled in as it was; a job that was dismissed leads back to it."""
    client = service(town)
    first = led(sent(client, "/plans", **CHOSEN, units="U1"))
    back = led(sent(client, f"/jobs/{first['job']}/dismissal"))
    assert {name: text.replace("%3A", ":") for name, text in back.items()} == CHOSEN
    assert find(town, first["job"]).state == "dismissed"
    assert "已取消" in shown(client, **first)
    second = led(sent(client, "/plans", **CHOSEN, units="U1"))
    task = claim(town.engine, "test")
    assert task is not None
    fail(town.engine, task, "街道不通")
    text = shown(client, **second)
    assert "没有排成：街道不通" in text
    assert 'value="2025-07-01"' in text
    other = submit(town, "post-coverage", {"area": "X1"})
    assert client.get(TONIGHT, params={"job": other.id}).status_code == 404
    assert sent(client, f"/jobs/{other.id}/dismissal").status_code == 404
    assert find(town, other.id).state == "accepted"


def test_a_plan_is_shown_with_its_stops_its_map_and_what_is_left_out(town: Store) -> None:
    """Every stop with its hours; what is left out with its reason; text of data is escaped."""
    late = points_of([(400, 0)], code=["P6"], name=["夜市"], windows=["01:00-02:00"])
    put(town, "must_visit", late, division=DIVISION, line="police")
    kept = planned(town)
    raw = service(town).get(TONIGHT, params={"plan": kept.row.id}).text
    assert "<b>" not in raw
    assert "&lt;b&gt;药店" in raw
    text = unescape(raw)
    assert f'<iframe class="plan-map" src="/patrols/plans/{kept.row.id}/map"' in text
    stops = kept.plan.stops
    for stop in stops[stops["kind"].isin(["point", "segment"])].to_dict("records"):
        day = "" if stop["arrive"].date() == DATE else "次日 "
        assert f"到达 </span>{day}{stop['arrive']:%H:%M}</td>" in text
        assert f'name="due_id" value="{stop["due_id"]}"' in text
    assert "次日 01:" in text
    # A stop is given to another, not to the unit that has it.
    for unit, other in (("U1", "U2"), ("U2", "U1")):
        own = text[text.index(f'id="unit-{unit}"') :].partition("</section>")[0]
        assert set(re.findall(r'<option value="(\w+)"', own)) == {other}
    left_out = text[text.index("没有排入的") : text.index('id="unit-U1"')]
    assert "山上" in left_out
    assert "不在路网上" in left_out
    assert "没有单位具备所需技能" in left_out
    # Nobody can be sent to what lies off every street.
    assert left_out.count('value="give"') == 1
    for label in ("排入", "未排入", "总路程", "总路程至多还可缩短", "均衡的代价"):
        assert f"<dt>{label}</dt>" in text


def test_a_stop_is_dropped_sent_again_and_given_to_another(town: Store) -> None:
    """Each time the plan is checked anew, and the page leads to the unit that is concerned."""
    kept, client = planned(town), service(town)
    number, path = kept.row.id, f"/plans/{kept.row.id}/changes"
    due, unit = due_of(kept, "P1")
    other = "U2" if unit == "U1" else "U1"

    def goes() -> list[str]:
        stops = kept_plan(town, number).plan.stops
        return stops.loc[stops["due_id"] == due, "unit_id"].tolist()

    form = {"due_id": due, "unit_id": unit}
    answer = sent(client, path, **form, version=1, action="drop")
    assert led(answer) == {"plan": f"{number}#unit-{unit}"}
    assert goes() == []
    assert due in shown(client, plan=number).split("各单位路线")[0]
    led(sent(client, path, **form, version=2, action="give"))
    assert goes() == [unit]
    led(sent(client, path, **{**form, "unit_id": other}, version=3, action="give"))
    assert goes() == [other]


def test_what_somebody_changed_meanwhile_is_shown_and_not_overwritten(town: Store) -> None:
    """A page says so above the newest version; a program gets a problem."""
    kept, client = planned(town), service(town)
    due, unit = due_of(kept, "P1")
    path, form = f"/plans/{kept.row.id}", {"due_id": due, "unit_id": unit, "action": "drop"}
    led(sent(client, f"{path}/changes", **form, version=1))
    for late, more in (("changes", form), ("acceptance", {}), ("withdrawal", {})):
        answer = sent(client, f"{path}/{late}", **more, version=1)
        assert (late, answer.status_code) == (late, 409)
        assert "已被他人改过" in answer.text
        assert "最新的一版" in answer.text
        assert 'name="version" value="2"' in answer.text
    answer = client.post(
        f"{TONIGHT}{path}/acceptance", data={"version": 1}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "row_changed")
    assert find_plan(town, kept.row.id).state == "proposed"
    unknown = sent(client, f"{path}/changes", **{**form, "due_id": "point:P77/1@0"}, version=2)
    assert unknown.status_code == 404
    assert sent(client, "/plans/77/acceptance", version=1).status_code == 404


@ONE_ENGINE
def test_broken_rules_stand_first_and_nothing_is_accepted_until_they_are_gone(
    either: Store,
) -> None:
    """Which unit breaks which rule where; the stop is marked; without it the plan is accepted."""
    kept, client = planned(either), service(either)
    path = f"/plans/{kept.row.id}"
    form = {"due_id": "point:P5/1@0", "unit_id": "U1"}
    led(sent(client, f"{path}/changes", **form, version=1, action="give"))
    # No plan that holds every rule serves it: how far this one is from the best has no answer.
    told = (find_plan(either, kept.row.id).plan or {})["summary"]
    assert (told["bound"], told["gap"]) == (None, None)
    text = shown(client, plan=kept.row.id)
    assert "有 1 处不合规则" in text
    assert "U1组，<b>药店</b>：技能不足" in text
    assert len(re.findall(r'<tr class="wrong"><td class="number">\d+</td><td><b>药店', text)) == 1
    assert "<button disabled>确认执行" in text
    answer = sent(client, f"{path}/acceptance", version=2)
    assert answer.status_code == 409
    assert "1 处不合规则，不能采用" in answer.text
    led(sent(client, f"{path}/changes", **form, version=2, action="drop"))
    assert "<button>确认执行" in shown(client, plan=kept.row.id)
    led(sent(client, f"{path}/acceptance", version=3))
    assert find_plan(either, kept.row.id).state == "accepted"


@ONE_ENGINE
def test_who_accepted_it_when_is_told_and_it_is_changed_no_more(either: Store) -> None:
    """No button changes it; another of the same night is not accepted before it is withdrawn."""
    first, second, client = planned(either), planned(either, seed=4), service(either)
    led(sent(client, f"/plans/{first.row.id}/acceptance", version=1))
    text = shown(client, plan=first.row.id)
    assert re.search(r"已确认：\d{4}-\d\d-\d\d \d\d:\d\d，由 local", text)
    for gone in ("/changes", "/acceptance", 'class="change"'):
        assert gone not in text
    assert f"/patrols/plans/{first.row.id}/sheets" in text
    answer = sent(client, f"/plans/{second.row.id}/acceptance", version=1)
    assert answer.status_code == 409
    assert str(first.row.id) in answer.text
    led(sent(client, f"/plans/{first.row.id}/withdrawal", version=2))
    assert "已撤回：" in shown(client, plan=first.row.id)
    assert "/withdrawal" not in shown(client, plan=first.row.id)
    led(sent(client, f"/plans/{second.row.id}/acceptance", version=1))


def test_plans_are_the_polices(town: Store) -> None:
    """A scope of governance is told nothing else; one that only looks has no buttons."""
    kept = planned(town)
    other = service(town.scoped(Scope(DIVISION, frozenset({"governance", "public"}))))
    answer = other.get(TONIGHT)
    assert answer.status_code == 403
    assert "公安条线" in answer.text
    assert "一巡区" not in answer.text
    assert other.get(TONIGHT, params={"plan": kept.row.id}).status_code == 403
    assert sent(other, "/plans", **CHOSEN, units="U1").status_code in (403, 404)
    before = len(views(town).views)
    looker = service(town.scoped(Scope(DIVISION, rights=frozenset())))
    text = shown(looker, plan=kept.row.id)
    assert "只能查看" in text
    assert TONIGHT + "/plans/" not in text
    assert len(views(town).views) > before
    assert "只能查看" in shown(looker, **CHOSEN)
    assert "排计划" not in shown(looker, **CHOSEN)
    assert sent(looker, "/plans", **CHOSEN, units="U1").status_code == 403
    path = f"/plans/{kept.row.id}"
    assert sent(looker, f"{path}/acceptance", version=1).status_code == 403
    assert find_plan(town, kept.row.id).version == 1


def test_a_service_with_nothing_to_plan_with_says_what_to_do(
    client: TestClient, store: Store
) -> None:
    """Each layer that is missing with its template, and where to upload it; all links work."""
    text = client.get(TONIGHT, headers=PAGE).text
    wanted = ["areas", "streets", "units", "must_visit", "segments"]
    assert re.findall(r'href="/templates/(\w+)"', text) == wanted
    for path in ("/imports", *(f"/templates/{kind}" for kind in wanted)):
        assert f'href="{path}"' in text
        assert client.get(path).status_code == 200
    assert "<form" not in text
    fill(store)
    assert re.findall(r'href="/templates/(\w+)"', client.get(TONIGHT, headers=PAGE).text) == [
        "units", "must_visit", "segments",
    ]  # fmt: skip


def test_an_area_without_units_on_duty_says_so(town: Store) -> None:
    """With the way to the template; nothing can be pressed."""
    area = areas_of({"X3": box(9_000, 0, 9_400, 400)}).rename(columns={"area_id": "code"})
    put(town, "areas", area, kind="patrol", division=DIVISION)
    text = shown(service(town), area="X3")
    assert "没有单位当班" in text
    assert 'href="/templates/units"' in text
    assert 'action="/patrols/tonight/plans"' not in text


def test_pages_of_other_sites_press_nothing(town: Store) -> None:
    """As with every form of the service."""
    client = service(town)
    answer = client.post(
        f"{TONIGHT}/plans", data={**CHOSEN, "units": "U1"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert client.get("/jobs", headers={"Accept": "application/json"}).json()["jobs"] == []


def test_the_page_is_there_in_english(town: Store) -> None:
    """Every word but those of the data."""
    kept = planned(town)
    client = service(town, lang="en")
    for text in (shown(client, **CHOSEN), shown(client, plan=kept.row.id)):
        own = re.sub(r"一巡区|二巡区|U\d组|校门|市场|桥头|山上|药店|一段|二段|警务室", "", text)
        assert re.findall("[\u4e00-\u9fff]+", own) == []

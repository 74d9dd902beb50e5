"""A least share for each grid of an area, on both engines: at once, and as a job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from api.jobs import ANALYSES, perform
from data.jobs import result_of
from data.work import claim
from tests.api.stored import put
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from data.store import Store

ASKED = "/proposals/posts?area=V&number=1"


@pytest.fixture
def village(store: Store) -> Store:
    """Store a village of a long and a short street, each in a grid, and a post far off."""
    put(store, "streets", streets_of([line((0, 0), (400, 0)), line((0, 400), (60, 400))]))
    put(store, "posts", points_of([(400, 440)], code=["P1"]))
    put(store, "areas", named(V=box(-10, -50, 410, 450)))
    put(store, "areas", named(G1=box(-10, -50, 410, 50), G2=box(-10, 350, 410, 450)), parent_id="V")
    return store


def named(**polygons: Any) -> Any:  # noqa: ANN401
    """Make areas with their codes."""
    return areas_of(polygons).rename(columns={"area_id": "code"})


def after(answer: Any) -> float:  # noqa: ANN401
    """Return the length that is covered with the proposal."""
    assert answer.status_code == 200, answer.text
    return float(answer.json()["summary"]["covered_length_after_m"])


@pytest.mark.usefixtures("village")
def test_the_share_is_that_of_each_grid_of_the_area(client: TestClient) -> None:
    """One post wins 100 m of the long street; the short one of 60 m has to have some too."""
    assert after(client.get(ASKED)) == pytest.approx(100.0, abs=0.1)
    two = "/proposals/posts?area=V&number=2"
    assert after(client.get(two)) == pytest.approx(200.0, abs=0.1)
    fair = client.get(f"{two}&share=0.2")
    assert after(fair) == pytest.approx(160.0, abs=0.1)
    assert fair.json()["summary"]["least_share"] == 0.2


@pytest.mark.usefixtures("village")
def test_an_area_without_grids_is_its_own(client: TestClient) -> None:
    """Half of the long street is more than one post covers."""
    one = "/proposals/posts?area=G1&number=1"
    assert after(client.get(f"{one}&share=0.25")) == pytest.approx(100.0, abs=0.1)
    refused = client.get(f"{one}&share=0.5")
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("village")
@pytest.mark.parametrize("query", ["share=-0.1", "share=1.1", "share=nan", "share=x"])
def test_shares_that_are_none_are_refused(client: TestClient, query: str) -> None:
    """Outside of 0 to 1."""
    assert client.get(f"{ASKED}&{query}").status_code == 400


@pytest.mark.usefixtures("village")
def test_a_share_does_not_go_with_full(client: TestClient) -> None:
    """Every metre is everybody's; said in words, and before anything is computed."""
    answer = client.get("/proposals/posts?area=V&number=full&share=0.5")
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["message"] == "share 要与新增处数一起使用，不能与 full 一起"
    body = {"inputs": {"area": "V", "number": "full", "share": 0.5}}
    assert client.post("/processes/post-proposal/execution", json=body).status_code == 400


def test_a_job_takes_a_share(village: Store, store_url: str, client: TestClient) -> None:
    """And the process says so; a job from before there were shares is worked on as well."""
    inputs = client.get("/processes/post-proposal").json()["inputs"]
    assert (inputs["share"]["minOccurs"], inputs["share"]["schema"]["maximum"]) == (0, 1)
    body = {"inputs": {"area": "V", "number": 2, "share": 0.2}}
    asked = client.post("/processes/post-proposal/execution", json=body)
    assert asked.status_code == 201, asked.text
    task = claim(village.engine, "worker")
    assert task is not None
    perform(store_url, task)
    result = result_of(village, asked.json()["jobID"])
    assert result is not None
    assert json.loads(result)["summary"]["least_share"] == 0.2
    old = ANALYSES["post-proposal"](village, area="V", number=1, twofold=False, reach_m=50.0)
    assert old.summary["least_share"] == 0.0

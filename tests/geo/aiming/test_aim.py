"""The best option of each group: against every choice, and what must hold of any answer."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.aiming import Aim, aim
from geo.aiming.choices import Choices
from geo.aiming.turns import enter, give_back
from geo.errors import InvalidParameterError
from geo.placement import Search
from tests.geo.aiming.scenes import Scene, scene, scenes, town

HEURISTIC = Search(exact_entries=0)


def of(s: Scene, **options: Any) -> Aim:  # noqa: ANN401
    """Aim in a scene."""
    return aim(*s.arguments(), **(s.options() | options))


@given(scenes())
def test_the_optimum_is_that_of_every_choice(s: Scene) -> None:
    """With and without costs and a limit on changes; and it is proven."""
    found = of(s)
    assert found.objective == pytest.approx(s.best(), rel=1e-9, abs=1e-9)
    assert found.objective == pytest.approx(s.worth(found.chosen), rel=1e-9, abs=1e-9)
    assert found.stopped_by == "optimal"
    assert found.gap == 0.0
    assert found.bound == found.objective


def test_every_choice_is_every_choice() -> None:
    """The yardstick itself, against plain products."""
    for seed in range(20):
        s = scene(seed, 3, 4, 8, paid=seed % 2 == 0, changes=[None, 0, 1, 2][seed % 4])
        limit = 3 if s.changes is None else s.changes
        every = itertools.product(*(np.flatnonzero(s.group == g) for g in range(3)))
        worths = [s.worth(np.array(c)) for c in every if (np.array(c) != s.stay).sum() <= limit]
        assert s.best() == pytest.approx(max(worths))


@given(scenes(), st.sampled_from([0, 30]))
def test_without_the_exact_solver_the_bound_still_bounds(s: Scene, rounds: int) -> None:
    """It is never below the optimum, and the answer never below today."""
    found = of(s, search=Search(exact_entries=0, rounds=rounds))
    best, slack = s.best(), 1e-9 * max(abs(s.best()), 1.0)
    assert found.bound >= best - slack
    assert best >= found.objective - slack
    assert found.objective >= s.worth(s.stay) - slack


@given(scenes())
def test_an_answer_is_one_option_of_each_group_within_the_limit(s: Scene) -> None:
    """And today's is what all stay with."""
    found = of(s)
    assert s.group[found.chosen].tolist() == list(range(len(s.stay)))
    assert found.changed.tolist() == np.flatnonzero(found.chosen != s.stay).tolist()
    assert s.changes is None or len(found.changed) <= s.changes
    assert found.today == pytest.approx(s.worth(s.stay))
    assert found.objective >= found.today
    assert found.covered - s.costs[found.chosen].sum() == pytest.approx(found.objective)


def test_of_neighbours_that_win_the_same_the_middle_one_is_taken() -> None:
    """So that the street lies in the middle of the picture; options are a ring."""
    stay = [[0, 0]]
    for ring, middle in (
        ([0, 1, 1, 1, 1, 1, 0, 0], 4),
        ([1, 1, 0, 0, 0, 0, 0, 1], 1),
        ([1, 0, 0, 0, 0, 1, 1, 1], 7),
        ([0, 0, 1, 0, 0, 0, 0, 0], 3),
    ):
        covers = [*stay, *([one, 0] for one in ring)]
        assert aim(covers, [5.0, 1.0], [0] * 9, [0]).chosen.tolist() == [middle]
        last = [*([one, 0] for one in ring), *stay]
        assert aim(last, [5.0, 1.0], [0] * 9, [8]).chosen.tolist() == [middle - 1]


@given(scenes())
def test_no_change_is_made_that_wins_nothing(s: Scene) -> None:
    """Turning any one back loses."""
    found = of(s)
    for group in found.changed.tolist():
        back = found.chosen.copy()
        back[group] = s.stay[group]
        assert s.worth(back) < found.objective


@given(scenes(), st.sampled_from([2.0, 0.25, 1024.0]))
def test_another_unit_of_weight_changes_no_option(s: Scene, factor: float) -> None:
    """Doubled weights and costs are the same problem."""
    once = of(s)
    twice = aim(
        s.covers, s.weights * factor, s.group, s.stay, costs=s.costs * factor, changes=s.changes
    )
    assert twice.chosen.tolist() == once.chosen.tolist()
    assert (twice.objective, twice.bound) == (once.objective * factor, once.bound * factor)


@given(scenes(), st.sampled_from([0, 30]))
def test_no_single_turn_betters_an_answer(s: Scene, rounds: int) -> None:
    """Without the exact solver either: within the limit, costs paid."""
    found = of(s, search=Search(exact_entries=0, rounds=rounds))
    limit = len(s.stay) if s.changes is None else s.changes
    for option, group in enumerate(s.group.tolist()):
        turned = found.chosen.copy()
        turned[group] = option
        if (turned != s.stay).sum() <= limit:
            assert s.worth(turned) <= found.objective + 1e-6


@pytest.mark.parametrize("paid", [False, True])
def test_random_moves_alone_come_near_the_optimum(paid: bool) -> None:  # noqa: FBT001
    """On small scenes with few changes mostly to it."""
    scenes_ = [
        scene(seed, 6, 8, 12, density=0.15, paid=paid, changes=[None, 2, 3][seed % 3])
        for seed in range(30)
    ]
    met = [of(s, search=HEURISTIC).objective >= s.best() - 1e-9 for s in scenes_]
    assert sum(met) >= 29


def test_random_moves_keep_to_what_is_good() -> None:
    """In towns they end within half a percent of the bound, on average."""
    assert np.mean([of(town(seed=seed), search=HEURISTIC).gap for seed in range(8)]) < 0.005
    for seed in range(4):
        s = town(seed=seed)
        costs = np.where(np.isin(np.arange(len(s.group)), s.stay), 0.0, 100.0)
        assert of(s, costs=costs, search=HEURISTIC).gap < 0.03


def test_few_changes_go_where_they_win_most() -> None:
    """Not to the group that sees most, but to the one that sees most more than by staying."""
    found = [of(town(seed=seed), changes=12, search=HEURISTIC) for seed in range(8)]
    assert np.mean([one.objective for one in found]) > 19_000


def test_a_turn_counts_as_a_change_once() -> None:
    """Turning on is none more, turning back one less."""
    choices = Choices.of(np.eye(4), None, [0, 0, 0, 1], [0, 3], None, None)
    state, chosen = choices.state(), np.array([0, 3])
    counted = [enter(state, choices.groups, chosen, 0, option) for option in (1, 2, 0)]
    assert counted == [1, 0, -1]
    assert state.times.tolist() == [1, 0, 0, 1]


def test_a_change_that_others_made_needless_is_given_back() -> None:
    """Two see the same; the one that turned for it stays."""
    choices = Choices.of([[0, 0], [1, 0], [0, 0], [1, 1]], None, [0, 0, 1, 1], [0, 2], None, None)
    chosen = np.array([1, 3])
    give_back(choices.state(chosen), choices.groups, chosen)
    assert chosen.tolist() == [0, 3]


def test_doubled_weights_change_no_option_of_a_town() -> None:
    """Not in a long search either, with whole weights or others."""
    s = town()
    for weights, changes in itertools.product((s.weights, s.weights / 7.0), (None, 8)):
        once, twice = (
            aim(s.covers, f * weights, s.group, s.stay, changes=changes, search=HEURISTIC)
            for f in (1.0, 2.0)
        )
        assert twice.chosen.tolist() == once.chosen.tolist()
        assert (twice.objective, twice.bound) == (2.0 * once.objective, 2.0 * once.bound)


def test_the_same_seed_gives_the_same_answer() -> None:
    """And another seed another search: the moves are its own."""
    s = town()
    first, again = (of(s, search=HEURISTIC) for _ in range(2))
    assert first.chosen.tolist() == again.chosen.tolist()
    assert (first.bound, first.stopped_by, first.seed) == (again.bound, again.stopped_by, 0)
    few = [Search(seed=seed, rounds=10, exact_entries=0) for seed in range(6)]
    assert len({tuple(of(s, search=search).chosen.tolist()) for search in few}) > 1


def test_each_step_betters_the_last() -> None:
    """To stay, single turns, random moves, the exact solver."""
    s = town(seed=7)
    turns = of(s, search=Search(rounds=0, exact_entries=0))
    moves, exact = of(s, search=HEURISTIC), of(s, search=Search(exact_entries=100_000))
    assert turns.method == "turns"
    assert moves.method == "anneal"
    assert turns.today < turns.objective < moves.objective < exact.objective
    assert exact.stopped_by == "optimal"
    assert (exact.method, exact.bound_method) == ("exact", "exact")
    assert moves.bound >= exact.objective
    assert moves.gap < 0.05
    assert 0.98 * exact.objective <= moves.objective


def test_the_exact_solver_mends_a_poor_answer() -> None:
    """What bound and answer settle before it is asked is settled rightly, however poor."""
    methods = set()
    for seed in range(12):
        s = scene(seed, 6, 8, 12, density=0.12, whole=seed % 3 > 0, paid=seed % 4 == 0,
                  changes=[None, 2, 4][seed % 3])  # fmt: skip
        found = of(s, search=Search(rounds=0))
        methods.add(found.method)
        assert found.stopped_by == "optimal"
        assert found.objective == pytest.approx(s.best(), rel=1e-9)
    assert "exact" in methods


@pytest.mark.parametrize("seed", range(4))
def test_what_is_settled_before_the_exact_solver_counts_in_the_limit(seed: int) -> None:
    """Changes that every better answer makes are changes too."""
    s = town(groups=16, demand=120, seed=seed)
    search = Search(rounds=0, exact_entries=10**6)
    paid = np.where(np.isin(np.arange(len(s.group)), s.stay), 0.0, 25.0)
    for changes, costs in itertools.product((4, 8, 12), (s.costs, paid)):
        found = of(s, changes=changes, costs=costs, search=search)
        assert len(found.changed) <= changes
        assert found.stopped_by == "optimal"


def test_a_larger_limit_is_never_worse() -> None:
    """And with no change all stays."""
    s = town(groups=16, demand=120)
    found = [of(s, changes=n) for n in (0, 1, 3, 6, 16)]
    objective = [one.objective for one in found]
    assert objective == sorted(objective)
    assert objective[0] == found[0].today
    assert (found[0].stopped_by, found[0].bound_method) == ("optimal", "everything")
    assert [len(one.changed) for one in found[:4]] == [0, 1, 3, 6]
    assert of(s).objective == objective[-1]


def test_a_cost_no_change_is_worth_leaves_all_as_it_is() -> None:
    """And a small one leaves out what wins less."""
    s = town(groups=16, demand=120)
    costs = np.where(np.isin(np.arange(len(s.group)), s.stay), 0.0, 1.0)
    dear = of(s, costs=1e6 * costs)
    assert dear.changed.size == 0
    assert dear.stopped_by == "optimal"
    some = of(s, costs=100.0 * costs)
    assert 0 < len(some.changed) < len(of(s).changed)
    assert some.objective == some.covered - 100.0 * len(some.changed)


def test_time_is_an_outer_limit_and_says_so() -> None:
    """What was found by then is given."""
    s = town()
    found = of(s, search=Search(seconds=1e-6))
    assert found.stopped_by == "time"
    assert found.objective >= found.today
    assert found.bound >= found.objective


def test_nothing_to_choose_is_settled_at_once() -> None:
    """No group, no demand, one option each, and options that cover nothing."""
    none = aim(np.zeros((0, 3)), None, np.zeros(0, dtype=int), [])
    assert (none.objective, none.bound, none.gap, none.stopped_by) == (0.0, 0.0, 0.0, "optimal")
    bare = aim(np.zeros((2, 0)), None, [0, 0], [0])
    assert bare.chosen.tolist() == [0]
    single = aim([[1, 0], [1, 1]], [3.0, 4.0], [0, 1], [0, 1])
    assert (single.objective, single.stopped_by) == (7.0, "optimal")
    blind = aim(np.zeros((3, 2)), None, [0, 0, 0], [1])
    assert (blind.chosen.tolist(), blind.stopped_by) == ([1], "optimal")


def test_the_summary_is_ready_for_json() -> None:
    """And an endless gap is none."""
    summary = of(town(groups=4)).summary()
    assert json.loads(json.dumps(summary)) == summary
    assert summary["gap"] == 0.0
    endless = Aim(np.arange(1), np.arange(0), 0.0, 0.0, 0.0, 1.0, "stay", "everything", "time",
                  0.0, 0)  # fmt: skip
    assert endless.summary()["gap"] is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"group": [0, 0, 2]}, "group: 2 at option 2"),
        ({"group": [1, 1, 1]}, "group: 1 at option 0"),
        ({"group": [0, 1, 0]}, "group: 0 at option 2"),
        ({"group": [0, 0]}, "group: int64 of shape"),
        ({"group": [0.0, 0.0, 1.0]}, "group: float64"),
        ({"stay": [0]}, "stay: shape"),
        ({"stay": [0, 1]}, "stay: option 1 is none of group 1"),
        ({"stay": [0, 7]}, "stay: 7 met"),
        ({"costs": [1.0, 0.0, 0.0]}, "costs: to stay costs 1 in group 0"),
        ({"costs": [0.0, -1.0, 0.0]}, "costs: row 1 holds -1.0"),
        ({"weights": [1.0, np.nan]}, "weights: row 1 holds nan"),
        ({"changes": -1}, "changes must be a whole number"),
        ({"changes": 1.5}, "changes must be a whole number"),
        ({"changes": True}, "changes must be a whole number"),
    ],
)
def test_what_is_no_choice_is_refused(changed: dict[str, Any], message: str) -> None:
    """By the name of the argument and the value met."""
    given_: dict[str, Any] = {
        "covers": np.ones((3, 2)), "weights": None, "group": [0, 0, 1], "stay": [0, 2],
    }  # fmt: skip
    with pytest.raises(InvalidParameterError, match=message):
        aim(**(given_ | changed))

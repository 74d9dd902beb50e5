"""Villages divided anew: in one piece, evenly, with little change, and the same for one seed."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.partition import Division, Plan, adjacency, balance, blocks, divide
from geo.partition.improving import improved
from geo.partition.moves import Board, Terms, price, put
from geo.partition.proof import prove
from geo.partition.seeds import adapted, grown, trees
from geo.partition.village import Village
from tests.geo.partition.scenes_divide import cells, hamlet

if TYPE_CHECKING:
    import geopandas as gpd


def links(found: gpd.GeoDataFrame) -> np.ndarray[Any, Any]:
    """Return the neighbours as pairs of positions."""
    return adjacency(found)[["block_a", "block_b"]].to_numpy()


def in_one_piece(members: np.ndarray[Any, Any], pairs: np.ndarray[Any, Any]) -> bool:
    """Walk over edges from one member; all must be met."""
    inside = set(members.tolist())
    met, left = set(), [members[0]]
    while left:
        at = left.pop()
        met.add(at)
        left += [b if a == at else a for a, b in pairs
                 if at in (a, b) and {a, b} <= inside and ({a, b} - {at}) - met]  # fmt: skip
    return met == inside


def assert_plan(plan: Plan, found: gpd.GeoDataFrame, grids: int) -> None:
    """Every block in one grid, every grid in one piece, sums as they were, figures as they are."""
    table = plan.blocks
    assert table["block_id"].tolist() == found["block_id"].tolist()
    assert table["area_id"].notna().all()
    assert len(plan.areas) == grids == table["area_id"].nunique()
    pairs = links(found)
    for _, members in table.groupby("area_id"):
        assert in_one_piece(members.index.to_numpy(), pairs)
    assert (plan.areas.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(plan.areas.geometry.array)
    assert plan.areas.area.sum() == pytest.approx(found.area.sum())
    ground = shapely.union_all(found.geometry.array)
    assert shapely.difference(shapely.union_all(plan.areas.geometry.array), ground).area < 1e-6
    by_grid = found.groupby(table["area_id"].to_numpy())["households"].sum()
    assert plan.areas.set_index("area_id")["households"].to_dict() == by_grid.to_dict()
    load = by_grid / by_grid.mean()
    assert plan.largest_deviation == pytest.approx((load - 1.0).abs().max())
    assert plan.balance.cv == pytest.approx(load.std(ddof=0))
    grid = table["area_id"].to_numpy()
    border = adjacency(found)["border_m"][grid[pairs[:, 0]] != grid[pairs[:, 1]]].sum()
    assert plan.border_length_m == pytest.approx(border)


def assert_changes(plan: Plan, found: gpd.GeoDataFrame) -> None:
    """Add up the change list: it is what moves."""
    table = plan.blocks
    moving = table["current_id"].notna() & (table["area_id"] != table["current_id"])
    assert table["moves"].tolist() == moving.tolist()
    assert plan.changes["blocks"].sum() == moving.sum()
    assert plan.changes["households"].sum() == found["households"][moving].sum()
    assert plan.moved_households == found["households"][moving].sum()
    assert (plan.changes["from_id"] != plan.changes["to_id"]).all()


def figures(plan: Plan) -> tuple[float, float, float]:
    """Return largest deviation, coefficient of variation, largest over smallest."""
    told = plan.balance
    return told.largest_deviation or 0.0, told.cv or 0.0, told.max_min or np.inf


def test_an_unbalanced_toy_village_is_balanced() -> None:
    """Twelve blocks against four: four move, and no more could be saved."""
    found, today = cells("AAAB", "AAAB", "AAAB", "AAAB")
    division = divide(found, 2, current=today)
    assert division.current is not None
    assert figures(division.current) == pytest.approx((0.5, 0.5, 3.0))
    plan = division.plans[0]
    assert_plan(plan, found, 2)
    assert_changes(plan, found)
    assert figures(plan) == pytest.approx((0.0, 0.0, 1.0))
    assert plan.moved_households == 40.0
    assert plan.moved_share == plan.bound == pytest.approx(0.25)
    assert (plan.gap, plan.stopped_by, plan.aim) == (pytest.approx(0.0), "optimal", "least_change")
    assert plan.changes.to_dict("records") == [
        {"from_id": "A", "to_id": "B", "blocks": 4, "households": 40.0, "people": 120.0}
    ]
    assert sorted(plan.areas["area_id"]) == ["A", "B"]


def test_a_balanced_village_stays_as_it_is() -> None:
    """Nothing betters the current plan, so it comes back."""
    found, today = cells("AABB", "AABB")
    division = divide(found, 2, current=today)
    assert [plan.blocks["area_id"].tolist() for plan in division.plans] == [today]
    assert division.plans[0].changes.empty
    assert division.plans[0].moved_households == 0.0
    assert division.plans[0].stopped_by == "optimal"


def test_without_current_grids_they_are_numbered_from_west_to_east() -> None:
    """And nothing counts as moved."""
    found, _ = cells("......", "......")
    division = divide(found, 3)
    assert division.current is None
    plan = division.plans[0]
    assert_plan(plan, found, 3)
    assert plan.areas["area_id"].tolist() == ["1", "2", "3"]
    west = [plan.areas.geometry.iloc[i].centroid.x for i in range(3)]
    assert west == sorted(west)
    assert (plan.moved_households, plan.moved_share, plan.aim) == (None, None, "shortest_borders")
    assert plan.border_length_m == pytest.approx(200.0)


def test_current_grids_may_come_as_polygons() -> None:
    """A block belongs to the grid with most of it."""
    found, today = cells("AAAB", "AAAB", "AAAB", "AAAB")
    grids = found.assign(area_id=today).dissolve("area_id").reset_index()
    grids.geometry = grids.translate(xoff=-20.0)
    given_ids, given_frame = (divide(found, 2, current=c, alternatives=1) for c in (today, grids))
    assert given_frame.current is not None
    assert given_frame.current.blocks["area_id"].tolist() == today
    assert given_frame.plans[0].blocks.equals(given_ids.plans[0].blocks)


@pytest.mark.parametrize("grids", [1, 2, 3, 4, 6])
def test_more_or_fewer_grids_than_now(grids: int) -> None:
    """Whoever is left keeps the code; a new grid says it is new."""
    found, today = cells("AABBCC", "AABBCC", "AABBCC", "AABBCC")
    division = divide(found, grids, current=today)
    for plan in division.plans:
        assert_plan(plan, found, grids)
        assert_changes(plan, found)
    codes = division.plans[0].areas["area_id"].tolist()
    assert len({"A", "B", "C"} & set(codes)) == min(grids, 3)
    assert sum(code.startswith("new-") for code in codes) == max(grids - 3, 0)
    assert division.plans[0].moved_households == {1: 160, 2: 80, 3: 0, 4: 60, 6: 120}[grids]


def test_ground_without_a_grid_is_given_to_one_and_does_not_move() -> None:
    """Nobody leaves a grid there."""
    found, today = cells("AA.B", "AA.B")
    plan = divide(found, 2, current=today).plans[0]
    assert_plan(plan, found, 2)
    assert_changes(plan, found)
    assert plan.moved_households == 0.0
    assert plan.areas["households"].tolist() == [40.0, 40.0]
    assert plan.blocks["current_id"].isna().sum() == 2
    lonely, known = cells(".A.")
    problem = Village.of(lonely, 2, known, None, {"households": 1.0}).problem
    assert problem.whole(adapted(problem))


def test_a_grid_in_pieces_becomes_whole() -> None:
    """A corner joins nothing: the smaller piece goes to a neighbour."""
    found, today = cells("ABBB", "BABB", "AAAB")
    division = divide(found, 2, current=today, tolerance=0.2)
    for plan in division.plans:
        assert_plan(plan, found, 2)


def test_a_choke_point_a_ring_and_a_comb_are_divided_too() -> None:
    """They have few trees that can be cut, and do not make it hang."""
    scenes = {
        2: ["AAA   BBB", "AAAAABBBB", "AAA   BBB"],
        3: ["AAAAA", "B   C", "B   C", "BBCCC"],
        4: ["A B C D", "A B C D", "AABBCCD"],
    }
    for grids, rows in scenes.items():
        found, today = cells(*rows)
        began = time.perf_counter()
        division = divide(found, grids, current=today if grids > 3 else None)
        assert time.perf_counter() - began < 20.0
        for plan in division.plans:
            assert_plan(plan, found, grids)
            assert plan.largest_deviation < 0.5


def test_parts_that_nothing_joins_get_grids_by_their_load() -> None:
    """Two thirds of the homes get two of three grids."""
    found, _ = cells("..  ....", "..  ....")
    division = divide(found, 3)
    assert division.detached == ()
    for plan in division.plans:
        assert_plan(plan, found, 3)
        assert plan.largest_deviation == pytest.approx(0.0)
    with pytest.raises(InvalidParameterError, match=r"2 parts of the village .* 1 grids"):
        divide(found, 1)


def test_an_islet_where_nobody_lives_is_joined_by_the_ruler_and_said_so() -> None:
    """It takes no grid of its own."""
    found, _ = cells("....  .", households=[10, 10, 10, 10, 0])
    division = divide(found, 2)
    assert division.detached == (4,)
    plan = division.plans[0]
    assert plan.areas["households"].tolist() == [20.0, 20.0]
    assert plan.blocks["area_id"].tolist() == ["1", "1", "2", "2", "2"]
    assert set(plan.areas.geom_type) == {"Polygon", "MultiPolygon"}


def test_as_many_grids_as_blocks_and_one_more() -> None:
    """The first is one block each, the second impossible."""
    found, _ = cells("ab", "cd")
    assert divide(found, 4).plans[0].blocks["area_id"].nunique() == 4
    with pytest.raises(InvalidParameterError, match="5 grids of 4 blocks"):
        divide(found, 5)


def test_plans_are_different_and_none_betters_another() -> None:
    """Balance, change and borders pull in three directions."""
    random = np.random.default_rng(4)
    found, today = cells(*["AABBBBCCCC"] * 8, households=random.integers(1, 40, 80))
    division = divide(found, 3, current=today, alternatives=3)
    assert [plan.aim for plan in division.plans][:1] == ["least_change"]
    assert len(division.plans) == 3
    for plan in division.plans:
        assert_plan(plan, found, 3)
        assert_changes(plan, found)
        assert plan.largest_deviation <= 0.05
    told = [(round(p.largest_deviation, 3), p.moved_households, round(p.border_length_m, 6))
            for p in division.plans]  # fmt: skip
    for one, other in itertools.permutations(told, 2):
        assert not all(a <= b for a, b in zip(one, other, strict=True))
    assert [t[1] for t in told] == sorted(t[1] for t in told)
    aims = {plan.aim: plan for plan in division.plans}
    assert aims["best_balance"].largest_deviation < min(t[0] for t in told) + 1e-3
    assert aims["shortest_borders"].border_length_m == pytest.approx(min(t[2] for t in told))


def test_hardly_more_moves_than_must_and_borders_are_hardly_longer_than_they_must() -> None:
    """What a heavy grid has too much must go; four squares have the shortest borders."""
    random = np.random.default_rng(4)
    found, today = cells(*["AABBBBCCCC"] * 8, households=random.integers(1, 40, 80))
    division = divide(found, 3, current=today, alternatives=1)
    assert division.current is not None
    load = division.current.balance.areas["load"]
    too_much = float((load - 1.05).clip(lower=0.0).sum()) / 3
    assert division.plans[0].moved_share is not None
    assert too_much - 1e-9 <= division.plans[0].moved_share <= 1.1 * too_much
    even, _ = cells(*["." * 12] * 12)
    assert divide(even, 4, alternatives=1).plans[0].border_length_m <= 24 * 50.0 + 100.0


def test_a_plan_is_no_less_balanced_than_a_good_current_one() -> None:
    """Not even one with shorter borders that is within the tolerance."""
    random = np.random.default_rng(6)
    found, _ = cells(*["." * 10] * 8, households=random.integers(1, 40, 80))
    best = min(divide(found, 4).plans, key=lambda plan: plan.largest_deviation)
    assert best.largest_deviation < 0.03
    division = divide(found, 4, current=best.blocks["area_id"].tolist(), seed=1)
    assert division.current is not None
    for plan in division.plans:
        for new, old in zip(figures(plan), figures(division.current), strict=True):
            assert new <= old * (1 + 1e-9)


def test_a_tolerance_within_reach_is_kept() -> None:
    """And one that is not is come near to."""
    random = np.random.default_rng(2)
    found, _ = cells(*["." * 12] * 12, households=random.integers(1, 60, 144))
    for tolerance in (0.1, 0.02):
        division = divide(found, 6, tolerance=tolerance, alternatives=1)
        assert division.plans[0].largest_deviation <= tolerance
    lumpy, _ = cells("...", households=[10, 10, 100])
    assert divide(lumpy, 2).plans[0].largest_deviation == pytest.approx(100 / 60 - 1)


def test_loads_may_be_made_of_several_measures() -> None:
    """Households in the west, ground in the east."""
    found, _ = cells("......", households=[50, 50, 50, 1, 1, 1])
    by_home = divide(found, 2).plans[0]
    by_area = divide(found, 2, weights={"area_m2": 1.0}).plans[0]
    assert by_home.areas["blocks"].tolist() != [3, 3]
    assert by_area.areas["blocks"].tolist() == [3, 3]
    assert by_area.balance.weights == {"area_m2": 1.0}
    mixed = divide(found, 2, weights={"area_m2": 1.0, "people": 1.0}).plans[0]
    assert mixed.largest_deviation == pytest.approx(
        balance(mixed.areas, weights={"area_m2": 1.0, "people": 1.0}).largest_deviation or 0.0
    )


@settings(max_examples=6)
@given(st.integers(0, 10_000), st.integers(8, 10), st.integers(6, 8), st.integers(4, 6),
       st.sampled_from(["known", "unknown"]))  # fmt: skip
def test_any_village_is_divided_by_the_rules(
    seed: int, wide: int, high: int, grids: int, today: str
) -> None:
    """In one piece, tiling, never less balanced than given, repeatable."""
    random = np.random.default_rng(seed)
    rows = ["." * wide] * high
    found, _ = cells(*rows, households=random.integers(0, 50, wide * high))
    current = None
    if today == "known":
        start = divide(found, grids, seed=seed, iterations=0, alternatives=1).plans[0]
        current = start.blocks["area_id"].tolist()
    division, again = (
        divide(found, grids, current=current, seed=seed, iterations=20) for _ in range(2)
    )
    for plan, same in zip(division.plans, again.plans, strict=True):
        assert_plan(plan, found, grids)
        assert plan.blocks.equals(same.blocks)
        assert {**plan.summary()} == same.summary()
        if division.current is not None:
            assert_changes(plan, found)
            for new, old in zip(figures(plan), figures(division.current), strict=True):
                assert new <= old * (1 + 1e-9) + 1e-12


def test_another_seed_may_give_another_division() -> None:
    """The seed is used."""
    random = np.random.default_rng(0)
    found, _ = cells(*["." * 15] * 15, households=random.integers(1, 50, 225))
    plans = [divide(found, 7, seed=s, iterations=20, alternatives=1).plans[0] for s in range(3)]
    assert len({tuple(plan.blocks["area_id"]) for plan in plans}) > 1


def test_the_clock_ends_it_with_a_plan() -> None:
    """Even when hardly anything was done, and it says so."""
    found, _ = cells(*["." * 30] * 30)
    divide(found, 5, iterations=1)  # kernels compiled
    began = time.perf_counter()
    division = divide(found, 9, iterations=10**7, time_limit_s=1.0)
    assert time.perf_counter() - began < 4.0
    assert division.stopped_by == "time"
    for plan in division.plans:
        assert_plan(plan, found, 9)
        assert plan.stopped_by == "time"
    assert divide(found, 9, time_limit_s=1e-9).plans


def brute(found: gpd.GeoDataFrame, grids: int) -> list[tuple[int, ...]]:
    """List every division whose grids are in one piece."""
    pairs = links(found)
    every = []
    for labels in itertools.product(range(grids), repeat=len(found)):
        label = np.array(labels)
        whole = all(
            (label == g).any() and in_one_piece(np.flatnonzero(label == g), pairs)
            for g in range(grids)
        )
        if whole:
            every.append(labels)
    return every


@pytest.mark.parametrize("seed", range(2))
def test_small_villages_are_solved_to_the_end(seed: int) -> None:
    """The least that moves within the tolerance, and the best balance, of all divisions."""
    random = np.random.default_rng(seed)
    homes = random.integers(5, 40, 9).astype(float)
    found, today = cells("AAB", "AAB", "CCC", households=homes)
    code = np.array(["ABC".index(letter or "") for letter in today])
    divisions = brute(found, 3)
    load = {d: 3 * np.bincount(d, homes) / homes.sum() for d in divisions}
    far = {d: float(np.abs(load[d] - 1).max()) for d in divisions}
    moved = {d: float(homes[np.array(d) != code].sum()) for d in divisions}
    tolerance = sorted(far.values())[len(far) // 5]
    division = divide(found, 3, current=today, tolerance=tolerance)
    least = next(plan for plan in division.plans if plan.aim == "least_change")
    within = [moved[d] for d in divisions if far[d] <= tolerance + 1e-9]
    assert least.moved_households == pytest.approx(min(within))
    assert least.stopped_by == "optimal"
    assert min(p.largest_deviation for p in division.plans) <= min(far.values()) + 1e-3
    problem = Village.of(found, 3, today, None, {"households": 1.0}).problem
    proof = prove(problem, adapted(problem), limit=None, seed=0, left_s=lambda: 60.0)
    assert proof.bound == pytest.approx(min(far.values()), abs=1e-6)
    assert problem.worth(proof.grid).deviation == pytest.approx(min(far.values()), abs=1e-6)
    assert problem.whole(proof.grid)


def test_the_search_comes_near_what_the_solver_proves() -> None:
    """The moves alone, beside HiGHS with its contiguity cuts."""
    random = np.random.default_rng(5)
    found, today = cells(*["AABC"] * 4, households=random.integers(5, 60, 16))
    problem = Village.of(found, 3, today, None, {"households": 1.0}).problem
    moved = []
    for seed in range(3):
        grid = improved(problem, adapted(problem), "least_change", tolerance=0.06, iterations=300,
                        seed=seed, late=lambda: False)  # fmt: skip
        assert problem.whole(grid)
        assert problem.worth(grid).deviation <= 0.06
        moved.append(problem.worth(grid).moved)
    proof = prove(problem, grid, limit=0.06, seed=0, left_s=lambda: 60.0)
    assert proof.stopped_by == "optimal"
    assert problem.worth(proof.grid).moved == pytest.approx(proof.bound, abs=1e-6)
    assert proof.bound - 1e-6 <= min(moved) <= 1.1 * proof.bound


def test_the_price_of_a_move_is_the_difference_that_it_makes() -> None:
    """Of deviation, change and borders, each reckoned anew."""
    random = np.random.default_rng(3)
    found, today = cells(*["ABC"] * 3, households=random.integers(1, 30, 9))
    problem = Village.of(found, 3, today, None, {"households": 1.0}).problem
    terms = Terms(0.1, 2.0, 3.0, 5.0)
    home = problem.current

    def cost(grid: np.ndarray[Any, Any]) -> float:
        far = np.maximum(0.0, np.abs(np.bincount(grid, problem.load, minlength=3) - 1.0) - 0.1)
        apart = grid[problem.tail] != grid[problem.other]
        return float(
            2.0 * (far + 10.0 * far**2).sum()
            + 3.0 * problem.people[grid != home].sum()
            + 5.0 * problem.border[apart].sum() / 2.0
        )

    for _ in range(20):
        grid = random.integers(0, 3, 9)
        board = Board(
            problem.first, problem.other, problem.border, problem.tail, problem.load,
            problem.people, home, grid.copy(), np.bincount(grid, problem.load, minlength=3),
            np.bincount(grid, minlength=3), np.zeros(9, np.int64), np.zeros(9, np.int64),
            grid.copy(), np.zeros(2),
        )  # fmt: skip
        b, h = random.integers(0, 9), (grid[random.integers(0, 9)] + 1) % 3
        if h == grid[b]:
            continue
        told = price(board, terms, b, h)
        put(board, b, h)
        assert told == pytest.approx(cost(board.grid) - cost(grid))
        assert board.total == pytest.approx(np.bincount(board.grid, problem.load, minlength=3))


def test_beginnings_are_in_one_piece_and_trees_are_balanced() -> None:
    """Grown, adapted and drawn by GerryChain; late, nothing is drawn."""
    random = np.random.default_rng(1)
    found, today = cells(*["ABAACC"] * 6, households=random.integers(1, 9, 36))
    problem = Village.of(found, 4, today, None, {"households": 1.0}).problem
    for grid in (grown(problem, 0), adapted(problem)):
        assert problem.whole(grid)
    drawn = trees(problem, 0.2, 0, lambda: False)
    assert drawn is not None
    assert problem.whole(drawn)
    assert problem.worth(drawn).deviation <= 0.2 + 1e-9
    assert trees(problem, 0.2, 0, lambda: True) is None


def test_buildings_stay_whole_from_streets_to_grids() -> None:
    """The whole way: streets and houses, blocks, grids."""
    scene = hamlet(8, 6, seed=2, street_every=3)
    found = blocks(**scene, most_households=10.0)
    plan = divide(found, 4).plans[0]
    assert_plan(plan, found, 4)
    houses, areas = (np.asarray(f.geometry.array) for f in (scene["buildings"], plan.areas))
    house, area = shapely.STRtree(areas).query(houses, predicate="intersects")
    part = shapely.area(shapely.intersection(houses[house], areas[area]))
    assert (np.minimum(part, shapely.area(houses[house]) - part) < 0.02).all()
    assert plan.areas["households"].sum() == scene["buildings"]["households"].sum()
    assert shapely.union_all(areas).equals_exact(
        shapely.union_all(areas).intersection(scene["village"].geometry.iloc[0]),
        1e-6,
        normalize=True,
    )


def test_the_summary_tells_it_all() -> None:
    """Ready for JSON."""
    found, today = cells("AAB", "AAB")
    division = divide(found, 2, current=today)
    assert isinstance(division, Division)
    told = division.summary()
    assert told["tolerance"] == 0.05
    assert told["current"]["moved_households"] == 0.0
    assert told["plans"][0]["grids"] == 2
    assert told["seed"] == 0
    assert told["detached"] == 0


FOUND, TODAY = cells("AB", "AB")


@pytest.mark.parametrize(
    ("change", "options", "error", "message"),
    [
        ({}, {"grids": 0}, InvalidParameterError, "grids must be a whole number of 1"),
        ({}, {"grids": 1.5}, InvalidParameterError, "got 1.5"),
        ({}, {"tolerance": -0.1}, InvalidParameterError, "tolerance"),
        ({}, {"tolerance": float("nan")}, InvalidParameterError, "tolerance"),
        ({}, {"alternatives": 0}, InvalidParameterError, "alternatives"),
        ({}, {"seed": -1}, InvalidParameterError, "seed"),
        ({}, {"iterations": -1}, InvalidParameterError, "iterations"),
        ({}, {"time_limit_s": 0.0}, InvalidParameterError, "time_limit_s"),
        ({}, {"weights": {"homes": 1}}, InvalidParameterError, "no measure"),
        ({}, {"current": ["A"]}, InvalidParameterError, "1 ids for 4 blocks"),
        ({}, {"neighbours": pd.DataFrame({"block_a": [0], "block_b": [9], "border_m": [1.0]})},
         ColumnError, "neighbours: row 0"),
        ({"households": [1, None, 1, 1]}, {}, ColumnError, "households of row 1 and 0 more"),
        ({"households": 0}, {}, ColumnError, "nothing to balance"),
        ({"block_id": 0}, {}, ColumnError, "row 1 has block_id 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_divided_is_refused(
    change: dict[str, Any], options: dict[str, Any], error: type[Exception], message: str
) -> None:
    """The message names the argument, the value and the next step."""
    with pytest.raises(error, match=message):
        divide(FOUND.assign(**change), **{"grids": 2, **options})


def test_no_blocks_and_no_metres_are_refused() -> None:
    """Before anything is reckoned."""
    with pytest.raises(GeometryError, match="no rows"):
        divide(FOUND.iloc[:0], 1)
    with pytest.raises(CRSError, match="not projected"):
        divide(FOUND.to_crs("EPSG:4326"), 2)

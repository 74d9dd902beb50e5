"""The demo town: what holds for every seed, and the moves it grows by."""

import dataclasses
from itertools import pairwise
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.incident_tables import CLASSES, default_table
from data.town import Town, make_town
from data.town.areas import _plots
from data.town.compounds import make_compound_paths
from data.town.ground import METRIC_CRS, stream
from data.town.names import ordinal, stems
from data.town.plan import Bend
from data.town.roadside import beside
from data.town.routes import Graph
from data.town.splitting import CutStyle, around, split, subdivide
from geo.partition import audit

Arms: TypeAlias = dict[tuple[float, float], list[tuple[float, float]]]

SEEDS = (7, 1, 24)
DIGEST_OF_SEED_7 = "fa5e410dfd47b7cd4fbf4584dbe2285be50937976110348c695e24722361e756"
SQUARE_CUT = CutStyle(clearance_m=10.0, snap_m=5.0, tilt_rad=0.0, bow_share=0.0)
OBLONG = np.array([[0, 0], [200, 0], [200, 100], [0, 100]], float)


@dataclasses.dataclass(frozen=True, eq=False)
class Metric:
    """A town and its layers in metres."""

    town: Town
    layers: dict[str, gpd.GeoDataFrame]

    def __getitem__(self, name: str) -> gpd.GeoDataFrame:
        """Return one layer in metres."""
        return self.layers[name]

    @property
    def due(self) -> gpd.GeoDataFrame:
        """Streets that are neither tunnel nor viaduct."""
        streets = self["streets"]
        return streets[(streets["tunnel"] == "no") & (streets["bridge"] != "viaduct")]

    @property
    def last_year(self) -> gpd.GeoDataFrame:
        """The incidents of the last year."""
        return self["incidents"][self["incidents"]["time"] >= "2025-07-01"]

    @property
    def wangjiang(self) -> gpd.GeoDataFrame:
        """The grids of 望江社区."""
        return self["areas"][self["areas"]["parent_name"] == "望江社区"]


@pytest.fixture(scope="module", params=SEEDS)
def town(request: pytest.FixtureRequest) -> Metric:
    """Towns of several seeds, each generated once."""
    made = make_town(seed=request.param)
    snapped = {}
    for name, layer in made.layers().items():
        metric = layer.to_crs(METRIC_CRS)
        shapes = shapely.transform(metric.geometry.to_numpy(), lambda xy: np.round(xy, 3))
        snapped[name] = metric.set_geometry(shapes, crs=METRIC_CRS)
    return Metric(made, snapped)


@pytest.fixture(scope="module")
def seven() -> Town:
    """Return the town everybody gets who names no seed."""
    return make_town()


def nearest_m(points: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> np.ndarray:
    """Distance of each point to the nearest line."""
    tree = shapely.STRtree(lines.geometry.to_numpy())
    shapes = points.geometry.to_numpy()
    return tree.query_nearest(shapes, return_distance=True, all_matches=False)[1]


def reached(arms: Arms) -> int:
    """How many nodes can be reached from the first one."""
    start = next(iter(arms))
    seen, waiting = {start}, [start]
    while waiting:
        for other in arms[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return len(seen)


def arms_of(streets: gpd.GeoDataFrame, *, forward: bool, backward: bool) -> Arms:
    """Junctions and where each street leads from them, one-way streets kept if asked."""
    arms: Arms = {}
    for line, oneway in zip(streets.geometry, streets["oneway"], strict=True):
        a, b = line.coords[0], line.coords[-1]
        arms.setdefault(a, [])
        arms.setdefault(b, [])
        if forward or oneway != "-1":
            arms[a].append(b)
        if backward or oneway != "yes":
            arms[b].append(a)
    return arms


# The promise of the seed


def test_the_seven_town_is_the_same_on_every_supported_version(seven: Town) -> None:
    """Change this digest only together with the generator."""
    assert seven.content_hash() == DIGEST_OF_SEED_7


def test_the_same_seed_gives_the_same_town_and_another_seed_another(seven: Town) -> None:
    """Nothing but the seed decides."""
    again = make_town(seed=7)
    assert again.content_hash() == seven.content_hash()
    assert make_town(seed=8).content_hash() != seven.content_hash()


def test_the_hash_ignores_the_order_of_rows(seven: Town) -> None:
    """A store may hand rows back in any order."""
    turned = dataclasses.replace(seven, posts=seven.posts.iloc[::-1])
    assert turned.content_hash() == seven.content_hash()


@pytest.mark.parametrize(("moved_m", "same"), [(0.0001, True), (0.004, False)])
def test_the_hash_sees_a_millimetre_and_no_less(
    seven: Town,
    moved_m: float,
    same: bool,  # noqa: FBT001
) -> None:
    """Less is the noise of a trip through degrees."""
    metric = seven.posts.to_crs(METRIC_CRS)
    moved = metric.set_geometry(metric.geometry.translate(moved_m, 0)).to_crs(seven.posts.crs)
    changed = dataclasses.replace(seven, posts=moved)
    assert (changed.content_hash() == seven.content_hash()) is same


def test_the_hash_sees_a_changed_cell(seven: Town) -> None:
    """A missing status and a working camera are not the same."""
    cameras = seven.cameras.assign(online=seven.cameras["online"].fillna(value=True))
    assert dataclasses.replace(seven, cameras=cameras).content_hash() != seven.content_hash()


def test_a_negative_seed_is_refused_by_name() -> None:
    """Negative numbers seed nothing."""
    with pytest.raises(ValueError, match=r"seed: .* got -1"):
        make_town(seed=-1)


# Every town


def test_layers_are_stored_in_degrees_and_numbered_from_zero(town: Metric) -> None:
    """Multipart shapes and gaps in the index would surprise every reader."""
    layers = town.town.layers()
    names = [field.name for field in dataclasses.fields(Town)]
    assert list(layers) == [name for name in names if name != "units"]
    for layer in layers.values():
        assert layer.crs.to_epsg() == 4326
        assert isinstance(layer.index, pd.RangeIndex)
        assert layer.geometry.is_valid.all()
        assert not layer.geometry.is_empty.any()
        assert set(layer.geometry.geom_type) <= {"Point", "LineString", "Polygon"}


def test_ids_are_unique(town: Metric) -> None:
    """Rows are joined back by these."""
    for layer, column in {
        "streets": "street_id",
        "buildings": "building_id",
        "key_sites": "site_id",
        "areas": "area_id",
        "posts": "post_id",
        "cameras": "camera_id",
        "incidents": "incident_id",
        "routes": "route_id",
        "must_visit": "point_id",
        "patrol_areas": "area_id",
        "segments": "segment_id",
        "standby": "place_id",
        "stations": "station_id",
        "duty_units": "unit_id",
    }.items():
        assert town[layer][column].is_unique, layer


def test_the_town_is_as_large_as_promised(town: Metric) -> None:
    """The figures in the docstring of `make_town`."""
    assert 50_000 < town.due.length.sum() < 65_000
    assert 1_250 <= len(town["buildings"]) <= 1_350
    assert len(town["posts"]) == 466
    assert len(town["cameras"]) == 260
    assert len(town.last_year) == 1_200
    assert len(town["incidents"]) == 2_460
    assert len(town["routes"]) == 4
    west, south, east, north = town["areas"].total_bounds
    assert 2_300 < east - west < 2_900
    assert 1_900 < north - south < 2_500


def test_exactly_two_bridges_cross_the_river(town: Metric) -> None:
    """Everything that needs the other bank has to go over one of them."""
    streets = town["streets"]
    river = town["water"].geometry.iloc[0]
    crossing = streets[streets.intersects(river)]
    assert set(crossing["name"]) == {"听涛大桥", "柳渡桥"}
    assert (crossing["bridge"] == "yes").all()
    assert (crossing["layer"] == 1).all()
    assert len(streets[streets["bridge"] == "yes"]) == 2


def test_the_river_is_eighty_to_120_m_wide(town: Metric) -> None:
    """Measured across at nine places: half of it is 40 to 60 m."""
    river = town["water"].geometry.iloc[0]
    west, _, east, _ = river.bounds
    assert 80 < river.area / (river.length / 2 - 104) < 120
    for x in np.linspace(west + 150, east - 150, 9):
        across = shapely.LineString([(x, river.bounds[1] - 9), (x, river.bounds[3] + 9)])
        middle = across.intersection(river).interpolate(0.5, normalized=True)
        assert 40 < middle.distance(river.exterior) < 60


def test_the_embankments_keep_to_the_water(town: Metric) -> None:
    """About 25 m from the edge of the water all along, whatever the river does."""
    level = town["streets"][town["streets"]["name"].str.startswith("滨江")]
    river = town["water"].geometry.iloc[0]
    away_m = shapely.distance(shapely.points(shapely.get_coordinates(level.geometry)), river)
    assert away_m.min() > 18
    assert away_m.max() < 32


def test_a_tunnel_and_a_viaduct_are_not_due(town: Metric) -> None:
    """So that the excluded length is never zero."""
    streets = town["streets"]
    tunnel = streets[streets["tunnel"] == "yes"]
    viaduct = streets[streets["bridge"] == "viaduct"]
    hill = town["green"].set_index("kind").geometry["hill"]
    assert tunnel["layer"].eq(-1).all()
    assert tunnel.length.sum() > 200
    assert tunnel.intersection(hill).length.sum() > 0.7 * tunnel.length.sum()
    assert viaduct["layer"].eq(2).all()
    assert viaduct["class"].eq("trunk").all()
    assert viaduct.length.sum() > 1_000


def test_streets_of_one_level_meet_only_at_their_ends(town: Metric) -> None:
    """Each row is one piece between junctions."""
    level = town["streets"][town["streets"]["layer"] < 2]
    lines = level.geometry.to_numpy()
    first, second = shapely.STRtree(lines).query(lines, "intersects")
    met = shapely.intersection(lines[first], lines[second])[first < second]
    corners, pair = shapely.get_coordinates(met, return_index=True)
    assert shapely.get_dimensions(met).max() == 0
    rows = first[first < second][pair]
    ends = np.stack(
        [shapely.get_coordinates(shapely.get_point(lines[rows], end)) for end in (0, -1)]
    )
    assert (np.abs(ends - corners).max(axis=2).min(axis=0) < 2e-3).all()


def test_every_street_on_the_ground_is_reached_from_every_other(town: Metric) -> None:
    """The viaduct alone has no junction in town."""
    level = town["streets"][town["streets"]["class"] != "trunk"]
    arms = arms_of(level, forward=True, backward=True)
    assert reached(arms) == len(arms)


def test_one_way_streets_shut_nobody_in(town: Metric) -> None:
    """Every junction can be driven to and away from."""
    level = town["streets"][town["streets"]["class"] != "trunk"]
    assert level["oneway"].isin(["yes", "-1"]).sum() > 5
    there = arms_of(level, forward=False, backward=False)
    back: Arms = {node: [] for node in there}
    for node, others in there.items():
        for other in others:
            back[other].append(node)
    assert reached(there) == len(there)
    assert reached(back) == len(there)


def test_lanes_are_narrow_and_often_blind(town: Metric) -> None:
    """But not all of them are blind."""
    lanes = town["streets"][town["streets"]["name"].str.endswith("巷")]
    assert lanes["width_m"].between(1.0, 4.0).all()
    assert set(lanes["class"]) == {"living_street", "service"}
    ends = pd.Series(
        [line.coords[i] for line in town["streets"].geometry for i in (0, -1)]
    ).value_counts()
    blind = [ends[line.coords[-1]] == 1 for line in lanes.geometry]
    assert 10 < sum(blind) < len(lanes)


def test_buildings_touch_neither_each_other_nor_streets_nor_water(town: Metric) -> None:
    """A camera in a wall would see nothing."""
    shapes = town["buildings"].geometry.to_numpy()
    pairs = shapely.STRtree(shapes).query(shapes, "dwithin", 1.0)
    assert (pairs[0] == pairs[1]).all()
    above = town["streets"][town["streets"]["tunnel"] == "no"]
    roads = shapely.buffer(above.geometry.to_numpy(), above["width_m"].to_numpy() / 2)
    assert shapely.STRtree(shapes).query(roads, "intersects").size == 0
    assert not town["buildings"].intersects(town["water"].union_all()).any()
    assert town["buildings"].within(town["areas"].union_all().buffer(0.6)).all()


def test_buildings_have_heights_and_only_public_ones_names(town: Metric) -> None:
    """Homes have no name on the map."""
    buildings = town["buildings"]
    assert buildings["height_m"].between(3, 100).all()
    named = buildings[buildings["name"].notna()]
    assert set(named["kind"]) == {"school", "market", "hospital", "bus_station"}
    assert set(named["name"]) < set(town["key_sites"]["name"])
    assert len(named) == 9


def test_grids_audit_clean(town: Metric) -> None:
    """All of them, and the twelve of one community within the ground that they fill."""
    assert len(audit(town["areas"]).defects) == 0
    twelve = town.wangjiang
    community = twelve.dissolve()[["geometry"]].assign(area_id=twelve["parent_id"].iloc[0])
    found = audit(twelve, community)
    assert (found.areas, len(found.defects)) == (12, 0)


def test_grids_tile_the_town(town: Metric) -> None:
    """No gap, no overlap, no hole, each grid in one piece."""
    grids = town["areas"].geometry.to_numpy()
    assert shapely.coverage_is_valid(town.town.areas.geometry.to_numpy())
    assert set(shapely.get_type_id(grids)) == {shapely.GeometryType.POLYGON}
    whole = shapely.union_all(grids)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.area == pytest.approx(shapely.area(grids).sum())


def test_borders_between_grids_follow_streets_or_the_river(town: Metric) -> None:
    """A grid of squares would not."""
    grids = town["areas"].geometry.to_numpy()
    first, second = shapely.STRtree(grids).query(grids, "intersects")
    borders = shapely.intersection(grids[first], grids[second])[first < second]
    banks = town["streets"][town["streets"]["name"].str.startswith("滨江")]
    river = shapely.union_all([town["water"].geometry.iloc[0], *banks.geometry.buffer(30)])
    inland = shapely.difference(borders, river)
    away = shapely.difference(inland, shapely.buffer(town.due.union_all(), 0.05))
    tunnel = town["streets"][town["streets"]["tunnel"] == "yes"].union_all()
    away = shapely.difference(away, shapely.buffer(tunnel, 0.05))
    assert shapely.length(away).sum() < 1.0
    assert shapely.length(inland).sum() > 10_000


def test_no_grid_lies_on_both_banks(town: Metric) -> None:
    """Slivers at the ends of the river do not count."""
    for grid in town["areas"].difference(town["water"].geometry.iloc[0]):
        assert (shapely.area(shapely.get_parts(grid)) > 1.0).sum() == 1


def test_grid_codes_hang_under_their_community_in_reading_order(town: Metric) -> None:
    """Twelve digits of the community and three of the grid."""
    areas = town["areas"]
    assert areas["area_id"].str.fullmatch(r"610999001\d{6}").all()
    assert (areas["area_id"].str[:12] == areas["parent_id"]).all()
    assert areas["parent_id"].nunique() == areas["parent_name"].nunique() == 6
    for _, community in areas.groupby("parent_id"):
        numbers = community["area_id"].str[12:].astype(int)
        assert numbers.tolist() == list(range(1, len(community) + 1))
        assert 6 <= len(community) <= 12
        north = community.centroid.y
        assert north.iloc[0] > north.mean() > north.iloc[-1]
        assert (
            community["name"] == community["parent_name"] + "第" + numbers.astype(str) + "网格"
        ).all()


def test_wangjiang_has_the_counts_of_the_report(town: Metric) -> None:
    """12 grids, 3,580 households, 12,696 people, 33 cameras."""
    grids = town.wangjiang
    assert len(grids) == 12
    assert grids["households"].sum() == 3_580
    assert grids["people"].sum() == 12_696
    assert town["cameras"].within(grids.union_all()).sum() == 33
    assert town["areas"]["households"].between(200, 520).all()
    assert set(town["areas"]["risk"]) == {"high", "medium", "low"}


def test_posts_stand_at_due_streets(town: Metric) -> None:
    """At the kerb, and never in the tunnel."""
    assert nearest_m(town["posts"], town.due).max() <= 5.01
    assert town["posts"]["kind"].isin(["fixed", "mobile"]).all()
    assert town["posts"]["hours"].str.fullmatch(r"\d\d:00-\d\d:00|06:30-22:30").all()
    assert town["posts"]["name"].is_unique


def test_posts_are_staffed_and_have_work_but_for_a_few(town: Metric) -> None:
    """The figures of the report: 466 posts, 500 people and more, 3,000 tasks, 230 hazards."""
    posts = town["posts"]
    assert (posts["mobility"] == posts["kind"]).all()
    assert posts["staff"].sum() == 512
    assert set(posts["staff"]) == {0, 1, 2}
    empty = posts["staff"] == 0
    assert empty.sum() == 3
    assert posts["tasks"].sum() == 3_000
    idle = posts["tasks"] == 0
    assert idle[empty].all()
    assert 15 <= idle.sum() <= 25
    assert posts["tasks"].max() < 40
    assert posts["hazards"].sum() == 230
    assert not posts["hazards"][idle].any()


def test_households_of_buildings_add_up_to_those_of_their_grids(town: Metric) -> None:
    """In houses; above shops and in public quarters only where a grid has no house."""
    buildings, areas = town["buildings"], town["areas"]
    _, grid = shapely.STRtree(areas.geometry.to_numpy()).query_nearest(
        shapely.point_on_surface(buildings.geometry.to_numpy()), all_matches=False
    )
    sums = buildings["households"].groupby(grid).sum()
    assert sums.reindex(range(len(areas))).tolist() == areas["households"].tolist()
    houses = buildings["kind"].isin(["apartment", "house", "shophouse"])
    housed = set(grid[houses])
    elsewhere = (buildings["households"] > 0) & ~houses
    assert not housed & set(grid[elsewhere])
    assert (buildings["households"][houses] > 0).mean() > 0.98
    assert buildings["households"].max() < 400


def test_posts_cover_most_streets_and_far_from_all(town: Metric) -> None:
    """50 m as the crow flies: gaps must be left to find."""
    seen = shapely.union_all(shapely.buffer(town["posts"].geometry.to_numpy(), 50.0))
    share = town.due.intersection(seen).length.sum() / town.due.length.sum()
    assert 0.6 < share < 0.8


def test_some_posts_are_crowded_and_some_lanes_have_none(town: Metric) -> None:
    """Both are findings that an audit should make."""
    posts = town["posts"].geometry.to_numpy()
    first, second = shapely.STRtree(posts).query(posts, "dwithin", 31.0)
    assert 9 <= (first < second).sum() < 80
    lanes = town["streets"][town["streets"]["name"].str.endswith("巷")].dissolve("name")
    watched = lanes.intersects(shapely.union_all(shapely.buffer(posts, 5.1)))
    assert 0.2 < watched.mean() < 0.9


def test_posts_are_denser_in_the_heart_than_at_the_edge(town: Metric) -> None:
    """Per metre of due street."""
    market = town["key_sites"].set_index("name").geometry["柳渡农贸市场"]
    heart = market.buffer(500)
    edge = town["areas"].union_all().difference(market.buffer(1_000))
    per_m = [
        town["posts"].within(part).sum() / town.due.intersection(part).length.sum()
        for part in (heart, edge)
    ]
    assert per_m[0] > 1.4 * per_m[1]


def test_no_community_is_without_posts(town: Metric) -> None:
    """Thin is not empty: the arterials of the edge have theirs."""
    for _, community in town["areas"].groupby("parent_id"):
        assert town["posts"].within(community.union_all()).sum() >= 15
    arterials = town.due[town.due["class"].isin(["primary", "secondary"])]
    names = arterials.dissolve("name").geometry
    names = names[names.length > 500]
    watched = names.intersects(shapely.union_all(town["posts"].buffer(5.1).to_numpy()))
    assert watched.mean() > 0.75


def test_camera_numbers_are_shaped_like_the_standard(town: Metric) -> None:
    """Text of 20 digits; type 132 is a network camera, 122 a panoramic one."""
    cameras = town["cameras"]
    assert cameras["camera_id"].str.fullmatch(r"61099900\d\d(132|122)0\d{6}").all()
    assert set(cameras["kind"]) == {"fixed_bullet", "fixed_dome", "ptz_dome", "panoramic"}
    assert cameras["name"].is_unique


def test_cameras_hang_beside_streets_outside_buildings(town: Metric) -> None:
    """On a pole 2 to 5 m from the middle of the street."""
    away_m = nearest_m(town["cameras"], town.due)
    assert away_m.max() <= 5.01
    assert np.quantile(away_m, 0.05) >= 1.9
    walls = shapely.STRtree(town["buildings"].geometry.to_numpy())
    assert walls.query(town["cameras"].geometry.to_numpy(), "dwithin", 0.5).size == 0


def test_cameras_look_along_their_street(town: Metric) -> None:
    """What is 15 m ahead of the lens is still street, but for a bend."""
    aimed = town["cameras"][town["cameras"]["azimuth_deg"].notna()]
    radians = np.radians(aimed["azimuth_deg"].to_numpy())
    ahead = np.column_stack([np.sin(radians), np.cos(radians)])
    at = shapely.get_coordinates(aimed.geometry)
    views = shapely.linestrings(np.stack([at, at + 15 * ahead], axis=1))
    tree = shapely.STRtree(town.due.geometry.to_numpy())
    ends = shapely.get_point(views, -1)
    end_away_m = tree.query_nearest(ends, return_distance=True, all_matches=False)[1]
    assert np.mean(end_away_m < 9.0) > 0.95
    assert aimed["azimuth_deg"].between(0, 359.999).all()


def test_some_camera_records_have_holes(town: Metric) -> None:
    """Missing values are part of the demo, and stay a minority."""
    cameras = town["cameras"]
    round_view = cameras["kind"] == "panoramic"
    assert cameras.loc[round_view, "azimuth_deg"].isna().all()
    assert cameras.loc[round_view, "fov_deg"].eq(360).all()
    assert 0 < cameras.loc[~round_view, "azimuth_deg"].isna().sum() < 25
    assert 3 <= cameras["range_m"].isna().sum() < 35
    assert cameras["online"].dtype == "boolean"
    assert 5 <= (~cameras["online"]).sum() <= 32
    assert 0 < cameras["online"].isna().sum() <= 15


def test_key_sites_have_their_gate_on_a_street(town: Metric) -> None:
    """And not far from the building of that name."""
    sites = town["key_sites"]
    assert nearest_m(sites, town.due).max() < 0.01
    assert set(sites["kind"]) == {"school", "market", "hospital", "bus_station", "square", "park"}
    named = town["buildings"].dropna(subset="name").set_index("name").geometry
    for name, gate in zip(sites["name"], sites.geometry, strict=True):
        if name in named.index:
            assert gate.distance(named[name]) < 260


def test_incidents_fill_two_years_and_lie_beside_streets(town: Metric) -> None:
    """To the last day of June 2026, old ones mostly closed."""
    incidents = town["incidents"]
    assert nearest_m(incidents, town["streets"]).max() < 12.01
    times = pd.to_datetime(incidents["time"], format="%Y-%m-%dT%H:%M:%S")
    assert times.is_monotonic_increasing
    assert times.min() >= pd.Timestamp("2024-07-01")
    assert times.max() < pd.Timestamp("2026-07-01")
    assert times.dt.to_period("M").nunique() == 24
    assert set(incidents["kind"]) == {"event", "dispute", "hazard", "police_call", "case"}
    assert set(incidents["state"]) == {"open", "handling", "closed"}
    early = times < pd.Timestamp("2026-03-01")
    closed = incidents["state"] == "closed"
    assert closed[early].mean() > 0.9 > closed[~early].mean()


def test_incidents_cluster_around_the_markets(town: Metric) -> None:
    """More than four times what their land would get by chance."""
    markets = town["key_sites"][town["key_sites"]["kind"] == "market"].union_all()
    area_share = markets.buffer(150).area / town["areas"].union_all().area
    assert town["incidents"].within(markets.buffer(150)).mean() > 4 * area_share


def test_the_markets_saw_more_in_the_last_eight_weeks(town: Metric) -> None:
    """For a comparison of periods to find: about twice as much a week."""
    markets = town["key_sites"][town["key_sites"]["kind"] == "market"].union_all()
    there = town.last_year[town.last_year.within(markets.buffer(150))]
    late = there["time"] >= "2026-05-06"
    assert 1.25 < (late.sum() / 56) / ((~late).sum() / 309) < 2.5


def test_burglaries_come_in_pairs(town: Metric) -> None:
    """For a near-repeat test to find: within a week and 200 m, far above chance."""
    burglaries = town.last_year[town.last_year["class"] == "burglary"]
    days = pd.to_datetime(burglaries["time"]).to_numpy().astype("datetime64[s]").astype(float)
    days /= 86_400
    at = shapely.get_coordinates(burglaries.geometry)
    near = np.hypot(*(at[:, np.newaxis] - at).transpose(2, 0, 1)) < 200
    soon = np.abs(days[:, np.newaxis] - days) < 7.1
    pairs = (near & soon).sum() - len(days)
    by_chance = (near.sum() - len(days)) * 14.2 / 365
    assert pairs > 1.5 * by_chance + 10


def test_bars_are_noisy_at_night(town: Metric) -> None:
    """Hours past midnight wrap round to the morning."""
    noise = town["incidents"][town["incidents"]["class"] == "noise"]
    hour = noise["time"].str[11:13].astype(int)
    assert ((hour >= 19) | (hour < 3)).mean() > 0.85


def test_routes_keep_to_streets_and_pass_their_points_in_order(town: Metric) -> None:
    """A route is closed and its points are among its vertices."""
    streets = shapely.buffer(town.due.union_all(), 0.02)
    for _, route in town["routes"].iterrows():
        assert route.geometry.is_closed
        assert route.geometry.difference(streets).length < 0.1
        points = town["must_visit"][town["must_visit"]["route_id"] == route["route_id"]]
        assert points["seq"].tolist() == list(range(1, len(points) + 1))
        assert points["dwell_min"].between(3, 15).all()
        vertices = list(route.geometry.coords)
        place = 0
        for point in points.geometry:
            place = vertices.index(point.coords[0], place)


def test_the_car_stays_on_roads_follows_arrows_and_uses_both_bridges(town: Metric) -> None:
    """Walkers may go against the arrow, drivers may not."""
    car = town["routes"].set_index("mode").geometry["car"]
    on = town.due[town.due.intersection(car.buffer(0.02)).length > 5]
    used = on[on.within(car.buffer(0.02))]
    assert not used["class"].isin(["living_street", "service"]).any()
    assert {"听涛大桥", "柳渡桥"} <= set(used["name"])
    legs = set(pairwise(car.coords))
    for line in used[used["oneway"] == "yes"].geometry:
        assert set(pairwise(line.coords)) <= legs
    for line in used[used["oneway"] == "-1"].geometry:
        assert set(pairwise(line.coords[::-1])) <= legs


# The moves


def test_a_square_cut_halves_an_oblong_across_its_long_side() -> None:
    """No tilt and no bow: straight from side to side."""
    cut = split(OBLONG, rng=stream(1, 0), mouths=[], style=SQUARE_CUT)
    assert cut is not None
    areas = [shapely.Polygon(part).area for part in cut.parts]
    assert sum(areas) == pytest.approx(20_000)
    assert min(areas) > 7_000
    assert np.ptp(cut.chord[:, 0]) == pytest.approx(0)
    assert sorted(cut.chord[[0, -1], 1]) == pytest.approx([0, 100])


def test_a_cut_meets_the_mouth_across_the_street() -> None:
    """With a mouth every four metres one is always near enough."""
    mouths = [np.array([100.0 + shift, 0.0]) for shift in range(-28, 29, 4)]
    cut = split(OBLONG, rng=stream(1, 0), mouths=mouths, style=SQUARE_CUT)
    assert cut is not None
    bottom = cut.chord[np.argmin(cut.chord[:, 1])]
    assert any((bottom == mouth).all() for mouth in mouths)


def test_a_block_too_tight_for_a_cut_is_left_whole() -> None:
    """There is no place 150 m from every corner."""
    style = dataclasses.replace(SQUARE_CUT, clearance_m=150.0)
    assert split(OBLONG, rng=stream(1, 0), mouths=[], style=style) is None


@given(st.integers(0, 2**32))
def test_no_cut_leaves_its_block(seed: int) -> None:
    """A wall juts into the middle of this one, and bowed cuts have to miss it."""
    notch = np.array([[96, 0], [96, 55], [99, 55], [99, 0]], float)
    ring = np.vstack([OBLONG[:1], notch, OBLONG[1:]])
    style = CutStyle(clearance_m=1.0, snap_m=1.0, tilt_rad=0.3, bow_share=0.12)
    cut = split(ring, rng=stream(seed, 0), mouths=[], style=style)
    if cut is not None:
        assert shapely.Polygon(ring).buffer(1e-6).covers(shapely.LineString(cut.chord))


@given(st.integers(0, 2**32))
def test_cuts_keep_clear_of_corners_and_meet_streets_steeply(seed: int) -> None:
    """In a wedge: 85 m from corners and 52 degrees, at both ends."""
    ring = np.array([[0, 0], [240, 30], [220, 120], [10, 90]], float)
    style = CutStyle(clearance_m=85.0, snap_m=1.0, tilt_rad=0.5, bow_share=0.1)
    cut = split(ring, rng=stream(seed, 0), mouths=[], style=style)
    if cut is not None:
        for end, inner in ((0, 1), (-1, -2)):
            at = cut.chord[end]
            assert np.hypot(*(ring - at).T).min() >= 85.0
            sides = np.roll(ring, -1, axis=0) - ring
            lines = shapely.linestrings(np.stack([ring, ring + sides], axis=1))
            side = sides[np.argmin(shapely.distance(lines, shapely.Point(at)))]
            leg = cut.chord[inner] - at
            cosine = abs(side @ leg) / np.hypot(*side) / np.hypot(*leg)
            assert cosine <= np.cos(np.radians(52)) + 1e-9


@given(st.integers(0, 2**32), st.floats(800, 9_000), st.floats(0.0, 0.9))
def test_subdividing_loses_no_land(seed: int, target_m2: float, bow_share: float) -> None:
    """Each cut makes one part more, and the parts do not overlap."""
    style = CutStyle(clearance_m=8.0, snap_m=4.0, tilt_rad=0.2, bow_share=bow_share)
    parts, chords = subdivide(
        OBLONG, rng=stream(seed, 0), mouths=[], style=style, target_m2=target_m2
    )
    polygons = shapely.polygons([shapely.LinearRing(part) for part in parts])
    assert len(parts) == len(chords) + 1
    assert shapely.is_valid(polygons).all()
    assert shapely.area(polygons).sum() == pytest.approx(20_000)
    assert shapely.union_all(polygons).area == pytest.approx(20_000)


def test_the_frame_of_a_turned_oblong_has_its_length_and_width() -> None:
    """Turned by the angle of a 3-4-5 triangle."""
    turn = np.array([[0.8, 0.6], [-0.6, 0.8]])
    frame = around(OBLONG @ turn + 5.0)
    assert (frame.length_m, frame.width_m) == pytest.approx((200, 100))
    assert frame.along == pytest.approx([0.8, 0.6])
    assert frame.middle == pytest.approx(np.array([100, 50]) @ turn + 5.0)


@given(st.tuples(*[st.floats(-0.5, 0.5)] * 4))
def test_the_bend_folds_nowhere(phases: tuple[float, ...]) -> None:
    """Land keeps at least half its area and never turns over."""
    step = 25.0
    u, v = np.meshgrid(np.arange(-1_350, 1_351, step), np.arange(-1_150, 1_151, step))
    bent = Bend(phases)(np.column_stack([u.ravel(), v.ravel()])).reshape(*u.shape, 2)
    east, north = np.diff(bent, axis=1)[:-1], np.diff(bent, axis=0)[:, :-1]
    stretch = east[..., 0] * north[..., 1] - east[..., 1] * north[..., 0]
    assert (stretch / step**2).min() > 0.5


def test_strips_of_river_join_their_bank_and_banks_are_no_neighbours() -> None:
    """Two plots and the strip before each: a grid must not swim."""
    land = gpd.GeoDataFrame(
        {"use": ["old", "river", "river", "new"], "bank": [1, 1, -1, -1]},
        geometry=[shapely.box(0, low, 100, low + 50) for low in (150, 100, 50, 0)],
        crs=METRIC_CRS,
    )
    plots = _plots(land)
    assert [shape.bounds for shape in plots.shapes] == [(0, 100, 100, 200), (0, 0, 100, 100)]
    assert plots.uses.tolist() == ["old", "new"]
    assert plots.extents_m2.tolist() == [5_000, 5_000]
    assert plots.neighbours == [[], []]
    plots = _plots(land.assign(bank=1, use=["old", "river", "river", "new"]))
    assert plots.neighbours == [[1], [0]]


def test_beside_is_to_the_right_and_heads_along_the_line() -> None:
    """Eastward the right hand is south, and the left north."""
    east = np.array([shapely.LineString([(0, 0), (100, 0)])] * 2)
    spots = beside(east, np.array([30.0, 40.0]), np.array([3.0, -4.0]))
    assert spots.points.tolist() == [[30, -3], [40, 4]]
    assert spots.headings_deg.tolist() == [90, 90]


def crossroads() -> gpd.GeoDataFrame:
    """Return a block, its south side one-way, with a lane across and a long way round."""
    rows = [
        ("弯", "residential", "no", [(0, 0), (0, -300), (100, 100)]),
        ("西", "residential", "no", [(0, 0), (0, 100)]),
        ("北", "residential", "no", [(0, 100), (100, 100)]),
        ("东", "residential", "no", [(100, 100), (100, 0)]),
        ("南", "residential", "yes", [(0, 0), (100, 0)]),
        ("巷", "living_street", "no", [(0, 0), (100, 100)]),
    ]
    names, classes, oneway, lines = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"name": names, "class": classes, "oneway": oneway},
        geometry=[shapely.LineString(line) for line in lines],
        crs=METRIC_CRS,
    )


@pytest.mark.parametrize(
    ("mode", "oneway", "there_m", "back_m", "across_m"),
    [
        ("foot", "yes", 100.0, 100.0, 20_000**0.5),
        ("e_bike", "yes", 100.0, 100 + 20_000**0.5, 20_000**0.5),
        ("car", "yes", 100.0, 300.0, 200.0),
        ("car", "-1", 300.0, 100.0, 200.0),
    ],
)
def test_ways_are_the_shortest_a_mode_may_take(
    mode: str, oneway: str, there_m: float, back_m: float, across_m: float
) -> None:
    """Walkers ignore arrows, drivers stay out of the lane."""
    streets = crossroads()
    streets["oneway"] = streets["oneway"].replace("yes", oneway)
    graph = Graph(streets, mode)
    south_west, south_east, north_east = (0, 0), (100_000, 0), (100_000, 100_000)
    for start, end, expected_m in (
        (south_west, south_east, there_m),
        (south_east, south_west, back_m),
        (south_west, north_east, across_m),
    ):
        course = graph.shortest(start, end)
        assert (course[0] * 1000).tolist() == list(start)
        assert (course[-1] * 1000).tolist() == list(end)
        assert shapely.LineString(course).length == pytest.approx(expected_m)


@given(st.integers(0, 2**32), st.integers(0, 3))
def test_no_gate_opens_on_the_edge_of_the_town(seed: int, side: int) -> None:
    """Only three sides of the block have a street."""
    block = np.array([[0, 0], [220, 0], [220, 200], [0, 200]], float)
    outward = np.array([[0, -500], [500, 0], [0, 500], [-500, 0]], float)[side]
    outline = np.array([block[side], block[(side + 1) % 4], block.mean(axis=0) + outward])
    mouths = [np.array([-999.0, -999.0])]
    paths = make_compound_paths(block, "柳园", outline=outline, mouths=mouths, rng=stream(seed, 0))
    *gates, ring = paths
    assert 1 <= len(gates) <= 2
    assert (ring.points[0] == ring.points[-1]).all()
    for gate in gates:
        outer, inner = shapely.points(gate.points)
        assert outer.distance(shapely.LinearRing(block)) == pytest.approx(0)
        assert outer.distance(shapely.LinearRing(outline)) > 1
        assert (ring.points == gate.points[1]).all(axis=1).any()
        assert inner.distance(shapely.LinearRing(block)) == pytest.approx(40)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")]
)
def test_ordinals_are_written_as_chinese_writes_them(number: int, text: str) -> None:
    """Ten is 十 and not 一十."""
    assert ordinal(number) == text


def test_street_stems_are_all_different() -> None:
    """No two streets share a name by accident."""
    names = stems(stream(3, 0))
    assert len(names) == len(set(names)) > 250
    assert stems(stream(4, 0)) != names


# What became of incidents


def test_every_incident_is_of_a_class_that_is_shipped(town: Metric) -> None:
    """By its kind; what a city adds is its own."""
    classes = default_table(CLASSES)
    known = set(zip(classes["kind"], classes["class"], strict=True))
    assert set(zip(town["incidents"]["kind"], town["incidents"]["class"], strict=True)) <= known


def test_burglaries_are_noticed_in_the_morning_after(town: Metric) -> None:
    """Most of them, and nothing else has two times."""
    incidents = town["incidents"]
    begun, latest = (pd.to_datetime(incidents[name]) for name in ("time", "time_to"))
    late = latest.notna()
    assert set(incidents.loc[late, "class"]) == {"burglary"}
    assert late[incidents["class"] == "burglary"].mean() > 0.7
    assert (latest[late] > begun[late]).all()
    assert (latest[late] - begun[late]).max() <= pd.Timedelta(hours=24)
    assert latest[late].dt.hour.between(4, 11).all()


def test_incidents_are_accepted_after_they_happened_and_closed_after_that(town: Metric) -> None:
    """What is closed has a time of it, and nothing else; levels and colours are of the public."""
    incidents = town["incidents"]
    times = {name: pd.to_datetime(incidents[name]) for name in ("time", "accepted", "closed")}
    assert (times["accepted"] > times["time"]).all()
    closed = incidents["state"] == "closed"
    assert (times["closed"].notna() == closed).all()
    assert (times["closed"][closed] >= times["accepted"][closed]).all()
    public = incidents["kind"].isin(["event", "dispute", "hazard"])
    assert (incidents["closed_level"].notna() == (closed & public)).all()
    assert (incidents["colour"].notna() == incidents["kind"].isin(["dispute", "hazard"])).all()
    assert set(incidents["colour"].dropna()) == {"blue", "yellow", "red"}


def test_only_mediated_disputes_succeed_or_fail(town: Metric) -> None:
    """And what is not closed has no outcome."""
    incidents = town["incidents"]
    settled = (incidents["kind"] == "dispute") & (incidents["state"] == "closed")
    assert (incidents["mediated"].notna() == settled).all()
    mediated = incidents["mediated"].fillna(False).astype(bool)
    assert (incidents["mediation_success"].notna() == mediated).all()
    assert (incidents["outcome"].notna() == settled).all()
    success = incidents["mediation_success"].fillna(False).astype(bool)
    assert set(incidents.loc[success, "outcome"]) == {"resolved"}
    assert incidents["found_by"].isna().mean() < 0.1
    assert set(incidents["found_by"].dropna()) == {"patrol", "video", "grid", "call"}


def test_there_were_more_thefts_the_year_before(town: Metric) -> None:
    """For a comparison to find."""
    incidents = town["incidents"]
    thefts = incidents[incidents["class"].isin(["theft", "burglary"])]["time"]
    assert (thefts < "2025-07-01").sum() > 1.15 * (thefts >= "2025-07-01").sum()


def test_stations_and_units_on_duty_stand_on_streets(town: Metric) -> None:
    """One station and three posts; the units are those of the night, and none of them video."""
    stations, units = town["stations"], town["duty_units"]
    assert stations["unit_class"].tolist() == ["station", "post", "post", "post"]
    assert (nearest_m(stations, town.due) < 0.01).all()
    assert (nearest_m(units, town.due) < 0.01).all()
    assert set(units["unit_id"]) < set(town.town.units["unit_id"])
    assert set(units["state"]) == {"free", "busy", "off"}


# Patrols


def test_every_segment_runs_along_streets_of_its_area(town: Metric) -> None:
    """A patrol area is a community, and the segment is no shorter and no longer than told."""
    areas = town["patrol_areas"].set_index("area_id").geometry
    streets = shapely.union_all(town.due.geometry.to_numpy()).buffer(0.1)
    segments = town["segments"]
    assert segments["area_code"].value_counts().reindex(areas.index).eq(10).all()
    for line, code in zip(segments.geometry, segments["area_code"], strict=True):
        assert 150.0 <= line.length <= 600.1
        assert line.within(streets)
        # The rows of a street may leave its area for as long as a row is.
        assert line.intersection(areas[code].buffer(1.0)).length > 0.5 * line.length


def test_each_patrol_area_has_a_unit_by_night_that_begins_on_a_street(town: Metric) -> None:
    """Units name standby places, and only a video unit stands nowhere."""
    units = town.town.units
    night = units[units["shift"] == "20:00-04:00"]
    assert set(night["area_code"]) == set(town["patrol_areas"]["area_id"])
    assert set(units["start"].dropna()) <= set(town["standby"]["place_id"])
    assert (units["start"].isna() == (units["mode"] == "video")).all()
    assert (nearest_m(town["standby"], town.due) < 0.01).all()


def test_tracks_are_near_the_routes_but_for_their_jumps(town: Metric) -> None:
    """Errors have a memory and a spread of 5 m; two fixes of each track are far away."""
    tracks, routes = town["tracks"], town["routes"]
    for (_, fixes), line in zip(tracks.groupby("track_id"), routes.geometry, strict=True):
        away = fixes.distance(line)
        assert (away > 1000).sum() == 2
        assert np.sqrt(np.mean(away[away < 1000] ** 2)) == pytest.approx(5.0, abs=2.5)
    step = pd.to_datetime(tracks["time"]).groupby(tracks["track_id"]).diff().dt.total_seconds()
    assert sorted(step.dropna().unique()) == [10.0, 920.0]
    assert (step == 920.0).sum() == 1

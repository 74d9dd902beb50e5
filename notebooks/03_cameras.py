# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 3. What do the cameras really see, and which should be turned before any is bought?
#
# 摄像机:建筑遮挡后的真实视域、盲区、在线与完好、调整朝向、封控
#
# A camera sees the part of its sector that no wall hides. Nothing is sampled: the polygon is exact
# among the walls as they are drawn, and stretches of street are intervals in closed form.

# %%
import datetime as dt

import geopandas as gpd
import pandas as pd

from data.town import make_town
from geo import camera_coverage, working_crs
from geo.aiming import Terms, reaim
from geo.cameras import camera_views
from geo.cordon import open_edges
from geo.health import health, state_history
from maps import Scene, coverage_page
from maps.notebook import show

town = make_town()
crs = working_crs(town.streets)
streets, cameras, buildings, areas, key_sites = (
    frame.to_crs(crs)
    for frame in (town.streets, town.cameras, town.buildings, town.areas, town.key_sites)
)

# %% [markdown]
# ## How much of the drawn sectors is really seen

# %%
views = camera_views(cameras, buildings)
seeing = views[views["status"] == "seeing"]
{
    "cameras": len(views),
    "seeing": len(seeing),
    "visible share of the sectors": round(
        seeing["visible_area_m2"].sum() / seeing["nominal_area_m2"].sum(), 3
    ),
    "the same if no height were known": round(
        seeing["opaque_area_m2"].sum() / seeing["nominal_area_m2"].sum(), 3
    ),
}

# %% [markdown]
# ## Streets by class of road, key sites, blind ground
#
# Drawing the whole wedge overstates what is covered; a camera that turns sees one way at a time, so
# what it could reach is another figure.

# %%
coverage = camera_coverage(streets, cameras, buildings, key_sites=key_sites, ground=areas)
through_walls = camera_coverage(streets, cameras)
{
    "covered share": round(coverage.covered_share, 3),
    "as if nothing hid": round(through_walls.covered_share, 3),
    "reachable by turning": round(coverage.covered_share_reachable, 3),
    "at most, headings unknown": round(coverage.covered_share_upper, 3),
    "key sites watched": int(coverage.key_sites["watched"].sum()),
}

# %%
coverage.by_road()

# %%
coverage.folds()

# %%
coverage.blind_areas.drop(columns="geometry").head()

# %% [markdown]
# ## Online, in good order, coverage: three different rates
#
# A day of reports: the platform loses everything for ten minutes, one camera in ten is broken.

# %%
reports = {"2026-06-01 00:00": True, "2026-06-01 14:00": False, "2026-06-01 14:10": True}
states = pd.DataFrame(
    [(code, time, online) for code in cameras["camera_id"] for time, online in reports.items()],
    columns=["camera_id", "time", "online"],
)
broken = cameras["camera_id"].iloc[::10]
faults = pd.DataFrame(
    {"camera_id": broken, "fault_at": pd.Timestamp("2026-06-01 08:00"), "repaired_at": pd.NaT}
)
history = state_history(states, start="2026-06-01", end="2026-06-02")
condition = health(cameras, states=history, faults=faults)
pd.DataFrame([rate.summary() for rate in condition.rates])[
    ["name", "basis", "numerator", "denominator", "share"]
]

# %%
lost = coverage.newly_blind(broken)
{"outages": len(condition.outages), "newly blind, m": round(lost["length_m"].sum())}

# %% [markdown]
# ## Turn before buying: the 33 cameras of the first community
#
# A proposal until a person accepts it. The bound says how far from the best it can be at most.

# %%
first = areas[areas["parent_id"] == areas["parent_id"].min()]
own = cameras[cameras.within(first.union_all())]
turned = reaim(
    streets, own, buildings, key_sites=key_sites, terms=Terms(within=first, seconds=30.0)
)
summary = turned.summary()
{
    "cameras": len(own),
    "turned": summary["turned"],
    "covered before": round(summary["covered_share_before"], 3),
    "covered after": round(summary["covered_share_after"], 3),
    "gained, m": round(summary["gained_length_m"]),
    "lost, m": round(summary["lost_length_m"]),
    "gap to the bound": round(summary["gap"], 4),
}

# %%
turned.turns.drop(columns="geometry").head()

# %% [markdown]
# ## A cordon: which ways out does nobody see?
#
# Restricted output: it tells how to come and go unseen.

# %%
community = gpd.GeoDataFrame(
    {"area_id": first["parent_id"].iloc[:1].to_list()}, geometry=[first.union_all()], crs=crs
)
ways = open_edges(streets, community, coverage.seen.union)
ways.summary()

# %%
show(
    coverage_page(
        Scene(
            cameras=coverage,
            camera_list=cameras,
            areas=areas,
            background={"buildings": buildings},
        ),
        title="摄像机：真实视域、盲区与重点部位",
        made_on=dt.date(2026, 11, 22),
    )
)

# %%
print(
    f"真实覆盖 {coverage.covered_share:.1%}（不计遮挡为 {through_walls.covered_share:.1%}）；"
    f"首个社区调整 {summary['turned']} 台后 {summary['covered_share_after']:.1%}"
)

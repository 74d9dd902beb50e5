# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 5. Who walks where tonight, what is left out and why, and was it walked?
#
# 巡逻：巡区与巡段检查、今晚的计划、均衡的代价、剂量、不可预测、核查、临时抽调、轨迹、应巡与实巡
#
# A plan is a proposal until a person accepts it. Positions belong to units, never to people.

# %%
import copy
import datetime as dt

import geopandas as gpd
import pandas as pd
import shapely

from data.town import make_town
from geo import StreetNetwork, working_crs
from geo.patrol import (
    alternatives,
    check_record,
    clean,
    compliance,
    dose_kept,
    dose_points,
    match_track,
    mend,
    patrol_layers,
    place_segments,
    points_visited,
    record_of,
    segments_done,
    swath,
    together,
    visible_presence,
)
from geo.patrol.obliged import due_by_shift
from geo.patrol.planning import carried_out, draft
from geo.patrol.shifts import shifts_of
from maps import Imprint, PatrolScene, patrol_page
from maps.notebook import show

town = make_town()
crs = working_crs(town.streets)
streets, areas, segments, points, standby, key_sites, tracks = (
    frame.to_crs(crs)
    for frame in (
        town.streets,
        town.patrol_areas,
        town.segments,
        town.must_visit,
        town.standby,
        town.key_sites,
        town.tracks,
    )
)
units, date, night = town.units, dt.date(2026, 6, 30), "20:00-04:00"

# %% [markdown]
# ## Do areas, segments and points fit each other?
#
# Every segment belongs to one area, every point is within 30 m of a segment of its own area. What
# does not fit is listed and still patrolled: a bridge lies in two areas, ten points are off the
# segments, and two areas have no point at all.

# %%
layers = patrol_layers(areas, segments, points)
layers.summary()

# %%
layers.findings.drop(columns="geometry").round(1).groupby(["layer", "finding"]).first()

# %% [markdown]
# ## Tonight in two of the areas
#
# Four units on foot and by e-bike walk 20 segments and visit 18 points, all of them twice with an
# hour between, and have their break between 23:30 and 01:00. `bound` is what no plan of the same
# visits can undercut.

# %%
chosen = areas["area_id"].head(2).tolist()
here = {
    "points": points[layers.points["area_id"].isin(chosen).to_numpy()],
    "segments": segments[segments["area_code"].isin(chosen)],
}
tonight = {"date": date, "shift": night, "areas": areas.head(2), "standby": standby}
own = units[units["area_code"].isin(chosen)]
model = draft(here["points"], here["segments"], own, streets, **tonight)
plan = carried_out(model, seed=1, iterations=600)
plan.summary()

# %%
columns = ["unit_id", "mode", "stops", "leave", "finish", "distance_m", "duration_s"]
plan.units[columns]

# %% [markdown]
# ## The price of balance
#
# Each area is planned as short as can be, then with shifts within 5 % of each other if it can be
# done; none is made longer by waiting. The second table has the plans met that no other betters
# in longest shift, spread and distance.

# %%
plan.parts[["units", "tasks", "longest_s", "shortest_s", "spread", "distance_m", "price_m"]].round(
    3
)

# %%
curves = {
    area: outcome.balance.curve
    for area, outcome in zip(plan.parts["area_id"], plan.outcomes, strict=True)
    if outcome.balance is not None
}
pd.concat(curves, names=["area_id", None]).round(3)

# %% [markdown]
# ## If one of the two units stays in
#
# And two rows are wrong: one point is far from every street, one is open in the morning alone.
# Each says why it is left out, and what was tried and would serve it.

# %%
wrong = gpd.GeoDataFrame(
    {
        "point_id": ["P-far", "P-morning"],
        "name": ["水库", "早市"],
        "windows": [None, "06:00-08:00"],
    },
    geometry=[shapely.Point(628_000, 3_630_000), here["points"].geometry.iloc[0]],
    crs=crs,
).assign(area_code=chosen[0], dwell_min=10)
shorthanded = carried_out(
    draft(
        pd.concat([here["points"], wrong]),
        here["segments"],
        own[own["unit_id"] != "U03"],
        streets,
        **tonight,
    ),
    iterations=400,
)
left_out = shorthanded.unserved
print(f"served {shorthanded.served}, left out {len(left_out)}")
left_out[["id", "name", "visit", "reason", "detail", "relaxation", "amount", "unit_id"]].round()

# %% [markdown]
# ## Dose at hot spots
#
# The market and the square get stays of 10 to 16 minutes, never two hours without anybody. Lengths
# and windows are drawn from the seed, so nights differ; whoever comes within the windows keeps the
# dose.

# %%
spots = key_sites[key_sites["kind"].isin(["market", "square"])]
spots = spots[shapely.within(spots.geometry, areas.geometry.iloc[0])]
spots = spots.rename(columns={"site_id": "spot_id"})
stays = dose_points(spots, night, date, seed=1)
stays[["point_id", "name", "dwell_min", "windows"]]

# %%
dosed = carried_out(
    draft(stays, None, own[own["area_code"] == chosen[0]], streets, **tonight), iterations=400
)
came = dosed.stops[dosed.stops["kind"] == "point"].assign(
    arrive=lambda stop: stop["start"], spot_id=lambda stop: stop["id"].str.split("#").str[0]
)
kept = dose_kept(came, spots["spot_id"], f"{date} 20:00", f"{date + dt.timedelta(1)} 04:00")
kept.spots.round(1)

# %% [markdown]
# ## Hard to foresee, at a price
#
# Plans nearly as short as the best for the same visits. Whoever knows all of them but not which is
# on tonight is uncertain of the quarter of an hour of a visit by so many bits.

# %%
problem, routes = model.parts[0].problem, plan.outcomes[0].routes
variety = alternatives(problem, count=4, seed=1, iterations=150, best=routes)
{
    "plans": len(variety.plans),
    "bits": round(variety.mean_bits, 2),
    "at most": round(variety.most_bits, 2),
    "price, m": round(variety.price_m),
    "price": f"{variety.price_share:.1%}",
}

# %% [markdown]
# ## The checker trusts nobody
#
# A plan is kept as a record. Somebody lets a unit begin a stop an hour too early: the record is
# lived through again, and every rule that this breaks is named with what was met and the limit.

# %%
record = record_of(plan)
tampered = copy.deepcopy(record)
for time in ("arrive_s", "start_s", "leave_s"):
    tampered["parts"][0]["crews"][0]["stops"][4][time] -= 3_600
print("as written:", len(check_record(record, model)), "violations")
check_record(tampered, model)

# %% [markdown]
# ## At 22:00 a unit is called away
#
# What is done stays done. The other unit takes over what it can, and no more stops change than
# allowed, beside those that are lost with the unit.

# %%
now_s = 22 * 3_600
stops = plan.outcomes[0].timetable.stops
done_by = [
    int(((stops["crew"] == crew) & (stops["leave_s"] <= now_s)).sum())
    for crew in range(len(problem.crews))
]
rows = []
for most in (0, 4, 8):
    mended = mend(problem, routes, done=done_by, now_s=now_s, most_changes=most, lost_crews=[1])
    rows.append(
        {
            "may change": most,
            "changed": len(mended.changed),
            "lost with the unit": len(mended.impossible),
            "left out": len(mended.left_out),
            "still to go, m": mended.distance_m,
        }
    )
pd.DataFrame(rows)

# %% [markdown]
# ## What devices say
#
# Tracks of four units. Each fix that cannot be right is dropped for a reason; a quarter of an
# hour without any is a gap: unknown, not unpatrolled.

# %%
roster = shifts_of(units, date).roster()
cleaned = clean(tracks, roster=roster, streets=streets, now=f"{date + dt.timedelta(1)} 08:00")
cleaned.dropped_by_track()

# %%
cleaned.gaps

# %% [markdown]
# Walkers turn back anywhere and go against one-way streets; e-bikes and cars do not. A repeat is
# a second row.

# %%
mode = cleaned.kept["unit_id"].map(units.set_index("unit_id")["mode"])
ways = {
    profile: match_track(
        cleaned.kept[of.to_numpy()],
        StreetNetwork.from_frame(streets, profile=profile),
        streets=streets,
    )
    for profile, of in (("walk", mode == "foot"), ("vehicle", mode != "foot"))
}
pd.concat([matched.tracks for matched in ways.values()], ignore_index=True).round(1)

# %%
traversals = pd.concat([matched.traversals for matched in ways.values()], ignore_index=True)
named = ["track_id", "street_id", "direction", "from_m", "to_m", "share"]
traversals[named].round(2).head()

# %% [markdown]
# ## Due and done
#
# Every point and segment is due twice in each shift that serves its area, whoever comes. The
# lower share counts what nobody can know as not done, the upper as done. Four devices spoke for an
# hour or so each: most of the day is unknown, and the figures say so.

# %%
placed = place_segments(StreetNetwork.from_frame(streets), segments)
done = together(
    segments_done(traversals, placed, roster=roster),
    points_visited(cleaned.kept, points, roster=roster),
)
due = due_by_shift(points, segments, roster, areas=areas)
found = compliance(due, done, roster, fixes=cleaned.kept, by="any")
counted = ["due", "done", "late", "too_short", "driven_through", "missed", "unknown"]
found.shifts[[*counted, "completed_share", "completed_share_upper"]].round(3)

# %%
found.activity[["unit_id", "shift_id", "state", "fixes", "silent_s"]]

# %% [markdown]
# ## Visible presence, as a range
#
# A quarter of an hour on a segment is seen when half its length came within 50 m of a unit in
# uniform or in a marked car. Where no unit that should have been there gave a position it is
# unknown: not seen in the first figure, left out of the second.

# %%
presence = visible_presence(segments, cleaned.kept, roster)
told = presence.summary()
print(f"{told['seen_m']:,.0f} of {told['due_m']:,.0f} m x slots, {told['unknown_m']:,.0f} unknown")
print(f"{told['share']:.1%} to {told['share_known']:.1%}")
print(told["formula"])

# %% [markdown]
# ## Ground covered
#
# Once, however often somebody came; and added up over units and hours.

# %%
ground = swath(cleaned.kept, roster, {"foot": 50.0, "e_bike": 50.0, "car": 50.0})
ground.modes.drop(columns="geometry").assign(
    merged_m2=lambda row: row["merged_m2"].round(),
    unmerged_m2=lambda row: row["unmerged_m2"].round(),
)

# %% [markdown]
# ## Tonight on the map
#
# Routes by unit with the order of stops; the slider moves the units through the night.

# %%
show(
    patrol_page(
        PatrolScene(
            routes=plan.routes.merge(units[["unit_id", "name"]], on="unit_id"),
            stops=plan.stops,
            legs=plan.legs,
            areas=areas.head(2),
            streets=streets,
            figures=[
                ("排入", f"{plan.served} 次"),
                ("总路程", f"{plan.distance_m / 1000:.1f} 公里"),
                ("与下界之差不超过", f"{plan.gap:.1%}"),
            ],
        ),
        Imprint(
            "今晚巡逻：望江巡区、柳渡巡区",
            date,
            remarks=["计划是草案，须经负责人确认后执行"],
            crs=crs.to_string(),
        ),
    )
)

# %%
whole, price_m = found.summary(), int(plan.parts["price_m"].sum())
low, high = whole["completed_share"], whole["completed_share_upper"]
print(f"今晚排入 {plan.served} 次，未排入 {len(plan.unserved)} 次，均衡多走 {price_m:,} 米")
print(f"已巡 {whole['done']} / {whole['due']} 次，完成率 {low:.1%}～{high:.1%}")

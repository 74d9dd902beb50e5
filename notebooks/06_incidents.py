# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 6. What changed, is it more than chance, where does it gather, and who is nearest?
#
# 事件警情：同比与检验、春节对齐、化解率、时段、热点、近重复、留出检验、必到点、1-3-5 分钟、就近派警
#
# Counts are of matters, never of persons; a hot spot is a place, never a person.

# %%
import datetime as dt

import geopandas as gpd
import pandas as pd

from data.holidays import holidays
from data.incident_tables import default_table, in_force
from data.town import make_town
from geo import post_coverage, working_crs
from geo.incidents import (
    Rate,
    Tables,
    aligned,
    change,
    compare,
    counts,
    evaluate,
    hot_spots,
    hours,
    month,
    must_visit_from,
    near_repeat,
    pile_ups,
    plain_counts,
    rank_gaps,
    rate_change,
    resolution,
    sensitivity,
    street_places,
    year_before,
)
from geo.incidents.periods import Period
from geo.patrol import dose_points
from geo.response import Roads, nearest_units, rings
from maps import Imprint, IncidentScene, incident_page
from maps.notebook import show

town = make_town()
crs = working_crs(town.streets)
streets, areas, incidents, posts, stations, duty_units, key_sites = (
    frame.to_crs(crs)
    for frame in (
        town.streets,
        town.areas,
        town.incidents,
        town.posts,
        town.stations,
        town.duty_units,
        town.key_sites,
    )
)
for column in ("time", "time_to", "accepted", "closed"):
    incidents[column] = pd.to_datetime(incidents[column])

# %% [markdown]
# ## A percentage of a small number is not news
#
# 16 cases and then 25 are 56.3 % more, and as likely as not nothing happened: the arithmetic is
# always printed, and so is the note.

# %%
change(16, 25).sentence()

# %%
change(1_000, 547).sentence()

# %% [markdown]
# Percent and percentage points are two things, and what has no base has no percentage.

# %%
rate_change(Rate(40, 100), Rate(50, 100)).sentence(relative=True)

# %%
change(0, 3).sentence(), Rate(1_889, 1_902).text(), Rate(0, 0).text()

# %% [markdown]
# ## Counts add up
#
# Every row is counted once: in one grid (a border belongs to the first), outside them, or without
# a place. Units of count (件, 起, 人次 ...) are never added together.

# %%
plain = plain_counts(incidents, areas)
{key: plain[key] for key in ("rows", "with_place", "repeats", "by_year")}

# %%
by_class = counts(incidents, areas, by=("area", "kind", "month"))
by_class.total

# %% [markdown]
# ## June against June, and what of it is chance
#
# A period counts what was accepted in it. With many areas, one in twenty looks changed by chance
# alone: a single `significant` is a hint where to look.

# %%
day = dt.date(2026, 6, 30)
held = [in_force(default_table(kind), day) for kind in ("classes", "tags")]
tables = Tables(*(table.drop(columns=["since", "until"]) for table in held))
june = year_before(month(2026, 6))
compared = compare(incidents, june, areas=areas, by=("kind",), tables=tables)
columns = ["kind", "count_unit", "before", "now", "share", "e_p", "small", "significant"]
compared.frame[columns]

# %% [markdown]
# The Spring Festival of 2026 came 19 days later than that of 2025: February against February
# compares a festival with none. Aligned, both periods hold the same days of the festival; for a
# year without an official table of holidays that is said, not guessed.

# %%
february = aligned(month(2026, 2), holidays())
february.now, february.before, [note.text("zh") for note in february.notes]

# %%
[note.text("en") for note in aligned(month(2031, 2), holidays()).notes]

# %% [markdown]
# ## Resolved of accepted, successful of mediated
#
# Two rates with two denominators; what is pending is listed.

# %%
disputes = incidents[incidents["kind"] == "dispute"]
settled = resolution(disputes, day)
settled.rate("resolution").text(), settled.rate("mediation").text(), len(settled.pending)

# %% [markdown]
# ## When: a burglary between midnight and eight is spread, not put at midnight

# %%
burglaries = incidents[incidents["class"] == "burglary"]
when = hours(burglaries)
when.peak

# %%
starts = burglaries["time"].dt.hour.value_counts().reindex(range(24), fill_value=0)
ax = when.by_hour.set_index("hour")["count"].plot(label="spread over the interval")
starts.plot(ax=ax, label="put at its beginning", ls=":")
ax.set(xlabel="hour of the day", ylabel="burglaries")
ax.legend()
ax.figure.tight_layout()

# %% [markdown]
# ## Where: hot spots on street segments
#
# Getis-Ord G* with 9,999 permutations and false discoveries controlled. What patrols found
# themselves is left out, else patrols make their own hot spots.

# %%
year = Period(dt.date(2025, 7, 1), dt.date(2026, 7, 1))
segments = street_places(streets)
found = hot_spots(incidents, segments, period=year)
found.left_out.text(), found.summary()["spots"], found.summary()["hot"]

# %%
found.spots.drop(columns="geometry").round(1).head()

# %% [markdown]
# Cells of another size give other spots. What is found at every size can be relied on more.

# %%
sensitivity(incidents, found, segments, areas, period=year).round(2)

# %% [markdown]
# A spot of last week keeps its name next week.

# %%
earlier = hot_spots(incidents, segments, period=Period(dt.date(2025, 6, 1), dt.date(2026, 6, 1)))
later = hot_spots(incidents, segments, period=year, previous=earlier)
later.spots["kept"].value_counts().to_dict()

# %% [markdown]
# ## Would it have helped? Hold out the last eight weeks
#
# Hit rate on a share of all street length, against the best that any choice could have reached.

# %%
cut = dt.date(2026, 5, 6)
before_cut = hot_spots(incidents, segments, period=Period(dt.date(2025, 7, 1), cut))
after_cut = incidents[incidents["time"] >= pd.Timestamp(cut)]
evaluate(before_cut.places["z"], after_cut, segments).round(3)

# %% [markdown]
# ## Does one burglary draw another?
#
# Knox: pairs that are near in place and days, against what shuffled dates give. The window "1-7"
# is from the next day to the seventh; pairs of one day stand apart.

# %%
near_repeat(burglaries).table[["band", "window", "pairs", "expected", "ratio", "p"]].round(3)

# %% [markdown]
# Heaps at one point are looked for before anything is drawn: a geocoder's default is no hot spot.

# %%
len(pile_ups(incidents, known=key_sites))

# %% [markdown]
# ## What is done about it: points to visit, and gaps in order

# %%
points = must_visit_from(found, most=5)
dose_points(points, "18:00-02:00", dt.date(2026, 7, 1), seed=8).drop(columns="geometry")

# %%
gaps = post_coverage(streets, posts).gaps
recent = incidents[incidents["accepted"] >= pd.Timestamp("2026-01-01")]
rank_gaps(gaps, recent)[["rank", "street_id", "length_m", "incidents"]].round(1).head()

# %% [markdown]
# ## Reach by road: 1, 3 and 5 minutes, and who is nearest

# %%
night = dt.datetime(2026, 6, 30, 22, 10)  # noqa: DTZ001 - local
roads = Roads.of(streets)
reach = rings(stations, roads, now=night)
reach.bands.round(1)

# %%
reach.stations.drop(columns="geometry").round(1).T

# %% [markdown]
# The nearest unit is the one that is there first: on duty, free, by road and over bridges. What it
# would leave uncovered stands beside it.

# %%
place = gpd.GeoDataFrame(geometry=[found.spots.geometry.iloc[0].representative_point()], crs=crs)
sent = nearest_units(place, duty_units, roads, now=night)
sent.candidates.drop(columns="geometry").round(2)

# %%
sent.refused

# %% [markdown]
# ## All of it on a map

# %%
by_area = compare(incidents, june, areas=areas, by=("area",)).frame
by_area = by_area[by_area["count_unit"] == "occurrence"].merge(areas[["area_id", "geometry"]])
scene = IncidentScene(
    incidents=recent,
    areas=gpd.GeoDataFrame(by_area, crs=crs),
    colours=("now", "share"),
    unit="occurrence",
    hot_spots=found.spots,
    hot_places=found.places[found.places["hot"]],
    hours=when.matrix("occurrence").to_numpy(),
    ring_streets=reach.streets,
    outside=reach.outside,
    stations=reach.stations,
    candidates=sent.candidates,
    places=sent.places,
    streets=streets,
)
show(incident_page(scene, Imprint("事件警情与到达", dt.date(2026, 7, 1), crs=crs.to_string())))

# %%
calls = change(
    *(int(compared.frame.set_index("kind").loc["police_call", side]) for side in ("before", "now"))
)
share = Rate(int(found.spots["n"].sum()), found.taken.counted)
print(f"六月警情{calls.sentence(unit='起')}")
outside_share = 1.0 - reach.bands["within_share"][0]
print(f"全年热点{len(found.spots)}处，集中了{share.text()}的事件；1 分钟圈外 {outside_share:.1%}")

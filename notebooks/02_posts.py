# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 2. Do the posts keep their spacing, and what would close the gaps?
#
# 观察哨:沿街间距、分时段覆盖、每处哨位的价值、补点建议
#
# Distance is the way along the street: a post across the river covers nothing on this side.

# %%
import datetime as dt

import numpy as np

from data.town import make_town
from geo import StreetNetwork, post_coverage, post_spacing, working_crs
from geo.placement import p_median
from geo.posts import Wish, coverage_by_hour, post_value, propose_posts
from maps import Scene, coverage_page
from maps.notebook import show

town = make_town()
crs = working_crs(town.streets)
streets, posts, areas, key_sites = (
    frame.to_crs(crs) for frame in (town.streets, town.posts, town.areas, town.key_sites)
)

# %% [markdown]
# ## The network
#
# Streets meet where they cross or touch on one level; bridges and tunnels only where they end.

# %%
network = StreetNetwork.from_frame(streets)
network.components().head()

# %% [markdown]
# ## Coverage along the street, and how much straight distance overstates it

# %%
coverage = post_coverage(streets, posts, distance="street", network=network)
{
    "along the street": round(coverage.covered_share, 3),
    "straight": round(coverage.straight.covered_share, 3),
    "ratio of lengths": round(coverage.straight_to_street_ratio, 2),
}

# %% [markdown]
# ## Spacing of 50 to 100 m, closer where the risk of the grid is higher
#
# A gap is one connected piece of street, however many streets it crosses.

# %%
spacing = post_spacing(streets, posts, areas=areas, network=network)
spacing.gaps[["gap_id", "length_m", "spacing_m", "max_m", "at_end"]].head().round(1)

# %%
spacing.crowded[["post_id", "neighbour_id", "spacing_m", "min_m"]].head().round(1)

# %% [markdown]
# ## By the hour

# %%
hours = coverage_by_hour(streets, posts, network=network)
hours.summary()["worst_hour"], round(hours.summary()["worst_hour_share"], 3)

# %%
hours.hours[["hour", "day", "clock", "covered_share", "fixed_share", "posts"]].head(24).round(3)

# %% [markdown]
# ## What each post is worth
#
# `alone_m` is the street that nobody covers if only this post is absent.

# %%
value = post_value(streets, posts, areas=areas, key_sites=key_sites, network=network)
value.shares.round(3)

# %%
value.critical[["post_id", "name", "alone_m", "rank"]].head().round(1)

# %% [markdown]
# ## Twenty more posts, with a certificate
#
# No choice among the places offered covers more than `bound`.

# %%
proposal = propose_posts(streets, posts, Wish(20), areas=areas)
{
    key: proposal.summary()[key]
    for key in ("objective", "bound", "gap", "stopped_by", "covered_share_after")
}

# %%
proposal.changes[["action", "gain_m", "covered_share", "reason"]].head().round(3)

# %% [markdown]
# ## Other facilities use the same engine
#
# Three service points among the key sites, so that the mean way from a building is shortest. The
# ways are those along the streets.

# %%
buildings = town.buildings.to_crs(crs)
homes = buildings.assign(geometry=buildings.representative_point())
ways_m = network.distances(network.snap(key_sites), network.snap(homes))
reachable = np.isfinite(ways_m).all(axis=0)
points = p_median(ways_m[:, reachable], None, 3)
{
    "mean way (m)": round(points.objective / reachable.sum()),
    "no choice is better than (m)": round(points.bound / reachable.sum()),
    "sites": key_sites.iloc[points.sites]["name"].tolist(),
}

# %%
show(
    coverage_page(
        Scene(posts=coverage, areas=areas, spacing=spacing, proposal=proposal),
        title="沿街覆盖、间距与补点建议",
        made_on=dt.date(2026, 11, 22),
    )
)

# %%
after = proposal.summary()["covered_share_after"]
print(f"沿街覆盖 {coverage.covered_share:.1%};再设 {len(proposal.sites)} 处后 {after:.1%}")

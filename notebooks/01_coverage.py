# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 1. Which streets do the posts cover?
#
# 街面覆盖:哪些街道没有人看住?
#
# A town is made, its streets and posts are projected to metres, and one pure function answers.
# Swap `town.streets` and `town.posts` for your own frames, or for
# `read_layer("my.gpkg:streets", "streets").frame`.

# %%
import datetime as dt

from data.town import make_town
from geo import camera_coverage, post_coverage, working_crs
from maps import Scene, coverage_page
from maps.notebook import show

town = make_town()
crs = working_crs(town.streets)
streets, posts, cameras, areas = (
    frame.to_crs(crs) for frame in (town.streets, town.posts, town.cameras, town.areas)
)

# %% [markdown]
# ## Posts
#
# `reach_m` is how far one post sees, in a straight line. The share is covered length over due
# length; tunnels and elevated roads are not due, and their length is given.

# %%
by_posts = post_coverage(streets, posts, reach_m=50.0)
by_posts.summary()

# %% [markdown]
# The longest gaps, one row each, with geometry:

# %%
by_posts.gaps.nlargest(5, "length_m")[["street_id", "start_m", "end_m", "length_m"]].round(1)

# %% [markdown]
# By grid. Every metre is counted once: a stretch on a border belongs to the lowest code.

# %%
table = by_posts.by_area(areas)
table.nlargest(5, "gap_length_m")[["area_id", "name", "due_length_m", "covered_share"]].round(2)

# %% [markdown]
# ## How much does the answer depend on the reach?

# %%
{reach_m: round(post_coverage(streets, posts, reach_m=reach_m).covered_share, 3)
 for reach_m in (25.0, 50.0, 75.0, 100.0)}  # fmt: skip

# %% [markdown]
# ## Cameras
#
# Offline cameras see nothing; a camera of unknown heading counts only in the upper bound.

# %%
by_cameras = camera_coverage(streets, cameras)
by_cameras.covered_share, by_cameras.covered_share_upper

# %% [markdown]
# ## The map, and the number

# %%
page = coverage_page(
    Scene(posts=by_posts, cameras=by_cameras, camera_list=town.cameras, areas=areas),
    title="临江示范镇",
    made_on=dt.date(2026, 6, 30),
)
show(page)

# %%
print(f"街面长度覆盖占比 {by_posts.covered_share:.1%},空白 {by_posts.gap_length_m / 1000:.2f} 公里")

"""Who staffs a post: posts without anybody watch nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.due import number_column

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray


def unstaffed(posts: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """
    Tell which posts nobody staffs.

    Parameters
    ----------
    posts
        n rows; `staff`, the number of people of a post, is read where present.

    Returns
    -------
    unstaffed
        n flags: true only where the number is given and is 0; unknown is not nobody.
    """
    empty: NDArray[np.bool_] = number_column(posts, "staff") <= 0.0
    return empty

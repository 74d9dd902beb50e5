"""What an exchange saves, reckoned for all sites at once, against reckoning each anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given

from geo.placement.medians import Service
from geo.placement.nearest import assign, exchange
from geo.placement.problem import Roles
from geo.placement.state import CHOSEN, FREE
from tests.geo.placement.scenes import Scene, scenes


@given(scenes(k=1))
def test_an_exchange_saves_what_it_says(s: Scene) -> None:
    """Some demand out of reach of some sites, some sites chosen, one kept."""
    demand, site = np.nonzero(s.covers.T)
    assume(len(demand) > 0)
    _, demand = np.unique(demand, return_inverse=True)
    cost = s.metres[site, demand]
    order = np.lexsort((cost, demand))
    roles = Roles.of(len(s.covers), s.existing, s.must, s.forbidden)
    service = Service(site[order], demand[order], cost[order], len(s.covers), roles, s.p)
    ways = service.ways()
    free = np.flatnonzero(ways.role == FREE)
    ways.role[free[::2]] = CHOSEN
    before = assign(ways)
    for new in free[1::2]:
        gone, saved = exchange(ways, int(new), np.empty(len(s.covers)))
        totals = {}
        for old in free[::2]:
            ways.role[old], ways.role[new] = FREE, CHOSEN
            totals[int(old)] = assign(ways)
            ways.role[old], ways.role[new] = CHOSEN, FREE
        assert assign(ways) == before
        assert before - saved == pytest.approx(min(totals.values()))
        assert totals[gone] == pytest.approx(min(totals.values()))

"""
Incidents: counts that add up, changes that are more than chance, and hot spots that are there.

`counts`, `compare` and `change` count and hold periods against each other; `closed_shares`,
`grid_classes` and `resolution` tell what became of matters, `hours` when they happen; `hot_spots`
and `near_repeat` tell where more happens than chance puts there, `evaluate` whether that was worth
knowing, and `must_visit_from` and `gap_ranks` hand it on to patrols, posts and cameras.
"""

from geo.incidents.alarming import alarms
from geo.incidents.cells import SquareCells, square_cells
from geo.incidents.changes import Change, change, difference_text
from geo.incidents.closing import ClosedShares, closed_shares, grid_classes
from geo.incidents.compared import BothFell, Compared
from geo.incidents.comparing import Parent, compare
from geo.incidents.counting import Counts, counts
from geo.incidents.evaluating import evaluate
from geo.incidents.gap_ranks import GapRanks, gap_ranks
from geo.incidents.hotspots import HotSpots, hot_spots
from geo.incidents.hourly import Hours, hours
from geo.incidents.links import must_visit_from, rank_gaps
from geo.incidents.numbers import Rate, per_ten_thousand_text, percent_text, points_text
from geo.incidents.periods import (
    Comparison,
    Period,
    aligned,
    clipped,
    month,
    period_before,
    whole_year,
    year_before,
)
from geo.incidents.piles import pile_ups
from geo.incidents.rate_changes import RateChange, rate_change
from geo.incidents.repeats import NearRepeat, near_repeat
from geo.incidents.resolving import Resolution, resolution
from geo.incidents.rows import plain_counts
from geo.incidents.scales import sensitivity
from geo.incidents.segments import StreetPlaces, street_places
from geo.incidents.tagging import Tables
from geo.incidents.testing import conditional_test, e_test, ratio_interval

__all__ = [
    "BothFell",
    "Change",
    "ClosedShares",
    "Compared",
    "Comparison",
    "Counts",
    "GapRanks",
    "HotSpots",
    "Hours",
    "NearRepeat",
    "Parent",
    "Period",
    "Rate",
    "RateChange",
    "Resolution",
    "SquareCells",
    "StreetPlaces",
    "Tables",
    "alarms",
    "aligned",
    "change",
    "clipped",
    "closed_shares",
    "compare",
    "conditional_test",
    "counts",
    "difference_text",
    "e_test",
    "evaluate",
    "gap_ranks",
    "grid_classes",
    "hot_spots",
    "hours",
    "month",
    "must_visit_from",
    "near_repeat",
    "per_ten_thousand_text",
    "percent_text",
    "period_before",
    "pile_ups",
    "plain_counts",
    "points_text",
    "rank_gaps",
    "rate_change",
    "ratio_interval",
    "resolution",
    "sensitivity",
    "square_cells",
    "street_places",
    "whole_year",
    "year_before",
]

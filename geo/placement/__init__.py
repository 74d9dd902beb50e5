"""
Where to put sites, with a certificate.

Every proposal says what it achieves, what no other choice can better, what stopped the search,
and its seed. Tables of who covers whom stay pairs from end to end.
"""

from geo.placement.changes import changes
from geo.placement.coverage import max_coverage
from geo.placement.covering import set_cover
from geo.placement.curve import coverage_curve
from geo.placement.medians import p_median
from geo.placement.proposal import Proposal, Search
from geo.placement.reach import Reach
from geo.placement.shares import Shares

__all__ = [
    "Proposal",
    "Reach",
    "Search",
    "Shares",
    "changes",
    "coverage_curve",
    "max_coverage",
    "p_median",
    "set_cover",
]

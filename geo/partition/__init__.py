"""Areas that divide a ground: their borders, codes, loads and figures."""

from geo.partition.allocation import allocate
from geo.partition.audit import Audit, audit
from geo.partition.beats import BeatMatch, match_beats
from geo.partition.blocks import blocks
from geo.partition.codes import GridCodes, code_faults, grid_codes
from geo.partition.counting import loads_of
from geo.partition.divide import divide
from geo.partition.gridding import Gridding, GriddingRate, gridding, roll_up
from geo.partition.loads import GUIDES, Balance, Guide, balance
from geo.partition.neighbours import adjacency, bridges_among
from geo.partition.nets import MergedNets, merge_nets
from geo.partition.plans import Division, Plan
from geo.partition.repair import Repair, repair
from geo.partition.work import WorkCounts, work_counts, worker_figures
from geo.partition.workload import Workload, short_teams, workload

__all__ = [
    "GUIDES",
    "Audit",
    "Balance",
    "BeatMatch",
    "Division",
    "GridCodes",
    "Gridding",
    "GriddingRate",
    "Guide",
    "MergedNets",
    "Plan",
    "Repair",
    "WorkCounts",
    "Workload",
    "adjacency",
    "allocate",
    "audit",
    "balance",
    "blocks",
    "bridges_among",
    "code_faults",
    "divide",
    "grid_codes",
    "gridding",
    "loads_of",
    "match_beats",
    "merge_nets",
    "repair",
    "roll_up",
    "short_teams",
    "work_counts",
    "worker_figures",
    "workload",
]

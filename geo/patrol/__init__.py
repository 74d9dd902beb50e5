"""
Patrols: who walks where and when, and what was walked.

Frames become one problem in whole numbers for each area and shift (`model`), a search finds
routes (`solving`), an independent checker lives through them (`checking`); tracks are cleaned,
matched with the streets and held against what was due. Positions belong to units, never to people.
"""

from geo.patrol.balance import Balanced, balanced
from geo.patrol.cleaning import Cleaned, CleaningRules, clean
from geo.patrol.compliance import Compliance, ComplianceRules, compliance
from geo.patrol.dose import DoseRule, dose_kept, dose_points
from geo.patrol.editing import with_stop, without_stop
from geo.patrol.evidence import (
    EvidenceRules,
    checked_in,
    points_visited,
    segments_done,
    together,
)
from geo.patrol.handling import HandlingRate, handling_rate
from geo.patrol.hierarchy import PatrolLayers, patrol_layers
from geo.patrol.keeping import check_record, plan_of, record_of
from geo.patrol.matched import Matched
from geo.patrol.matching import match_track
from geo.patrol.mending import Mended, mend
from geo.patrol.patrolplan import PatrolPlan
from geo.patrol.placing import PlacedSegments, place_segments
from geo.patrol.planning import plan
from geo.patrol.postman import Tour, postman
from geo.patrol.presence import Presence, PresenceRules, visible_presence
from geo.patrol.responsibility import Responsibility, responsibility
from geo.patrol.stakes import stakes, stakes_by_area
from geo.patrol.swath import Swath, swath
from geo.patrol.variety import Variety, alternatives

__all__ = [
    "Balanced",
    "Cleaned",
    "CleaningRules",
    "Compliance",
    "ComplianceRules",
    "DoseRule",
    "EvidenceRules",
    "HandlingRate",
    "Matched",
    "Mended",
    "PatrolLayers",
    "PatrolPlan",
    "PlacedSegments",
    "Presence",
    "PresenceRules",
    "Responsibility",
    "Swath",
    "Tour",
    "Variety",
    "alternatives",
    "balanced",
    "check_record",
    "checked_in",
    "clean",
    "compliance",
    "dose_kept",
    "dose_points",
    "handling_rate",
    "match_track",
    "mend",
    "patrol_layers",
    "place_segments",
    "plan",
    "plan_of",
    "points_visited",
    "postman",
    "record_of",
    "responsibility",
    "segments_done",
    "stakes",
    "stakes_by_area",
    "swath",
    "together",
    "visible_presence",
    "with_stop",
    "without_stop",
]

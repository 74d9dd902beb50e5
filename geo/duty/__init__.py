"""
When posts are manned: texts read once, then whole minutes, never samples.

`reading` turns a text into the shifts of each kind of day, `hours` holds them for many posts,
`states` groups the week by who is on duty, `mobile` follows posts that move. No module knows
where a post stands.
"""

from geo.duty.hours import DutyHours, OnDuty
from geo.duty.mobile import mobility, places_at_once
from geo.duty.reading import Doubt, Reading, read_hours
from geo.duty.states import DutyStates, duty_states, hour_states
from geo.duty.week import DAYS, DutyWeek

__all__ = [
    "DAYS",
    "Doubt",
    "DutyHours",
    "DutyStates",
    "DutyWeek",
    "OnDuty",
    "Reading",
    "duty_states",
    "hour_states",
    "mobility",
    "places_at_once",
    "read_hours",
]

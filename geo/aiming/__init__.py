"""
Which way cameras look: turn those there are before buying more.

Every result is a proposal with its bound and gap, and says what is lost as well as gained.
"""

from geo.aiming.aim import aim
from geo.aiming.choices import Aim
from geo.aiming.new_cameras import PRIVATE_ROOMS, NewCameras, new_cameras
from geo.aiming.outlook import Outlook
from geo.aiming.plan import Plan, plan
from geo.aiming.reaim import MOUNTED, Reaim, reaim
from geo.aiming.scene import PRIVATE_M2
from geo.aiming.terms import Terms

__all__ = [
    "MOUNTED",
    "PRIVATE_M2",
    "PRIVATE_ROOMS",
    "Aim",
    "NewCameras",
    "Outlook",
    "Plan",
    "Reaim",
    "Terms",
    "aim",
    "new_cameras",
    "plan",
    "reaim",
]

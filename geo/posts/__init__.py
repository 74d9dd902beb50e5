"""Observation posts: what they cover, whether they keep their spacing, what each is worth."""

from geo.posts.coverage import PostCoverage, post_coverage
from geo.posts.gates import Gates
from geo.posts.hours import HourlyCoverage, coverage_by_hour
from geo.posts.proposals import PostProposal, propose_posts
from geo.posts.spacing import PostSpacing, post_spacing
from geo.posts.value import PostValue, post_value
from geo.posts.volunteers import VolunteerReports, volunteer_reports
from geo.posts.wish import Wish

__all__ = [
    "Gates",
    "HourlyCoverage",
    "PostCoverage",
    "PostProposal",
    "PostSpacing",
    "PostValue",
    "VolunteerReports",
    "Wish",
    "coverage_by_hour",
    "post_coverage",
    "post_spacing",
    "post_value",
    "propose_posts",
    "volunteer_reports",
]

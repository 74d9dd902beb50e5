"""Observation posts: what they cover, whether they keep their spacing, what each is worth."""

from geo.posts.coverage import PostCoverage, post_coverage
from geo.posts.hours import HourlyCoverage, coverage_by_hour
from geo.posts.spacing import PostSpacing, post_spacing

__all__ = [
    "HourlyCoverage",
    "PostCoverage",
    "PostSpacing",
    "coverage_by_hour",
    "post_coverage",
    "post_spacing",
]

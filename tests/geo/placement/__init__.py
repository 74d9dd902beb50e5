"""Tests of `geo.placement`."""

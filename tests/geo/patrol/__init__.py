"""Tests of `geo.patrol`."""

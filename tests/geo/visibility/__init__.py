"""Tests of geo.visibility."""

"""Tests of geo.aiming."""

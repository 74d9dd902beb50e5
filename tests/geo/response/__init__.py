"""Tests of `geo.response`."""

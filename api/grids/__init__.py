"""Grids by every way in: their borders, loads, codes, and how they are divided."""

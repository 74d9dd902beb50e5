"""Patrols: planned, checked, matched with tracks and reported, from files and from the store."""

"""Incidents: counts that add up, changes that are more than chance, and where they gather."""

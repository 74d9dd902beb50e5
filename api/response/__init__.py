"""Reach by road from files and in the service: rings of stations, and who is nearest."""

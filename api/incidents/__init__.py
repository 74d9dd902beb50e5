"""Incidents from files and in the service: statistics, hours, hot spots, the monthly pack."""

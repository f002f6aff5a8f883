"""Measurements; each module prints the tables that docs/ shows."""

"""Measurements: they print tables for docs/ and judge nothing."""

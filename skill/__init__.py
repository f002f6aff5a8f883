"""Askable: turns an article into a voice skill whose every spoken sentence has a source."""

__version__ = "0.1.0"

"""Reports for authors: HTML pages and pictures from Jinja2 templates."""

from skill.tools.reports.rendering import render

__all__ = ["render"]

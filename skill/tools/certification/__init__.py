"""Certification: Alexa's rules, checked offline, and the package to send to Amazon."""

from skill.tools.certification.report import CertificationReport, Finding, rule_table
from skill.tools.certification.run import check, package

__all__ = ["CertificationReport", "Finding", "check", "package", "rule_table"]

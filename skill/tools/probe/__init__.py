"""Amazon's certification checks for web services, played against an endpoint."""

from skill.tools.probe.authority import ROOT_FILE, fetch_from, make_authority
from skill.tools.probe.run import ProbeResult, probe, row, summary

__all__ = [
    "ROOT_FILE",
    "ProbeResult",
    "fetch_from",
    "make_authority",
    "probe",
    "row",
    "summary",
]

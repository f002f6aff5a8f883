"""Amazon's certification checks for web services, played against an endpoint."""

from skill.tools.probe.authority import (
    CHAINS,
    ROOT_FILE,
    TRUSTED,
    ProbeAuthority,
    address_of,
    fetch_from,
    make_authority,
    read_authority,
)
from skill.tools.probe.cases import Case, cases
from skill.tools.probe.requests import ProbeRequest, RequestSigner, dump
from skill.tools.probe.run import ProbeResult, probe, row, summary

__all__ = [
    "CHAINS",
    "ROOT_FILE",
    "TRUSTED",
    "Case",
    "ProbeAuthority",
    "ProbeRequest",
    "ProbeResult",
    "RequestSigner",
    "address_of",
    "cases",
    "dump",
    "fetch_from",
    "make_authority",
    "probe",
    "read_authority",
    "row",
    "summary",
]

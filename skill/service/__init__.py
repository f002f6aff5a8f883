"""The web service: verified requests in, the skill's responses out."""

from skill.service.app import LARGEST_BODY, add_metrics, create_app
from skill.service.run import CertificateAuthority, ServeOptions, run

__all__ = [
    "LARGEST_BODY",
    "CertificateAuthority",
    "ServeOptions",
    "add_metrics",
    "create_app",
    "run",
]

"""The skill on AWS Lambda: the function, and the zip that it runs from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skill.aws.bundle import Architecture, LambdaZip, make_lambda_zip, trial_requests
    from skill.aws.lambda_function import SKILL_ID, TABLE, Handler, make_handler

    handler: Handler

__all__ = [
    "SKILL_ID",
    "TABLE",
    "Architecture",
    "Handler",
    "LambdaZip",
    "handler",
    "make_handler",
    "make_lambda_zip",
    "trial_requests",
]


def __getattr__(name: str) -> object:
    """Import what is asked for; Lambda asks for `handler`, which exists only in the zip."""
    if name == "handler":
        import os
        from pathlib import Path

        from skill.aws.lambda_function import make_handler

        globals()["handler"] = made = make_handler(Path(__file__).parents[2], os.environ)
        return made
    if name in __all__:
        # The function must not import what only makes the zip: a cold start pays for it.
        from skill.aws import bundle, lambda_function

        return getattr(lambda_function, name, None) or getattr(bundle, name)
    raise AttributeError(f"module {__name__} has no attribute {name}")

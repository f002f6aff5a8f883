"""What tests of the Lambda function share."""

from __future__ import annotations

from tests.memory.conftest import table

__all__ = ["table"]

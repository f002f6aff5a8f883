"""What tests of the memory share."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def table(aws: Any, request: pytest.FixtureRequest) -> Any:
    """An empty table."""
    return aws.create_table(
        TableName=f"listeners-{abs(hash(request.node.name))}",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

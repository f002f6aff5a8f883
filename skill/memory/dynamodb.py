"""Listeners in a DynamoDB table, under a keyed hash of their user id, with the SDK's adapter."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import boto3
from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.exceptions import PersistenceException
from ask_sdk_model import RequestEnvelope
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from skill.errors import AskableError
from skill.memory.connections import PerThread
from skill.memory.pseudonym import pseudonym, user_of

PARTITION = "id"
KEY_ITEM = "key"  # never the value of a hash
# A table answers within milliseconds and Alexa waits 8 s in all: forget rather than be late.
_CONFIG = Config(connect_timeout=0.5, read_timeout=0.8, retries={"total_max_attempts": 1})


@dataclass(frozen=True)
class _Connection:
    table: Any
    adapter: AbstractPersistenceAdapter


class DynamoMemory(AbstractPersistenceAdapter):
    """Persistent attributes in a table whose partition key is the string `id`.

    Every failure raises the SDK's PersistenceException, and the skill goes on without memory.

    Args:
        table: The table's name.
        key: A secret that user ids are hashed with; without one, the table keeps one that is made
            at the first request.

    Raises:
        AskableError: No AWS region is set.
    """

    def __init__(self, table: str, key: str | None) -> None:
        self._table = table
        self._key = hashlib.sha256(key.encode()).digest() if key else None
        self._lock = threading.Lock()
        self._connections = PerThread(self._connect)
        self._connections.get()

    def open_once(self) -> None:
        """Raise PersistenceException with the reason if the table cannot be used."""
        try:
            self._key_in(self._connections.get().table)
        except (BotoCoreError, ClientError) as error:
            raise PersistenceException(f"{self._table}: cannot be used: {error}") from error

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        """What is remembered of the listener of this request; empty for a new one."""
        if not user_of(request_envelope):
            return {}
        found: dict[str, object] = self._adapter.get_attributes(request_envelope)
        # DynamoDB returns every number as Decimal; ours are whole numbers.
        return {
            name: int(value) if isinstance(value, Decimal) else value
            for name, value in found.items()
        }

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        """Remember `attributes` for the listener of this request, if it has a user id."""
        if user_of(request_envelope):
            self._adapter.save_attributes(request_envelope, attributes)

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        """Forget the listener of this request."""
        self._adapter.delete_attributes(request_envelope)

    @property
    def _adapter(self) -> AbstractPersistenceAdapter:
        return self._connections.get().adapter

    def _connect(self) -> _Connection:
        try:
            # Its import makes a connection, which needs a region.
            from ask_sdk_dynamodb.adapter import DynamoDbAdapter

            # boto3's default session is not safe with several threads.
            with self._lock:
                resource = boto3.resource("dynamodb", config=_CONFIG)
        except BotoCoreError as error:
            raise AskableError(
                f"--dynamodb-table {self._table}: {error}; set AWS_DEFAULT_REGION to its region"
            ) from error
        table = resource.Table(self._table)

        def partition(envelope: RequestEnvelope) -> str:
            return pseudonym(user_of(envelope), self._key_in(table))

        adapter = DynamoDbAdapter(
            self._table, PARTITION, partition_keygen=partition, dynamodb_resource=resource
        )
        return _Connection(table, adapter)

    def _key_in(self, table: Any) -> bytes:
        """The given key or the table's; if several workers make one at once, the first stays."""
        if self._key is None:
            self._key = _stored_key(table) or _new_key(table)
        return self._key


def _stored_key(table: Any) -> bytes | None:
    found = table.get_item(Key={PARTITION: KEY_ITEM}, ConsistentRead=True).get("Item")
    return bytes(found["value"]) if found else None


def _new_key(table: Any) -> bytes:
    made = secrets.token_bytes(32)
    try:
        table.put_item(
            Item={PARTITION: KEY_ITEM, "value": made},
            ConditionExpression=f"attribute_not_exists({PARTITION})",
        )
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        return _stored_key(table) or made
    return made

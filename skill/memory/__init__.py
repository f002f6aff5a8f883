"""What is remembered of a listener between sessions: chooses the store. The SDK's adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_model import RequestEnvelope

from skill.errors import AskableError

if TYPE_CHECKING:
    from skill.memory.dynamodb import DynamoMemory
    from skill.memory.sqlite import SqliteMemory
    from skill.settings import Settings


class NoMemory(AbstractPersistenceAdapter):
    """Remembers nothing: every session is a first one."""

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        """Nothing, always."""
        return {}

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        """Let go of it."""

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        """Nothing is there to forget."""


def open_memory(settings: Settings) -> SqliteMemory | DynamoMemory:
    """DynamoDB where a table is named, else a SQLite file; connects at the first request.

    Raises AskableError for what only the operator can mend: a missing package or region.
    """
    if settings.dynamodb_table:
        return open_dynamodb(settings.dynamodb_table, settings.memory_key)
    from skill.memory.sqlite import SqliteMemory

    return SqliteMemory(settings.memory)


def open_dynamodb(table: str, key: str | None) -> DynamoMemory:
    """DynamoDB alone: Lambda's choice, where no file outlives a request."""
    try:
        # The AWS SDK takes longer to import than all the rest.
        from skill.memory.dynamodb import DynamoMemory
    except ModuleNotFoundError as error:
        raise AskableError(
            f"--dynamodb-table {table}: {error.name} is missing;"
            " run pip install 'askable[dynamodb]'"
        ) from error
    return DynamoMemory(table, key)

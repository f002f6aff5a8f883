"""What is remembered: listeners between sessions, and unanswered questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_model import RequestEnvelope

from skill.errors import AskableError
from skill.memory.unanswered import UnansweredLog, read_unanswered

if TYPE_CHECKING:
    from skill.memory.dynamodb import DynamoMemory
    from skill.memory.sqlite import SqliteMemory
    from skill.settings import Settings

__all__ = ["NoMemory", "UnansweredLog", "open_memory", "read_unanswered"]


class NoMemory(AbstractPersistenceAdapter):
    """Remembers nothing: every session is a listener's first."""

    def get_attributes(self, request_envelope: RequestEnvelope) -> dict[str, object]:
        """Always empty."""
        return {}

    def save_attributes(
        self, request_envelope: RequestEnvelope, attributes: dict[str, object]
    ) -> None:
        """Do nothing."""

    def delete_attributes(self, request_envelope: RequestEnvelope) -> None:
        """Do nothing."""


def open_memory(settings: Settings) -> SqliteMemory | DynamoMemory:
    """The store that the settings name: a DynamoDB table, else a SQLite file.

    It connects at the first request.

    Raises:
        AskableError: A package or the AWS region is missing.
    """
    # The modules are imported here because sqlite3 and boto3 slow down a start without them.
    if not settings.dynamodb_table:
        from skill.memory.sqlite import SqliteMemory

        return SqliteMemory(settings.memory)
    try:
        from skill.memory.dynamodb import DynamoMemory
    except ModuleNotFoundError as error:
        raise AskableError(
            f"--dynamodb-table {settings.dynamodb_table}: {error.name} is missing;"
            " run pip install 'askable[dynamodb]'"
        ) from error
    return DynamoMemory(settings.dynamodb_table, settings.memory_key)

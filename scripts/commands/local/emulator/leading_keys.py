"""The partition key values that a DynamoDB request names: IAM's condition key ``dynamodb:LeadingKeys``."""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Iterator

# Name of the partition key of a table, or of one of its indexes, or None when there is no such table.
PartitionKey = Callable[[str, "str | None"], "str | None"]

_EQUALITY = re.compile(r"([#\w.-]+)\s*=\s*(:[\w.-]+)")


def of_request(body: bytes, partition_key: PartitionKey) -> list[str]:
    """The values, without repetition, in the order of the request; empty for a scan or a request that is no item's."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return []
    if not isinstance(request, dict):
        return []
    try:
        values = [_text(value) for value in _values(request, partition_key) if isinstance(value, dict)]
    except (AttributeError, TypeError):
        return []  # Malformed; the service refuses it.
    return list(dict.fromkeys(value for value in values if value is not None))


def partition_key_of_stored_table(table: str, index: str | None) -> str | None:
    """Looks the key up among the emulator's tables."""
    from ministack.services import dynamodb

    found = dynamodb._tables.get(table.rpartition("/")[2])
    if not found:
        return None
    indexes = [*(found.get("GlobalSecondaryIndexes") or []), *(found.get("LocalSecondaryIndexes") or [])]
    schemas = {None: found["KeySchema"], **{each["IndexName"]: each["KeySchema"] for each in indexes}}
    hashes = [key["AttributeName"] for key in schemas.get(index, ()) if key["KeyType"] == "HASH"]
    return hashes[0] if hashes else None


def _values(request: dict, partition_key: PartitionKey) -> Iterator[Any]:
    """The partition key's typed value, such as ``{"S": "a"}``, of every item that the request names."""
    for table, content in (request.get("RequestItems") or {}).items():
        name = partition_key(table, None)
        items = content.get("Keys", []) if isinstance(content, dict) else [_item(write) for write in content]
        yield from (item.get(name) for item in items)
    for action in request.get("TransactItems") or []:
        for detail in action.values():
            yield _item(detail).get(partition_key(detail["TableName"], None))
    if isinstance(request.get("TableName"), str):
        name = partition_key(request["TableName"], request.get("IndexName"))
        yield _item(request).get(name)
        yield from _queried(request, name)


def _item(container: dict) -> dict:
    """The key or the item in a request, a transaction's part or a batch's write."""
    for member in ("PutRequest", "DeleteRequest"):
        container = container.get(member) or container
    return container.get("Key") or container.get("Item") or {}


def _queried(request: dict, name: str | None) -> Iterator[Any]:
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    for left, right in _EQUALITY.findall(request.get("KeyConditionExpression") or ""):
        if names.get(left, left) == name:
            yield values.get(right)
    # The older form of the same.
    yield from (request.get("KeyConditions") or {}).get(name, {}).get("AttributeValueList", [])


def _text(value: dict) -> str | None:
    return next((str(value[kind]) for kind in ("S", "N", "B") if kind in value), None)

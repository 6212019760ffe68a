"""A patch, in memory, of what MiniStack's policies see of PutEvents: the source and the type of each entry.

As released a request has neither ``events:source`` nor ``events:detail-type``, so a policy that lets a role put its own events alone
denies it all of them. Here each entry is evaluated by itself, on its bus and with both keys; an entry without a source, say, has no
such key. One that is denied denies the request, and nothing of it is put on a bus.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).

Keys: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
"""

from __future__ import annotations

import json
from typing import Any, Callable

import known_source
from ministack.core import iam_actions, iam_evaluator

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33. What names an action's resource, log_stream_patch.py guards.
_KNOWN_SOURCES = {
    "core.iam_actions.eventbridge_resource_arns": "0615291c4d9bbe53",
    "core.iam_evaluator.enforce": "cf64b1ee5b099c8f",
    "app._dispatch_service_request": "17e5ef6dcfa0d4e6",
}

_KEYS = {"Source": "events:source", "DetailType": "events:detail-type"}


class _EntryArn(str):
    """ARN of the bus of an entry, which knows the entry's condition keys."""

    keys: dict[str, str]

    def __new__(cls, arn: str, keys: dict[str, str]) -> _EntryArn:
        made = super().__new__(cls, arn)
        made.keys = keys
        return made


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("event_keys_patch.py", _KNOWN_SOURCES)
    iam_actions.eventbridge_resource_arns = _of_each_entry(iam_actions.eventbridge_resource_arns)
    iam_evaluator.enforce = _with_keys(iam_evaluator.enforce)


def _of_each_entry(original: Callable[[bytes, str, str], list[str]]) -> Callable[[bytes, str, str], list[str]]:
    """One ARN for each entry in place of one for each bus: the server checks all of them."""

    def eventbridge_resource_arns(body: bytes, region: str, account_id: str) -> list[str]:
        # Without an ARN the body is no request with entries.
        if not original(body, region, account_id):
            return []
        return [
            _EntryArn(arn, {key: entry[field] for field, key in _KEYS.items() if isinstance(entry.get(field), str)})
            for entry in json.loads(body)["Entries"]
            for arn in original(json.dumps({"Entries": [entry]}).encode(), region, account_id)
        ]

    return eventbridge_resource_arns


def _with_keys(original: Callable) -> Callable:
    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        if iam_action == "events:PutEvents" and isinstance(resource_arn, _EntryArn):
            service_context = {**(service_context or {}), **resource_arn.keys}
        return original(access_key_id, iam_action, service, region, resource_arn, service_context)

    return enforce

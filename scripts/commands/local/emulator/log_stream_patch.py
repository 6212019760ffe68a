"""A patch, in memory, of what MiniStack's policies see of CloudWatch Logs: actions on log streams name the stream.

As released CreateLogStream, PutLogEvents and their like are evaluated on the log group, so a policy for
``log-group:<name>:*``, which AWS's documents give for them, denies what it is for.
AWS evaluates them on ``log-group:<name>:log-stream:<name>``:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import json
from typing import Any, Callable

import known_source
from ministack.core import iam_actions

# Replaced; MiniStack 1.5.33.
_KNOWN_SOURCES = {"core.iam_actions.extract_resource_arn": "82f51700695c62fd"}

_STREAM_ACTIONS = {"CreateLogStream", "DeleteLogStream", "PutLogEvents", "GetLogEvents"}


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("log_stream_patch.py", _KNOWN_SOURCES)
    iam_actions.extract_resource_arn = _with_streams(iam_actions.extract_resource_arn)


def _with_streams(original: Callable[..., str]) -> Callable[..., str]:
    def extract_resource_arn(service: str, method: str, path: str, headers: dict, body: bytes, *rest: Any, **named: Any) -> str:
        arn = original(service, method, path, headers, body, *rest, **named)
        action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        if service != "logs" or action not in _STREAM_ACTIONS or ":log-group:" not in arn:
            return arn
        return f"{arn}:log-stream:{json.loads(body).get('logStreamName', '')}"

    return extract_resource_arn

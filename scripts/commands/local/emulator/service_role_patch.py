"""A patch, in memory, of MiniStack's AssumeRole: who assumes a role on behalf of an AWS service says for which resource.

The stand-in for ECS assumes the roles of tasks, as ECS does. A role's trust policy commonly asks for ``aws:SourceAccount`` and
``aws:SourceArn``, which only a service knows, against the confused deputy. The header ``x-local-source-arn`` of a request by the
emulator's root user gives both. Trust policies are evaluated as they are: without the header, or with another ARN, such a role
is refused.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import importlib
from typing import Any, Callable

import known_source

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.sts._caller_identity": "e60acc869c34089c",
    "services.sts.handle_request": "f2d7c72d01d64950",
    "core.iam_evaluator.evaluate_trust_policy": "4b50aa29ad29fe20",
    "core.iam_evaluator._principal_matches": "e1370d344db7cdef",
}

_HEADER = "x-local-source-arn"


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("service_role_patch.py", _KNOWN_SOURCES)
    sts = importlib.import_module("ministack.services.sts")
    sts._caller_identity = _with_source(sts._caller_identity)


def _with_source(original: Callable) -> Callable:
    def caller_identity(headers: dict, query_params: Any = None) -> Any:
        caller = original(headers, query_params)
        source = headers.get(_HEADER)
        if not source or not isinstance(caller, dict) or caller["principalType"] != "Root":
            return caller
        keys = {"aws:sourcearn": source, "aws:sourceaccount": caller["accountId"]}
        return {**caller, "principalKeys": {**caller.get("principalKeys", {}), **keys}}

    return caller_identity

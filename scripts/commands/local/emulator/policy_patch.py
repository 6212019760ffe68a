"""A patch, in memory, of MiniStack's policy evaluation: what it leaves out of IAM and the platform's isolation depends on.

- Policy variables, such as ``${cognito-identity.amazonaws.com:sub}`` and ``${aws:username}``, in Resource, NotResource and the
  string and ARN operators of Condition. As released they are compared as plain text, so a user's own folder is denied too.
- The condition keys of identity pools (``cognito-identity.amazonaws.com:sub``, ``:aud``, ``:amr``) for their credentials.
- ``aws:SecureTransport`` is true. The emulator speaks plain HTTP on the loopback interface, so the statements that refuse
  everything but TLS would refuse everything.
- ``dynamodb:LeadingKeys``, which as released is absent, so ``ForAllValues`` conditions on it allow everything.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).

Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html and
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Callable

import known_source
import leading_keys
from ministack.core import iam_actions, iam_evaluator
from ministack.core.iam_evaluator import EvalContext, ParsedStatement, ResolvedCredential

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "core.iam_evaluator._fnmatch_compile": "c95d90f11ae7a023",
    "core.iam_evaluator._resolve_condition_key": "15e26964cd38f32c",
    "core.iam_evaluator._resource_matches": "b7886876ab63da89",
    "core.iam_evaluator._conditions_met": "15b4c24a03e3ff17",
    "core.iam_evaluator._first_match": "dc96ef4846c74212",
    "core.iam_evaluator.evaluate": "2a5dd6932d1aca6a",
    "core.iam_evaluator._principal_keys": "82f8fd4f1d91e592",
    "core.iam_actions.dynamodb_service_context": "0f0021bdc8a3f13c",
}

_VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}")

# Stand for a literal "*" and "?" in a pattern: a wildcard character that came from a variable's value matches only itself.
_LITERALS = {"*": "\ue000", "?": "\ue001"}
# A pattern that no request's value equals: what a variable without a value makes of the text it is in.
_NOTHING = "\ue002"


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("policy_patch.py", _KNOWN_SOURCES)
    iam_evaluator._fnmatch_compile = _with_literals(iam_evaluator._fnmatch_compile)
    iam_evaluator._resolve_condition_key = _with_secure_transport(iam_evaluator._resolve_condition_key)
    iam_evaluator._first_match = _with_variables(iam_evaluator._first_match)
    iam_evaluator._principal_keys = _with_identity_keys(iam_evaluator._principal_keys)
    iam_actions.dynamodb_service_context = _with_leading_keys(iam_actions.dynamodb_service_context)


def _with_literals(original: Callable[[str, bool], re.Pattern]) -> Callable[[str, bool], re.Pattern]:
    def compile_pattern(pattern: str, ignore_case: bool) -> re.Pattern:
        compiled = original(pattern, ignore_case)
        if not any(stand_in in pattern for stand_in in _LITERALS.values()):
            return compiled
        text = compiled.pattern
        for character, stand_in in _LITERALS.items():
            text = text.replace(stand_in, re.escape(character))
        return re.compile(text, compiled.flags)

    return compile_pattern


def _with_secure_transport(original: Callable[[str, EvalContext], Any]) -> Callable[[str, EvalContext], Any]:
    def resolve_condition_key(key: str, ctx: EvalContext) -> Any:
        return "true" if key.lower() == "aws:securetransport" else original(key, ctx)

    return resolve_condition_key


def _with_variables(original: Callable) -> Callable:
    def first_match(ctx: EvalContext, statements: list[ParsedStatement], effect: str) -> ParsedStatement | None:
        return original(ctx, [_resolve_statement(statement, ctx) for statement in statements], effect)

    return first_match


def _resolve_statement(statement: ParsedStatement, ctx: EvalContext) -> ParsedStatement:
    return replace(
        statement,
        resources=[_resolve(text, ctx, wildcards=True) for text in statement.resources],
        not_resources=[_resolve(text, ctx, wildcards=True) for text in statement.not_resources],
        conditions={
            operator: _resolve_block(operator, block, ctx) for operator, block in (statement.conditions or {}).items()
        },
    )


def _resolve_block(operator: str, block: Any, ctx: EvalContext) -> Any:
    base = operator.lower().rpartition(":")[2]
    if not base.startswith(("string", "arn")) or not isinstance(block, dict):
        return block  # IAM reads variables with string and ARN operators only.
    wildcards = "like" in base or base.startswith("arn")
    return {
        key: [_resolve(str(value), ctx, wildcards) for value in (values if isinstance(values, list) else [values])]
        for key, values in block.items()
    }


def _resolve(text: str, ctx: EvalContext, wildcards: bool) -> str:
    """*text* with its variables replaced; `_NOTHING` when one has no value. *wildcards*: text is a pattern."""
    if "${" not in text:
        return text
    missing = False

    def value_of(match: re.Match) -> str:
        nonlocal missing
        name, default = match.groups()
        if name in ("*", "?", "$"):
            value: Any = name
        else:
            value = iam_evaluator._resolve_condition_key(name, ctx)
            if value is None:
                value = default
        if value is None or isinstance(value, (list, tuple)):
            missing = True  # Absent, or with several values, which a variable cannot stand for.
            return ""
        return "".join(_LITERALS.get(character, character) for character in str(value)) if wildcards else str(value)

    resolved = _VARIABLE.sub(value_of, text)
    return _NOTHING if missing else resolved


def _with_identity_keys(original: Callable) -> Callable:
    def principal_keys(credential: ResolvedCredential) -> dict[str, Any]:
        from ministack.services import sts

        keys = original(credential)
        session = sts._sessions.get(credential.access_key_id) or {}
        if session.get("_identity_id"):
            provider = "cognito-identity.amazonaws.com"
            keys[f"{provider}:sub"] = session["_identity_id"]
            keys[f"{provider}:aud"] = session.get("_identity_pool_id")
            keys[f"{provider}:amr"] = session.get("_cognito_amr")
        return keys

    return principal_keys


def _with_leading_keys(original: Callable[[bytes], dict]) -> Callable[[bytes], dict]:
    def service_context(body: bytes) -> dict:
        context = original(body)
        keys = leading_keys.of_request(body, leading_keys.partition_key_of_stored_table)
        return {**context, "dynamodb:LeadingKeys": keys} if keys else context

    return service_context

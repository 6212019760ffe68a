"""A patch, in memory, of MiniStack's policy evaluation: what it leaves out of IAM and the platform's isolation depends on.

- Policy variables, such as ``${cognito-identity.amazonaws.com:sub}`` and ``${aws:username}``, in Resource, NotResource and the
  string and ARN operators of Condition, of identity and resource policies of version 2012-10-17. As released they are compared as
  plain text, so a user's own folder is denied too. In policies of an older version they are plain text to IAM as well.
- The condition keys of identity pools (``cognito-identity.amazonaws.com:sub``, ``:aud``, ``:amr``) for their credentials.
- ``aws:SecureTransport`` is true. The emulator speaks plain HTTP on the loopback interface, so the statements that refuse
  everything but TLS would refuse everything.

A variable without a value fails on the safe side: an Allow that holds one allows nothing, and in a Deny the element that holds one
counts as matched. IAM is milder in places: it still matches the other resources of such an Allow, and not the resource of such a
Deny. No policy of the platform has a variable that is absent for those who are given the policy.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).

Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields, replace
from typing import Any, Callable

import known_source
from ministack.core import iam_evaluator
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
    "core.iam_evaluator.parse_policy_document": "622a4f98a3ecd766",
    "core.iam_evaluator.evaluate_resource_policy": "e49ce7161ad63e35",
}

_VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}")

# Stand for a literal "*" and "?" in a pattern: a wildcard character that came from a variable's value matches only itself.
_LITERALS = {"*": "\ue000", "?": "\ue001"}
# The one version of the policy language that has variables.
_VERSION = "2012-10-17"
# Carries a document's version in each of its statements, where MiniStack puts statements into a new document.
_VERSION_MARK = "\ue002Version"


@dataclass
class _Statement(ParsedStatement):
    """A statement that knows whether it may hold variables."""

    has_variables: bool = False


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("policy_patch.py", _KNOWN_SOURCES)
    iam_evaluator._fnmatch_compile = _with_literals(iam_evaluator._fnmatch_compile)
    iam_evaluator._resolve_condition_key = _with_secure_transport(iam_evaluator._resolve_condition_key)
    iam_evaluator._first_match = _with_variables(iam_evaluator._first_match)
    iam_evaluator._principal_keys = _with_identity_keys(iam_evaluator._principal_keys)
    iam_evaluator.parse_policy_document = _with_versions(iam_evaluator.parse_policy_document)
    iam_evaluator.evaluate_resource_policy = _with_marked_versions(iam_evaluator.evaluate_resource_policy)


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


def _with_versions(original: Callable[[Any], list[ParsedStatement]]) -> Callable[[Any], list[ParsedStatement]]:
    def parse_policy_document(document: Any) -> list[ParsedStatement]:
        document = _read(document)
        return [
            _Statement(
                **{field.name: getattr(parsed, field.name) for field in fields(ParsedStatement)},
                has_variables=statement.get(_VERSION_MARK, document.get("Version")) == _VERSION,
            )
            for statement in _statements(document)
            for parsed in original({"Statement": [statement]})
        ]

    return parse_policy_document


def _with_marked_versions(original: Callable) -> Callable:
    def evaluate_resource_policy(document: Any, *arguments: Any, **named: Any) -> iam_evaluator.EvalResult:
        document = _read(document)
        marked = [{**statement, _VERSION_MARK: document.get("Version")} for statement in _statements(document)]
        return original({**document, "Statement": marked}, *arguments, **named)

    return evaluate_resource_policy


def _read(document: Any) -> dict:
    """The document as an object; what is none has no statements, as in MiniStack."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return {}
    return document if isinstance(document, dict) else {}


def _statements(document: dict) -> list[dict]:
    statements = document.get("Statement", [])
    if isinstance(statements, dict):
        return [statements]
    return [each for each in statements if isinstance(each, dict)] if isinstance(statements, list) else []


def _with_variables(original: Callable) -> Callable:
    def first_match(ctx: EvalContext, statements: list[ParsedStatement], effect: str) -> ParsedStatement | None:
        resolved = (_resolve_statement(statement, ctx) for statement in statements if statement.effect == effect)
        return original(ctx, [statement for statement in resolved if statement], effect)

    return first_match


def _resolve_statement(statement: ParsedStatement, ctx: EvalContext) -> ParsedStatement | None:
    """*statement* without variables; None when it can match nothing."""
    if not getattr(statement, "has_variables", False):
        return statement
    resources = [_resolve(text, ctx, wildcards=True) for text in statement.resources]
    not_resources = [_resolve(text, ctx, wildcards=True) for text in statement.not_resources]
    conditions = {operator: _resolve_block(operator, block, ctx) for operator, block in (statement.conditions or {}).items()}
    if statement.effect == "Allow":
        values = [value for block in conditions.values() if isinstance(block, dict) for value in block.values()]
        if None in resources or None in not_resources or None in values:
            return None
    return replace(
        statement,
        # Of an Allow, nothing is left to be replaced here. Of a Deny, a resource without a value is any, an excepted one none.
        resources=["*" if text is None else text for text in resources],
        not_resources=[text for text in not_resources if text is not None],
        conditions={operator: _known(block) for operator, block in conditions.items()},
    )


def _resolve_block(operator: str, block: Any, ctx: EvalContext) -> Any:
    """*block* without variables: condition key to its values, None where one of these has no value."""
    base = operator.lower().rpartition(":")[2]
    if not base.startswith(("string", "arn")) or not isinstance(block, dict):
        return block  # IAM reads variables with string and ARN operators only.
    wildcards = "like" in base or base.startswith("arn")
    resolved = {
        key: [_resolve(str(value), ctx, wildcards) for value in (values if isinstance(values, list) else [values])]
        for key, values in block.items()
    }
    return {key: None if None in values else values for key, values in resolved.items()}


def _known(block: Any) -> Any:
    return {key: values for key, values in block.items() if values is not None} if isinstance(block, dict) else block


def _resolve(text: str, ctx: EvalContext, wildcards: bool) -> str | None:
    """*text* with its variables replaced; None when one has no value. *wildcards*: text is a pattern."""
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
    return None if missing else resolved


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

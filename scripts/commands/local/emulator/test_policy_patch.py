"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import json
import unittest
from unittest import mock

import leading_keys
import policy_patch
from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

IDENTITY = "us-east-1:11111111-1111-4111-8111-111111111111"
FOLDER = "arn:aws:s3:::files/${cognito-identity.amazonaws.com:sub}/*"
CONDITION_KEYS = {"sub": "cognito-identity.amazonaws.com:sub", "username": "aws:username", "prefix": "s3:prefix"}

_originals: dict[str, object] = {}


def setUpModule() -> None:
    for name in ("_fnmatch_compile", "_resolve_condition_key", "_first_match", "_principal_keys"):
        _originals[name] = getattr(iam_evaluator, name)
    _originals["context"] = policy_patch.iam_actions.dynamodb_service_context
    policy_patch.apply()


def tearDownModule() -> None:
    policy_patch.iam_actions.dynamodb_service_context = _originals.pop("context")
    for name, function in _originals.items():
        setattr(iam_evaluator, name, function)


def decide(statement: dict, resource: str = "*", action: str = "s3:GetObject", **keys: object) -> str:
    context = EvalContext(
        principal_arn="arn:aws:sts::000000000000:assumed-role/user/CognitoIdentityCredentials",
        principal_type="AssumedRole",
        principal_account="000000000000",
        action=action,
        resource_arn=resource,
        region="us-east-1",
        principal_keys={CONDITION_KEYS[name]: value for name, value in keys.items()},
    )
    document = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", **statement}}
    return evaluate(context, [parse_policy_document(document)]).decision


class Variables(unittest.TestCase):
    def test_own_folder_is_allowed(self) -> None:
        self.assertEqual(decide({"Resource": FOLDER}, f"arn:aws:s3:::files/{IDENTITY}/a.jpg", sub=IDENTITY), "Allow")

    def test_another_folder_is_denied(self) -> None:
        for key in ("other/a.jpg", f"{IDENTITY}x/a.jpg", IDENTITY, f"x{IDENTITY}/a.jpg", "*/a.jpg"):
            with self.subTest(key):
                self.assertEqual(decide({"Resource": FOLDER}, f"arn:aws:s3:::files/{key}", sub=IDENTITY), "ImplicitDeny")

    def test_without_a_value_nothing_is_allowed(self) -> None:
        for key in ("/a.jpg", "${cognito-identity.amazonaws.com:sub}/a.jpg", "anything/a.jpg"):
            with self.subTest(key):
                self.assertEqual(decide({"Resource": FOLDER}, f"arn:aws:s3:::files/{key}"), "ImplicitDeny")

    def test_names_are_read_without_regard_to_case(self) -> None:
        self.assertEqual(decide({"Resource": "arn:x:${AWS:UserName}"}, "arn:x:ann", username="ann"), "Allow")

    def test_a_wildcard_in_a_value_is_a_plain_character(self) -> None:
        for value in ("*", "a*", "?nn"):
            with self.subTest(value):
                self.assertEqual(decide({"Resource": "arn:x:${aws:username}/*"}, "arn:x:ann/1", username=value), "ImplicitDeny")
                self.assertEqual(decide({"Resource": "arn:x:${aws:username}/*"}, f"arn:x:{value}/1", username=value), "Allow")

    def test_a_default_stands_for_a_missing_value(self) -> None:
        self.assertEqual(decide({"Resource": "arn:x:${aws:username, 'guest'}"}, "arn:x:guest"), "Allow")

    def test_escaped_characters_are_plain(self) -> None:
        self.assertEqual(decide({"Resource": "arn:x:${*}${?}${$}"}, "arn:x:*?$"), "Allow")
        self.assertEqual(decide({"Resource": "arn:x:${*}"}, "arn:x:anything"), "ImplicitDeny")

    def test_not_resource(self) -> None:
        statement = {"Resource": [], "NotResource": "arn:x:${aws:username}"}
        self.assertEqual(decide(statement, "arn:x:ann", username="ann"), "ImplicitDeny")
        self.assertEqual(decide(statement, "arn:x:bob", username="ann"), "Allow")

    def test_a_deny_is_resolved_too(self) -> None:
        statement = {"Effect": "Deny", "Resource": "arn:x:${aws:username}"}
        self.assertEqual(decide(statement, "arn:x:ann", username="ann"), "Deny")
        self.assertEqual(decide(statement, "arn:x:bob", username="ann"), "ImplicitDeny")

    def test_conditions(self) -> None:
        prefix = {"s3:prefix": "${cognito-identity.amazonaws.com:sub}/*"}
        own, other = f"{IDENTITY}/photos", "other/photos"
        self.assertEqual(decide({"Condition": {"StringLike": prefix}}, sub=IDENTITY, prefix=own), "Allow")
        self.assertEqual(decide({"Condition": {"StringLike": prefix}}, sub=IDENTITY, prefix=other), "ImplicitDeny")
        self.assertEqual(decide({"Condition": {"StringLike": prefix}}, prefix=own), "ImplicitDeny")
        self.assertEqual(decide({"Condition": {"StringNotLike": prefix}}, sub=IDENTITY, prefix=own), "ImplicitDeny")
        equals = {"ForAnyValue:StringEquals": {"s3:prefix": "${aws:username}"}}
        self.assertEqual(decide({"Condition": equals}, username="a*", prefix="a*"), "Allow")
        self.assertEqual(decide({"Condition": equals}, username="a*", prefix="ab"), "ImplicitDeny")


class Transport(unittest.TestCase):
    def test_the_loopback_interface_counts_as_secure(self) -> None:
        denied = {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
        self.assertEqual(decide(denied), "ImplicitDeny")
        self.assertEqual(decide({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}), "Allow")


class Sessions(unittest.TestCase):
    def test_identity_pool_credentials_know_their_identity(self) -> None:
        from ministack.services import sts

        credential = iam_evaluator.ResolvedCredential(
            access_key_id="ASIATEST",
            secret_access_key="x",
            account_id="000000000000",
            principal_arn="arn:aws:sts::000000000000:assumed-role/user/CognitoIdentityCredentials",
            principal_id="x",
            principal_type="AssumedRole",
        )
        session = {"_identity_id": IDENTITY, "_identity_pool_id": "us-east-1:pool", "_cognito_amr": ["authenticated"]}
        with mock.patch.dict(sts._sessions, {"ASIATEST": session}):
            keys = iam_evaluator._principal_keys(credential)
        self.assertEqual(keys["cognito-identity.amazonaws.com:sub"], IDENTITY)
        self.assertEqual(keys["cognito-identity.amazonaws.com:aud"], "us-east-1:pool")
        self.assertEqual(keys["cognito-identity.amazonaws.com:amr"], ["authenticated"])
        self.assertNotIn("cognito-identity.amazonaws.com:sub", iam_evaluator._principal_keys(credential))


class LeadingKeys(unittest.TestCase):
    def of(self, request: dict) -> list[str]:
        return leading_keys.of_request(json.dumps(request).encode(), lambda _, index: "alt" if index else "pk")

    def test_requests(self) -> None:
        key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
        other = {"pk": {"N": "2"}, "sk": {"S": "1"}}
        query = {"ExpressionAttributeNames": {"#k": "pk"}, "ExpressionAttributeValues": {":k": {"S": "a"}, ":s": {"S": "b"}}}
        cases: dict[str, tuple[dict, list[str]]] = {
            "get": ({"TableName": "t", "Key": key}, ["a"]),
            "put": ({"TableName": "t", "Item": {**key, "x": {"S": "b"}}}, ["a"]),
            "query": ({"TableName": "t", "KeyConditionExpression": "#k = :k AND begins_with(sk, :s)", **query}, ["a"]),
            "query in brackets": ({"TableName": "t", "KeyConditionExpression": "(sk=:s) and (#k=:k)", **query}, ["a"]),
            "query of an index": (
                {"TableName": "t", "IndexName": "i", "KeyConditionExpression": "alt = :s", **query},
                ["b"],
            ),
            "older query": (
                {"TableName": "t", "KeyConditions": {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}},
                ["a"],
            ),
            "batch get": ({"RequestItems": {"t": {"Keys": [key, other, key]}}}, ["a", "2"]),
            "batch write": ({"RequestItems": {"t": [{"PutRequest": {"Item": key}}, {"DeleteRequest": {"Key": other}}]}}, ["a", "2"]),
            "transaction": (
                {"TransactItems": [{"Put": {"TableName": "t", "Item": key}}, {"Delete": {"TableName": "t", "Key": other}}]},
                ["a", "2"],
            ),
            "scan": ({"TableName": "t", "FilterExpression": "pk = :k"}, []),
            "malformed": ({"TransactItems": [1]}, []),
            "no table": ({"Statement": "SELECT 1"}, []),
        }
        for name, (request, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(self.of(request), expected)

    def test_no_json(self) -> None:
        self.assertEqual(leading_keys.of_request(b"\xff", lambda *_: "pk"), [])


if __name__ == "__main__":
    unittest.main()

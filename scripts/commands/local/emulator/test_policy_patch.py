"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import json
import unittest
from unittest import mock

import policy_patch
from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, evaluate

IDENTITY = "us-east-1:11111111-1111-4111-8111-111111111111"
FOLDER = "arn:aws:s3:::files/${cognito-identity.amazonaws.com:sub}/*"
CONDITION_KEYS = {"sub": "cognito-identity.amazonaws.com:sub", "username": "aws:username", "prefix": "s3:prefix"}

_originals: dict[str, object] = {}


def setUpModule() -> None:
    for name in (
        "_fnmatch_compile",
        "_resolve_condition_key",
        "_first_match",
        "_principal_keys",
        "parse_policy_document",
        "evaluate_resource_policy",
    ):
        _originals[name] = getattr(iam_evaluator, name)
    policy_patch.apply()


def tearDownModule() -> None:
    for name, function in _originals.items():
        setattr(iam_evaluator, name, function)


def context_of(resource: str = "*", action: str = "s3:GetObject", **keys: object) -> EvalContext:
    return EvalContext(
        principal_arn="arn:aws:sts::000000000000:assumed-role/user/CognitoIdentityCredentials",
        principal_type="AssumedRole",
        principal_account="000000000000",
        action=action,
        resource_arn=resource,
        region="us-east-1",
        principal_keys={CONDITION_KEYS[name]: value for name, value in keys.items()},
    )


def decide(statement: dict, resource: str = "*", version: str | None = "2012-10-17", **keys: object) -> str:
    """What one statement, by itself, says of a request. By its policy, as text, as MiniStack keeps it."""
    document = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", **statement}}
    text = json.dumps(document if version is None else {"Version": version, **document})
    return evaluate(context_of(resource, **keys), [iam_evaluator.parse_policy_document(text)]).decision


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


class MissingValues(unittest.TestCase):
    """No request here has `aws:username`."""

    def test_an_allow_that_holds_one_allows_nothing(self) -> None:
        name = "${aws:username}"
        cases: dict[str, dict] = {
            "resource": {"Resource": f"arn:x:{name}"},
            "resource, beside one that matches": {"Resource": ["arn:x:*", f"arn:x:{name}"]},
            "excepted resource": {"Resource": [], "NotResource": f"arn:y:{name}"},
            "string": {"Condition": {"StringEquals": {"s3:prefix": name}}},
            "string, beside one that matches": {"Condition": {"StringEquals": {"s3:prefix": [name, "p"]}}},
            "negated string": {"Condition": {"StringNotEquals": {"s3:prefix": name}}},
            "negated pattern": {"Condition": {"StringNotLike": {"s3:prefix": [f"{name}/*", "other"]}}},
            "negated ARN": {"Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::000000000000:user/{name}"}}},
            "absent key": {"Condition": {"StringEqualsIfExists": {"s3:max-keys": name}}},
            "all of none": {"Condition": {"ForAllValues:StringLike": {"s3:max-keys": name}}},
            "one of two conditions": {"Condition": {"StringEquals": {"s3:prefix": "p"}, "StringNotEquals": {"s3:max-keys": name}}},
        }
        for case, statement in cases.items():
            with self.subTest(case):
                self.assertEqual(decide(statement, "arn:x:a", prefix="p"), "ImplicitDeny")

    def test_a_deny_that_holds_one_is_not_weaker_for_it(self) -> None:
        name = "${aws:username}"
        cases: dict[str, dict] = {
            "resource": {"Resource": f"arn:x:{name}"},
            "excepted resource": {"Resource": [], "NotResource": f"arn:x:{name}"},
            "excepted resource, beside another": {"Resource": [], "NotResource": [f"arn:x:{name}", "arn:y:a"]},
            "string": {"Condition": {"StringEquals": {"s3:prefix": name}}},
            "negated string": {"Condition": {"StringNotEquals": {"s3:prefix": [name, "p"]}}},
            "any of several": {"Condition": {"ForAnyValue:StringLike": {"s3:prefix": f"{name}/*"}}},
        }
        for case, statement in cases.items():
            with self.subTest(case):
                self.assertEqual(decide({"Effect": "Deny", **statement}, "arn:x:a", prefix="p"), "Deny")

    def test_the_other_elements_of_a_deny_still_count(self) -> None:
        name = "${aws:username}"
        cases: dict[str, dict] = {
            "excepted resource": {"Resource": [], "NotResource": [f"arn:x:{name}", "arn:x:a"]},
            "resource": {"Resource": "arn:y:*", "Condition": {"StringEquals": {"s3:prefix": name}}},
            "condition": {"Resource": f"arn:x:{name}", "Condition": {"StringEquals": {"s3:prefix": "other"}}},
            "condition of the same operator": {"Condition": {"StringEquals": {"s3:max-keys": name, "s3:prefix": "other"}}},
        }
        for case, statement in cases.items():
            with self.subTest(case):
                self.assertEqual(decide({"Effect": "Deny", **statement}, "arn:x:a", prefix="p"), "ImplicitDeny")

    def test_several_values_are_none(self) -> None:
        self.assertEqual(decide({"Resource": "arn:x:${aws:username}"}, "arn:x:ann", username=["ann"]), "ImplicitDeny")


class Versions(unittest.TestCase):
    def test_without_version_2012_10_17_a_variable_is_plain_text(self) -> None:
        for version in (None, "2008-10-17", "2012-10-18"):
            with self.subTest(version):
                own = decide({"Resource": "arn:x:${aws:username}"}, "arn:x:ann", version, username="ann")
                plain = decide({"Resource": "arn:x:${aws:username}"}, "arn:x:${aws:username}", version, username="ann")
                self.assertEqual((own, plain), ("ImplicitDeny", "Allow"))
                condition = {"Effect": "Deny", "Condition": {"StringNotEquals": {"s3:prefix": "${aws:username}"}}}
                self.assertEqual(decide(condition, version=version, username="ann", prefix="ann"), "Deny")

    def test_a_resource_policy_keeps_its_version(self) -> None:
        for version, expected in (("2012-10-17", "Allow"), ("2008-10-17", "ImplicitDeny"), (None, "ImplicitDeny")):
            with self.subTest(version):
                statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:x:${aws:username}"}
                document = {"Version": version, "Statement": [statement]}
                for form in (document, json.dumps(document)):
                    result = iam_evaluator.evaluate_resource_policy(form, context_of("arn:x:ann", username="ann"))
                    self.assertEqual(result.decision, expected)

    def test_a_resource_policy_still_names_whom_it_applies_to(self) -> None:
        statement = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "s3:*", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": statement}
        self.assertEqual(iam_evaluator.evaluate_resource_policy(document, context_of()).decision, "ImplicitDeny")

    def test_what_is_no_policy_has_no_statements(self) -> None:
        for document in ("", "{", "[]", None, [], {}, {"Statement": "x"}, {"Statement": ["x"]}, {"Statement": {"Effect": "?"}}):
            with self.subTest(document):
                self.assertEqual(iam_evaluator.parse_policy_document(document), [])
                self.assertEqual(iam_evaluator.evaluate_resource_policy(document, context_of()).decision, "ImplicitDeny")


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


if __name__ == "__main__":
    unittest.main()

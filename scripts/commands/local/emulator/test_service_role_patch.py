"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import asyncio
import importlib
import json
import unittest
from unittest import mock
from urllib.parse import urlencode

import service_role_patch
from ministack import app

sts = importlib.import_module("ministack.services.sts")
iam = importlib.import_module("ministack.services.iam")
_original = sts._caller_identity
ACCOUNT = "000000000000"
CLUSTER = f"arn:aws:ecs:us-east-1:{ACCOUNT}:*"


def setUpModule() -> None:
    service_role_patch.apply()


def tearDownModule() -> None:
    sts._caller_identity = _original


class Assume(unittest.TestCase):
    def assume(self, condition: dict | None, headers: dict[str, str]) -> int:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            **({"Condition": condition} if condition else {}),
        }
        iam._roles["task"] = {
            "RoleName": "task",
            "Arn": f"arn:aws:iam::{ACCOUNT}:role/task",
            "AssumeRolePolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        }
        self.addCleanup(iam._roles.pop, "task", None)
        body = {"Action": "AssumeRole", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/task", "RoleSessionName": "t"}
        scope = "test/20260101/us-east-1/sts/aws4_request"
        signed = {"authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none", **headers}
        with mock.patch.object(app, "AUTH", True):
            status, *_ = asyncio.run(sts.handle_request("POST", "/", signed, urlencode(body).encode(), {}))
        return status

    def test_a_service_names_the_resource_it_works_for(self) -> None:
        task = {"x-local-source-arn": f"arn:aws:ecs:us-east-1:{ACCOUNT}:task/services/1"}
        other = {"x-local-source-arn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"}
        source = {"ArnLike": {"aws:SourceArn": CLUSTER}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}
        foreign = {"StringEquals": {"aws:SourceAccount": "111111111111"}}
        for name, condition, headers, expected in (
            ("no condition", None, {}, 200),
            ("the resource that is asked for", source, task, 200),
            ("another resource", source, other, 403),
            ("no resource", source, {}, 403),
            ("another account", foreign, task, 403),
        ):
            with self.subTest(name):
                self.assertEqual(self.assume(condition, headers), expected)


if __name__ == "__main__":
    unittest.main()

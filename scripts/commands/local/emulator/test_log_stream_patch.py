"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import json
import unittest

import log_stream_patch
from ministack.core import iam_actions

_original = iam_actions.extract_resource_arn
GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/ecs/catalog"


def setUpModule() -> None:
    log_stream_patch.apply()


def tearDownModule() -> None:
    iam_actions.extract_resource_arn = _original


class Resources(unittest.TestCase):
    def resource(self, action: str, body: dict) -> str:
        headers = {"x-amz-target": f"Logs_20140328.{action}"}
        return iam_actions.extract_resource_arn(
            "logs", "POST", "/", headers, json.dumps(body).encode(), {}, "us-east-1", "000000000000"
        )

    def test_actions_on_streams_name_the_stream(self) -> None:
        for action in ("CreateLogStream", "PutLogEvents"):
            with self.subTest(action):
                body = {"logGroupName": "/ecs/catalog", "logStreamName": "task/1"}
                self.assertEqual(self.resource(action, body), f"{GROUP}:log-stream:task/1")

    def test_other_actions_name_the_group(self) -> None:
        self.assertEqual(self.resource("FilterLogEvents", {"logGroupName": "/ecs/catalog"}), GROUP)
        self.assertEqual(self.resource("DescribeLogGroups", {}), "*")


if __name__ == "__main__":
    unittest.main()

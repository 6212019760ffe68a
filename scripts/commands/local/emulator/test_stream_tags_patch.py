"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import json
import unittest

import stream_tags_patch
from ministack.services import kinesis

_original = kinesis._create_stream


def setUpModule() -> None:
    stream_tags_patch.apply()


def tearDownModule() -> None:
    kinesis._create_stream = _original


class StreamTags(unittest.TestCase):
    def make(self, **settings: object) -> tuple:
        self.addCleanup(kinesis._streams.pop, "tagged", None)
        return kinesis._create_stream({"StreamName": "tagged", "ShardCount": 1, **settings})

    def tags(self) -> list:
        return json.loads(kinesis._list_tags({"StreamName": "tagged"})[2])["Tags"]

    def test_a_stream_has_the_tags_that_it_was_made_with(self) -> None:
        self.make(Tags={"project": "acme"})
        self.assertEqual(self.tags(), [{"Key": "project", "Value": "acme"}])

    def test_a_stream_that_was_made_without_has_none(self) -> None:
        self.make()
        self.assertEqual(self.tags(), [])

    def test_a_stream_that_is_there_already_keeps_its_own(self) -> None:
        self.make(Tags={"project": "acme"})
        self.assertEqual(self.make(Tags={"project": "other"})[0], 400)
        self.assertEqual(self.tags(), [{"Key": "project", "Value": "acme"}])


if __name__ == "__main__":
    unittest.main()

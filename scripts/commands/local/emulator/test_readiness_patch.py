"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import json
import os
import unittest
from unittest import mock

import readiness_patch
from ministack import app


class Readiness(unittest.TestCase):
    def setUp(self) -> None:
        original = app._handle_ready_request
        self.addCleanup(setattr, app, "_handle_ready_request", original)
        readiness_patch.apply()

    def test_the_answer_names_the_process(self) -> None:
        for scripts, expected in (("running", 503), ("completed", 200)):
            with self.subTest(scripts), mock.patch.dict(app._ready_scripts_state, {"status": scripts}):
                status, _, body = app._handle_ready_request("/_ministack/ready", "id")
                self.assertEqual(status, expected)
                self.assertEqual(json.loads(body)["pid"], os.getpid())
                self.assertEqual(json.loads(body)["status"], scripts)

    def test_other_requests_go_on(self) -> None:
        self.assertIsNone(app._handle_ready_request("/bucket/key", "id"))


if __name__ == "__main__":
    unittest.main()

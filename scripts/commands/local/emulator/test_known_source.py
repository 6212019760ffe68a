"""Unit tests of the guard: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import unittest

import known_source

NAME = "core.iam_evaluator._action_matches"


class Guard(unittest.TestCase):
    def test_the_known_source_is_accepted(self) -> None:
        known_source.require("a patch", {NAME: known_source.digest(NAME)})

    def test_a_changed_function_is_refused_by_name(self) -> None:
        with self.assertRaises(known_source.UnknownEmulatorError) as caught:
            known_source.require("policy_patch.py", {NAME: "0" * 16})
        self.assertEqual(
            str(caught.exception),
            f"MiniStack has other functions than policy_patch.py was written for: {NAME} ({known_source.digest(NAME)}); "
            "read what changed there, adapt the patch and its test, then put these digits into its list",
        )

    def test_a_missing_function_is_refused_by_name(self) -> None:
        with self.assertRaisesRegex(known_source.UnknownEmulatorError, r"core\.iam_evaluator\._no_such \(gone\)"):
            known_source.require("a patch", {"core.iam_evaluator._no_such": "0" * 16})


if __name__ == "__main__":
    unittest.main()

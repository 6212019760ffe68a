"""Unit tests of saving: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import json
import pathlib
import tempfile
import unittest
from typing import Any, Callable
from unittest import mock

import saving
from ministack.core import persistence
from ministack.core.responses import AccountScopedDict


class Saving(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name) / "state"
        # What MiniStack reads from when it starts.
        patch = mock.patch.multiple(persistence, PERSIST_STATE=True, STATE_DIR=str(self.folder))
        patch.start()
        self.addCleanup(patch.stop)

    def save(self, **services: Callable[[], Any]) -> list[str]:
        return saving.save(dict(services), self.folder)

    def test_ministack_reads_back_what_was_saved(self) -> None:
        scoped = AccountScopedDict()
        scoped["name"] = {"body": b"\xff"}
        self.assertEqual(self.save(dynamodb=lambda: {"tables": scoped}), [])
        read = persistence.load_state("dynamodb")
        assert read is not None
        self.assertEqual(read["tables"]["name"], {"body": b"\xff"})
        self.assertEqual([path.name for path in self.folder.iterdir()], ["dynamodb.json"])

    def test_a_service_that_fails_is_named_and_keeps_what_it_had(self) -> None:
        self.save(s3=lambda: {"kept": 1}, sqs=lambda: {"kept": 1})
        failures = self.save(s3=lambda: {"lost": object()}, sqs=mock.Mock(side_effect=ValueError("no\nstate")), sns=lambda: {"a": 1})
        self.assertEqual(
            failures,
            ["s3: TypeError: Object of type object is not JSON serializable", "sqs: ValueError: no state"],
        )
        self.assertEqual(persistence.load_state("s3"), {"kept": 1})
        self.assertEqual(persistence.load_state("sqs"), {"kept": 1})
        self.assertEqual(persistence.load_state("sns"), {"a": 1})

    def test_data_that_changes_beneath_is_tried_again(self) -> None:
        changing = mock.Mock(side_effect=[RuntimeError("dictionary changed size during iteration"), {"a": 1}])
        self.assertEqual(self.save(lambda_=changing), [])
        self.assertEqual(persistence.load_state("lambda_"), {"a": 1})

    def test_a_service_without_state_keeps_its_file(self) -> None:
        self.save(iot=lambda: {"kept": 1})
        self.assertEqual(self.save(iot=lambda: None), [])
        self.assertEqual(persistence.load_state("iot"), {"kept": 1})

    def test_the_form_is_that_of_ministack(self) -> None:
        self.save(sqs=lambda: {"a": b"b"})
        own = json.loads((self.folder / "sqs.json").read_text())
        persistence.save_state("sqs", {"a": b"b"})
        self.assertEqual(own, json.loads((self.folder / "sqs.json").read_text()))

    def test_the_report_names_what_failed(self) -> None:
        report = self.folder.parent / "saved"
        for services, expected in (
            ({"sqs": lambda: {}}, ""),
            ({"sqs": lambda: object(), "sns": lambda: {}}, "sqs: TypeError: Object of type object is not JSON serializable\n"),
        ):
            with self.subTest(expected), mock.patch.object(saving.app, "_build_persistence_save_dict", lambda: services):
                saving.save_to(report)
                self.assertEqual(report.read_text(), expected)

    def test_only_the_pinned_version_is_accepted(self) -> None:
        saving.check()


if __name__ == "__main__":
    unittest.main()

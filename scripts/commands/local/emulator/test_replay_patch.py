"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import importlib
import json
import time
import unittest
from unittest import mock

import replay_patch

eventbridge = importlib.import_module("ministack.services.eventbridge")
_original = eventbridge._dispatch_event
ACCOUNT = "arn:aws:events:us-east-1:000000000000"
BUS = f"{ACCOUNT}:event-bus/replayed"
RULE = f"{ACCOUNT}:rule/replayed"


def setUpModule() -> None:
    replay_patch.apply()


def tearDownModule() -> None:
    eventbridge._dispatch_event = _original


class Replay(unittest.TestCase):
    def setUp(self) -> None:
        self.delivered: list[str] = []
        invoke = mock.patch.object(
            eventbridge, "_invoke_target", lambda target, event, rule, view: self.delivered.append(target["Id"])
        )
        invoke.start()
        self.addCleanup(invoke.stop)
        eventbridge._create_event_bus({"Name": "replayed"})
        self.addCleanup(eventbridge._delete_event_bus, {"Name": "replayed"})
        for name, pattern in (
            ("every", {"detail-type": ["placed"]}),
            ("rebuild", {"replay-name": [{"exists": True}]}),
            ("other", {"detail-type": ["cancelled"]}),
        ):
            self.put_rule(name, pattern)
        eventbridge._create_archive({"ArchiveName": "replayed", "EventSourceArn": BUS})
        self.addCleanup(eventbridge._delete_archive, {"ArchiveName": "replayed"})

    def put_rule(self, name: str, pattern: dict) -> None:
        eventbridge._put_rule({"Name": name, "EventBusName": "replayed", "EventPattern": json.dumps(pattern)})
        target = {"Id": name, "Arn": "arn:aws:sqs:us-east-1:000000000000:none"}
        eventbridge._put_targets({"Rule": name, "EventBusName": "replayed", "Targets": [target]})

    def put_event(self) -> None:
        entry = {"Source": "shop", "DetailType": "placed", "Detail": "{}", "EventBusName": "replayed"}
        eventbridge._put_events({"Entries": [entry]})
        self.addCleanup(self.delivered.clear)

    def replay(self, name: str, **destination: list[str]) -> None:
        eventbridge._start_replay(
            {
                "ReplayName": name,
                "EventSourceArn": f"{ACCOUNT}:archive/replayed",
                "EventStartTime": 0,
                "EventEndTime": time.time() + 60,
                "Destination": {"Arn": BUS, **destination},
            }
        )
        self.addCleanup(eventbridge._replays.pop, name, None)
        self.wait_for("COMPLETED", name)

    def wait_for(self, state: str, name: str) -> None:
        deadline = time.monotonic() + 10
        while eventbridge._replays[name]["State"] != state and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(eventbridge._replays[name]["State"], state)

    def test_what_happens_reaches_every_rule_that_it_matches(self) -> None:
        self.put_event()
        self.assertEqual(self.delivered, ["every"])

    def test_a_replay_reaches_the_rules_that_it_names_and_that_match(self) -> None:
        for name, rules, expected in (
            ("none-named", {}, ["every", "rebuild"]),
            ("one-named", {"FilterArns": [f"{RULE}/rebuild"]}, ["rebuild"]),
            ("two-named", {"FilterArns": [f"{RULE}/rebuild", f"{RULE}/other"]}, ["rebuild"]),
        ):
            with self.subTest(name):
                self.put_event()
                self.delivered.clear()
                eventbridge._archives["replayed"]["Events"] = eventbridge._archives["replayed"]["Events"][:1]
                self.replay(name, **rules)
                self.assertEqual(self.delivered, expected)

    def test_a_replay_that_is_cancelled_delivers_nothing_more(self) -> None:
        event = {"ReplayName": "cancelled", "EventBusName": "replayed", "DetailType": "placed", "Detail": "{}"}
        eventbridge._replays["cancelled"] = {"State": "CANCELLED", "Destination": {"Arn": BUS}}
        self.addCleanup(eventbridge._replays.pop, "cancelled", None)
        eventbridge._dispatch_event(event)
        self.assertEqual(self.delivered, [])


if __name__ == "__main__":
    unittest.main()

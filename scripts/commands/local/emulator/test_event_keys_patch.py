"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import json
import unittest
from unittest import mock

import event_keys_patch
from ministack.core import iam_actions, iam_evaluator

_originals = (iam_actions.eventbridge_resource_arns, iam_evaluator.enforce)
PLACED = {"Source": "shop.orders", "DetailType": "placed", "EventBusName": "shop"}
CANCELLED = {**PLACED, "DetailType": "cancelled"}
FOREIGN = {**PLACED, "Source": "shop.fulfilment"}
SHOP = "arn:aws:events:us-east-1:000000000000:event-bus/shop"


def setUpModule() -> None:
    event_keys_patch.apply()


def tearDownModule() -> None:
    iam_actions.eventbridge_resource_arns, iam_evaluator.enforce = _originals


def resources(body: object) -> list[str]:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return iam_actions.eventbridge_resource_arns(text, "us-east-1", "000000000000")


class Resources(unittest.TestCase):
    def test_each_entry_has_its_bus_and_its_keys(self) -> None:
        found = resources({"Entries": [PLACED, CANCELLED, {"Source": "shop.orders"}, "none", {"Source": 1, "EventBusName": SHOP}]})
        self.assertEqual(found, [SHOP, SHOP, SHOP.replace("/shop", "/default"), SHOP])
        self.assertEqual(
            [arn.keys for arn in found],
            [
                {"events:source": "shop.orders", "events:detail-type": "placed"},
                {"events:source": "shop.orders", "events:detail-type": "cancelled"},
                {"events:source": "shop.orders"},
                {},
            ],
        )

    def test_other_requests_have_none(self) -> None:
        for body in (b"", b"{", [], {}, {"Entries": {}}, {"Name": "rule", "EventBusName": "shop"}):
            with self.subTest(body):
                self.assertEqual(resources(body), [])


class Decisions(unittest.TestCase):
    def decide(self, condition: dict, *entries: dict, action: str = "events:PutEvents") -> list[bool]:
        """For each entry, whether a role that may put events on the condition is let through."""
        statement = {"Effect": "Allow", "Action": "events:*", "Resource": SHOP, "Condition": condition}
        policies = [iam_evaluator.parse_policy_document({"Version": "2012-10-17", "Statement": [statement]})]
        arn = "arn:aws:sts::000000000000:assumed-role/relay/task"
        principal = iam_evaluator.PrincipalInfo(arn, "AssumedRole", "000000000000", policies)
        with (
            mock.patch.object(iam_evaluator, "authenticate", return_value=None),
            mock.patch.object(iam_evaluator, "resolve_principal", return_value=principal),
        ):
            return [
                iam_evaluator.enforce("ASIATEST", action, "events", "us-east-1", resource_arn=resource) is None
                for resource in resources({"Entries": list(entries)})
            ]

    def test_an_entry_goes_by_its_own_source_and_type(self) -> None:
        own = {"events:source": "shop.orders", "events:detail-type": ["placed", "cancelled"]}
        shipped = {**PLACED, "DetailType": "shipped"}
        untyped = {"Source": "shop.orders", "EventBusName": "shop"}
        elsewhere = {**PLACED, "EventBusName": "other"}
        decided = self.decide({"StringEquals": own}, PLACED, FOREIGN, CANCELLED, shipped, untyped, elsewhere)
        self.assertEqual(decided, [True, False, True, False, False, False])

    def test_operators_take_the_one_value(self) -> None:
        for operator, value, expected in (
            ("StringLike", "shop.*", [True, True]),
            ("StringNotEquals", "shop.orders", [False, True]),
            ("ForAllValues:StringEquals", ["shop.orders"], [True, False]),
            ("ForAnyValue:StringEquals", ["shop.orders"], [True, False]),
            ("Null", "false", [True, True]),
        ):
            with self.subTest(operator):
                self.assertEqual(self.decide({operator: {"events:source": value}}, PLACED, FOREIGN), expected)

    def test_no_other_action_has_the_keys(self) -> None:
        own = {"StringEquals": {"events:source": "shop.orders"}}
        self.assertEqual(self.decide(own, PLACED, action="events:PutPartnerEvents"), [False])


if __name__ == "__main__":
    unittest.main()

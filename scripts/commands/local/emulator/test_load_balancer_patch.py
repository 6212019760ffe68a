"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import importlib
import re
import unittest

import load_balancer_patch

alb = importlib.import_module("ministack.services.alb")
_originals = dict(alb._ACTION_MAP)


def setUpModule() -> None:
    load_balancer_patch.apply()


def tearDownModule() -> None:
    alb._ACTION_MAP.update(_originals)


class Targets(unittest.TestCase):
    def setUp(self) -> None:
        alb._ACTION_MAP["CreateTargetGroup"]({"Name": ["g"], "Port": ["8080"], "Protocol": ["HTTP"], "TargetType": ["ip"]})
        self.addCleanup(alb.reset)
        (self.group,) = alb._tgs

    def call(self, action: str, *targets: tuple[str, int | None]) -> list[tuple[str, str]]:
        params = {"TargetGroupArn": [self.group]}
        for number, (address, port) in enumerate(targets, 1):
            params[f"Targets.member.{number}.Id"] = [address]
            if port is not None:
                params[f"Targets.member.{number}.Port"] = [str(port)]
        status, _, body = alb._ACTION_MAP[action](params)
        self.assertEqual(status, 200)
        return re.findall(r"<Id>(.*?)</Id><Port>(.*?)</Port>", body.decode())

    def registered(self) -> list[tuple[str, str]]:
        return self.call("DescribeTargetHealth")

    def test_two_ports_of_one_address_are_two_targets(self) -> None:
        self.call("RegisterTargets", ("127.0.0.1", 41000), ("127.0.0.1", 41001))
        self.call("RegisterTargets", ("127.0.0.1", 41001))
        self.assertEqual(self.registered(), [("127.0.0.1", "41000"), ("127.0.0.1", "41001")])

    def test_one_of_them_is_removed(self) -> None:
        self.call("RegisterTargets", ("127.0.0.1", 41000), ("127.0.0.1", 41001))
        self.call("DeregisterTargets", ("127.0.0.1", 41000))
        self.assertEqual(self.registered(), [("127.0.0.1", "41001")])

    def test_a_target_without_a_port_has_that_of_its_group(self) -> None:
        self.call("RegisterTargets", ("127.0.0.1", None), ("127.0.0.1", 8080))
        self.assertEqual(self.registered(), [("127.0.0.1", "8080")])
        self.call("DeregisterTargets", ("127.0.0.1", None))
        self.assertEqual(self.registered(), [])

    def test_the_health_of_one_is_told(self) -> None:
        self.call("RegisterTargets", ("127.0.0.1", 41000), ("127.0.0.1", 41001))
        self.assertEqual(self.call("DescribeTargetHealth", ("127.0.0.1", 41001)), [("127.0.0.1", "41001")])
        self.assertEqual(len(self.registered()), 2)

    def test_an_unknown_group_is_refused(self) -> None:
        for action in ("RegisterTargets", "DeregisterTargets", "DescribeTargetHealth"):
            status, _, body = alb._ACTION_MAP[action]({"TargetGroupArn": ["none"]})
            self.assertEqual((action, status), (action, 400))
            self.assertIn(b"TargetGroupNotFound", body)


if __name__ == "__main__":
    unittest.main()

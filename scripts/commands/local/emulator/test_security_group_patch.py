"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import importlib
import re
import unittest

import security_group_patch

ec2 = importlib.import_module("ministack.services.ec2")
_originals = {name: getattr(ec2, name) for name in ("_parse_ip_permissions", "_sg_rule_xml")}


def setUpModule() -> None:
    security_group_patch.apply()


def tearDownModule() -> None:
    for name, original in _originals.items():
        setattr(ec2, name, original)


class Rules(unittest.TestCase):
    def setUp(self) -> None:
        ec2._security_groups["sg-1"] = {"GroupId": "sg-1", "IpPermissions": [], "IpPermissionsEgress": []}
        self.addCleanup(ec2._security_groups.pop, "sg-1")

    def allow(self, **source: str) -> None:
        params = {"GroupId": "sg-1", "IpPermissions.1.IpProtocol": "tcp", "IpPermissions.1.FromPort": "443"}
        params |= {"IpPermissions.1.ToPort": "443", **{f"IpPermissions.1.{name.replace('__', '.')}": value for name, value in source.items()}}
        status, *_ = ec2._authorize_sg_ingress({name: [value] for name, value in params.items()})
        self.assertEqual(status, 200)

    def told(self) -> list[str]:
        _, _, body = ec2._describe_security_group_rules({"Filter.1.Name": ["group-id"], "Filter.1.Value.1": ["sg-1"]})
        return re.findall(r"<(?:prefixListId|cidrIpv4)>(.*?)<", body.decode())

    def test_a_prefix_list_is_told(self) -> None:
        self.allow(PrefixListIds__1__PrefixListId="pl-1", PrefixListIds__1__Description="edge")
        self.assertEqual(self.told(), ["pl-1"])

    def test_rules_for_two_lists_are_two(self) -> None:
        for identifier in ("pl-1", "pl-2"):
            self.allow(PrefixListIds__1__PrefixListId=identifier)
        self.assertEqual(self.told(), ["pl-1", "pl-2"])

    def test_a_range_of_addresses_stays_what_it_is(self) -> None:
        self.allow(IpRanges__1__CidrIp="10.0.0.0/8")
        self.assertEqual(self.told(), ["10.0.0.0/8"])


if __name__ == "__main__":
    unittest.main()

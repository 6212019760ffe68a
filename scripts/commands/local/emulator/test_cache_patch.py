"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import unittest
import xml.etree.ElementTree as ElementTree
from unittest import mock
from urllib.parse import urlencode

import cache_patch

elasticache = importlib.import_module("ministack.services.elasticache")
PATCHED = (
    "_spawn_redis_container",
    "_create_serverless_cache",
    "_create_user",
    "_modify_user",
    "_user_xml",
    "_cluster_xml_inner",
    "_create_replication_group",
    "_rg_xml",
    "_describe_cache_parameters",
)
_originals = {name: getattr(elasticache, name) for name in PATCHED}
_no_docker = mock.patch.object(elasticache, "_get_docker", lambda: None)


def setUpModule() -> None:
    _no_docker.start()
    cache_patch.apply()


def tearDownModule() -> None:
    for name, original in _originals.items():
        setattr(elasticache, name, original)
    _no_docker.stop()


def call(action: str, **params: str) -> ElementTree.Element:
    body = urlencode({"Action": action, **{name.replace("__", "."): value for name, value in params.items()}})
    status, _, answer = asyncio.run(elasticache.handle_request("POST", "/", {}, body.encode(), {}))
    if status != 200:
        raise AssertionError(answer)
    return ElementTree.fromstring(answer.replace(b'xmlns="', b'data-xmlns="'))


class Caches(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(elasticache.reset)

    def group(self, name: str, **params: str) -> ElementTree.Element:
        base = {"ReplicationGroupId": name, "Engine": "valkey", "ReplicationGroupDescription": "d", "NumCacheClusters": "2"}
        return call("CreateReplicationGroup", **{**base, **params})

    def test_each_has_an_address_of_its_own(self) -> None:
        addresses = {name: self.group(name).findtext(".//PrimaryEndpoint/Address") or "" for name in ("sessions", "views")}
        for name, address in addresses.items():
            self.assertRegex(address, rf"^{name}-0001\.[0-9a-f]{{6}}\.us-east-1\.cache\.amazonaws\.com$")
        cluster = call("CreateCacheCluster", CacheClusterId="single", Engine="valkey")
        self.assertRegex(
            cluster.findtext(".//CacheNode/Endpoint/Address") or "", r"^single\.[0-9a-f]{6}\.us-east-1\.cache\.amazonaws\.com$"
        )

    def test_so_has_a_serverless_one(self) -> None:
        pattern = r"^views\.serverless\.[0-9a-f]{6}\.us-east-1\.cache\.amazonaws\.com$"
        created = call("CreateServerlessCache", ServerlessCacheName="views", Engine="valkey")
        self.assertRegex(created.findtext(".//Endpoint/Address") or "", pattern)
        told = call("DescribeServerlessCaches", ServerlessCacheName="views")
        self.assertRegex(told.findtext(".//ReaderEndpoint/Address") or "", pattern)

    def test_members_upgrade_as_their_group_does(self) -> None:
        for upgrades in ("true", "false"):
            self.group(f"g-{upgrades}", AutoMinorVersionUpgrade=upgrades)
            told = call("DescribeCacheClusters", CacheClusterId=f"g-{upgrades}-0001-001")
            self.assertEqual(told.findtext(".//AutoMinorVersionUpgrade"), upgrades)

    def test_passwords_are_told_as_hashes(self) -> None:
        for name, field in (("direct", "Passwords__member__1"), ("nested", "AuthenticationMode__Passwords__member__1")):
            with self.subTest(name):
                params = {"UserId": name, "UserName": name, "Engine": "valkey", "AccessString": "on ~* +@all"}
                call("CreateUser", **params, **{field: "first"})
                told = lambda: [each.text for each in call("DescribeUsers", UserId=name).findall(".//LocalPasswordSha256/member")]
                self.assertEqual(told(), [hashlib.sha256(b"first").hexdigest()])
                call("ModifyUser", UserId=name, **{field: "second"})
                self.assertEqual(told(), [hashlib.sha256(b"second").hexdigest()])
                self.assertEqual(call("DescribeUsers", UserId=name).findtext(".//PasswordCount"), "1")

    def test_a_user_without_a_password_has_no_hash(self) -> None:
        call("CreateUser", UserId="open", UserName="open", Engine="valkey", NoPasswordRequired="true")
        self.assertEqual(call("DescribeUsers", UserId="open").findall(".//LocalPasswordSha256/member"), [])

    def test_a_user_who_signs_in_by_iam_is_told_as_one(self) -> None:
        call("CreateUser", UserId="signs", UserName="signs", Engine="valkey", AuthenticationMode__Type="iam")
        self.assertEqual(call("DescribeUsers", UserId="signs").findtext(".//Authentication/Type"), "iam")

    def test_who_had_a_password_before_has_none_any_more(self) -> None:
        call("CreateUser", UserId="changes", UserName="changes", Engine="valkey", Passwords__member__1="first")
        call("ModifyUser", UserId="changes", AuthenticationMode__Type="iam")
        told = call("DescribeUsers", UserId="changes")
        self.assertEqual(told.findtext(".//Authentication/Type"), "iam")
        self.assertEqual(told.findall(".//LocalPasswordSha256/member"), [])

    def test_a_group_tells_its_key(self) -> None:
        self.group("locked", KmsKeyId="arn:aws:kms:us-east-1:000000000000:key/data")
        told = call("DescribeReplicationGroups", ReplicationGroupId="locked")
        self.assertEqual(told.findtext(".//KmsKeyId"), "arn:aws:kms:us-east-1:000000000000:key/data")
        self.group("open")
        self.assertIsNone(call("DescribeReplicationGroups", ReplicationGroupId="open").find(".//KmsKeyId"))

    def test_parameters_are_told_by_their_source(self) -> None:
        call("CreateCacheParameterGroup", CacheParameterGroupName="p", CacheParameterGroupFamily="valkey8", Description="d")
        call(
            "ModifyCacheParameterGroup",
            CacheParameterGroupName="p",
            ParameterNameValues__ParameterNameValue__1__ParameterName="timeout",
            ParameterNameValues__ParameterNameValue__1__ParameterValue="60",
        )
        names = lambda **more: [
            each.text for each in call("DescribeCacheParameters", CacheParameterGroupName="p", **more).findall(".//ParameterName")
        ]
        self.assertEqual(names(Source="user"), ["timeout"])
        self.assertNotIn("timeout", names(Source="system"))
        self.assertIn("databases", names())


if __name__ == "__main__":
    unittest.main()

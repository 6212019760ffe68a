"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import importlib
import json
import unittest
import xml.etree.ElementTree as ElementTree
from unittest import mock

import database_patch

rds, secretsmanager = (importlib.import_module(f"ministack.services.{name}") for name in ("rds", "secretsmanager"))
PATCHED = ("_instance_xml", "_cluster_xml", "_start_cluster_shared_container")
_originals = {name: getattr(rds, name) for name in PATCHED}
_actions = dict(rds._ACTION_MAP)
_no_docker = mock.patch.object(rds, "_get_docker", lambda: None)


def setUpModule() -> None:
    _no_docker.start()
    database_patch.apply()


def tearDownModule() -> None:
    for name, original in _originals.items():
        setattr(rds, name, original)
    rds._ACTION_MAP.update(_actions)
    _no_docker.stop()


def call(action: str, **params: str) -> ElementTree.Element:
    status, _, body = rds._ACTION_MAP[action]({name.replace("__", "."): [value] for name, value in params.items()})
    if status != 200:
        raise AssertionError(body)
    return ElementTree.fromstring(body.replace(b'xmlns="', b'data-xmlns="'))


class Instances(unittest.TestCase):
    def create(self, **params: str) -> ElementTree.Element:
        self.addCleanup(rds._instances.clear)
        self.addCleanup(secretsmanager._secrets.clear)
        base = {"DBInstanceIdentifier": "orders", "Engine": "postgres", "MasterUsername": "master", "DBName": "orders"}
        return call("CreateDBInstance", **{**base, **params})

    def described(self) -> ElementTree.Element:
        return call("DescribeDBInstances", DBInstanceIdentifier="orders")

    def test_each_has_an_address_of_its_own(self) -> None:
        self.assertRegex(self.create().findtext(".//Endpoint/Address") or "", r"^orders\.c[0-9a-f]{12}\.us-east-1\.rds\.amazonaws\.com$")
        self.assertEqual(self.described().findtext(".//Endpoint/Port"), "5432")

    def test_a_managed_password_is_a_secret_that_goes_with_the_instance(self) -> None:
        created = self.create(ManageMasterUserPassword="true", MasterUserSecretKmsKeyId="key")
        arn = created.findtext(".//MasterUserSecret/SecretArn") or ""
        self.assertRegex(arn, r":secret:rds!db-[0-9a-f-]{36}-\w{6}$")
        self.assertEqual(self.described().findtext(".//MasterUserSecret/SecretArn"), arn)
        self.assertEqual(self.described().findtext(".//MasterUserSecret/KmsKeyId"), "key")
        _, _, body = secretsmanager._get_secret_value({"SecretId": arn})
        content = json.loads(json.loads(body)["SecretString"])
        self.assertEqual(content["username"], "master")
        self.assertEqual(content["password"], rds._instances["orders"]["_MasterUserPassword"])
        call("DeleteDBInstance", DBInstanceIdentifier="orders", SkipFinalSnapshot="true")
        self.assertEqual(secretsmanager._get_secret_value({"SecretId": arn})[0], 400)

    def test_a_password_and_a_managed_one_are_refused_together(self) -> None:
        with self.assertRaisesRegex(AssertionError, "InvalidParameterCombination"):
            self.create(ManageMasterUserPassword="true", MasterUserPassword="x")

    def test_an_instance_with_its_own_password_has_no_secret(self) -> None:
        self.assertIsNone(self.create(MasterUserPassword="x").find(".//MasterUserSecret"))

    def test_exported_logs_are_told_and_changed(self) -> None:
        self.create(EnableCloudwatchLogsExports__member__1="postgresql", EnableCloudwatchLogsExports__member__2="upgrade")
        told = lambda: [each.text for each in self.described().findall(".//EnabledCloudwatchLogsExports/member")]
        self.assertEqual(told(), ["postgresql", "upgrade"])
        change = {"CloudwatchLogsExportConfiguration__DisableLogTypes__member__1": "upgrade"}
        call("ModifyDBInstance", DBInstanceIdentifier="orders", **change)
        self.assertEqual(told(), ["postgresql"])

    def test_what_was_set_is_told(self) -> None:
        self.create(PerformanceInsightsKMSKeyId="arn:key", DatabaseInsightsMode="standard")
        told = self.described()
        self.assertEqual(told.findtext(".//DatabaseInsightsMode"), "standard")
        self.assertEqual(told.findtext(".//PerformanceInsightsKMSKeyId"), "arn:key")


class Clusters(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(rds._clusters.clear)
        self.addCleanup(rds._instances.clear)

    def test_logs_are_told_and_a_member_is_reached_at_the_clusters_address(self) -> None:
        created = call(
            "CreateDBCluster",
            DBClusterIdentifier="orders",
            Engine="aurora-postgresql",
            MasterUsername="master",
            MasterUserPassword="x",
            EnableCloudwatchLogsExports__member__1="postgresql",
        )
        address = created.findtext(".//DBCluster/Endpoint")
        call("CreateDBInstance", DBInstanceIdentifier="orders-1", DBClusterIdentifier="orders", Engine="aurora-postgresql")
        cluster = call("DescribeDBClusters", DBClusterIdentifier="orders")
        self.assertEqual([each.text for each in cluster.findall(".//EnabledCloudwatchLogsExports/member")], ["postgresql"])
        self.assertEqual(cluster.findtext(".//DBCluster/Endpoint"), address)
        instance = call("DescribeDBInstances", DBInstanceIdentifier="orders-1")
        self.assertEqual(instance.findtext(".//Endpoint/Address"), address)


if __name__ == "__main__":
    unittest.main()

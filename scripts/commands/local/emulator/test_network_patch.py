"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import importlib
import json
import unittest
import xml.etree.ElementTree as ElementTree

import network_patch

ec2 = importlib.import_module("ministack.services.ec2")
ACTIONS = ("CreateFlowLogs", "DescribeFlowLogs", "CreateVpcEndpoint", "ModifyVpcEndpoint")
ROLE = "arn:aws:iam::000000000000:role/flow-logs"
POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "a<b&c"}]})

_originals: dict[str, object] = {}


def setUpModule() -> None:
    _originals.update({action: ec2._ACTION_MAP[action] for action in ACTIONS}, xml=ec2._vpce_fields_xml)
    network_patch.apply()


def tearDownModule() -> None:
    ec2._vpce_fields_xml = _originals.pop("xml")
    ec2._ACTION_MAP.update(_originals)


def call(action: str, parameters: dict[str, str]) -> ElementTree.Element:
    status, _, body = ec2._ACTION_MAP[action]({name: [value] for name, value in parameters.items()})
    assert status == 200, body
    return ElementTree.fromstring(body.replace(b'xmlns="', b'data-xmlns="'))


class FlowLogs(unittest.TestCase):
    def describe(self, parameters: dict[str, str]) -> ElementTree.Element:
        self.addCleanup(ec2._flow_logs.clear)
        made = call("CreateFlowLogs", {"ResourceId.1": "vpc-1", "ResourceType": "VPC", **parameters})
        found = call("DescribeFlowLogs", {"FlowLogId.1": made.findtext("flowLogIdSet/item") or ""})
        item = found.find("flowLogSet/item")
        assert item is not None
        return item

    def test_what_was_set_is_told(self) -> None:
        flow_log = self.describe(
            {
                "DeliverLogsPermissionArn": ROLE,
                "MaxAggregationInterval": "60",
                "TagSpecification.1.ResourceType": "vpc-flow-log",
                "TagSpecification.1.Tag.1.Key": "Name",
                "TagSpecification.1.Tag.1.Value": "acme",
            }
        )
        self.assertEqual(flow_log.findtext("deliverLogsPermissionArn"), ROLE)
        self.assertEqual(flow_log.findtext("maxAggregationInterval"), "60")
        self.assertEqual(flow_log.findtext("tagSet/item/value"), "acme")

    def test_without_a_role_and_an_interval_there_are_ten_minutes(self) -> None:
        flow_log = self.describe({})
        self.assertIsNone(flow_log.find("deliverLogsPermissionArn"))
        self.assertEqual(flow_log.findtext("maxAggregationInterval"), "600")


class Endpoints(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(ec2._vpc_endpoints.clear)

    def make(self, parameters: dict[str, str]) -> str:
        made = call("CreateVpcEndpoint", {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.s3", **parameters})
        return made.findtext("vpcEndpoint/vpcEndpointId") or ""

    def describe(self, endpoint_id: str) -> ElementTree.Element:
        item = call("DescribeVpcEndpoints", {"VpcEndpointId.1": endpoint_id}).find("vpcEndpointSet/item")
        assert item is not None
        return item

    def groups(self, endpoint_id: str) -> list[str | None]:
        return [each.text for each in self.describe(endpoint_id).findall("groupSet/item/groupId")]

    def test_what_was_set_is_told(self) -> None:
        interface = {"VpcEndpointType": "Interface", "PrivateDnsEnabled": "true", "SecurityGroupId.1": "sg-1"}
        endpoint_id = self.make({**interface, "PolicyDocument": POLICY})
        endpoint = self.describe(endpoint_id)
        self.assertEqual(endpoint.findtext("policyDocument"), POLICY)
        self.assertEqual(endpoint.findtext("privateDnsEnabled"), "true")
        self.assertEqual(self.groups(endpoint_id), ["sg-1"])

    def test_a_gateway_without_a_policy_tells_none(self) -> None:
        endpoint = self.describe(self.make({}))
        self.assertIsNone(endpoint.find("policyDocument"))
        self.assertEqual(endpoint.findtext("privateDnsEnabled"), "false")

    def test_a_change_is_told(self) -> None:
        endpoint_id = self.make(
            {"VpcEndpointType": "Interface", "SecurityGroupId.1": "sg-1", "SecurityGroupId.2": "sg-2"}
        )
        change = {"AddSecurityGroupId.1": "sg-3", "RemoveSecurityGroupId.1": "sg-1", "PrivateDnsEnabled": "true"}
        call("ModifyVpcEndpoint", {"VpcEndpointId": endpoint_id, "PolicyDocument": POLICY, **change})
        self.assertEqual(self.groups(endpoint_id), ["sg-2", "sg-3"])
        self.assertEqual(self.describe(endpoint_id).findtext("privateDnsEnabled"), "true")
        self.assertEqual(self.describe(endpoint_id).findtext("policyDocument"), POLICY)
        call("ModifyVpcEndpoint", {"VpcEndpointId": endpoint_id, "ResetPolicy": "true"})
        self.assertIsNone(self.describe(endpoint_id).find("policyDocument"))
        self.assertEqual(self.groups(endpoint_id), ["sg-2", "sg-3"])

    def test_the_name_of_a_security_group_is_told(self) -> None:
        group = call("CreateSecurityGroup", {"GroupName": "a&b", "GroupDescription": "d", "VpcId": "vpc-1"})
        group_id = group.findtext("groupId") or ""
        self.addCleanup(ec2._security_groups.pop, group_id)
        endpoint = self.describe(self.make({"VpcEndpointType": "Interface", "SecurityGroupId.1": group_id}))
        self.assertEqual(endpoint.findtext("groupSet/item/groupName"), "a&b")


if __name__ == "__main__":
    unittest.main()

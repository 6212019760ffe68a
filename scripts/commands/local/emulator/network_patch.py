"""A patch, in memory, of MiniStack's flow logs and VPC endpoints: they are told as they were made.

As released their answers leave out what Terraform has just set, so that every plan makes each flow log anew and changes each
endpoint again. AWS answers with all of these:

- DescribeFlowLogs: the role that delivers, the interval of aggregation, and the tags.
- DescribeVpcEndpoints: the policy, the security groups, and whether the service's own name leads to the endpoint.

No packet flows in MiniStack: nothing is logged, and no policy or security group of an endpoint asked.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import importlib
import re
from typing import Any, Callable
from xml.sax.saxutils import escape

import known_source

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.ec2._create_flow_logs": "8882a038ef8ef39d",
    "services.ec2._describe_flow_logs": "f05c0ab7a2014be5",
    "services.ec2._create_vpc_endpoint": "d5a50e26518919f8",
    "services.ec2._describe_vpc_endpoints": "aabef31a84190b96",
    "services.ec2._modify_vpc_endpoint": "f60c0a5a042f7718",
    "services.ec2._vpce_fields_xml": "645fd486d62227a3",
    "services.ec2._parse_tag_specs": "cbb2cb78fa0ff48c",
}

Response = tuple[int, dict, bytes]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("network_patch.py", _KNOWN_SOURCES)
    ec2 = importlib.import_module("ministack.services.ec2")
    for action, replacement in (
        ("CreateFlowLogs", _with_kept_delivery(ec2, ec2._create_flow_logs)),
        ("DescribeFlowLogs", _with_told_delivery(ec2, ec2._describe_flow_logs)),
        ("CreateVpcEndpoint", _with_kept_access(ec2, ec2._create_vpc_endpoint)),
        ("ModifyVpcEndpoint", _with_changed_access(ec2, ec2._modify_vpc_endpoint)),
    ):
        ec2._ACTION_MAP[action] = replacement
    ec2._vpce_fields_xml = _with_told_access(ec2, ec2._vpce_fields_xml)


def _ids(body: bytes, element: str) -> list[str]:
    return re.findall(rf"<{element}>([^<]+)</{element}>", body.decode())


def _with_kept_delivery(ec2: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def create_flow_logs(params: dict) -> Response:
        response = original(params)
        if response[0] != 200:
            return response
        for flow_log_id in re.findall(r"<item>([^<]+)</item>", response[2].decode()):
            ec2._flow_logs[flow_log_id].update(
                DeliverLogsPermissionArn=ec2._p(params, "DeliverLogsPermissionArn"),
                MaxAggregationInterval=ec2._p(params, "MaxAggregationInterval") or "600",
            )
            # MiniStack takes `flow-log` alone, which is not what AWS calls it.
            ec2._parse_tag_specs(params, "vpc-flow-log", flow_log_id)
        return response

    return create_flow_logs


def _with_told_delivery(ec2: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def describe_flow_logs(params: dict) -> Response:
        status, headers, body = original(params)
        text = body.decode()
        for flow_log_id in _ids(body, "flowLogId"):
            flow_log = ec2._flow_logs[flow_log_id]
            told = f"<maxAggregationInterval>{flow_log.get('MaxAggregationInterval', '600')}</maxAggregationInterval>"
            if role := flow_log.get("DeliverLogsPermissionArn"):
                told += f"<deliverLogsPermissionArn>{escape(role)}</deliverLogsPermissionArn>"
            name = f"<flowLogId>{flow_log_id}</flowLogId>"
            text = text.replace(name, name + told)
        return status, headers, text.encode()

    return describe_flow_logs


def _with_kept_access(ec2: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def create_vpc_endpoint(params: dict) -> Response:
        response = original(params)
        if response[0] == 200:
            for endpoint_id in _ids(response[2], "vpcEndpointId"):
                endpoint = ec2._vpc_endpoints[endpoint_id]
                endpoint["PolicyDocument"] = ec2._p(params, "PolicyDocument")
                endpoint["SecurityGroupIds"] = ec2._parse_member_list(params, "SecurityGroupId")
                endpoint["PrivateDnsEnabled"] = ec2._p(params, "PrivateDnsEnabled") == "true"
        return response

    return create_vpc_endpoint


def _with_changed_access(ec2: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def modify_vpc_endpoint(params: dict) -> Response:
        response = original(params)
        if response[0] != 200:
            return response
        endpoint = ec2._vpc_endpoints[ec2._p(params, "VpcEndpointId")]
        removed = ec2._parse_member_list(params, "RemoveSecurityGroupId")
        kept = [group for group in endpoint.get("SecurityGroupIds", []) if group not in removed]
        added = [group for group in ec2._parse_member_list(params, "AddSecurityGroupId") if group not in kept]
        endpoint["SecurityGroupIds"] = kept + added
        if enabled := ec2._p(params, "PrivateDnsEnabled"):
            endpoint["PrivateDnsEnabled"] = enabled == "true"
        if ec2._p(params, "ResetPolicy") == "true":
            endpoint["PolicyDocument"] = ""
        return response

    return modify_vpc_endpoint


def _with_told_access(ec2: Any, original: Callable[..., str]) -> Callable[..., str]:
    def vpce_fields_xml(endpoint: dict, tag: str = "item") -> str:
        groups = "".join(
            f"<item><groupId>{group}</groupId>"
            f"<groupName>{escape(ec2._security_groups.get(group, {}).get('GroupName', group))}</groupName></item>"
            for group in endpoint.get("SecurityGroupIds", [])
        )
        told = (
            f"<groupSet>{groups}</groupSet>"
            f"<privateDnsEnabled>{str(endpoint.get('PrivateDnsEnabled', False)).lower()}</privateDnsEnabled>"
        )
        if policy := endpoint.get("PolicyDocument"):
            told += f"<policyDocument>{escape(policy)}</policyDocument>"
        return original(endpoint, tag).removesuffix(f"</{tag}>") + f"{told}</{tag}>"

    return vpce_fields_xml

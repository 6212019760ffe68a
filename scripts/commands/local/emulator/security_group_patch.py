"""A patch, in memory, of MiniStack's security groups: rules for a prefix list are kept and told as such.

As released the prefix list of a rule is dropped: rules for two of them are one, and at its next look Terraform finds a rule that is
for nobody, which the AWS provider answers with ``invalid plan``.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import importlib
from typing import Any, Callable
from xml.sax.saxutils import escape

import known_source

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.ec2._parse_ip_permissions": "7c2dbe7668aff42a",
    "services.ec2._sg_rule_xml": "1827f3e2af78913a",
    "services.ec2._sg_rule_id": "097cbea3caed70e3",
    "services.ec2._describe_security_group_rules": "bfb3b7e4ad59e742",
}


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("security_group_patch.py", _KNOWN_SOURCES)
    ec2 = importlib.import_module("ministack.services.ec2")
    ec2._parse_ip_permissions = _with_prefix_lists(ec2, ec2._parse_ip_permissions)
    ec2._sg_rule_xml = _with_told_prefix_lists(ec2._sg_rule_xml)


def _with_prefix_lists(ec2: Any, original: Callable[[dict, str], list[dict]]) -> Callable[[dict, str], list[dict]]:
    def parse_ip_permissions(params: dict, prefix: str) -> list[dict]:
        rules = original(params, prefix)
        for number, rule in enumerate(rules, 1):
            position = 1
            while identifier := ec2._p(params, f"{prefix}.{number}.PrefixListIds.{position}.PrefixListId"):
                description = ec2._p(params, f"{prefix}.{number}.PrefixListIds.{position}.Description")
                rule["PrefixListIds"].append(
                    {"PrefixListId": identifier, **({"Description": description} if description else {})}
                )
                position += 1
        return rules

    return parse_ip_permissions


def _with_told_prefix_lists(original: Callable) -> Callable:
    def sg_rule_xml(group: str, rule: dict, is_egress: bool = False) -> str:
        told = original(group, rule, is_egress)
        lists = rule.get("PrefixListIds") or []
        if len(lists) != 1 or any(rule.get(key) for key in ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs")):
            return told  # Terraform makes a rule for each.
        return told.replace("</item>", f"<prefixListId>{escape(lists[0]['PrefixListId'])}</prefixListId></item>")

    return sg_rule_xml

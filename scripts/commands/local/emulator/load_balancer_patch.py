"""A patch, in memory, of MiniStack's target groups: a target is an address and a port.

As released a target group holds each address once, so of two tasks on 127.0.0.1 the second is never registered. ELB tells
targets apart by both: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import importlib
from typing import Any, Callable

import known_source

# Replaced, or read by what replaces them; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.alb._register_targets": "6d01ed9a009de256",
    "services.alb._deregister_targets": "1906f012a6dadab9",
    "services.alb._describe_target_health": "d848e8a26fcb9298",
    "services.alb._parse_targets_param": "b4d614094f2c50f6",
}

Response = tuple[int, dict, bytes]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("load_balancer_patch.py", _KNOWN_SOURCES)
    alb = importlib.import_module("ministack.services.alb")
    for action, replacement in (
        ("RegisterTargets", _register_targets(alb)),
        ("DeregisterTargets", _deregister_targets(alb)),
        ("DescribeTargetHealth", _describe_target_health(alb, alb._describe_target_health)),
    ):
        alb._ACTION_MAP[action] = replacement


def _group(alb: Any, params: dict) -> str | None:
    arn = alb._p(params, "TargetGroupArn")
    return arn if arn in alb._tgs else None


def _key(alb: Any, group: str, target: dict) -> tuple[str, int]:
    """A target without a port of its own has that of its group."""
    return target["Id"], int(target.get("Port") or alb._tgs[group].get("Port") or 80)


def _missing(alb: Any, params: dict) -> Response:
    return alb._error("TargetGroupNotFound", f"Target group '{alb._p(params, 'TargetGroupArn')}' not found.")


def _register_targets(alb: Any) -> Callable[[dict], Response]:
    def register_targets(params: dict) -> Response:
        group = _group(alb, params)
        if group is None:
            return _missing(alb, params)
        targets = list(alb._targets.get(group, []))
        known = {_key(alb, group, target) for target in targets}
        for target in alb._parse_targets_param(params):
            if _key(alb, group, target) not in known:
                targets.append(target)
                known.add(_key(alb, group, target))
        alb._targets[group] = targets
        return alb._empty("RegisterTargets")

    return register_targets


def _deregister_targets(alb: Any) -> Callable[[dict], Response]:
    def deregister_targets(params: dict) -> Response:
        group = _group(alb, params)
        if group is None:
            return _missing(alb, params)
        gone = {_key(alb, group, target) for target in alb._parse_targets_param(params)}
        # A new list: a request that is choosing from the old one goes on with that.
        alb._targets[group] = [each for each in alb._targets.get(group, []) if _key(alb, group, each) not in gone]
        return alb._empty("DeregisterTargets")

    return deregister_targets


def _describe_target_health(alb: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def describe_target_health(params: dict) -> Response:
        group = _group(alb, params)
        asked = [] if group is None else [_key(alb, group, target) for target in alb._parse_targets_param(params)]
        if group is None or not asked:
            return original(params)
        # MiniStack picks by address alone: it is asked for all, of which those in question are shown.
        every = alb._targets.get(group, [])
        alb._targets[group] = [target for target in every if _key(alb, group, target) in asked]
        try:
            return original({name: value for name, value in params.items() if not name.startswith("Targets.")})
        finally:
            alb._targets[group] = every

    return describe_target_health

"""A patch, in memory, of MiniStack's EventBridge: a replay reaches the rules that it names, and ends when it is cancelled.

MiniStack replays an archive to every rule of the bus, whatever ``Destination.FilterArns`` says: what is meant to build a view anew would
have each order fulfilled a second time. And it goes on after CancelReplay.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import importlib
from typing import Any, Callable

import known_source

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.eventbridge._dispatch_event": "d1bfe064f602d11c",
    "services.eventbridge._start_replay": "1ea7cca397a770ae",
    "services.eventbridge._cancel_replay": "ffec33fda957f350",
    "services.eventbridge._invoke_target": "550e304af0809563",
    "services.eventbridge._matches_pattern_view": "10e78a2612682017",
    "services.eventbridge._pattern_event_view": "a472224bb7b0d436",
}


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("replay_patch.py", _KNOWN_SOURCES)
    eventbridge = importlib.import_module("ministack.services.eventbridge")
    eventbridge._dispatch_event = _as_replays_ask(eventbridge, eventbridge._dispatch_event)


def _as_replays_ask(eventbridge: Any, original: Callable) -> Callable:
    def dispatch_event(event: dict, view: Any = None) -> None:
        replay = eventbridge._replays.get(event.get("ReplayName")) if event.get("ReplayName") else None
        if replay is None:
            original(event, view)
            return
        if replay["State"] == "CANCELLED":
            return
        named = (replay.get("Destination") or {}).get("FilterArns")
        if not named:
            original(event, view)
            return
        view = view or eventbridge._pattern_event_view(event)
        for key, rule in list(eventbridge._rules.items()):
            if rule.get("Arn") not in named or rule.get("EventBusName", "default") != event.get("EventBusName", "default"):
                continue
            pattern = rule.get("EventPattern")
            if rule.get("State") != "ENABLED" or not pattern:
                continue
            if eventbridge._matches_pattern_view(pattern, view, f"rule {key}"):
                for target in eventbridge._targets.get(key, []):
                    eventbridge._invoke_target(target, event, rule, view)

    return dispatch_event

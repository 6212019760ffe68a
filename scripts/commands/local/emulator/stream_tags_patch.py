"""A patch, in memory, of MiniStack's Kinesis: a stream has the tags that it was made with.

MiniStack drops the tags of CreateStream, by which the AWS provider gives a stream its tags: every plan would set them again.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

from typing import Any, Callable

import known_source
from ministack.services import kinesis

# Replaced, or called with what the replacement kept; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.kinesis._create_stream": "d57ac0a660799ddf",
    "services.kinesis._add_tags": "81fbf6296caea383",
}


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("stream_tags_patch.py", _KNOWN_SOURCES)
    kinesis._create_stream = _with_tags(kinesis._create_stream)


def _with_tags(original: Callable) -> Callable:
    def create_stream(data: dict) -> Any:
        answer = original(data)
        if answer[0] == 200 and data.get("Tags"):
            kinesis._add_tags({"StreamName": data["StreamName"], "Tags": data["Tags"]})
        return answer

    return create_stream

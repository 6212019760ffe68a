"""A patch, in memory, of MiniStack's answer to `/_ministack/ready`: it names the process that gives it.

So who waits for the emulator on a port is not misled by another program, or another emulator, that has taken the port.
The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import json
import os
from typing import Callable

import known_source
from ministack import app

# Replaced; MiniStack 1.5.33.
_KNOWN_SOURCES = {"app._handle_ready_request": "9ddcedfcadeccdd9"}

Response = tuple[int, dict, bytes]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("readiness_patch.py", _KNOWN_SOURCES)
    app._handle_ready_request = _with_process(app._handle_ready_request)


def _with_process(original: Callable[[str, str], Response | None]) -> Callable[[str, str], Response | None]:
    def handle_ready_request(path: str, request_id: str) -> Response | None:
        response = original(path, request_id)
        if response is None:
            return None
        status, headers, body = response
        return status, headers, json.dumps({**json.loads(body), "pid": os.getpid()}).encode()

    return handle_ready_request

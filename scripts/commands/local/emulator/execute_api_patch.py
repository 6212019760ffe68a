"""A patch, in memory, of MiniStack's API Gateway: an API answers to the host name that AWS gives it.

As released an API is found by ``<id>.execute-api.localhost`` or by path, while the URL of a stage is told as AWS has it,
``<id>.execute-api.<region>.amazonaws.com``: a service that is given that URL reaches the control plane of API Gateway instead.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import re

import known_source
from ministack import app

# Reads the replaced pattern; MiniStack 1.5.33.
_KNOWN_SOURCES = {"app._parse_execute_api_url": "13d571174968a2ab"}

_ID = "([a-f0-9]{8})"


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("execute_api_patch.py", _KNOWN_SOURCES)
    released = app._EXECUTE_API_RE.pattern.replace(_ID, "[a-f0-9]{8}")
    aws = r"^[a-f0-9]{8}\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?::\d+)?$"
    # The id is the first group, whichever of both fits.
    app._EXECUTE_API_RE = re.compile(f"(?={released}|{aws}){_ID}")

"""A patch, in memory, of how soon MiniStack answers Terraform: never before its HTTP client knows that the request is sent.

On one machine an answer comes in less than a millisecond. Where other work keeps the AWS provider from going on just then, the answer
is there before its HTTP client has seen the end of the write: it closes the connection, takes the call for failed and makes it again.
What was made is then made twice, and is refused as `already exists`, `Conflict` or `PreconditionFailed`. No network is that fast, so
the provider never meets this at AWS. Patched, a request of Terraform's with a body is answered a little later; all others are not
touched.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable

import known_source
from ministack import app

# Hands the replaced function to the server; MiniStack 1.5.33.
_KNOWN_SOURCES = {"app.main": "aae886212adbdc54"}

# From the end of a request to the beginning of its answer. Within a region of AWS it takes longer.
_SECONDS = 0.02

Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]
Application = Callable[[dict, Receive, Send], Awaitable[None]]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("answer_time_patch.py", _KNOWN_SOURCES)
    app.app = _unhurried(app.app)


def _unhurried(original: Application) -> Application:
    async def unhurried(scope: dict, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_write_of_terraform(dict(scope["headers"])):
            await original(scope, receive, send)
            return
        clock = asyncio.get_running_loop().time
        received = clock()

        async def receive_and_note() -> dict:
            nonlocal received
            message = await receive()
            received = clock()
            return message

        async def send_later(message: dict) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(max(0.0, received + _SECONDS - clock()))
            await send(message)

        await original(scope, receive_and_note, send_later)

    return unhurried


def _is_write_of_terraform(headers: dict[bytes, Any]) -> bool:
    return b"Terraform/" in headers.get(b"user-agent", b"") and headers.get(b"content-length", b"0") != b"0"

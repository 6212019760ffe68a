"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import asyncio
import unittest
import unittest.mock

import answer_time_patch
from ministack import app

TERRAFORM = b"APN/1.0 HashiCorp/1.0 Terraform/1.11.4 terraform-provider-aws/5.100.0 aws-sdk-go-v2/1.36.3"


def exchange(headers: dict[bytes, bytes], kind: str = "http") -> tuple[list[dict], float]:
    """What the patched application sends, and the seconds between the request's end and the answer's beginning."""
    sent: list[dict] = []
    times: dict[str, float] = {}

    async def original(_scope: dict, receive: answer_time_patch.Receive, send: answer_time_patch.Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": b"made"})

    async def run() -> None:
        clock = asyncio.get_running_loop().time
        parts = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"}]

        async def receive() -> dict:
            if len(parts) == 1:
                # The body's end is late: the time counts from there.
                await asyncio.sleep(0.01)
                times["received"] = clock()
            return parts.pop(0)

        async def send(message: dict) -> None:
            times.setdefault("sent", clock())
            sent.append(message)

        await answer_time_patch._unhurried(original)({"type": kind, "headers": list(headers.items())}, receive, send)

    asyncio.run(run())
    return sent, times["sent"] - times["received"]


class AnswerTime(unittest.TestCase):
    def test_a_request_of_terraform_with_a_body_is_answered_later_and_the_same(self) -> None:
        sent, seconds = exchange({b"user-agent": TERRAFORM, b"content-length": b"2"})
        self.assertGreaterEqual(seconds, answer_time_patch._SECONDS)
        self.assertEqual([message["type"] for message in sent], ["http.response.start", "http.response.body"])
        self.assertEqual(sent[1]["body"], b"made")

    def test_all_others_are_not_touched(self) -> None:
        wait = unittest.mock.AsyncMock()
        with unittest.mock.patch.object(answer_time_patch.asyncio, "sleep", wait):
            for headers in (
                {b"user-agent": TERRAFORM},
                {b"user-agent": TERRAFORM, b"content-length": b"0"},
                {b"user-agent": b"aws-sdk-js/3.1164.0", b"content-length": b"2"},
                {b"content-length": b"2"},
            ):
                with self.subTest(headers):
                    exchange(headers)
            exchange({b"user-agent": TERRAFORM, b"content-length": b"2"}, kind="websocket")
        # The test's own wait for the body's end, and no other.
        self.assertEqual({call.args for call in wait.await_args_list}, {(0.01,)})

    def test_the_server_is_given_the_patched_application(self) -> None:
        self.addCleanup(setattr, app, "app", app.app)
        before = app.app
        answer_time_patch.apply()
        self.assertIsNot(app.app, before)


if __name__ == "__main__":
    unittest.main()

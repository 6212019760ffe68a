"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`.

Origins are real servers on the loopback interface.
"""

from __future__ import annotations

import asyncio
import base64
import http.server
import importlib
import json
import threading
import unittest
import xml.etree.ElementTree as ElementTree

import cloudfront_patch

cloudfront, s3 = (importlib.import_module(f"ministack.services.{name}") for name in ("cloudfront", "s3"))
PATCHED = [
    (cloudfront, "handle_viewer_request"),
    (cloudfront, "parse_distribution_dataplane_config"),
    (cloudfront, "_fetch_from_origin"),
    (cloudfront, "_event_querystring"),
    (cloudfront, "_run_function"),
    (s3, "serve_cloudfront_origin_fetch"),
]

_originals: list[object] = []


def setUpModule() -> None:
    _originals.extend(getattr(module, name) for module, name in PATCHED)
    cloudfront_patch.apply()


def tearDownModule() -> None:
    for (module, name), original in zip(PATCHED, _originals):
        setattr(module, name, original)


class Origin:
    """A server that answers one status, and remembers what it was asked."""

    def __init__(self, status: int) -> None:
        self.asked: list[str] = []
        origin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                origin.asked.append(f"{self.command} {self.path}")
                body = f"{status}".encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("X-Frame-Options", "SAMEORIGIN")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_HEAD = do_POST = answer

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def _list(tag: str, items: list[str]) -> str:
    return f"<{tag}><Quantity>{len(items)}</Quantity><Items>{''.join(items)}</Items></{tag}>"


class Served(unittest.TestCase):
    def setUp(self) -> None:
        self.addCleanup(cloudfront.reset)

    def origin(self, status: int) -> Origin:
        origin = Origin(status)
        self.addCleanup(origin.close)
        return origin

    def distribution(self, ports: list[int], *, target: str = "group", behavior: str = "") -> dict:
        """A distribution of origins on these ports, in a group of the first two that fails over after 404 and 503."""
        origins = [
            f"<Origin><Id>o{number}</Id><DomainName>127.0.0.1</DomainName><CustomOriginConfig><HTTPPort>{port}</HTTPPort>"
            "<HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>http-only</OriginProtocolPolicy></CustomOriginConfig></Origin>"
            for number, port in enumerate(ports, 1)
        ]
        members = [f"<OriginGroupMember><OriginId>o{number}</OriginId></OriginGroupMember>" for number in (1, 2)]
        codes = ["<StatusCode>404</StatusCode>", "<StatusCode>503</StatusCode>"]
        group = (
            f"<OriginGroup><Id>group</Id><FailoverCriteria>{_list('StatusCodes', codes)}</FailoverCriteria>"
            f"{_list('Members', members)}</OriginGroup>"
        )
        config = (
            "<DistributionConfig><CallerReference>c</CallerReference><Comment></Comment><Enabled>true</Enabled>"
            f"{_list('Origins', origins)}{_list('OriginGroups', [group] if len(ports) > 1 else [])}"
            f"<DefaultCacheBehavior><TargetOriginId>{target}</TargetOriginId>"
            "<ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>"
            f"<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>{behavior}</DefaultCacheBehavior>"
            "</DistributionConfig>"
        )
        status, _, body = cloudfront._create_distribution({}, config.encode())
        self.assertEqual(status, 201, body)
        (distribution,) = cloudfront._distributions.values()
        return distribution

    def function(self, code: str) -> str:
        """Publishes a function. Returns its ARN."""
        text = base64.b64encode(code.encode()).decode()
        body = (
            "<CreateFunctionRequest><Name>f</Name><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime>"
            f"</FunctionConfig><FunctionCode>{text}</FunctionCode></CreateFunctionRequest>"
        )
        status, headers, answer = cloudfront._cf_create_function({}, body.encode())
        self.assertEqual(status, 201, answer)
        etag = next(value for name, value in headers.items() if name.lower() == "etag")
        status, _, answer = cloudfront._cf_publish_function("f", {"if-match": etag})
        self.assertEqual(status, 200, answer)
        (arn,) = [element.text for element in ElementTree.fromstring(answer).iter() if element.tag.endswith("FunctionARN")]
        return arn or ""

    def associated(self, event: str, code: str) -> str:
        association = (
            f"<FunctionAssociation><FunctionARN>{self.function(code)}</FunctionARN><EventType>{event}</EventType>"
            "</FunctionAssociation>"
        )
        return _list("FunctionAssociations", [association])

    def ask(self, distribution: dict, method: str = "GET", query: str = "", headers: dict | None = None) -> tuple[int, dict, bytes]:
        status, answer_headers, body = asyncio.run(
            cloudfront.handle_viewer_request(distribution, method, "/a", "/a", query, headers or {}, b"", {}, "127.0.0.1")
        )
        return status, {name.lower(): value for name, value in answer_headers.items()}, body


class Groups(Served):
    def test_the_first_origin_answers_while_it_can(self) -> None:
        first, second = self.origin(200), self.origin(200)
        status, _, body = self.ask(self.distribution([first.port, second.port]))
        self.assertEqual((status, body), (200, b"200"))
        self.assertEqual((first.asked, second.asked), (["GET /a"], []))

    def test_the_second_is_asked_after_a_status_that_is_named(self) -> None:
        first, second = self.origin(503), self.origin(200)
        self.assertEqual(self.ask(self.distribution([first.port, second.port]), "HEAD")[0], 200)
        self.assertEqual((first.asked, second.asked), (["HEAD /a"], ["HEAD /a"]))

    def test_the_second_is_asked_when_the_first_cannot_be_reached(self) -> None:
        first, second = self.origin(200), self.origin(200)
        first.close()
        self.assertEqual(self.ask(self.distribution([first.port, second.port]))[0], 200)
        self.assertEqual(second.asked, ["GET /a"])

    def test_the_second_is_not_asked_after_another_status(self) -> None:
        first, second = self.origin(500), self.origin(200)
        self.assertEqual(self.ask(self.distribution([first.port, second.port]))[0], 500)
        self.assertEqual(second.asked, [])

    def test_the_second_is_not_asked_by_what_writes(self) -> None:
        first, second = self.origin(503), self.origin(200)
        self.assertEqual(self.ask(self.distribution([first.port, second.port]), "POST")[0], 503)
        self.assertEqual(second.asked, [])

    def test_what_the_second_answers_is_final(self) -> None:
        first, second = self.origin(404), self.origin(404)
        self.assertEqual(self.ask(self.distribution([first.port, second.port]))[0], 404)
        self.assertEqual(second.asked, ["GET /a"])

    def test_a_behaviour_of_one_origin_stays_as_it_is(self) -> None:
        first, second = self.origin(503), self.origin(200)
        self.assertEqual(self.ask(self.distribution([first.port, second.port], target="o1"))[0], 503)
        self.assertEqual(second.asked, [])


class Queries(Served):
    """The managed policy in use forwards no parameter by itself: what arrives is what the function has made."""

    def arrived(self, code: str, query: str) -> str:
        origin = self.origin(200)
        behavior = self.associated("viewer-request", code)
        self.ask(self.distribution([origin.port], target="o1", behavior=behavior), query=query)
        return origin.asked[0]

    def test_values_reach_a_function_as_they_came(self) -> None:
        code = (
            "function handler(event) { const q = event.request.querystring;"
            " event.request.querystring = 'a=' + q.a.multiValue.map((each) => each.value).join('|'); return event.request; }"
        )
        self.assertEqual(self.arrived(code, "a=1%2B2%26x&b=c&a=%C3%A4"), "GET /a?a=1%2B2%26x|%C3%A4")

    def test_a_request_without_a_query_has_no_parameters(self) -> None:
        code = (
            "function handler(event) {"
            " event.request.querystring = 'n=' + Object.keys(event.request.querystring).length; return event.request; }"
        )
        self.assertEqual(self.arrived(code, ""), "GET /a?n=0")

    def test_what_a_function_returns_as_an_object_is_not_encoded_twice(self) -> None:
        all_viewer = "<OriginRequestPolicyId>216adef6-5c7f-47e4-b989-5492eafa07d3</OriginRequestPolicyId>"
        code = "function handler(event) { delete event.request.querystring.b; return event.request; }"
        origin = self.origin(200)
        behavior = all_viewer + self.associated("viewer-request", code)
        self.ask(self.distribution([origin.port], target="o1", behavior=behavior), query="a=1%2B2&b=c&a=%26")
        self.assertEqual(origin.asked, ["GET /a?a=1%2B2&a=%26"])


class Edge(Served):
    SECURITY_HEADERS = "<ResponseHeadersPolicyId>67f7725c-6f97-4210-82d7-5512b31e9d03</ResponseHeadersPolicyId>"
    CODE = "function handler(event) { event.response.headers['x-own'] = { value: '1' }; return event.response; }"

    def headers(self, asked_with: dict) -> dict:
        origin = self.origin(200)
        behavior = self.SECURITY_HEADERS + self.associated("viewer-response", self.CODE)
        _, headers, _ = self.ask(self.distribution([origin.port], target="o1", behavior=behavior), headers=asked_with)
        return headers

    def test_a_viewer_gets_policy_and_function(self) -> None:
        headers = self.headers({})
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertEqual(headers["x-own"], "1")

    def test_the_edge_gets_what_the_origin_says(self) -> None:
        headers = self.headers({"x-local-edge": "origin"})
        self.assertNotIn("x-content-type-options", headers)
        self.assertNotIn("x-own", headers)
        self.assertEqual(headers["x-frame-options"], "SAMEORIGIN")


class MissingFiles(unittest.TestCase):
    ARN = "arn:aws:cloudfront::000000000000:distribution/EDFDVBD6EXAMPLE"

    def fetch(self, key: str, actions: dict[str, str], method: str = "GET", arn: str = ARN) -> int:
        """Asks for a key of a bucket that holds `there`, and whose policy lets the distribution do these things."""
        s3.reset()
        self.addCleanup(s3.reset)
        s3._create_bucket("files", b"", {})
        s3._put_object("files", "there", b"content", {})
        statements = [
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudfront.amazonaws.com"},
                "Action": action,
                "Resource": resource,
                "Condition": {"StringEquals": {"aws:SourceArn": self.ARN}},
            }
            for action, resource in actions.items()
        ]
        s3._put_bucket_policy("files", json.dumps({"Version": "2012-10-17", "Statement": statements}).encode())
        return s3.serve_cloudfront_origin_fetch("files", key, method, {}, source_arn=arn)[0]

    READ = {"s3:GetObject": "arn:aws:s3:::files/*"}
    READ_AND_LIST = {**READ, "s3:ListBucket": "arn:aws:s3:::files"}

    def test_a_file_that_is_there(self) -> None:
        self.assertEqual(self.fetch("there", self.READ), 200)

    def test_a_missing_file_is_404_to_whom_may_list(self) -> None:
        self.assertEqual(self.fetch("missing", self.READ_AND_LIST), 404)
        self.assertEqual(self.fetch("missing", self.READ_AND_LIST, "HEAD"), 404)

    def test_a_missing_file_is_403_to_whom_may_not(self) -> None:
        self.assertEqual(self.fetch("missing", self.READ), 403)

    def test_another_distribution_learns_nothing(self) -> None:
        self.assertEqual(self.fetch("missing", self.READ_AND_LIST, arn=self.ARN + "X"), 403)
        self.assertEqual(self.fetch("there", self.READ_AND_LIST, arn=self.ARN + "X"), 403)


if __name__ == "__main__":
    unittest.main()

"""A patch, in memory, of MiniStack's CloudFront: what it serves of a distribution.

- Origin groups. As released a behaviour of a group answers 502. Patched, the second origin is asked when the first fails or answers
  with a status that the group names, for requests that read:
  https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
- Functions on viewer requests get the values of query parameters as they came, percent-encoded, and the origin gets what they make of
  them. As released the values are decoded, so that a text which a function returns may mean something else.
- An S3 origin answers 404 for what is missing where the bucket's policy lets the distribution list it, as S3 does. As released it
  answers 403, on which no group fails over.
- A request with the header `x-local-edge` comes from the local edge (scripts/commands/local/edge), which caches what the origin says
  and does itself what is done for each viewer: the response headers policy and the function on viewer responses are left to it.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import contextvars
import importlib
from typing import Any, Awaitable, Callable
from urllib.parse import unquote_plus

import known_source

# Replaced, or deciding what a replaced one gets; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.cloudfront.handle_viewer_request": "986c135cbc35de36",
    "services.cloudfront.parse_distribution_dataplane_config": "98fedaf0ec2b59f8",
    "services.cloudfront._fetch_from_origin": "11c0079215ffa507",
    "services.cloudfront._build_function_event": "35aefb73bb7dfac2",
    "services.cloudfront._event_querystring": "1791c609ba5c3d17",
    "services.cloudfront._event_items": "65007a0d9ae325dd",
    "services.cloudfront._run_function": "209b3fc7c342f73f",
    "services.s3.serve_cloudfront_origin_fetch": "a0742d203d91093d",
    "services.s3._cloudfront_origin_allows": "5bd230ae14ebbe41",
}

_EDGE_HEADER = "x-local-edge"
_READING_METHODS = ("GET", "HEAD", "OPTIONS")

# What is known of the request that is being served.
_from_edge = contextvars.ContextVar("from_edge", default=False)
_raw_query = contextvars.ContextVar("raw_query", default="")

Response = tuple[int, dict, bytes]
Answer = tuple[int, str, dict, bytes]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("cloudfront_patch.py", _KNOWN_SOURCES)
    cloudfront, s3 = (importlib.import_module(f"ministack.services.{name}") for name in ("cloudfront", "s3"))
    cloudfront.handle_viewer_request = _with_request(cloudfront.handle_viewer_request)
    cloudfront.parse_distribution_dataplane_config = _with_groups(
        cloudfront, cloudfront.parse_distribution_dataplane_config
    )
    cloudfront._fetch_from_origin = _with_failover(cloudfront, cloudfront._fetch_from_origin)
    cloudfront._event_querystring = _encoded_querystring(cloudfront)
    cloudfront._run_function = _with_decoded_changes(cloudfront._run_function)
    s3.serve_cloudfront_origin_fetch = _with_missing_told(s3, s3.serve_cloudfront_origin_fetch)


def _with_request(original: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    async def handle_viewer_request(
        dist: dict, method: str, path: str, raw_uri: str, raw_query_string: str, headers: dict, *others: Any, **named: Any
    ) -> Response:
        # Each request is served in a task of its own, and with it these values.
        _from_edge.set(_EDGE_HEADER in headers)
        _raw_query.set(raw_query_string)
        viewer_headers = {name: value for name, value in headers.items() if name != _EDGE_HEADER}
        return await original(dist, method, path, raw_uri, raw_query_string, viewer_headers, *others, **named)

    return handle_viewer_request


def _with_groups(cloudfront: Any, original: Callable[[dict], dict]) -> Callable[[dict], dict]:
    def parse_distribution_dataplane_config(dist: dict) -> dict:
        parsed = original(dist)
        origins = parsed["origins"]
        for group in _items(cloudfront, cloudfront._dist_config_el(dist), "OriginGroups"):
            members = [cloudfront._text(member, "OriginId") for member in _items(cloudfront, group, "Members")]
            codes = cloudfront._find(cloudfront._find(group, "FailoverCriteria"), "StatusCodes")
            group_id = cloudfront._text(group, "Id")
            origins[group_id] = {
                "members": [origins[member] for member in members if member in origins],
                "status_codes": {int(code.text) for code in _items(cloudfront, codes)},
                "domain_name": group_id,  # For the log.
            }
        if _from_edge.get():
            for behavior in (*parsed["ordered_behaviors"], parsed["default_behavior"]):
                if behavior is None:
                    continue
                behavior["response_headers_policy_id"] = None
                behavior["functions"].pop("viewer-response", None)
        return parsed

    return parse_distribution_dataplane_config


def _items(cloudfront: Any, parent: Any, tag: str | None = None) -> list:
    """The elements in the `Items` of an element, or of its child."""
    element = parent if tag is None or parent is None else cloudfront._find(parent, tag)
    items = cloudfront._find(element, "Items") if element is not None else None
    return [] if items is None else list(items)


def _with_failover(cloudfront: Any, original: Callable[..., Awaitable[Answer]]) -> Callable[..., Awaitable[Answer]]:
    async def fetch_from_origin(origin: dict, method: str, *others: Any) -> Answer:
        if "members" not in origin:
            return await original(origin, method, *others)
        first, *rest = origin["members"]
        if not rest or method not in _READING_METHODS:
            return await original(first, method, *others)
        try:
            answer = await original(first, method, *others)
        except (cloudfront.OriginTimeout, cloudfront.OriginUnreachable):
            return await original(rest[0], method, *others)
        return await original(rest[0], method, *others) if answer[0] in origin["status_codes"] else answer

    return fetch_from_origin


def _encoded_querystring(cloudfront: Any) -> Callable[[dict], dict]:
    def event_querystring(_query_params: dict) -> dict:
        values: dict[str, list[str]] = {}
        for part in _raw_query.get().split("&"):
            name, _, value = part.partition("=")
            if part:
                values.setdefault(name, []).append(value)
        return cloudfront._event_items(values)

    return event_querystring


def _with_decoded_changes(original: Callable[[str, dict], Awaitable[dict]]) -> Callable[[str, dict], Awaitable[dict]]:
    async def run_function(function_arn: str, event: dict) -> dict:
        result = await original(function_arn, event)
        changed = result.get("querystring") if isinstance(result, dict) else None
        # What is returned as an object is encoded again on its way to the origin; a text is sent as it is.
        if isinstance(changed, dict) and changed != event["request"]["querystring"]:
            result["querystring"] = {unquote_plus(name): _decoded(field) for name, field in changed.items()}
        return result

    return run_function


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _decoded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_decoded(each) for each in value]
    return unquote_plus(value) if isinstance(value, str) else value


def _with_missing_told(s3: Any, original: Callable[..., Response]) -> Callable[..., Response]:
    def serve_cloudfront_origin_fetch(
        bucket_name: str, key: str, method: str, headers: dict, source_arn: str = "", oai_id: str = ""
    ) -> Response:
        response = original(bucket_name, key, method, headers, source_arn=source_arn, oai_id=oai_id)
        if response[0] != 403 or not source_arn:
            return response
        bucket = s3._ensure_bucket(bucket_name)
        if key in bucket["objects"] or not _may_list(s3, bucket_name, source_arn):
            return response
        missing = s3._error("NoSuchKey", "The specified key does not exist.", 404, f"/{bucket_name}/{key}")
        return (*missing[:2], b"") if method == "HEAD" else missing

    return serve_cloudfront_origin_fetch


def _may_list(s3: Any, bucket_name: str, source_arn: str) -> bool:
    """Whether the bucket's policy lets the distribution list it."""
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

    owner = s3._bucket_owner_account(bucket_name) or s3.get_account_id()
    policy = s3._bucket_policies.get_scoped(owner, None, bucket_name)
    if not policy:
        return False
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket_name}",
        region=s3.get_region(),
        service_context={"aws:sourcearn": source_arn},
    )
    return evaluate_resource_policy(policy, context, service="cloudfront.amazonaws.com").decision == "Allow"

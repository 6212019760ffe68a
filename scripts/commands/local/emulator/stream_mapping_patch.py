"""A patch, in memory, of how MiniStack's Lambda reads Kinesis: what fails is retried, narrowed down, and kept when it fails for good.

As released a function's answer is not read: the records that it names in ``batchItemFailures`` are passed over and lost. A batch on which the
function fails is tried for ever, whole, and nothing of the shard behind it is read; there is no on-failure destination.

The patch does as the mapping's settings say: with ``ReportBatchItemFailures`` a batch goes on at the first record that failed; with
``BisectBatchOnFunctionError`` it is halved, which counts as no attempt; after ``MaximumRetryAttempts`` or ``MaximumRecordAgeInSeconds`` the
destination, an SQS queue, is told where the records are, and the shard goes on.
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html,
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, Callable

import known_source
from ministack.services import lambda_svc, sqs

# Replaced, or deciding how a replaced one is called and what is made of its answer; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.lambda_svc._execute_function": "3ceb16d6480a2161",
    "services.lambda_svc._poll_kinesis": "0d590120d060b0a8",
    "services.lambda_svc._send_ddb_stream_failure_record": "0efd5f5ffe2d6df5",
    "services.lambda_svc._iter_all_esms": "7db06c0627a59696",
}


@dataclass
class _Trouble:
    """Where a shard does not go on."""

    sequence_number: str
    size: int
    attempts: int = 0


_troubles: dict[tuple[str, str], _Trouble] = {}


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("stream_mapping_patch.py", _KNOWN_SOURCES)
    lambda_svc._execute_function = _by_settings(lambda_svc._execute_function)


def _by_settings(original: Callable[..., dict]) -> Callable[..., dict]:
    def execute_function(func: dict, event: Any, *rest: Any, **named: Any) -> dict:
        mapping = _mapping_of(func, event)
        if mapping is None:
            return original(func, event, *rest, **named)
        return _handle(mapping, event["Records"], lambda batch: original(func, {"Records": batch}, *rest, **named))

    return execute_function


def _mapping_of(func: dict, event: Any) -> dict | None:
    records = event.get("Records") if isinstance(event, dict) else None
    if not records or not isinstance(records[0], dict) or records[0].get("eventSource") != "aws:kinesis":
        return None
    for _account, _region, mapping in lambda_svc._iter_all_esms():
        # Filters leave out records, so that places in the batch say nothing of places in the shard.
        if mapping.get("EventSourceArn") != records[0].get("eventSourceARN") or mapping.get("FilterCriteria"):
            continue
        found, _config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
        if found is func:
            return mapping
    return None


def _handle(mapping: dict, records: list[dict], execute: Callable[[list[dict]], dict]) -> dict:
    """Handle the records of a shard. Its position is moved by MiniStack when all are done, and by this as far as they are otherwise."""
    shard = records[0]["eventID"].rsplit(":", 1)[0]
    key = (mapping["UUID"], shard)
    done = 0
    while True:
        trouble = _troubles.get(key)
        if trouble is not None and trouble.sequence_number != _sequence_number(records[done]):
            del _troubles[key]
            trouble = None
        batch = records[done : done + trouble.size] if trouble else records[done:]
        result = execute(batch)
        handled = _handled(mapping, batch, result)
        done += handled
        if handled == len(batch):
            _troubles.pop(key, None)
            if done == len(records):
                return result
            continue
        failed = batch[handled:]
        if handled > 0 or trouble is None:
            trouble = _troubles[key] = _Trouble(_sequence_number(failed[0]), len(failed))
        condition = _end_of_patience(mapping, trouble, failed)
        if condition is not None:
            _tell(mapping, shard, failed, condition, trouble.attempts, result)
            del _troubles[key]
            done += len(failed)
            if done == len(records):
                return {"body": None}
            continue
        lambda_svc._kinesis_positions[mapping["UUID"]][shard] += done
        return {"error": True, "body": result.get("body"), "log": result.get("log", "")}


def _handled(mapping: dict, batch: list[dict], result: dict) -> int:
    """How many records at the beginning of the batch are done."""
    if result.get("error"):
        return 0
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
        return len(batch)
    body = result.get("body")
    if isinstance(body, (str, bytes)):
        try:
            body = json.loads(body)
        except ValueError:
            body = None
    failures = (body.get("batchItemFailures") if isinstance(body, dict) else None) or []
    named = [failure.get("itemIdentifier") for failure in failures]
    if not named:
        return len(batch)
    numbers = [_sequence_number(record) for record in batch]
    # What names no record of the batch is taken for its failure as a whole.
    return min((numbers.index(name) if name in numbers else 0) for name in named)


def _end_of_patience(mapping: dict, trouble: _Trouble, failed: list[dict]) -> str | None:
    """Why the failed records are not tried again. Counts the attempt, and halves what is tried next."""
    oldest = min(float(record["kinesis"]["approximateArrivalTimestamp"]) for record in failed)
    age = int(mapping.get("MaximumRecordAgeInSeconds") or -1)
    if 0 < age < time.time() - oldest:
        return "RecordAgeExceeded"
    if mapping.get("BisectBatchOnFunctionError") and len(failed) > 1:
        trouble.size = len(failed) // 2
        return None
    trouble.attempts += 1
    retries = int(mapping.get("MaximumRetryAttempts", -1))
    return "RetryAttemptsExhausted" if 0 <= retries < trouble.attempts else None


def _tell(mapping: dict, shard: str, failed: list[dict], condition: str, attempts: int, result: dict) -> None:
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    queue = sqs._queue_by_arn(destination) if destination else None
    if queue is None:
        return
    now = time.time()
    body = json.dumps(
        {
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": mapping.get("FunctionArn", ""),
                "condition": condition,
                "approximateInvokeCount": attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": result.get("function_error"),
            },
            "version": "1.0",
            "timestamp": _iso(now),
            "KinesisBatchInfo": {
                "shardId": shard,
                "startSequenceNumber": _sequence_number(failed[0]),
                "endSequenceNumber": _sequence_number(failed[-1]),
                "approximateArrivalOfFirstRecord": _iso(float(failed[0]["kinesis"]["approximateArrivalTimestamp"])),
                "approximateArrivalOfLastRecord": _iso(float(failed[-1]["kinesis"]["approximateArrivalTimestamp"])),
                "batchSize": len(failed),
                "streamArn": mapping.get("EventSourceArn"),
            },
        }
    )
    # As MiniStack itself does for the streams of DynamoDB.
    queue["messages"].append(
        {
            **{"id": str(uuid.uuid4()), "body": body, "md5_body": hashlib.md5(body.encode()).hexdigest(), "md5_attrs": ""},
            **{"receipt_handle": None, "sent_at": now, "visible_at": now + sqs.queue_delay(queue), "receive_count": 0},
            **{"first_receive_at": None, "message_attributes": {}, "group_id": None, "dedup_id": None},
            **{"dedup_cache_key": None, "seq": None},
            "sys": {"SenderId": lambda_svc.get_account_id(), "SentTimestamp": str(int(now * 1000))},
        }
    )


def _sequence_number(record: dict) -> str:
    return record["kinesis"]["sequenceNumber"]


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

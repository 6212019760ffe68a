"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import base64
import json
import time
import unittest
from unittest import mock

import stream_mapping_patch
from ministack.services import kinesis, lambda_svc, sqs

_original = lambda_svc._execute_function
REGION = lambda_svc.get_region()
ACCOUNT = lambda_svc.get_account_id()
STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/mapped"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:mapped-failed"


class Mapping(unittest.TestCase):
    """A function that fails on the records that `bad` has, read from a stream by MiniStack's own poller."""

    def setUp(self) -> None:
        self.bad: set[str] = set()
        self.throws = False
        self.batches: list[list[str]] = []
        self.function = {"config": {"FunctionName": "mapped"}}
        self.mapping = {
            **{"UUID": "mapping", "EventSourceArn": STREAM, "FunctionName": "mapped", "StartingPosition": "TRIM_HORIZON"},
            **{"FunctionResponseTypes": ["ReportBatchItemFailures"], "BisectBatchOnFunctionError": True},
            **{"MaximumRetryAttempts": 2, "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}},
        }
        kinesis._create_stream({"StreamName": "mapped", "ShardCount": 1})
        sqs._act_create_queue({"QueueName": "mapped-failed"}, "")
        for target, name, value in (
            (lambda_svc, "_execute_function", stream_mapping_patch._by_settings(self.execute)),
            (lambda_svc, "_iter_all_esms", lambda: iter([(ACCOUNT, REGION, self.mapping)])),
            (lambda_svc, "_get_func_record_for_qualifier", lambda *_: (self.function, self.function["config"])),
            (lambda_svc, "_ESM_BACKOFF_SECONDS", 0.0),
        ):
            patched = mock.patch.object(target, name, value)
            patched.start()
            self.addCleanup(patched.stop)
        self.addCleanup(kinesis._delete_stream, {"StreamName": "mapped"})
        self.addCleanup(lambda: sqs._queue_by_arn(QUEUE)["messages"].clear())
        self.addCleanup(lambda_svc._kinesis_positions.pop, "mapping", None)
        self.addCleanup(lambda_svc._esm_backoff_until.pop, "mapping", None)
        self.addCleanup(stream_mapping_patch._troubles.clear)

    def execute(self, _function: dict, event: dict) -> dict:
        names = [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
        self.batches.append(names)
        if self.throws and self.bad & set(names):
            return {"error": True, "body": {"errorType": "Error"}, "function_error": "Unhandled"}
        numbers = [record["kinesis"]["sequenceNumber"] for record in event["Records"]]
        failures = [{"itemIdentifier": number} for number, name in zip(numbers, names) if name in self.bad]
        return {"body": {"batchItemFailures": failures}}

    def put(self, *names: str) -> None:
        for name in names:
            data = base64.b64encode(name.encode()).decode()
            kinesis._put_record({"StreamName": "mapped", "PartitionKey": "a", "Data": data})

    def poll(self, times: int = 1) -> None:
        for _ in range(times):
            lambda_svc._poll_kinesis()

    def failures(self) -> list[dict]:
        return [json.loads(message["body"]) for message in sqs._queue_by_arn(QUEUE)["messages"]]

    def test_what_does_not_fail_is_handled_once(self) -> None:
        self.put("a", "b")
        self.poll(3)
        self.assertEqual(self.batches, [["a", "b"]])
        self.assertEqual(self.failures(), [])

    def test_a_batch_goes_on_at_the_first_record_that_failed_and_those_before_it_are_done(self) -> None:
        self.bad = {"b"}
        self.put("a", "b", "c")
        self.poll()
        self.bad = set()
        self.poll(2)
        self.assertEqual(self.batches, [["a", "b", "c"], ["b"], ["c"]])

    def test_a_record_that_fails_for_good_is_told_of_and_its_siblings_are_handled(self) -> None:
        self.bad = {"b"}
        self.put("a", "b", "c")
        self.poll(10)
        self.assertEqual(self.batches, [["a", "b", "c"], ["b"], ["b"], ["b"], ["c"]])
        [failure] = self.failures()
        self.assertEqual(failure["requestContext"]["condition"], "RetryAttemptsExhausted")
        self.assertEqual(failure["requestContext"]["approximateInvokeCount"], 3)
        self.assertEqual(failure["KinesisBatchInfo"]["batchSize"], 1)
        self.assertEqual(failure["KinesisBatchInfo"]["streamArn"], STREAM)

    def test_a_function_that_throws_is_narrowed_down_to_the_record(self) -> None:
        self.throws = True
        self.bad = {"c"}
        self.put("a", "b", "c", "d")
        self.poll(10)
        self.assertEqual(self.batches, [list("abcd"), list("ab"), list("cd"), ["c"], ["c"], ["c"], ["d"]])
        self.assertEqual([failure["responseContext"]["functionError"] for failure in self.failures()], ["Unhandled"])

    def test_without_bisection_the_whole_batch_is_told_of(self) -> None:
        self.throws = True
        self.bad = {"a"}
        self.mapping["BisectBatchOnFunctionError"] = False
        self.put("a", "b")
        self.poll(10)
        self.assertEqual(self.batches, [["a", "b"]] * 3)
        self.assertEqual([failure["KinesisBatchInfo"]["batchSize"] for failure in self.failures()], [2])

    def test_a_record_that_is_too_old_is_not_tried_again(self) -> None:
        self.bad = {"a"}
        self.mapping.update(MaximumRecordAgeInSeconds=60, MaximumRetryAttempts=-1)
        self.put("a")
        with mock.patch.object(stream_mapping_patch.time, "time", lambda at=time.time() + 61: at):
            self.poll()
        self.poll(2)
        self.assertEqual(self.batches, [["a"]])
        self.assertEqual([failure["requestContext"]["condition"] for failure in self.failures()], ["RecordAgeExceeded"])

    def test_without_the_response_type_the_answer_is_not_read(self) -> None:
        self.bad = {"a"}
        self.mapping["FunctionResponseTypes"] = []
        self.put("a", "b")
        self.poll(2)
        self.assertEqual(self.batches, [["a", "b"]])

    def test_another_invocation_is_passed_on(self) -> None:
        passed = []
        execute = stream_mapping_patch._by_settings(lambda function, event: passed.append(event) or {})
        for event in ({"Records": [{"eventSource": "aws:sqs"}]}, {"a": 1}, None, "text"):
            execute(self.function, event)
        self.assertEqual(len(passed), 4)


class Applied(unittest.TestCase):
    def test_it_replaces_what_invokes_functions(self) -> None:
        self.addCleanup(setattr, lambda_svc, "_execute_function", _original)
        stream_mapping_patch.apply()
        self.assertIsNot(lambda_svc._execute_function, _original)


if __name__ == "__main__":
    unittest.main()

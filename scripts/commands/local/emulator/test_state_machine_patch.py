"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import importlib
import json
import threading
import time
import unittest
from typing import Any

import state_machine_patch
from ministack.core import iam_actions

states = importlib.import_module("ministack.services.stepfunctions")
NAMES = ("_create_state_machine", "_update_state_machine", "_execute_task", "_invoke_with_callback", *state_machine_patch._HANDLERS)
_originals = {name: getattr(states, name) for name in NAMES}
_original_extract = iam_actions.extract_resource_arn

ROLE = "arn:aws:iam::000000000000:role/workflow"
WAITING = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"MessageBody": {"token.$": "$$.Task.Token"}},
            "TimeoutSeconds": 30,
            "End": True,
        }
    },
}


def setUpModule() -> None:
    state_machine_patch.apply()


def tearDownModule() -> None:
    for name, original in _originals.items():
        setattr(states, name, original)
    iam_actions.extract_resource_arn = _original_extract


class StateMachines(unittest.TestCase):
    def call(self, function: str, **data: Any) -> dict:
        status, _, body = getattr(states, function)(data)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def create(self, **data: Any) -> str:
        arn = self.call("_create_state_machine", name="order", definition=json.dumps(WAITING), **data)["stateMachineArn"]
        self.addCleanup(states._state_machines.pop, arn)
        return arn

    def tracing(self, arn: str) -> Any:
        return self.call("_describe_state_machine", stateMachineArn=arn).get("tracingConfiguration")

    def test_tracing_is_told_as_it_was_set(self) -> None:
        arn = self.create(tracingConfiguration={"enabled": True})
        self.assertEqual(self.tracing(arn), {"enabled": True})
        self.call("_update_state_machine", stateMachineArn=arn, tracingConfiguration={"enabled": False})
        self.assertEqual(self.tracing(arn), {"enabled": False})

    def test_an_update_of_something_else_leaves_it(self) -> None:
        arn = self.create(tracingConfiguration={"enabled": True})
        self.call("_update_state_machine", stateMachineArn=arn, roleArn=ROLE)
        self.assertEqual(self.tracing(arn), {"enabled": True})

    def test_an_answer_is_an_action_on_the_state_machine_that_waits_or_has_waited(self) -> None:
        arn = self.create()
        execution, token = self.start(arn)
        self.assertEqual(self.resource("SendTaskSuccess", token), arn)
        self.assertEqual(self.resource("SendTaskFailure", "another"), "*")
        self.call("_send_task_success", taskToken=token)
        self.wait_for_end(execution)
        self.assertEqual(self.resource("SendTaskSuccess", token), arn)
        self.refuses("_send_task_success", token, "TaskDoesNotExist")

    def test_an_execution_that_was_stopped_takes_no_answer(self) -> None:
        execution, token = self.start(self.create())
        self.call("_send_task_heartbeat", taskToken=token)
        self.call("_stop_execution", executionArn=execution)
        for function in state_machine_patch._HANDLERS:
            self.refuses(function, token, "TaskTimedOut")

    def start(self, arn: str) -> tuple[str, str]:
        """Starts an execution. Returns its ARN, and the token that it waits with."""
        asked: list[str] = []
        there = threading.Event()

        def send(_resource: str, message: dict) -> dict:
            asked.append(message["MessageBody"]["token"])
            there.set()
            return {}

        integrations = states._SERVICE_DISPATCH
        prefix = "arn:aws:states:::sqs:sendMessage"
        known = integrations[prefix]
        integrations[prefix] = send
        self.addCleanup(integrations.__setitem__, prefix, known)
        started = self.call("_start_execution", stateMachineArn=arn, name=self._testMethodName)
        self.assertTrue(there.wait(10))
        return started["executionArn"], asked[0]

    def refuses(self, function: str, token: str, error: str) -> None:
        status, _, body = getattr(states, function)({"taskToken": token})
        self.assertEqual((status, json.loads(body)["__type"]), (400, error))

    def wait_for_end(self, execution: str) -> None:
        until = time.monotonic() + 10
        while self.call("_describe_execution", executionArn=execution)["status"] == "RUNNING":
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)

    def resource(self, action: str, token: str) -> str:
        headers = {"x-amz-target": f"AWSStepFunctions.{action}"}
        body = json.dumps({"taskToken": token}).encode()
        return iam_actions.extract_resource_arn("states", "POST", "/", headers, body, {}, "us-east-1", "000000000000")


if __name__ == "__main__":
    unittest.main()

"""A patch, in memory, of MiniStack's Step Functions: tracing is kept and told, and answers to callbacks are actions on the state machine.

As released the tracing of a state machine is dropped, so that every plan changes it again. SendTaskSuccess and its like are evaluated on
``*``, so a policy for the state machine denies them. AWS evaluates them on the state machine that has given out the token, as its own
message says: ``not authorized to perform: states:SendTaskFailure on resource: arn:aws:states:…:stateMachine:…``. The answer to a token
whose execution was stopped is taken as released, as if somebody still waited; AWS refuses it with ``TaskTimedOut``.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import importlib
import json
import threading
from typing import Any, Callable

import known_source
from ministack.core import iam_actions

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33. What names an action's resource, log_stream_patch.py guards.
_KNOWN_SOURCES = {
    "services.stepfunctions._create_state_machine": "4bc1231dda6925d2",
    "services.stepfunctions._update_state_machine": "476e0deee6a3d66b",
    "services.stepfunctions._describe_state_machine": "12f03d98a47ad0cc",
    "services.stepfunctions._execute_task": "53c818d247dba62c",
    "services.stepfunctions._invoke_with_callback": "bbb38423156a0d3d",
    "services.stepfunctions._stop_execution": "44d2d84ccd5c9702",
    "services.stepfunctions._send_task_success": "12eff48bce57f5ab",
    "services.stepfunctions._send_task_failure": "c2a489b4ed330840",
    "services.stepfunctions._send_task_heartbeat": "56879a4655d159a2",
    "services.stepfunctions.handle_request": "efa6e8c4532a9e05",
}

_HANDLERS = ("_send_task_success", "_send_task_failure", "_send_task_heartbeat")
_ANSWERS = {"SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"}

_machines: dict[str, str] = {}
"""State machines by the tokens that they have given out."""

_executions: dict[str, dict] = {}
"""Executions by the tokens that they have given out."""


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("state_machine_patch.py", _KNOWN_SOURCES)
    states = importlib.import_module("ministack.services.stepfunctions")
    states._create_state_machine = _with_tracing(states, states._create_state_machine)
    states._update_state_machine = _with_tracing(states, states._update_state_machine)
    running = threading.local()
    states._execute_task = _with_machine(running, states._execute_task)
    states._invoke_with_callback = _with_token(running, states._invoke_with_callback)
    for name in _HANDLERS:
        setattr(states, name, _with_end(states, getattr(states, name)))
    iam_actions.extract_resource_arn = _with_answers(iam_actions.extract_resource_arn)


def _with_tracing(states: Any, original: Callable[[dict], tuple]) -> Callable[[dict], tuple]:
    def handle(data: dict) -> tuple:
        response = original(data)
        if response[0] == 200 and "tracingConfiguration" in data:
            arn = data.get("stateMachineArn") or json.loads(response[2])["stateMachineArn"]
            # What describes a state machine tells all that is kept of it.
            states._state_machines[arn]["tracingConfiguration"] = data["tracingConfiguration"]
        return response

    return handle


def _with_machine(running: threading.local, original: Callable) -> Callable:
    def execute_task(state_def: dict, raw_input: Any, execution: dict, ctx: dict) -> tuple:
        running.machine = execution["stateMachineArn"]
        running.execution = execution
        return original(state_def, raw_input, execution, ctx)

    return execute_task


def _with_token(running: threading.local, original: Callable) -> Callable:
    def invoke_with_callback(resource: str, input_data: Any, token: str, state_def: dict) -> Any:
        # Kept when nobody waits any more: who answers too late needs the same right, and is told so.
        _machines[token] = running.machine
        _executions[token] = running.execution
        return original(resource, input_data, token, state_def)

    return invoke_with_callback


def _with_end(states: Any, original: Callable[[dict], tuple]) -> Callable[[dict], tuple]:
    def answer(data: dict) -> tuple:
        execution = _executions.get(data.get("taskToken", ""))
        if execution is not None and execution["status"] == "ABORTED":
            return states.error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
        return original(data)

    return answer


def _with_answers(original: Callable[..., str]) -> Callable[..., str]:
    def extract_resource_arn(service: str, method: str, path: str, headers: dict, body: bytes, *rest: Any, **named: Any) -> str:
        action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        if service == "states" and action in _ANSWERS:
            return _machines.get(json.loads(body).get("taskToken", ""), "*")
        return original(service, method, path, headers, body, *rest, **named)

    return extract_resource_arn

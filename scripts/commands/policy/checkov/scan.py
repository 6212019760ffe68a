"""Holds stacks against checkov's checks: `python scan.py <cdk.tf.json>…` prints as JSON what was found, one line for each stack:

    {"file": "…", "findings": [{"check": "CKV_AWS_18", "title": "…", "resource": "aws_s3_bucket.logs_…",
     "path": "logs/bucket", "result": "passed"}], "errors": []}

`path` is the construct path below the stack, `result` is passed, failed or unknown, as checkov leaves it where a check does not apply.

Checkov is used as a library. Its own command reads the same files, but
- does not read JSON in strings, as policies are in a synthesised stack: it reports nothing at all for most checks of IAM. What it does
  with the strings of a plan is done here, by its own table;
- gives the checks no graph of the resources, on which CKV2_AWS_70 crashes;
- takes all stacks for one graph, although their resources have the same names;
- logs that a check crashed, or does not, and goes on. Here it is among the errors.
"""

from __future__ import annotations

import concurrent.futures
import json
import logging
import pathlib
import sys
from typing import Any

from checkov.common.models.enums import CheckResult
from checkov.common.output.record import Record
from checkov.common.output.report import Report
from checkov.common.util.consts import END_LINE, START_LINE
from checkov.runner_filter import RunnerFilter
from checkov.terraform.plan_parser import RESOURCE_TYPES_JSONIFY
from checkov.terraform_json import parser, runner

Definitions = dict[str, Any]
Lines = dict[str, list[tuple[int, str]]]

RESULTS = {CheckResult.PASSED: "passed", CheckResult.FAILED: "failed", CheckResult.UNKNOWN: "unknown"}


class Errors(logging.Handler):
    """Keeps what checkov logs of its own failures."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        cause = f": {record.exc_info[1]!r}" if record.exc_info and record.exc_info[1] else ""
        self.messages.append(record.getMessage() + cause)


class FullReport(Report):
    """Checkov's report drops what is unknown."""

    def __init__(self, check_type: str) -> None:
        super().__init__(check_type)
        self.records: list[Record] = []

    def add_record(self, record: Record) -> None:
        self.records.append(record)


class Runner(runner.TerraformJsonRunner):
    def add_python_check_results(self, report: Report, runner_filter: RunnerFilter) -> None:
        for registry in self.block_type_registries.values():
            registry.graph = self.graph_manager.db_connector.graph
        super().add_python_check_results(report, runner_filter)


def read(files: set[pathlib.Path]) -> tuple[Definitions, Lines, list[str]]:
    """In place of checkov's create_definitions, which reads the files as YAML: that takes seconds, for the numbers of lines."""
    definitions: Definitions = {}
    for file in files:
        definition = parser.prepare_definition(json.loads(file.read_text()))
        for kind, blocks in definition.items():
            for block in blocks:
                for type_or_name, content in block.items():
                    finish(type_or_name, content.values() if kind in ("resource", "data") else [content])
        definitions[str(file)] = definition
    return definitions, {file: [(1, "")] for file in definitions}, []


def finish(resource_type: str, blocks: Any) -> None:
    """Gives blocks the line that checkov needs them to have, and opens the JSON that one of their arguments may hold."""
    argument = RESOURCE_TYPES_JSONIFY.get(resource_type)
    for block in blocks:
        if not isinstance(block, dict):
            continue
        block[START_LINE] = block[END_LINE] = 1
        value = block.get(argument, [None])[0]
        if isinstance(value, str) and value.startswith(("{", "[")):
            document = json.loads(value)
            block[argument] = document if isinstance(document, list) else [document]


def report_failures_of_threads() -> None:
    """Checkov runs checks in threads, and never asks how they ended."""
    submit = concurrent.futures.ThreadPoolExecutor.submit

    def reporting(self: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        future = submit(self, function, *args, **kwargs)
        future.add_done_callback(report)
        return future

    def report(future: concurrent.futures.Future[Any]) -> None:
        error = future.exception()
        if error:
            logging.error("A check crashed", exc_info=error)

    concurrent.futures.ThreadPoolExecutor.submit = reporting


def construct_paths(file: pathlib.Path) -> dict[str, str]:
    """Paths below the stack, by the resources' names, which are the same for no two types."""
    paths = {}
    stack = json.loads(file.read_text())
    for kind in ("resource", "data"):
        for named in stack.get(kind, {}).values():
            for name, block in named.items():
                path = block.get("//", {}).get("metadata", {}).get("path")
                if path:
                    # envs/prod/todo-table/table: a stack's own path has two names.
                    paths[name] = "/".join(path.split("/")[2:])
    return paths


def scan(file: pathlib.Path, errors: Errors) -> dict[str, Any]:
    errors.messages = []
    only = RunnerFilter(framework=["terraform_json"], show_progress_bar=False)
    report = Runner().run(files=[str(file)], runner_filter=only)
    paths = construct_paths(file)
    findings = [
        {
            "check": record.check_id,
            "title": record.check_name,
            "resource": record.resource,
            "path": paths.get(record.resource.split(".")[-1], record.resource),
            "result": RESULTS[record.check_result["result"]],
        }
        for record in report.records
    ]
    return {"file": str(file), "findings": findings, "errors": errors.messages}


def main(files: list[str]) -> None:
    errors = Errors()
    logging.getLogger().handlers = [errors]
    report_failures_of_threads()
    runner.create_definitions = read
    runner.Report = FullReport
    for file in files:
        print(json.dumps(scan(pathlib.Path(file), errors)))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: scan.py <cdk.tf.json>…")
    main(sys.argv[1:])

"""Unit tests of the patch against the installed MiniStack: `python -m unittest discover -s <this folder>`."""

from __future__ import annotations

import base64
import importlib
import json
import unittest
import xml.etree.ElementTree as ElementTree

import answers_patch

cloudwatch, dynamodb, apigateway, cloudfront = (
    importlib.import_module(f"ministack.services.{name}")
    for name in ("cloudwatch", "dynamodb", "apigateway_v1", "cloudfront")
)
PATCHED = [
    (cloudwatch, "_describe_alarms"),
    (dynamodb, "_update_continuous_backups"),
    (dynamodb, "_describe_continuous_backups"),
    (apigateway, "_put_integration"),
    (apigateway, "_try_apply_method_settings_patch"),
    (apigateway, "_method_throttle_settings"),
    (cloudfront, "_cf_update_function"),
]
TOPIC = "arn:aws:sns:us-east-1:000000000000:alarms"

_originals: list[object] = []


def setUpModule() -> None:
    _originals.extend(getattr(module, name) for module, name in PATCHED)
    answers_patch.apply()


def tearDownModule() -> None:
    for (module, name), original in zip(PATCHED, _originals):
        setattr(module, name, original)


class Alarms(unittest.TestCase):
    def describe(self, parameters: dict[str, str]) -> ElementTree.Element:
        """Put an alarm as the AWS provider does, and ask for it in the same form."""
        put = {
            "AlarmName": "a",
            "AlarmDescription": "over 1 % & <more>",
            "ActionsEnabled": "true",
            "AlarmActions.member.1": TOPIC,
            "OKActions.member.1": TOPIC,
            "EvaluationPeriods": "5",
            "Threshold": "1",
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            **parameters,
        }
        cloudwatch._put_metric_alarm({name: [value] for name, value in put.items()}, {}, False)
        self.addCleanup(cloudwatch._alarms.clear)
        status, _, body = cloudwatch._describe_alarms({"AlarmNames.member.1": ["a"]}, {}, False)
        self.assertEqual(status, 200)
        member = ElementTree.fromstring(body.replace(b'xmlns="', b'data-xmlns="')).find(".//MetricAlarms/member")
        assert member is not None
        return member

    def test_what_was_set_is_told(self) -> None:
        alarm = self.describe({"MetricName": "Errors", "Namespace": "AWS/Lambda", "Statistic": "Sum", "Period": "60"})
        told = {name: alarm.findtext(name) for name in ("AlarmDescription", "ActionsEnabled", "TreatMissingData", "Statistic")}
        self.assertEqual(
            told,
            {
                "AlarmDescription": "over 1 % & <more>",
                "ActionsEnabled": "true",
                "TreatMissingData": "notBreaching",
                "Statistic": "Sum",
            },
        )
        self.assertEqual([each.text for each in alarm.findall("AlarmActions/member")], [TOPIC])
        self.assertEqual([each.text for each in alarm.findall("OKActions/member")], [TOPIC])
        self.assertRegex(alarm.findtext("StateUpdatedTimestamp") or "", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_an_alarm_on_metric_queries_has_no_metric_of_its_own(self) -> None:
        alarm = self.describe({})
        self.assertEqual([name for name in ("MetricName", "Statistic", "Period") if alarm.find(name) is not None], [])

    def test_a_percentile_takes_the_place_of_a_statistic(self) -> None:
        alarm = self.describe({"MetricName": "Duration", "Namespace": "AWS/Lambda", "ExtendedStatistic": "p99"})
        self.assertEqual(alarm.findtext("ExtendedStatistic"), "p99")
        self.assertIsNone(alarm.find("Statistic"))

    def test_a_refusal_stays_as_it_is(self) -> None:
        status, _, body = cloudwatch._describe_alarms({"MaxRecords": ["1000"]}, {}, False)
        self.assertEqual(status, 400)
        self.assertIn(b"ValidationError", body)


class Backups(unittest.TestCase):
    def setUp(self) -> None:
        dynamodb._create_table(
            {
                "TableName": "todos",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
            }
        )
        self.addCleanup(lambda: dynamodb._delete_table({"TableName": "todos"}))

    def recovery(self, specification: dict) -> dict:
        dynamodb._update_continuous_backups({"TableName": "todos", "PointInTimeRecoverySpecification": specification})
        _, _, body = dynamodb._describe_continuous_backups({"TableName": "todos"})
        told = json.loads(body)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        return {name: told.get(name) for name in ("PointInTimeRecoveryStatus", "RecoveryPeriodInDays")}

    def test_the_days_are_told(self) -> None:
        self.assertEqual(
            self.recovery({"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7}),
            {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 7},
        )

    def test_there_are_35_unless_said_otherwise(self) -> None:
        self.assertEqual(self.recovery({"PointInTimeRecoveryEnabled": True})["RecoveryPeriodInDays"], 35)

    def test_switched_off_there_are_none(self) -> None:
        self.recovery({"PointInTimeRecoveryEnabled": True})
        self.assertEqual(
            self.recovery({"PointInTimeRecoveryEnabled": False}),
            {"PointInTimeRecoveryStatus": "DISABLED", "RecoveryPeriodInDays": None},
        )

    def test_an_unknown_table_is_refused(self) -> None:
        self.assertEqual(dynamodb._describe_continuous_backups({"TableName": "none"})[0], 400)


class Integrations(unittest.TestCase):
    def put(self, integration: dict) -> str | None:
        apigateway._resources["api"] = {"r": {"resourceMethods": {"GET": {"httpMethod": "GET"}}}}
        self.addCleanup(apigateway._resources.pop, "api", None)
        status, _, body = apigateway._put_integration("api", "r", "GET", integration)
        self.assertEqual(status, 201)
        told = json.loads(body)["httpMethod"]
        kept = json.loads(apigateway._get_integration("api", "r", "GET")[2])["httpMethod"]
        self.assertEqual(told, kept)
        return told

    def test_a_mock_has_no_method(self) -> None:
        self.assertIsNone(self.put({"type": "MOCK"}))

    def test_other_integrations_keep_theirs(self) -> None:
        self.assertEqual(self.put({"type": "AWS_PROXY", "httpMethod": "POST", "uri": "arn:x"}), "POST")


class MethodSettings(unittest.TestCase):
    def setUp(self) -> None:
        self.stage: dict = {}

    def update(self, path: str, value: str | None = None, op: str = "replace") -> None:
        apigateway._apply_stage_patch(self.stage, [{"op": op, "path": path, **({} if value is None else {"value": value})}])

    def limits(self, path: str, method: str) -> tuple[float, int] | None:
        found = apigateway._method_throttle_settings(self.stage, path, method)
        return found and (found["throttlingRateLimit"], found["throttlingBurstLimit"])

    def test_the_key_is_the_one_that_was_named(self) -> None:
        for key in ("*/*", "~1/GET", "~1todos/POST", "~1todos~1{id}/PUT"):
            self.update(f"/{key}/throttling/rateLimit", "2.5")
            self.update(f"/{key}/throttling/burstLimit", "4")
        self.assertEqual(sorted(self.stage["methodSettings"]), ["*/*", "~1/GET", "~1todos/POST", "~1todos~1{id}/PUT"])
        for entry in self.stage["methodSettings"].values():
            self.assertEqual((entry["throttlingRateLimit"], entry["throttlingBurstLimit"]), (2.5, 4))

    def test_the_settings_limit_their_method(self) -> None:
        self.update("/*/*/throttling/rateLimit", "100")
        self.update("/*/*/throttling/burstLimit", "200")
        for key, rate in (("~1/GET", "1"), ("~1todos/POST", "2"), ("~1todos~1{id}/PUT", "3")):
            self.update(f"/{key}/throttling/rateLimit", rate)
            self.update(f"/{key}/throttling/burstLimit", rate)
        self.assertEqual(self.limits("/", "GET"), (1, 1))
        self.assertEqual(self.limits("/todos", "POST"), (2, 2))
        self.assertEqual(self.limits("/todos/{id}", "PUT"), (3, 3))
        self.assertEqual(self.limits("/todos/{id}", "GET"), (100, 200))

    def test_one_setting_is_removed_and_then_all(self) -> None:
        self.update("/~1todos/POST/throttling/rateLimit", "2")
        self.update("/~1todos/POST/throttling/rateLimit", op="remove")
        self.assertNotIn("throttlingRateLimit", self.stage["methodSettings"]["~1todos/POST"])
        self.update("/~1todos/POST", op="remove")
        self.assertEqual(self.stage["methodSettings"], {})

    def test_other_settings_of_a_stage_are_set(self) -> None:
        self.update("/variables/a~1b", "c")
        self.assertEqual(self.stage["variables"], {"a~1b": "c"})


class EdgeFunctions(unittest.TestCase):
    def test_a_change_can_be_published(self) -> None:
        def content(code: str) -> bytes:
            config = "<FunctionConfig><Comment/><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig>"
            encoded = base64.b64encode(code.encode()).decode()
            return f"<R><Name>f</Name>{config}<FunctionCode>{encoded}</FunctionCode></R>".encode()

        self.addCleanup(cloudfront._functions.pop, "f", None)
        status, headers, _ = cloudfront._cf_create_function({}, content("1"))
        self.assertEqual(status, 201)
        status, headers, _ = cloudfront._cf_update_function("f", {"if-match": headers["ETag"]}, content("2"))
        self.assertEqual(status, 200)
        status, *_ = cloudfront._cf_publish_function("f", {"if-match": headers["ETtag"]})
        self.assertEqual(status, 200)

    def test_a_refusal_stays_as_it_is(self) -> None:
        status, headers, _ = cloudfront._cf_update_function("none", {}, b"")
        self.assertEqual((status, "ETtag" in headers), (404, False))


if __name__ == "__main__":
    unittest.main()

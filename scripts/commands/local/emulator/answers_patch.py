"""A patch, in memory, of answers of MiniStack that leave out what Terraform has just set, or tell it otherwise.

Without it every plan changes the same resources again, or applying fails. AWS answers with all of these:

- DescribeAlarms in the form that the AWS provider asks for (XML): actions, description, treatment of missing data.
- DescribeContinuousBackups: the days of point-in-time recovery.
- PutIntegration of API Gateway: a MOCK integration has no HTTP method of its own.
- GetStage of API Gateway: the settings of one method are found under the key that UpdateStage named, such as
  ``~1todos~1{id}/PUT``, in which a slash of the path is ``~1``. They limit the calls of that method all the same.
- UpdateFunction of CloudFront: the version is in the header ``ETtag``, which AWS's API misspells and its SDKs read.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import datetime
import importlib
import json
from typing import Any, Callable
from xml.sax.saxutils import escape

import known_source

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.cloudwatch._describe_alarms": "ab8f092ff9ae6f02",
    "services.cloudwatch._put_metric_alarm": "953a67ff4bb1ee4b",
    "services.cloudwatch._xml": "522fb76b418563b0",
    "services.dynamodb._describe_continuous_backups": "ba81b08f309d3e7a",
    "services.dynamodb._update_continuous_backups": "4d306deca0a21e52",
    "services.apigateway_v1._put_integration": "fd1a612acd0155a1",
    "services.apigateway_v1._try_apply_method_settings_patch": "7c2dec6b60638a25",
    "services.apigateway_v1._decode_json_pointer_token": "dc2084fbb54fbcf2",
    "services.apigateway_v1._method_throttle_settings": "a1099a56501a904c",
    "services.cloudfront._cf_update_function": "74e6c5e660369007",
}

_QUERY_FIELDS = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")

Response = tuple[int, dict, bytes]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("answers_patch.py", _KNOWN_SOURCES)
    cloudwatch, dynamodb, apigateway, cloudfront = (
        importlib.import_module(f"ministack.services.{name}")
        for name in ("cloudwatch", "dynamodb", "apigateway_v1", "cloudfront")
    )
    cloudwatch._describe_alarms = _with_whole_alarms(cloudwatch, cloudwatch._describe_alarms)
    dynamodb._update_continuous_backups = _with_kept_days(dynamodb, dynamodb._update_continuous_backups)
    dynamodb._describe_continuous_backups = _with_told_days(dynamodb, dynamodb._describe_continuous_backups)
    apigateway._put_integration = _with_bare_mocks(apigateway, apigateway._put_integration)
    apigateway._try_apply_method_settings_patch = _with_named_keys(apigateway, apigateway._try_apply_method_settings_patch)
    apigateway._method_throttle_settings = _with_read_keys(apigateway, apigateway._method_throttle_settings)
    cloudfront._cf_update_function = _with_misspelt_version(cloudfront._cf_update_function)


def _with_whole_alarms(cloudwatch: Any, original: Callable) -> Callable:
    def describe_alarms(params: dict, cbor_data: dict, is_cbor: bool, is_json: bool = False) -> Response:
        if is_cbor or is_json:
            return original(params, cbor_data, is_cbor, is_json)
        # The JSON form is whole: the same question is asked in that form, and the answer put into XML.
        status, headers, body = original({}, _question(cloudwatch, params), False, True)
        if status != 200:
            return original(params, cbor_data, is_cbor, is_json)
        answer = json.loads(body)
        answer["MetricAlarms"] = [_alarm(alarm) for alarm in answer["MetricAlarms"]]
        return cloudwatch._xml(200, "DescribeAlarmsResponse", _xml("DescribeAlarmsResult", answer))

    return describe_alarms


def _question(cloudwatch: Any, params: dict) -> dict:
    def member(name: str) -> list[str]:
        return [value for index in range(1, 101) if (value := cloudwatch._p(params, f"{name}.member.{index}"))]

    lists = {name: found for name in ("AlarmNames", "AlarmTypes") if (found := member(name))}
    texts = ("AlarmNamePrefix", "StateValue", "MaxRecords", "NextToken")
    return {**lists, **{name: value for name in texts if (value := cloudwatch._p(params, name))}}


def _alarm(alarm: dict) -> dict:
    """An alarm without what MiniStack makes up: an alarm on metric queries has no metric of its own."""
    left_out = set() if alarm.get("MetricName") else set(_QUERY_FIELDS)
    if alarm.get("ExtendedStatistic"):
        left_out.add("Statistic")
    return {name: value for name, value in alarm.items() if value not in (None, "") and name not in left_out}


def _xml(name: str, value: Any) -> str:
    """A value in the form of AWS's Query protocol."""
    if isinstance(value, dict):
        content = "".join(_xml(key, each) for key, each in value.items())
    elif isinstance(value, list):
        content = "".join(_xml("member", each) for each in value)
    elif isinstance(value, bool):
        content = str(value).lower()
    elif name.endswith("Timestamp") and isinstance(value, (int, float)):
        content = datetime.datetime.fromtimestamp(value, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        content = escape(str(value))
    return f"<{name}>{content}</{name}>"


def _with_kept_days(dynamodb: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def update_continuous_backups(data: dict) -> Response:
        response = original(data)
        specification = data.get("PointInTimeRecoverySpecification") or {}
        if response[0] == 200 and specification.get("PointInTimeRecoveryEnabled"):
            # Where MiniStack keeps a plain True: saved and restored with its other data.
            table = dynamodb._normalize_table_name(data.get("TableName"))
            dynamodb._pitr_settings[table] = {"RecoveryPeriodInDays": specification.get("RecoveryPeriodInDays", 35)}
        return response

    return update_continuous_backups


def _with_told_days(dynamodb: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def describe_continuous_backups(data: dict) -> Response:
        status, headers, body = original(data)
        settings = dynamodb._pitr_settings.get(dynamodb._normalize_table_name(data.get("TableName")))
        if status != 200 or not isinstance(settings, dict):
            return status, headers, body
        answer = json.loads(body)
        answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"].update(settings)
        return status, headers, json.dumps(answer).encode()

    return describe_continuous_backups


def _with_bare_mocks(apigateway: Any, original: Callable[..., Response]) -> Callable[..., Response]:
    def put_integration(api_id: str, resource_id: str, http_method: str, data: dict) -> Response:
        response = original(api_id, resource_id, http_method, data)
        if response[0] != 201 or data.get("type") != "MOCK" or data.get("httpMethod"):
            return response
        integration = apigateway._resources[api_id][resource_id]["resourceMethods"][http_method]["methodIntegration"]
        integration["httpMethod"] = None
        return apigateway._v1_response(integration, 201)

    return put_integration


def _with_named_keys(apigateway: Any, original: Callable[[dict, dict], bool]) -> Callable[[dict, dict], bool]:
    def try_apply_method_settings_patch(stage: dict, operation: dict) -> bool:
        # `/<path with ~1>/<method>`, and the setting's name behind it unless the whole entry is removed.
        named = "/".join((operation.get("path") or "").strip().split("/")[1:3])
        read = apigateway._decode_json_pointer_token(named)
        if "~" not in named:
            return original(stage, operation)
        settings = stage.setdefault("methodSettings", {})
        # MiniStack looks the entry up under the key as it reads it: there it is for as long as that takes.
        if named in settings:
            settings[read] = settings.pop(named)
        try:
            return original(stage, operation)
        finally:
            if read in settings:
                settings[named] = settings.pop(read)

    return try_apply_method_settings_patch


def _with_read_keys(apigateway: Any, original: Callable[[dict, str, str], Any]) -> Callable[[dict, str, str], Any]:
    def method_throttle_settings(stage: dict, resource_path: str, http_method: str) -> Any:
        settings = stage.get("methodSettings") or {}
        read = {apigateway._decode_json_pointer_token(named): entry for named, entry in settings.items()}
        return original({**stage, "methodSettings": read}, resource_path, http_method)

    return method_throttle_settings


def _with_misspelt_version(original: Callable[..., Response]) -> Callable[..., Response]:
    def update_function(name: str, headers: dict, body: bytes) -> Response:
        status, told, content = original(name, headers, body)
        return status, {**told, **({"ETtag": told["ETag"]} if "ETag" in told else {})}, content

    return update_function

"""A patch, in memory, of MiniStack's RDS: names and passwords that a real PostgreSQL can be run for, and whole answers.

- An instance has an address of its own, ``<id>.<characters>.<region>.rds.amazonaws.com``, where MiniStack without Docker says
  ``localhost`` for all. So has an instance of an Aurora cluster, whose own addresses stay as they were given.
- ``ManageMasterUserPassword`` of an instance makes a secret in Secrets Manager, as MiniStack does for clusters. It holds
  ``{"username", "password"}`` and goes with the instance.
- DescribeDBInstances and DescribeDBClusters tell what was set: the secret, the exported logs, the keys and days of Performance
  Insights and monitoring. Otherwise every plan changes the same resources again.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import hashlib
import importlib
import json
import uuid
from typing import Any, Callable
from xml.sax.saxutils import escape

import known_source

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.rds._create_db_instance": "5edfd4666b249690",
    "services.rds._create_db_instance_impl": "cfde6023907a106e",
    "services.rds._modify_db_instance": "05a4f3f74e13ec63",
    "services.rds._delete_db_instance": "a08b42eacbd8989b",
    "services.rds._instance_xml": "97bb74e4c17b2c51",
    "services.rds._create_db_cluster_impl": "2fbf6553c81c3aad",
    "services.rds._modify_db_cluster_impl": "3831bcd1dc0d803b",
    "services.rds._cluster_xml": "df19661da2b0a7ec",
    "services.rds._start_cluster_shared_container": "53868d8c74ef5786",
    "services.rds._attach_instance_to_shared_cluster": "3a7aa0a434220f9f",
    "services.rds._sync_cluster_endpoints": "40cd7e2a947aaebb",
    "services.rds._parse_member_list": "0ded5310b0d9f564",
    "services.rds._generate_master_user_password": "9abe70cc856f5ee8",
    "services.secretsmanager.create_secret_in_process": "f35bf75ad708dd61",
    "services.secretsmanager.delete_secret_in_process": "939f98b968f193ee",
}

_LOGS = "EnabledCloudwatchLogsExports"
# Told as they were set, where MiniStack tells them empty or not at all.
_TEXTS = ("PerformanceInsightsKMSKeyId", "MonitoringRoleArn", "DatabaseInsightsMode", "EngineLifecycleSupport")

Response = tuple[int, dict, bytes]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("database_patch.py", _KNOWN_SOURCES)
    rds = importlib.import_module("ministack.services.rds")
    rds._instance_xml = _with_whole_instance(rds._instance_xml)
    rds._cluster_xml = _with_whole_cluster(rds._cluster_xml)
    rds._start_cluster_shared_container = _with_kept_addresses(rds._start_cluster_shared_container)
    rds._ACTION_MAP["CreateDBInstance"] = _with_secret(rds, rds._create_db_instance)
    rds._ACTION_MAP["ModifyDBInstance"] = _with_changes(rds, rds._modify_db_instance)
    rds._ACTION_MAP["DeleteDBInstance"] = _with_secret_removed(rds, rds._delete_db_instance)
    rds._ACTION_MAP["CreateDBCluster"] = _with_cluster_logs(rds, rds._ACTION_MAP["CreateDBCluster"], created=True)
    rds._ACTION_MAP["ModifyDBCluster"] = _with_cluster_logs(rds, rds._ACTION_MAP["ModifyDBCluster"], created=False)


def _with_secret(rds: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    from ministack.services import secretsmanager

    def create_db_instance(params: dict) -> Response:
        identifier = rds._p(params, "DBInstanceIdentifier")
        managed = rds._p(params, "ManageMasterUserPassword") == "true"
        if managed and rds._p(params, "MasterUserPassword"):
            return rds._error(
                "InvalidParameterCombination",
                "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
                400,
            )
        password = rds._generate_master_user_password() if managed else None
        response = original({**params, "MasterUserPassword": [password]} if password else params)
        instance = rds._instances.get(identifier)
        if response[0] != 200 or instance is None:
            return response
        if not instance.get("_shared_cluster_id"):
            instance["Endpoint"]["Address"] = _address(rds, identifier)
        _keep(rds, instance, params)
        if managed:
            content = {"username": instance["MasterUsername"], "password": password}
            arn = secretsmanager.create_secret_in_process(
                f"rds!db-{uuid.uuid4()}",
                json.dumps(content),
                description=f"Secret managed by RDS for DB instance {identifier}",
            )
            key = rds._p(params, "MasterUserSecretKmsKeyId")
            instance["MasterUserSecret"] = {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": key}
        return rds._single_instance_response("CreateDBInstanceResponse", "CreateDBInstanceResult", instance)

    return create_db_instance


def _with_changes(rds: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def modify_db_instance(params: dict) -> Response:
        response = original(params)
        instance = rds._resolve_instance(rds._p(params, "DBInstanceIdentifier"))
        if response[0] != 200 or instance is None:
            return response
        _keep(rds, instance, params)
        _change_logs(rds, instance, params)
        return rds._single_instance_response("ModifyDBInstanceResponse", "ModifyDBInstanceResult", instance)

    return modify_db_instance


def _with_secret_removed(rds: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    from ministack.services import secretsmanager

    def delete_db_instance(params: dict) -> Response:
        instance = rds._resolve_instance(rds._p(params, "DBInstanceIdentifier")) or {}
        secret = instance.get("MasterUserSecret") or {}
        response = original(params)
        if response[0] == 200 and secret.get("SecretArn"):
            secretsmanager.delete_secret_in_process(secret["SecretArn"])
        return response

    return delete_db_instance


def _with_cluster_logs(rds: Any, original: Callable[[dict], Response], created: bool) -> Callable[[dict], Response]:
    action = "CreateDBCluster" if created else "ModifyDBCluster"

    def change_db_cluster(params: dict) -> Response:
        response = original(params)
        cluster = rds._resolve_cluster(rds._p(params, "DBClusterIdentifier"))
        if response[0] != 200 or cluster is None:
            return response
        if created:
            cluster[_LOGS] = rds._parse_member_list(params, "EnableCloudwatchLogsExports")
        else:
            _change_logs(rds, cluster, params)
        return rds._xml(
            200, f"{action}Response", f"<{action}Result><DBCluster>{rds._cluster_xml(cluster)}</DBCluster></{action}Result>"
        )

    return change_db_cluster


def _with_kept_addresses(original: Callable) -> Callable:
    def start_cluster_shared_container(cluster_id: str, cluster: dict, remove_stale: bool = False) -> dict:
        address = cluster.get("Endpoint")
        result = original(cluster_id, cluster, remove_stale)
        # Without Docker there is no other: the members of a cluster are reached at its own address.
        if address and cluster.get("_shared_endpoint"):
            cluster["_shared_endpoint"]["Address"] = address
        return result

    return start_cluster_shared_container


def _address(rds: Any, identifier: str) -> str:
    """As RDS names an instance: the same characters for all of an account and region."""
    characters = hashlib.sha256(f"{rds.get_account_id()}/{rds.get_region()}".encode()).hexdigest()[:12]
    return f"{identifier}.c{characters}.{rds.get_region()}.rds.amazonaws.com"


def _keep(rds: Any, instance: dict, params: dict) -> None:
    for name in _TEXTS:
        if value := rds._p(params, name):
            instance[name] = value
    if exported := rds._parse_member_list(params, "EnableCloudwatchLogsExports"):
        instance[_LOGS] = exported


def _change_logs(rds: Any, record: dict, params: dict) -> None:
    prefix = "CloudwatchLogsExportConfiguration"
    added = rds._parse_member_list(params, f"{prefix}.EnableLogTypes")
    removed = rds._parse_member_list(params, f"{prefix}.DisableLogTypes")
    kept = [name for name in record.get(_LOGS) or [] if name not in removed]
    record[_LOGS] = kept + [name for name in added if name not in kept]


def _with_whole_instance(original: Callable[[dict], str]) -> Callable[[dict], str]:
    def instance_xml(instance: dict) -> str:
        texts = {name: instance[name] for name in _TEXTS if instance.get(name)}
        # MiniStack tells this one, as it was when the instance was made.
        texts.pop("MonitoringRoleArn", None)
        added = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in texts.items())
        return _with_logs(original(instance), instance) + added + _secret_xml(instance)

    return instance_xml


def _with_whole_cluster(original: Callable[[dict], str]) -> Callable[[dict], str]:
    def cluster_xml(cluster: dict) -> str:
        return original(cluster) + _logs_xml(cluster)

    return cluster_xml


def _with_logs(xml: str, record: dict) -> str:
    return xml.replace(f"<{_LOGS}/>", _logs_xml(record))


def _logs_xml(record: dict) -> str:
    members = "".join(f"<member>{escape(name)}</member>" for name in record.get(_LOGS) or [])
    return f"<{_LOGS}>{members}</{_LOGS}>"


def _secret_xml(instance: dict) -> str:
    secret = instance.get("MasterUserSecret")
    if not secret:
        return ""
    members = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in secret.items() if value)
    return f"<MasterUserSecret>{members}</MasterUserSecret>"

"""A patch, in memory, of MiniStack's ElastiCache: names and users that a real Valkey can be run for, and whole answers.

- A cache has an address of its own, such as ``<id>.<characters>.<region>.cache.amazonaws.com``, where MiniStack without Docker
  says the same host for all.
- A user's passwords are kept as SHA-256, in the form of Valkey's access control lists. DescribeUsers, which MiniStack answers
  with their number, tells them in ``LocalPasswordSha256``, an element that AWS does not have and its SDKs pass over.
- A user who signs in by IAM is told as one.
- DescribeCacheClusters tells AutoMinorVersionUpgrade, DescribeReplicationGroups the KMS key, and DescribeCacheParameters, asked for
  what a user has set, nothing else. Otherwise every plan changes or replaces them again.

The patch refuses to run with any other MiniStack than the pinned one (known_source.py).
"""

from __future__ import annotations

import hashlib
import importlib
import re
from typing import Any, Callable

import known_source

# Replaced, or deciding how a replaced one is called; MiniStack 1.5.33.
_KNOWN_SOURCES = {
    "services.elasticache._spawn_redis_container": "601c641fccc64811",
    "services.elasticache._create_replication_group": "697186d27c8a87ad",
    "services.elasticache._create_cache_cluster": "6d451625297bf92b",
    "services.elasticache._create_serverless_cache": "6c68be6fb562c6b3",
    "services.elasticache._create_user": "3d90da0e994b4e43",
    "services.elasticache._modify_user": "f5435090428f01a0",
    "services.elasticache._user_xml": "7969c0eb34c43bd2",
    "services.elasticache._cluster_xml_inner": "63df4b03f2727bd5",
    "services.elasticache._rg_xml": "73958426135c3bc2",
    "services.elasticache._describe_cache_parameters": "e8a950c558277e4b",
    "services.elasticache._extract_configs": "76cea75101ab537d",
}

_HASHES = "_PasswordHashes"
_PARAMETER = re.compile(rb"<Parameter>.*?</Parameter>", re.DOTALL)

Response = tuple[int, dict, bytes]


def apply() -> None:
    """Patch MiniStack. Call it once, before the server starts."""
    known_source.require("cache_patch.py", _KNOWN_SOURCES)
    elasticache = importlib.import_module("ministack.services.elasticache")
    elasticache._spawn_redis_container = _with_address(elasticache, elasticache._spawn_redis_container)
    elasticache._create_serverless_cache = _with_serverless_address(elasticache, elasticache._create_serverless_cache)
    elasticache._create_user = _with_passwords(elasticache, elasticache._create_user)
    elasticache._modify_user = _with_passwords(elasticache, elasticache._modify_user)
    elasticache._user_xml = _with_told_passwords(elasticache._user_xml)
    elasticache._cluster_xml_inner = _with_upgrades(elasticache, elasticache._cluster_xml_inner)
    elasticache._create_replication_group = _with_key(elasticache, elasticache._create_replication_group)
    elasticache._rg_xml = _with_told_key(elasticache._rg_xml)
    elasticache._describe_cache_parameters = _of_source(elasticache, elasticache._describe_cache_parameters)


def _with_address(elasticache: Any, original: Callable) -> Callable:
    def spawn_redis_container(name: str, engine: str, *arguments: Any, **named: Any) -> tuple[str, int, str | None]:
        host, port, container = original(name, engine, *arguments, **named)
        if container is not None:
            return host, port, container
        prefix = f"ministack-elasticache-{'rg-' if name.startswith('ministack-elasticache-rg-') else ''}"
        scope = f"{elasticache.get_account_id()}-{elasticache.get_region()}-"
        # A group's name is followed by that of its shard, `-0001`.
        identifier = name.removeprefix(prefix).removeprefix(scope)
        return _address(elasticache, identifier), port, None

    return spawn_redis_container


def _with_serverless_address(elasticache: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def create_serverless_cache(params: dict) -> Response:
        status, headers, body = original(params)
        cache = elasticache._serverless_caches.get(elasticache._p(params, "ServerlessCacheName").lower())
        if status != 200 or not cache or cache.get("_docker_container_id") or not cache.get("Endpoint"):
            return status, headers, body
        address = _address(elasticache, f"{cache['ServerlessCacheName']}.serverless")
        before = cache["Endpoint"]["Address"]
        for endpoint in ("Endpoint", "ReaderEndpoint"):
            cache[endpoint]["Address"] = address
        told = body.replace(f"<Address>{before}</Address>".encode(), f"<Address>{address}</Address>".encode())
        return status, headers, told

    return create_serverless_cache


def _address(elasticache: Any, identifier: str) -> str:
    """As ElastiCache names a cache: the same characters for all of an account and region."""
    region = elasticache.get_region()
    characters = hashlib.sha256(f"{elasticache.get_account_id()}/{region}".encode()).hexdigest()[:6]
    return f"{identifier}.{characters}.{region}.cache.amazonaws.com"


def _with_passwords(elasticache: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def change_user(params: dict) -> Response:
        direct = elasticache._extract_configs(params, "Passwords", ("member",))
        nested = elasticache._extract_configs(params, "AuthenticationMode.Passwords", ("member",))
        passwords = direct or nested
        if passwords and not direct:
            params = {**params, **{f"Passwords.member.{n}": [text] for n, text in enumerate(passwords, 1)}}
        response = original(params)
        user = elasticache._users.get(elasticache._p(params, "UserId"))
        if response[0] == 200 and user and passwords:
            user[_HASHES] = [hashlib.sha256(text.encode()).hexdigest() for text in passwords]
            user["Authentication"] = {"Type": "password", "PasswordCount": len(passwords)}
        elif response[0] == 200 and user and elasticache._p(params, "AuthenticationMode.Type") == "iam":
            user.pop(_HASHES, None)
            user["Authentication"] = {"Type": "iam", "PasswordCount": 0}
        return response

    return change_user


def _with_told_passwords(original: Callable[[dict], str]) -> Callable[[dict], str]:
    def user_xml(user: dict) -> str:
        hashes = "".join(f"<member>{each}</member>" for each in user.get(_HASHES) or [])
        return f"{original(user)}<LocalPasswordSha256>{hashes}</LocalPasswordSha256>"

    return user_xml


def _with_upgrades(elasticache: Any, original: Callable[[dict], str]) -> Callable[[dict], str]:
    def cluster_xml_inner(cluster: dict) -> str:
        # A member of a group does as its group says.
        group = elasticache._replication_groups.get(cluster.get("ReplicationGroupId") or "")
        upgrades = (group or cluster).get("AutoMinorVersionUpgrade", True)
        return f"{original(cluster)}<AutoMinorVersionUpgrade>{str(upgrades).lower()}</AutoMinorVersionUpgrade>"

    return cluster_xml_inner


def _with_key(elasticache: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def create_replication_group(params: dict) -> Response:
        response = original(params)
        group = elasticache._replication_groups.get(elasticache._p(params, "ReplicationGroupId"))
        if response[0] == 200 and group:
            group["KmsKeyId"] = elasticache._p(params, "KmsKeyId")
        return response

    return create_replication_group


def _with_told_key(original: Callable[[dict], str]) -> Callable[[dict], str]:
    def rg_xml(group: dict) -> str:
        key = group.get("KmsKeyId")
        return f"{original(group)}<KmsKeyId>{key}</KmsKeyId>" if key else original(group)

    return rg_xml


def _of_source(elasticache: Any, original: Callable[[dict], Response]) -> Callable[[dict], Response]:
    def describe_cache_parameters(params: dict) -> Response:
        status, headers, body = original(params)
        source = elasticache._p(params, "Source")
        if status != 200 or not source:
            return status, headers, body
        of_source = f"<Source>{source}</Source>".encode()
        told = _PARAMETER.sub(lambda found: found[0] if of_source in found[0] else b"", body)
        return status, headers, told

    return describe_cache_parameters

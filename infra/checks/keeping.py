"""What is kept: encrypted, recoverable, closed to others, and no longer than said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from infra.checks.stack import LOG, Stack

from newscast.settings import SettingsError, read

TABLE, BUCKET = "AWS::DynamoDB::Table", "AWS::S3::Bucket"

INDEXES: dict[str, tuple[str, ...]] = {
    "GSI1": ("GSI1PK", "GSI1SK"),
    "Sources": ("SourcePK", "Filed"),
    "Days": ("DayPK", "Filed"),
}
"""Key attributes of a new table's indexes."""
AS_RELEASED = frozenset({"GSI1", "GSI2"})
"""What these hold can't be changed any more; every other index holds `shown` alone, which need not be."""

RETENTIONS: tuple[tuple[str, bool], ...] = (
    ("0", True),
    ("30", True),
    ("99", True),
    ("365", True),
    ("2999", True),
    ("3650", True),
    ("", False),
    ("7", False),
    ("29", False),
    ("030", False),
    ("3651", False),
    ("4000", False),
    ("-1", False),
)
"""What a deployer may give for RetentionDays. Less than a month is shorter than a message lives."""


def table(stack: Stack) -> Iterator[str]:
    """Recovery to any second of 35 days, encryption, expiry of leases, cost by use."""
    for name, properties in stack.of(TABLE).items():
        if (
            properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
            is not True
        ):
            yield f"{name}: point-in-time recovery is off"
        if properties.get("SSESpecification", {}).get("SSEEnabled") is not True:
            yield f"{name} is not encrypted"
        ttl = properties.get("TimeToLiveSpecification", {})
        if ttl.get("AttributeName") != "expires_at" or ttl.get("Enabled") is not True:
            yield f"{name}: rows do not expire by expires_at"
        if properties.get("BillingMode") != "PAY_PER_REQUEST":
            yield f"{name} is not billed by request"
        if _keys(properties) != ("PK", "SK"):
            yield f"{name}: its keys are {', '.join(_keys(properties))}"
        indexes = {each["IndexName"]: each for each in properties.get("GlobalSecondaryIndexes", [])}
        if {index: _keys(each) for index, each in indexes.items()} != INDEXES and not stack.parameters:
            yield f"{name}: its indexes are {', '.join(indexes)}, or have other keys"
        for index in indexes.keys() - AS_RELEASED:
            if indexes[index]["Projection"] != {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["shown"]}:
                yield f"{name}: {index} holds other attributes than shown, which can't be changed later"


def _keys(properties: dict[str, Any]) -> tuple[str, ...]:
    """Of a table or an index."""
    return tuple(each["AttributeName"] for each in properties.get("KeySchema", []))


def bucket(stack: Stack) -> Iterator[str]:
    """Encrypted, closed to the public, reached by TLS alone."""
    closed = [
        policy["Bucket"]
        for policy in stack.of("AWS::S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Action"] == "s3:*"
        and str(statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")).lower() == "false"
    ]
    for name, properties in stack.of(BUCKET).items():
        if not properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration"):
            yield f"{name} is not encrypted"
        blocks = properties.get("PublicAccessBlockConfiguration", {})
        for each in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"):
            if blocks.get(each) is not True:
                yield f"{name}: {each} is off"
        if stack.resolve.ref(name) not in closed:
            yield f"{name} can be reached without TLS"
        rules = properties.get("LifecycleConfiguration", {}).get("Rules", [])
        if not any("AbortIncompleteMultipartUpload" in rule for rule in rules):
            yield f"{name}: uploads that were cut stay for ever"
        if properties.get("VersioningConfiguration", {}).get("Status") == "Enabled":
            yield f"{name} has versions: a body that is erased would stay as an old one"
        for each in ("ObjectLockEnabled", "ReplicationConfiguration"):
            if properties.get(each):
                yield f"{name}: {each} keeps a body that is erased"


def survival(stack: Stack) -> Iterator[str]:
    """Deleting or changing the stack doesn't delete articles; a creation that fails leaves nothing behind."""
    for kind in (TABLE, BUCKET):
        for name, resource in stack.translated.of_type(kind).items():
            if resource.get("DeletionPolicy") != "RetainExceptOnCreate":
                yield f"{name}: DeletionPolicy is not RetainExceptOnCreate"
            if resource.get("UpdateReplacePolicy") != "Retain":
                yield f"{name}: UpdateReplacePolicy is not Retain"
    for name, properties in stack.of(TABLE).items():
        if properties.get("DeletionProtectionEnabled") is not False:
            yield f"{name} is protected when it is made, so that a creation that fails can't delete it"
    protected = Stack(stack.translated, {"Protection": "on"})
    for name, properties in protected.of(TABLE).items():
        if properties.get("DeletionProtectionEnabled") is not True:
            yield f"{name} can't be protected"


def retention_days(stack: Stack) -> Iterator[str]:
    """The template's pattern and the setting's own take and refuse the same."""
    pattern = stack.template["Parameters"]["RetentionDays"].get("AllowedPattern", ".*")
    for text, sound in RETENTIONS:
        if (re.fullmatch(pattern, text) is not None) != sound:
            yield f"RetentionDays {'refuses' if sound else 'takes'} {text!r}"
        if not re.fullmatch(pattern, text):
            continue
        try:
            read({"RETENTION_DAYS": text})
        except SettingsError as error:
            yield f"RETENTION_DAYS: {error}"


def queue_encryption(stack: Stack) -> Iterator[str]:
    for name, properties in stack.queues.items():
        if properties.get("SqsManagedSseEnabled") is not True and "KmsMasterKeyId" not in properties:
            yield f"{name} is not encrypted"


def logs(stack: Stack) -> Iterator[str]:
    """A log group that Lambda makes by itself keeps everything for ever."""
    groups = stack.of(LOG)
    taken = {stack.resolve.ref(name): name for name in groups}
    for name, properties in groups.items():
        if "RetentionInDays" not in properties:
            yield f"{name} is kept for ever"
    used = [each.get("LoggingConfig", {}).get("LogGroup") for each in stack.functions.values()]
    for function, group in zip(stack.functions, used, strict=True):
        if group not in taken:
            yield f"{function} writes to no log group of the template"
        elif used.count(group) > 1:
            yield f"{function} shares {taken[group]}"

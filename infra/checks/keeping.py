"""What is kept: encrypted, recoverable, closed to others, and no longer than said."""

from __future__ import annotations

from collections.abc import Iterator

from infra.checks.stack import LOG, Stack

TABLE, BUCKET = "AWS::DynamoDB::Table", "AWS::S3::Bucket"


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
        keys = [each["AttributeName"] for each in properties.get("KeySchema", [])]
        keys += [
            key["AttributeName"]
            for index in properties.get("GlobalSecondaryIndexes", [])
            for key in index["KeySchema"]
        ]
        if keys != ["PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK"]:
            yield f"{name}: keys and indexes are {', '.join(keys)}"


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


def survival(stack: Stack) -> Iterator[str]:
    """Deleting or changing the stack doesn't delete articles."""
    for kind in (TABLE, BUCKET):
        for name, resource in stack.translated.of_type(kind).items():
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if resource.get(policy) != "Retain":
                    yield f"{name}: {policy} is not Retain"


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

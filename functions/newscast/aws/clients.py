"""One boto3 client a service and process, with retries and time limits that suit a Lambda function."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from newscast import __version__

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 5},
    max_pool_connections=16,  # fetch polls several hosts at once and holds a lease for each
    # Otherwise put together anew for each call, a tenth of what botocore takes for it.
    user_agent=f"newscast/{__version__} boto3/{boto3.__version__}",
    # What a call says is said by our own code, which the tests of the wire see; AWS checks it anyhow.
    parameter_validation=False,
)


_building = threading.Lock()


@cache
def _built(service: str) -> Any:
    # A client takes 100 ms to build: one a process. `forget` starts anew for another (mock) account.
    return boto3.client(cast(Any, service), config=_CONFIG)


def _client(service: str) -> Any:
    # Once, though several threads need their first at the same time: boto3's session is not for several.
    with _building:
        return _built(service)


def dynamodb() -> DynamoDBClient:
    return cast("DynamoDBClient", _client("dynamodb"))


def s3() -> S3Client:
    return cast("S3Client", _client("s3"))


def sqs() -> SQSClient:
    return cast("SQSClient", _client("sqs"))


def ssm() -> Any:
    return _client("ssm")


def forget() -> None:
    """Drop the cached clients."""
    _built.cache_clear()

"""Bodies too large for a queue or a row: put into the bucket, fetched by key (claim check).

The bucket's lifecycle removes what lies under `claim/`: no function deletes it, since a message may be
delivered again after its work is done. What lies under `packs/` (newscast.articles.packs) is overwritten
when its article is erased.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CLAIM = "claim/"
"""Prefix of claim-checked message bodies; infra/template.yaml expires it."""
ACTORS = "actors/"
"""Prefix of the user's own actors, CSV files as they are written by hand."""
MAX_OBJECT_BYTES = 64 * 1024 * 1024
"""No body of ours comes near this; more is a bomb or a mistake."""

REPLACED = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}
"""Refusals of a replacement: another was first, is at it, or has removed the file.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"""


class Objects:
    """The stack's bucket. Keys are made from the content, so that a repeated put changes nothing.

    `s3` gives the client when it is first needed: most batches hold nothing large, and it takes time.
    """

    def __init__(self, s3: Callable[[], S3Client], bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def put(self, prefix: str, body: bytes) -> str:
        """Store bytes, compressed, under a key named by their hash; returns the key.

        Raises ValueError for a body so large that `get` would not read it back.
        """
        if len(body) > MAX_OBJECT_BYTES:
            raise ValueError(f"a body of {len(body)} bytes is more than {MAX_OBJECT_BYTES}")
        key = self.key(prefix, body)
        self._s3().put_object(Bucket=self._bucket, Key=key, Body=gzip.compress(body, 6, mtime=0))
        return key

    @staticmethod
    def key(prefix: str, body: bytes) -> str:
        """Where `put` puts these bytes."""
        return f"{prefix}{hashlib.sha256(body).hexdigest()}.gz"

    def get(self, key: str) -> bytes:
        """The bytes that were put under a key. Raises ValueError if they are absurdly large, or others."""
        packed = self._s3().get_object(Bucket=self._bucket, Key=key)["Body"]
        with gzip.GzipFile(fileobj=packed) as stream:
            body: bytes = stream.read(MAX_OBJECT_BYTES + 1)
        if len(body) > MAX_OBJECT_BYTES:
            raise ValueError(f"{key} is larger than {MAX_OBJECT_BYTES} bytes")
        if self.key(key[: key.rfind("/") + 1], body) != key:
            raise ValueError(f"{key} holds other bytes than it was put there with")
        return body

    def listed(self, prefix: str) -> dict[str, str]:
        """What lies under a prefix: key → ETag, in the order of the keys."""
        pages = self._s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", [])}

    def read_file(self, key: str) -> bytes:
        """A file as a person put it there, up to MAX_OBJECT_BYTES."""
        return self._s3().get_object(Bucket=self._bucket, Key=key)["Body"].read(MAX_OBJECT_BYTES)

    def part(self, key: str, offset: int, length: int) -> bytes:
        """So many bytes of a file. Raises ValueError if there is no such file, or it ends before."""
        try:
            answer = self._s3().get_object(
                Bucket=self._bucket, Key=key, Range=f"bytes={offset}-{offset + length - 1}"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "InvalidRange"):
                raise ValueError(f"the bucket has no {key} with {offset + length} bytes") from error
            raise
        return answer["Body"].read()

    def tagged_file(self, key: str) -> tuple[bytes, str] | None:
        """A file and its ETag; None if there is none."""
        try:
            answer = self._s3().get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def replace_file(self, key: str, body: bytes, etag: str) -> bool:
        """Replace a file that is still the one with this ETag; false if it isn't."""
        try:
            self._s3().put_object(Bucket=self._bucket, Key=key, Body=body, IfMatch=etag)
        except ClientError as error:
            if error.response["Error"]["Code"] in REPLACED:
                return False
            raise
        return True

    def remove_file(self, key: str) -> None:
        """Remove a file that a person put there."""
        self._s3().delete_object(Bucket=self._bucket, Key=key)

    def write_file(self, key: str, body: bytes) -> None:
        """Put or replace a file that a person will read."""
        self._s3().put_object(Bucket=self._bucket, Key=key, Body=body)

"""S3's object calls over the buckets: a prepared request in, S3's answer out.

Put, get (with ranges), head, delete (one or many) and list, with If-Match and If-None-Match. Any other call
on a bucket is refused as not implemented.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from newscast.local.engine.objects import Bucket, Stored
from newscast.local.engine.refusal import Answer

MAX_KEYS = 1000
"""Of one page of a list, and of one DeleteObjects."""
MAX_KEY_BYTES = 1024
_GIVEN_BACK = ("content-type", "content-encoding", "content-disposition", "content-language", "cache-control")
_HOST = re.compile(r"^(?:(?P<bucket>.+)\.)?s3[.-][a-z0-9.-]*amazonaws\.com$")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Request(Protocol):
    """botocore's prepared request."""

    method: str
    url: str
    headers: Mapping[str, Any]
    body: Any


class ObjectRefusal(Exception):  # noqa: N818  # S3's answer, which its caller sees as a ClientError
    """S3's error answer to one call; nothing was changed."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class S3:
    """All buckets of the stack."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.buckets: dict[str, Bucket] = {}
        self.units: defaultdict[str, float] = defaultdict(float)
        """Requests so far, as AWS bills them: a list like a write, a delete not at all."""
        self._now = now

    @staticmethod
    def plays(url: str) -> bool:
        """Whether a call goes to S3."""
        return _HOST.match(urlsplit(url).netloc) is not None

    @staticmethod
    def reads(request: Request) -> bool:
        """Whether a call changes nothing."""
        return request.method in ("GET", "HEAD")

    def call(self, request: Request) -> Answer:
        """Answer one call. Raises ObjectRefusal and OSError."""
        name, key, query = _address(request.url)
        bucket = self.buckets.get(name)
        if bucket is None:
            raise ObjectRefusal(404, "NoSuchBucket", f"The specified bucket does not exist: {name}")
        if len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_BYTES:
            raise ObjectRefusal(400, "KeyTooLongError", "Your key is too long")
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        if key and request.method == "PUT" and "x-amz-copy-source" not in headers and not query:
            return self._put(bucket, key, _content(request, headers), headers)
        if key and request.method in ("GET", "HEAD") and not query.keys() - {"x-id"}:
            return self._get(bucket, key, headers, whole=request.method == "GET")
        if key and request.method == "DELETE" and not query.keys() - {"x-id"}:
            bucket.remove(key)
            return 204, {}, b""
        if not key and request.method == "POST" and "delete" in query:
            return self._delete(bucket, request.body)
        if not key and request.method == "GET" and query.get("list-type") == "2" and "delimiter" not in query:
            return self._list(bucket, query)
        if not key and request.method == "HEAD":
            self.units["reads"] += 1
            return 200, {}, b""
        raise ObjectRefusal(501, "NotImplemented", f"{request.method} of this kind is not played locally")

    def _put(self, bucket: Bucket, key: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        self.units["writes"] += 1
        there = bucket.find(key)
        if (wanted := headers.get("if-match")) is not None:
            if there is None:
                raise ObjectRefusal(404, "NoSuchKey", "The specified key does not exist.")
            if wanted.strip('"') != there.etag:
                raise _unmet()
        if headers.get("if-none-match") == "*" and there is not None:
            raise _unmet()
        kept = {name: headers[name] for name in _GIVEN_BACK if name in headers}
        if "aws-chunked" in kept.get("content-encoding", ""):  # of the way here, not of the object
            del kept["content-encoding"]
        kept |= {name: value for name, value in headers.items() if name.startswith("x-amz-meta-")}
        stored = bucket.put(key, content, kept, self._now())
        return 200, {"ETag": f'"{stored.etag}"'}, b""

    def _get(self, bucket: Bucket, key: str, headers: Mapping[str, str], whole: bool) -> Answer:
        self.units["reads"] += 1
        stored = bucket.find(key)
        if stored is None:
            raise ObjectRefusal(404, "NoSuchKey", "The specified key does not exist.")
        if (wanted := headers.get("if-match")) is not None and wanted.strip('"') not in (stored.etag, "*"):
            raise _unmet()
        if (known := headers.get("if-none-match")) is not None and known.strip('"') in (stored.etag, "*"):
            return 304, {"ETag": f'"{stored.etag}"'}, b""
        about = _about(stored)
        if not whole:
            return 200, about, b""
        content = bucket.read(stored)
        part = _part(headers.get("range"), len(content))
        if part is None:
            return 200, about, content
        first, last = part
        content = content[first : last + 1]
        about |= {
            "Content-Length": str(len(content)),
            "Content-Range": f"bytes {first}-{last}/{stored.size}",
        }
        return 206, about, content

    def _delete(self, bucket: Bucket, body: Any) -> Answer:
        try:
            tree = ElementTree.fromstring(body)  # noqa: S314  # botocore wrote it, in this process
        except ElementTree.ParseError:
            raise ObjectRefusal(400, "MalformedXML", "The XML you provided was not well-formed") from None
        keys = [part.text or "" for part in tree.iter() if part.tag.rpartition("}")[2] == "Key"]
        if not 0 < len(keys) <= MAX_KEYS:
            raise ObjectRefusal(400, "MalformedXML", f"1 to {MAX_KEYS} keys in one call")
        for key in keys:
            bucket.remove(key)
        gone = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        return _xml(f"<DeleteResult>{gone}</DeleteResult>")

    def _list(self, bucket: Bucket, query: Mapping[str, str]) -> Answer:
        self.units["writes"] += 1  # billed like one
        most = min(int(query.get("max-keys", MAX_KEYS)), MAX_KEYS)
        after = query.get("start-after", "")
        if token := query.get("continuation-token"):
            after = _after(token)
        prefix = query.get("prefix", "")
        found = list(bucket.listed(prefix, after, most + 1))
        more, found = len(found) > most, found[:most]
        encoded = quote if query.get("encoding-type") == "url" else escape
        parts = [
            f"<Contents><Key>{encoded(each.key)}</Key><LastModified>{_at(each):%Y-%m-%dT%H:%M:%S.000Z}"
            f"</LastModified><ETag>&quot;{each.etag}&quot;</ETag><Size>{each.size}</Size>"
            "<StorageClass>STANDARD</StorageClass></Contents>"
            for each in found
        ]
        if more and found:
            token = b64encode(found[-1].key.encode("utf-8", "surrogatepass")).decode()
            parts.append(f"<NextContinuationToken>{token}</NextContinuationToken>")
        if "encoding-type" in query:
            parts.append("<EncodingType>url</EncodingType>")
        return _xml(
            f"<ListBucketResult><Name>{bucket.name}</Name><Prefix>{encoded(prefix)}</Prefix>"
            f"<KeyCount>{len(found)}</KeyCount><MaxKeys>{most}</MaxKeys>"
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{''.join(parts)}</ListBucketResult>"
        )


def refuse(refusal: ObjectRefusal) -> Answer:
    body = f"<Error><Code>{refusal.code}</Code><Message>{escape(str(refusal))}</Message></Error>"
    return refusal.status, {"Content-Type": "application/xml"}, _xml(body)[2]


def _unmet() -> ObjectRefusal:
    return ObjectRefusal(
        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
    )


def _address(url: str) -> tuple[str, str, dict[str, str]]:
    """Bucket, key and query from either style of address: bucket.s3…/key and s3…/bucket/key."""
    parts = urlsplit(url)
    path = unquote(parts.path.removeprefix("/"))
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    found = _HOST.match(parts.netloc)
    if found and found["bucket"]:
        return found["bucket"], path, query
    bucket, _, key = path.partition("/")
    return bucket, key, query


def _content(request: Request, headers: Mapping[str, str]) -> bytes:
    body = request.body
    content = body.read() if hasattr(body, "read") else body or b""
    content = content.encode() if isinstance(content, str) else bytes(content)
    return _unchunked(content) if "aws-chunked" in headers.get("content-encoding", "") else content


def _unchunked(content: bytes) -> bytes:
    """What botocore sends of a stream: chunks with their sizes, and a checksum behind the last."""
    whole = bytearray()
    at = 0
    while True:
        end = content.index(b"\r\n", at)
        size = int(content[at:end].partition(b";")[0], 16)
        if not size:
            return bytes(whole)
        whole += content[end + 2 : end + 2 + size]
        at = end + 2 + size + 2


def _part(asked: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of a range; None for all (no range, or one that can't be read)."""
    found = _RANGE.fullmatch(asked or "")
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
    if first >= size or first > last:
        raise ObjectRefusal(416, "InvalidRange", "The requested range is not satisfiable")
    return first, last


def _after(token: str) -> str:
    try:
        return b64decode(token, validate=True).decode("utf-8", "surrogatepass")
    except (binascii.Error, UnicodeDecodeError):
        raise ObjectRefusal(400, "InvalidArgument", "The continuation token is incorrect") from None


def _about(stored: Stored) -> dict[str, str]:
    return {
        "Content-Type": "binary/octet-stream",
        **stored.headers,
        "Content-Length": str(stored.size),
        "ETag": f'"{stored.etag}"',
        "Last-Modified": format_datetime(_at(stored), usegmt=True),
    }


def _at(stored: Stored) -> datetime:
    return datetime.fromtimestamp(stored.stored_at, UTC)


def _xml(inside: str) -> Answer:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{inside}'
    return 200, {"Content-Type": "application/xml"}, text.encode("utf-8", "surrogatepass")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

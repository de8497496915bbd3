"""Objects of the stack's bucket: any key, conditions, ranges, pages, and what is left of them on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from newscast.aws import clients
from newscast.local.problem import StateError
from newscast.local.stack import Stack
from tests.local.conftest import Opener

KEYS = (
    "../../outside",
    "/etc/passwd",
    "a//b/./../c",
    "..",
    "a b+c%2F?x=1&y#z",
    "tab\tand\x7f",
    "\u00e9\u4e2d\U0001f30d" * 20,
    "x" * 1024,
    "A/key",
    "a/key",
    "a",
)


def put(stack: Stack, key: str, body: bytes, **more: Any) -> Any:
    return clients.s3().put_object(Bucket=stack.bucket, Key=key, Body=body, **more)


def read(stack: Stack, key: str, **more: Any) -> bytes:
    return clients.s3().get_object(Bucket=stack.bucket, Key=key, **more)["Body"].read()


def keys(stack: Stack, **more: Any) -> list[str]:
    pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=stack.bucket, **more)
    return [each["Key"] for page in pages for each in page.get("Contents", [])]


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_any_key_is_kept_inside_the_directory(opener: Opener, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with opener(data_dir=data) as stack:
        for number, key in enumerate(KEYS):
            put(stack, key, f"{number}".encode())
    with opener(data_dir=data) as stack:
        assert [read(stack, key) for key in KEYS] == [f"{number}".encode() for number in range(len(KEYS))]
        assert keys(stack) == sorted(KEYS, key=str.encode)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert all(path.is_relative_to(data) for path in files)
        assert sum(path.is_relative_to(data / "objects" / "Bucket") for path in files) == len(KEYS)
        for key in KEYS:
            clients.s3().delete_object(Bucket=stack.bucket, Key=key)
        assert keys(stack) == []
        assert [path for path in (data / "objects").rglob("*") if path.is_file()] == []


def test_conditions_of_a_write(stack: Stack) -> None:
    first = put(stack, "k", b"one", IfNoneMatch="*")["ETag"]
    with pytest.raises(ClientError) as error:
        put(stack, "k", b"two", IfNoneMatch="*")
    assert code(error) == "PreconditionFailed"
    second = put(stack, "k", b"two", IfMatch=first)["ETag"]
    with pytest.raises(ClientError) as error:
        put(stack, "k", b"three", IfMatch=first)
    assert code(error) == "PreconditionFailed"
    assert read(stack, "k", IfMatch=second) == b"two"
    with pytest.raises(ClientError) as error:
        put(stack, "gone", b"x", IfMatch=first)
    assert code(error) == "NoSuchKey"
    put(stack, "k", b"one")  # as the first was: its file is another
    assert read(stack, "k") == b"one"


def test_what_belongs_to_an_object(stack: Stack) -> None:
    put(stack, "k", b"0123456789", Metadata={"why": "so"}, ContentType="text/csv")
    head = clients.s3().head_object(Bucket=stack.bucket, Key="k")
    assert (head["ContentLength"], head["ContentType"], head["Metadata"]) == (10, "text/csv", {"why": "so"})
    ranges = {"bytes=2-4": b"234", "bytes=-3": b"789", "bytes=7-": b"789", "bytes=8-100": b"89"}
    assert {each: read(stack, "k", Range=each) for each in ranges} == ranges
    with pytest.raises(ClientError) as error:
        read(stack, "k", Range="bytes=10-")
    assert code(error) == "InvalidRange"
    for call in (clients.s3().get_object, clients.s3().head_object):
        with pytest.raises(ClientError) as error:
            call(Bucket=stack.bucket, Key="nothing")
        assert code(error) in ("NoSuchKey", "404")
    with pytest.raises(ClientError) as error:
        clients.s3().copy_object(
            Bucket=stack.bucket, Key="x", CopySource={"Bucket": stack.bucket, "Key": "k"}
        )
    assert code(error) == "NotImplemented"


def test_a_list_comes_in_pages(stack: Stack) -> None:
    for number in range(7):
        put(stack, f"p/{number}", b"")
    put(stack, "q/1", b"")
    assert keys(stack, Prefix="p/", PaginationConfig={"PageSize": 3}) == [
        f"p/{number}" for number in range(7)
    ]
    assert keys(stack, Prefix="p/", StartAfter="p/4") == ["p/5", "p/6"]


def test_a_disk_that_takes_no_more_is_one_line(opener: Opener, tmp_path: Path) -> None:
    with opener(data_dir=tmp_path) as stack:
        put(stack, "k", b"one")
        (tmp_path / "objects").rename(tmp_path / "moved")
        (tmp_path / "objects").write_text("no directory")
        with pytest.raises(StateError, match="can't write to ") as error:
            put(stack, "k", b"two")
        with pytest.raises(StateError):  # nothing is answered any more
            read(stack, "k")
    assert "\n" not in str(error.value)
    (tmp_path / "objects").unlink()
    (tmp_path / "moved").rename(tmp_path / "objects")
    with opener(data_dir=tmp_path) as stack:
        assert read(stack, "k") == b"one"

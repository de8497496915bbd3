"""Bodies in the bucket: what goes in comes out, twice is once, and a bomb stays shut."""

from __future__ import annotations

import gzip
from typing import Any, cast

import pytest

from newscast.aws import objects
from newscast.aws.objects import Objects
from tests.aws.fake_bucket import FakeBucket


def test_a_body_comes_back_and_a_second_put_is_the_same_object() -> None:
    bucket = FakeBucket()
    store = Objects(lambda: cast(Any, bucket), "bucket")
    key = store.put("claim/", b"body" * 1000)
    before = dict(bucket.bodies)
    assert store.put("claim/", b"body" * 1000) == key
    assert bucket.bodies == before
    assert store.get(key) == b"body" * 1000
    assert len(before[key]) < 100


def test_a_body_that_would_not_be_read_back_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "MAX_OBJECT_BYTES", 1000)
    bucket = FakeBucket()
    store = Objects(lambda: cast(Any, bucket), "bucket")
    assert store.get(store.put("claim/", b"x" * 1000)) == b"x" * 1000
    with pytest.raises(ValueError, match="1001 bytes is more than 1000"):
        store.put("claim/", b"x" * 1001)
    bucket.bodies["bomb"] = gzip.compress(b"\0" * 5_000_000)
    with pytest.raises(ValueError, match="bomb is larger than 1000 bytes"):
        store.get("bomb")

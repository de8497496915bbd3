"""Code of two versions side by side, as while one is deployed: nothing is buried, nothing is forgotten."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect, structs

from newscast import records, tolerant
from newscast.articles.bodies import pack
from newscast.aws import clients
from newscast.aws.objects import CLAIM, Objects
from newscast.aws.sender import encode
from newscast.extra import EXTRA
from newscast.feeds.table import Feeds
from newscast.records import SCHEMA, Entry, Message, PageWanted, Record, TaggedArticle
from tests.upgrade import newer
from tests.upgrade.newer import SAID
from tests.upgrade.world import KINDS, LAST, STAGES, World

ALL = [one for one in vars(records).values() if isinstance(one, type) and issubclass(one, Record)]


ENDS = (TaggedArticle, records.Regroup, records.FeedPoll)
"""Nothing goes on from these, or entries that say nothing of it."""


# --------------------------------------------------------------------------------- newer code's fields
def told(kind: type[Record], where: newer.Place) -> dict[str, Any]:
    """A filled message with a field more at a place; its correlation id says which."""
    body: dict[str, Any] = newer.changed(newer.message(kind), (*where.path, "newer"), SAID)
    return body | {"correlation_id": "/".join(map(str, where.path)) or "message"}


def expected(kind: type[Record], path: newer.Path) -> tuple[newer.Path, ...]:
    """Where a field that was added to the record at a path is found in the next stage's message."""
    if not path:
        return (("extra", "newer"),)
    inside = path[1:]
    if kind is PageWanted and inside[:1] == ("article",):
        return (("body", *inside[1:], "extra", "newer"),)
    if kind is records.Article:
        return (("body", "article", *inside, "extra", "newer"),)
    return (("body", "extra", kind.__name__, *inside, "newer"),)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ENDS])
def test_a_field_that_only_newer_code_knows_is_in_what_goes_on(world: World, kind: type[Record]) -> None:
    wheres = newer.records(newer.message(kind))
    done = world.work(STAGES[kind.__name__], *(json.dumps(told(kind, where)) for where in wheres))
    assert (done.failed, done.buried) == ([], [])
    sent = {one["correlation_id"]: one for one in done.sent}
    assert len(sent) == len(wheres)
    for where in wheres:
        found = sent[told(kind, where)["correlation_id"]]
        found = {**found, "body": found["body"].get("article", found["body"])} if kind is Entry else found
        assert any(newer.at(found, path) == SAID for path in expected(kind, where.path)), where.path


def test_a_field_more_of_a_poll_goes_on_with_each_of_its_entries(world: World) -> None:
    feeds = [row.feed for row in Feeds(clients.dynamodb(), world.opened.table_name).all()]
    feed = next(feed for feed in feeds if feed.url.endswith("world.xml"))
    poll = newer.message(records.FeedPoll)
    poll["body"] |= {"feed_id": feed.feed_id, "forced": True, "newer": SAID}
    done = world.work("fetch", json.dumps(poll | {"newer": SAID}))
    assert (done.failed, done.buried) == ([], [])
    assert len(done.sent) > 1
    for sent in done.sent:
        assert (sent["extra"], sent["body"]["extra"]) == ({"newer": SAID}, {"FeedPoll": {"newer": SAID}})


def test_a_field_more_of_a_record_is_stored(world: World) -> None:
    wheres = newer.records(newer.message(TaggedArticle))
    for where in wheres:
        body = json.dumps(told(TaggedArticle, where))
        done = world.work("store", body)
        assert (done.failed, done.sent, done.buried) == ([], [], [])
        record = tolerant.message(body).body
        assert isinstance(record, TaggedArticle)
        raw = zlib.decompress(pack(record))
        assert tolerant.decode(raw, TaggedArticle) == record
        if where.path:
            assert newer.at(json.loads(raw), (*where.path[1:], "extra", "newer")) == SAID


@pytest.mark.parametrize("record", ALL, ids=lambda one: one.__name__)
def test_newer_code_reads_as_its_own_field_what_older_code_kept(record: type[Record]) -> None:
    about = inspect.type_info(record)
    assert isinstance(about, inspect.StructType)
    later = cast(Any, msgspec.defstruct)(
        record.__name__,
        [("newer", Any, None)],
        bases=(record,),
        frozen=True,
        kw_only=True,
        **({"tag": about.tag, "tag_field": about.tag_field} if about.tag else {}),
    )
    first = newer.filled(about)
    kept = tolerant.decode(json.dumps(first | {"newer": SAID, "newest": 1}), record)
    assert kept.extra == {"newer": SAID, "newest": 1}
    read: Any = tolerant.decode(msgspec.json.encode(kept), later)
    assert (read.newer, read.extra) == (SAID, {"newest": 1})
    assert tolerant.decode(json.dumps(first), record) == structs.replace(kept, extra=msgspec.UNSET)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_is_added_wherever_comes_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    told = newer.message(kind)
    wheres = data.draw(st.lists(st.sampled_from(newer.records(told)), max_size=4))
    more = told
    for where in wheres:
        name = data.draw(st.sampled_from(["newer", "Entry", "extras", "", "ü", "id"]))
        more = newer.changed(more, (*where.path, name), data.draw(JSON))
    read = tolerant.message(json.dumps(more))
    again = encode(read)
    assert tolerant.message(again) == read
    assert _flat(json.loads(again)) == {"stored_at": None} | more


def _flat(value: Any) -> Any:
    """JSON with what is in `extra` at its place."""
    if isinstance(value, list):
        return [_flat(one) for one in value]
    if isinstance(value, dict):
        extra = value.get(EXTRA, {})
        return {name: _flat(one) for name, one in value.items() if name != EXTRA} | extra
    return value


# ----------------------------------------------------------------------- what only newer code can read
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("schema", [None, 1, SCHEMA, SCHEMA + 1])
def test_an_unknown_kind_of_record_is_tried_again(
    world: World, kind: type[Record], schema: int | None
) -> None:
    body = newer.changed(newer.message(kind), ("body", "record"), "Telegram") | {"schema": schema}
    if schema is None:
        del body["schema"]
    done = world.work(STAGES[kind.__name__], json.dumps(body))
    assert (done.failed, done.buried) == (["Moscow"], [])
    done = world.work(STAGES[kind.__name__], json.dumps(body), receives=LAST)
    assert (done.failed, done.buried) == ([], ["NewerError: a record of an unknown kind: 'Telegram'"])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_a_newer_schema_may_say_is_tried_again_and_of_a_known_one_buried(
    world: World, kind: type[Record]
) -> None:
    stage, whole = STAGES[kind.__name__], newer.message(kind)
    wheres = newer.literals(whole) + newer.records(whole)[1:]
    bodies = [newer.changed(whole, where.path, "brandnew") for where in wheres]
    bodies = [body | {"correlation_id": f"c{number}"} for number, body in enumerate(bodies)]
    later = [json.dumps(body | {"schema": SCHEMA + 1}) for body in bodies]
    done = world.work(stage, *later)
    assert (done.failed, done.buried) == ([body["correlation_id"] for body in bodies], [])
    done = world.work(stage, *map(json.dumps, bodies))
    assert done.failed == []
    assert len(done.buried) == len(bodies)
    assert all(reason.startswith("UndecodableError: not a message: ") for reason in done.buried)
    done = world.work(stage, later[0], receives=LAST)
    assert (done.failed, len(done.buried)) == ([], 1)
    assert done.buried[0].startswith(f"NewerError: schema {SCHEMA + 1}, and this code reads {SCHEMA}: ")


def test_another_kind_than_the_queue_carried_so_far_is_tried_again(world: World) -> None:
    for schema, failed, buried in ((SCHEMA + 1, 1, 0), (SCHEMA, 0, 1)):
        done = world.work("tag", json.dumps(newer.message(Entry, schema)))
        assert (len(done.failed), len(done.buried)) == (failed, buried)


def test_a_claim_of_newer_code_is_tried_again(world: World) -> None:
    whole = newer.message(records.Article)
    for number, (schema, failed) in enumerate(((SCHEMA + 1, ["c"]), (SCHEMA, []))):
        stored = newer.changed(whole["body"], ("published", "basis"), f"new {number}")
        body = json.dumps(stored).encode()
        key = Objects.key(CLAIM, body)
        clients.s3().put_object(Bucket=world.opened.bucket, Key=key, Body=gzip.compress(body))
        claim = {k: whole[k] for k in ("first_seen",)} | {
            "correlation_id": "c",
            "stored_at": key,
            "schema": schema,
        }
        done = world.work("tag", json.dumps(claim))
        assert (done.failed, len(done.buried)) == (failed, 1 - len(failed))


def test_a_newer_schema_that_can_be_read_goes_on_as_such(world: World) -> None:
    done = world.work("normalise", json.dumps(newer.message(Entry, SCHEMA + 7)))
    assert [one["schema"] for one in done.sent] == [SCHEMA + 7]


# --------------------------------------------------------------------------------------------- hostile
@pytest.mark.parametrize("depth", [150, 900, 1_200, 100_000])
@pytest.mark.parametrize(
    "begin", ['{"schema":2,"newer":', '{"newer":', '{"schema":2,"extra":', '{"schema":2,"body":', ""]
)
def test_json_of_any_depth_is_a_decode_error(depth: int, begin: str) -> None:
    for left, right in (("[", "]"), ('{"newer":', "}")):
        deep = begin + left * depth + "1" + right * depth + ("}" if begin else "")
        with pytest.raises(msgspec.DecodeError):
            tolerant.message(deep)
        with pytest.raises(msgspec.DecodeError):
            tolerant.decode(deep, TaggedArticle)


def test_a_field_nested_as_deep_as_is_taken_is_sent_on() -> None:
    body = newer.message(Entry)
    nested: Any = 1
    for _ in range(99):
        nested = [nested]
    raw = json.dumps(body | {"newer": nested})
    assert tolerant.message(encode(tolerant.message(raw))) == tolerant.message(raw)


def test_more_than_is_looked_through_is_refused() -> None:
    raw = '{"schema":2,"newer":"' + "x" * tolerant.MAX_BYTES + '"}'
    with pytest.raises(msgspec.DecodeError, match="are looked through"):
        tolerant.message(raw)


def test_a_message_is_a_record_like_the_others() -> None:
    assert set(ALL) >= {Message, *KINDS}

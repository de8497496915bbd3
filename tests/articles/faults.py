"""The store function over the engine, with one AWS call that fails, is applied and not answered, or is the
last of its process; then its messages are delivered again, until all are done.

A call is one request on the wire: DynamoDB's and S3's, botocore's own retries too.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

import msgspec
from botocore.exceptions import ConnectionClosedError
from msgspec.structs import replace

from newscast.articles import bodies, packs, queries, rows, stored
from newscast.articles.archive import Archive
from newscast.articles.identity import digest_of
from newscast.articles.items import Item, Key, read
from newscast.articles.revisions import in_head
from newscast.articles.rows import AtHead, Head, Page, edges
from newscast.articles.store import Articles
from newscast.aws import clients
from newscast.aws.objects import Objects
from newscast.aws.sender import encode
from newscast.handlers import store
from newscast.local.engine.gate import Gate
from newscast.records import Message, Payload, TaggedArticle
from tests.articles.samples import NOON
from tests.articles.tables import BUCKET, TABLE, Engine, items

Fault = Literal["fails", "unanswered", "repeated", "killed", "killed after"]
"""fails: before it is applied, with an error that botocore doesn't repeat · unanswered: the same after it was
applied · repeated: applied, its answer lost, and sent again by botocore · killed: the process is gone before
the call, or after it."""
FAULTS: tuple[Fault, ...] = ("fails", "unanswered", "repeated", "killed", "killed after")
MOST_DELIVERIES = 5
"""As the template's queue has it."""


class Killed(BaseException):  # no error: nothing may catch it
    """The process is gone."""


@dataclass
class Wire:
    """What happens to the calls of one process. Call `at` of them has the fault."""

    fault: Fault = "fails"
    at: int = -1
    calls: list[str] = field(default_factory=list)
    struck: bool = False

    def answer(self, right: Callable[[Any], Any], request: Any) -> Any:
        place = len(self.calls)
        self.calls.append(called(request))
        if place != self.at:
            return right(request)
        self.struck = True
        if self.fault == "killed":
            raise Killed
        if self.fault == "fails":
            raise RuntimeError(f"{self.calls[-1]} could not be sent")
        right(request)
        if self.fault == "killed after":
            raise Killed
        if self.fault == "unanswered":
            raise RuntimeError(f"{self.calls[-1]} was not answered")
        raise ConnectionClosedError(endpoint_url=request.url)


def called(request: Any) -> str:
    """The call's name: `PutItem`, `S3 GET`."""
    target = request.headers.get("X-Amz-Target")
    if target:
        return (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2]
    return f"S3 {request.method}"


class Answers(Protocol):
    """A wire: what it makes of a call, by the way that answers it right."""

    def answer(self, right: Callable[[Any], Any], request: Any) -> Any: ...


@contextmanager
def on(wire: Answers) -> Iterator[None]:
    """All calls go over this wire."""
    right = Gate.answer

    def answer(gate: Gate, request: Any) -> Any:
        return wire.answer(lambda asked: right(gate, asked), request)

    Gate.answer = answer  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Gate.answer = right  # type: ignore[method-assign]


# ------------------------------------------------------------------------------------- one process
def event(messages: Iterable[tuple[str, Payload]]) -> dict[str, Any]:
    """Messages as Lambda hands them over, by their ids."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1720785600000"}
    return {
        "Records": [
            {
                "messageId": name,
                "body": encode(Message(correlation_id=name, first_seen=NOON, body=body)),
                "attributes": attributes,
            }
            for name, body in messages
        ]
    }


Batch = Sequence[tuple[str, Payload]]


def delivered(batch: Batch, wire: Wire) -> list[tuple[str, Payload]]:
    """One batch handed to the function: what must come again."""
    unique = [(f"{name}/{place}", body) for place, (name, body) in enumerate(batch)]
    try:
        with on(wire):
            answer = store.handler(event(unique), None)
    except Killed:
        end_process()
        return list(batch)
    failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
    return [message for (name, _), message in zip(unique, batch, strict=True) if name in failed]


def end_process() -> None:
    """What the next process doesn't know."""
    store._ahead.clear()
    store._kept.clear()
    store._stored.clear()


Cut = Callable[[Batch, Batch], list[Batch]]
"""(all that was sent, what must come again) → batches."""


def the_same(_: Batch, left: Batch) -> list[Batch]:
    return [left]


def cut_anew(sent: Batch, left: Batch) -> list[Batch]:
    """In other batches, the last first, and all twice: acknowledgements were lost too."""
    turned = [*reversed(left), *reversed(sent)]
    return [turned[at : at + 3] for at in range(0, len(turned), 3)]


CUTS: tuple[Cut, ...] = (the_same, cut_anew)


def drain(batch: Batch, wire: Wire, cut: Cut) -> None:
    """Deliver until all is done; the fault strikes once."""
    left = delivered(batch, wire)
    if wire.struck and cut is cut_anew:
        left = [again for some in cut(batch, left) for again in delivered(some, Wire())]
    for _ in range(MOST_DELIVERIES - 1):
        if not left:
            return
        left = delivered(left, Wire())
    raise AssertionError(f"{len(left)} messages are left after {MOST_DELIVERIES} deliveries")


# --------------------------------------------------------------------------------- what is there then
@dataclass(frozen=True)
class State:
    """A table and a bucket at one moment, so that many cases begin at it."""

    rows: dict[Key, Item]
    objects: dict[str, tuple[str, bytes]]
    """ETag and content by key."""

    @classmethod
    def of(cls, articles: Articles) -> State:
        bucket = articles.archive.objects
        objects = {key: (etag, bucket.read_file(key)) for key, etag in bucket.listed("").items()}
        return cls(items(articles), objects)

    def put_back(self, engine: Engine, now: Callable[[], datetime]) -> Articles:
        end_process()
        articles = engine.articles(now)
        table = engine.dynamodb.tables[TABLE]
        with engine.database.transaction():
            for item in self.rows.values():
                table.apply(table.change(table.key_of(item), item))
        bucket = articles.archive.objects
        there = bucket.listed("")
        for key in [key for key, etag in there.items() if self.objects.get(key, ("",))[0] != etag]:
            bucket.remove_file(key)
            del there[key]
        for key in self.objects.keys() - there.keys():
            bucket.write_file(key, self.objects[key][1])
        return articles


class AtOnce(Objects):
    """A bucket of which each file is read once: readers ask for many records."""

    def __init__(self, bucket: Objects) -> None:
        super().__init__(bucket._s3, BUCKET)
        self._read: dict[str, bytes] = {}

    def read_file(self, key: str) -> bytes:
        if key not in self._read:
            self._read[key] = super().read_file(key)
        return self._read[key]

    def part(self, key: str, offset: int, length: int) -> bytes:
        return self.read_file(key)[offset : offset + length]


def told(articles: Articles) -> dict[str, Any]:
    """All that readers can see, and the pages; without what depends on when it was stored."""
    articles = dataclasses.replace(articles, archive=Archive(AtOnce(articles.archive.objects), articles.now))
    at = at_heads(articles)
    listed = {name: found for name, found in at.items() if isinstance(found, Head)}
    histories = {name: [_plain(one) for one in stored.history(articles, name)] for name in listed}
    since, until = NOON - timedelta(days=1), NOON + timedelta(days=1)
    actors = {one.actor_id for head in listed.values() for one in head.actors}
    sources = {head.source for head in listed.values()}
    return {
        "heads": {name: _head(found) for name, found in at.items()},
        "histories": histories,
        "latest": [one.article_id for one in queries.latest(articles, since, until)],
        "actors": {
            actor: [one.article_id for one in queries.by_actor(articles, actor, since, until)]
            for actor in actors
        },
        "sources": {
            source: [one.article_id for one in queries.by_source(articles, source, since, until)]
            for source in sources
        },
        "since": Counter(
            msgspec.json.encode(_plain(one)) for one in stored.since(articles, NOON - timedelta(days=1))
        ),
        "pages": {key: read(item, Page) for key, item in items(articles).items() if key[1] == "PAGE"},
    }


def at_heads(articles: Articles) -> dict[str, AtHead]:
    found = {
        pk.removeprefix("ART#"): rows.at_head(item)
        for (pk, sk), item in items(articles).items()
        if sk == "HEAD" and pk.startswith("ART#")
    }
    return {name: at for name, at in found.items() if at}


def _head(at: AtHead) -> AtHead:
    return replace(at, stored_at="", correlation_id="") if isinstance(at, Head) else at


def _plain(one: stored.Stored) -> Any:
    return replace(one, change="new")


def wrong(articles: Articles) -> list[str]:
    """What no table may be, whatever happened."""
    there, found, archive = items(articles), [], Archive(AtOnce(articles.archive.objects), articles.now)
    heads = [at for at in at_heads(articles).values() if isinstance(at, Head)]
    said = {key for head in heads for key in edges(head, None)}
    found += [f"no edge {key}" for key in said - there.keys()]
    for key, item in there.items():
        if key[1] == "PAGE" and read(item, Page).unsettled:
            found.append(f"{key} is unsettled")
        for row in in_head(key[0].removeprefix("ART#"), item) if key[1] == "HEAD" else ():
            if digest_of(archive.load(row.body)) != row.chosen:
                found.append(f"{row.key} has another's record")
    return found


def readable(text: str) -> list[str]:
    """Objects of the bucket in which a text can be found, once unpacked."""
    found, bucket = [], Objects(clients.s3, BUCKET)
    for key in bucket.listed(""):
        content = bucket.read_file(key)
        if any(text.encode() in part for part in (content, *_unpacked(content))):
            found.append(key)
    return found


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Whatever zlib makes of any part of it."""
    at = content.find(b"\x78")
    while at >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(content[at:])
        at = content.find(b"\x78", at + 1)


def kept(articles: Articles, name: str, record: TaggedArticle, day: datetime) -> None:
    """What a writer leaves that puts a record into the bucket and dies."""
    for one in packs.packed([(name, bodies.pack(record))], day.date()):
        articles.archive.objects.write_file(one.object, one.content)


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """A clock: each look is a millisecond later."""
    looks = iter(range(10**9))
    return lambda: start + timedelta(milliseconds=next(looks))


def ledger(articles: Articles) -> int:
    """What the ledger says was stored."""
    return sum(
        count
        for (pk, _), item in items(articles).items()
        if pk.startswith("STORED#")
        for count in msgspec.json.decode(item["counts"]["S"], type=dict[str, int]).values()
    )

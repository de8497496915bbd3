"""Feeds, their publisher and their fetcher in one process: moto, a scripted server, a clock that is set."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import boto3
from moto import mock_aws
from msgspec.structs import replace

from newscast.feeds.authority import Named
from newscast.feeds.feed import Feed, Hints, State, new_feed
from newscast.feeds.inquiry import Allowance, Inquirer
from newscast.feeds.poll import Asked, Busy, Done, Poller
from newscast.feeds.rows import Due
from newscast.feeds.secret import Secret, no_secrets
from newscast.feeds.table import Feeds
from newscast.feeds.turns import Turns
from newscast.records import Entry, FeedPoll
from newscast.settings import Settings
from newscast.web.lease import Leases
from tests.feeds.rows import Rows
from tests.table_shape import table_shape
from tests.web.publisher import Answer, Publisher, Request, network, reply, serving

NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)
URL = "http://site.example/feed"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@contextmanager
def feeds_on_moto() -> Iterator[Feeds]:
    """The feeds of an empty table, as infra/template.yaml describes it."""
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        dynamodb.create_table(TableName="t", **table_shape())
        yield Feeds(dynamodb, "t")


def turns(feeds: Feeds) -> Turns:
    """What the schedule makes of the same table."""
    return Turns(feeds._dynamodb, feeds._table)


def item(number: int, title: str | None = None, when: datetime | None = NOON, **more: str) -> str:
    """An RSS item."""
    fields = {
        "title": title or f"Title {number}",
        "guid": f"id-{number}",
        "link": f"http://site.example/{number}",
        **({"pubDate": f"{when:%a, %d %b %Y %H:%M:%S} GMT"} if when else {}),
        **more,
    }
    return (
        "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items() if value) + "</item>"
    )


def rss(*items: str, head: str = "") -> bytes:
    """An RSS document."""
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Site</title>{head}{"".join(items)}'
    return (text + "</channel></rss>").encode()


def polled(url: str) -> Feed:
    """A usual feed, after some weeks of polls."""
    state = State(
        next_due=NOON,
        next_why="rhythm",
        etag='W/"5f3c-66a9b1d2a3f40"',
        last_modified="Fri, 12 Jul 2024 11:00:00 GMT",
        validated_url=url,
        body_sha256="9" * 64,
        last_ok=NOON,
        last_full=NOON,
        last_new=NOON,
        rate_per_day=2.8571,
        rate_at=NOON,
        hints=Hints(ttl_minutes=30),
        feed_title="The Example Newspaper: Europe",
        format="rss20",
        changed=10,
        entries=200,
    )
    return replace(new_feed(url, NOON, title="Europe", tags=("World/Europe",)), state=state)


@dataclass
class World:
    """One publisher and one fetcher. `now` moves only when a test moves it."""

    feeds: Feeds
    publisher: Publisher
    settings: Settings
    now: datetime = NOON
    sent: list[Entry] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    outcomes: list[tuple[datetime, str, str]] = field(default_factory=list)
    secrets: Callable[[str], Secret] = no_secrets
    named: list[Named] = field(default_factory=list)
    sent_before_grant: int = 0
    claims: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    """Of one batch: a test that polls often refills it."""

    @property
    def poller(self) -> Poller:
        leases = Leases(self.feeds._dynamodb, self.feeds._table)
        net = network({80: self.publisher.port, 443: self.publisher.port})
        inquirer = Inquirer(
            leases,
            self.settings,
            lambda: self.now,
            self.dice,
            lambda feed_id: [named.scope for named in self.named if named.feed_id == feed_id],
            self.grant,
            self.allowance,
            net,
            self.sleep,
        )
        return Poller(
            self.feeds, leases, self.settings, lambda: self.now, self.dice, net, self.secrets, inquirer
        )

    def grant(self, named: Named) -> None:
        """As the handler does: before the entries are sent that it is about."""
        self.named.append(named)
        self.sent_before_grant = len(self.sent)

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def subscribe(self, url: str = URL, title: str | None = None) -> Feed:
        feed = new_feed(url, self.now, title=title)
        assert self.feeds.add(feed)
        return feed

    def poll(self, feed_id: str, forced: bool = False) -> Done | Busy:
        """One poll now, as fetch does it."""
        name = f"p{self.dice.getrandbits(40)}"
        asked = self.poller.ask(FeedPoll(feed_id=feed_id, poll_id=name, asked_at=self.now, forced=forced))
        done = self.poller.finish(asked, self.accept) if isinstance(asked, Asked) else asked
        if isinstance(done, Done):
            self.outcomes.append((self.now, done.outcome, done.reason))
        return done

    def accept(self, entries: Sequence[Entry]) -> None:
        self.sent.extend(entries)

    def run(self, feed_id: str, until: datetime) -> None:
        """Poll whenever the feed is due, as schedule and fetch do, until then."""
        while True:
            feed = self.feed(feed_id)
            if feed.disabled or feed.state.next_due > until:
                break
            self.now = max(self.now, feed.state.next_due)
            for due in turns(self.feeds).due(self.now):
                # A turn that is not due yet is no round's.
                if not turns(self.feeds).claim(due, self._next(due), self.now):
                    continue
                busy = self.poll(due.feed_id)
                assert isinstance(busy, Done), busy
        self.now = until

    def _next(self, due: Due) -> datetime:
        self.claims += 1  # no two rounds choose the same
        begins = (due.due if due.turn else self.now) + timedelta(microseconds=self.claims)
        return begins + timedelta(minutes=due.interval_minutes)

    def feed(self, feed_id: str) -> Feed:
        row = self.feeds.get(feed_id)
        assert row
        return row.feed

    def state(self, feed_id: str) -> State:
        return self.feed(feed_id).state

    def asked(self) -> list[Request]:
        """What the publisher saw since this was last asked."""
        seen = list(self.publisher.requests)
        self.publisher.requests.clear()
        return seen

    def titles(self) -> list[str]:
        """Titles that were sent on since this was last asked."""
        titles = [entry.title.value if entry.title else "" for entry in self.sent]
        self.sent.clear()
        return titles


@contextmanager
def world(**settings: float | str) -> Iterator[World]:
    """A world over an empty table in memory."""
    feeds = Feeds(cast(Any, Rows()), "t")
    with serving() as publisher:
        yield World(feeds, publisher, Settings(**{"host_gap_seconds": 5, **settings}))  # type: ignore[arg-type]


def dated(now: datetime) -> str:
    return f"Date: {now:%a, %d %b %Y %H:%M:%S} GMT"


def conditional(body: bytes, etag: str = '"1"', *lines: str) -> Answer:
    """An honest server: 304 to its own ETag."""

    def answer(request: Request) -> bytes:
        same = request.headers.get("if-none-match") == etag
        return reply(304, b"", f"ETag: {etag}", *lines) if same else reply(200, body, f"ETag: {etag}", *lines)

    return answer

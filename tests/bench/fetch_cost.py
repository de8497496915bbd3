"""What watching feeds costs on AWS: the whole of schedule and fetch, for 2,000 and for 1,000,000 feeds.

A sample of feeds is watched for some days by the real handlers on the embedded AWS, under a clock that is
set, with servers that are made up below; its last day is counted in AWS's units, indexes included, and
multiplied up to the number of feeds. What does not grow with it, a round's smallest queries, is counted
apart. Lambda's time alone is reckoned, from the figures below.
NEWSCAST_BENCH_FEEDS changes the sample, NEWSCAST_BENCH_DAYS the days.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from statistics import mean
from typing import Any
from unittest.mock import patch

from tests.feeds.world import DAY, NOON, item, rss

from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.feeds import poll
from newscast.feeds.feed import feed_id, new_feed
from newscast.feeds.rhythm import TURNS
from newscast.feeds.rows import SHARDS, key_of
from newscast.feeds.table import Feeds
from newscast.local.cost import cost
from newscast.local.engine.items import size
from newscast.local.stack import Stack
from newscast.web.exchange import Response, Validators
from newscast.web.target import target

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
SCALE = float(os.environ.get("NEWSCAST_BENCH_SCALE", "1"))
"""More or less news than that: newscast.cost.measured.POLLS has 0.01, 1, 2.2 and 8."""
RATES = tuple((rate * SCALE, share) for rate, share in ((40.0, 0.10), (10.0, 0.25), (3.0, 0.30), (0.3, 0.35)))
"""Entries a day and the share of feeds: desks and wires, papers' sections, small sites, blogs."""
SERVERS = (("validators", 0.80), ("same body", 0.10), ("stamped", 0.07), ("missing", 0.03))
"""Share of feeds whose server answers 304; sends the same bytes again; puts the time of the request into
each copy and knows no validators; has no such feed any more."""
HOSTS = ((1, 0.5), (5, 0.3), (50, 0.2))
"""Feeds on one host, and the share of feeds that live so."""
ENTRIES = 20
DAYS = int(os.environ.get("NEWSCAST_BENCH_DAYS", "2"))
ROUND = timedelta(minutes=5)
COUNTS = (2_000, 1_000_000)
WAIT = 0.5
"""Seconds that the slowest server of a batch takes to answer."""
POLL_SECONDS = 0.003
"""Of a processor, for one poll (feed_polls measures it)."""
PROCESSOR = 512 / 1769
"""Of one processor, which 512 MB of memory give. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
AWS_CALLS, AWS_SECONDS = 4, 0.005
"""Calls of a poll that wait for each other, and how long each takes."""
MONTH = 30


@dataclasses.dataclass
class Clock:
    """Time that moves when somebody waits."""

    at: float = NOON.timestamp()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def seconds(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@dataclasses.dataclass(frozen=True)
class Publisher:
    """One feed's server."""

    rate: float
    kind: str
    offset: float
    """Part of its rhythm that was over when the clock began."""

    def answer(self, now: datetime, validators: Validators | None, url: str) -> Response:
        if self.kind == "missing":
            return Response(url, 404)
        last = int((now - NOON) / DAY * self.rate + self.offset) + ENTRIES
        stamp = f"<lastBuildDate>{now:%H:%M:%S}</lastBuildDate>" if self.kind == "stamped" else ""
        body = rss(*(self._item(number, url) for number in range(last, last - ENTRIES, -1)), head=stamp)
        if self.kind != "validators":
            return Response(url, 200, {}, body)
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers = {"etag": etag, "last-modified": format_datetime(self._at(last), usegmt=True)}
        if validators and validators.etag == etag:
            return Response(url, 304, headers, conditional=True)
        return Response(url, 200, headers, body, conditional=validators is not None)

    def _at(self, number: int) -> datetime:
        return NOON + (number - ENTRIES - self.offset) / self.rate * DAY

    def _item(self, number: int, url: str) -> str:
        link = f"http://{target(url).host}/{number}"  # no site is asked whether it names the feed
        return item(number, when=self._at(number), link=link, description="Some words of a story. " * 30)


def main() -> None:
    feeds = int(os.environ.get("NEWSCAST_BENCH_FEEDS", "500"))
    clock, dice = Clock(), random.Random(3)
    sites = {url: _publisher(dice) for url in _urls(feeds)}
    of = Edge.of

    def edge(stage: str) -> Edge:
        return dataclasses.replace(of(stage), now=clock.now, random=dice)

    with (
        patch.object(Edge, "of", edge),
        patch.object(poll, "get", _answers(sites, clock)),
        Stack.open(TEMPLATE, enforce_roles=False, now=clock.seconds, sleep=clock.sleep) as stack,
    ):
        _watch(stack, clock, list(sites))


def _watch(stack: Stack, clock: Clock, sites: Sequence[str]) -> None:
    stack._pollers = [each for each in stack._pollers if each.source.function is stack.function("fetch")]
    table = Feeds(clients.dynamodb(), stack.table_name)
    for url in sites:
        table.add(new_feed(url, clock.now()))
    calls: Counter[str] = Counter()
    writes = _writes(stack)
    for client in (clients.dynamodb(), clients.s3(), clients.ssm()):
        client.meta.events.register(
            f"before-call.{client.meta.service_model.service_name}",
            lambda model, **_: calls.update([model.name]),
        )
    before = Day({}, {}, Counter(), {})
    for number in range(int(DAYS * DAY / ROUND)):
        if number * ROUND == (DAYS - 1) * DAY:
            before = Day.of(stack, calls, table, writes)
        clock.at = max(clock.at, (NOON + number * ROUND).timestamp())
        stack.fire_now()
        stack.drain()
    _report(len(sites), Day.of(stack, calls, table, writes) - before, mean(_row_bytes(table, sites)))


def _writes(stack: Stack) -> Counter[str]:
    """Write units by what they were for, counted from now on."""
    dynamodb, writes = stack.gate.dynamodb, Counter[str]()
    call = dynamodb.call

    def counted(operation: str, body: dict[str, Any]) -> dict[str, Any]:
        before = dynamodb.units["write"]
        try:
            return call(operation, body)
        finally:
            if used := dynamodb.units["write"] - before:
                key = body.get("Key") or body["Item"]
                kind = key["PK"]["S"].partition("#")[0], key["SK"]["S"].partition("#")[0]
                shown = body.get("UpdateExpression", "")
                if kind == ("FEED", "META"):
                    what = "claim" if "asked" in shown else "saved" if "feed = " in shown else "other"
                elif kind == ("HOST", "LEASE"):
                    what = "taken" if "holder" in shown else "given back"
                else:
                    what = ""
                writes[" ".join(filter(None, (*kind, what)))] += used  # type: ignore[assignment]

    dynamodb.call = counted  # type: ignore[method-assign]
    return writes


@dataclasses.dataclass(frozen=True)
class Day:
    """What was used so far: units by the names of their prices, calls by theirs."""

    used: dict[str, float]
    calls: dict[str, int]
    polls: Counter[str]
    writes: dict[str, float]
    """Write units by what they were for."""

    @classmethod
    def of(cls, stack: Stack, calls: Counter[str], table: Feeds, writes: Counter[str]) -> Day:
        use = {f"dynamodb.{unit}": quantity for unit, quantity in stack.gate.dynamodb.units.items()}
        use |= {f"sqs.{unit}": quantity for unit, quantity in stack.gate.sqs.units.items()}
        use |= {f"s3.{unit}": quantity for unit, quantity in stack.gate.s3.units.items()}
        use["logs.gb"] = sum(stack.logs.bytes.values()) / 1e9
        use["lambda.requests"] = stack.invocations["FetchFunction"]
        polls: Counter[str] = Counter()
        for row in table.all():
            state = row.feed.state
            polls.update(all=row.asked, changed=state.changed, failed=state.failed, entries=state.entries)
        return cls(use, dict(calls), polls, dict(writes))

    def __sub__(self, other: Day) -> Day:
        return Day(
            {name: value - other.used.get(name, 0.0) for name, value in self.used.items()},
            {name: value - other.calls.get(name, 0) for name, value in self.calls.items()},
            self.polls - other.polls,
            {name: value - other.writes.get(name, 0.0) for name, value in self.writes.items()},
        )


def _row_bytes(table: Feeds, sites: Sequence[str]) -> Iterator[int]:
    for url in sites:
        found: Any = table._dynamodb.get_item(TableName=table._table, Key=key_of(feed_id(url), "META"))
        yield size(found["Item"])


def _report(feeds: int, day: Day, row_bytes: float) -> None:
    polls = day.polls["all"]
    shares = {name: day.polls[name] / polls for name in ("changed", "failed")}
    print(
        f"a day of {feeds:,} feeds, a row of {row_bytes:,.0f} bytes: {polls:,} polls, of which"
        f" {shares['changed']:.0%} bring entries ({day.polls['entries']:,}) and {shares['failed']:.0%} fail"
    )
    print(f"  for each poll: {_a_poll(day.calls, polls)}")
    print(f"  in units: {_a_poll(day.used, polls)}")
    print(f"  write units: {_a_poll(day.writes, polls)}")
    for count in COUNTS:
        use = _counted_up(day, feeds, count, row_bytes)
        month = cost({name: quantity * MONTH for name, quantity in use.items()})
        print(f"{count:,} feeds, a day: {polls * count / feeds:,.0f} polls")
        for line in month.lines:
            print(
                f"  {line.name:16} {line.quantity / MONTH:16,.1f} {line.unit:14} ${line.usd:10,.2f} a month"
            )
        print(f"  {'together':48} ${month.usd:10,.2f} a month")
    print("left out: empty receives of Lambda's pollers, metrics, traces, storage, and all after fetch")


def _a_poll(counts: Mapping[str, float], polls: int) -> str:
    return ", ".join(f"{name} {count / polls:.3g}" for name, count in sorted(counts.items()) if count)


def _counted_up(day: Day, feeds: int, count: int, row_bytes: float) -> dict[str, float]:
    """Units of a day of `count` feeds. A round's queries are a fixed number until their pages fill."""
    rounds = DAY / ROUND
    least = rounds * ((SHARDS + len(TURNS)) * 0.5 + 1)
    factor = count / feeds
    polls = day.polls["all"] * factor
    use = {name: quantity * factor for name, quantity in day.used.items()}
    use["dynamodb.write"] += rounds * (1 - factor)  # where each says how far it looked
    use["dynamodb.read"] += least * (1 - factor) + polls * row_bytes / 8192
    batches = use["lambda.requests"]
    busy = polls * (POLL_SECONDS / PROCESSOR + AWS_CALLS * AWS_SECONDS)
    use["lambda.gb_seconds.arm64"] = 0.5 * (batches * WAIT + busy)
    use["lambda.requests"] += rounds
    use["scheduler.invocations"] = rounds
    return use


def _answers(sites: Mapping[str, Publisher], clock: Clock) -> Callable[..., Response]:
    def get(url: str, *, validators: Validators | None, admit: Callable[[str], None], **_: Any) -> Response:
        admit(target(url).host)
        clock.sleep(0.001)
        known = validators if validators and validators.url == url else None
        return sites[url].answer(clock.now(), known, url)

    return get


def _publisher(dice: random.Random) -> Publisher:
    (rate,) = dice.choices([rate for rate, _ in RATES], [share for _, share in RATES])
    (kind,) = dice.choices([kind for kind, _ in SERVERS], [share for _, share in SERVERS])
    return Publisher(rate, kind, dice.random())


def _urls(feeds: int) -> Iterator[str]:
    for many, share in HOSTS:
        for number in range(round(feeds * share)):
            host = f"www.newspaper-{many}-{number // many}.example"
            yield f"http://{host}/rss/section-{number % many}/latest.xml"


if __name__ == "__main__":
    main()

"""What storing costs: calls and AWS's units for each kind of message, articles a second, and reading back.

Runs the table module over the embedded AWS, which measures in AWS's units (indexes included). Bodies are
3,000 characters of English prose that Python itself carries, so that they compress as articles do. A new
article with 2.5 actors took 25.8 write units in 0.1.0.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

from msgspec.structs import replace
from tests.articles.samples import NOON, actor, tagged

from newscast.articles import queries, stored
from newscast.articles.archive import Archive
from newscast.articles.store import Articles
from newscast.aws import clients
from newscast.aws.objects import Objects
from newscast.local.stack import Stack
from newscast.records import Article, TaggedArticle

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
PROSE = " ".join(topics.values())
MEASURED = 200
MANY = 5000
HOUR = timedelta(hours=1)
PRICE = {"DynamoDB writes": 0.625, "DynamoDB reads": 0.125}
"""USD a million units, us-east-1 on demand."""


def message(number: int, version: int = 0, hours: int = 0, **fields: Any) -> TaggedArticle:
    """Article `number`: 600 words, two or three actors unless `names` are given, published within a month."""
    rng = random.Random(number * 1000 + version)
    start = rng.randrange(len(PROSE) - 3000)
    few = ["country:USA", f"country:{number % 40}", f"person:{number % 700}"][: 2 + number % 2]
    names = fields.pop("names", few)
    site = f"source{number % 50}.example"
    made: dict[str, Any] = {
        "feed_id": f"feed{number % 50}",
        "feed_url": f"https://{site}/feed.xml",
        "text": PROSE[start : start + 3000],
        "title": f"Article number {number}, with a title of a usual length",
        "guid": f"https://{site}/guid/{number}",
        "url": f"https://{site}/2024/07/{number}/a-slug-of-a-usual-length",
        "source": site,
        "at": NOON - number % 720 * HOUR,
        "seen": NOON + hours * HOUR,
    }
    return tagged(*(actor(name) for name in names), **made | fields)


def eight(number: int) -> TaggedArticle:
    """Another article, with eight actors."""
    return message(10**6 + number, names=[f"country:{(number + n) % 90}" for n in range(8)])


STRANGER: dict[str, Any] = {
    "feed_id": "aggregator",
    "feed_url": "https://aggregator.example/all.xml",
    "source": "aggregator.example",
}

CASES: dict[str, Callable[[int], TaggedArticle]] = {
    "new": message,
    "the same again": message,
    "the same, observed later": lambda n: message(n, hours=1),
    "the publisher's second feed": lambda n: message(n, feed_id="second", hours=1),
    "the same of the second feed": lambda n: message(n, feed_id="second", hours=1),
    "a stranger's claim": lambda n: message(n, hours=1, **STRANGER),
    "the same claim again": lambda n: message(n, hours=1, **STRANGER),
    "revised, same actors and title": lambda n: message(n, version=1, hours=2),
    "revised, new title": lambda n: message(n, version=2, hours=3, title=f"Changed title of number {n}"),
    "an old version, late": lambda n: message(n, version=3, hours=-1),
    "back to an earlier content": lambda n: message(n, hours=4),
    "another address": lambda n: message(n, hours=5, url=f"https://source{n % 50}.example/moved/{n}"),
    "new, eight actors": eight,
    "eight actors, observed later": lambda n: replace(eight(n), article=later(eight(n).article)),
    "a stranger's, without an owner": lambda n: message(2 * 10**6 + n, **STRANGER),
}


def later(article: Article) -> Article:
    return replace(article, observed_at=NOON + HOUR)


def main() -> None:
    with Stack.open(TEMPLATE, enforce_roles=False) as stack:
        archive = Archive(Objects(clients.s3, stack.bucket), lambda: datetime.now(UTC))
        articles = Articles(
            clients.dynamodb(), stack.table_name, archive, lambda: datetime.now(UTC), time.sleep
        )
        calls: Counter[str] = Counter()
        clients.dynamodb().meta.events.register(
            "before-call.dynamodb", lambda model, **_: calls.update([model.name])
        )
        print(f"{'message':32}{'calls':>7}{'writes':>8}{'reads':>7}{'USD/million':>13}{'articles/s':>12}")
        for name, make in CASES.items():
            _measure(name, stack, articles, calls, [make(n) for n in range(MEASURED)])
        _fill_and_read(stack, articles)


def _measure(
    name: str, stack: Stack, articles: Articles, calls: Counter[str], records: list[TaggedArticle]
) -> None:
    calls.clear()
    before = _units(stack)
    began = time.perf_counter()
    for batch in _batches(records):
        ahead = articles.look_ahead(batch)
        articles.gather(batch, ahead)
        for record in batch:
            articles.save(record, "poll.1", ahead)
    spent = time.perf_counter() - began
    used = {unit: (quantity - before[unit]) / len(records) for unit, quantity in _units(stack).items()}
    price = sum(PRICE[unit] * quantity for unit, quantity in used.items())
    print(
        f"{name:32}{sum(calls.values()) / len(records):7.1f}{used['DynamoDB writes']:8.1f}"
        f"{used['DynamoDB reads']:7.1f}{price:13.2f}{len(records) / spent:12.0f}"
    )


def _fill_and_read(stack: Stack, articles: Articles) -> None:
    for first in range(MEASURED, MANY, 1000):
        began = time.perf_counter()
        last = min(first + 1000, MANY)
        for batch in _batches(message(n) for n in range(first, last)):
            ahead = articles.look_ahead(batch)
            articles.gather(batch, ahead)
            for record in batch:
                articles.save(record, "poll.1", ahead)
        print(f"stored {last}: {(last - first) / (time.perf_counter() - began):.0f} articles/s")
    span = (NOON - 800 * HOUR, NOON + HOUR)
    reads: dict[str, Callable[[], Iterable[object]]] = {
        "the table for what was stored (a run's --out)": lambda: stored.since(articles, NOON),
        "the latest 50": lambda: islice(queries.latest(articles, *span), 50),
        "an actor's latest 50": lambda: islice(queries.by_actor(articles, "country:USA", *span), 50),
        "a source's latest 50": lambda: islice(queries.by_source(articles, "source1.example", *span), 50),
        "all by day": lambda: queries.latest(articles, *span),
    }
    for name, query in reads.items():
        before = _units(stack)["DynamoDB reads"]
        began = time.perf_counter()
        count = sum(1 for _ in query())
        spent = time.perf_counter() - began
        print(f"{name}: {count} in {spent:.2f} s, {_units(stack)['DynamoDB reads'] - before:.1f} read units")


def _batches(records: Iterable[TaggedArticle]) -> Iterable[list[TaggedArticle]]:
    waiting = iter(records)
    while batch := list(islice(waiting, 10)):
        yield batch


def _units(stack: Stack) -> dict[str, float]:
    return {line.name: line.quantity for line in stack.cost().lines if line.name in PRICE} | dict.fromkeys(
        PRICE.keys() - {line.name for line in stack.cost().lines}, 0.0
    )


if __name__ == "__main__":
    main()

"""The month's bill line by line, and the measured figures that it stands on (newscast.cost.measured).

First articles of 2.8 kB with eight actors go through normalise, tag and store, in batches of ten, on the
embedded AWS: a processor's milliseconds, DynamoDB's units, bytes of rows, messages and logs, beside what
measured.py says. Then the bills, beside those of 0.1.0 where they are known.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pydoc_data.topics import topics
from typing import Any

import msgspec
from msgspec.structs import replace

from newscast.aws import clients
from newscast.aws.sender import encode
from newscast.cli.cost import TEMPLATE
from newscast.cost import measured, template
from newscast.cost.basis import Basis
from newscast.cost.bill import total
from newscast.local.engine.items import size as item_size
from newscast.local.stack import Stack
from newscast.records import Entry, Markup, Message, TaggedArticle

ARTICLES, BATCH, EDGES, FEW, TEXT = 300, 10, 8, 2, 2800
NOON = datetime(2024, 7, 12, 12, tzinfo=UTC)
PROSE = " ".join(" ".join(topics.values()).split())
NAMED = [
    "Germany",
    "France",
    "Italy",
    "Spain",
    "Poland",
    "Ukraine",
    "Russia",
    "China",
    "Japan",
    "India",
    "Pakistan",
    "Brazil",
    "Mexico",
    "Canada",
    "Kenya",
    "Nigeria",
    "Egypt",
    "Sudan",
    "Syria",
    "Iraq",
    "Iran",
    "Turkey",
    "Greece",
    "Serbia",
    "Norway",
    "Sweden",
    "Finland",
    "Denmark",
    "Ireland",
    "Portugal",
    "Austria",
    "Hungary",
    "Romania",
    "Bulgaria",
    "Georgia",
    "Armenia",
    "Chile",
    "Peru",
    "Colombia",
    "Vietnam",
]
OLD: dict[tuple[float, float], float] = {(1e6, 2000): 43.0}
"""Of 0.1.0, everything counted: 40 to 46 dollars at a million articles; not known for others."""
BASES = ((0.0, 200.0), (1e5, 200.0), (1e6, 2000.0), (1e7, 20_000.0))


def main() -> None:
    """Prints measured figures, then the bills."""
    with Stack.open(TEMPLATE, enforce_roles=False) as stack:
        _measure(Bench(stack))
    shape = template.read(TEMPLATE)
    for articles, feeds in BASES:
        basis = Basis(articles=articles, feeds=feeds)
        lines = basis.lines(shape)
        before = f" (0.1.0: about {OLD[articles, feeds]:.0f})" if (articles, feeds) in OLD else ""
        print(f"\n{articles:,.0f} articles from {feeds:,.0f} feeds: ${total(lines):,.2f} a month{before}")
        for line in lines:
            print(f"  {line.item:30} {line.dollars:10,.3f}  {line.how}")


@dataclass(frozen=True)
class Used:
    """By one message, of a stage."""

    cpu_ms: float
    logged: float
    writes: float
    reads: float
    objects: float
    """Put for a batch."""


class Bench:
    """Plays messages through a stage, and tells what it used."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def play(self, stage: str, messages: Sequence[Message], warm: int = 2, size: int = BATCH) -> Used:
        batches = list(_batches(messages, size))
        for batch in batches[:warm]:
            self._invoke(stage, batch)
        before, log, gate, began = (
            self._units(),
            self._logged(stage),
            self.stack.gate.seconds,
            time.process_time(),
        )
        for batch in batches[warm:]:
            self._invoke(stage, batch)
        count, calls = sum(map(len, batches[warm:])), len(batches) - warm
        spent = time.process_time() - began - (self.stack.gate.seconds - gate)
        used = {name: value - before.get(name, 0.0) for name, value in self._units().items()}
        return Used(
            spent * 1000 / count,
            (self._logged(stage) - log) / count,
            used.get("DynamoDB writes", 0.0) / count,
            used.get("DynamoDB reads", 0.0) / count,
            used.get("S3 writes and lists", 0.0) / calls,
        )

    def _invoke(self, stage: str, batch: Sequence[Message]) -> None:
        attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1720785600000"}
        records = [
            {"messageId": f"m{place}", "body": encode(message), "attributes": attributes}
            for place, message in enumerate(batch)
        ]
        answer = self.stack.invoke(stage, {"Records": records}).answer
        if answer != {"batchItemFailures": []}:
            raise SystemExit(f"{stage}: {answer}")

    def _units(self) -> dict[str, float]:
        return {line.name: line.quantity for line in self.stack.cost().lines}

    def _logged(self, stage: str) -> int:
        # Lambda's own line, which the local run writes, is none on AWS (SystemLogLevel).
        return sum(
            len(line) + 1 for line in self.stack.logs.lines(f"{stage.capitalize()}Function") if line[0] == "{"
        )

    def taken(self, queue: str) -> list[Message]:
        """Messages that lie in a queue (logical id), which is empty then."""
        url, found = self.stack.deployment.queues[queue].url, []
        while got := clients.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for each in got:
                found.append(msgspec.json.decode(each["Body"], type=Message))
                clients.sqs().delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return found

    def kept(self) -> float:
        """Bytes of rows with 100 more each, and again in each index that holds them."""
        table, whole = self.stack.table_name, 0.0
        (there,) = self.stack.deployment.tables.values()
        for index in (None, *there.indexes):
            asked: dict[str, Any] = {"TableName": table} | ({"IndexName": index} if index else {})
            for page in clients.dynamodb().get_paginator("scan").paginate(**asked):
                items: Any = page["Items"]
                whole += sum(item_size(item) + 100 for item in items)
        return whole

    def objects(self) -> float:
        """Bytes of bodies in the bucket."""
        pages = (
            clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self.stack.bucket, Prefix="packs/")
        )
        return float(sum(each["Size"] for page in pages for each in page.get("Contents", [])))


def _measure(bench: Bench) -> None:
    entries = [_entry(number) for number in range(ARTICLES)]
    normalise = bench.play("normalise", entries)
    articles = bench.taken("ArticleQueue")
    alone = bench.play("normalise", entries[:100], size=1)
    bench.taken("ArticleQueue")
    tag = bench.play("tag", articles)
    records = bench.taken("RecordQueue")
    new = [_with(record, EDGES) for record in records]
    few = [_with(record, FEW, again=True) for record in records]
    store = bench.play("store", new, warm=0)
    rows, objects = bench.kept(), bench.objects()
    revision = bench.play("store", [_revised(record) for record in new], warm=0)
    more, more_objects = bench.kept() - rows, bench.objects() - objects
    least, before = bench.play("store", few, warm=0), bench.kept()
    print(f"{'figure':24}{'measured':>10}{'measured.py':>13}")
    edges = (store.writes - least.writes) / (EDGES - FEW)
    edge_bytes = (rows - (before - rows - more)) / (EDGES - FEW) / ARTICLES
    for name, found in {
        "WRITES_NEW": store.writes - EDGES * edges,
        "WRITES_AN_EDGE": edges,
        "WRITES_A_REVISION": revision.writes,
        "READS_NEW": store.reads,
        "READS_A_REVISION": revision.reads,
        "ROW_BYTES_NEW": rows / ARTICLES - EDGES * edge_bytes,
        "ROW_BYTES_AN_EDGE": edge_bytes,
        "ROW_BYTES_A_REVISION": more / ARTICLES,
        "OBJECTS_A_BATCH": store.objects,
        "OBJECT_BYTES": (objects + more_objects) / 2 / ARTICLES,
        "ENTRY_BYTES": _mean(entries),
        "ARTICLE_BYTES": _mean(articles),
        "RECORD_BYTES": _mean(new),
        "LOG_AN_ARTICLE": store.logged,
        "CPU_MS normalise": normalise.cpu_ms,
        "CPU_MS tag": tag.cpu_ms,
        "CPU_MS store": (store.cpu_ms + revision.cpu_ms) / 2,
        "CPU_MS_A_CALL": (alone.cpu_ms - normalise.cpu_ms) / (1 - 1 / BATCH),
    }.items():
        kind, _, stage = name.partition(" ")
        said = getattr(measured, kind)
        print(f"{name:24}{found:10,.1f}{said[stage] if stage else said:13,.1f}")
    print(f"log bytes an article besides: normalise {normalise.logged:.0f}, tag {tag.logged:.0f}")


def _entry(number: int) -> Message:
    rng = random.Random(number)
    start = rng.randrange(len(PROSE) - TEXT)
    named = " ".join(f"{name} said that talks would go on." for name in rng.sample(NAMED, EDGES))
    text = f"{named} {PROSE[start : start + TEXT - len(named)]}"
    site = f"source{number % 50}.example"
    entry = Entry(
        feed_id=f"feed{number % 50}",
        source=site,
        feed_url=f"https://{site}/feed.xml",
        observed_at=NOON,
        guid=f"https://{site}/guid/{number}",
        link=f"https://{site}/2024/07/{number}/a-slug-of-a-usual-length",
        title=Markup(value=f"Article number {number}, with a title of a usual length", html=False),
        content=Markup(value=f"<p>{text}</p>", html=True),
    )
    return Message(correlation_id=f"{number:020x}.1", first_seen=NOON, body=entry)


def _with(message: Message, actors: int, again: bool = False) -> Message:
    """With so many actors; `again` as another article."""
    record = message.body
    if not isinstance(record, TaggedArticle):
        raise TypeError(record)
    article = record.article
    if again:
        article = replace(
            article, guid=f"{article.guid}/2", url=f"{article.url}-2", content_hash=article.content_hash[::-1]
        )
    tags = replace(record.tags, actors=record.tags.actors[:actors])
    return replace(message, body=replace(record, article=article, tags=tags))


def _revised(message: Message) -> Message:
    record = message.body
    if not isinstance(record, TaggedArticle):
        raise TypeError(record)
    text = f"{record.article.text} They met again."
    article = replace(
        record.article,
        text=text,
        content_hash=f"{hash(text):064x}"[:64],
        observed_at=NOON + timedelta(hours=1),
    )
    return replace(message, body=replace(record, article=article))


def _batches(messages: Sequence[Message], size: int) -> Iterator[list[Message]]:
    waiting = iter(messages)
    while batch := list(islice(waiting, size)):
        yield batch


def _mean(messages: Sequence[Message]) -> float:
    return sum(len(encode(message)) for message in messages) / len(messages)


if __name__ == "__main__":
    main()

"""What a span of time costs: what came in, and the shape of the stack → a bill, line by line.

    bill(Activity(articles=1e6, revisions=3e5, polls=6.8e5, changed=5.7e5), PACKAGED)

Every number is one of newscast.cost.prices or newscast.cost.measured; `how` shows the sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from newscast.cost import measured as m
from newscast.cost.prices import PRICES
from newscast.cost.shape import Shape

GB = 1e9
PROCESSOR_MB = 1769
"""Of memory for one whole processor. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""


@dataclass(frozen=True)
class Line:
    """One item of a bill: USD, and the arithmetic behind them."""

    item: str
    dollars: float
    how: str


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What happened in `days` days. `held` says how much lay there on average, from earlier too."""

    articles: float
    """New ones that were stored."""
    revisions: float
    polls: float
    changed: float
    """Polls that brought entries."""
    days: float = m.MONTH_DAYS
    feeds: float = 0
    edges: float = 8
    """Actors of an article."""
    pages: float = 0
    """Articles that were read on their pages."""
    held_articles: float = 0
    held_revisions: float = 0
    traced: bool = False
    dashboard: bool = False

    @property
    def entries(self) -> float:
        return self.articles + self.revisions

    @property
    def months(self) -> float:
        return self.days / m.MONTH_DAYS

    @property
    def seconds(self) -> float:
        return self.days * 86_400


def bill(done: Activity, shape: Shape) -> list[Line]:
    """The lines; those that are 0 are left out, but for writes and storage."""
    lines = [*_dynamodb(done), *_queues(done, shape), *_functions(done, shape), *_bucket(done, shape)]
    return [*lines, *_watching(done, shape), *_rest(done, shape)]


def total(lines: list[Line]) -> float:
    """USD."""
    return sum(line.dollars for line in lines)


def batches(done: Activity, shape: Shape, stage: str) -> float:
    """Invocations of a stage. Lambda's pollers share what comes, and each waits for the batching window from its
    first message on; what a batch before sent together comes together."""
    if stage == "schedule":
        return done.days * 1440 / shape.round_minutes
    if stage == "fetch":
        return done.polls * m.CALLS_A_POLL
    messages = done.pages if stage == "page" else done.entries
    return messages / filled(done, shape, stage) if messages else 0.0


def filled(done: Activity, shape: Shape, stage: str) -> float:
    """Messages of one batch."""
    before = {"normalise": "", "page": "normalise", "tag": "normalise", "store": "tag"}[stage]
    come = done.pages if stage == "page" else done.entries
    beside = filled(done, shape, before) if before else m.BURST
    if stage == "page":
        beside *= done.pages / max(done.entries, 1)
    function = shape.functions[stage]
    waited = come / done.seconds * function.window / m.POLLERS
    return min(float(function.batch), max(1.0, beside + waited))


def _dynamodb(done: Activity) -> Iterator[Line]:
    new = m.WRITES_NEW + m.WRITES_AN_EDGE * done.edges
    write, read = PRICES["dynamodb.write"], PRICES["dynamodb.read"]
    yield _times("DynamoDB writes: new articles", write, (done.articles, "articles"), (new, "units"))
    revision = (m.WRITES_A_REVISION, "units")
    yield _times("DynamoDB writes: revisions", write, (done.revisions, "revisions"), revision)
    polls = (
        done.polls * m.WRITES_A_POLL + done.changed * m.WRITES_A_CHANGED_POLL + done.pages * m.WRITES_A_PAGE
    )
    how = f"{_n(done.polls)} polls × {m.WRITES_A_POLL:g} + {_n(done.changed)} with entries × {m.WRITES_A_CHANGED_POLL:g}"
    if done.pages:
        how += f" + {_n(done.pages)} pages × {m.WRITES_A_PAGE:g}"
    yield Line("DynamoDB writes: polls", polls * write, f"({how}) units × {_price(write)}")
    reads = (
        done.articles * m.READS_NEW
        + done.revisions * m.READS_A_REVISION
        + done.polls * m.READS_A_POLL
        + done.pages * m.READS_A_PAGE
    )
    how = (
        f"({_n(done.articles)} articles × {m.READS_NEW:g} + {_n(done.revisions)} revisions ×"
        f" {m.READS_A_REVISION:g} + {_n(done.polls)} polls × {m.READS_A_POLL:g}"
    )
    how += f" + {_n(done.pages)} pages × {m.READS_A_PAGE:g})" if done.pages else ")"
    yield Line("DynamoDB reads", reads * read, f"{how} units × {_price(read)}")
    row = m.ROW_BYTES_NEW + m.ROW_BYTES_AN_EDGE * done.edges
    kept = (
        done.held_articles * row
        + done.held_revisions * m.ROW_BYTES_A_REVISION
        + done.feeds * m.ROW_BYTES_A_FEED
    ) / GB
    how = (
        f"{_n(done.held_articles)} articles × {row:,.0f} B + {_n(done.held_revisions)} revisions ×"
        f" {m.ROW_BYTES_A_REVISION:,.0f} B + {_n(done.feeds)} feeds × {m.ROW_BYTES_A_FEED:,.0f} B with index copies"
        f" = {kept:.3g} GB"
    )
    for item, price in (
        ("DynamoDB storage", PRICES["dynamodb.gb_months"]),
        ("DynamoDB recovery", PRICES["dynamodb.recovery_gb_months"]),
    ):
        yield Line(item, kept * done.months * price, f"{how}, on average × {_span(done)} × ${price:g}")


def _queues(done: Activity, shape: Shape) -> Iterator[Line]:
    price = PRICES["sqs.requests"]
    polls = done.polls * m.SQS_A_POLL + done.changed * m.SQS_A_CHANGED_POLL
    requests, parts = polls, [f"polls {_n(polls)}"]
    for stage, size, after in (
        ("normalise", m.ENTRY_BYTES, m.ARTICLE_BYTES),
        ("page", m.ARTICLE_BYTES, m.ARTICLE_BYTES),
        ("tag", m.ARTICLE_BYTES, m.RECORD_BYTES),
        ("store", m.RECORD_BYTES, 0.0),
    ):
        if calls := batches(done, shape, stage):
            fill = filled(done, shape, stage)
            each = _chunks(fill * size) + 1 + (_chunks(fill * after) if after else 0)
            requests += calls * each
            parts.append(f"{stage} {_n(calls)} batches of {fill:.1f} × {each}")
    how = f"{' + '.join(parts)} (received, deleted, sent on, each 64 KB) = {_n(requests)} requests"
    yield Line("SQS messages", requests * price, f"{how} × {_price(price)}")
    empty = done.seconds / m.LONG_POLL_SECONDS * m.POLLERS
    yield Line(
        "SQS empty receives",
        shape.sources * empty * price,
        f"{shape.sources} queues × {m.POLLERS} pollers of Lambda × one in {m.LONG_POLL_SECONDS:g} s ="
        f" {_n(shape.sources * empty)} × {_price(price)}",
    )


def _chunks(size: float) -> int:
    return max(1, math.ceil(size / m.CHUNK_BYTES))


def _messages(done: Activity, stage: str) -> float:
    if stage in ("schedule", "fetch"):
        return done.polls
    return done.pages if stage == "page" else done.entries


def _functions(done: Activity, shape: Shape) -> Iterator[Line]:
    calls = {stage: batches(done, shape, stage) for stage in shape.functions}
    price = PRICES["lambda.requests"]
    how = " + ".join(f"{stage} {_n(count)}" for stage, count in calls.items() if count)
    yield Line("Lambda calls", sum(calls.values()) * price, f"({how}) × {_price(price)}")
    price = PRICES[f"lambda.gb_seconds.{shape.processor}"]
    for stage, function in shape.functions.items():
        if not (messages := _messages(done, stage)) and stage != "schedule":
            continue
        share = min(1.0, function.memory / PROCESSOR_MB)
        cpu = messages * m.CPU_MS[stage] + calls[stage] * (m.CPU_MS_A_CALL + m.COLD_STARTS * m.CPU_MS_COLD)
        waited = messages * m.AWS_CALLS[stage] * m.AWS_SECONDS
        if stage in ("fetch", "page"):
            waited += calls[stage] * m.SERVER_SECONDS
        spent = (cpu / 1000 / share + waited) * function.memory / 1024
        how = (
            f"({cpu / 1000:,.0f} s of a processor, {m.CPU_MS[stage]:g} ms a message, at {share:.2f} of one +"
            f" {waited:,.0f} s of waiting) × {function.memory / 1024:g} GB = {_n(spent)} GB-s × ${price:g}"
        )
        yield Line(f"Lambda time: {stage}", spent * price, how)


def _bucket(done: Activity, shape: Shape) -> Iterator[Line]:
    write, read = PRICES["s3.writes"], PRICES["s3.reads"]
    packs = batches(done, shape, "store") * m.OBJECTS_A_BATCH
    looks = m.WARM_TAGGERS * m.LOOKS_A_MONTH * done.months
    how = f"{_n(packs)} objects of bodies + {m.WARM_TAGGERS:g} containers that list actors/ {_n(looks)} times"
    yield Line("S3 writes and lists", (packs + looks) * write, f"({how}) × {_price(write, 1e3)}")
    kept = (done.held_articles + done.held_revisions) * m.OBJECT_BYTES / GB
    if kept:
        price = PRICES["s3.gb_months"]
        bodies = (
            f"{_n(done.held_articles + done.held_revisions)} bodies × {m.OBJECT_BYTES:,.0f} B = {kept:.3g} GB"
        )
        yield Line(
            "S3 storage", kept * done.months * price, f"{bodies}, on average × {_span(done)} × ${price:g}"
        )
    reads = done.revisions * m.OBJECTS_A_BATCH
    if reads:
        yield Line("S3 reads", reads * read, f"{_n(reads)} earlier bodies × {_price(read, 1e3)}")


def _watching(done: Activity, shape: Shape) -> Iterator[Line]:
    calls = sum(batches(done, shape, stage) for stage in shape.functions)
    lines = done.entries + done.polls + done.pages + calls
    written = (
        (done.entries + done.pages) * m.LOG_AN_ARTICLE
        + done.polls * m.LOG_A_POLL
        + calls * m.LOG_A_CALL
        + lines * m.LOG_LINE
    ) / GB
    price, kept = PRICES["logs.gb"], PRICES["logs.gb_months"]
    how = (
        f"{_n(done.entries)} articles × {m.LOG_AN_ARTICLE:g} B + {_n(done.polls)} polls × {m.LOG_A_POLL:g} B +"
        f" {_n(calls)} calls × {m.LOG_A_CALL:g} B + {_n(lines)} lines × {m.LOG_LINE:g} B = {written:.3g} GB"
    )
    yield Line("Logs", written * price, f"{how} × ${price:g}")
    months = shape.log_days / m.MONTH_DAYS
    yield Line(
        "Logs kept",
        written * months * kept,
        f"{written:.3g} GB × {shape.log_days} days × ${kept:g} a GB and month",
    )
    for item, count, called, what in (
        ("Metrics", shape.metrics, "of our own", "cloudwatch.metrics"),
        ("Alarms", shape.alarm_metrics, "metrics that alarms read", "cloudwatch.alarm_metrics"),
        ("Dashboard", int(done.dashboard), "dashboard", "cloudwatch.dashboards"),
    ):
        if count:
            yield Line(
                item,
                count * done.months * PRICES[what],
                f"{count} {called} × {_span(done)} × ${PRICES[what]:g}",
            )
    if done.traced:
        traces = sum(_traced(batches(done, shape, stage), done.seconds) for stage in shape.functions)
        price = PRICES["xray.traces"]
        yield Line("X-Ray", traces * price, f"{_n(traces)} traces of {_n(calls)} calls × {_price(price)}")


def _traced(calls: float, seconds: float) -> float:
    sure = min(calls, seconds * m.TRACED_A_SECOND)
    return sure + (calls - sure) * m.TRACED_SHARE


def _rest(done: Activity, shape: Shape) -> Iterator[Line]:
    rounds = batches(done, shape, "schedule")
    yield _times("Scheduler", PRICES["scheduler.invocations"], (rounds, "rounds"))
    sent = (done.polls + done.pages) * m.REQUEST_BYTES / GB
    price = PRICES["transfer.gb"]
    yield Line(
        "Data transfer",
        sent * price,
        f"{_n(done.polls + done.pages)} requests to publishers × {m.REQUEST_BYTES:,.0f} B = {sent:.3g} GB × ${price:g}",
    )
    keys = m.KEY_USERS * done.seconds / m.KEY_SECONDS
    price = PRICES["kms.requests"]
    how = f"{m.KEY_USERS} roles ask for the table's key every {m.KEY_SECONDS:g} s: {_n(keys)}"
    yield Line("KMS", keys * price, f"{how} × {_price(price, 1e4)}")


def _times(item: str, price: float, *factors: tuple[float, str]) -> Line:
    """A line that is a product of numbers and the price of a million."""
    shown = " × ".join(f"{_n(number)} {word}" for number, word in factors)
    return Line(item, price * math.prod(number for number, _ in factors), f"{shown} × {_price(price)}")


def _price(price: float, each: float = 1e6) -> str:
    return f"${price * each:g} a {'million' if each == 1e6 else f'{each:,.0f}'}"


def _n(number: float) -> str:
    return (
        f"{number:,.0f}" if number >= 100 else f"{number:g}" if number == round(number) else f"{number:.3g}"
    )


def _span(done: Activity) -> str:
    return "1 month" if done.months == 1 else f"{done.days:g} of {m.MONTH_DAYS:g} days"

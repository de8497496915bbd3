"""What a span of time costs: what came in, and the shape of the stack → a bill, line by line.

    bill(Activity(articles=1e6, revisions=3e5, polls=6.8e5, changed=5.7e5), PACKAGED)

Every number is one of newscast.cost.prices or newscast.cost.measured; `how` shows the sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from newscast.aws.metrics import SHOWN
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
    """The lines, each at 0 or more."""
    lines = [*_dynamodb(done), *_queues(done, shape), *_functions(done, shape), *_bucket(done, shape)]
    return [*lines, *_watching(done, shape), *_rest(done, shape)]


def total(lines: list[Line]) -> float:
    """USD."""
    return sum(line.dollars for line in lines)


def batches(done: Activity, shape: Shape, stage: str) -> float:
    """Invocations of a stage in that time."""
    if stage == "schedule":
        return done.days * 1440 / shape.round_minutes
    if stage == "fetch":
        return done.polls * m.CALLS_A_POLL
    messages = done.pages if stage == "page" else done.entries
    return messages / filled(done, shape, stage) if messages else 0.0


def filled(done: Activity, shape: Shape, stage: str) -> float:
    """Messages of one batch. Lambda's pollers share what comes, and each waits for the batching window from
    its first message on; what a batch before sent together comes together."""
    before = {"normalise": "", "page": "normalise", "tag": "normalise", "store": "tag"}[stage]
    come = done.pages if stage == "page" else done.entries
    beside = filled(done, shape, before) if before else m.BURST
    if stage == "page":
        beside *= done.pages / max(done.entries, 1)
    function = shape.functions[stage]
    waited = come / done.seconds * function.window / m.POLLERS
    return min(float(function.batch), max(1.0, beside + waited))


def _dynamodb(done: Activity) -> Iterator[Line]:
    edges = done.edges
    write, read = PRICES["dynamodb.write"], PRICES["dynamodb.read"]
    for item, price, used in (
        (
            "writes: new articles",
            write,
            _sum((done.articles, "articles", m.WRITES_NEW + m.WRITES_AN_EDGE * edges)),
        ),
        ("writes: revisions", write, _sum((done.revisions, "revisions", m.WRITES_A_REVISION))),
        (
            "writes: polls",
            write,
            _sum(
                (done.polls, "polls", m.WRITES_A_POLL),
                (done.changed, "with entries", m.WRITES_A_CHANGED_POLL),
                (done.pages, "pages", m.WRITES_A_PAGE),
            ),
        ),
        (
            "reads",
            read,
            _sum(
                (done.articles, "articles", m.READS_NEW),
                (done.revisions, "revisions", m.READS_A_REVISION),
                (done.polls, "polls", m.READS_A_POLL),
                (done.pages, "pages", m.READS_A_PAGE),
            ),
        ),
    ):
        units, how = used
        yield Line(f"DynamoDB {item}", units * price, f"({how}) units × {_price(price)}")
    kept, how = _sum(
        (done.held_articles, "articles", m.ROW_BYTES_NEW + m.ROW_BYTES_AN_EDGE * edges),
        (done.held_revisions, "revisions", m.ROW_BYTES_A_REVISION),
        (done.feeds, "feeds", m.ROW_BYTES_A_FEED),
    )
    for item, price in (
        ("DynamoDB storage", PRICES["dynamodb.gb_months"]),
        ("DynamoDB recovery", PRICES["dynamodb.recovery_gb_months"]),
    ):
        yield _kept(item, kept, f"{how} B of rows and index copies", price, done)


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
    write = PRICES["s3.writes"]
    packs = batches(done, shape, "store") * m.OBJECTS_A_BATCH
    looks = m.WARM_TAGGERS * m.LOOKS_A_MONTH * done.months
    how = f"{_n(packs)} objects of bodies + {m.WARM_TAGGERS:g} containers that list actors/ {_n(looks)} times"
    yield Line("S3 writes and lists", (packs + looks) * write, f"({how}) × {_price(write, 1e3)}")
    bodies, how_kept = _sum((done.held_articles + done.held_revisions, "bodies", m.OBJECT_BYTES))
    if bodies:
        yield _kept("S3 storage", bodies, f"{how_kept} B", PRICES["s3.gb_months"], done)


def _watching(done: Activity, shape: Shape) -> Iterator[Line]:
    calls = sum(batches(done, shape, stage) for stage in shape.functions)
    lines = done.entries + done.polls + done.pages + calls
    written, how = _sum(
        (done.entries + done.pages, "articles", m.LOG_AN_ARTICLE),
        (done.polls, "polls", m.LOG_A_POLL),
        (calls, "calls", m.LOG_A_CALL),
        (lines, "lines", m.LOG_LINE),
    )
    price, kept = PRICES["logs.gb"], PRICES["logs.gb_months"]
    written /= GB
    how = f"{how} B = {written:.3g} GB"
    yield Line("Logs", written * price, f"{how} × ${price:g}")
    months = shape.log_days / m.MONTH_DAYS
    yield Line(
        "Logs kept",
        written * months * kept,
        f"{written:.3g} GB × {shape.log_days} days × ${kept:g} a GB and month",
    )
    for item, count, called, what in (
        ("Metrics", shape.metrics + len(SHOWN) * done.dashboard, "of our own", "cloudwatch.metrics"),
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
    price = PRICES["scheduler.invocations"]
    yield Line("Scheduler", rounds * price, f"{_n(rounds)} rounds × {_price(price)}")
    sent, how = _sum((done.polls + done.pages, "requests to publishers", m.REQUEST_BYTES))
    price = PRICES["transfer.gb"]
    yield Line("Data transfer", sent / GB * price, f"{how} B = {sent / GB:.3g} GB × ${price:g}")
    keys = m.KEY_USERS * done.seconds / m.KEY_SECONDS
    price = PRICES["kms.requests"]
    how = f"{m.KEY_USERS} roles ask for the table's key every {m.KEY_SECONDS:g} s: {_n(keys)}"
    yield Line("KMS", keys * price, f"{how} × {_price(price, 1e4)}")


def _sum(*parts: tuple[float, str, float]) -> tuple[float, str]:
    """How many, of what, and what each uses → all that is used, and the sum in words without zeros."""
    there = [part for part in parts if part[0]] or parts[:1]
    words = " + ".join(f"{_n(number)} {what} × {each:,g}" for number, what, each in there)
    return sum(number * each for number, _, each in there), words


def _kept(item: str, size: float, how: str, price: float, done: Activity) -> Line:
    """A line of what is stored, `size` bytes on average."""
    dollars = size / GB * done.months * price
    return Line(item, dollars, f"{how} = {size / GB:.3g} GB × {_span(done)} × ${price:g}")


def _price(price: float, each: float = 1e6) -> str:
    return f"${price * each:g} a {'million' if each == 1e6 else f'{each:,.0f}'}"


def _n(number: float) -> str:
    return (
        f"{number:,.0f}" if number >= 100 else f"{number:g}" if number == round(number) else f"{number:.3g}"
    )


def _span(done: Activity) -> str:
    return "1 month" if done.months == 1 else f"{done.days:g} of {m.MONTH_DAYS:g} days"

"""Every call of a whole local run is one that a role grants, and every grant is one that a run uses."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.flow.feeds import TEMPLATE, poll, published, rss

from newscast.aws import clients
from newscast.cli import sample
from newscast.feeds.feed import new_feed
from newscast.feeds.table import Feeds
from newscast.local.stack import Stack
from newscast.web.lease import Lease, Leases

BY_LAMBDA = {("ScheduleFunction", "sqs:SendMessage", "ScheduleDeadLetters")}
"""Used with a function's role by Lambda itself: a run that failed goes to the dead letters."""
RARELY = {
    ("FetchFunction", "sqs:SendMessage", "RecordQueue"),
    ("StoreFunction", "sqs:SendMessage", "RecordQueue"),
    ("StoreFunction", "s3:ListBucket", "Bucket"),
    ("StoreFunction", "dynamodb:ConditionCheckItem", "Table"),
    ("StoreFunction", "dynamodb:Query", "Table"),
}
"""Used when a site names a feed that brought its articles, when those are grouped anew, when a stranger
speaks, and when an article is revised more often than its head has room for: tests/feeds, tests/trust and
tests/articles play it."""


def large(seed: int) -> str:
    """Words that are too many for a queue."""
    source = random.Random(seed)
    return " ".join(f"{source.getrandbits(60):x}" for _ in range(28_000))


def test_a_whole_run_uses_just_what_is_granted(tmp_path: Path) -> None:
    site = tmp_path / "site"
    with Stack.open(TEMPLATE) as opened:
        opened.set("HOST_GAP_SECONDS", "0.01")
        opened.set("MONTHLY_CEILING", "1000")
        # Actors of the user's own, and a feed whose address is a secret.
        own = b"kind,name\nperson,Ann Exampleova\n"
        clients.s3().put_object(Bucket=opened.bucket, Key="actors/mine.csv", Body=own)
        secret = "/newscast/dev/three"
        real = f"http://{sample.HOST}/three.xml?token=t"
        clients.ssm().put_parameter(Name=secret, Type="SecureString", Value=real)
        hidden = new_feed(f"http://{sample.HOST}/three.xml", datetime.now(UTC), secret=secret)
        Feeds(clients.dynamodb(), opened.table_name).add(hidden)
        assert opened.invoke("schedule", {"feed_ids": [hidden.feed_id]}).outcome == "ok"
        # A feed whose articles are read on their pages, one of them too large for a queue.
        site.mkdir()
        (site / "site").mkdir()
        (site / "site" / "1.html").write_text(
            f"<h1>Report 1</h1><p>{'He said so in Moscow again. ' * 40}</p>", "utf-8"
        )
        teasers = rss(2, sample.HOST.removesuffix(".example")).replace("said so", large(3)[:250_000], 1)
        pages = new_feed(f"http://{sample.HOST}/pages.xml", datetime.now(UTC), full_text="always")
        Feeds(clients.dynamodb(), opened.table_name).add(pages)
        with published(site, pages=teasers.replace("?utm_source=rss", ".html")) as urls:
            poll(opened, urls)
        outcomes = [line for line in opened.logs.lines("PageFunction") if '"message":"page"' in line]
        assert ["taken" in line for line in sorted(outcomes)].count(True) == 1
        assert len(outcomes) == 2
        # New articles, one too large for a queue; then other words and actors; then the first again.
        first = rss(12).replace("said so", large(1), 1)
        second = rss(12).replace("said so", large(2), 1).replace("Vladimir Putin", "Narendra Modi")
        for body in (first, second, first):
            with published(site, one=body) as urls:
                poll(opened, urls)
        # A message that can't be read, in each queue.
        for name in ("FeedQueue", "EntryQueue", "PageQueue", "ArticleQueue", "RecordQueue"):
            clients.sqs().send_message(QueueUrl=opened.deployment.queues[name].url, MessageBody="poison")
        # A round of the schedule finds a feed due whose host is busy: its poll is put off.
        table, now = opened.table_name, datetime.now(UTC)
        Feeds(clients.dynamodb(), table).add(new_feed(f"http://{sample.HOST}/two.xml", now))
        held = Leases(clients.dynamodb(), table).take(sample.HOST, "another", now, timedelta(minutes=1))
        assert isinstance(held, Lease)
        assert [report.outcome for report in opened.fire_now()] == ["ok"]
        assert opened.drain(max_wait=0).left == 1
        assert len(opened.dead_letters()) == 5

        permissions, logical = opened.permissions, opened.deployment.logical
        assert permissions is not None
        assert permissions.refused == []
        unused = {
            (function, grant.action, _called(grant.resource, logical))
            for function, grant in permissions.unused()
        }
        assert unused == BY_LAMBDA | RARELY


def _called(resource: str, logical: Mapping[str, str]) -> str:
    """What an ARN names: a queue or a table by its logical id, objects by their prefix."""
    name = resource.rsplit(":", maxsplit=1)[-1]
    _, _, rest = name.partition("/")
    return logical.get(name) or logical.get(rest) or rest

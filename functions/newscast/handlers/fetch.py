"""fetch: FeedPoll → a conditional GET, and its new and changed entries → EntryQueue.

The servers of a batch are asked at the same time, since all of that is waiting; each answer is then read,
sent on and remembered by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from newscast.articles.grants import Grant, Grants
from newscast.aws import clients
from newscast.aws.ahead import Ahead
from newscast.aws.edge import Edge
from newscast.aws.sender import Sender
from newscast.aws.stage import stage
from newscast.extra import carried
from newscast.feeds import guarded, secret
from newscast.feeds.authority import Named
from newscast.feeds.inquiry import Allowance, Inquirer
from newscast.feeds.poll import Asked, Busy, Done, Poller
from newscast.feeds.table import Feeds
from newscast.guard.budget import PARSE
from newscast.records import Entry, FeedPoll, Message, Regroup
from newscast.web.lease import Leases

_ahead: Ahead[Asked | Busy | Done] = Ahead()
_allowance = Allowance()
"""Of the batch at hand, for pages that are asked whether they name a feed."""


def _poller(edge: Edge) -> Poller:
    table = edge.settings.need("table_name").table_name
    dynamodb = clients.dynamodb()
    leases, grants = Leases(dynamodb, table), Grants(dynamodb, table)

    def granted(named: Named) -> None:
        _granted(edge, grants, named)

    inquirer = Inquirer(
        leases, edge.settings, edge.now, edge.random, grants.scopes, granted, allowance=_allowance
    )
    return Poller(
        Feeds(dynamodb, table),
        leases,
        edge.settings,
        edge.now,
        edge.random,
        secrets=secret.reader(clients.ssm),
        inquirer=inquirer,
    )


def _granted(edge: Edge, grants: Grants, named: Named) -> None:
    """A page of a site names a feed: from now on the feed speaks for that part of the site, and the store
    groups anew what it observed there before."""
    grant = Grant(feed_id=named.feed_id, scope=named.scope, why="named", evidence=named.evidence, at=named.at)
    new = grants.add(grant)
    # Sent also for a grant that is there already: its poll may have died before.
    queue, now = edge.settings.need("record_queue_url").record_queue_url, edge.now()
    wanted = Message(
        correlation_id=f"regroup.{named.feed_id}",
        first_seen=now,
        body=Regroup(feed_id=named.feed_id, asked_at=now),
    )
    Sender(clients.sqs(), queue, edge.objects).send([wanted])
    if new:
        edge.log.info("named", extra={"feed_id": grant.feed_id, "scope": grant.scope, "page": grant.evidence})
        edge.count("Named")


def prepare(messages: Sequence[Message], edge: Edge) -> None:
    """Ask all servers of a batch."""
    _allowance.refill()
    guarded.start()
    _ahead.ask(messages, _asking(_poller(edge)))


def _asking(poller: Poller) -> Callable[[Message], Asked | Busy | Done]:
    return lambda message: poller.ask(cast(FeedPoll, message.body))


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """Finish one poll. Its entries are sent here and not by the consumer, since validators and the seen
    set may be saved only once the queue has them all."""
    poll = cast(FeedPoll, message.body)
    poller = _poller(edge)
    answer = _ahead.take(message, _asking(poller))
    if isinstance(answer, Busy):
        queue = edge.settings.need("feed_queue_url").feed_queue_url
        Sender(clients.sqs(), queue, edge.objects).send([message], delay_seconds=answer.delay)
        edge.log.info("host busy", extra={"feed_id": poll.feed_id, "delay": answer.delay})
        edge.count("HostBusy")
        return ()

    def send(entries: Sequence[Entry]) -> None:
        edge.sender.send(message.carrying(carried(poll, entry), part) for part, entry in enumerate(entries))

    done = poller.finish(answer, send) if isinstance(answer, Asked) else answer
    _report(edge, poll, done, answer.response.elapsed if isinstance(answer, Asked) else 0.0)
    return ()


def _report(edge: Edge, poll: FeedPoll, done: Done, elapsed: float) -> None:
    edge.log.info(
        "polled",
        extra={
            "feed_id": poll.feed_id,
            "outcome": done.outcome,
            "reason": done.reason,
            "words": done.words,
            "status": done.status,
            "bytes": done.size,
            "entries": done.entries,
            "seconds": round(elapsed, 3),
        },
    )
    # A poll that failed is none that was answered: where all fail, there is silence.
    if done.outcome in ("changed", "unchanged"):
        edge.count("Polled")
    if done.outcome == "unchanged":
        edge.count("Unchanged")
    if done.outcome == "failed":
        edge.failure(done.reason)
    if done.entries:
        edge.count("Entries", done.entries)


handler = stage("fetch", FeedPoll, step, prepare, budget=PARSE)

"""fetch: FeedPoll → a conditional GET, and its new and changed entries → EntryQueue.

The servers of a batch are asked at the same time, since all of that is waiting; each answer is then read,
sent on and remembered by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.aws.sender import Sender
from newscast.aws.stage import stage
from newscast.feeds import secret
from newscast.feeds.poll import Asked, Busy, Done, Poller
from newscast.feeds.table import Feeds
from newscast.records import Entry, FeedPoll, Message
from newscast.web.lease import Leases

ASKING = 8
"""Servers asked at the same time; a batch has fewer polls."""

_answers: dict[str, Asked | Busy | Done | Exception] = {}
"""By poll id: what `prepare` left for `step` to finish."""


def _poller(edge: Edge) -> Poller:
    table = edge.settings.need("table_name").table_name
    dynamodb = clients.dynamodb()
    return Poller(
        Feeds(dynamodb, table),
        Leases(dynamodb, table),
        edge.settings,
        edge.now,
        edge.random,
        secrets=secret.reader(clients.ssm),
    )


def prepare(messages: Sequence[Message], edge: Edge) -> None:
    """Ask all servers of a batch; what goes wrong is kept for the message's own turn."""
    poller = _poller(edge)
    polls = {poll.poll_id: poll for message in messages if (poll := cast(FeedPoll, message.body))}

    def ask(poll: FeedPoll) -> Asked | Busy | Done | Exception:
        try:
            return poller.ask(poll)
        except Exception as error:  # raised again in `step`, where one message fails alone
            return error

    with ThreadPoolExecutor(ASKING, "ask") as pool:
        _answers.update(zip(polls, pool.map(ask, polls.values()), strict=True))


def step(message: Message, edge: Edge) -> Iterable[Message]:
    """Finish one poll. Its entries are sent here and not by the consumer, since validators and the seen
    set may be saved only once the queue has them all."""
    poll = cast(FeedPoll, message.body)
    poller = _poller(edge)
    answer = _answers.pop(poll.poll_id, None) or poller.ask(poll)
    if isinstance(answer, Exception):
        raise answer
    if isinstance(answer, Busy):
        queue = edge.settings.need("feed_queue_url").feed_queue_url
        Sender(clients.sqs(), queue, edge.objects).send([message], delay_seconds=answer.delay)
        edge.log.info("host busy", extra={"feed_id": poll.feed_id, "delay": answer.delay})
        edge.count("HostBusy")
        return ()

    def send(entries: Sequence[Entry]) -> None:
        edge.sender.send(message.carrying(entry, part) for part, entry in enumerate(entries))

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
    if done.outcome != "skipped":
        edge.count("Polled")
    if done.outcome == "unchanged":
        edge.count("Unchanged")
    if done.outcome == "failed":
        edge.failure(done.reason)
    if done.entries:
        edge.count("Entries", done.entries)


handler = stage("fetch", FeedPoll, step, prepare)

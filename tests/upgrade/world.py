"""A stack whose functions are given messages one stage at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from newscast.aws import clients
from newscast.local.stack import Stack
from newscast.records import Payload, Record

OLD = Path(__file__).parent / "0.1.0"
STAGES = {
    "FeedPoll": "fetch",
    "Entry": "normalise",
    "PageWanted": "page",
    "Article": "tag",
    "TaggedArticle": "store",
    "Regroup": "store",
}
KINDS: Sequence[type[Record]] = get_args(Payload)
LAST = 5
"""Receives after which a message is buried."""


@dataclass
class Done:
    """What one stage made of messages."""

    failed: list[str]
    """Correlation ids of those that come again."""
    sent: list[dict[str, Any]]
    buried: list[str]
    """Reasons."""


class World:
    """A stack on the real template, with the sample site."""

    def __init__(self, opened: Stack) -> None:
        self.opened = opened

    def work(self, stage: str, *bodies: str, receives: int = 1) -> Done:
        """Messages, each as its queue held it, given to a stage's function at once."""
        attributes = {"ApproximateReceiveCount": str(receives), "SentTimestamp": "1720785600000"}
        batch = [
            {"messageId": f"m{number}", "body": body, "attributes": attributes}
            for number, body in enumerate(bodies)
        ]
        report = self.opened.invoke(stage, {"Records": batch})
        assert report.outcome == "ok", report.problem
        again = [int(one["itemIdentifier"][1:]) for one in report.answer["batchItemFailures"]]
        sent = [
            body
            for name in ("EntryQueue", "PageQueue", "ArticleQueue", "RecordQueue")
            for body in self._taken(name)
        ]
        letters = self.opened.dead_letters()
        for name in self.opened.deployment.queues:
            self._taken(name)
        return Done(
            [json.loads(bodies[number])["correlation_id"] for number in again],
            [json.loads(body) for body in sent],
            [letter.reason for letter in letters],
        )

    def _taken(self, name: str) -> list[str]:
        url = self.opened.deployment.queues[name].url
        found: list[str] = []
        while got := clients.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                found.append(message["Body"])
                clients.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

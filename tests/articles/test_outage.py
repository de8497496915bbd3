"""Five minutes in which DynamoDB and S3 refuse calls, while articles arrive: all are stored then, none is
given up.

`FAULTS=all` has 20 articles a second, as a large installation; else one every five seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from infra.checks import Stack

from newscast import settings
from newscast.articles import queries
from newscast.articles.store import Articles
from newscast.aws import clients
from newscast.aws.edge import Edge
from newscast.local.template import parse, translate
from newscast.records import TaggedArticle
from tests.articles.faults import State, wrong
from tests.articles.outage import DEAD, URL, Outage
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import BUCKET, TABLE, Engine

RATE = 20.0 if os.environ.get("FAULTS") == "all" else 0.2
"""Articles a second."""
FIVE_MINUTES = 300
TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"


def numbers() -> dict[str, float]:
    """Of the record queue and its function, as the template has them."""
    stack = Stack(translate(parse(TEMPLATE.read_text()), TEMPLATE.parent, "us-east-1"))
    (mapping,) = [one for one in stack.mappings.values() if one.queue == "RecordQueue"]
    queue, function = stack.queues[mapping.queue], stack.functions[mapping.function]
    return {
        "visibility": float(queue["VisibilityTimeout"]),
        "max_receives": int(queue["RedrivePolicy"]["maxReceiveCount"]),
        "pollers": int(mapping.properties["ScalingConfig"]["MaximumConcurrency"]),
        "timeout": float(function["Timeout"]),
        "batch": int(mapping.properties["BatchSize"]),
    }


@pytest.fixture
def play(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[Outage, Articles]]]:
    """Articles arrive for five minutes and a half, and then all is drained."""
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("RECORD_QUEUE_URL", URL)
    monkeypatch.setenv("DEAD_LETTER_QUEUE_URL", DEAD)

    def played(
        refuses: Callable[[float], float], rate: float = RATE, **other: float
    ) -> tuple[Outage, Articles]:
        clients.forget()
        given = numbers() | other
        monkeypatch.setenv("MAX_RECEIVES", str(given["max_receives"]))
        outage = Outage(refuses, **given)  # type: ignore[arg-type]
        monkeypatch.setattr(Edge, "of", lambda name: Edge(name, settings.read(os.environ), outage.clock))
        monkeypatch.setattr(time, "sleep", outage.sleep)
        articles = State({}, {}).put_back(engine, outage.clock)
        sent = 0.0
        for _ in range(FIVE_MINUTES + 30):
            outage.send(arriving(n) for n in range(int(sent), int(sent + rate)))
            sent += rate
            outage.second()
        while outage.queue.depth:
            outage.second()
        monkeypatch.setattr(time, "sleep", lambda _: None)
        return outage, articles

    yield played
    clients.forget()


def arriving(number: int) -> TaggedArticle:
    """Every fourth is a revision of the one before, every seventh a stranger's."""
    of = number - 1 if number % 4 == 3 else number
    stranger: dict[str, Any] = {"feed_id": "s", "feed_url": "https://cdn.example/f", "source": "cdn.example"}
    return tagged(
        actor("RUS"),
        guid=f"g{of}",
        url=f"https://example.org/{of}",
        text=f"Text {number}.",
        seen=NOON + timedelta(milliseconds=number),
        **(stranger if number % 7 == 6 else {}),
    )


def test_all_is_stored_after_five_minutes_in_which_everything_is_refused(
    play: Callable[..., tuple[Outage, Articles]],
) -> None:
    outage, articles = play(lambda second: float(10 <= second < 10 + FIVE_MINUTES))
    assert outage.refused > 100
    assert outage.dead.depth == 0
    assert stored(articles) == expected()
    assert wrong(articles) == []
    assert outage.most_receives <= 2  # a failed message rests longer than this lasts


def test_or_in_which_every_second_call_is(play: Callable[..., tuple[Outage, Articles]]) -> None:
    outage, articles = play(lambda second: 0.5 if 10 <= second < 10 + FIVE_MINUTES else 0.0)
    assert outage.refused > 100
    assert outage.dead.depth == 0
    assert stored(articles) == expected()
    assert wrong(articles) == []


def test_a_shorter_rest_gives_messages_up(play: Callable[..., tuple[Outage, Articles]]) -> None:
    """What the template's numbers are for, and that these tests would see it."""
    outage, _ = play(lambda second: float(10 <= second < 10 + FIVE_MINUTES), rate=0.2, visibility=30)
    assert outage.dead.depth


def stored(articles: Articles) -> set[str]:
    """Texts that can be read."""
    rows = queries.every_row(articles)
    return {record.article.text for record in articles.archive.load_all(row.body for row in rows).values()}


def expected() -> set[str]:
    return {f"Text {number}." for number in range(int(RATE * (FIVE_MINUTES + 30)))}

"""The flow with moto's own items and messages: another judge of what the product asks of AWS.

`make contract BACKEND=moto` runs the other tests of the flow so as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newscast.aws import clients
from tests.flow.feeds import heads, poll, published, rss, stack, waiting


def test_articles_revisions_and_dead_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCAST_BACKEND", "moto")
    with stack() as opened:
        with published(tmp_path / "site", one=rss(4), two=rss(3, "two")) as urls:
            poll(opened, urls)
            assert list(heads(opened).values()) == [1] * 7
        with published(tmp_path / "site", one=rss(5, changed=frozenset({2})), two=rss(3, "two")) as urls:
            queue = opened.deployment.queues["RecordQueue"]
            clients.sqs().send_message(QueueUrl=queue.url, MessageBody="{not json")
            poll(opened, urls)
        assert sorted(heads(opened).values()) == [1] * 7 + [2]
        (letter,) = opened.dead_letters()
        assert (letter.stage, letter.body) == ("store", "{not json")
        assert "JSON is malformed" in letter.reason
        assert sum(waiting(opened).values()) == 1
        engine: Any = opened.gate
        assert engine.dynamodb.units == engine.sqs.units == {}

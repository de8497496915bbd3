"""A batch with texts that are too dear: its mates go on, and each of those says what it cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from newscast.guard.budget import NORMALISE, TAG
from newscast.guard.worker import Worker
from newscast.handlers import normalise, tag
from newscast.normalise import guarded as entries
from newscast.normalise.article import article
from newscast.records import Entry, Message, Payload
from newscast.tag import guarded as tagging
from tests.aws.test_stage import Queues, event, queues
from tests.guard.test_rooms import NOW, entry, quick

__all__ = ["queues"]  # a fixture


@pytest.fixture(autouse=True)
def _hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made = [
        (entries, quick(NORMALISE), b""),
        (tagging, quick(TAG), msgspec.msgpack.encode(tagging.Setup())),
    ]
    for room, budget, setup in made:
        told = msgspec.msgpack.encode((room.WORKER, setup))
        monkeypatch.setattr(room, "_worker", Worker("tests.guard.rooms", budget, told))
    # tag has a setup of its own, which it tells its worker.
    monkeypatch.setattr(tagging, "start", lambda _: None)
    yield
    for room, _, _ in made:
        room.close()


def message(body: Payload, number: int) -> Message:
    return Message(correlation_id=f"p.{number}", first_seen=NOW, body=body)


def sent(queues: Queues) -> dict[str, dict[str, Any]]:
    """What went on, by the correlation id."""
    bodies = [json.loads(one["Body"]) for one in queues._all(queues.out)]
    return {one["correlation_id"]: one["body"] for one in bodies}


def summary(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    told: dict[str, Any]
    (told,) = [line for line in lines if line.get("message") == "summary"]
    return told


HOSTILE = {2: "burn-it", 5: "grow-it", 6: "sink-it"}
CAUSES = {2: "cpu", 5: "memory", 6: "depth"}


def hostile_or_not(number: int) -> Entry:
    return entry(f"Russia said that talks went on. {HOSTILE.get(number, '')}", guid=f"g{number}")


def test_normalise_keeps_what_its_batch_brought_forth(
    queues: Queues, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = event(*(message(hostile_or_not(number), number) for number in range(10)))
    assert normalise.handler(batch, None) == {"batchItemFailures": []}
    went = sent(queues)
    assert {at: went[f"p.{at}"].get("unread") for at in range(10)} == {at: CAUSES.get(at) for at in range(10)}
    assert {bool(went[f"p.{at}"]["text"]) for at in range(10) if at not in HOSTILE} == {True}
    told = summary(capsys)
    assert (told["Normalised"], told["Unread"], told.get("failures")) == (10, 3, None)
    assert queues.letters() == []


def test_tag_sends_on_untagged_what_is_too_dear(queues: Queues, capsys: pytest.CaptureFixture[str]) -> None:
    one = article(hostile_or_not(0))
    texts = [f"Russia said that talks went on. {HOSTILE.get(number, '')}" for number in range(8)]
    batch = event(*(message(replace(one, text=text), number) for number, text in enumerate(texts)))
    assert tag.handler(batch, None) == {"batchItemFailures": []}
    went = sent(queues)
    for at in range(8):
        found = went[f"p.{at}"]
        assert found.get("untagged") == CAUSES.get(at)
        assert bool(found["tags"]["actors"]) is (at not in HOSTILE)
        assert bool(found["tags"]["gazetteer_version"]) is (at not in HOSTILE)
        assert ("tagged_at" in found and found["tagged_at"] is not None) is (at not in HOSTILE)
    assert summary(capsys)["Untagged"] == 3
    assert queues.letters() == []


@pytest.mark.parametrize(("room", "handler"), [(entries, normalise.handler), (tagging, tag.handler)])
def test_a_worker_that_can_not_start_fails_the_message_and_loses_none(
    room: ModuleType, handler: Any, queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_worker", Worker("tests.guard.no_such", NORMALISE))
    made = hostile_or_not(0)
    body: Payload = made if room is entries else article(made)
    first = handler(event(message(body, 0)), None)
    assert first == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert handler(event(message(body, 0), receives=3), None) == {"batchItemFailures": []}
    (letter,) = queues.letters()
    assert "No module named" in letter["reason"]

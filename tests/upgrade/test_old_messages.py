"""Messages that 0.1.0 sent, given to this code."""

from __future__ import annotations

import json

import pytest

from newscast import tolerant
from newscast.aws import clients
from newscast.records import SCHEMA
from tests.upgrade.world import OLD, STAGES, World


def old(name: str) -> str:
    return (OLD / f"{name}.json").read_text(encoding="ascii")


@pytest.mark.parametrize("kind", [kind for kind in STAGES if kind != "Regroup"])  # of later
def test_a_message_of_0_1_0_is_worked_on(world: World, kind: str) -> None:
    assert '"schema"' not in old(kind)
    assert tolerant.message(old(kind)).schema == 1
    done = world.work(STAGES[kind], old(kind))
    assert (done.failed, done.buried) == ([], [])
    assert {one["schema"] for one in done.sent} == ({SCHEMA} if kind != "TaggedArticle" else set())
    if kind == "PageWanted":
        assert done.sent[0]["body"]["full_text"]["reason"] in (None, "paywall")  # it was read


def test_a_claim_of_0_1_0_is_read_from_the_bucket(world: World) -> None:
    key = json.loads(old("claim"))["stored_at"]
    clients.s3().put_object(Bucket=world.opened.bucket, Key=key, Body=(OLD / "claim.json.gz").read_bytes())
    done = world.work("normalise", old("claim"))
    assert (done.failed, done.buried) == ([], [])
    (sent,) = done.sent
    assert sent["stored_at"].startswith("claim/")  # as large as it was

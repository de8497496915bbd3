"""What a feed was granted, over the engine: nothing is lost, whoever writes at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from newscast.articles import grants
from newscast.articles.grants import Grant, Granted, Grants
from newscast.articles.store import Articles
from tests.articles.tables import TABLE


def grant(scope: str, feed_id: str = "f") -> Grant:
    return Grant(feed_id=feed_id, scope=scope, why="named", evidence=f"https://{scope}/", at="2024-07-12")


@pytest.fixture
def table(articles: Articles) -> Grants:
    return Grants(articles.dynamodb, TABLE)


def test_a_scope_is_granted_once_and_read_as_it_was_written(table: Grants) -> None:
    assert table.scopes("f") == ()
    assert table.add(grant("a.example"))
    assert not table.add(grant("a.example"))
    assert table.add(grant("b.example"))
    assert table.of("f") == Granted((grant("a.example"), grant("b.example")), 2)
    table.remove("f")
    assert table.scopes("f") == ()


def test_a_feed_gets_no_more_than_it_may_have(table: Grants) -> None:
    granted = [table.add(grant(f"{n}.example")) for n in range(grants.MOST + 1)]
    assert granted == [True] * grants.MOST + [False]


@dataclass(frozen=True)
class Late(Grants):
    """Another process grants something after this one has read, and before it writes."""

    others: list[Grant] = field(default_factory=list)

    def of(self, feed_id: str) -> Granted:
        found = super().of(feed_id)
        while self.others:
            Grants(self.dynamodb, self.table).add(self.others.pop())
        return found


@pytest.mark.parametrize("before", [[], ["a.example"]], ids=["its first", "one more"])
def test_what_another_process_grants_meanwhile_stays(table: Grants, before: list[str]) -> None:
    for scope in before:
        table.add(grant(scope))
    late = Late(table.dynamodb, TABLE, [grant("c.example"), grant("d.example")])
    assert late.add(grant("b.example"))
    assert set(table.scopes("f")) == {*before, "b.example", "c.example", "d.example"}


def test_of_several_feeds_those_that_have_any(table: Grants, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "BATCH", 2)
    for feed_id in "adeg":
        table.add(grant(f"{feed_id}.example", feed_id))
    asked: list[int] = []
    events = table.dynamodb.meta.events
    look = "provide-client-params.dynamodb.BatchGetItem"
    events.register(
        look, lambda params, **_: asked.append(len(params["RequestItems"][TABLE]["Keys"])), unique_id="k"
    )
    found = table.several(list("abcdefg"))
    events.unregister(look, unique_id="k")
    assert asked == [2, 2, 2, 1]  # DynamoDB refuses more at once
    assert found == {feed_id: (grant(f"{feed_id}.example", feed_id),) for feed_id in "adeg"}

"""The table module over the engine: it does what the tests' own table does; and what DynamoDB refuses."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from newscast.articles import queries, revisions, settling, stored
from newscast.articles.erasing import erasing
from newscast.articles.identity import page_of
from newscast.articles.items import NewerRowError, item_bytes
from newscast.articles.keys import head_key, page_key
from newscast.articles.ops import Put, Write
from newscast.articles.packs import PACKS, Place
from newscast.articles.store import Articles, RefusedError
from newscast.articles.writing import ContendedError, Keeping, saving
from newscast.aws.backoff import ThrottledError
from newscast.records import TaggedArticle
from tests.articles.histories import history
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged
from tests.articles.tables import Engine, as_in_memory, items, play

URL = "https://example.org/a"


# -------------------------------------------------------------------------------- the same as in memory
@pytest.mark.parametrize("seed", range(40))
def test_the_engine_has_the_rows_that_the_tests_table_has(articles: Articles, seed: int) -> None:
    memory, events = Memory(), history(random.Random(seed))
    play(articles, memory, [*events, *events])
    assert as_in_memory(articles) == memory.items


@pytest.mark.parametrize("seed", range(100, 115))
def test_reading_ahead_changes_nothing_but_the_calls(articles: Articles, seed: int) -> None:
    memory, events = Memory(), history(random.Random(seed))
    for first in range(0, len(events), 5):
        batch = events[first : first + 5]
        records = [event for event in batch if isinstance(event, TaggedArticle)]
        play(articles, memory, batch, articles.look_ahead(records))
    assert as_in_memory(articles) == memory.items


# ------------------------------------------------------------------------------------ partial answers
class Throttled:
    """A client whose reads leave keys out: `unprocessed` of them, in all."""

    def __init__(self, client: Any, unprocessed: int) -> None:
        self._client, self.unprocessed = client, unprocessed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803  # boto3's name
        ((table, asked),) = RequestItems.items()
        left = asked["Keys"][: min(self.unprocessed, len(asked["Keys"]))]
        self.unprocessed -= len(left)
        rest = asked["Keys"][len(left) :]
        if not rest:
            return {"Responses": {}, "UnprocessedKeys": {table: {**asked, "Keys": left}}}
        answer = self._client.batch_get_item(RequestItems={table: {**asked, "Keys": rest}})
        return answer | ({"UnprocessedKeys": {table: {**asked, "Keys": left}}} if left else {})


def test_reads_go_on_until_all_is_answered(articles: Articles) -> None:
    for n in range(0, 250, 2):
        articles.carry_out(Write((Put({"PK": {"S": f"p{n}"}, "SK": {"S": "s"}}),)))
    wanted = [(f"p{n}", "s") for n in range(900)]  # more calls than one of them may be repeated
    for unprocessed in (0, 3, 150):
        client: Any = Throttled(articles.dynamodb, unprocessed)
        found = replace(articles, dynamodb=client).read([*wanted, *wanted])
        assert set(found) == {(f"p{n}", "s") for n in range(0, 250, 2)}


def test_a_table_that_never_answers_is_throttled_after_growing_pauses(articles: Articles) -> None:
    waits: list[float] = []
    client: Any = Throttled(articles.dynamodb, 10_000)
    patient = replace(articles, dynamodb=client, sleep=waits.append)
    with pytest.raises(ThrottledError, match="1 rows not read in 6 calls"):
        patient.read([("p", "s")])
    assert len(waits) == 5
    assert all(0 <= wait <= 0.05 * 2**n for n, wait in enumerate(waits))


# ---------------------------------------------------------------------------------------- refusals
def refusal(code: str, **more: Any) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "x"}, **more}
    return ClientError(answer, "TransactWriteItems")


def cancelled(*reasons: str) -> ClientError:
    return refusal("TransactionCanceledException", CancellationReasons=[{"Code": one} for one in reasons])


class Refusing:
    """A client that refuses so many writes."""

    def __init__(self, client: Any, error: ClientError, times: int) -> None:
        self._client, self.error, self.times = client, error, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_item(self, **asked: Any) -> Any:
        return self._once(self._client.put_item, **asked)

    def transact_write_items(self, **asked: Any) -> Any:
        return self._once(self._client.transact_write_items, **asked)

    def _once(self, call: Any, **asked: Any) -> Any:
        self.times -= 1
        if self.times >= 0:
            raise self.error
        return call(**asked)


def refusing(articles: Articles, error: ClientError, times: int = 10_000) -> Articles:
    client: Any = Refusing(articles.dynamodb, error, times)
    return replace(articles, dynamodb=client)


@pytest.mark.parametrize(
    "error",
    [
        cancelled("None", "TransactionConflict"),
        cancelled("ConditionalCheckFailed"),
        cancelled("ThrottlingError", "ProvisionedThroughputExceeded"),
        refusal("TransactionConflictException"),
        refusal("TransactionInProgressException"),
        refusal("ConditionalCheckFailedException"),
    ],
)
def test_conflicts_pass_and_each_wait_may_be_longer(articles: Articles, error: ClientError) -> None:
    waits: list[float] = []
    patient = replace(refusing(articles, error, times=5), sleep=waits.append, random=random.Random(2))
    assert patient.save(tagged(), "c").outcome == "new"
    assert len(waits) == 5
    assert all(0 <= wait <= 0.05 * 2**n for n, wait in enumerate(waits))


def test_conflicts_without_end_are_another_deliverys(articles: Articles) -> None:
    with pytest.raises(ContendedError, match=r"example.org was written by others 12 times"):
        refusing(articles, cancelled("TransactionConflict")).save(tagged(), "c")
    assert items(articles) == {}


@pytest.mark.parametrize(
    ("error", "raised", "message"),
    [
        (refusal("ProvisionedThroughputExceededException"), ClientError, "ProvisionedThroughput"),
        (refusal("AccessDeniedException"), ClientError, "AccessDenied"),
        (cancelled("ValidationError"), RefusedError, "row URL#.* PAGE: ValidationError"),
        (
            cancelled("ItemCollectionSizeLimitExceeded"),
            RefusedError,
            "row URL#.* PAGE: ItemCollectionSizeLimitExceeded",
        ),
    ],
)
def test_what_no_round_can_mend_is_raised(
    articles: Articles, error: ClientError, raised: type[Exception], message: str
) -> None:
    with pytest.raises(raised, match=message):
        refusing(articles, error).save(tagged(), "c")


def test_a_row_of_a_transaction_that_the_engine_itself_refuses(articles: Articles) -> None:
    good, bad = {"PK": {"S": "a"}, "SK": {"S": "a"}}, {"PK": {"S": "b"}, "SK": {"S": "b"}}
    assert articles.carry_out(Write((Put(good), Put(bad, 1)))) is False
    assert articles.carry_out(Write((Put(bad, 1),))) is False
    assert items(articles) == {}
    assert articles.carry_out(Write((Put(good, 0),))) is True
    assert articles.carry_out(Write((Put(good | {"by": {"S": "another"}}, 0),))) is False


def test_a_stale_read_ahead_counts_once(articles: Articles) -> None:
    """A second round reads what is there by then."""
    first, second = tagged(), tagged(text="Changed.", seen=NOON.replace(hour=13))
    ahead = articles.look_ahead([first, second])
    assert [articles.save(record, "c", ahead).outcome for record in (first, second)] == ["new", "revised"]
    assert articles.save(first, "c", ahead).outcome == "duplicate"


# ------------------------------------------------------------------------------------------ bodies
def test_no_row_holds_a_text_and_it_comes_back(articles: Articles) -> None:
    noise = random.Random(1)
    huge = tagged(actor("country:USA"), text="".join(chr(noise.randint(33, 0x2FFF)) for _ in range(200_000)))
    saved = articles.save(huge, "c")
    assert all(item_bytes(item) < 3000 for item in items(articles).values())
    (found,) = stored.current(articles, [saved.article_id])
    assert (found.article, found.tags) == (huge.article, huge.tags)


def test_a_batch_is_one_object_and_each_record_is_found(articles: Articles) -> None:
    records = [tagged(guid=f"g{n}", url=f"{URL}/{n}", text=f"Text {n}.") for n in range(9)]
    for batch in (records[:6], records[3:]):  # three were delivered again
        before = set(articles.archive.objects.listed(PACKS))
        articles.gather(batch, articles.look_ahead(batch))
        ids = [articles.save(record, "c").article_id for record in batch]
        assert len(set(articles.archive.objects.listed(PACKS)) - before) == 1
        assert [one.article for one in stored.current(articles, ids)] == [one.article for one in batch]
    assert len({Place.read(row.body).key for row in queries.every_row(articles)}) == 2


# -------------------------------------------------------------------------------------- newer rows
def newer(articles: Articles, key: tuple[str, str]) -> None:
    item = articles.read([key])[key]
    articles.carry_out(Write((Put(item | {"schema": {"N": "3"}}),)))


@pytest.mark.parametrize("place", ["HEAD", "PAGE", "REV"])
def test_a_row_of_newer_code_is_not_written_over(
    articles: Articles, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "INLINE", 1)
    for text in ("One.", "Two."):
        articles.save(tagged(text=text), "c")
    keys = {key[1][:4].strip("#"): key for key in items(articles)}
    newer(articles, keys[place])
    before = items(articles)
    again = tagged(text="Changed.", seen=NOON.replace(hour=13))
    ahead = articles.look_ahead([again])
    articles.gather([again], ahead)
    with pytest.raises(NewerRowError, match=rf"row .* {place}.* is of schema 3"):
        articles.save(again, "c", ahead)
    assert items(articles) == before


def test_a_field_that_newer_code_gave_to_a_row_stays_in_it(articles: Articles) -> None:
    saved = articles.save(tagged(), "c")
    head, page = head_key(saved.article_id), page_key(page_of(URL))
    for key, name in ((head, "rows"), (page, "json")):
        item = articles.read([key])[key]
        fields = msgspec.json.decode(item[name]["S"])
        (fields["rows"][0] if name == "rows" else fields)["later"] = {"a": [1]}
        articles.carry_out(Write((Put(item | {name: {"S": msgspec.json.encode(fields).decode()}}),)))
    articles.save(tagged(seen=NOON.replace(hour=14)), "c")  # widens the revision
    articles.save(tagged(text="Revised.", seen=NOON.replace(hour=15)), "c")  # and another beside it
    articles.save(tagged(guid="g2", seen=NOON.replace(hour=11)), "c")  # another owner of the page
    there = articles.read([head, page])
    assert msgspec.json.decode(there[page]["json"]["S"])["later"] == {"a": [1]}
    said = [line.get("later") for line in msgspec.json.decode(there[head]["rows"]["S"])["rows"]]
    assert said == [{"a": [1]}, None]


def test_every_read_that_a_write_rests_on_is_consistent(articles: Articles) -> None:
    asked: list[tuple[str, Any]] = []
    events = articles.dynamodb.meta.events

    def note(params: Any, model: Any, **_: Any) -> None:
        told = [params, *params.get("RequestItems", {}).values()]
        if not model.name.startswith(("Put", "Transact", "BatchWrite")):
            asked.append((model.name, any(one.get("ConsistentRead") for one in told)))

    events.register("provide-client-params.dynamodb", note, unique_id="reads")
    articles.save(tagged(), "c")
    for n in range(revisions.INLINE + 1):
        articles.save(tagged(text=f"Revised {n}."), "c")
    list(stored.since(articles, NOON))
    list(queries.every_row(articles))
    events.unregister("provide-client-params.dynamodb", unique_id="reads")
    assert {name for name, _ in asked} == {"BatchGetItem", "Query", "Scan"}
    assert [name for name, consistent in asked if not consistent] == []


def test_and_in_a_page_whatever_becomes_of_it(articles: Articles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST", 2)
    strange: dict[str, Any] = {
        "feed_id": "s",
        "feed_url": "https://other.example/f",
        "source": "other.example",
    }
    for guid in "abc":
        articles.save(tagged(guid=guid, **strange), "c")
    page = page_key(page_of(URL))
    item = articles.read([page])[page]
    text = item["json"]["S"].removesuffix("}") + ',"later":7}'
    articles.carry_out(Write((Put(item | {"json": {"S": text}}),)))
    saved = articles.save(tagged(), "c")  # the strangers' articles go beside it, in many transactions
    assert msgspec.json.decode(articles.read([page])[page]["json"]["S"])["later"] == 7
    articles.carry(erasing(saved.article_id, Keeping(NOON)))
    assert msgspec.json.decode(articles.read([page])[page]["json"]["S"])["later"] == 7


def test_a_record_that_is_gone_is_one_clear_error(articles: Articles) -> None:
    saved = articles.save(tagged(text="Gone."), "c")
    (row,) = (row for row in queries.every_row(articles) if row.name == saved.article_id)
    articles.archive.objects.remove_file(Place.read(row.body).object)
    with pytest.raises(ValueError, match=r"the bucket has no packs/2024-07-12/.* with \d+ bytes"):
        list(stored.current(articles, [saved.article_id]))


def test_work_is_carried_out_for_its_result(engine: Engine) -> None:
    articles = engine.articles()
    saved = articles.carry(saving(tagged(), "c", Keeping(NOON)))
    assert (saved.outcome, saved.article_id) == ("new", articles.save(tagged(), "c").article_id)

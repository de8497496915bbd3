"""What 0.1.0 stored becomes what this code stores: once, whole, and by whoever may say it."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscast.articles import migrating, queries
from newscast.articles.items import schema_of
from newscast.articles.store import Articles
from newscast.cli import main, place
from tests.flow.feeds import stack
from tests.upgrade.world import OLD

VICTIM = "http://victim.example/feed.xml"
OTHER = "http://other.example/feed.xml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory as 0.1.0 left it, killed in the middle of its work."""
    with tarfile.open(OLD / "data.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def archive(data: Path) -> Iterator[Articles]:
    with stack(data) as opened:
        yield place.of_stack(opened)


def old_ids(archive: Articles) -> set[str]:
    pages = archive.dynamodb.get_paginator("scan").paginate(TableName=archive.table)
    items = [item for page in pages for item in page["Items"]]
    return {
        item["PK"]["S"].removeprefix("ART#")
        for item in items
        if item["PK"]["S"].startswith("ART#") and item["SK"]["S"] == "HEAD" and schema_of(item) == 1
    }


def rows(archive: Articles) -> dict[tuple[str, str], Any]:
    """All rows but the feeds', which a migration leaves alone; without what depends on the clock."""
    pages = archive.dynamodb.get_paginator("scan").paginate(TableName=archive.table)
    items = [item for page in pages for item in page["Items"]]
    found = {}
    for item in items:
        key = (item["PK"]["S"], item["SK"]["S"])
        if key[0].startswith(("ART#", "URL#", "ACTOR#", "CLAIMS#", "KEY#", "MIGRATION#")):
            found[key] = {name: value for name, value in item.items() if name != "version"}
    return found


def test_by_command(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data", str(data)]
    assert main(["migrate", "--dry-run", *where]) == 0
    assert "8 articles of 0.1.0 left to take over." in capsys.readouterr().out
    assert main(["migrate", *where]) == 0
    assert "8 articles with 10 revisions taken over: 1 beside, 8 new, 1 revised." in capsys.readouterr().out
    assert main(["migrate", *where]) == 0
    assert "0 articles with 0 revisions taken over." in capsys.readouterr().out
    assert main(["articles", "--json", *where]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(records) == 8
    # In 0.1.0 the stranger's text was a revision of the victim's article.
    (shared,) = (record for record in records if record["url"] == "https://victim.example/a")
    assert (shared["feed"], shared["change"]) == (VICTIM, "new")
    assert shared["observed_by"] == [VICTIM, OTHER]


def test_old_ids_lead_to_the_new_articles_and_no_old_row_is_left(archive: Articles) -> None:
    ids = old_ids(archive)
    assert len(ids) == migrating.left(archive) == 8
    migrating.migrate(archive, lambda _: None, lambda _: None)
    assert len(queries.heads(archive, ids)) == 8
    assert migrating.left(archive) == 0
    assert not [key for key, item in rows(archive).items() if "schema" not in item and key[0][:4] == "ART#"]


class StoppedError(Exception):
    """The process is gone."""


class Dying:
    """A client that dies at its nth write."""

    def __init__(self, client: Any, writes: int) -> None:
        self._client, self._left = client, writes

    def __getattr__(self, name: str) -> Any:
        if name in ("put_item", "transact_write_items", "delete_item"):
            self._left -= 1
            if self._left < 0:
                raise StoppedError
        return getattr(self._client, name)


def test_stopped_at_each_write_and_run_again_it_comes_to_the_same(
    archive: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "PAGE", 7)
    before = rows(archive)
    migrating.migrate(archive, lambda _: None, lambda _: None)
    expected = rows(archive)
    stops = 0
    while True:
        _put_back(archive, before)
        dying: Any = Articles(
            Dying(archive.dynamodb, stops),  # type: ignore[arg-type]
            archive.table,
            archive.archive,
            archive.now,
            lambda _: None,
        )
        try:
            migrating.migrate(dying, lambda _: None, lambda _: None)
        except StoppedError:
            stops += 1
            migrating.migrate(archive, lambda _: None, lambda _: None)
            assert rows(archive) == expected
            continue
        break
    assert stops > 20


def test_it_goes_on_where_it_was_and_counts_on(archive: Articles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "PAGE", 7)
    told: list[tuple[int, int]] = []

    def stop(progress: migrating.Progress) -> None:
        told.append((progress.articles, progress.revisions))
        if len(told) == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        migrating.migrate(archive, lambda _: None, stop)
    assert told[2] > (0, 0)
    begins: list[bool] = []
    events = archive.dynamodb.meta.events
    look = "provide-client-params.dynamodb.Scan"
    events.register(look, lambda params, **_: begins.append("ExclusiveStartKey" in params), unique_id="scans")
    again: list[tuple[int, int]] = []
    done = migrating.migrate(archive, lambda _: None, lambda at: again.append((at.articles, at.revisions)))
    events.unregister(look, unique_id="scans")
    assert begins[0], "from where it was"
    assert again[0] >= told[2], "with what was done by then"
    assert (done.articles, migrating.left(archive)) == (8, 0)


def test_what_was_shown_was_last_observed_when_its_head_says(archive: Articles) -> None:
    (key, head) = next(pair for pair in rows(archive).items() if pair[0][1] == "HEAD")
    archive.dynamodb.put_item(
        TableName=archive.table, Item={**head, "observed": {"S": "2031-01-02T03:04:05.000000Z"}}
    )
    migrating.migrate(archive, lambda _: None, lambda _: None)
    name = key[0].removeprefix("ART#")
    assert queries.heads(archive, [name])[name].last == "2031-01-02T03:04:05.000000Z"


def _put_back(archive: Articles, before: dict[tuple[str, str], Any]) -> None:
    for pk, sk in rows(archive):
        archive.dynamodb.delete_item(TableName=archive.table, Key={"PK": {"S": pk}, "SK": {"S": sk}})
    for item in before.values():
        archive.dynamodb.put_item(TableName=archive.table, Item=item)


def test_a_body_that_cannot_be_read_is_named_and_left(archive: Articles) -> None:
    (pk, sk), item = next(pair for pair in rows(archive).items() if pair[0][1].startswith("REV#"))
    archive.dynamodb.put_item(TableName=archive.table, Item={**item, "body": {"B": b"not packed"}})
    done = migrating.migrate(archive, lambda _: None, lambda _: None)
    assert {pk: why.split(":")[0] for pk, why in done.unread.items()} == {pk: sk}
    assert migrating.left(archive) == 1

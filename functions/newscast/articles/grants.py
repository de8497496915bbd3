"""Which parts of the web a feed speaks for, beyond its own site: grants, in the table.

    grants     AUTH#feed / GRANTS    one row a feed, conditional on its version

A feed speaks for the site that it is subscribed to at. More it is given, never by its own words: a page of
the site names it, or a person says so. A grant counts for what was observed before it, too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from newscast.articles.items import Key, keyed
from newscast.aws import backoff
from newscast.aws.batch import batch
from newscast.aws.conditions import at_version, condition_failed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST = 32
"""Grants of one feed; a publisher has few sites."""

BATCH = 100
"""Keys in one BatchGetItem; DynamoDB refuses more."""

Why = Literal["named", "person"]


class Grant(Struct, frozen=True, kw_only=True):
    """One feed may speak for one part of the web."""

    feed_id: str
    scope: str
    """As `newscast.sites` writes it: `bbc.co.uk`, `medium.com/@ann`, `www.bbc.co.uk/news`."""
    why: Why
    """named: a page of the site names the feed · person: a person said so."""
    evidence: str
    """The page's URL, or who said so."""
    at: str
    """When: ISO 8601, UTC."""


class Granted(Struct, frozen=True):
    """A feed's grants as they stand in the table; version 0 is none yet."""

    grants: tuple[Grant, ...] = ()
    version: int = 0


_GRANTS = msgspec.json.Decoder(tuple[Grant, ...])


def key_of(feed_id: str) -> Key:
    """(PK, SK) of a feed's grants."""
    return f"AUTH#{feed_id}", "GRANTS"


def read(item: Any) -> Granted:
    """A row's grants; none for no row."""
    if not item:
        return Granted()
    return Granted(_GRANTS.decode(item["grants"]["S"]), int(item["version"]["N"]))


@dataclass(frozen=True)
class Grants:
    """The grants of one table."""

    dynamodb: DynamoDBClient
    table: str

    def of(self, feed_id: str) -> Granted:
        """A feed's grants, by a consistent read."""
        found = self.dynamodb.get_item(TableName=self.table, Key=keyed(key_of(feed_id)), ConsistentRead=True)
        return read(found.get("Item"))

    def several(self, feed_ids: Sequence[str]) -> dict[str, tuple[Grant, ...]]:
        """The grants of those of these feeds that have any. Raises ThrottledError."""
        found = {}
        for start in range(0, len(feed_ids), BATCH):
            keys = [keyed(key_of(feed_id)) for feed_id in feed_ids[start : start + BATCH]]
            for item in batch(self.dynamodb, self.table, keys, "grants of feeds", _pause):
                found[item["PK"]["S"].removeprefix("AUTH#")] = read(item).grants
        return found

    def scopes(self, feed_id: str) -> tuple[str, ...]:
        """What a feed has been granted, by a consistent read."""
        return tuple(grant.scope for grant in self.of(feed_id).grants)

    def add(self, grant: Grant) -> bool:
        """Write a grant down; false if the feed has that scope already, or MOST of them."""
        while True:
            there = self.of(grant.feed_id)
            if len(there.grants) >= MOST or any(one.scope == grant.scope for one in there.grants):
                return False
            if self._write(grant.feed_id, (*there.grants, grant), there.version):
                return True

    def remove(self, feed_id: str) -> None:
        """Forget a feed's grants; what was stored by them stays as it is."""
        self.dynamodb.delete_item(TableName=self.table, Key=keyed(key_of(feed_id)))

    def _write(self, feed_id: str, grants: tuple[Grant, ...], before: int) -> bool:
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=keyed(key_of(feed_id))
                | {
                    "grants": {"S": msgspec.json.encode(grants).decode()},
                    "version": {"N": str(before + 1)},
                },
                **at_version(before),
            )
        except ClientError as error:
            if condition_failed(error):
                return False
            raise
        return True


def _pause(attempt: int) -> None:
    time.sleep(backoff.pause(attempt, random.SystemRandom()))

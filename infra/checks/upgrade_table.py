"""What DynamoDB and CloudFormation take of a table's changes in one update."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.checks.stack import Stack

TABLE = "AWS::DynamoDB::Table"


def tables(before: Stack, after: Stack) -> Iterator[str]:
    """Of each table that is there before and after: its indexes, its attributes, its expiry."""
    old = before.of(TABLE)
    for name, table in after.of(TABLE).items():
        yield from _definitions(name, table)
        if name in old:
            yield from _indexes(name, old[name], table)
            yield from _attributes(name, old[name], table)


def _indexes(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """An index's keys and projection can't be updated, and one index an update is added or dropped.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-gsi.html"""
    was, now = (
        {each["IndexName"]: each for each in table.get("GlobalSecondaryIndexes", [])} for table in (old, new)
    )
    changed = sorted(was.keys() ^ now.keys())
    if len(changed) > 1:
        yield f"{name}: more than one index is added or dropped at once: {', '.join(changed)}"
    for index in sorted(was.keys() - now.keys()):
        yield f"{name}: index {index} is dropped"
    for index in sorted(was.keys() & now.keys()):
        for part in ("KeySchema", "Projection"):
            if was[index][part] != now[index][part]:
                yield f"{name}: {part} of index {index} can't be changed"
    if old.get("LocalSecondaryIndexes", []) != new.get("LocalSecondaryIndexes", []):
        yield f"{name}: LocalSecondaryIndexes are made with the table alone"


def _attributes(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    was, now = _types(old), _types(new)
    for attribute in sorted(was.keys() & now.keys()):
        if was[attribute] != now[attribute]:
            yield f"{name}: {attribute} was of type {was[attribute]}, and rows have it"
    expiry = [table.get("TimeToLiveSpecification", {}).get("AttributeName") for table in (old, new)]
    if expiry[0] and expiry[0] != expiry[1]:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-table-timetolivespecification.html
        yield f"{name}: expiry by {expiry[1]} needs two updates, one that ends {expiry[0]}; old rows stay"


def _definitions(name: str, table: dict[str, Any]) -> Iterator[str]:
    """Each definition is a key's, and each key is defined: else the update is refused."""
    keyed = {
        key["AttributeName"]
        for one in (table, *table.get("GlobalSecondaryIndexes", []), *table.get("LocalSecondaryIndexes", []))
        for key in one["KeySchema"]
    }
    for attribute in sorted(keyed ^ _types(table).keys()):
        yield f"{name}: {attribute} is {'not defined' if attribute in keyed else 'no key'}"


def _types(table: dict[str, Any]) -> dict[str, str]:
    return {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}

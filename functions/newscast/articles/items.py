"""Records to items in DynamoDB's JSON and back, and how large an item is.

A row holds its record as JSON in one attribute, so that a field that newer code adds needs no other row and
no other index. `schema` says which code wrote it: a row of newer code than this is never written over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

SCHEMA = 2
"""Of rows; 1 is what 0.1.0 wrote, without saying it."""

Item = dict[str, Any]
"""A row as DynamoDB's JSON: {"PK": {"S": "ART#…"}, …}."""
Key = tuple[str, str]
"""(PK, SK)."""
R = TypeVar("R", bound=Struct)


class NewerRowError(RuntimeError):
    """A row that newer code wrote; its message is tried again, by then by that code."""


def item_of(key: Key, record: Struct, over: Mapping[str, Any] | None = None) -> Item:
    """A record's row under a key. Fields that newer code gave to the row that it goes `over` stay in it."""
    text = msgspec.json.encode(record)
    if over and "json" in over:
        there: dict[str, Any] = msgspec.json.decode(over["json"]["S"])
        if unknown := {name: value for name, value in there.items() if name not in record.__struct_fields__}:
            text = msgspec.json.encode(msgspec.json.decode(text) | unknown)
    return keyed(key) | {"schema": {"N": str(SCHEMA)}, "json": {"S": text.decode()}}


def keyed(key: Key) -> Item:
    """A row's key as DynamoDB's JSON."""
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}}


def read(item: Mapping[str, Any], kind: type[R]) -> R:
    """A row's record. Raises NewerRowError, and ValueError naming the row that isn't one."""
    known(item)
    try:
        return msgspec.json.decode(item["json"]["S"], type=kind)
    except (KeyError, msgspec.DecodeError) as error:
        raise ValueError(
            f"row {item.get('PK')} {item.get('SK')} is not a {kind.__name__}: {error}"
        ) from error


def known(item: Mapping[str, Any]) -> None:
    """Raises NewerRowError for a row that newer code wrote."""
    if schema_of(item) > SCHEMA:
        raise NewerRowError(f"row {item['PK']['S']} {item['SK']['S']} is of schema {schema_of(item)}")


def schema_of(item: Mapping[str, Any]) -> int:
    return int(item["schema"]["N"]) if "schema" in item else 1


def version_of(item: Mapping[str, Any] | None) -> int:
    """How often a row was written; 0 where there is none."""
    return int(item["version"]["N"]) if item else 0


def key_of(item: Mapping[str, Any]) -> Key:
    return item["PK"]["S"], item["SK"]["S"]


def item_bytes(item: Mapping[str, Any]) -> int:
    """A row's size as DynamoDB counts it, near enough: names and values in UTF-8, numbers by their digits.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((letter, plain),) = value.items()
    match letter:
        case "N":
            return len(plain) // 2 + 2
        case "S":
            return len(plain.encode())
    return len(plain)

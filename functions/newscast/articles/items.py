"""Records to items in DynamoDB's JSON and back, and how large an item is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

Item = dict[str, Any]
"""A row as DynamoDB's JSON: {"PK": {"S": "ART#…"}, …}."""
Key = tuple[str, str]
"""(PK, SK)."""
R = TypeVar("R", bound=Struct)


def item_of(key: Key, record: Struct) -> Item:
    """A record's row under a key; null and empty fields are left out."""
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    kept = {name: _value(value) for name, value in fields.items() if value not in (None, ())}
    return {"PK": {"S": key[0]}, "SK": {"S": key[1]}} | kept


def _value(value: object) -> dict[str, Any]:
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case bytes():
            return {"B": value}
        case tuple():
            return {"L": [_value(part) for part in value]}
        case Struct():
            return {"L": [_value(part) for part in msgspec.structs.astuple(value)]}
    raise TypeError(f"no attribute for a {type(value).__name__}")


def read(item: Mapping[str, Any], kind: type[R]) -> R:
    """A row's record. Raises ValueError naming the row that isn't one."""
    fields = {name: _plain(item[name]) for name in kind.__struct_fields__ if name in item}
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"row {item.get('PK')} {item.get('SK')} is not a {kind.__name__}: {error}"
        ) from error


def _plain(value: Mapping[str, Any]) -> object:
    ((letter, plain),) = value.items()
    match letter:
        case "N":
            return int(plain)
        case "L":
            return [_plain(part) for part in plain]
    return plain


def key_of(item: Mapping[str, Any]) -> Key:
    return item["PK"]["S"], item["SK"]["S"]


def item_bytes(item: Mapping[str, Any]) -> int:
    """A row's size as DynamoDB counts it, near enough: names and values in UTF-8, 3 + 1 each for a list.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((letter, plain),) = value.items()
    match letter:
        case "L":
            return 3 + sum(1 + _value_bytes(part) for part in plain)
        case "N":
            return len(plain) // 2 + 2
        case "S":
            return len(plain.encode())
        case "BOOL":
            return 1
    return len(plain)

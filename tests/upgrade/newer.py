"""Messages as newer code might send them: every record type filled, with a field more at one place."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import inspect

from newscast.records import SCHEMA, Message, PageWanted, Record

Path = tuple[str | int, ...]
"""Where something stands in JSON: names of fields and places in lists."""

SAID: Mapping[str, Any] = {"at": [1, None, {"deep": "ü"}]}
"""What newer code says in the field that we don't know."""
LEFT_OUT = ("extra", "stored_at")


@dataclass(frozen=True)
class Place:
    """One place of a message, and what type of value stands there."""

    path: Path
    type: inspect.Type


def filled(kind: inspect.Type) -> Any:
    """JSON with a value in every field, two in every list."""
    match kind:
        case inspect.StructType(fields=fields, tag=tag, tag_field=tag_field):
            told = {str(tag_field): tag} if tag else {}
            return told | {one.encode_name: filled(one.type) for one in fields if one.name not in LEFT_OUT}
        case inspect.UnionType(types=types):
            return filled(next(one for one in types if not isinstance(one, inspect.NoneType)))
        case inspect.VarTupleType(item_type=item):
            return [filled(item), filled(item)]
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.DateTimeType():
            return "2024-07-12T12:00:00Z"
        case inspect.DateType():
            return "2024-07-12"
        case inspect.BoolType():
            return False
        case inspect.IntType():
            return 1
        case inspect.FloatType():
            return 0.5
        case inspect.StrType():
            return "Moscow"
    raise TypeError(f"no example of {kind}")


def message(kind: type[Record], schema: int = SCHEMA) -> dict[str, Any]:
    """A message that carries a filled record of a kind."""
    told: dict[str, Any] = filled(inspect.type_info(Message)) | {"schema": schema}
    body = filled(inspect.type_info(kind))
    if kind is PageWanted:  # no page is there to be read, and what became of it isn't known yet
        body["article"] |= {"url": None, "full_text": None}
    return told | {"body": body}


def places(value: Any, kind: inspect.Type, path: Path = ()) -> Iterator[Place]:
    """Every place in JSON with its type, the whole first."""
    match kind:
        case inspect.UnionType(types=types):
            tag = value.get("record") if isinstance(value, dict) else None
            for one in types:
                fits = getattr(one, "tag", None) == tag if tag else not isinstance(one, inspect.NoneType)
                if fits and value is not None:
                    yield from places(value, one, path)
                    return
        case inspect.VarTupleType(item_type=item):
            for place, inside in enumerate(value):
                yield from places(inside, item, (*path, place))
        case inspect.StructType(fields=fields):
            yield Place(path, kind)
            for field in fields:
                if field.encode_name in value:
                    yield from places(value[field.encode_name], field.type, (*path, field.encode_name))
        case _:
            yield Place(path, kind)


def at(value: Any, path: Path) -> Any:
    """What stands at a place; None where nothing does."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def changed(value: Any, path: Path, new: Any) -> Any:
    """A copy with something else at a place."""
    made = copy.deepcopy(value)
    at(made, path[:-1])[path[-1]] = new
    return made


def records(told: dict[str, Any]) -> list[Place]:
    """Where records stand in a message, itself among them."""
    found = places(told, inspect.type_info(Message))
    return [place for place in found if isinstance(place.type, inspect.StructType)]


def literals(told: dict[str, Any]) -> list[Place]:
    """Where one of a few words stands in a message."""
    found = places(told, inspect.type_info(Message))
    return [place for place in found if isinstance(place.type, inspect.LiteralType)]

"""JSON of older and newer code → records. What newer code says beyond our fields is kept in `extra`.

The strict decoder is tried first; what it refuses is decoded to plain values, walked along the record types
and converted. `extra` is written with its record; whoever knows one of its names as a field of its own reads
it as that field.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import inspect, structs

from newscast.records import SCHEMA, Extra, Message, Payload, Record

R = TypeVar("R", bound=Record)

EXTRA = "extra"
MAX_BYTES = 16 * 1024 * 1024
"""Of what the strict decoder refuses: as plain values it may take twenty times its size in memory."""
MAX_NESTING = 100
"""Of a field that we don't know. It will be encoded and decoded again, at other depths of Python's stack."""
_REFUSED = (msgspec.ValidationError, RecursionError, UnicodeError)
_BEGIN = '{"schema":'
"""How a message begins that says its schema."""
_TAG = "record"
"""The field that names a record's kind."""
_TAGS = {record.__name__ for record in get_args(Payload)}


class NewerError(ValueError):
    """What only newer code can read. It may be read once that is deployed here too."""


# ------------------------------------------------------------------------------------------------ decoding
def message(raw: str) -> Message:
    """What a queue carries; without a schema it is of 0.1.0, whose schema is 1.

    Raises msgspec.DecodeError, or NewerError for an unknown kind of record and, where the schema is newer
    than ours, for all that can't be converted.
    """
    if raw.startswith(_BEGIN):
        try:
            return _MESSAGE.decode(raw)
        except _REFUSED:
            pass
    found = plain(raw)
    schema: Any = found.setdefault("schema", 1) if isinstance(found, dict) else 1
    converted: Message = _converted(found, Message, schema)
    return converted


def payload(raw: bytes, schema: int = SCHEMA) -> Payload:
    """A claim-checked body, of a message of this schema. Raises as `message` does."""
    try:
        return _PAYLOAD.decode(raw)
    except _REFUSED:
        converted: Payload = _converted(plain(raw), Payload, schema)
        return converted


def decode(raw: bytes | str, record: type[R]) -> R:
    """A stored record of a known kind. Raises msgspec.DecodeError or NewerError, both ValueErrors."""
    try:
        decoded: R = _decoder(record).decode(raw)
    except _REFUSED:
        decoded = _converted(plain(raw), record)
    return decoded


def plain(raw: bytes | str) -> Any:
    """JSON as dicts, lists and scalars. Raises msgspec.DecodeError for whatever is wrong with it."""
    if len(raw) > MAX_BYTES:
        raise msgspec.DecodeError(f"JSON of {len(raw)} bytes; at most {MAX_BYTES} are looked through")
    try:
        return msgspec.json.decode(raw)
    except (RecursionError, UnicodeError) as error:
        raise msgspec.DecodeError(str(error)) from error


def check_nesting(value: Any) -> None:
    """Raises msgspec.ValidationError if lists and objects are nested deeper than MAX_NESTING."""
    inside = [value]
    for _ in range(MAX_NESTING + 1):
        holders = [
            one.values() if isinstance(one, dict) else one for one in inside if isinstance(one, dict | list)
        ]
        if not holders:
            return
        inside = [one for holder in holders for one in holder]
    raise msgspec.ValidationError(f"JSON is nested deeper than {MAX_NESTING} levels")


_MESSAGE = msgspec.json.Decoder(Message)
_PAYLOAD: msgspec.json.Decoder[Payload] = msgspec.json.Decoder(Payload)


@cache
def _decoder(record: Any) -> Any:
    return msgspec.json.Decoder(record)


def _converted(found: Any, kind: Any, schema: Any = SCHEMA) -> Any:
    _settle(found, _records_of(kind))
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        if type(schema) is int and schema > SCHEMA:
            raise NewerError(f"schema {schema}, and this code reads {SCHEMA}: {error}") from error
        raise


# ------------------------------------------------------------------------------- along the record types
Kinds = Mapping[str, type[Record]]
"""The records that may stand in a place, by the tag that they carry; "" for one that carries none."""


def _settle(found: Any, kinds: Kinds) -> None:
    """Put what plain values say beyond the fields of their records into `extra`, in place."""
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict) and (record := _record(one, kinds)):
            fields = _fields(record)
            _sort(one, fields)
            for name, inside in fields.items():
                if inside and name in one:
                    _settle(one[name], inside)


def _sort(found: dict[str, Any], fields: Mapping[str, Kinds]) -> None:
    """Known names to their places, out of `extra` too; where a name stands in both, its place counts."""
    more = {name: found.pop(name) for name in [one for one in found if one not in fields]}
    kept = more.pop(EXTRA, None)
    if isinstance(kept, dict):
        for name, value in kept.items():
            (found if name in fields and name != _TAG else more).setdefault(name, value)
    elif kept is not None:
        more[EXTRA] = kept
    if more:
        check_nesting(more)
        found[EXTRA] = Extra(more)


def _record(found: dict[str, Any], kinds: Kinds) -> type[Record] | None:
    if untagged := kinds.get(""):
        return untagged
    tag = found.get(_TAG)
    if isinstance(tag, str) and tag not in _TAGS:
        raise NewerError(f"a record of an unknown kind: {tag[:60]!r}")
    if tag is None and len(kinds) == 1:
        return next(iter(kinds.values()))
    return kinds.get(tag) if isinstance(tag, str) else None


@cache
def _fields(record: type[Record]) -> Mapping[str, Kinds]:
    """Names of a record's fields as they are written, with the records in them."""
    about = inspect.type_info(record)
    assert isinstance(about, inspect.StructType)  # noqa: S101  # what a Struct's is
    tag: dict[str, Kinds] = {_TAG: {}} if about.tag is not None else {}
    return tag | {one.encode_name: _kinds(one.type) for one in about.fields if one.name != EXTRA}


@cache
def _records_of(kind: Any) -> Kinds:
    return _kinds(inspect.type_info(kind))


def _kinds(kind: inspect.Type) -> Kinds:
    match kind:
        case inspect.StructType(cls=record, tag=tag) if issubclass(record, Record):
            return {str(tag or ""): record}
        case inspect.UnionType(types=types):
            return {tag: record for one in types for tag, record in _kinds(one).items()}
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return _kinds(item)
    return {}


# ------------------------------------------------------------------------------- from one record to the next
def carried(old: Record, new: R) -> R:
    """`new`, made from `old`, with what newer code said of `old`: in its `extra`, under the name of its kind.

    Not at its own place: a field of the same name may be of another type in another record.
    """
    more = _unknown(old, besides=type(new))
    if not more:
        return new
    extra = Extra((new.extra or {}) | {type(old).__name__: more})
    return structs.replace(new, extra=extra)


def _unknown(record: Record, besides: type[Record]) -> dict[str, Any]:
    """The `extra` of a record and of those in it, at their places; of one that is `besides` it none, since
    that goes on itself."""
    found: dict[str, Any] = dict(record.extra or {})
    for name in _holding(type(record)):
        value = getattr(record, name)
        parts = value if isinstance(value, tuple) else (value,)
        inside = [
            _unknown(one, besides) if isinstance(one, Record) else {}
            for one in parts
            if not isinstance(one, besides)
        ]
        if any(inside):
            found[name] = inside if isinstance(value, tuple) else inside[0]
    return found


@cache
def _holding(record: type[Record]) -> tuple[str, ...]:
    """The fields that hold records."""
    inside = _fields(record)
    return tuple(one.name for one in structs.fields(record) if inside.get(one.encode_name))

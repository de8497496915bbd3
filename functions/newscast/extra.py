"""Fields that only newer code knows: from plain values into `extra`, and from one record to the next.

`settle` walks plain values along the record types: what stands beside a record's fields goes into its
`extra`, and a name in `extra` that is a field of ours goes to its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import inspect, structs

from newscast.records import Extra, Payload, Record

R = TypeVar("R", bound=Record)

EXTRA = "extra"
MAX_NESTING = 100
"""Of a field that we don't know. It will be encoded and decoded again, at other depths of Python's stack."""
_TAG = "record"
"""The field that names a record's kind."""
_TAGS = {record.__name__ for record in get_args(Payload)}


class NewerError(ValueError):
    """What only newer code can read. It may be read once that is deployed here too."""


# ------------------------------------------------------------------------------- along the record types
Kinds = Mapping[str, type[Record]]
"""The records that may stand in a place, by the tag that they carry; "" for one that carries none."""


def settle(found: Any, kinds: Kinds) -> None:
    """Put what plain values say beyond the fields of their records into `extra`, in place.

    Raises NewerError for a kind of record that we don't know, msgspec.ValidationError for a field that is
    nested too deep.
    """
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict) and (record := _record(one, kinds)):
            fields = _fields(record)
            _sort(one, fields)
            for name, inside in fields.items():
                if inside and name in one:
                    settle(one[name], inside)


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
def kinds_of(kind: Any) -> Kinds:
    """The records that may stand where a record, or one of a union, is expected."""
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


def revived(kind: type, value: Any) -> Any:
    """For msgspec's decoders, which know no Extra by themselves: a process's own records come back whole."""
    if kind is Extra and isinstance(value, dict):
        return Extra(value)
    raise NotImplementedError(f"no {kind.__name__} is decoded")


def check_nesting(value: Any, left: int = MAX_NESTING) -> None:
    """Raises msgspec.ValidationError if lists and objects are nested more than `left` levels deep."""
    if not isinstance(value, dict | list):
        return
    if left == 0:
        raise msgspec.ValidationError(f"JSON is nested deeper than {MAX_NESTING} levels")
    for inner in value.values() if isinstance(value, dict) else value:
        check_nesting(inner, left - 1)


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

"""JSON of older and newer code → records. What newer code says beyond our fields is kept in `extra`.

The strict decoder is tried first; what it refuses is decoded to plain values, walked along the record types
and converted. `extra` is written with its record; whoever knows one of its names as a field of its own reads
it as that field.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from newscast.extra import NewerError, R, kinds_of, settle
from newscast.records import SCHEMA, Message, Payload

MAX_BYTES = 12 * 1024 * 1024
"""Of what the strict decoder refuses: as plain values it may take 25 times its size in memory. A feed's
document has 8 MiB at most."""
_REFUSED = (msgspec.ValidationError, RecursionError, UnicodeError)
_BEGIN = '{"schema":'
"""How a message begins that says its schema."""


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


_MESSAGE = msgspec.json.Decoder(Message)
_PAYLOAD: msgspec.json.Decoder[Payload] = msgspec.json.Decoder(Payload)


@cache
def _decoder(record: Any) -> Any:
    return msgspec.json.Decoder(record)


def _converted(found: Any, kind: Any, schema: Any = SCHEMA) -> Any:
    try:
        settle(found, kinds_of(kind))
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        if type(schema) is int and schema > SCHEMA:
            raise NewerError(f"schema {schema}, and this code reads {SCHEMA}: {error}") from error
        raise

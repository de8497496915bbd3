"""Items as they travel (DynamoDB JSON): their size in bytes, their key values, and what AWS refuses."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from decimal import Context, Decimal
from math import ceil
from typing import Any

from newscast.local.engine.refusal import invalid

Item = dict[str, dict[str, Any]]
"""`{"PK": {"S": "…"}, "n": {"N": "1"}}`; binary is base64 text. Never changed in place."""
Scalar = str | bytes | Decimal
"""A key value in Python: it sorts as DynamoDB sorts (strings by UTF-8 bytes, which is by code point)."""

MAX_ITEM_BYTES = 400 * 1024
MAX_HASH_BYTES = 2048
MAX_RANGE_BYTES = 1024
MAX_DEPTH = 32
MAX_DIGITS = 38
MAX_PLACES = 130
"""No number that may be stored has more before or after its point."""
EXACT = Context(prec=400)
"""Without it, `normalize` would round to 28 digits."""


def size(item: Item) -> int:
    """Bytes that AWS counts: names and values in UTF-8, by the rules of its developer guide."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return _number_size(content)
    if kind == "B":
        return len(str(content)) * 3 // 4 - str(content).count("=", -2)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "L":
        return 3 + sum(1 + _value_size(part) for part in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_size(part) for name, part in content.items())
    return sum(_value_size({kind[0]: part}) for part in content)


def _number_size(text: str) -> int:
    digits = Decimal(text).normalize(EXACT).as_tuple().digits
    return ceil(len(digits) / 2) + 1 + text.startswith("-")


def normal(item: Item) -> Item:
    """The item as AWS keeps it: numbers in their one plain form. What is wrong with it stays for `check`."""
    found = {name: normal_value(value) for name, value in item.items()}
    return item if all(found[name] is value for name, value in item.items()) else found


def normal_value(value: dict[str, Any]) -> dict[str, Any]:
    """A value with its numbers in plain form (`007` and `7.0` are `7`); itself if they are already."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((kind, content),) = value.items()
    if kind == "N":
        return value if _PLAIN.fullmatch(content) else {"N": _normal_number(content)}
    if kind == "NS":
        return {"NS": [_normal_number(part) for part in content]}
    if kind == "L":
        return {"L": [normal_value(part) for part in content]}
    if kind == "M":
        return {"M": normal(content)}
    return value


NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
"""A number as calls may write it."""
_PLAIN = re.compile(r"-?[1-9][0-9]{0,37}|0")


def _normal_number(text: str) -> str:
    return plain(Decimal(text)) if NUMBER.fullmatch(text) else text


def plain(number: Decimal) -> str:
    """A number as DynamoDB shows it: no exponent, no zeros that say nothing."""
    if not number:
        return "0"
    if not number.is_finite() or abs(number.adjusted()) > MAX_PLACES:
        return str(number)
    return format(number.normalize(EXACT), "f")


def scalar(value: dict[str, Any]) -> Scalar:
    """A key value (`{"S": "x"}`) as what it sorts by."""
    ((kind, content),) = value.items()
    if kind == "N":
        return Decimal(content).normalize(EXACT)  # 1 and 1.0 are one key
    if kind == "B":
        return base64.b64decode(content)
    return str(content)


def check(item: Item) -> int:
    """Refuse an item that AWS refuses whatever its table; return its size."""
    for name, value in item.items():
        if not name:
            raise invalid("One or more parameter values were invalid: An attribute name is empty")
        check_value(value, 1)
    bytes_ = size(item)
    if bytes_ > MAX_ITEM_BYTES:
        raise invalid("Item size has exceeded the maximum allowed size")
    return bytes_


def check_value(value: Any, depth: int = 1) -> None:
    """Refuse a value that no item may hold. Raises Refusal."""
    if not isinstance(value, dict) or len(value) != 1:
        raise invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
    if depth > MAX_DEPTH:
        raise invalid("Nesting Levels have exceeded supported limits")
    ((kind, content),) = value.items()
    if kind in ("L", "M"):
        for part in content if kind == "L" else content.values():
            check_value(part, depth + 1)
    elif kind in ("SS", "NS", "BS"):
        _check_set(kind, content)
    elif kind in _CHECKS:
        _CHECKS[kind](content)
    else:
        raise invalid(f"Supplied AttributeValue has an unknown type: {kind}")


def _check_text(content: str) -> None:
    try:
        content.encode()
    except UnicodeEncodeError:
        raise invalid("Invalid UTF-8: a lone surrogate") from None


def _check_number(content: str) -> None:
    if not NUMBER.fullmatch(content):
        raise invalid(f"The parameter cannot be converted to a numeric value: {content}")
    number = Decimal(content)
    if number and not -MAX_PLACES <= number.adjusted() <= 125:
        raise invalid("Number overflow or underflow: its magnitude is outside the supported range")
    if len(number.normalize(EXACT).as_tuple().digits) > MAX_DIGITS:
        raise invalid("Attempting to store more than 38 significant digits in a Number")


def _check_binary(content: str) -> None:
    try:
        base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Invalid Base64") from None


def _check_null(content: bool) -> None:
    if content is not True:
        raise invalid("Null attribute value types must have the value of true")


def _check_flag(content: bool) -> None:
    if not isinstance(content, bool):
        raise invalid("A BOOL is true or false")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "S": _check_text,
    "N": _check_number,
    "B": _check_binary,
    "NULL": _check_null,
    "BOOL": _check_flag,
}


def _check_set(kind: str, content: list[str]) -> None:
    if not content:
        raise invalid("One or more parameter values were invalid: A set may not be empty")
    for part in content:
        check_value({kind[0]: part}, 1)
    distinct = {scalar({kind[0]: part}) for part in content}
    if len(distinct) != len(content):
        raise invalid("One or more parameter values were invalid: Input collection contains duplicates")

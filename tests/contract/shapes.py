"""The reviewed list of what random calls have otherwise on another backend. Each is also a probe's.

A shape tells which answers differ, and which values a call must meet for that (looks.py). A disagreement must
have a shape, and a shape must be met in the sample of CI, unless it says that it is rare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.contract.looks import Look, looks
from tests.contract.random_calls import Disagreement

REFUSED = "ValidationException"
ORDERS = ("<", "<=", ">", ">=", "BETWEEN")
EQUALS = ("=", "<>", "IN")
Answer = Any
"""What `on_table` or a queue tells of an answer: its parts, or a refusal as its code and reasons."""


@dataclass(frozen=True)
class Shape:
    backend: str
    does: str
    aws: str
    """What AWS does instead, and the engine as well."""
    probe: str
    """The name, or its beginning, of a probe that shows it; its source is the shape's."""
    differ: Callable[[Answer, Answer], bool]
    """Whether the engine's answer and the other's differ in this way."""
    meets: tuple[Callable[[Look], bool], ...] = ()
    """What a call on a table must meet, each in one look at least."""
    rare: bool = False
    """Too rare to be met in each sample."""

    def is_of(self, found: Disagreement) -> bool:
        if not self.differ(found.ours, found.theirs):
            return False
        seen = looks(found.call, found.before) if self.meets else []
        return all(any(map(meets, seen)) for meets in self.meets)


def _codes(answer: Answer) -> set[str]:
    """A refusal's code and the reasons of a transaction's steps."""
    return {answer[0], *answer[1]} if isinstance(answer, tuple) and isinstance(answer[1], list) else set()


def _tells(*codes: str) -> Callable[[Answer, Answer], bool]:
    return lambda ours, theirs: not _codes(theirs).isdisjoint(codes)


def _judges(ours: Answer, theirs: Answer) -> bool:
    """The other takes a condition to hold where it does not, or the other way round."""
    told = _codes(theirs)
    return not any(code.startswith("crash") for code in told) and not told & {"TypeError", "ValueError"}


def _both_do(ours: Answer, theirs: Answer) -> bool:
    return not _codes(ours) and not _codes(theirs)


def _refuses(ours: Answer, theirs: Answer) -> bool:
    """The other refuses a whole call for what is no such fault."""
    return _codes(theirs) == {REFUSED} and _codes(ours).isdisjoint((REFUSED, "ValidationError"))


def _does_what_is_refused(ours: Answer, theirs: Answer) -> bool:
    """The other does a write that is refused, or a step of a transaction that is."""
    if not _codes(theirs):
        return not _codes(ours).isdisjoint((REFUSED, "ValidationError"))
    steps = (
        zip(ours[1], theirs[1], strict=False) if isinstance(ours, tuple) and isinstance(theirs, tuple) else ()
    )
    return ("ValidationError", "None") in steps


def _pair(look: Look, one: str, other: str) -> bool:
    """Whether a first value is compared with another, and they are of these two types."""
    first, *others = look.kinds
    return (first == one and other in others) or (first == other and one in others)


def _is_unordered(look: Look) -> bool:
    return look.what in ORDERS and len(set(look.kinds)) > 1


def _has_no_size(look: Look) -> bool:
    return look.what == "size" and look.kinds[0] in ("", "N", "BOOL", "NULL")


def _is_bool_beside_number(look: Look) -> bool:
    if look.what == "contains":
        return look.kinds in (("NS", "BOOL"), ("L", "BOOL"), ("L", "N"))
    return look.what in (*ORDERS, *EQUALS) and _pair(look, "BOOL", "N")


def _is_of_a_set(*whats: str) -> Callable[[Look], bool]:
    return lambda look: look.what in whats and not {"SS", "NS"}.isdisjoint(look.kinds)


def _leads_astray(*within: str) -> Callable[[Look], bool]:
    """A path goes on below what is no map or list."""
    return lambda look: look.what == "path" and look.within in within and look.kinds[0] != ""


def _changes_another_type(look: Look) -> bool:
    return look.what in ("ADD", "DELETE") and "" not in look.kinds and len(set(look.kinds)) > 1


def _was_deleted(ours: Answer, theirs: Answer) -> bool:
    return (ours, theirs) == ("MessageNotInflight", "ReceiptHandleIsInvalid")


def _hides_again(ours: Answer, theirs: Answer) -> bool:
    return (ours, theirs) == ("MessageNotInflight", None)


SHAPES = [
    Shape("moto", "crashes at the size of what has none", "it is like what is not there", "condition: size(gone) < :v",
          _tells("crash: ValueError", "ValueError", "crash: TypeError", "TypeError"), (_has_no_size,)),
    Shape("moto", "refuses a filter on the size of what has none", "the filter is false", "scan: a filter on the size of a number",
          _refuses, (_has_no_size,)),
    Shape("moto", "crashes at two types without an order", "the condition is false", "condition: size(word) < :v with v S 9",
          _tells("crash: TypeError", "TypeError"), (_is_unordered,)),
    Shape("moto", "crashes at a projection below what is no map or list", "nothing is there", "projection: a.c.x",
          _tells("crash: TypeError"), (_leads_astray("projection"),)),
    Shape("moto", "crashes where it removes below what is no map or list", "refuses the path", "update: removes below a string",
          _tells("crash: TypeError", "TypeError"), (_leads_astray("REMOVE"),)),
    Shape("moto", "refuses to look below what is no map or list", "nothing is there", "update: if_not_exists below a set",
          _refuses, (_leads_astray("operand"),), rare=True),
    Shape("moto", "what is not there equals NULL", "it equals nothing", "condition: gone = absent",
          _judges, (lambda look: look.what in EQUALS and _pair(look, "", "NULL"),)),
    Shape("moto", "a BOOL is the number 1 or 0", "it is another type", "condition: flag BETWEEN :l AND :h",
          _judges, (_is_bool_beside_number,)),
    Shape("moto", "bytes contain nothing", "they contain a part of them", "condition: contains(bytes, :v)",
          _judges, (lambda look: look.what == "contains" and look.kinds == ("B", "B"),), rare=True),
    Shape("moto", "an update that fails refuses the whole call", "it is a reason to cancel",
          "transaction: an update that fails",
          lambda ours, theirs: "ValidationError" in _codes(ours) and _codes(theirs) == {REFUSED}),
    Shape("moto", "sets below what is no map or list", "refuses the path", "update: sets below a string",
          _does_what_is_refused, (_leads_astray("SET"),)),
    Shape("moto", "refuses to remove below in an item that is not there", "removes nothing",
          "update: removes below in an item that is not there",
          _refuses, (lambda look: look.what == "path" and look.within == "REMOVE" and look.kinds == ("",),)),
    Shape("moto", "a refused update leaves its first steps", "it changes nothing",
          "update: a refused one leaves nothing of itself",
          _both_do, (_changes_another_type,)),
    Shape("moto", "a copied set stays one with the first", "it is another", "update: copies a set and deletes from it",
          _both_do, (_is_of_a_set("SET", "if_not_exists"), _is_of_a_set("ADD", "DELETE")), rare=True),
    Shape("moto", "the handle of what is deleted is invalid", "it is not in flight", "visibility: of what is deleted",
          _was_deleted),
    Shape("moto", "what is visible is hidden again", "it is not in flight", "visibility: of what is visible",
          _hides_again),
    Shape("ministack", "begins_with of what is no string is refused", "it is false", "condition: begins_with(five, :v) with v S 5",
          _tells(REFUSED), (lambda look: look.what == "begins_with" and look.kinds[0] not in ("S", ""),)),
    Shape("ministack", "removes or sets below what is no map or list", "refuses the path", "update: removes below a string",
          _does_what_is_refused, (lambda look: look.what == "path" and look.within in ("SET", "REMOVE"),)),
    Shape("ministack", "adds to what is no number", "refuses the type", "update: adds to a string",
          _does_what_is_refused, (lambda look: look.what == "+" and look.kinds[0] not in ("N", ""),)),
    Shape("ministack", "appends to what is no list", "refuses the type", "update: list_append of no list",
          _does_what_is_refused, (lambda look: look.what == "list_append" and look.kinds[0] != "L",), rare=True),
    Shape("ministack", "a number, BOOL or NULL has the size 0", "it has none", "condition: size(five) < :v",
          _judges, (lambda look: look.what == "size" and look.kinds[0] in ("N", "BOOL", "NULL"),), rare=True),
    Shape("ministack", "deletes only once", "a second time is as the first", "delete: twice is as once",
          lambda ours, theirs: (ours, theirs) == (None, "ReceiptHandleIsInvalid")),
    Shape("ministack", "the handle of what is deleted is invalid", "it is not in flight", "visibility: of what is deleted",
          _was_deleted),
    Shape("ministack", "what is visible is hidden again", "it is not in flight", "visibility: of what is visible",
          _hides_again, rare=True),
]  # fmt: skip

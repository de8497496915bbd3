"""The reviewed list of what random calls have otherwise on another backend. Each is also a probe's, or cites one.

A shape must be met in the stated sample, and no disagreement of the sample may be without a shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.random_calls import Disagreement


@dataclass(frozen=True)
class Shape:
    backend: str
    does: str
    aws: str
    """What AWS does instead, and the engine as well."""
    probe: str
    """The name, or its beginning, of a probe that shows it; its source is the shape's."""
    is_of: Callable[[Disagreement], bool]


def _code(answer: object) -> str:
    return str(answer[0]) if isinstance(answer, tuple) else ""


def _says(found: Disagreement, *words: str) -> bool:
    return any(word in repr(found.call) for word in words)


def _crashes(found: Disagreement) -> bool:
    told = repr(found.theirs)
    return "crash: " in told or "'TypeError'" in told or "'ValueError'" in told


SHAPES = [
    Shape("moto", "crashes where a value has no size or order, or a path leads nowhere", "the condition is false",
          "condition: size(gone) < :v", _crashes),
    Shape("moto", "refuses a filter on the size of what has none", "the filter is false", "condition: size(five) = :v",
          lambda found: found.call[0] == "scan" and _code(found.theirs) == "ValidationException" and _says(found, "size(")),
    Shape("moto", "an attribute that is not there equals NULL", "it equals nothing", "condition: gone = absent",
          lambda found: _says(found, "'NULL': True") and _code(found.ours) != "ValidationException"),
    Shape("moto", "an update that fails refuses the whole call", "it is a reason to cancel",
          "transaction: an update that fails",
          lambda found: (_code(found.ours), _code(found.theirs)) == ("TransactionCanceledException", "ValidationException")),
    Shape("moto", "sets below what is no map or list", "refuses the path", "update: sets below a string",
          lambda found: _code(found.ours) in ("ValidationException", "TransactionCanceledException")
          and isinstance(found.theirs, dict) and _says(found, "SET a.", "SET a[")),
    Shape("moto", "removes nothing below in an item that is not there, but refuses", "removes nothing",
          "update: removes below in an item that is not there",
          lambda found: isinstance(found.ours, dict) and _code(found.theirs) == "ValidationException"
          and _says(found, "REMOVE c.", "REMOVE c[")),
    Shape("moto", "a refused update leaves its first steps", "it changes nothing",
          "update: a refused one leaves nothing of itself",
          lambda found: "PK" in repr(found.ours) and found.call[0] in ("update_item", "transact_write_items")
          and _says(found, " ADD ", " DELETE ")),
    Shape("moto", "the handle of what is deleted is invalid", "it is not in flight", "visibility: of what is deleted",
          lambda found: (found.ours, found.theirs) == ("MessageNotInflight", "ReceiptHandleIsInvalid")),
    Shape("moto", "what is visible is hidden again", "it is not in flight", "visibility: of what is visible",
          lambda found: found.call[0] == "hide" and (found.ours, found.theirs) == ("MessageNotInflight", None)),
    Shape("moto", "a BOOL is compared as a number", "it has no order", "condition: flag BETWEEN :l AND :h",
          lambda found: _code(found.ours) == "ConditionalCheckFailedException" and _says(found, " BETWEEN ", " < ", " > ", " <= ", " >= ")),
    Shape("ministack", "begins_with of what is no string is refused", "it is false", "condition: begins_with(five, :v) with v S 5",
          lambda found: _code(found.theirs) == "ValidationException" and _says(found, "begins_with(")),
    Shape("ministack", "removes or sets below what is no map or list", "refuses the path", "update: removes below a string",
          lambda found: _code(found.ours) in ("ValidationException", "TransactionCanceledException")
          and isinstance(found.theirs, dict) and _says(found, "SET a.", "SET a[", "REMOVE c.", "REMOVE c[")),
    Shape("ministack", "adds to what is no number", "refuses the type", "update: adds to a string",
          lambda found: _code(found.ours) in ("ValidationException", "TransactionCanceledException")
          and isinstance(found.theirs, dict) and _says(found, " + ", " - ", "list_append")),
    Shape("ministack", "deletes only once", "a second time is as the first", "delete: twice is as once",
          lambda found: (found.call[0], found.ours, found.theirs) == ("delete", None, "ReceiptHandleIsInvalid")),
    Shape("ministack", "what is visible is hidden again", "it is not in flight", "visibility: of what is visible",
          lambda found: found.call[0] == "hide" and (found.ours, found.theirs) == ("MessageNotInflight", None)),
    Shape("ministack", "the handle of what is deleted is invalid", "it is not in flight", "visibility: of what is deleted",
          lambda found: (found.ours, found.theirs) == ("MessageNotInflight", "ReceiptHandleIsInvalid")),
    Shape("ministack", "a BOOL or NULL has a size", "it has none", "condition: size(flag) < :v",
          lambda found: _says(found, "size(")),
]  # fmt: skip

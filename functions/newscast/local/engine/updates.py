"""An update's steps: what AWS refuses of them before it looks at the item, and the item after them.

Every operand is read from the item as it was. Lists keep their numbers until all steps are done.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, cast

from newscast.local.engine.conditions import SETS, Refuse, Value, check_arity, check_kind, members
from newscast.local.engine.documents import at
from newscast.local.engine.items import EXACT, Item, plain, scalar
from newscast.local.engine.refusal import Refusal, invalid
from newscast.local.engine.syntax import Action, Call, Literal, Operand, Path, Sum

NUMBERS = frozenset({"N"})


# ------------------------------------------------------------------------------------ before any item
def check(actions: Sequence[Action], keys: Collection[str], refuse: Refuse) -> None:
    """Refuse what is wrong whatever the item. `keys` are the table's key attributes."""
    for action in actions:
        if action.path.parts[0] in keys:
            raise invalid(
                "One or more parameter values were invalid: "
                f"Cannot update attribute {action.path.parts[0]}. This attribute is part of the key"
            )
        if action.clause == "SET":
            _check_operand(action.operand, refuse)
        elif action.operand is not None:
            check_kind(
                action.clause,
                action.operand,
                SETS | (NUMBERS if action.clause == "ADD" else frozenset()),
                refuse,
            )


def _check_operand(operand: Operand | None, refuse: Refuse, *, within: bool = False) -> None:
    if isinstance(operand, Sum):
        for side in (operand.left, operand.right):
            check_kind(operand.sign, side, NUMBERS, refuse)
            _check_operand(side, refuse, within=True)
    if not isinstance(operand, Call):
        return
    check_arity(operand, refuse)
    if operand.function not in ("if_not_exists", "list_append") or (
        within and operand.function == "list_append"
    ):
        raise refuse(
            f"The function is not allowed to be used this way in an expression; function: {operand.function}"
        )
    if operand.function == "if_not_exists" and not isinstance(operand.operands[0], Path):
        raise refuse(
            f"Operator or function requires a document path; operator or function: {operand.function}"
        )
    for part in operand.operands:
        if operand.function == "list_append":
            check_kind(operand.function, part, frozenset({"L"}), refuse)
        _check_operand(part, refuse, within=True)


# -------------------------------------------------------------------------------------- with an item
def applied(actions: Sequence[Action], old: Item | None, key: Item) -> Item:
    """The item after checked steps, made of its key alone if there was none. Raises Refusal."""
    base = key if old is None else old
    written = [(action.path, _written(action, base)) for action in actions]
    written.sort(key=lambda each: [part for part in each[0].parts if isinstance(part, int)])
    root: Value = {"M": dict(base)}
    fresh = {id(root)}
    # By number, because what lies beyond a list's end is appended in this order.
    for path, value in written:
        if value is not None:
            _put(root, path, value, fresh)
    # From the end, because what is removed moves what follows.
    for path, value in reversed(written):
        if value is None and (old is not None or len(path.parts) == 1):
            _put(root, path, None, fresh)
    found: Item = root["M"]
    return found


def _written(action: Action, item: Item) -> Value | None:
    """What a step writes at its path; None: nothing is left there."""
    if action.operand is None:
        return None
    if action.clause == "SET":
        return _value(action.operand, item)
    given, there = cast("Literal", action.operand).value, at(action.path, item)
    ((kind, content),) = given.items()
    if there is None:
        return given if action.clause == "ADD" else None
    if kind not in there:
        raise _wrong_type()
    if kind == "N":
        return _sum(there, given, "+")
    if action.clause == "ADD":
        have = members(there)
        return {kind: [*there[kind], *(part for part in content if scalar({kind[0]: part}) not in have)]}
    gone = members(given)
    left = [part for part in there[kind] if scalar({kind[0]: part}) not in gone]
    return {kind: left} if left else None


def _value(operand: Operand, item: Item) -> Value:
    if isinstance(operand, Literal):
        return operand.value
    if isinstance(operand, Path):
        found = at(operand, item)
        if found is None:
            raise invalid("The provided expression refers to an attribute that does not exist in the item")
        return found
    if isinstance(operand, Sum):
        return _sum(_value(operand.left, item), _value(operand.right, item), operand.sign)
    first, second = operand.operands
    if operand.function == "if_not_exists":
        found = at(cast("Path", first), item)
        return _value(second, item) if found is None else found
    left, right = _value(first, item), _value(second, item)
    if "L" not in left or "L" not in right:
        raise _wrong_type()
    return {"L": [*left["L"], *right["L"]]}


def _sum(left: Value, right: Value, sign: str) -> Value:
    if "N" not in left or "N" not in right:
        raise _wrong_type()
    one, other = Decimal(left["N"]), Decimal(right["N"])
    return {"N": plain(EXACT.add(one, other) if sign == "+" else EXACT.subtract(one, other))}


def _put(root: Value, path: Path, value: Value | None, fresh: set[int]) -> None:
    """Write (or, with None, remove) at a path. Maps and lists are copied once, as items are shared."""
    there = root
    for part in path.parts[:-1]:
        content = _content(there, part)
        if (isinstance(part, str) and part not in content) or (
            isinstance(part, int) and part >= len(content)
        ):
            raise _no_path()
        inner = content[part]
        if id(inner) not in fresh:
            ((kind, old),) = inner.items()
            inner = {kind: dict(old) if kind == "M" else list(old) if kind == "L" else old}
            content[part] = inner
            fresh.add(id(inner))
        there = inner
    last = path.parts[-1]
    content = _content(there, last)
    if value is None:
        if isinstance(last, str):
            content.pop(last, None)
        elif last < len(content):
            del content[last]
    elif isinstance(last, int) and last >= len(content):
        content.append(value)
    else:
        content[last] = value


def _content(value: Value, part: str | int) -> Any:
    content = value.get("M" if isinstance(part, str) else "L")
    if content is None:
        raise _no_path()
    return content


def _no_path() -> Refusal:
    return invalid("The document path provided in the update expression is invalid for update")


def _wrong_type() -> Refusal:
    return invalid("An operand in the update expression has an incorrect data type")

"""The operations of DynamoDB that feeds and leases use, in memory and counted: weeks and millions at once.

Sizes, index writes and capacity are reckoned as AWS documents them; test_table.py runs the same cases on
this and on moto.
"""

from __future__ import annotations

import bisect
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from botocore.exceptions import ClientError

Item = dict[str, Any]
INDEXES = {"GSI1": ("GSI1PK", "GSI1SK"), "Sources": ("SourcePK", "Filed")}
PROJECTED = ("host", "minutes")
"""Of a feed's row, in GSI1."""
KiB = 1024


class Rows:
    """A table with two indexes, GSI1 and Sources, which hold whole items."""

    def __init__(self, page: int = 1000) -> None:
        self.items: dict[tuple[str, str], Item] = {}
        self.index: dict[str, dict[str, list[tuple[str, str, str]]]] = {name: {} for name in INDEXES}
        self.units: Counter[str] = Counter()
        """read and write capacity units and calls, by kind"""
        self.page = page
        self.most = 100
        """Keys that one BatchGetItem answers; the others are unprocessed."""
        self._lock = threading.Lock()

    # ---------------------------------------------------------------------------- single items
    def get_item(self, **asked: Any) -> dict[str, Any]:
        item = self.items.get(_key(asked["Key"]))
        self._read("GetItem", [item or {}], consistent=asked.get("ConsistentRead", False))
        return {"Item": dict(item)} if item else {}

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        ((table, keys),) = ((name, of["Keys"]) for name, of in asked["RequestItems"].items())
        if len(keys) > 100:
            raise _refusal("ValidationException")
        found = [item for key in keys[: self.most] if (item := self.items.get(_key(key)))]
        self._read("BatchGetItem", found)
        left = {table: {"Keys": keys[self.most :]}} if keys[self.most :] else {}
        return {"Responses": {table: [dict(item) for item in found]}, "UnprocessedKeys": left}

    def put_item(self, **asked: Any) -> dict[str, Any]:
        with self._lock:
            key = _key(asked["Item"])
            self._check(self.items.get(key), asked)
            self._store(key, dict(asked["Item"]))
        return {}

    def update_item(self, **asked: Any) -> dict[str, Any]:
        with self._lock:
            key = _key(asked["Key"])
            before = self.items.get(key)
            self._check(before, asked)
            self._store(key, _updated({**(before or {}), **asked["Key"]}, asked))
            given = asked.get("ReturnValues") in ("ALL_NEW", "UPDATED_NEW")
            return {"Attributes": dict(self.items[key])} if given else {}

    def delete_item(self, **asked: Any) -> dict[str, Any]:
        with self._lock:
            self._store(_key(asked["Key"]), None)
        return {}

    def query(self, **asked: Any) -> dict[str, Any]:
        values = asked["ExpressionAttributeValues"]
        partition = values[":partition"]["S"]
        index = asked.get("IndexName", "")
        if index:
            line = self.index[index].get(partition, [])
            until = values.get(":until") or values[":last"]
            end = bisect.bisect_right(line, (until["S"], "\U0010ffff", ""))
            start = bisect.bisect_left(line, (values.get(":first", {"S": ""})["S"], "", ""))
            if after := asked.get("ExclusiveStartKey"):
                where = (after[INDEXES[index][1]]["S"], after["PK"]["S"], after["SK"]["S"])
                start = bisect.bisect_right(line, where)
            keys = [
                (pk, sk) for _, pk, sk in line[start : min(end, start + asked["Limit"], start + self.page)]
            ]
            more = start + len(keys) < end
        else:
            every = sorted(key for key in self.items if key[0] == partition)
            after = asked.get("ExclusiveStartKey")
            start = bisect.bisect_right(every, _key(after)) if after else 0
            keys = every[start : start + min(asked["Limit"], self.page)]
            more = start + len(keys) < len(every)
        found = [dict(self.items[key]) for key in keys]
        self._read("Query", found, whole=True)
        answer: dict[str, Any] = {"Items": found}
        if more:
            names = ("PK", "SK", *INDEXES.get(index, ()))
            answer["LastEvaluatedKey"] = {name: found[-1][name] for name in names}
        return answer

    # ---------------------------------------------------------------------------- the books
    def _store(self, key: tuple[str, str], item: Item | None) -> None:
        before = self.items.get(key)
        if item is not None and size(item) > 400 * KiB:
            raise _refusal("ValidationException")
        self.units["write"] += max(_blocks(before), _blocks(item))
        for index, names in INDEXES.items():
            was, now = _index_key(before, key, names), _index_key(item, key, names)
            if was != now:
                if was:
                    line = self.index[index][was[0]]
                    line.pop(bisect.bisect_left(line, was[1:]))
                    self.units["index write"] += _blocks(before)
                if now:
                    bisect.insort(self.index[index].setdefault(now[0], []), now[1:])
                    self.units["index write"] += _blocks(item)
            elif now and any((before or {}).get(name) != (item or {}).get(name) for name in PROJECTED):
                self.units["index write"] += max(_blocks(before), _blocks(item))
        if item is None:
            self.items.pop(key, None)
        else:
            self.items[key] = item
        self.units["Write calls"] += 1

    def _read(self, call: str, found: list[Item], consistent: bool = False, whole: bool = False) -> None:
        sizes = [sum(size(item) for item in found)] if whole else [size(item) for item in found]
        units = sum(max(math.ceil(each / (4 * KiB)), 1) for each in sizes)
        self.units["read"] += units if consistent else units / 2  # type: ignore[assignment]
        self.units[f"{call} calls"] += 1

    def _check(self, item: Item | None, asked: Item) -> None:
        condition = asked.get("ConditionExpression")
        if condition is None or _holds(condition, item or {}, asked.get("ExpressionAttributeValues", {})):
            return
        self.units["write"] += max(_blocks(item), 1)
        old = asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        raise _refusal("ConditionalCheckFailedException", **({"Item": dict(item)} if old and item else {}))


def size(item: Item) -> int:
    """Bytes of an item as AWS counts them, to within a few."""
    total = 0
    for name, value in item.items():
        ((kind, raw),) = value.items()
        total += len(name) + (
            len(raw.encode()) if kind == "S" else len(raw) if kind == "B" else len(raw) // 2 + 2
        )
    return total


def _blocks(item: Item | None) -> int:
    return max(math.ceil(size(item) / KiB), 1) if item else 0


def _key(item: Item) -> tuple[str, str]:
    return item["PK"]["S"], item["SK"]["S"]


def _index_key(
    item: Item | None, key: tuple[str, str], names: tuple[str, str]
) -> tuple[str, str, str, str] | None:
    if not item or names[0] not in item:
        return None
    return item[names[0]]["S"], item[names[1]]["S"], *key


def _refusal(code: str, **more: Any) -> ClientError:
    return ClientError(cast(Any, {"Error": {"Code": code, "Message": code}, **more}), "Call")


# ------------------------------------------------------------------------- expressions
def _holds(condition: str, item: Item, values: Item) -> bool:
    """The forms that the code uses: attribute_exists and its opposite, = <> < <= >, AND, OR and brackets."""
    text = re.sub(r"attribute_not_exists\((\w+)\)", r"(\1 NOT IN)", condition)
    text = re.sub(r"attribute_exists\((\w+)\)", r"(\1 IS IN)", text)
    tokens = list(_tokens(text, item, values))
    return _any(tokens)


def _tokens(text: str, item: Item, values: Item) -> Iterator[str | bool]:
    pattern = re.compile(r"\((\w+) (NOT|IS) IN\)|\b(\w+) (<>|=|<=|<|>) (:?\w+)|(AND|OR|\(|\))")
    at = 0
    for found in pattern.finditer(text):
        if text[at : found.start()].strip():
            raise _refusal("ValidationException")
        at = found.end()
        if found[1]:
            yield (found[1] in item) is (found[2] == "IS")
        elif found[3]:
            other = values[found[5]] if found[5].startswith(":") else item.get(found[5])
            yield found[3] in item and other is not None and _compare(item[found[3]], found[4], other)
        else:
            yield found[6]


def _compare(one: Item, operator: str, other: Item) -> bool:
    ((kind, left),) = one.items()
    ((wanted, right),) = other.items()
    if kind != wanted:
        return False
    if kind == "N":
        left, right = float(left), float(right)
    return bool(
        {"=": left == right, "<>": left != right, "<": left < right, "<=": left <= right, ">": left > right}[
            operator
        ]
    )


def _any(tokens: list[str | bool]) -> bool:
    result = _all(tokens)
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        result = _all(tokens) or result
    return result


def _all(tokens: list[str | bool]) -> bool:
    result = _one(tokens)
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        result = _one(tokens) and result
    return result


def _one(tokens: list[str | bool]) -> bool:
    token = tokens.pop(0)
    if token == "(":
        result = _any(tokens)
        tokens.pop(0)
        return result
    return bool(token)


def _updated(item: Item, asked: Item) -> Item:
    values = asked["ExpressionAttributeValues"]
    clauses = re.split(r"\b(SET|REMOVE|ADD) ", asked["UpdateExpression"])
    for action, body in zip(clauses[1::2], clauses[2::2], strict=True):
        for part in body.split(","):
            words = part.split()
            if action == "SET":
                if words[3:4] == ["+"]:
                    total = float(item[words[2]]["N"]) + float(values[words[4]]["N"])
                    item[words[0]] = {"N": f"{total:.3f}"}
                else:
                    item[words[0]] = values[words[2]]
            elif action == "REMOVE":
                item.pop(words[0], None)
            else:
                before = int(item.get(words[0], {"N": "0"})["N"])
                item[words[0]] = {"N": str(before + int(values[words[1]]["N"]))}
    return item

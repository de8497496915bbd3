"""ConsumedCapacity as answers tell it.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Body = dict[str, Any]
Used = dict[str, dict[str, float]]
"""Units by table, then by index (`""`: the table itself)."""


def add(used: Used, table: str, units: Mapping[str, float]) -> None:
    """Count more units of a table in `used`."""
    there = used.setdefault(table, {})
    for index, each in units.items():
        there[index] = there.get(index, 0) + each


def of_one(body: Mapping[str, Any], used: Mapping[str, Mapping[str, float]]) -> Body:
    """The part of an answer about one table; empty if it was not asked for."""
    told = of_many(body, used)
    return {"ConsumedCapacity": told["ConsumedCapacity"][0]} if told else {}


def of_many(body: Mapping[str, Any], used: Mapping[str, Mapping[str, float]]) -> Body:
    """The part of an answer about several tables; empty if it was not asked for."""
    wanted = body.get("ReturnConsumedCapacity", "NONE")
    if wanted == "NONE":
        return {}
    told = []
    for table, units in used.items():
        one: Body = {"TableName": table, "CapacityUnits": float(sum(units.values()))}
        if wanted == "INDEXES":
            one["Table"] = {"CapacityUnits": float(units.get("", 0))}
            indexes = {name: {"CapacityUnits": float(each)} for name, each in units.items() if name}
            one |= {"GlobalSecondaryIndexes": indexes} if indexes else {}
        told.append(one)
    return {"ConsumedCapacity": told}

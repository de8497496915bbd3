"""Query and Scan: key conditions, order, pages, filters, indexes, Select."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.items import KIB, batch, keyed, puts
from tests.contract.probe import ABSENT, API, GUIDE, INVALID, Expected, Probe, Step, expression, n, put, s

QUERY = API + "API_Query.html"
KEYS = GUIDE + "Query.KeyConditionExpressions.html"


def query(
    text: str, values: Mapping[str, Any], expected: Expected = None, names: str | None = None, **more: Any
) -> Step:
    return Step("query", {"KeyConditionExpression": text, **expression(names, values), **more}, expected)


def all_of(expected: Expected = None, **more: Any) -> Step:
    return query("PK = :p", {"p": s("p")} | more.pop("values", {}), expected, **more)


def found(*numbers: int) -> Callable[[dict[str, Any]], bool]:
    """The items with these range keys, in this order."""
    return lambda answer: [item["SK"]["S"] for item in answer["Items"]] == [f"{at:03}" for at in numbers]


def numbered(*numbers: object) -> Callable[[dict[str, Any]], bool]:
    return lambda answer: [item["SK"]["N"] for item in answer["Items"]] == [str(at) for at in numbers]


FIVE = (Step("batch_write_item", puts(5, v=n(1))),)
"""000 to 004, under one hash key."""


def ranged(
    text: str, values: Mapping[str, Any], expected: Expected, source: str = "", names: str | None = None
) -> Probe:
    return Probe(f"query: {text}", (*FIVE, query(text, {"p": s("p"), **values}, expected, names)), source)


RANGED = [
    ranged("PK = :p", {}, found(0, 1, 2, 3, 4)),
    ranged("PK = :p AND SK = :s", {"s": s("002")}, found(2)),
    ranged("PK = :p AND SK < :s", {"s": s("002")}, found(0, 1)),
    ranged("PK = :p AND SK <= :s", {"s": s("002")}, found(0, 1, 2)),
    ranged("PK = :p AND SK > :s", {"s": s("002")}, found(3, 4)),
    ranged("PK = :p AND SK >= :s", {"s": s("002")}, found(2, 3, 4)),
    ranged("PK = :p AND SK BETWEEN :l AND :h", {"l": s("001"), "h": s("003")}, found(1, 2, 3)),
    ranged("PK = :p AND begins_with(SK, :s)", {"s": s("00")}, found(0, 1, 2, 3, 4)),
    ranged("SK > :s AND PK = :p", {"s": s("002")}, found(3, 4), KEYS),
    ranged(":p = PK AND :s < SK", {"s": s("002")}, found(3, 4), KEYS),
    ranged("(PK = :p) and (SK between :l and :h)", {"l": s("001"), "h": s("003")}, found(1, 2, 3)),
    ranged("#p = :p AND #s = :s", {"s": s("002")}, found(2), names="#p=PK #s=SK"),
    ranged("PK = :p AND SK BETWEEN :h AND :l", {"l": s("001"), "h": s("003")}, INVALID, KEYS),
    ranged("PK = :p AND SK <> :s", {"s": s("002")}, INVALID, KEYS),
    ranged("PK = :p AND SK IN (:s)", {"s": s("002")}, INVALID, KEYS),
    ranged("PK = :p OR SK = :s", {"s": s("002")}, INVALID, KEYS),
    ranged("NOT SK = :s AND PK = :p", {"s": s("002")}, INVALID, KEYS),
    ranged("PK = :p AND SK > :s AND SK < :h", {"s": s("001"), "h": s("004")}, INVALID, KEYS),
    ranged("PK > :p", {}, INVALID, KEYS),
    ranged("SK = :p", {}, INVALID, KEYS),
    ranged("PK = :p AND v = :s", {"s": n(1)}, INVALID, KEYS),
    ranged("PK = :p AND contains(SK, :s)", {"s": s("0")}, INVALID, KEYS),
    ranged("PK = :p AND attribute_exists(SK)", {}, INVALID, KEYS),
    ranged("PK = :p AND size(SK) = :s", {"s": n(3)}, INVALID, KEYS),
    ranged("PK = :p AND SK = PK", {}, INVALID, KEYS),
    ranged("PK = :p AND SK = :s AND PK = :p", {"s": s("002")}, INVALID, KEYS),
    ranged("PK = :p AND SK = :n", {"n": n(2)}, INVALID, KEYS),
    ranged("PK = :p AND SK > :e", {"e": s("")}, INVALID, KEYS),
    ranged("PK = :p AND", {}, INVALID),
    ranged("", {}, INVALID),
]
NINE = Step("batch_write_item", batch(*(
    {"PutRequest": {"Item": {"PK": s("p"), "SK": n(number)}}} for number in ("10", "9", "-1", "0.5", "1e2"))))  # fmt: skip
INDEXED = Step("batch_write_item", batch(*(
    {"PutRequest": {"Item": keyed(at, GSI1PK=s("g"), GSI1SK=n(9 - at), kept=s("k"), left=s("l"), GSI2PK=s("h"))}}
    for at in range(4)), {"PutRequest": {"Item": keyed(9, GSI1PK=s("g"))}}))  # fmt: skip
G: dict[str, Any] = {"g": s("g")}


def index(
    expected: Expected = None, text: str = "GSI1PK = :g", values: Mapping[str, Any] = G, **more: Any
) -> Step:
    return query(text, values, expected, IndexName=more.pop("IndexName", "GSI1"), **more)


LAST = {name: s("p") if name == "PK" else s("002") for name in ("PK", "SK")}
BIG = tuple(Step("batch_write_item", batch(*(
    {"PutRequest": {"Item": keyed(at, x=s("x" * 100 * KIB), GSI1PK=s("g"), GSI1SK=n(at), GSI2PK=s("h"))}}
    for at in range(start, start + 8)))) for start in (0, 8))  # fmt: skip
"""16 items of 100 KB."""


def sized(low: int, high: int) -> Callable[[dict[str, Any]], bool]:
    return lambda answer: low <= answer["Count"] <= high and "LastEvaluatedKey" in answer


PAGED = [
    Probe("query: numbers in their order", (NINE, all_of(numbered(-1, 0.5, 9, 10, 100))), table="numbers"),
    Probe("query: numbers backwards", (NINE, all_of(numbered(100, 10, 9, 0.5, -1), ScanIndexForward=False)),
          table="numbers"),
    Probe("query: numbers below zero", (
        *(put(key={"PK": s("p"), "SK": n(each)}) for each in ("-2", "-100", "-0.5", "-2.5", "-10")),
        all_of(numbered(-100, -10, "-2.5", -2, "-0.5"))), table="numbers"),
    Probe("query: a prefix of a number", (NINE, query("PK = :p AND begins_with(SK, :s)", {"p": s("p"), "s": n(1)}, INVALID)),
          KEYS, table="numbers"),
    Probe("query: a prefix has an end", (
        *(put(key={"PK": s("p"), "SK": s(each)}) for each in ("a", "ab", "ab\u00e9", "ac", "b")),
        query("PK = :p AND begins_with(SK, :s)", {"p": s("p"), "s": s("ab")}, lambda answer:
              [item["SK"]["S"] for item in answer["Items"]] == ["ab", "ab\u00e9"])), KEYS),
    Probe("query: bytes in their order", (
        *(put(key={"PK": {"B": b"p"}, "SK": {"B": each}}) for each in (b"\xff", b"\x00", b"\x7f\x00", b"\x7f")),
        query("PK = :p", {"p": {"B": b"p"}}, lambda answer: [item["SK"]["B"] for item in answer["Items"]] == [
            b"\x00", b"\x7f", b"\x7f\x00", b"\xff"])), GUIDE + "HowItWorks.CoreComponents.html", table="binary"),
    Probe("query: strings by their UTF-8 bytes", (
        *(put(key={"PK": s("p"), "SK": s(each)}) for each in ("é", "z", "Z", "\U0001f30d", "\uff5e")),
        all_of(lambda answer: [item["SK"]["S"] for item in answer["Items"]] == ["Z", "z", "é", "\uff5e", "\U0001f30d"])),
        QUERY),
    Probe("query: backwards", (*FIVE, all_of(found(4, 3, 2, 1, 0), ScanIndexForward=False))),
    Probe("query: nothing found", (all_of({"Items": [], "Count": 0, "ScannedCount": 0, "LastEvaluatedKey": ABSENT}),)),
    Probe("query: a limit", (*FIVE, all_of({"Count": 3, "LastEvaluatedKey": LAST}, Limit=3))),
    Probe("query: a limit that is just met", (
        *FIVE, all_of({"Count": 5, "LastEvaluatedKey": {"PK": s("p"), "SK": s("004")}}, Limit=5)), QUERY),
    Probe("query: a limit that is not met", (*FIVE, all_of({"Count": 5, "LastEvaluatedKey": ABSENT}, Limit=6))),
    Probe("query: goes on", (*FIVE, all_of(found(3, 4), ExclusiveStartKey=LAST))),
    Probe("query: goes on backwards", (*FIVE, all_of(found(1, 0), ExclusiveStartKey=LAST, ScanIndexForward=False))),
    Probe("query: goes on behind what is not there", (
        *FIVE, all_of(found(3, 4), ExclusiveStartKey={"PK": s("p"), "SK": s("0025")}))),
    Probe("query: goes on after the last", (
        *FIVE, all_of({"Count": 0, "LastEvaluatedKey": ABSENT}, ExclusiveStartKey={"PK": s("p"), "SK": s("9")}))),
    Probe("query: a limit of 0", (*FIVE, all_of(INVALID, Limit=0)), QUERY),
    Probe("query: a starting key with too little", (*FIVE, all_of(INVALID, ExclusiveStartKey={"PK": s("p")}))),
    Probe("query: a starting key with too much", (*FIVE, all_of(INVALID, ExclusiveStartKey={**LAST, "v": n(1)}))),
    Probe("query: a starting key of another type", (
        *FIVE, all_of(INVALID, ExclusiveStartKey={"PK": s("p"), "SK": n(1)}))),
    Probe("query: a limit counts before the filter", (
        *FIVE, put(key=keyed(4), v=n(2)),
        all_of({"Count": 0, "ScannedCount": 2}, Limit=2, FilterExpression="v = :v", values={"v": n(2)})), QUERY),
    Probe("query: a filter", (
        *FIVE, put(key=keyed(2), v=n(2)),
        all_of({"Count": 1, "ScannedCount": 5}, FilterExpression="v = :v", values={"v": n(2)}))),
    Probe("query: a filter on the range key", (
        *FIVE, all_of(INVALID, FilterExpression="SK = :p")), QUERY),
    Probe("query: a filter on the hash key", (*FIVE, all_of(INVALID, FilterExpression="PK = :p")), QUERY),
    Probe("query: a filter that is wrong", (all_of(INVALID, FilterExpression="v = :gone"),)),
    Probe("query: a value that is not used", (all_of(INVALID, values={"v": n(1)}),)),
    Probe("query: no key condition", (Step("query", {}, INVALID),)),
    Probe("query: an empty hash key", (query("PK = :p", {"p": s("")}, INVALID),)),
    Probe("query: a hash key of another type", (query("PK = :p", {"p": n(1)}, INVALID),)),
    Probe("query: projected", (*FIVE, all_of({"Items": [{"v": n(1)}], "Count": 1}, ProjectionExpression="v", Limit=1))),
    Probe("query: COUNT", (*FIVE, all_of({"Count": 5, "Items": ABSENT}, Select="COUNT")), QUERY),
    Probe("query: COUNT with a projection", (all_of(INVALID, Select="COUNT", ProjectionExpression="v"),), QUERY),
    Probe("query: ALL_ATTRIBUTES with a projection", (
        all_of(INVALID, Select="ALL_ATTRIBUTES", ProjectionExpression="v"),), QUERY),
    Probe("query: SPECIFIC_ATTRIBUTES with a projection", (
        *FIVE, all_of({"Count": 5}, Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="v")), QUERY),
    Probe("query: SPECIFIC_ATTRIBUTES without", (all_of(INVALID, Select="SPECIFIC_ATTRIBUTES"),), QUERY),
    Probe("query: ALL_PROJECTED_ATTRIBUTES of a table", (all_of(INVALID, Select="ALL_PROJECTED_ATTRIBUTES"),), QUERY),
    Probe("query: an unknown Select", (all_of(INVALID, Select="DOG"),)),
    Probe("query: a consistent read", (*FIVE, all_of({"Count": 5}, ConsistentRead=True))),
    Probe("query: pages of 1 MB", (*BIG, all_of(sized(10, 11))), QUERY),
    Probe("query: pages of 1 MB before the filter", (
        *BIG, all_of({"Count": 0, "LastEvaluatedKey": {"PK": s("p"), "SK": s("010")}},
                     FilterExpression="gone = :v", values={"v": n(1)})), QUERY),
    Probe("query: pages of 1 MB of what an index holds", (
        *BIG, index({"Count": 16, "LastEvaluatedKey": ABSENT}), index(sized(10, 11), "GSI2PK = :g", {"g": s("h")},
                                                                     IndexName="GSI2")), QUERY),
    # indexes
    Probe("index: in its order, with what it holds", (
        INDEXED, index({"Count": 4, "Items": [
            keyed(at, GSI1PK=s("g"), GSI1SK=n(9 - at), kept=s("k")) for at in (3, 2, 1, 0)]})), GUIDE + "GSI.html"),
    Probe("index: all attributes", (
        INDEXED, query("GSI2PK = :h", {"h": s("h")},
                       lambda answer: [item["left"] for item in answer["Items"]] == [s("l")] * 4, IndexName="GSI2"))),
    Probe("index: a range", (
        INDEXED, index(found(1, 0), "GSI1PK = :g AND GSI1SK >= :n", {**G, "n": n(8)}))),
    Probe("index: a limit", (
        INDEXED, index({"Count": 2, "LastEvaluatedKey": {**keyed(2), "GSI1PK": s("g"), "GSI1SK": n(7)}}, Limit=2)), QUERY),
    Probe("index: goes on", (
        INDEXED, index(found(1, 0), ExclusiveStartKey={**keyed(2), "GSI1PK": s("g"), "GSI1SK": n(7)}))),
    Probe("index: goes on backwards", (
        INDEXED, index(found(3), ExclusiveStartKey={**keyed(2), "GSI1PK": s("g"), "GSI1SK": n(7)},
                       ScanIndexForward=False))),
    Probe("index: a starting key of the table", (INDEXED, index(INVALID, ExclusiveStartKey=LAST))),
    Probe("index: equal keys, page by page", (
        *(put(key=keyed(at), GSI1PK=s("g"), GSI1SK=n(1)) for at in range(3)),
        index({"Count": 2}, Limit=2), index({"Count": 3}))),
    Probe("index: a consistent read", (index(INVALID, ConsistentRead=True),), QUERY),
    Probe("index: one that is not there", (index(INVALID, IndexName="GSI9"),)),
    Probe("index: a condition on the table's keys", (index(INVALID, "PK = :g"),)),
    Probe("index: a filter on its key", (index(INVALID, FilterExpression="GSI1SK = :g"),), QUERY),
    Probe("index: a filter on the table's key", (
        INDEXED, index({"Count": 1}, FilterExpression="SK = :s", values={**G, "s": s("002")})), QUERY),
    Probe("index: ALL_ATTRIBUTES of an INCLUDE index", (index(INVALID, Select="ALL_ATTRIBUTES"),), QUERY),
    Probe("index: ALL_ATTRIBUTES of an ALL index", (
        INDEXED, query("GSI2PK = :h", {"h": s("h")}, {"Count": 4}, IndexName="GSI2", Select="ALL_ATTRIBUTES")), QUERY),
    Probe("index: ALL_PROJECTED_ATTRIBUTES", (INDEXED, index({"Count": 4}, Select="ALL_PROJECTED_ATTRIBUTES")), QUERY),
    Probe("index: projects what it does not hold", (index(INVALID, ProjectionExpression="#l", names="#l=left"),),
          GUIDE + "GSI.html"),
    Probe("index: an item leaves it", (
        INDEXED, Step("update_item", {"Key": keyed(0), "UpdateExpression": "REMOVE GSI1SK"}), index(found(3, 2, 1)))),
    Probe("index: an item moves in it", (
        INDEXED, Step("update_item", {"Key": keyed(0), "UpdateExpression": "SET GSI1SK = :n",
                                      **expression(None, {"n": n(-5)})}), index(found(0, 3, 2, 1)))),
    # scans
    Probe("scan: all", (*FIVE, Step("scan", {}, {"Count": 5, "ScannedCount": 5, "LastEvaluatedKey": ABSENT}))),
    Probe("scan: a limit", (*FIVE, Step("scan", {"Limit": 2}, lambda answer: answer["Count"] == 2
                                        and set(answer["LastEvaluatedKey"]) == {"PK", "SK"}))),
    Probe("scan: a limit that is just met", (*FIVE, Step("scan", {"Limit": 5}, lambda a: "LastEvaluatedKey" in a)), QUERY),
    Probe("scan: a filter", (
        *FIVE, Step("scan", {"FilterExpression": "SK > :v", **expression(None, {"v": s("002")})},
                    {"Count": 2, "ScannedCount": 5})), API + "API_Scan.html"),
    Probe("scan: a filter on the size of a number", (
        *FIVE, Step("scan", {"FilterExpression": "size(v) < :n", **expression(None, {"n": n(9)})},
                    {"Count": 0, "ScannedCount": 5})), GUIDE + "Expressions.OperatorsAndFunctions.html"),
    Probe("scan: an index", (INDEXED, Step("scan", {"IndexName": "GSI1"}, {"Count": 4}))),
    Probe("scan: an index, consistent", (Step("scan", {"IndexName": "GSI1", "ConsistentRead": True}, INVALID),),
          API + "API_Scan.html"),
    Probe("scan: pages of 1 MB", (*BIG, Step("scan", {}, sized(10, 11))), API + "API_Scan.html"),
    Probe("scan: a segment without their number", (Step("scan", {"Segment": 0}, INVALID),), API + "API_Scan.html"),
    Probe("scan: a segment beyond their number", (Step("scan", {"Segment": 2, "TotalSegments": 2}, INVALID),),
          API + "API_Scan.html"),
    Probe("scan: projected COUNT", (Step("scan", {"Select": "COUNT", "ProjectionExpression": "v"}, INVALID),),
          API + "API_Scan.html"),
]  # fmt: skip
SOURCE = QUERY
"""Where AWS says what no probe has a page of its own for."""
PROBES = [*RANGED, *PAGED]

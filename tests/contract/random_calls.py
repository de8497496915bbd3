"""Calls at random, the same on two backends, and what of their answers must agree.

A call says nothing that AWS leaves open: index keys are distinct, and what has no order is compared without.
Nor does it say what AWS refuses whatever the items (a probe says each of that): so what is refused here is
refused for the items that are there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contract.backends import Backend
from tests.contract.probe import expression, n, plain, s

Item = dict[str, Any]
Call = tuple[str, dict[str, Any]]


# ----------------------------------------------------------------------------------------- what is said
def key(rng: random.Random) -> Item:
    return {"PK": s(rng.choice("ab")), "SK": s(rng.choice("wxyz"))}


def number(rng: random.Random) -> Item:
    return n(rng.choice(["0", "1", "-1", "2", "10", "99"]))


def value(rng: random.Random, depth: int = 0) -> Item:
    kinds: list[Callable[[], Item]] = [
        lambda: s(rng.choice(["", "a", "ab", "b", "z"])),
        lambda: number(rng),
        lambda: {"B": rng.choice([b"", b"\x00", b"\xff", b"ab"])},
        lambda: {"BOOL": rng.random() < 0.5},
        lambda: {"NULL": True},
        lambda: {"SS": rng.sample(["a", "b", "c"], rng.randint(1, 2))},
        lambda: {"NS": rng.sample(["1", "2", "3"], rng.randint(1, 2))},
    ]
    if depth < 2:
        kinds += [
            lambda: {"L": [value(rng, depth + 1) for _ in range(rng.randint(0, 3))]},
            lambda: {"M": {name: value(rng, depth + 1) for name in rng.sample("abc", rng.randint(0, 2))}},
        ]
    return rng.choice(kinds)()


def ordered(rng: random.Random) -> Item:
    """A value that has an order."""
    return rng.choice(
        [s(rng.choice(["", "a", "ab", "b"])), number(rng), {"B": rng.choice([b"", b"\x00", b"ab"])}]
    )


def path(rng: random.Random) -> str:
    return rng.choice("abcd") + rng.choice(["", "", "", "", ".a", "[0]", "[1]", ".b[0]"])


@dataclass
class Said:
    """An expression's text in the making, and the values that it uses."""

    rng: random.Random
    values: dict[str, Item]

    def value(self, made: Item | None = None) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = made or value(self.rng)
        return f":{name}"

    def between(self) -> str:
        low, high = sorted((number(self.rng) for _ in "12"), key=lambda each: float(each["N"]))
        return f"{self.value(low)} AND {self.value(high)}"

    def condition(self, depth: int = 0) -> str:
        rng = self.rng
        if depth < 2 and rng.random() < 0.3:
            left, right = self.condition(depth + 1), self.condition(depth + 1)
            return (
                rng.choice(
                    [
                        f"{left} AND {right}",
                        f"({left}) OR {right}",
                        f"NOT ({left})",
                        f"NOT ({left}) AND {right}",
                    ]
                )
                if right
                else left
            )
        tests: list[Callable[[], str]] = [
            lambda: f"attribute_exists({path(rng)})",
            lambda: f"attribute_not_exists({path(rng)})",
            lambda: f"{path(rng)} {rng.choice(['=', '<>'])} {self.value()}",
            lambda: f"{path(rng)} {rng.choice(['<', '<=', '>', '>='])} {self.value(ordered(rng))}",
            lambda: f"SK {rng.choice(['<', '<=', '>', '>='])} {self.value(s('x'))}",
            lambda: f"{path(rng)} BETWEEN {self.between()}",
            lambda: f"{path(rng)} IN ({self.value()}, {self.value()})",
            lambda: f"begins_with({path(rng)}, {self.value(s(rng.choice(['', 'a', 'ab'])))})",
            lambda: f"contains({path(rng)}, {self.value()})",
            lambda: f"size({path(rng)}) {rng.choice(['=', '<', '>'])} {self.value(number(rng))}",
            lambda: f"attribute_type({path(rng)}, {self.value(s(rng.choice(['S', 'N', 'L', 'M', 'SS'])))})",
        ]
        return rng.choice(tests)()

    def update(self) -> str:
        rng = self.rng
        sets: list[Callable[[], str]] = [
            lambda: f"SET a = {self.value()}",
            lambda: f"SET a = {path(rng)}",
            lambda: f"SET a{rng.choice(['.a', '[0]', '[1]', '.b[0]'])} = {self.value()}",
            lambda: f"SET a = if_not_exists({path(rng)}, {self.value()})",
            lambda: f"SET b = {path(rng)} {rng.choice('+-')} {self.value(number(rng))}",
            lambda: f"SET b = if_not_exists(b, {self.value(n(0))}) + {self.value(number(rng))}",
            lambda: f"SET b = list_append({path(rng)}, {self.value({'L': [s('x')]})})",
            lambda: f"SET GSI1PK = {self.value(s('g'))}, a = {self.value()}",
        ]
        sets_of = [number(rng), {"SS": ["a", "d"]}, {"NS": ["1"]}]
        others: list[Callable[[], str]] = [
            lambda: f"REMOVE c{rng.choice(['', '.a', '[0]', '[1]'])}",
            lambda: "REMOVE c, d",
            lambda: f"ADD {rng.choice('cd')} {self.value(rng.choice(sets_of))}",
            lambda: f"DELETE {rng.choice('cd')} {self.value({'SS': ['a', 'b']})}",
        ]
        parts = [rng.choice(sets)()] if rng.random() < 0.7 else []
        parts += [rng.choice(others)()] if not parts or rng.random() < 0.4 else []
        return " ".join(parts)


def said(rng: random.Random, **what: Callable[[Said], str]) -> dict[str, Any]:
    """Parameters with expressions and the values they use."""
    saying = Said(rng, {})
    made: dict[str, Any] = {name: say(saying) for name, say in what.items()}
    used = {
        name: each
        for name, each in saying.values.items()
        if any(f":{name}" in text for text in made.values())
    }
    return made | expression(None, used or None)


def items_call(rng: random.Random, turn: int) -> Call:
    """One call on a table, without the table's name."""

    def item() -> Item:
        made = key(rng) | {name: value(rng) for name in rng.sample("abcd", rng.randint(0, 3))}
        # Distinct in the index, whose order among equals nobody promises.
        return made | ({"GSI1PK": s("g"), "GSI1SK": n(turn), "kept": s("k")} if rng.random() < 0.5 else {})

    maybe = {"ConditionExpression": Said.condition} if rng.random() < 0.5 else {}
    returned = {"ReturnValues": "ALL_OLD"} if rng.random() < 0.5 else {}
    kind = rng.choice(
        [
            "put",
            "put",
            "update",
            "update",
            "update",
            "delete",
            "get",
            "query",
            "index",
            "scan",
            "transact",
            "batch",
        ]
    )
    if kind == "put":
        return "put_item", {"Item": item(), **returned, **said(rng, **maybe)}
    if kind == "update":
        wanted = rng.choice(["NONE", "ALL_OLD", "ALL_NEW"])
        return "update_item", {
            "Key": key(rng),
            "ReturnValues": wanted,
            **said(rng, UpdateExpression=Said.update, **maybe),
        }
    if kind == "delete":
        return "delete_item", {"Key": key(rng), **returned, **said(rng, **maybe)}
    if kind == "get":
        paths = {text[0]: text for text in (path(rng) for _ in range(rng.randint(1, 3)))}
        return "get_item", {"Key": key(rng), "ProjectionExpression": ", ".join(paths.values())}
    if kind == "query":
        comparison = rng.choice(
            ["SK = :s", "SK < :s", "SK >= :s", "begins_with(SK, :s)", "SK BETWEEN :s AND :s"]
        )
        values = {"p": s(rng.choice("ab")), "s": s(rng.choice("wxyz"))}
        return "query", {"KeyConditionExpression": f"PK = :p AND {comparison}", **expression(None, values),
                         "ScanIndexForward": rng.random() < 0.5, "Limit": rng.randint(1, 5)}  # fmt: skip
    if kind == "index":
        return "query", {"IndexName": "GSI1", "KeyConditionExpression": "GSI1PK = :g AND GSI1SK > :n",
                         **expression(None, {"g": s("g"), "n": n(rng.randint(0, turn + 1))}),
                         "ScanIndexForward": rng.random() < 0.5}  # fmt: skip
    if kind == "scan":
        return "scan", said(rng, FilterExpression=Said.condition)
    if kind == "batch":
        made = {
            repr(each["SK"]): each for each in (item() | {"PK": s("a")} for _ in range(rng.randint(1, 3)))
        }
        return "batch_write_item", {"requests": [
            {"PutRequest": {"Item": each}} if rng.random() < 0.7 else {"DeleteRequest": {"Key": {
                "PK": each["PK"], "SK": each["SK"]}}} for each in made.values()]}  # fmt: skip
    steps = []
    for at in rng.sample("wxyz", rng.randint(1, 3)):
        own = {"PK": s("a"), "SK": s(at)}
        kinds: list[Callable[[Item], Item]] = [
            lambda own: {"Put": {"Item": item() | own, **said(rng, **maybe)}},
            lambda own: {"Update": {"Key": own, **said(rng, UpdateExpression=Said.update, **maybe)}},
            lambda own: {"Delete": {"Key": own, **said(rng, **maybe)}},
            lambda own: {"ConditionCheck": {"Key": own, **said(rng, ConditionExpression=Said.condition)}},
        ]
        steps.append(rng.choice(kinds)(own))
    return "transact_write_items", {"TransactItems": steps}


# ------------------------------------------------------------------------------------ what is compared
@dataclass(frozen=True)
class Disagreement:
    call: Call
    ours: Any
    theirs: Any
    before: Mapping[str, Item] = field(default_factory=dict)
    """A table's items before the call, by PK and SK in one."""


def on_table(backend: Backend, table: str, call: Call) -> Any:
    """A call's answer by what AWS promises of it."""
    operation, given = call
    if "TransactItems" in given:
        given = {"TransactItems": [{kind: {**one, "TableName": table} for kind, one in step.items()}
                                   for step in given["TransactItems"]]}  # fmt: skip
    elif "requests" in given:
        given = {"RequestItems": {table: given["requests"]}}
    else:
        given = {**given, "TableName": table}
    answer = backend.call("dynamodb", operation, given)
    if "Error" in answer:
        return answer["Error"], [each.get("Code") for each in answer.get("CancellationReasons", [])]
    found = plain({name: answer[name] for name in ("Attributes", "Item", "Items", "Count") if name in answer})
    if operation == "scan":
        found["Items"].sort(key=repr)
    return found


def rows(backend: Backend, table: str) -> dict[str, Item]:
    """All items, by their keys."""
    found = backend.call("dynamodb", "scan", {"TableName": table})["Items"]
    return {item["PK"]["S"] + item["SK"]["S"]: plain(item) for item in found}


def tables_apart(ours: Backend, theirs: Backend, seed: int, calls: int) -> Iterator[Disagreement]:
    """Where two backends answer otherwise, or are left otherwise. After each, the second is made as the first."""
    rng = random.Random(seed)
    one, other = ours.table("main"), theirs.table("main")
    before: dict[str, Item] = {}
    for turn in range(calls):
        call = items_call(rng, turn)
        mine, other_answer = on_table(ours, one, call), on_table(theirs, other, call)
        if mine != other_answer:
            yield Disagreement(call, mine, other_answer, before)
        if "query" in call[0] or call[0] in ("scan", "get_item"):
            continue
        was, left, right = before, rows(ours, one), rows(theirs, other)
        before = left
        if left == right:
            continue
        if mine == other_answer:
            yield Disagreement(call, left, right, was)
        for name in left.keys() | right.keys():
            if left.get(name) == right.get(name):
                continue
            if name in left:
                theirs.call("dynamodb", "put_item", {"TableName": other, "Item": left[name]})
            else:
                theirs.call(
                    "dynamodb",
                    "delete_item",
                    {"TableName": other, "Key": {"PK": s(name[0]), "SK": s(name[1:])}},
                )


def queues_apart(ours: Backend, theirs: Backend, seed: int, calls: int) -> Iterator[Disagreement]:
    """The same for a queue with dead letters: what is received, refused and counted."""
    rng = random.Random(seed)
    for _ in range(calls // ROUND):
        yield from _round_apart(ours, theirs, rng)


ROUND = 25
"""Calls on one queue, with no more messages than one receive takes: which it would take of more, nobody promises."""


def _round_apart(ours: Backend, theirs: Backend, rng: random.Random) -> Iterator[Disagreement]:
    backends = (ours, theirs)
    dead = [backend.queue() for backend in backends]
    urls = [
        backend.queue(dead_letter=target, max_receives=3, VisibilityTimeout=5)
        for backend, target in zip(backends, dead, strict=True)
    ]
    handles: list[dict[str, str]] = [{}, {}]
    sent = 0
    for _ in range(ROUND):
        kind = rng.choice(["send", "send", "receive", "receive", "delete", "hide", "wait", "count", "dead"])
        if kind == "send" and sent == 9:
            kind = "count"
        body, pick, seconds = f"m{sent}", rng.random(), rng.choice([0, 2, 5])
        sent += kind == "send"
        answers: list[Any] = []
        for backend, url, target, held in zip(backends, urls, dead, handles, strict=True):
            chosen = held[sorted(held)[int(pick * len(held))]] if held else "none"
            answers.append(_on_queue(backend, url, target, held, kind, body, chosen, seconds))
        if answers[0] != answers[1]:
            yield Disagreement((kind, {"seconds": seconds}), answers[0], answers[1])
            if not (isinstance(answers[0], str) and isinstance(answers[1], str)):
                return  # not both refused: their messages are no longer the same


def _on_queue(
    backend: Backend,
    url: str,
    dead: str,
    held: dict[str, str],
    kind: str,
    body: str,
    handle: str,
    seconds: int,
) -> Any:
    def call(operation: str, **given: Any) -> dict[str, Any]:
        return backend.call("sqs", operation, {"QueueUrl": url, **given})

    if kind == "wait":
        backend.wait(seconds)
        return None
    if kind == "send":
        answer = call("send_message", MessageBody=body, DelaySeconds=seconds)
        return answer.get("Error"), answer.get("MD5OfMessageBody")
    if kind in ("receive", "dead"):
        answer = call("receive_message", MaxNumberOfMessages=10, AttributeNames=["ApproximateReceiveCount"],
                      **({"QueueUrl": dead, "VisibilityTimeout": 0} if kind == "dead" else {}))  # fmt: skip
        got = answer.get("Messages", [])
        if kind == "receive":
            held |= {each["Body"]: each["ReceiptHandle"] for each in got}
        counted = kind == "receive"
        return answer.get("Error"), sorted(
            (each["Body"], each["Attributes"]["ApproximateReceiveCount"] if counted else "") for each in got
        )
    if kind == "count":
        names = [f"ApproximateNumberOfMessages{each}" for each in ("", "NotVisible", "Delayed")]
        return call("get_queue_attributes", AttributeNames=names).get("Attributes")
    if kind == "delete":
        return call("delete_message", ReceiptHandle=handle).get("Error")
    return call("change_message_visibility", ReceiptHandle=handle, VisibilityTimeout=seconds).get("Error")

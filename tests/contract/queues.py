"""SQS: sending, receiving, deleting, visibility, dead letters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.probe import (
    ABSENT,
    DEAD,
    DEAD_ARN,
    QUEUE,
    SQS_API,
    SQS_GUIDE,
    Expected,
    Handle,
    Probe,
    Step,
)  # fmt: skip

QUOTAS = SQS_GUIDE + "quotas-messages.html"
METADATA = SQS_GUIDE + "sqs-message-metadata.html"
DEAD_LETTERS = SQS_GUIDE + "sqs-dead-letter-queues.html"
SQS = "AWS.SimpleQueueService."
VALUE, CONTENTS = "InvalidParameterValue", "InvalidMessageContents"
KIB = 1024
MOST = 1024 * KIB


def send(body: str = "a", expected: Expected = None, **more: Any) -> Step:
    return Step("send_message", {"MessageBody": body, **more}, expected)


def batch(*entries: Mapping[str, Any], expected: Expected = None) -> Step:
    return Step("send_message_batch", {"Entries": list(entries)}, expected)


def entry(id_: str, body: str = "a", **more: Any) -> dict[str, Any]:
    return {"Id": id_, "MessageBody": body, **more}


def receive(*bodies: str, expected: Expected = None, **more: Any) -> Step:
    """What is received, in any order."""
    return Step("receive_message", {"MaxNumberOfMessages": 10, **more}, expected or got(*bodies))


def got(*bodies: str) -> Callable[[dict[str, Any]], bool]:
    return lambda answer: sorted(each["Body"] for each in answer.get("Messages", [])) == sorted(bodies)


def first(told: Callable[[dict[str, Any]], bool]) -> Callable[[dict[str, Any]], bool]:
    return lambda answer: len(answer.get("Messages", [])) == 1 and told(answer["Messages"][0])


def delete(number: int, expected: Expected = None, **more: Any) -> Step:
    return Step("delete_message", {"ReceiptHandle": Handle(number), **more}, expected)


def hide(number: int, seconds: int, expected: Expected = None) -> Step:
    given = {"ReceiptHandle": Handle(number), "VisibilityTimeout": seconds}
    return Step("change_message_visibility", given, expected)


def wait(seconds: float) -> Step:
    return Step("wait", {"seconds": seconds})


def counts(visible: int = 0, in_flight: int = 0, delayed: int = 0) -> Step:
    names = ("", "NotVisible", "Delayed")
    expected = {f"ApproximateNumberOfMessages{name}": str(count)
                for name, count in zip(names, (visible, in_flight, delayed), strict=True)}  # fmt: skip
    return Step("get_queue_attributes", {"AttributeNames": [*expected]}, {"Attributes": expected})


def failed(**codes: str) -> Callable[[dict[str, Any]], bool]:
    """A batch's entries that failed, by id; the others were taken."""
    return lambda answer: {each["Id"]: each["Code"] for each in answer.get("Failed", [])} == codes


def attributes(**given: tuple[str, str | bytes]) -> dict[str, Any]:
    """`reason=("String", "text")`."""
    return {
        "MessageAttributes": {
            name: {"DataType": kind, _where(value): value} for name, (kind, value) in given.items()
        }
    }


def _where(value: str | bytes) -> str:
    return "StringValue" if isinstance(value, str) else "BinaryValue"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def attributes_md5(**given: tuple[str, str | bytes]) -> str:
    """Name, type, kind of value (1: string, 2: binary) and value of each, by name; texts behind their length."""
    parts = b""
    for name, (kind, value) in sorted(given.items()):
        raw = value.encode() if isinstance(value, str) else value
        for text in (name.encode(), kind.encode()):
            parts += len(text).to_bytes(4, "big") + text
        parts += (b"\x01" if isinstance(value, str) else b"\x02") + len(raw).to_bytes(4, "big") + raw
    return hashlib.md5(parts).hexdigest()


THREE: dict[str, Any] = {"n": ("Number", "1"), "s": ("String", "text"), "b": ("Binary", b"\x00\xff")}
ALL: dict[str, Any] = {"MessageAttributeNames": ["All"], "MessageSystemAttributeNames": ["All"]}
DLQ = {"VisibilityTimeout": 0, "max_receives": 2}


def sending(name: str, step: Step, source: str = "", **queue: Any) -> Probe:
    return Probe(f"send: {name}", (step,), source, queue=queue)


def typed(name: str, kind: str, value: str | bytes, expected: Expected) -> Probe:
    return sending(
        f"an attribute of type {name}", send("a", expected, **attributes(x=(kind, value))), METADATA
    )


SENDS = [
    sending("answers a digest", send("hé", {"MD5OfMessageBody": md5("hé")}), SQS_API + "API_SendMessage.html"),
    sending("nothing", send("", "MissingParameter")),
    sending("1 MiB", send("x" * MOST), QUOTAS),
    sending("1 MiB and a byte", send("x" * (MOST + 1), VALUE), QUOTAS),
    sending("1 MiB with its attributes", send("x" * (MOST - 8), **attributes(a=("String", "x"))), QUOTAS),
    sending("over 1 MiB with its attributes", send("x" * (MOST - 7), VALUE, **attributes(a=("String", "x"))), QUOTAS),
    sending("more than the queue takes", send("x" * 1025, VALUE), QUOTAS, MaximumMessageSize=1024),
    sending("two-byte letters beyond the queue", send("ж" * 513, VALUE), QUOTAS, MaximumMessageSize=1024),
    *(sending(f"the character {ord(char):#x}", send(f"a{char}b", expected), SQS_API + "API_SendMessage.html")
      for char, expected in [("\t", None), ("\n", None), ("\r", None), ("\U0001f30d", None), ("\ufffd", None),
                             ("\x00", CONTENTS), ("\x0b", CONTENTS), ("\x1f", CONTENTS), ("\ufffe", CONTENTS)]),
    sending("a delay of 15 minutes", send(DelaySeconds=900)),
    sending("a delay of over 15 minutes", send("a", VALUE, DelaySeconds=901), SQS_API + "API_SendMessage.html"),
    sending("a delay of less than nothing", send("a", VALUE, DelaySeconds=-1)),
    typed("String", "String", "text", None),
    typed("String.custom", "String.custom", "text", None),
    typed("Number", "Number", "-12.5e3", None),
    typed("Number.int", "Number.int", "12", None),
    typed("Binary", "Binary", b"\x00\xff", None),
    typed("Binary.gif", "Binary.gif", b"\x00\xff", None),
    typed("Foo", "Foo", "text", VALUE),
    typed("string in small letters", "string", "text", VALUE),
    typed("Number that is none", "Number", "abc", VALUE),
    typed("String without a value", "String", "", VALUE),
    typed("no name", "", "text", VALUE),
    sending("ten attributes", send(**attributes(**{f"a{at}": ("String", "x") for at in range(10)})), METADATA),
    sending("eleven attributes", send("a", VALUE, **attributes(**{f"a{at}": ("String", "x") for at in range(11)})), METADATA),
    *(sending(f"an attribute called {name}", send("a", expected, **attributes(**{name: ("String", "x")})), METADATA)
      for name, expected in [("a-b_c.d", None), ("a..b", VALUE), (".a", VALUE), ("a.", VALUE), ("aws.x", VALUE),
                             ("Amazon.x", VALUE), ("a b", VALUE), ("x" * 256, None), ("x" * 257, VALUE)]),
    sending("an attribute with a control character", send("a", CONTENTS, **attributes(a=("String", "\x01"))), METADATA),
    Probe("send: a queue that is not there", (
        send("a", SQS + "NonExistentQueue", QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/other"),)),
    Probe("send: a batch of ten", (batch(*(entry(str(at)) for at in range(10)), expected=failed()), counts(10))),
    Probe("send: a batch of eleven", (
        batch(*(entry(str(at)) for at in range(11)), expected=SQS + "TooManyEntriesInBatchRequest"), counts(0)),
        SQS_API + "API_SendMessageBatch.html"),
    Probe("send: a batch of none", (batch(expected=SQS + "EmptyBatchRequest"),)),
    Probe("send: one id twice", (batch(entry("a"), entry("a"), expected=SQS + "BatchEntryIdsNotDistinct"), counts(0))),
    Probe("send: an id with a space", (batch(entry("a b"), expected=SQS + "InvalidBatchEntryId"),)),
    Probe("send: an id of 81 letters", (batch(entry("a" * 81), expected=SQS + "InvalidBatchEntryId"),)),
    Probe("send: an id of 80 letters", (batch(entry("a" * 80), expected=failed()),)),
    Probe("send: a batch of 1 MiB", (
        batch(entry("a", "x" * (MOST // 2)), entry("b", "x" * (MOST // 2)), expected=failed()),), QUOTAS),
    Probe("send: a batch of over 1 MiB", (
        batch(entry("a", "x" * (MOST // 2)), entry("b", "x" * (MOST // 2 + 1)), expected=SQS + "BatchRequestTooLong"),
        counts(0)), QUOTAS),
    Probe("send: one of a batch is refused", (
        batch(entry("a"), entry("b", "\x00"), entry("c", DelaySeconds=901), entry("d", **attributes(x=("Foo", "x"))),
              expected=failed(b=CONTENTS, c=VALUE, d=VALUE)), receive("a")), SQS_API + "API_SendMessageBatch.html"),
    Probe("send: a digest for each of a batch", (
        batch(entry("1", "x"), entry("2", "y"), expected=lambda answer: {
            each["Id"]: each["MD5OfMessageBody"] for each in answer["Successful"]} == {"1": md5("x"), "2": md5("y")}),)),
    Probe("send: a digest of the attributes", (
        send("a", {"MD5OfMessageAttributes": attributes_md5(**THREE)},
             **attributes(**THREE)),), METADATA),
]  # fmt: skip
RECEIVES = [
    Probe("receive: nothing", (receive(expected={"Messages": ABSENT}),)),
    Probe("receive: one is the default", (send("a"), send("b"), Step("receive_message", {}, first(lambda each: True)))),
    Probe("receive: what was sent", (send("hé"), receive(expected=first(
        lambda each: each["Body"] == "hé" and each["MD5OfBody"] == md5("hé") and "Attributes" not in each
        and "MessageAttributes" not in each)))),
    Probe("receive: eleven", (receive(expected=VALUE, MaxNumberOfMessages=11),), SQS_API + "API_ReceiveMessage.html"),
    Probe("receive: none", (receive(expected=VALUE, MaxNumberOfMessages=0),), SQS_API + "API_ReceiveMessage.html"),
    Probe("receive: a visibility of over 12 hours", (receive(expected=VALUE, VisibilityTimeout=43_201),)),
    Probe("receive: a wait of over 20 seconds", (receive(expected=VALUE, WaitTimeSeconds=21),)),
    Probe("receive: a queue that is not there", (
        receive(expected=SQS + "NonExistentQueue", QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/other"),)),
    Probe("receive: attributes asked for", (
        send("a", **attributes(n=("Number", "1"), b=("Binary", b"\x00\xff"))),
        receive(expected=first(lambda each: each["MessageAttributes"] == {
            "n": {"DataType": "Number", "StringValue": "1"}, "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
            and each["Attributes"]["ApproximateReceiveCount"] == "1"
            and {"SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"} <= each["Attributes"].keys()), **ALL))),
    Probe("receive: one attribute of two", (
        send("a", **attributes(n=("Number", "1"), s=("String", "x"))),
        receive(expected=first(lambda each: [*each["MessageAttributes"]] == ["n"]), MessageAttributeNames=["n"]))),
    Probe("receive: attributes by their prefix", (
        send("a", MessageAttributes={name: {"DataType": "String", "StringValue": "x"} for name in ("k.a", "k.b", "l.a")}),
        receive(expected=first(lambda each: sorted(each["MessageAttributes"]) == ["k.a", "k.b"]), MessageAttributeNames=["k.*"])),
        SQS_API + "API_ReceiveMessage.html"),
    Probe("receive: a digest of the attributes received", (
        send("a", **attributes(**THREE)),
        receive(expected=first(lambda each: each["MD5OfMessageAttributes"] == attributes_md5(**THREE)), **ALL)),
        METADATA),
    Probe("receive: hidden once received", (send(), receive("a"), receive(), counts(in_flight=1))),
    Probe("receive: again after its visibility", (
        send(), receive("a", VisibilityTimeout=1), receive(), wait(1), receive("a"))),
    Probe("receive: at once with a visibility of 0", (send(), receive("a", VisibilityTimeout=0), receive("a"))),
    Probe("receive: not twice in one answer", (send(), receive("a", VisibilityTimeout=0))),
    Probe("receive: counts its receives", (
        send(), receive("a", VisibilityTimeout=0), receive("a", VisibilityTimeout=0),
        receive(expected=first(lambda each: each["Attributes"]["ApproximateReceiveCount"] == "3"), **ALL))),
    Probe("receive: the queue's visibility", (send(), receive("a"), wait(1), receive("a")), queue={"VisibilityTimeout": 1}),
    Probe("delay: of a message", (send(DelaySeconds=1), receive(), counts(delayed=1), wait(1), receive("a"))),
    Probe("delay: of the queue", (send(), receive(), wait(1), receive("a")), queue={"DelaySeconds": 1}),
    Probe("delay: none of a message on a queue with one", (send(DelaySeconds=0), receive("a")), queue={"DelaySeconds": 60}),
]  # fmt: skip
DELETES = [
    Probe("delete: what was received", (send(), receive("a", VisibilityTimeout=1), delete(0), wait(1), receive(), counts(0))),
    Probe("delete: twice is as once", (send(), receive("a"), delete(0), delete(0))),
    Probe("delete: after its visibility, before another receive", (
        send(), receive("a", VisibilityTimeout=1), wait(1), delete(0), receive())),
    Probe("delete: an old handle leaves the message", (
        send(), receive("a", VisibilityTimeout=0), receive("a", VisibilityTimeout=0), delete(0), receive("a")),
        SQS_API + "API_DeleteMessage.html"),
    Probe("delete: the newest handle", (
        send(), receive("a", VisibilityTimeout=0), receive("a", VisibilityTimeout=0), delete(1), receive())),
    Probe("delete: a handle that is none", (
        Step("delete_message", {"ReceiptHandle": "nonsense"}, "ReceiptHandleIsInvalid"),)),
    Probe("delete: a batch", (
        send("a"), send("b"), receive("a", "b"),
        Step("delete_message_batch", {"Entries": [{"Id": str(at), "ReceiptHandle": Handle(at)} for at in range(2)]}, failed()),
        counts(0))),
    Probe("delete: a batch with a handle that is none", (
        send("a"), receive("a"),
        Step("delete_message_batch", {"Entries": [{"Id": "x", "ReceiptHandle": Handle(0)},
                                                  {"Id": "y", "ReceiptHandle": "nonsense"}]},
             failed(y="ReceiptHandleIsInvalid")), counts(0)), SQS_API + "API_DeleteMessageBatch.html"),
    Probe("delete: a batch of none", (Step("delete_message_batch", {"Entries": []}, SQS + "EmptyBatchRequest"),)),
    Probe("delete: a batch of eleven", (
        Step("delete_message_batch", {"Entries": [{"Id": str(at), "ReceiptHandle": "x"} for at in range(11)]},
             SQS + "TooManyEntriesInBatchRequest"),)),
    Probe("visibility: shorter", (send(), receive("a"), hide(0, 0), receive("a"))),
    Probe("visibility: longer", (send(), receive("a", VisibilityTimeout=1), hide(0, 60), wait(1), receive())),
    Probe("visibility: counted from the change", (send(), receive("a"), hide(0, 1), receive(), wait(1), receive("a"))),
    Probe("visibility: over 12 hours", (send(), receive("a"), hide(0, 43_201, VALUE))),
    Probe("visibility: of what is visible", (
        send(), receive("a", VisibilityTimeout=0), hide(0, 60, "MessageNotInflight")),
        SQS_API + "API_ChangeMessageVisibility.html"),
    Probe("visibility: of what is deleted", (send(), receive("a"), delete(0), hide(0, 60, "MessageNotInflight")),
          SQS_API + "API_ChangeMessageVisibility.html"),
    Probe("visibility: a handle that is none", (
        Step("change_message_visibility", {"ReceiptHandle": "nonsense", "VisibilityTimeout": 1}, "ReceiptHandleIsInvalid"),)),
    Probe("visibility: a batch", (
        send("a"), send("b"), receive("a", "b"),
        Step("change_message_visibility_batch", {"Entries": [
            {"Id": str(at), "ReceiptHandle": Handle(at), "VisibilityTimeout": 0} for at in range(2)]}, failed()),
        receive("a", "b"))),
    Probe("visibility: a batch with one that is wrong", (
        send("a"), receive("a"),
        Step("change_message_visibility_batch", {"Entries": [
            {"Id": "x", "ReceiptHandle": Handle(0), "VisibilityTimeout": 0},
            {"Id": "y", "ReceiptHandle": "nonsense", "VisibilityTimeout": 0}]}, failed(y="ReceiptHandleIsInvalid")),
        receive("a"))),
    Probe("purge", (send("a"), send("b"), receive(expected=got("a", "b")), Step("purge_queue", {}), wait(0), counts(0))),
    Probe("retention", (send(), wait(61), receive()), SQS_API + "API_SetQueueAttributes.html",
          queue={"MessageRetentionPeriod": 60}),
    Probe("attributes: of a queue", (
        Step("get_queue_attributes", {"AttributeNames": ["VisibilityTimeout", "DelaySeconds"]},
             {"Attributes": {"VisibilityTimeout": "7", "DelaySeconds": "3"}}),), queue={"VisibilityTimeout": 7, "DelaySeconds": 3}),
    Probe("attributes: an unknown one", (
        Step("get_queue_attributes", {"AttributeNames": ["Dog"]}, "InvalidAttributeName"),),
        SQS_API + "API_GetQueueAttributes.html"),
]  # fmt: skip
DEAD_LETTER = [
    Probe("dead letter: after its receives", (
        send(), receive("a"), receive("a"), receive(), receive("a", QueueUrl=DEAD)), DEAD_LETTERS, queue=DLQ),
    Probe("dead letter: not before", (send(), receive("a"), receive("a"), receive(QueueUrl=DEAD)), DEAD_LETTERS, queue=DLQ),
    Probe("dead letter: with its attributes, its source, its id", (
        send("a", **attributes(x=("String", "text"))), receive("a"), receive("a"), receive(),
        receive(expected=first(lambda each: each["MessageAttributes"]["x"]["StringValue"] == "text"
                               and each["Attributes"]["DeadLetterQueueSourceArn"].rpartition(":")[2].startswith("q")),
                QueueUrl=DEAD, **ALL)), DEAD_LETTERS, queue=DLQ),
    Probe("dead letter: keeps the time it was sent", (
        send(), wait(1), receive("a"), receive("a"), wait(1), receive(),
        receive(expected=first(lambda each: int(each["Attributes"]["SentTimestamp"])
                               < int(each["Attributes"]["ApproximateFirstReceiveTimestamp"])), QueueUrl=DEAD, **ALL)),
        DEAD_LETTERS, queue=DLQ),
    Probe("dead letter: others go on", (
        send("a"), receive("a"), receive("a"), send("b"), receive("b"), receive("a", QueueUrl=DEAD)), DEAD_LETTERS, queue=DLQ),
    Probe("dead letter: a deleted one does not go there", (
        send(), receive("a"), receive("a"), delete(1), receive(), receive(QueueUrl=DEAD)), queue=DLQ),
    Probe("dead letter: who sends there", (
        Step("list_dead_letter_source_queues", {"QueueUrl": DEAD}, {"queueUrls": [QUEUE]}),),
        SQS_API + "API_ListDeadLetterSourceQueues.html", queue=DLQ),
    Probe("dead letter: back to where it came from", (
        send(), receive("a"), receive("a"), receive(),
        Step("start_message_move_task", {"SourceArn": DEAD_ARN}), wait(1), receive("a")),
        SQS_API + "API_StartMessageMoveTask.html", queue=DLQ),
    Probe("dead letter: back as a new message", (
        send("a", **attributes(x=("String", "text"))), receive("a"), receive("a"), receive(),
        Step("start_message_move_task", {"SourceArn": DEAD_ARN}), wait(1),
        receive(expected=first(lambda each: each["Attributes"]["ApproximateReceiveCount"] == "1"
                               and each["MessageAttributes"]["x"]["StringValue"] == "text"), **ALL)),
        DEAD_LETTERS, queue=DLQ),
    Probe("dead letter: how far it is", (
        send(), receive("a"), receive("a"), receive(), Step("start_message_move_task", {"SourceArn": DEAD_ARN}), wait(1),
        Step("list_message_move_tasks", {"SourceArn": DEAD_ARN}, lambda answer: [
            (each["Status"], each["ApproximateNumberOfMessagesMoved"]) for each in answer["Results"]] == [("COMPLETED", 1)])),
        SQS_API + "API_ListMessageMoveTasks.html", queue=DLQ),
]  # fmt: skip
SOURCE = SQS_API + "API_Operations.html"
"""Where AWS says what no probe has a page of its own for."""
PROBES = [*SENDS, *RECEIVES, *DELETES, *DEAD_LETTER]

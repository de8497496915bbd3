"""Dead letters: all of a stack's, each with who gave it up and why, and back to the queue it came from.

SQS can't show a message without receiving it. So letters are received and held (hidden from others) while
somebody looks at them, and released at the end; nothing is lost if that end never comes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from newscast import tolerant
from newscast.aws.sender import MAX_BATCH, batches
from newscast.extra import check_nesting

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

SUFFIX = "DeadLetters"
"""How the dead-letter queues of infra/template.yaml are called, behind their stage (`FetchDeadLetters`)."""
HELD_SECONDS = 300
"""Letters are hidden for so long while they are looked at or sent again."""
MAX_HELD = 1000
"""Letters of one queue that are held at once: at most 200 KB each."""
UNKNOWN = "unknown"
NO_ANSWER = "no answer came: the function crashed or timed out"
"""The reason of a letter that the redrive policy moved: nobody could say why."""


class About(Struct, frozen=True):
    """What stands beside a letter, or can be told from it."""

    stage: str
    reason: str
    first_seen: str
    """ISO 8601 in UTC."""
    correlation_id: str


class Letter(Struct, frozen=True):
    """One message that nobody will work on any more."""

    id: str
    about: About
    what: str
    """What it is about, for people: its record, title and address."""
    body: str
    queue: str
    """Logical id of its dead-letter queue."""
    handle: str


class DeadLetters:
    """The dead letters of one stack. `queues` has the URL of each of its queues by logical id."""

    def __init__(self, sqs: SQSClient, queues: Mapping[str, str]) -> None:
        self._sqs = sqs
        self._queues = {name: url for name, url in queues.items() if name.endswith(SUFFIX)}
        self._back: dict[str, str] = {}
        by_arn = {}
        for name, url in queues.items():
            told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "RedrivePolicy"])
            by_arn[told["Attributes"]["QueueArn"]] = name
            if policy := told["Attributes"].get("RedrivePolicy"):
                self._back[json.loads(policy)["deadLetterTargetArn"]] = url
        self._back = {by_arn[arn]: url for arn, url in self._back.items() if arn in by_arn}

    @property
    def stages(self) -> list[str]:
        """Whose dead letters there are, by the names of their queues."""
        return sorted(map(stage_of, self._queues))

    @contextmanager
    def held(self, stage: str | None = None) -> Iterator[list[Letter]]:
        """The letters of one stage or of all, the oldest of each first; released when the block ends.

        At most MAX_HELD of a queue, `more` says whether there are others: what `again` took is gone, and
        another look finds the next ones.
        """
        letters: list[Letter] = []
        try:
            for name, url in self._queues.items():
                if stage in (None, stage_of(name)):
                    letters += sorted(islice(self._receive(name, url), MAX_HELD), key=_first_seen)
            yield letters
        finally:
            for name, url in self._queues.items():
                self._release(url, [letter for letter in letters if letter.queue == name])

    def rounds(self, stage: str | None = None) -> Generator[list[Letter]]:
        """All letters that are there now, as `held`, a part at a time: each is sent again before the next.

        One that fails again at once may be back before the last is sent, and is left for another time.
        """
        left: int | None = None
        while left is None or left > 0:
            with self.held(stage) as letters:
                left = (len(letters) + self.more(letters) if left is None else left) - len(letters)
                yield letters
            if not letters:
                return

    def more(self, letters: Sequence[Letter]) -> int:
        """About how many letters wait beside these, which are all that is held."""
        full = [name for name, held in Counter(each.queue for each in letters).items() if held == MAX_HELD]
        told = [
            self._sqs.get_queue_attributes(
                QueueUrl=self._queues[name], AttributeNames=["ApproximateNumberOfMessages"]
            )
            for name in full
        ]
        return sum(int(each["Attributes"]["ApproximateNumberOfMessages"]) for each in told)

    def _receive(self, name: str, url: str) -> Iterator[Letter]:
        while received := self._sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=MAX_BATCH,
            VisibilityTimeout=HELD_SECONDS,
            WaitTimeSeconds=1,  # else only some of SQS's servers are asked, and an answer may miss letters
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages"):
            for message in received:
                yield _letter(name, message)

    def _release(self, url: str, letters: list[Letter]) -> None:
        for places in batches(dict.fromkeys(range(len(letters)), 0)):
            # One that `again` deleted is refused here, which is what is wanted.
            self._sqs.change_message_visibility_batch(
                QueueUrl=url,
                Entries=[
                    {"Id": str(place), "ReceiptHandle": letters[place].handle, "VisibilityTimeout": 0}
                    for place in places
                ],
            )

    def again(self, letters: Iterable[Letter]) -> tuple[int, dict[str, str]]:
        """Send held letters back to the queues that they came from; how many went, and by id why others
        did not.

        A letter is deleted once its queue has it. Killed between the two it is in both, and stored once all
        the same. One of the schedule has no queue: it is only deleted, as the next round finds its feeds.
        """
        by_queue: dict[str, list[Letter]] = {}
        for letter in letters:
            by_queue.setdefault(letter.queue, []).append(letter)
        gone, refused = 0, {}
        for name, held in by_queue.items():
            for places in batches({place: len(letter.body.encode()) for place, letter in enumerate(held)}):
                batch = {str(place): held[place] for place in places}
                if name in self._back:
                    answer = self._sqs.send_message_batch(
                        QueueUrl=self._back[name],
                        Entries=[{"Id": id_, "MessageBody": letter.body} for id_, letter in batch.items()],
                    )
                    for failure in answer.get("Failed", []):
                        letter = batch.pop(failure["Id"])
                        refused[letter.id] = f"{failure['Code']}: {failure.get('Message', '')}"
                if batch:
                    self._sqs.delete_message_batch(
                        QueueUrl=self._queues[name],
                        Entries=[
                            {"Id": id_, "ReceiptHandle": letter.handle} for id_, letter in batch.items()
                        ],
                    )
                gone += len(batch)
        return gone, refused

    def has_queue(self, letter: Letter) -> bool:
        """Whether it came from a queue, and not from the schedule."""
        return letter.queue in self._back


def stage_of(queue: str) -> str:
    """`FetchDeadLetters` → `fetch`."""
    return queue.removesuffix(SUFFIX).lower()


def _first_seen(letter: Letter) -> str:
    return letter.about.first_seen


def _letter(queue: str, message: MessageTypeDef) -> Letter:
    given = message.get("MessageAttributes", {})
    told = {name: value.get("StringValue", "") for name, value in given.items()}
    sent = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    body = message["Body"]
    return Letter(
        id=message["MessageId"],
        about=about(stage_of(queue), body, told, sent),
        what=what(body),
        body=body,
        queue=queue,
        handle=message["ReceiptHandle"],
    )


# ------------------------------------------------------------------------------ what a letter says
def about(stage: str, body: str, attributes: Mapping[str, str], sent: datetime) -> About:
    """What is known of a letter: from the consumer that buried it (its attributes), else from whoever could
    not deliver it. `stage` is what its queue says."""
    inside = inside_of(body)
    answer = inside.get("responsePayload")
    first_seen = inside.get("first_seen") or inside.get("timestamp") or sent.isoformat()
    if "reason" in attributes:
        reason = attributes["reason"]
    elif "ERROR_CODE" in attributes:  # EventBridge Scheduler's
        reason = f"{attributes['ERROR_CODE']}: {attributes.get('ERROR_MESSAGE', '')}"
    elif isinstance(answer, dict):  # Lambda's record of an asynchronous call
        reason = f"{answer.get('errorType', 'Error')}: {answer.get('errorMessage', '')}"
    else:
        reason = NO_ANSWER
    return About(
        stage=attributes.get("stage", stage),
        reason=reason,
        first_seen=attributes.get("first_seen", str(first_seen)),
        correlation_id=attributes.get("correlation_id", str(inside.get("correlation_id", UNKNOWN))),
    )


def what(body: str) -> str:
    """What a message is about, in one line: its record, title and address, or how it begins."""
    inside = inside_of(body)
    if "requestPayload" in inside:
        return f"a call with {json.dumps(inside['requestPayload'])[:80]}"
    if isinstance(inside.get("stored_at"), str):
        return _line(f"a body at {inside['stored_at']}")
    record = inside.get("body")
    if not isinstance(record, dict):
        return _line(body) or "an empty message"
    inner = record.get("article")
    article: dict[str, Any] = inner if isinstance(inner, dict) else record
    title = article.get("title")
    title = title.get("value") if isinstance(title, dict) else title
    address = article.get("url") or article.get("link") or article.get("guid") or article.get("feed_id")
    return " ".join(_line(str(part)) for part in (record.get("record"), title, address) if part)


def _line(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))
    return shown if len(shown) <= 80 else f"{shown[:79]}…"


def inside_of(body: str) -> dict[str, Any]:
    """A message's JSON object; empty for what is none, and for one that is nested too deep to show."""
    try:
        decoded = tolerant.plain(body)
        check_nesting(decoded)
    except msgspec.DecodeError:
        return {}
    return decoded if isinstance(decoded, dict) else {}

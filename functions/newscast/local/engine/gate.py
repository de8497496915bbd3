"""The one way out of this process to AWS: every call of every client ends here, and never at AWS.

Items and messages are answered by the engine, everything else by moto. What a call changed is journalled
before it is answered. One call at a time: a stage may use threads, moto may not.
"""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import msgspec
from moto.core.models import botocore_stubber
from moto.s3.models import s3_backends

from newscast.local.engine.dynamodb import DynamoDB
from newscast.local.engine.queue import Message
from newscast.local.engine.refusal import Answer, Refusal, answer, refuse
from newscast.local.engine.sqs import Sqs
from newscast.local.journal import Journal, Step


class Request(Protocol):
    """botocore's prepared request."""

    method: str
    url: str
    headers: Mapping[str, Any]
    body: Any


class NoAwsHereError(RuntimeError):
    """A call that nobody in this process can answer. It was not sent anywhere."""


class Gate:
    """Installed between botocore and moto while a stack is open."""

    def __init__(
        self,
        dynamodb: DynamoDB,
        sqs: Sqs,
        logical: Mapping[str, str],
        account: str,
        journal: Journal | None,
    ) -> None:
        self.dynamodb = dynamodb
        self.sqs = sqs
        self.units: defaultdict[str, float] = defaultdict(float)
        """S3 calls so far, as AWS bills them."""
        self.seconds = 0.0
        """Time spent answering so far."""
        self._logical = logical
        self._account = account
        self._journal = journal
        self._lock = threading.RLock()
        self._depth = 0
        """How deep the main thread is in a call."""
        self._interruption: BaseException | None = None
        self._broken: BaseException | None = None

    # ------------------------------------------------------------------------------ coming and going
    def install(self) -> None:
        """From now on every call comes here."""
        stubber: Any = botocore_stubber
        self._moto: Callable[[Request], Answer | None] = stubber.process_request
        stubber.process_request = self._answer

    def remove(self) -> None:
        del vars(botocore_stubber)["process_request"]

    def interrupt(self, error: BaseException) -> None:
        """Raise an error in the main thread (a timeout's signal): at once, or when a call is done.

        A call that has begun is finished first, so that what it changed and what is journalled agree.
        """
        if self._depth:
            self._interruption = error
        else:
            raise error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        main = threading.current_thread() is threading.main_thread()
        self._depth += main
        try:
            with self._lock:
                yield
        finally:
            self._depth -= main
            if main and not self._depth and self._interruption is not None:
                error, self._interruption = self._interruption, None
                raise error

    # -------------------------------------------------------------------------------------- one call
    def _answer(self, request: Request) -> Answer:
        with self._turn():
            if self._broken:
                raise self._broken
            began = time.perf_counter()
            try:
                return self._dispatch(request)
            finally:
                self.seconds += time.perf_counter() - began

    def _dispatch(self, request: Request) -> Answer:
        service, _, operation = _text(request.headers.get("X-Amz-Target", "")).partition(".")
        played = _SERVICES.get(service)
        if played == "dynamodb" and self.dynamodb.plays(operation):
            return self._play("dynamodb", self.dynamodb.call, operation, request)
        if played == "sqs" and self.sqs.plays(operation):
            return self._play("sqs", self.sqs.call, operation, request)
        return self._pass_on(request)

    def _play(
        self,
        service: str,
        method: Callable[[str, dict[str, Any]], dict[str, Any]],
        operation: str,
        request: Request,
    ) -> Answer:
        body = msgspec.json.decode(request.body)
        try:
            result = method(operation, body)
        except Refusal as refusal:
            return refuse(refusal)
        self._record(self._step(service))
        return answer(result)

    def _step(self, service: str) -> Step:
        if self._journal is None:
            return Step()
        if service == "dynamodb":
            return Step(
                items=[
                    (
                        self._logical[change.table.name],
                        repr(change.key),
                        None if change.new is None else msgspec.json.encode(change.new),
                    )
                    for change in self.dynamodb.changes
                    if change.new is not change.old
                ]
            )
        return Step(
            messages=[
                (message.id, self._logical[queue.name], message.body, describe(message))
                for queue, message in self.sqs.changed
            ],
            removed=self.sqs.removed,
        )

    def _record(self, step: Step) -> None:
        if self._journal is None or not step:
            return
        try:
            self._journal.write(step)
        except BaseException as error:
            self._broken = error  # memory is ahead of the journal: nothing more may be answered
            raise

    # -------------------------------------------------------------------------------- moto's services
    def _pass_on(self, request: Request) -> Answer:
        result = self._moto(request)
        if result is None:
            raise NoAwsHereError(f"the local AWS has no answer for {request.method} {request.url}")
        status, headers, body = result
        if _HOST.search(urlsplit(request.url).netloc):
            self._after_s3(request, status)
        return status, headers, body

    def _after_s3(self, request: Request, status: int) -> None:
        if request.method != "DELETE":  # which is free; a list costs what a write does
            listed = not _bucket_and_key(request.url)[1]
            self.units["reads" if request.method in ("GET", "HEAD") and not listed else "writes"] += 1
        if self._journal is None or request.method in ("GET", "HEAD") or status >= 300:
            return
        bucket, key = _bucket_and_key(request.url)
        if bucket not in self._logical:
            return
        if not key:
            # DeleteObjects names its keys in its body; no other call on a bucket changes objects.
            self._record(
                Step(objects=[(self._logical[bucket], each, None, b"") for each in _keys(request.body)])
            )
            return
        stored = s3_backends[self._account]["aws"].buckets[bucket].keys.get(key)
        if stored is None:
            self._record(Step(objects=[(self._logical[bucket], key, None, b"")]))
            return
        about = {
            "metadata": dict(stored.metadata),
            "stored_at": stored.last_modified.replace(tzinfo=UTC).timestamp(),
        }
        self._record(
            Step(objects=[(self._logical[bucket], key, bytes(stored.value), msgspec.json.encode(about))])
        )


_SERVICES = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs"}
_HOST = re.compile(r"(^|\.)s3[.-]")


def _keys(body: Any) -> list[str]:
    try:
        tree = ElementTree.fromstring(body)  # noqa: S314  # botocore wrote it, in this process
    except (ElementTree.ParseError, TypeError):
        return []
    return [part.text or "" for part in tree.iter() if part.tag.rpartition("}")[2] == "Key"]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bucket_and_key(url: str) -> tuple[str, str]:
    """From either style of address: bucket.s3…/key and s3…/bucket/key."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    if parts.netloc.startswith("s3"):
        bucket, _, key = path.partition("/")
        return bucket, key
    return parts.netloc.partition(".s3")[0], path


def describe(message: Message) -> bytes:
    """What the journal keeps of a message beside its body."""
    return msgspec.json.encode(
        {
            "sent_at": message.sent_at,
            "attributes": message.attributes,
            "receives": message.receives,
            "first_received_at": message.first_received_at,
            "delayed_until": message.visible_at if message.delayed else None,
            "source": message.source,
        }
    )


def restored(message_id: str, body: str, about: Mapping[str, Any]) -> Message:
    """The message that `describe` described. What was in flight is visible again."""
    return Message(
        id=message_id,
        body=body,
        sent_at=about["sent_at"],
        attributes=about["attributes"],
        receives=about["receives"],
        first_received_at=about["first_received_at"],
        visible_at=about["delayed_until"] or 0.0,
        delayed=about["delayed_until"] is not None,
        source=about["source"],
    )

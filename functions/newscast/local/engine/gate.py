"""The one way out of this process to AWS: every call of every client ends here, and never at AWS.

Items, messages and objects are answered by the engine. What else a function asks for (a secret) is moto's
to answer, which is loaded when it is first needed. Each call is one transaction, committed before it is
answered. One call at a time: a stage may use threads, a connection to SQLite may not.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import msgspec
from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

from newscast.local.database import Database
from newscast.local.engine import dynamodb, s3, sqs
from newscast.local.engine.refusal import Answer, Refusal, answer, refuse
from newscast.local.engine.s3 import ObjectRefusal, Request
from newscast.local.engine.table import Change
from newscast.local.problem import StateError

Notes = Callable[[Sequence[Change]], Iterable[str]]
"""What is to be noted of items that one call wrote (newscast.local.notes)."""


class NoAwsHereError(RuntimeError):
    """A call that nobody in this process can answer. It was not sent anywhere."""


class Gate:
    """Stands where botocore would open a connection, while a stack is open."""

    def __init__(
        self,
        database: Database,
        dynamodb: dynamodb.DynamoDB,
        sqs: sqs.Sqs,
        s3: s3.S3,
        notes: Notes | None = None,
    ) -> None:
        self.dynamodb = dynamodb
        self.sqs = sqs
        self.s3 = s3
        self.seconds = 0.0
        """Time spent answering so far."""
        self._database = database
        self._notes = notes
        self._lock = threading.RLock()
        self._depth = 0
        """How deep the main thread is in a call."""
        self._interruption: BaseException | None = None
        self._broken: BaseException | None = None

    # ------------------------------------------------------------------------------ coming and going
    def install(self) -> None:
        """From now on every call comes here."""
        gate = self
        self._send = URLLib3Session.send
        self._moto = _Moto()

        def send(_session: URLLib3Session, request: Any) -> AWSResponse:
            status, headers, body = gate.answer(request)
            found: Any = (request.url, status, headers, _Raw(body))
            return AWSResponse(*found)

        URLLib3Session.send = send  # type: ignore[method-assign,assignment]

    def remove(self) -> None:
        URLLib3Session.send = self._send  # type: ignore[method-assign]
        self._moto.close()

    def interrupt(self, error: BaseException) -> None:
        """Raise an error in the main thread (a timeout's signal): at once, or when a call is done.

        A call that has begun is finished first, so that what it changed is answered.
        """
        if self._depth:
            self._interruption = error
        else:
            raise error

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nothing else uses the database meanwhile. Raises what broke it before, if anything did."""
        main = threading.current_thread() is threading.main_thread()
        self._depth += main
        try:
            with self._lock:
                if self._broken:
                    raise self._broken
                try:
                    yield
                except StateError as broken:
                    self._broken = broken  # a handler may catch it; nothing more is answered
                    raise
        finally:
            self._depth -= main
            if main and not self._depth and self._interruption is not None:
                error, self._interruption = self._interruption, None
                raise error

    # -------------------------------------------------------------------------------------- one call
    def answer(self, request: Request) -> Answer:
        """Raises StateError, after which no call is answered any more."""
        with self.turn():
            began = time.perf_counter()
            try:
                return self._dispatch(request)
            finally:
                self.seconds += time.perf_counter() - began

    def _dispatch(self, request: Request) -> Answer:
        service, _, operation = _text(request.headers.get("X-Amz-Target", "")).partition(".")
        if service == "DynamoDB_20120810" and self.dynamodb.plays(operation):
            return self._play(self.dynamodb.call, operation, request, operation not in dynamodb.READS)
        if service == "AmazonSQS" and self.sqs.plays(operation):
            return self._play(self.sqs.call, operation, request, operation not in sqs.READS)
        if s3.S3.plays(request.url):
            return self._object(request)
        if (result := self._moto(request)) is None:
            raise NoAwsHereError(f"the local AWS has no answer for {request.method} {request.url}")
        return result

    def _play(
        self,
        method: Callable[[str, dict[str, Any]], dict[str, Any]],
        operation: str,
        request: Request,
        writes: bool,
    ) -> Answer:
        body = msgspec.json.decode(request.body)
        try:
            with self._database.transaction(writes) as db:
                result = method(operation, body)
                if self._notes and writes and method == self.dynamodb.call:
                    told = self._notes(self.dynamodb.changes)
                    db.executemany("INSERT INTO note (body) VALUES (?)", [(each,) for each in told])
        except Refusal as refusal:
            return refuse(refusal)
        return answer(result)

    def _object(self, request: Request) -> Answer:
        try:
            # Also for a read: its file stays until the read is done.
            with self._database.transaction():
                result = self.s3.call(request)
        except ObjectRefusal as refusal:
            return s3.refuse(refusal)
        except BaseException:
            for bucket in self.s3.buckets.values():
                bucket.keep()
            raise
        for bucket in self.s3.buckets.values():
            bucket.sweep()
        return result


class _Moto:
    """What moto answers, with no stack in it. Where a test has mocked AWS, its clients come here too."""

    def __init__(self) -> None:
        self._stubber: Any = None
        if "moto.core.models" in sys.modules:
            self._load()

    def _load(self) -> None:
        from moto.core.models import botocore_stubber

        self._stubber = botocore_stubber
        self._stubber.process_request = lambda _request: None

    def __call__(self, request: Request) -> Answer | None:
        if self._stubber is None:
            self._load()
        found: Answer | None = type(self._stubber).process_request(self._stubber, request)
        if found is None:
            return None
        status, headers, body = found
        return status, headers, body.encode() if isinstance(body, str) else body

    def close(self) -> None:
        if self._stubber is not None:
            del vars(self._stubber)["process_request"]


class _Raw(BytesIO):
    """A body as botocore reads it from urllib3."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        while part := self.read():
            yield part


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

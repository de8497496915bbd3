"""Around an open stack: moto instead of AWS, the kept state put back, and what signals do."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.loaders import Loader
from moto import mock_aws

from newscast.aws import clients
from newscast.local.deployed import REGION, Deployment
from newscast.local.engine.gate import Gate, restored
from newscast.local.expiry import item_expired, lifetimes, object_expired
from newscast.local.invoke import CREDENTIALS
from newscast.local.journal import Journal, JournalError, Step
from newscast.local.template import TemplateError, Translated, load

_LOADER = Loader()
"""Keeps the service models, half of what a second stack in one process would cost."""


@lru_cache(maxsize=4)
def _translated(path: Path, _changed: int) -> Translated:
    return load(path, REGION)


def translated(path: Path) -> Translated:
    """The template in a file, translated once while it stays as it is. Raises TemplateError."""
    try:
        return _translated(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise TemplateError(f"{path} can't be read: {error.strerror}") from error


def restore(deployment: Deployment, journal: Journal, now: float) -> None:
    """The journal's state into the deployed stack, but what has expired, which leaves the journal too.

    Raises JournalError where the template lost its place.
    """
    over = Step()

    def place(found: Mapping[str, Any], kind: str, name: str) -> Any:
        if name not in found:
            raise JournalError(
                f"{journal.directory} holds state of the {kind} {name}, which the template lacks"
            )
        return found[name]

    declared = deployment.resolve.translated.template["Resources"]
    rules = {
        name: lifetimes(deployment.resolve(declared[name].get("Properties", {})))
        for name in deployment.buckets
    }
    for name, item in journal.items():
        table = place(deployment.tables, "table", name)
        if item_expired(item, table.lives_until, now):
            over.items.append((name, repr(table.key_of(item)), None))
        else:
            table.apply(table.key_of(item), item)
    for name, key, content, about in journal.objects():
        bucket = place(deployment.buckets, "bucket", name)
        if object_expired(key, about["stored_at"], rules[name], now):
            over.objects.append((name, key, None, b""))
            continue
        clients.s3().put_object(Bucket=bucket, Key=key, Body=content, Metadata=about["metadata"])
    for message_id, name, body, about in journal.messages():
        place(deployment.queues, "queue", name).add(restored(message_id, body, about), now)
    journal.write(over)


@contextmanager
def no_account() -> Iterator[None]:
    """moto instead of AWS, and nothing of the user's own AWS settings to be found."""
    before = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    for name in before:
        del os.environ[name]
    try:
        with mock_aws():
            os.environ.update(CREDENTIALS)
            session = botocore.session.get_session()
            session.register_component("data_loader", _LOADER)
            boto3.setup_default_session(botocore_session=session, region_name=REGION)
            clients.forget()
            yield
    finally:
        clients.forget()
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(before)


@contextmanager
def interruptible(gate: Gate) -> Iterator[None]:
    """Ctrl-C ends what runs, but not in the middle of an AWS call."""
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    signal.signal(signal.SIGINT, lambda _signal, _frame: gate.interrupt(KeyboardInterrupt()))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def stopping(stop: threading.Event, gate: Gate) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(_signal: int, _frame: object) -> None:
        if stop.is_set():
            gate.interrupt(KeyboardInterrupt())
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

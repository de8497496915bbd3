"""The sample site through the zips of `make build`: each function in Lambda's Python with its zip and boto3.

    make build ARCH=x86_64 && make bench ARGS=zips

The records must be those of a run in this process. Needs a Python 3.13 on PATH and zips for this machine.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from infra.build.bytecode import interpreter
from infra.build.dependencies import PYTHON
from infra.build.fit import link_runtime
from moto.core.models import botocore_stubber

from newscast.articles import stored
from newscast.aws import clients
from newscast.cli import place, run, sample, screen
from newscast.feeds.table import Feeds
from newscast.local.deployed import Function
from newscast.local.invoke import CREDENTIALS, Functions, Report
from newscast.local.stack import Stack
from newscast.web.loopback import open_loopback

DIST = place.ROOT / "dist"
SANDBOX = Path(__file__).with_name("_sandbox.py")
SANDBOXED = (
    "ScheduleFunction",
    "FetchFunction",
    "NormaliseFunction",
    "PageFunction",
    "TagFunction",
    "StoreFunction",
)
SERVICES = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs", "AmazonSSM": "ssm"}


class Door(BaseHTTPRequestHandler):
    """The embedded AWS over HTTP, for a Python that it is not embedded in."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service = SERVICES.get(self.headers.get("X-Amz-Target", "").partition(".")[0], "s3")
        headers = HTTPHeaders.from_pairs(pair for pair in self.headers.items() if pair[0].lower() != "host")
        url = f"https://{service}.us-east-1.amazonaws.com{self.path}"
        request = AWSPreparedRequest(self.command, url, headers, body or None, False)
        told: Any = botocore_stubber.process_request(request)
        status, given, content = told
        content = content.encode() if isinstance(content, str) else content or b""
        self.send_response(status)
        for name, value in given.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever the method
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Sandboxes:
    """A process a function, started at its first event."""

    def __init__(self, python: str, folder: Path, endpoint: str, site: sample.Site) -> None:
        self._python = python
        self._folder = folder
        self._endpoint = endpoint
        self._site = site
        self._running: dict[str, subprocess.Popen[str]] = {}
        self.told: dict[str, list[Mapping[str, Any]]] = {}
        """What each call took, by function."""
        (folder / "runtime").mkdir()
        link_runtime(folder / "runtime")

    def call(self, function: Function, event: Any) -> Any:
        """A function's answer. Raises RuntimeError if it fails; its log is on standard error."""
        name = function.logical_id
        process = self._running.get(name) or self._start(function)
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes")
        process.stdin.write(json.dumps(event) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            log = (self._folder / f"{name}.log").read_text(encoding="utf-8")
            raise RuntimeError(f"{name} ended:\n{log[-2000:]}")
        told = json.loads(line)
        self.told.setdefault(name, []).append(told)
        return told["answer"]

    def _start(self, function: Function) -> subprocess.Popen[str]:
        name = function.logical_id
        task = self._folder / name
        with zipfile.ZipFile(DIST / f"{name}.zip") as packed:
            packed.extractall(task)
        about = {
            "task": str(task),
            "runtime": str(self._folder / "runtime"),
            "environment": CREDENTIALS | function.environment | {"AWS_ENDPOINT_URL": self._endpoint},
            "handler": function.handler,
            "name": function.name,
            "arn": function.arn,
            "memory": function.memory,
            "timeout": function.timeout,
            "host": sample.HOST,
            "port": self._site.port,
        }
        self._running[name] = subprocess.Popen(
            [self._python, "-P", "-S", "-B", str(SANDBOX), json.dumps(about)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self._folder / f"{name}.log").open("w"),
            text=True,
            env={},
        )
        return self._running[name]

    def close(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()


@contextmanager
def opened() -> Iterator[tuple[Stack, sample.Site]]:
    """A stack that watches the sample site."""
    with ExitStack() as closing:
        site = closing.enter_context(sample.serve(place.SITE))
        closing.enter_context(open_loopback(sample.HOST, site.port))
        stack = closing.enter_context(place.embedded(None, enforce_roles=False))
        stack.set("HOST_GAP_SECONDS", "0")
        table = Feeds(clients.dynamodb(), stack.table_name)
        for feed in sample.subscriptions(site, datetime.now(UTC)):
            table.add(feed)
        yield stack, site


def polled(stack: Stack) -> dict[str, Any]:
    """What one poll of all feeds stores, by feed and entry, without what differs from run to run."""
    began = datetime.now(UTC)
    rows = Feeds(clients.dynamodb(), stack.table_name).all()
    run.poll(stack, [row.feed.feed_id for row in rows], screen.Working(quiet=True))
    found: dict[str, Any] = {}
    for record in stored.since(place.of_stack(stack), began):
        plain = msgspec.to_builtins(record)
        del plain["article"]["observed_at"]
        found[f"{record.article.feed_id} {record.article.guid} {record.article.url}"] = plain
    return found


def main() -> None:
    """Prints a line a function: CPU time of its import, its first call and the others."""
    python, missing = interpreter(), [name for name in SANDBOXED if not (DIST / f"{name}.zip").exists()]
    if python is None or missing:
        print(f"no {', '.join(missing) or f'Python {PYTHON} on PATH'}: see tests/bench/zips.py")
        return
    with opened() as (stack, _):
        here = polled(stack)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder, opened() as (stack, site), ExitStack() as closing:
        closing.callback(server.shutdown)
        boxes = Sandboxes(python, Path(folder), f"http://127.0.0.1:{server.server_port}", site)
        closing.callback(boxes.close)

        def invoke(_: Functions, function: Function, event: Any) -> Report:
            return Report(
                function=function.logical_id,
                request_id="zips",
                outcome="ok",
                duration_ms=0,
                billed_ms=0,
                init_ms=None,
                memory_mib=function.memory,
                peak_mib=0,
                answer=boxes.call(function, event),
            )

        closing.enter_context(patch.object(Functions, "invoke", invoke))
        there = polled(stack)
        for letter in stack.dead_letters():
            print(f"{letter.stage} gave up a message: {letter.reason}")
    for name, told in boxes.told.items():
        first, *others = (round(each["called"] * 1000) for each in told)
        imports = round(told[0]["imported"] * 1000)
        print(f"{name:<18} Python {told[0]['python']}  import {imports} ms, calls {first} {others} ms of CPU")
    same = sum(there.get(key) == record for key, record in here.items())
    print(f"{len(there)} records, {same} of {len(here)} the same as in this process")

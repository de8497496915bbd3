"""One invocation: a handler called as Lambda would, with its environment, context and time limit."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal

from newscast.local.deployed import REGION, Function
from newscast.local.engine.gate import Gate
from newscast.local.logs import Logs, captured
from newscast.local.memory import peak_mib, reset_peak
from newscast.local.permissions import Permissions

MAX_RESPONSE_BYTES = 6 * 1024 * 1024
"""Lambda refuses a larger answer of a synchronous call."""

KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of the laptop's environment: where programs, temporary files and trusted certificates are. Lambda has
its own of each; no setting of ours is among them."""

Outcome = Literal["ok", "error", "timeout"]
Handler = Callable[[Any, Any], Any]


class TimedOut(BaseException):
    """Raised into a handler at its time limit. Not an Exception: Lambda's end can't be caught either."""


@dataclass(frozen=True)
class Report:
    """What Lambda's REPORT line says of an invocation, and how it ended."""

    function: str
    """Logical id."""
    request_id: str
    outcome: Outcome
    duration_ms: float
    billed_ms: int
    """Rounded up to the millisecond, with the cold start, as Lambda bills since August 2025."""
    init_ms: float | None
    """Time to import the handler, in a cold start."""
    memory_mib: int
    """As configured."""
    peak_mib: float
    """Most that this process held meanwhile: the embedded AWS and the other functions included."""
    problem: str | None = None
    """One line, unless `ok`."""
    answer: Any = field(default=None, repr=False)
    error: Mapping[str, Any] | None = field(default=None, repr=False)
    """Lambda's error payload: errorMessage, errorType, stackTrace."""


class Context:
    """Lambda's context object."""

    def __init__(self, function: Function, request_id: str) -> None:
        self.function_name = function.name
        self.function_version = "$LATEST"
        self.invoked_function_arn = function.arn
        self.memory_limit_in_mb = str(function.memory)
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{function.name}"
        self.log_stream_name = "local"
        self.identity = None
        self.client_context = None
        self._ends = time.monotonic() + function.timeout

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends - time.monotonic()) * 1000))


class Functions:
    """The functions of a stack, run in this process one at a time (they share its environment)."""

    def __init__(self, gate: Gate, logs: Logs, permissions: Permissions | None) -> None:
        self._gate = gate
        self._logs = logs
        self._permissions = permissions
        self._handlers: dict[str, Handler] = {}
        self._turn = threading.RLock()
        self._paths: list[str] = []
        self._modules_before = set(sys.modules)

    def invoke(self, function: Function, event: Any) -> Report:
        """Call a function's handler with an event, which goes through JSON as it does at Lambda."""
        request_id = str(uuid.uuid4())
        text = json.dumps(event)
        acting = self._permissions.acting_as(function.logical_id) if self._permissions else nullcontext()
        with self._turn, _environment(function), captured(self._logs, function.logical_id), acting:
            reset_peak()
            outcome: Outcome = "ok"
            init_ms, problem, answer, error = None, None, None, None
            began = time.perf_counter()
            try:
                if function.logical_id not in self._handlers:
                    self._handlers[function.logical_id] = self._load(function)
                    init_ms = (time.perf_counter() - began) * 1000
                with self._time_limit(function):
                    answer = _through_json(
                        self._handlers[function.logical_id](json.loads(text), Context(function, request_id))
                    )
            except TimedOut:
                outcome, problem = "timeout", f"timed out after {function.timeout} s"
                error = {"errorType": "Sandbox.Timedout", "errorMessage": problem}
            except (Exception, SystemExit) as raised:
                outcome, problem = "error", _one_line(raised)
                error = _payload(raised)
                traceback.print_exc()
            spent = (time.perf_counter() - began) * 1000
            report = Report(
                function=function.logical_id,
                request_id=request_id,
                outcome=outcome,
                duration_ms=spent - (init_ms or 0),
                billed_ms=ceil(spent),
                init_ms=init_ms,
                memory_mib=function.memory,
                peak_mib=peak_mib(),
                problem=problem,
                answer=answer,
                error=error,
            )
            self._logs.write(function.logical_id, _report_line(report) + "\n")
        return report

    def _load(self, function: Function) -> Handler:
        module, _, name = function.handler.rpartition(".")
        if function.code not in sys.path:
            sys.path.insert(0, function.code)
            self._paths.append(function.code)
        handler: Handler = getattr(importlib.import_module(module), name)
        return handler

    @contextmanager
    def _time_limit(self, function: Function) -> Iterator[None]:
        """Stop the handler at its timeout.

        In the main thread a timer's signal stops it. In another nothing can: there it runs to its end, and
        has timed out all the same if that came too late.
        """
        if threading.current_thread() is not threading.main_thread():
            began = time.monotonic()
            yield
            if time.monotonic() - began > function.timeout:
                raise TimedOut
            return

        running = True

        def ring(_signal: int, _frame: object) -> None:
            if running:
                self._gate.interrupt(TimedOut())

        before = signal.signal(signal.SIGALRM, ring)
        # It rings again each second, for a handler that caught even this.
        signal.setitimer(signal.ITIMER_REAL, function.timeout, 1.0)
        try:
            yield
        finally:
            running = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def close(self) -> None:
        """Forget what was imported from folders that were not on the path before."""
        for path in self._paths:
            sys.path.remove(path)
            for name in set(sys.modules) - self._modules_before:
                if str(getattr(sys.modules[name], "__file__", None) or "").startswith(path + os.sep):
                    del sys.modules[name]


@contextmanager
def _environment(function: Function) -> Iterator[None]:
    """Exactly the function's variables and Lambda's own while it runs; then those of before."""
    before = dict(os.environ)
    kept = {name: before[name] for name in KEPT if name in before}
    os.environ.clear()
    os.environ.update(kept | _lambda_variables(function) | dict(function.environment))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_SESSION_TOKEN": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    # Addresses with the account's id in them are no table's at moto.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
"""What botocore reads; nothing of the user's own account is ever among it."""


def _lambda_variables(function: Function) -> dict[str, str]:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""
    return {
        **CREDENTIALS,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "LAMBDA_TASK_ROOT": function.code,
        "POWERTOOLS_TRACE_DISABLED": "true",  # there is no X-Ray daemon here
        "TZ": ":UTC",
        "_HANDLER": function.handler,
    }


def _through_json(answer: Any) -> Any:
    """What a caller gets of an answer. Raises TypeError or ValueError as Lambda's marshalling fails."""
    text = json.dumps(answer)
    if len(text.encode()) > MAX_RESPONSE_BYTES:
        raise ValueError(f"the answer of {len(text)} bytes exceeds Lambda's limit of {MAX_RESPONSE_BYTES}")
    return json.loads(text)


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")


def _payload(error: BaseException) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def _report_line(report: Report) -> str:
    init = "" if report.init_ms is None else f" Init Duration: {report.init_ms:.2f} ms"
    failed = "" if report.problem is None else f" Status: {report.outcome} {report.problem}"
    return (
        f"REPORT RequestId: {report.request_id} Duration: {report.duration_ms:.2f} ms "
        f"Billed Duration: {report.billed_ms} ms Memory Size: {report.memory_mib} MB "
        f"Max Memory Used: {report.peak_mib:.0f} MB{init}{failed}"
    )

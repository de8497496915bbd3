"""Clients of AWS's services."""

from __future__ import annotations

import threading
import time
from typing import Any

import boto3
import pytest

from newscast.aws import clients


def test_threads_that_need_their_first_client_at_once_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build(service: str, **_: Any) -> object:
        time.sleep(0.02)
        built.append(service)
        return object()

    monkeypatch.setattr(boto3, "client", build)
    clients.forget()
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(clients.ssm())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clients.forget()
    assert built == ["ssm"]
    assert len(set(map(id, found))) == 1

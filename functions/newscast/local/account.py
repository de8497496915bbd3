"""An AWS account that isn't there: what botocore reads of its surroundings, and nothing of the user's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import botocore.session
from botocore.loaders import Loader

from newscast.aws import clients
from newscast.local.deployed import REGION
from newscast.local.invoke import CREDENTIALS

_LOADER = Loader()
"""Keeps the service models, half of what a second stack in one process would cost."""


@contextmanager
def account() -> Iterator[None]:
    """Until the block ends, clients are made for this account. It is not a gate: who calls must have one."""
    before = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    default = boto3.DEFAULT_SESSION
    for name in before:
        del os.environ[name]
    try:
        os.environ.update(CREDENTIALS)
        session = botocore.session.get_session()
        session.register_component("data_loader", _LOADER)
        boto3.setup_default_session(botocore_session=session, region_name=REGION)
        clients.forget()
        yield
    finally:
        boto3.DEFAULT_SESSION = default
        clients.forget()
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(before)

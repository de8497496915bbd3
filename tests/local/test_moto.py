"""The version of moto that this runtime was fitted to, and the parts of it that it leans on."""

from importlib.metadata import version

import moto.core.models
from moto.core.botocore_stubber import BotocoreStubber

FITTED = "5.2.5"
TO_CHECK = """moto was raised. Before the version here is, look at:
- core/botocore_stubber.py: process_request still answers every call (engine/gate.py replaces it)
- cloudformation/parsing.py: which types it deploys now (DEPLOYED and PLAYED in playable.py)
- sqs, dynamodb, s3 models: the attributes that deploy.py and engine/gate.py read
- whether its own items and messages have become fast and strict enough to do without the engine
and run tests/local and the bench local_flow."""


def test_the_version_is_the_one_that_was_looked_at() -> None:
    assert version("moto") == FITTED, TO_CHECK


def test_the_parts_that_are_leaned_on_are_there() -> None:
    assert isinstance(moto.core.models.botocore_stubber, BotocoreStubber)
    assert callable(BotocoreStubber.process_request)

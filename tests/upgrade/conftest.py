"""The stack and the sample site, once for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from newscast.aws import clients
from newscast.cli import place, sample
from newscast.feeds.feed import new_feed
from newscast.feeds.table import Feeds
from tests.flow.feeds import stack
from tests.upgrade.world import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with ExitStack() as opening:
        opened = opening.enter_context(stack())
        site = opening.enter_context(sample.opened(place.SITE))
        table = Feeds(clients.dynamodb(), opened.table_name)
        for feed in sample.subscriptions(site, datetime.now(UTC)):
            table.add(feed)
        for name in sample.HOSTS:  # where 0.1.0 had them
            table.add(new_feed(f"http://{sample.HOST}/{name}", datetime.now(UTC)))
        yield World(opened)

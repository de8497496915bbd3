"""Fifty fetchers and a host: never two requests at once, never closer than the gap, and none starves."""

from __future__ import annotations

import heapq
import itertools
import random
from datetime import datetime, timedelta
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from newscast.web.lease import Held, Lease, Leases
from tests.feeds.rows import Rows
from tests.feeds.world import NOON

GAP, LASTS = timedelta(seconds=5), timedelta(seconds=27)


def play(
    seed: int, fetchers: int, hosts: int, polls: int, deaths: float
) -> dict[str, list[tuple[datetime, datetime]]]:
    """Fetchers with polls of random hosts, which come again when a host is busy; some die in the middle.

    Returns when each request to a host began and ended, in simulated time.
    """
    dice = random.Random(seed)
    leases = Leases(cast(Any, Rows()), "t")
    made: dict[str, list[tuple[datetime, datetime]]] = {f"h{number}": [] for number in range(hosts)}
    # (time, order, what): a poll that is tried, or a request that ends
    queue: list[tuple[datetime, int, tuple[Any, ...]]] = []
    for number in range(polls):
        start = NOON + timedelta(seconds=dice.uniform(0, 30))
        heapq.heappush(queue, (start, number, ("try", f"h{dice.randrange(hosts)}", number)))
    free, order = fetchers, polls
    while queue:
        now, _, (what, *rest) = heapq.heappop(queue)
        order += 1
        if what == "end":
            lease, dies = rest
            free += 1
            if not dies:
                leases.give_back(lease, now, GAP)
            continue
        host, number = rest
        if not free:
            heapq.heappush(queue, (now + timedelta(seconds=1), order, ("try", host, number)))
            continue
        taken = leases.take(host, f"p{number}-{order}", now, LASTS)
        if isinstance(taken, Held):
            again = taken.free_at + timedelta(seconds=dice.uniform(0, 30))
            heapq.heappush(queue, (again, order, ("try", host, number)))
            continue
        assert isinstance(taken, Lease)
        free -= 1
        ends = now + timedelta(seconds=dice.uniform(0.1, 20))
        made[host].append((now, ends))
        heapq.heappush(queue, (ends, order, ("end", taken, dice.random() < deaths)))
    return made


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 5), st.sampled_from([0.0, 0.2]))
def test_fifty_fetchers_keep_the_gap_and_finish(seed: int, hosts: int, deaths: float) -> None:
    made = play(seed, fetchers=50, hosts=hosts, polls=60, deaths=deaths)
    assert sum(len(requests) for requests in made.values()) == 60
    for requests in made.values():
        for (_, ended), (began, _) in itertools.pairwise(requests):
            assert began - ended >= GAP - timedelta(milliseconds=1)  # rows keep milliseconds

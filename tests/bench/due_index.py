"""The schedule over 2,000 and 1,000,000 feeds, without a network: what a round reads, writes and sends.

The rows are those that feeds/table.py makes and asks for; capacity is reckoned as AWS documents it. A round
must grow with the feeds that are due, and not with those that are not. fetch_cost counts the polls.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any, cast

from msgspec.structs import replace
from tests.feeds.rows import Rows
from tests.feeds.world import NOON, polled

from newscast.feeds.feed import new_feed
from newscast.feeds.manners import JITTER
from newscast.feeds.rhythm import NET, PREFIX, TURNS, Progress, phase_of, turn_of
from newscast.feeds.rows import PLACE, exact, item_of, written
from newscast.feeds.rows import Row as Stored
from newscast.feeds.spread import spread
from newscast.feeds.table import Feeds
from newscast.feeds.turns import Turns, next_time

INTERVALS = ((60.0, 0.10), (360.0, 0.30), (1440.0, 0.60))
"""Minutes between polls and the share of feeds: few publish all day."""
ROUND = timedelta(minutes=5)
ROUNDS = 12
PRICES = {"read": 0.125e-6, "write": 0.625e-6, "index write": 0.625e-6}
"""Dollars a unit, us-east-1 list prices of 2025."""


def main() -> None:
    for count in (2_000, 1_000_000):
        _simulate(count)
    _quiet()


def _simulate(count: int) -> None:
    table, feeds = _filled(count)
    dice = random.Random(1)
    now = NOON
    lines = []
    total: Counter[str] = Counter()
    for number in range(ROUNDS):
        now += ROUND
        table.units.clear()
        started = time.perf_counter()
        through = feeds.through()
        due = list(feeds.due(now, through))
        hosts = [host for one in due if (host := feeds.claim(one, next_time(one, now, dice), now))]
        feeds.save_through(Progress(now, through).through(True))
        batches = list(spread(hosts, 240, 5))
        took = time.perf_counter() - started
        units = table.units
        total.update({name: units[name] for name in ("read", "write", "index write")})
        total.update(messages=len(due), calls=len(batches))
        if number in (0, ROUNDS - 1):
            lines.append(
                f"  round {number + 1:2}: {len(due):6,} due; {units['Query calls']:3} queries,"
                f" {units['read']:8,.0f} read units, {units['write']:7,} + {units['index write']:7,}"
                f" write units (table + index),"
                f" {len(batches):5,} sends, the last after {batches[-1][0]} s; {took:.1f} s here"
            )
    print(f"{count:,} feeds")
    print("\n".join(lines))
    day = timedelta(days=1) / (ROUND * ROUNDS)
    cost = sum(total[name] * day * price for name, price in PRICES.items())
    print(
        f"  a day: {total['messages'] * day:,.0f} polls, {total['read'] * day:,.0f} reads,"
        f" {(total['write'] + total['index write']) * day:,.0f} writes, {total['calls'] * day:,.0f} sends;"
        f" ${cost:.2f} for the schedule's reads and writes"
    )


def _quiet() -> None:
    """The same few due feeds among very different numbers that are not due."""
    for count in (1_000, 100_000):
        table, feeds = _filled(count, due_in=timedelta(days=2))
        added = Feeds(cast(Any, table), "t")
        for number in range(50):
            feed = new_feed(f"http://due{number}.example/feed", NOON)
            added.add(replace(feed, state=replace(feed.state, next_due=NOON)))
        table.units.clear()
        assert len(list(feeds.due(NOON, dict.fromkeys(TURNS, NOON)))) == 50
        queries, reads = table.units["Query calls"], table.units["read"]
        print(f"50 due of {count + 50:,}: {queries} queries, {reads:.0f} read units")


def _filled(count: int, due_in: timedelta = timedelta(0)) -> tuple[Rows, Turns]:
    """A table with so many feeds, whose next polls are spread as they settle after a day."""
    dice = random.Random(0)
    table = Rows()
    minutes = [interval for interval, _ in INTERVALS]
    shares = [share for _, share in INTERVALS]
    template = item_of(Stored(feed=polled("http://www.example-newspaper.example/rss/latest.xml"), version=9))
    template = {name: value for name, value in template.items() if name not in PLACE}
    shared = {f"{interval:.2f}": {"N": f"{interval:.2f}"} for interval in minutes}
    hosts = [{"S": f"site{number}.example"} for number in range(max(count // 4, 1))]
    partitions = {number: {"S": f"DUE#{number}"} for number in range(8)}
    lines: dict[str, list[tuple[str, str, str]]] = {f"DUE#{number}": [] for number in range(8)}
    turns: dict[str, list[tuple[str, str, str]]] = {}
    for number in range(count):
        interval = dice.choices(minutes, shares)[0]
        at = NOON + due_in + timedelta(minutes=dice.random() * interval * (1 + JITTER / 2))
        due, key = written(at), f"FEED#f{number:016x}"
        item = template | {
            "PK": {"S": key},
            "host": hosts[number % len(hosts)],
            "minutes": shared[f"{interval:.2f}"],
            "GSI1PK": partitions[number % 8],
            "GSI1SK": {"S": due},
        }
        if turn := turn_of(interval):
            partition, phase, net = f"{PREFIX}{turn}", phase_of(at, turn), written(at + NET)
            item |= {
                "GSI1SK": {"S": net},
                "net": {"S": net},
                "due": exact(at),
                "SourcePK": {"S": partition},
                "Filed": {"S": phase},
            }
            turns.setdefault(partition, []).append((phase, key, "META"))
        table.items[key, "META"] = item
        lines[f"DUE#{number % 8}"].append((item["GSI1SK"]["S"], key, "META"))
    table.index["GSI1"] = {name: sorted(line) for name, line in lines.items()}
    table.index["Sources"] = {name: sorted(line) for name, line in turns.items()}
    return table, Turns(cast(Any, table), "t")


if __name__ == "__main__":
    main()

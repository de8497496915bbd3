"""What E's server answers is held against E: V is polled as before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newscast.feeds.poll import Done
from tests.feeds.world import item, rss, world
from tests.web.publisher import reply

V, E = "http://v.example/feed", "http://e.example/feed"
WEEK = 7 * 24 * 3600


@pytest.mark.parametrize("status", [429, 503])
def test_a_redirect_to_where_the_victim_asks_for_quiet_does_not_silence_the_victim(status: int) -> None:
    """Many sites have an address that says 429 to anyone (an interface without a key, a search)."""
    with world() as site:
        site.publisher.says("v.example/feed", reply(200, rss(item(1))))
        site.publisher.says("v.example/api", reply(status, b"", f"Retry-After: {WEEK}"))
        site.publisher.says("e.example/feed", reply(302, b"", "Location: http://v.example/api"))
        v, e = site.subscribe(V), site.subscribe(E)
        site.poll(e.feed_id)
        site.now += timedelta(hours=2)
        done = site.poll(v.feed_id)
        assert isinstance(done, Done), done
        assert (done.outcome, done.entries) == ("changed", 1), done

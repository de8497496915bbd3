"""What a person says of a feed's sites: by subscribing on a page that names it, or in so many words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from newscast import sites
from newscast.articles.grants import Grant, Grants, Why
from newscast.articles.regrouping import regrouping
from newscast.articles.store import Articles
from newscast.articles.writing import Keeping
from newscast.cli.problem import CommandError
from newscast.feeds import authority
from newscast.feeds.feed import Feed
from newscast.feeds.table import Feeds


class Watched(NamedTuple):
    """The feeds of a stack, what they were granted, and the articles that this makes theirs."""

    feeds: Feeds
    grants: Grants
    articles: Articles


class Subscription(NamedTuple):
    """What came of subscribing. `feed_id` is another's than the URL's, where a feed moved to that URL."""

    feed_id: str
    added: bool
    granted: str | None = None
    """The scope that a feed which was there already may speak for from now on."""


def subscribe(
    watched: Watched, feed: Feed, page: str | None = None, vouched: tuple[str, ...] = ()
) -> Subscription:
    """Watch a feed. `vouched`: what the page that it was found on names in its head."""
    added = watched.feeds.add(feed)
    row = None if added else watched.feeds.get(feed.feed_id)
    there = row.feed if row else feed
    granted = None
    if page and authority.names(there, vouched) and (scope := sites.page_scope(page)):
        granted = scope if grant(watched, there, scope, "named", page) else None
    return Subscription(there.feed_id, added, granted)


def speaks_for(watched: Watched, feed: Feed, given: str) -> str:
    """Let a feed speak for a host's site, or for what lies below a URL; returns the scope. Raises
    CommandError where no one owner has that."""
    url = given if "://" in given else f"https://{given}"
    scope = sites.page_scope(url)
    if scope is None:
        raise CommandError(
            f"{given}: not the address of one owner's pages (a host, or a URL without a query; of a host that"
            " many share, their own part of it)"
        )
    grant(watched, feed, scope, "person", "newscast feeds set")
    return scope


def grant(watched: Watched, feed: Feed, scope: str, why: Why, evidence: str) -> bool:
    """Write a grant down, and group anew what the feed observed there before; false for what it speaks for
    anyway."""
    own = sites.scope(feed.given)
    if own == scope or (own and sites.covers(own, f"https://{scope}")):
        return False
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    new = watched.grants.add(Grant(feed_id=feed.feed_id, scope=scope, why=why, evidence=evidence, at=at))
    # Also for one that is there already: a command that was stopped is typed again.
    articles = watched.articles
    articles.carry(regrouping(feed.feed_id, Keeping(articles.now(), articles.keep)))
    return new

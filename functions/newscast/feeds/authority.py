"""Of which other site a feed's entries are, and which of its pages is asked whether it names the feed. Pure.

A feed speaks for the scope of the URL that its subscriber gave. More it is granted by the site, whatever it
says itself: by a page there that names it in its head. A front page speaks for its whole site, another page
for the path below it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from newscast import sites, urls
from newscast.feeds import discover
from newscast.feeds.feed import Feed, feed_id
from newscast.feeds.parsed import ParsedEntry
from newscast.web.exchange import Response

LEAST_SHARE = 1 / 3
"""Of the entries with links that lie in a site, for it to be asked: a link or two that a feed passes on to
others' articles are no reason."""
AGAIN, AGAIN_AFTER_FAILURE = timedelta(days=30), timedelta(days=3)
"""When a page may be asked again: after an answer, and after none."""
MOST_PAGES = 4
"""Pages that a feed may have asked in that time, whatever it links to; about 25 bytes of its row each."""


class Named(Struct, frozen=True, kw_only=True):
    """A page of a site names a feed in its head, so the feed speaks for a part of that site."""

    feed_id: str
    scope: str
    """The part, as `newscast.sites` writes it."""
    evidence: str
    """The page's URL, as it was asked for."""
    at: str
    """When: ISO 8601, UTC."""


class Question(Struct, frozen=True):
    """A page to ask, and the scope that it can vouch for."""

    page: str
    scope: str


def links(entries: Iterable[ParsedEntry]) -> list[str]:
    """Canonical links, as articles will have them."""
    return [link for entry in entries if entry.link and (link := urls.canonical(entry.link))]


def others(of: Sequence[str], given: str, granted: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Scopes of links that the feed subscribed to at `given` doesn't speak for, each with its links: those
    that hold LEAST_SHARE of all, the fullest first."""
    found: dict[str, list[str]] = {}
    for link in of:
        if sites.same_site(given, link) or any(sites.covers(scope, link) for scope in granted):
            continue
        if scope := sites.scope(link):
            found.setdefault(scope, []).append(link)
    for scope, there in sorted(found.items(), key=lambda each: -len(each[1])):
        if len(there) >= LEAST_SHARE * len(of):
            yield scope, there


def questions(scope: str, there: Sequence[str], channel: str | None) -> list[Question]:
    """Pages that can vouch for some of these links, all of one scope: the feed's own choice, if it lies in
    the scope, and the front page. Without a query, which may lead anywhere and say anything."""
    own = urls.resolve(channel) if channel else None
    pages = [own.partition("#")[0].partition("?")[0]] if own else []
    pages.append(_front_page(scope, there))
    found = []
    for page in dict.fromkeys(pages):
        vouches = sites.page_scope(page) if sites.covers(scope, page) else None
        if vouches and any(sites.covers(vouches, link) for link in there):
            found.append(Question(page, vouches))
    return found


def _front_page(scope: str, there: Sequence[str]) -> str:
    host, slash, path = scope.partition("/")
    with_www = sum(urls.host(link) == f"www.{host}" for link in there)
    www = "www." if with_www > len(there) / 2 and not slash else ""
    scheme = "https" if any(link.startswith("https:") for link in there) else "http"
    return f"{scheme}://{www}{host}/{path}"


def open_question(of: Iterable[Question], asked: Mapping[str, date], today: date) -> Question | None:
    """The first that wasn't asked lately; null if there is none, or enough were asked."""
    waiting = {page for page, again in asked.items() if again > today}
    if len(waiting) >= MOST_PAGES:
        return None
    return next((each for each in of if page_key(each.page) not in waiting), None)


def asked_now(asked: Mapping[str, date], page: str, today: date, *, answered: bool) -> dict[str, date]:
    """What is remembered after a page was asked: by a short hash, the day from which it may be again."""
    left = {each: again for each, again in asked.items() if again > today}
    return left | {page_key(page): today + (AGAIN if answered else AGAIN_AFTER_FAILURE)}


def page_key(page: str) -> str:
    """A page, for the row of its feed."""
    return hashlib.sha256(page.encode()).hexdigest()[:8]


def vouched_by(answer: Response, page: str) -> tuple[str, ...]:
    """URLs of the feeds that a web page names in its head; none for what is no page, and for one that leads
    out of what the page that was asked could vouch for."""
    media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.problem or answer.status not in (200, 203) or media != "text/html":
        return ()
    scope = sites.page_scope(page)
    if scope is None or not sites.covers(scope, answer.final_url):
        return ()
    return discover.vouched(answer.body, answer.final_url)


def names(feed: Feed, vouched: Iterable[str]) -> bool:
    """Whether one of these URLs is the feed's: where it was subscribed to, or where it is polled if its move
    led to no other site: it could move to a feed that the page names, and what it said before isn't that
    feed's. www. makes no difference within a site."""
    own = {feed_id(feed.given)}
    if sites.same_site(feed.given, feed.url):
        own.add(feed_id(feed.url))
    return any(feed_id(url) in own or _other_www(url, own) for url in vouched)


def _other_www(url: str, own: set[str]) -> bool:
    scheme, _, rest = url.partition("://")
    other = f"{scheme}://" + (rest[4:] if rest.startswith("www.") else f"www.{rest}")
    if urls.host(other) is None or feed_id(other) not in own:
        return False
    return sites.scope(url) is not None and sites.scope(url) == sites.scope(other)

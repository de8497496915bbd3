"""One visit to an article's page: its bytes, or why there are none, or when to come again.

A page is asked for once, without validators: nothing of it is kept that a 304 could stand for, and it is
asked for again only when its entry has changed. Its host's robots.txt is obeyed, its lease is shared with
the feeds of that host, and one delivery makes one request to it.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newscast.settings import Settings
from newscast.web import robots
from newscast.web.address import Network, check
from newscast.web.agent import agent
from newscast.web.asker import Asker
from newscast.web.chain import Chain
from newscast.web.claims import Claims
from newscast.web.exchange import Limits, Response, get
from newscast.web.lease import Held, HostBusyError, Leases
from newscast.web.loopback import opened
from newscast.web.robots import Robots, RobotsTable
from newscast.web.target import RefusedError, Target, target

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
TASK = "article reader"
PATIENCE = timedelta(minutes=30)
"""How long a page's host is waited for, from when it was wanted: some 250 pages of one host. Twice as long
where rules for robots were asked for on the way."""
STRANGERS = timedelta(minutes=10)
"""How far ahead turns are given to those who don't have all of a host. What is left of MAX_DELAY is for who
does: some 85 pages in PATIENCE, however many others link to them."""
SHARE = 4
"""One asker that doesn't have all of a host may wait for one of so many turns there."""
REQUEST = timedelta(seconds=2)
"""What a request takes, a queue's delays included: turns at a host are so much further apart than its gap."""
ROBOTS_SECONDS = 10.0
MAX_DELAY = 900
"""Seconds; SQS delays no message for longer."""

STATUSES = {
    401: ("denied", "the page wants a password (401)"),
    402: ("denied", "the page wants payment (402)"),
    403: ("denied", "the server refuses to give the page (403)"),
    404: ("missing", "there is no such page (404)"),
    410: ("gone", "the page is gone (410)"),
    429: ("quiet", "the server asks for fewer requests (429)"),
    451: ("denied", "withheld for legal reasons (451)"),
    503: ("quiet", "the server is busy (503)"),
}
TYPES = {"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""}
"""Media types that may be a page; one that isn't said is looked at."""


@dataclass(frozen=True)
class Fetched:
    """A page's bytes, where they came from, and the charset that its header names."""

    body: bytes
    url: str
    charset: str | None
    status: int = 200


@dataclass(frozen=True)
class Missed:
    """There is no page to read: a word that is counted, and a sentence for a person."""

    reason: str
    words: str
    status: int | None = None


@dataclass(frozen=True)
class Later:
    """The host is busy: to be sent again in so many seconds."""

    delay: int


class _RulesAskedError(HostBusyError):
    """The host's robots.txt was this delivery's one request."""


@dataclass(frozen=True)
class Visitor:
    """What all visits of an invocation share. Without a gap (our own servers) there are no leases."""

    leases: Leases
    robots: RobotsTable
    claims: Claims
    settings: Settings
    now: Callable[[], datetime]
    dice: random.Random
    network: Network = field(default_factory=Network)

    def visit(self, url: str, asked_at: datetime, visitor: str, publisher: str) -> Fetched | Missed | Later:
        """Visit a page that a publisher's feed wanted at `asked_at`; `visitor` is the same each time it is
        sent again."""
        asker = Asker(publisher, self.settings.host_groups)
        try:
            where = target(url)
        except RefusedError as refusal:
            return Missed(refusal.reason, str(refusal))
        if not self.claims.take(where.url, publisher, visitor, self.now()):
            return Missed("asked-lately", "the page was just asked for, for another entry")
        visit = _Visit(self, visitor, asker)
        try:
            return judged(visit.page(where), where)
        except HostBusyError as busy:
            # Rules are asked for once a day: who has just done so is not too late for its page. But a chain
            # may lead to a host with new rules each time.
            asked_rules = isinstance(busy, _RulesAskedError)
            since = min(self.now(), asked_at + PATIENCE) if asked_rules else asked_at
            return self._held(busy.held, since, asker)
        finally:
            visit.leave()

    @property
    def gap(self) -> timedelta:
        return timedelta(seconds=self.settings.host_gap_seconds)

    def _held(self, held: Held, asked_at: datetime, asker: Asker) -> Later | Missed:
        now, latest = self.now(), asked_at + PATIENCE
        if held.quiet:
            at = held.free_at + timedelta(seconds=30) * self.dice.random()
            missed = Missed("host-quiet", f"{held.host} asked for quiet")
        else:
            # Without a turn it comes when there are others, if that is in time.
            at = self._turn(held.host, now, max(latest, now), asker) or now + timedelta(seconds=MAX_DELAY)
            missed = Missed("host-busy", f"{held.host} was busy for too long")
        if at > latest:
            return missed
        return Later(max(1, min(math.ceil((at - now) / timedelta(seconds=1)), MAX_DELAY)))

    def _turn(self, host: str, now: datetime, latest: datetime, asker: Asker) -> datetime | None:
        """A turn at a busy host, or null if none is free that a message can be kept back for. A stranger's
        entries may link to it by the hundred: its own publisher's pages, and other strangers', come first."""
        apart, latest = self.gap + REQUEST, min(latest, now + timedelta(seconds=MAX_DELAY))
        if not asker.has_all_of(host):
            if self.leases.turn(host, now, SHARE * apart, latest, asker.name) is None:
                return None
            latest = min(latest, now + STRANGERS)
        return self.leases.turn(host, now, apart, latest)


class _Visit:
    """One visit with its chain of requests, and the gaps that the hosts on the way ask for."""

    def __init__(self, of: Visitor, visitor: str, asker: Asker) -> None:
        self._of = of
        self._gaps: dict[str, timedelta] = {}
        settings = of.settings
        deadlines = timedelta(seconds=settings.fetch_deadline_seconds + ROBOTS_SECONDS)
        self._chain = Chain(of.leases, visitor, of.gap, deadlines, asker, of.now, of.dice)

    def page(self, where: Target) -> Response:
        settings = self._of.settings
        limits = Limits(settings.fetch_deadline_seconds, settings.max_page_bytes)
        return self._get(where.url, ACCEPT, limits, self._permit)

    def leave(self) -> None:
        """Give the leases back, each with the gap that its host wants."""
        self._chain.leave(self._gaps)

    def _get(
        self, url: str, accept: str, limits: Limits, permit: Callable[[Target], None] = lambda _: None
    ) -> Response:
        answer = get(
            url,
            agent=agent(self._of.settings.contact, TASK),
            accept=accept,
            limits=limits,
            network=self._of.network,
            admit=self._chain.admit,
            permit=permit,
            inside=self._chain.asker.is_inside,
        )
        self._chain.answer = answer
        return answer

    def _permit(self, to: Target) -> None:
        """Raises RefusedError for what is no public address, and what the host's robots.txt forbids."""
        if not opened(to.scheme, to.host, to.port):
            check(to.scheme, to.host, to.port)  # before anything is asked of it
        rules = self._of.robots.get(to, self._of.now())
        if rules is None:
            rules = self._ask_for_rules(to)
            if self._of.gap:  # that was this delivery's request
                free_at = self._of.now() + self._of.gap
                raise _RulesAskedError(Held(to.host, free_at, quiet=False))
        if not rules.allows(to.path):
            if rules.kind == "closed":
                raise RefusedError("no_rules", rules.words)
            raise RefusedError("robots", "its robots.txt forbids it")
        self._gaps[to.host] = max(self._of.gap, rules.delay)

    def _ask_for_rules(self, to: Target) -> Robots:
        where = f"{to.scheme}://{_authority(to)}{robots.PATH}"
        limits = Limits(ROBOTS_SECONDS, robots.MAX_BYTES, cut=True)
        rules = robots.read(self._get(where, robots.ACCEPT, limits), self._of.now())
        self._of.robots.put(to, rules)
        return rules


def _authority(to: Target) -> str:
    host = f"[{to.host}]" if ":" in to.host else to.host
    return host if to.port in (80, 443) else f"{host}:{to.port}"


# ------------------------------------------------------------------------- what a response means
def judged(answer: Response, asked: Target) -> Fetched | Missed:
    """A response to a request for a page: a page that can be read, or why there is none. Pure."""
    status = answer.status
    if answer.problem:
        return Missed(answer.problem.reason, answer.problem.words, status)
    if status != 200:
        reason, words = STATUSES.get(status or 0, ("server" if (status or 0) >= 500 else "status", ""))
        return Missed(reason, words or f"the server answered {status}", status)
    media, _, parameters = answer.headers.get("content-type", "").partition(";")
    if media.strip().lower() not in TYPES:
        return Missed("not_a_page", f"this is {media.strip()[:60]}, not a web page", status)
    if not answer.body.strip():
        return Missed("empty", "the page is empty", status)
    if is_front(answer.final_url) and not is_front(asked.url):
        return Missed("missing", "the server leads to its front page instead", status)
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", parameters, re.IGNORECASE)
    return Fetched(answer.body, answer.final_url, charset[1] if charset else None, status)


def is_front(url: str) -> bool:
    """Whether an address is a site's front page and no article's."""
    return re.fullmatch(r"https?://[^/]+/?(?:index\.[a-z]{3,5})?", url) is not None

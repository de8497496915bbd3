"""Whether a site names a feed that brings its articles: one of its pages is asked, before they are sent on.

Asked as politely as any feed, under the host's lease. The page is a stranger's, and which it is the feed may
choose: it is read as far as its head, and only if no redirect led out of what it can vouch for.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from newscast import sites, urls
from newscast.feeds import authority, discover
from newscast.feeds.authority import Named, Question
from newscast.feeds.feed import Feed
from newscast.feeds.parsed import ParsedFeed
from newscast.settings import Settings
from newscast.web.address import Network
from newscast.web.agent import agent
from newscast.web.asker import Asker
from newscast.web.chain import Chain
from newscast.web.exchange import Limits, Response, get
from newscast.web.lease import HostBusyError, Leases
from newscast.web.target import RefusedError, Target

ACCEPT = "text/html"
SECONDS = 10.0
A_BATCH = 2
"""Pages that one invocation asks: each may take SECONDS of its time and PAUSE before."""
PAUSE = timedelta(seconds=6)
"""How long a busy host is waited for: the usual gap after the feed's own request, if it is the same host."""
ELSEWHERE = "elsewhere"


@dataclass
class Allowance:
    """Pages that a batch may still ask."""

    left: int = A_BATCH

    def take(self) -> bool:
        """Whether there is one more."""
        self.left -= 1
        return self.left >= 0

    def refill(self) -> None:
        """A new batch."""
        self.left = A_BATCH


@dataclass(frozen=True)
class Inquirer:
    """What all inquiries of an invocation share."""

    leases: Leases
    settings: Settings
    now: Callable[[], datetime]
    dice: random.Random
    scopes: Callable[[str], Sequence[str]]
    """What a feed has been granted so far, by its id."""
    granted: Callable[[Named], None]
    """Writes down what a page vouched for. What it raises fails the poll: the articles would be misjudged."""
    allowance: Allowance = field(default_factory=Allowance)
    network: Network = field(default_factory=Network)
    sleep: Callable[[float], None] = time.sleep

    def inquire(
        self, feed: Feed, document: ParsedFeed, holder: str, free: Callable[[], None] = lambda: None
    ) -> Mapping[str, date]:
        """Ask a page, if there is one to ask now, and grant what it vouches for. Returns what the feed's
        state is to remember. A busy host is no failure: a later poll that brings entries asks it. `free`
        ends the feed's own lease, which may be of the page's host."""
        asked, today = feed.state.inquiries, self.now().date()
        question = self._question(feed, document, today)
        if question is None or not self.allowance.take():
            return asked
        free()
        try:
            answer = self._get(question, self._asker(feed), holder)
        except HostBusyError:
            return asked
        if authority.names(feed, authority.vouched_by(answer, question.page)):
            at = f"{self.now():%Y-%m-%dT%H:%M:%SZ}"
            self.granted(Named(feed_id=feed.feed_id, scope=question.scope, evidence=question.page, at=at))
        return authority.asked_now(asked, question.page, today, answered=_answered(answer))

    def _question(self, feed: Feed, document: ParsedFeed, today: date) -> Question | None:
        links = authority.links(document.entries)
        if not any(authority.others(links, feed.given, ())):  # of most feeds, so that no grants are read
            return None
        for scope, there in authority.others(links, feed.given, self.scopes(feed.feed_id)):
            of = authority.questions(scope, there, document.link)
            if question := authority.open_question(of, feed.state.inquiries, today):
                return question
        return None

    def _asker(self, feed: Feed) -> Asker:
        # Which page is asked the feed chose, on a host that may be its own, too.
        return Asker(sites.scope(feed.given) or feed.feed_id, self.settings.host_groups)

    def _get(self, question: Question, asker: Asker, holder: str) -> Response:
        """The page. Raises HostBusyError."""
        try:
            return self._once(question, asker, holder)
        except HostBusyError as busy:
            wait = busy.held.free_at - self.now()
            if busy.held.quiet or wait > PAUSE or busy.held.host != urls.host(question.page):
                raise  # not behind a redirect, which has taken its time already
            self.sleep(max(wait.total_seconds(), 0))
        return self._once(question, asker, holder)

    def _once(self, question: Question, asker: Asker, holder: str) -> Response:
        def permit(to: Target) -> None:
            if not sites.covers(question.scope, to.url):
                raise RefusedError(ELSEWHERE, "the page leads out of what it could vouch for")

        gap = timedelta(seconds=self.settings.host_gap_seconds)
        deadline = timedelta(seconds=SECONDS)
        chain = Chain(self.leases, holder, gap, deadline, asker, self.now, self.dice)
        try:
            chain.answer = get(
                question.page,
                agent=agent(self.settings.contact),
                accept=ACCEPT,
                limits=Limits(SECONDS, discover.HEAD_BYTES, cut=True),
                network=self.network,
                admit=chain.admit,
                permit=permit,
                inside=asker.is_inside,
            )
            return chain.answer
        finally:
            chain.leave()


def _answered(answer: Response) -> bool:
    if answer.problem:
        return answer.problem.reason == ELSEWHERE
    return answer.status in (200, 203)

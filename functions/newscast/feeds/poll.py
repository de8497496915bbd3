"""One poll of a feed: ask its server under a lease, read the answer, send what is new, remember it.

`ask` is the part that waits for the network and may run beside others; `finish` is the rest. Nothing is
remembered before the queue has accepted every entry, so a crash at any point repeats work and loses none.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from newscast.feeds import ceiling, guarded, ledger, manners, parsed, response, seen
from newscast.feeds.feed import Feed
from newscast.feeds.inquiry import Inquirer
from newscast.feeds.ledger import Tally
from newscast.feeds.manners import Manners
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.rows import Row
from newscast.feeds.secret import Secret, SecretError, no_secrets, shielded
from newscast.feeds.settle import Moment, Reading, settle, steadied, worth_writing
from newscast.feeds.table import ChangedMeanwhileError, Feeds
from newscast.records import Entry, FeedPoll
from newscast.settings import Settings
from newscast.web.address import Network
from newscast.web.agent import agent
from newscast.web.asker import Asker
from newscast.web.chain import Chain
from newscast.web.exchange import Limits, Problem, Response, get
from newscast.web.lease import Held, HostBusyError, Leases
from newscast.web.target import redacted, target

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
PATIENCE = timedelta(minutes=15)
"""How long a poll is sent again because its host is busy; then it waits for a later round."""


class Done(Struct, frozen=True, kw_only=True):
    """A poll that is over."""

    outcome: Literal["changed", "unchanged", "failed", "skipped"]
    reason: str
    words: str = ""
    status: int | None = None
    size: int = 0
    """Bytes of the body."""
    entries: int = 0


class Busy(Struct, frozen=True, kw_only=True):
    """A poll whose host is busy: to be sent again in so many seconds."""

    delay: int


@dataclass(frozen=True)
class Asked:
    """A feed's row and its server's answer."""

    row: Row
    response: Response
    at: datetime
    """When the answer was there. It may be read much later, after the others of its batch."""
    poll: FeedPoll
    free: Callable[[], None] = lambda: None
    """Lets others ask its host before its lease has run out."""


@dataclass(frozen=True)
class Poller:
    """What all polls of an invocation share."""

    feeds: Feeds
    leases: Leases
    settings: Settings
    now: Callable[[], datetime]
    dice: random.Random
    network: Network = field(default_factory=Network)
    secrets: Callable[[str], Secret] = no_secrets
    inquirer: Inquirer | None = None
    """Asks sites whether they name the feeds that bring their articles; null: nobody is asked."""

    # --------------------------------------------------------------------- the network's part
    def ask(self, poll: FeedPoll) -> Asked | Busy | Done:
        """Ask the feed's server, if its host is free."""
        row = self.feeds.get(poll.feed_id)
        if row is None:
            return Done(outcome="skipped", reason="unknown", words="no such feed")
        feed, now = row.feed, self.now()
        if feed.disabled and not poll.forced:
            return Done(outcome="skipped", reason="disabled", words=feed.disabled)
        if poll.forced and feed.state.next_why == "retry-after" and feed.state.next_due > now:
            words = f"the server asked for quiet until {feed.state.next_due:%Y-%m-%d %H:%M} UTC"
            return Done(outcome="skipped", reason="quiet", words=words)
        chain = Chain(
            self.leases,
            poll.poll_id,
            timedelta(seconds=self.settings.host_gap_seconds),
            timedelta(seconds=self.settings.fetch_deadline_seconds),
            Asker(feed.feed_id, self.settings.host_groups, feed.given, self._granted(feed)),
            self.now,
            self.dice,
        )
        asked = None
        try:
            asked = Asked(row, self._get(feed, now, chain), self.now(), poll, chain.leave)
            return asked
        except HostBusyError as busy:
            return self._held(row, poll, busy.held, self.now())
        finally:
            if asked is None or not self._runs_out(asked, chain):
                chain.leave()

    def _granted(self, feed: Feed) -> Callable[[], Sequence[str]]:
        """Reads what a feed may speak for beside the site of its URL, if that is asked."""
        inquirer = self.inquirer
        return lambda: inquirer.scopes(feed.feed_id) if inquirer else ()

    def _runs_out(self, asked: Asked, chain: Chain) -> bool:
        """Whether nobody waits for the host, neither another feed nor the pages of new entries: then its
        lease runs out by itself, which saves the second write of most polls."""
        if not asked.poll.alone or len(chain.held) != 1:
            return False
        no_pages = (asked.row.feed.full_text or self.settings.full_text) == "never"
        return asked.response.status == 304 or (asked.response.status == 200 and no_pages)

    def _get(self, feed: Feed, now: datetime, chain: Chain) -> Response:
        try:
            secret = self.secrets(feed.secret) if feed.secret else Secret(url=feed.url)
        except SecretError as error:
            return Response(feed.url, problem=Problem("secret", str(error)))
        known = response.validators(feed.state, now)
        if feed.secret and known and known.url == feed.url:
            known = dataclasses.replace(known, url=target(secret.url).url)
        answer = get(
            secret.url,
            agent=agent(self.settings.contact),
            accept=ACCEPT,
            limits=Limits(self.settings.fetch_deadline_seconds, self.settings.max_body_bytes),
            validators=known,
            secret_headers=secret.headers,
            network=self.network,
            admit=chain.admit,
        )
        chain.answer = answer
        return shielded(answer, secret.url, feed.url) if feed.secret else answer

    def _held(self, row: Row, poll: FeedPoll, held: Held, now: datetime) -> Busy | Done:
        # No failure: the poll comes again when the host is free, others of the same host spread around it.
        # A request that is under way ends long before its lease, which is made for the slowest.
        gap = timedelta(seconds=self.settings.host_gap_seconds)
        wait, around = held.free_at - now, timedelta(seconds=30)
        if not held.quiet:
            wait, around = min(wait, 2 * gap), 2 * gap
        wait += around * self.dice.random()
        if now + wait - poll.asked_at <= PATIENCE or (poll.forced and not held.quiet):
            return Busy(delay=min(math.ceil(wait / timedelta(seconds=1)), 900))
        why = "host-quiet" if held.quiet else "host-busy"
        due = now + wait + manners.HOUR * manners.JITTER * self.dice.random()
        state = replace(row.feed.state, next_due=due, next_why=why)
        missed = ledger.tally(poll.asked_at, now, polls=int(poll.forced), failure=why)
        self._save(row, replace(row.feed, state=state), missed)
        words = "the host asked for quiet" if held.quiet else "the host was busy for long"
        return Done(outcome="skipped", reason=why, words=f"{words}; next {due:%Y-%m-%d %H:%M} UTC")

    # --------------------------------------------------------------------- the rest
    def finish(self, asked: Asked, send: Callable[[Sequence[Entry]], None]) -> Done:
        """Read the answer, `send` what is new, then remember it. `send` raises if not all is accepted."""
        row, answer = asked.row, asked.response
        at = Moment(now=self.now(), dice=self.dice.random(), manners=Manners.of(self.settings))
        verdict = response.judge(row.feed.state, answer)
        reading = None
        if verdict.kind == "document":
            found = self._read(asked, at.manners.max_entries, send)
            if isinstance(found, Reading):
                reading = found
            else:
                verdict = found
        feed = settle(row.feed, verdict, answer, reading, at)
        outcome: Literal["changed", "unchanged"] = "changed" if reading and reading.sent else "unchanged"
        if feed.url != row.feed.url and (there := self.feeds.moves_to(row.feed, feed.url)):
            # Polled twice otherwise, and its articles come from there anyway.
            feed = replace(
                feed, disabled=f"moved to {redacted(feed.url)}, which is watched already ({there})"
            )
        feed = replace(feed, state=ceiling.later(feed.state, asked.poll.stretch, at.now))
        feed = steadied(row.feed, feed)
        tally = ledger.tally(
            asked.poll.asked_at,
            at.now,
            polls=int(asked.poll.forced),
            failure=verdict.reason if verdict.kind == "failed" else None,
            entries=reading.sent if reading else 0,
        )
        if worth_writing(row.feed, feed):
            self._save(row, feed, tally)
        elif asked.poll.forced:
            self.feeds.count(feed.feed_id, tally)
        return Done(
            outcome="failed" if verdict.kind == "failed" else outcome,
            reason=verdict.reason,
            words=verdict.words or (reading.document.problem if reading else None) or "",
            status=answer.status,
            size=len(answer.body),
            entries=reading.sent if reading else 0,
        )

    def _read(
        self, asked: Asked, most: int, send: Callable[[Sequence[Entry]], None]
    ) -> Reading | response.Verdict:
        feed, answer = asked.row.feed, asked.response
        before = self.feeds.seen(feed.feed_id)
        document = guarded.read(
            answer.body,
            answer.headers.get("content-type"),
            answer.final_url,
            seen.known_raws(before.marks),
            most,
        )
        if document.refused:
            # What a page behind a secret URL names may hold its token.
            words = (document.problem or "") if feed.secret else document.why_refused
            return response.Verdict(kind="failed", reason=document.refused, words=words)
        if feed.secret:  # its link to itself holds the token too
            document = replace(document, self_url=None, link=None)
        document, useless = seen.distinct(document, feed.state.guids_useless)
        chosen = seen.select(document, before.marks, most)
        if chosen.waiting:
            document = _noting(document, f"{chosen.waiting} entries are left for later polls")
        inquiries: Mapping[str, date] = feed.state.inquiries
        if chosen.entries:
            if self.inquirer:  # before they are sent, so that they are judged right at once
                inquiries = self.inquirer.inquire(feed, document, f"{asked.poll.poll_id}.page", asked.free)
            send([parsed.entry(entry, feed, document, asked.at) for entry in chosen.entries])
        if chosen.seen != before.marks:
            # Another poll of this feed that was first sent the same; what both sent is stored once.
            with suppress(ChangedMeanwhileError):
                self.feeds.save_seen(feed.feed_id, before, chosen.seen)
        return Reading(
            document=document,
            sent=len(chosen.entries),
            waiting=chosen.waiting,
            guids_useless=useless,
            inquiries=inquiries,
        )

    def _save(self, row: Row, feed: Feed, tally: Tally) -> None:
        try:
            self.feeds.change(row, feed, tally)
        except ChangedMeanwhileError:
            # A person or another poll was first: the next poll learns the rest. Its day may be closed by now.
            self.feeds.count(feed.feed_id, ledger.late(tally, self.now()))


def _noting(document: ParsedFeed, words: str) -> ParsedFeed:
    return replace(document, problem=f"{document.problem}; {words}" if document.problem else words)

"""`newscast probe`: one polite, guarded fetch of a feed, and what it would mean for its polls."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct, structs

from newscast.feeds import authority, guarded, response, seen
from newscast.feeds.discover import Offer
from newscast.feeds.feed import Feed, new_feed
from newscast.feeds.manners import Manners
from newscast.feeds.poll import ACCEPT
from newscast.feeds.settle import Moment, Reading, settle
from newscast.settings import Settings
from newscast.web.address import Network
from newscast.web.agent import agent
from newscast.web.exchange import Limits, Response, get
from newscast.web.target import redacted
from newscast.web.tokens import masked


class Validators(Struct, frozen=True):
    """What the server gave for conditional requests."""

    etag: str | None
    last_modified: str | None


class Probe(Struct, frozen=True, kw_only=True):
    """What the command prints as JSON. `outcome` is ok, failed (its server) or refused (by us)."""

    url: str
    outcome: Literal["ok", "failed", "refused"]
    status: int | None
    validators: Validators
    format: str | None
    entries: int
    next_poll: str | None
    """ISO 8601, UTC; with a reason in `next_why`."""
    problem: str | None
    next_why: str | None = None
    final_url: str | None = None
    title: str | None = None
    reason: str | None = None
    """The word that is counted for a failure."""
    offers: tuple[Offer, ...] = ()
    """Feeds that are named by a page that is none."""
    vouched: tuple[str, ...] = ()
    """URLs of feeds that it names in its head, where its site's owner writes."""


def probe(url: str, settings: Settings, now: datetime, network: Network | None = None) -> Probe:
    """Fetch a URL once as a poll would. Never raises for what a server does."""
    try:
        feed = new_feed(url, now)
    except ValueError as error:
        return _refused(url, str(error).partition(": ")[2])
    answer = get(
        url,
        agent=agent(settings.contact),
        accept=ACCEPT,
        limits=Limits(settings.fetch_deadline_seconds, settings.max_body_bytes),
        network=network,
    )
    if answer.problem and answer.problem.reason in response.REFUSED:
        return _refused(url, answer.problem.words)
    verdict, reading = response.judge(feed.state, answer), None
    offers: tuple[Offer, ...] = ()
    vouched: tuple[str, ...] = ()
    if verdict.kind == "document":
        document = guarded.read(answer.body, answer.headers.get("content-type"), answer.final_url)
        if document.refused:
            offers, vouched = document.offers, authority.vouched_by(answer, url)
            verdict = response.Verdict(kind="failed", reason=document.refused, words=document.why_refused)
        else:
            document, _ = seen.distinct(document)
            reading = Reading(document=document, sent=len(document.entries))
    after = settle(feed, verdict, answer, reading, Moment(now=now, dice=0.0, manners=Manners.of(settings)))
    return structs.replace(_told(url, after, answer, verdict, reading), offers=offers, vouched=vouched)


def _told(
    url: str,
    after: Feed,
    answer: Response,
    verdict: response.Verdict,
    reading: Reading | None,
) -> Probe:
    state, document = after.state, reading.document if reading else None
    return Probe(
        url=_shown(url),
        outcome="failed" if verdict.kind == "failed" else "ok",
        status=answer.status,
        validators=Validators(state.etag, state.last_modified),
        format=document.format if document else None,
        entries=len(document.entries) if document else 0,
        next_poll=f"{state.next_due:%Y-%m-%dT%H:%M:%SZ}",
        next_why=state.next_why,
        problem=verdict.words or (document.problem if document else None),
        final_url=redacted(answer.final_url),
        title=document.title if document else None,
        reason=verdict.reason if verdict.kind == "failed" else None,
    )


def _refused(url: str, words: str) -> Probe:
    return Probe(
        url=_shown(url),
        outcome="refused",
        status=None,
        validators=Validators(None, None),
        format=None,
        entries=0,
        next_poll=None,
        problem=words,
    )


def _shown(url: str) -> str:
    # As it was given, unless that would print a password or a key.
    return redacted(url) if "@" in url else masked(url)

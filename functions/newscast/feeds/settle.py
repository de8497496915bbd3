"""After a poll: feed, verdict and what was read in, the feed with its next state out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from newscast.feeds import manners, timing
from newscast.feeds.feed import Feed, Move, State, Trouble
from newscast.feeds.manners import BACKOFFS, Manners
from newscast.feeds.parsed import ParsedFeed
from newscast.feeds.response import Verdict, fresh_for, new_validators
from newscast.web.exchange import Response
from newscast.web.quiet import retry_after

PERMANENT = {301, 308}


class Reading(Struct, frozen=True, kw_only=True):
    """What a poll took from a document."""

    document: ParsedFeed
    sent: int
    """Entries that went to the queue."""
    waiting: int = 0
    """New entries that are left for later polls."""
    guids_useless: bool = False
    inquiries: Mapping[str, date] = {}
    """Pages that were asked about the feed so far."""


class Moment(Struct, frozen=True, kw_only=True):
    """What is the same for the whole of one settlement."""

    now: datetime
    dice: float
    """0 to 1."""
    manners: Manners


def settle(feed: Feed, verdict: Verdict, response: Response, reading: Reading | None, at: Moment) -> Feed:
    """The feed after this poll; `reading` for a document that was read."""
    if verdict.kind == "failed":
        return _failed(feed, verdict, response, at)
    state = replace(feed.state, trouble=None, gone_count=0, last_ok=at.now)
    state = replace(state, stale_count=state.stale_count + 1 if verdict.reason == "stale" else 0)
    etag, last_modified = new_validators(response)
    if verdict.reason == "stale":
        pass  # it says nothing of what is there now
    elif verdict.reason == "304":
        # A 304 may carry new validators; what it leaves out stays as it was.
        state = replace(state, etag=etag or state.etag, last_modified=last_modified or state.last_modified)
    elif reading is None or not (reading.waiting or reading.document.cut):
        state = replace(
            state,
            etag=etag,
            last_modified=last_modified,
            validated_url=response.final_url,
            body_sha256=verdict.body_sha256,
            last_full=at.now,
        )
    else:
        # Entries are missing or left: the next request must bring the whole document again.
        state = replace(state, etag=None, last_modified=None, validated_url=None, body_sha256=None)
    if reading:
        state = _read(state, reading, at.now)
    feed = replace(feed, state=state)
    feed = _moved(feed, response, at.now)
    return _timed(feed, response, reading, at)


def _read(state: State, reading: Reading, now: datetime) -> State:
    document = reading.document
    if state.rate_per_day is None:
        stamps = [stamp.at for entry in document.entries if (stamp := entry.published or entry.updated)]
        per_day = timing.first_rate(stamps, now)
    else:
        per_day = timing.rate(state, reading.sent, now)
    return replace(
        state,
        rate_per_day=round(per_day, 4),
        rate_at=now,
        hints=document.hints,
        feed_title=document.title,
        format=document.format,
        hub=document.hub,
        self_url=None,
        problem=document.problem,
        waiting=reading.waiting,
        guids_useless=reading.guids_useless,
        inquiries=reading.inquiries,
        last_new=now if reading.sent else state.last_new,
        changed=state.changed + (1 if reading.sent else 0),
        entries=state.entries + reading.sent,
    )


def _timed(feed: Feed, response: Response, reading: Reading | None, at: Moment) -> Feed:
    state = feed.state
    floor = floor_of(feed, at.manners)
    if reading and reading.waiting:
        due, why, wait = (
            at.now + at.manners.floor * (1 + manners.JITTER * at.dice),
            "waiting",
            at.manners.floor,
        )
    else:
        per_day = state.rate_per_day or 0.0
        if reading is None and state.rate_per_day is not None:
            per_day = timing.rate(state, 0, at.now)
        every = timing.interval(per_day, floor)
        fresh = fresh_for(response, at.now)
        due, why = timing.after_success(at.now, every, state.hints, fresh, at.dice)
        wait = max(every, fresh, timedelta(minutes=min(state.hints.ttl_minutes or 0, 1440)))
    minutes = round(wait / manners.MINUTE, 2)
    if abs(minutes - state.interval_minutes) <= manners.RETIMED * state.interval_minutes:
        minutes = state.interval_minutes
    return replace(feed, state=replace(state, next_due=due, next_why=why, interval_minutes=minutes))


def floor_of(feed: Feed, of: Manners) -> timedelta:
    """Shortest time between two polls of this feed."""
    if feed.floor_minutes is not None:
        return timedelta(minutes=feed.floor_minutes)
    return of.floor if feed.state.etag or feed.state.last_modified else of.unvalidated_floor


# ------------------------------------------------------------------------- failures
def _failed(feed: Feed, verdict: Verdict, response: Response, at: Moment) -> Feed:
    state = feed.state
    before = state.trouble
    trouble = Trouble(
        reason=verdict.reason,
        words=verdict.words,
        since=before.since if before else at.now,
        count=before.count + 1 if before else 1,
    )
    gone = state.gone_count + 1 if verdict.reason == "gone" else 0
    backoff = BACKOFFS[verdict.backoff]
    # The floor of a feed with validators, even without: a failure costs no whole document.
    floor = at.manners.floor if feed.floor_minutes is None else floor_of(feed, at.manners)
    due = timing.after_failure(at.now, backoff, trouble, floor, at.dice)
    why = verdict.reason
    if asked := retry_after(response, at.now):
        # A wish says when; our own guess is only for those who say nothing.
        due = at.now + max(asked, floor) + manners.JITTER * at.dice * min(asked, manners.HOUR)
        why = "retry-after"
    state = replace(
        state, trouble=trouble, gone_count=gone, failed=state.failed + 1, next_due=due, next_why=why
    )
    # A forced poll of a feed that is disabled leaves it so: only a person enables.
    disabled = feed.disabled
    if disabled is None and gone >= manners.GONE_SIGHTINGS and at.now - trouble.since >= manners.GONE_AFTER:
        disabled = f"gone: the server said so {gone} times since {trouble.since:%Y-%m-%d} (410)"
    return replace(feed, state=state, disabled=disabled)


# ------------------------------------------------------------------------- redirects
def _moved(feed: Feed, response: Response, now: datetime) -> Feed:
    """Follow a permanent redirect for good once it was seen often enough, on the way to a feed or its 304."""
    to = permanent_target(response)
    move = feed.state.move
    if to in (None, feed.url) or (feed.url.startswith("https:") and not to.startswith("https:")):
        return feed if move is None else replace(feed, state=replace(feed.state, move=None))
    move = (
        Move(to=to, count=move.count + 1, since=move.since)
        if move and move.to == to
        else Move(to=to, count=1, since=now)
    )
    if move.count >= manners.MOVE_SIGHTINGS and now - move.since >= manners.MOVE_AFTER:
        given = None if to == feed.given else feed.given
        return replace(feed, url=to, given_url=given, state=replace(feed.state, move=None))
    return replace(feed, state=replace(feed.state, move=move))


def permanent_target(response: Response) -> str | None:
    """Where the permanent redirects at the start of the chain lead."""
    to = None
    for hop in response.hops:
        if hop.status not in PERMANENT:
            break
        to = hop.to
    return to


def steadied(before: Feed, after: Feed) -> Feed:
    """The feed at the time that the schedule's claim chose, where its own is hardly another: each move in
    the due index is a write more. Only where nobody but its rhythm asks for a time."""
    old, new = before.state, after.state
    if new.next_why not in ("rhythm", "ttl") or abs(new.next_due - old.next_due) > _slack(old, new):
        return after
    return replace(after, state=replace(new, next_due=old.next_due))


def _slack(old: State, new: State) -> timedelta:
    # A feed that keeps its interval keeps its turn, which is longer, while its rhythm goes up and down.
    keeps = new.next_why in ("rhythm", "ttl") and new.interval_minutes == old.interval_minutes
    return timedelta(minutes=(2 if keeps else 1) * manners.RETIMED * new.interval_minutes)


def worth_writing(before: Feed, after: Feed) -> bool:
    """Whether the row must be written: an unchanged poll that teaches nothing is not."""
    old, new = before.state, after.state
    for was, is_now in ((old.last_ok, new.last_ok), (old.last_full, new.last_full)):
        if is_now and (was is None or is_now - was >= manners.QUIETLY):
            return True
    if abs(new.next_due - old.next_due) > _slack(old, new):
        return True
    same = replace(
        new, next_due=old.next_due, next_why=old.next_why, last_ok=old.last_ok, last_full=old.last_full
    )
    return before != replace(after, state=same)

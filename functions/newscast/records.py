"""Every record that travels between functions: frozen and checked when decoded.

A queue carries one kind of record. JSON in, record out; a naive time or a wrong type is a
`msgspec.ValidationError` that names the field. A field that nobody declared is one too, until
`newscast.tolerant` puts it into `extra`. Records compose: an Article is made from an Entry, and a
TaggedArticle holds an Article.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, structs

Text = Annotated[str, Meta(min_length=1)]
"""A string with at least one character."""
Utc = Annotated[datetime, Meta(tz=True)]
"""An aware time; `Timed` also insists that its offset is zero."""


SCHEMA = 2
"""Of the messages that this code writes. It grows when older code could no longer read what is sent: a value
that a Literal did not have, another type. A field more is no reason."""


class Extra(dict[str, Any]):
    """What newer code says of a record beyond its known fields: name → JSON as it came."""

    def __hash__(self) -> int:  # type: ignore[override]  # records are hashed; equal ones have equal names
        return hash(frozenset(self))


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all records share. Unknown fields are refused here, and so are noticed (`newscast.tolerant`)."""

    extra: Extra | UnsetType = UNSET
    """Not written where there is nothing in it."""


@cache
def _times(record: type[Timed]) -> tuple[str, ...]:
    """The fields that may hold a time."""
    return tuple(one.name for one in structs.fields(record) if "datetime.datetime" in repr(one.type))


_NO_OFFSET = timedelta(0)


class Timed(Record, frozen=True, kw_only=True):
    """A record that holds times: none but UTC. Those without are made by the thousand, and unchecked."""

    def __post_init__(self) -> None:
        for name in _times(type(self)):
            value = getattr(self, name)
            # msgspec reads Z as this very UTC, so that hardly any offset is asked for.
            if isinstance(value, datetime) and value.tzinfo is not UTC and value.utcoffset() != _NO_OFFSET:
                raise ValueError(f"{name} must be a time in UTC, not {value.isoformat()}")


def utc(text: str) -> datetime:
    """An ISO 8601 time with an offset, as UTC. Raises ValueError for a time without one."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(f"a time without an offset: {text!r}")
    return value.astimezone(UTC)


# --------------------------------------------------------------------- schedule → fetch
class FeedPoll(Timed, frozen=True, kw_only=True, tag=True, tag_field="record"):
    """Ask for one feed now. `poll_id` is the root of the correlation ids of all that it brings."""

    feed_id: Text
    poll_id: Text
    asked_at: Utc
    forced: bool = False
    """Poll though the feed is not due (a person asked); a Retry-After is honoured all the same."""
    alone: bool = False
    """No other feed of its host was due with it: nobody waits for the host."""
    stretch: float = 1.0
    """Its next poll may be so many times as late: the month nears its ceiling (feeds.ceiling)."""


# --------------------------------------------------------------------- fetch → normalise
class Stamp(Timed, frozen=True, kw_only=True):
    """A time as a publisher wrote it, and how sure we are of its zone."""

    at: Utc
    zone: Literal["given", "assumed"]
    raw: str


class Enclosure(Record, frozen=True, kw_only=True):
    """A media file that an entry points to. `length` is in bytes, as the publisher says."""

    url: Text
    media_type: str | None = None
    length: int | None = None


class Markup(Record, frozen=True, kw_only=True):
    """A piece of a feed that may hold markup. `html` false: plain text, entities already resolved."""

    value: str
    html: bool = True


FullTextWish = Literal["auto", "always", "never"]
"""Whether a feed's articles are read on their own pages: where it gives a teaser, each, or none."""


class Given(Record, frozen=True, kw_only=True):
    """What a publisher gave of one entry: nothing cleaned, nothing guessed, null for what isn't said."""

    guid: str | None = None
    link: str | None = None
    """Absolute where the feed's base allows it."""
    title: Markup | None = None
    summary: Markup | None = None
    content: Markup | None = None
    published: Stamp | None = None
    updated: Stamp | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    """What the entry, or else its feed, declares, as written ("en-GB")."""
    enclosures: tuple[Enclosure, ...] = ()


class Entry(Given, Timed, frozen=True, kw_only=True, tag=True, tag_field="record"):
    """One new or changed entry of a feed; flat on the wire."""

    feed_id: Text
    source: Text
    """The publisher's name space for guids: two feeds that share it share their guids."""
    feed_url: Text
    observed_at: Utc
    """When the response that held it arrived."""
    feed_title: str | None = None
    full_text: FullTextWish | None = None
    """What its feed's subscriber wants of its page; null leaves it to the stack's default."""


# --------------------------------------------------------------------- normalise → tag
Cause = Literal["cpu", "memory", "output", "depth", "crash"]
"""Why a text was given up: it took too much time or memory, too much came of it, it is nested too deep, or it
broke what reads it."""


class ArticleTime(Timed, frozen=True, kw_only=True):
    """The one time that an article is filed under, and what it came from.

    given: the publisher's published time with its zone · assumed: without a zone, read as UTC ·
    updated: only an updated time was given · clamped: absurd or in the future, moved to what is
    possible · missing: none given, the time it was first observed.
    """

    at: Utc
    basis: Literal["given", "assumed", "updated", "clamped", "missing"]
    raw: str | None = None


class Language(Record, frozen=True, kw_only=True):
    """A BCP 47 primary language (`en`), how it was found, and how likely (0 to 1)."""

    code: Text
    confidence: Annotated[float, Meta(ge=0, le=1)]
    basis: Literal["detected", "declared"]


class Dateline(Record, frozen=True, kw_only=True):
    """What a wire's first line says: "MOSCOW, July 12 (Reuters) -"."""

    place: str | None = None
    agency: str | None = None
    written: str | None = None


class FullText(Record, frozen=True, kw_only=True):
    """What became of an article's page.

    taken: the text is the page's · same: the page holds no more than the feed gave · kept: the page gave
    nothing that can be used, so the text is the feed's own.
    """

    outcome: Literal["taken", "same", "kept"]
    reason: str | None = None
    """Why it was kept: a word of a short list (`robots`, `paywall`, `timeout`)."""
    words: str | None = None
    """The same as a sentence for a person."""


class Article(Timed, frozen=True, kw_only=True, tag=True, tag_field="record"):
    """One clean article. All text is plain, NFC; paragraphs are parted by a blank line."""

    feed_id: Text
    source: Text
    feed_url: str | None = None
    """Where its feed is subscribed to; null in records made by 0.1.0."""
    guid: str | None
    url: str | None
    """The canonical URL, or null where the publisher gives no link at all."""
    link: str | None
    """The link as given."""
    title: str
    title_in_capitals: bool = False
    """All capitals: letter case says nothing about the names in it."""
    summary: str
    text: str
    """The body; where a feed gives only a teaser, the teaser."""
    published: ArticleTime
    updated: Utc | None
    observed_at: Utc
    language: Language | None = None
    """What the article as a whole is in; null if neither its words nor its feed say."""
    title_language: Language | None = None
    """Of the title by itself: an English headline may stand over a text in another language."""
    text_language: Language | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    publisher: str | None = None
    section: str | None = None
    categories: tuple[str, ...] = ()
    dateline: Dateline | None = None
    media: tuple[Enclosure, ...] = ()
    full_text: FullText | None = None
    """Null where its page was not asked for."""
    content_hash: Text
    """Hex SHA-256 of what a reader would call the content; volatile parts do not count."""
    signature: str | None = None
    """Near-duplicate signature, with its version in front (`m2:…`)."""
    unread: Cause | UnsetType = UNSET
    """Why what its feed gave was not read; then it has no text, and perhaps no title. Not there otherwise."""

    @property
    def subscribed(self) -> str:
        """Where its feed is subscribed to, as well as that is known."""
        return self.feed_url or f"https://{self.source}/"

    def reading(self) -> str:
        """What is tagged and what offsets count in: the title, a blank line, the body."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text


# --------------------------------------------------------------------- normalise → page → tag
class PageWanted(Timed, frozen=True, kw_only=True, tag=True, tag_field="record"):
    """An article whose page is to be read before it goes on; `asked_at` bounds how long its host is waited
    for."""

    article: Article
    asked_at: Utc


# --------------------------------------------------------------------- tag → store
Form = Literal["name", "short", "acronym", "demonym", "metonym", "collective", "role"]
Kind = Literal["country", "body", "organisation", "group", "person", "collective"]
Involvement = Literal["source", "speaker", "participant", "mentioned"]


class Codes(Record, frozen=True, kw_only=True):
    """An actor's codes as of the article's date; null where the vocabulary has none."""

    cameo: str | None = None
    plover: str | None = None
    iso3: str | None = None


class Role(Record, frozen=True, kw_only=True):
    """A role as the text states it and as the gazetteer knows it on the article's date."""

    stated: str | None = None
    """Verbatim."""
    known: str | None = None
    agrees: bool | None = None
    """Null unless both are there."""
    start: date | None = msgspec.field(name="from", default=None)
    """The first day, and `to` the last, that the row can mean: of a year its first of January."""
    end: date | None = msgspec.field(name="to", default=None)
    row: str | None = None
    """The gazetteer row that says so (`roles.csv:1204`)."""


class Mention(Record, frozen=True, kw_only=True):
    """The name alone; start and end count code points in the text, end exclusive."""

    start: int
    end: int
    surface: str
    form: Form
    rule: str


class ActorTag(Record, frozen=True, kw_only=True):
    """One actor of the gazetteer (or a collective by grammar) that an article names."""

    actor_id: Text
    name: str
    kind: Kind
    country: str | None
    codes: Codes
    qid: str | None
    roles: tuple[Role, ...]
    involvement: Involvement
    mentions: tuple[Mention, ...]


class UnknownActor(Record, frozen=True, kw_only=True):
    """A name with enough evidence that the gazetteer does not hold."""

    surface: str
    start: int
    end: int
    role: str | None
    kind: Literal["person", "organisation", "group"]
    recogniser: str | UnsetType = UNSET
    """Name and version of the statistical model that alone has found it; not there for all others."""


class Place(Record, frozen=True, kw_only=True):
    """A city, region or building that is only a place here."""

    surface: str
    start: int
    end: int
    country: str | None
    qid: str | None


class Tags(Record, frozen=True, kw_only=True):
    """Who is in a text. Spans never overlap, across actors, unknown and places."""

    actors: tuple[ActorTag, ...]
    unknown: tuple[UnknownActor, ...]
    places: tuple[Place, ...]
    gazetteer_version: str


class TaggedArticle(Timed, frozen=True, kw_only=True, tag=True, tag_field="record"):
    """An article with its actors: what is stored."""

    article: Article
    tags: Tags
    tagged_at: Utc | None = None
    """When the actors were looked for; null in records made by 0.1.0."""
    tagger: str | None = None
    """Version of the code that looked for them."""
    untagged: Cause | UnsetType = UNSET
    """Why nobody could; then there are no tags, no version of the gazetteer, and no time. Not
    there otherwise."""


# --------------------------------------------------------------------- fetch → store
class Regroup(Timed, frozen=True, kw_only=True, tag=True, tag_field="record"):
    """A feed was granted more to speak for: what it observed before is grouped anew, some at a time."""

    feed_id: Text
    asked_at: Utc


# --------------------------------------------------------------------- on the queue
Payload = FeedPoll | Entry | PageWanted | Article | TaggedArticle | Regroup


class Message(Timed, frozen=True, kw_only=True):
    """What a queue carries: one record, or where to find it in the bucket when it is too large.

    `correlation_id` follows an article from its poll to its row; `first_seen` is when its poll began.
    """

    schema: Annotated[int, Meta(ge=1)] = SCHEMA
    """The newest code that had a part in it, by its SCHEMA; 1 is 0.1.0, which did not say so."""
    correlation_id: Text
    first_seen: Utc
    body: Payload | None = None
    stored_at: str | None = None
    """Key of the claim-checked body in the bucket."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.body is None) == (self.stored_at is None):
            raise ValueError("a message has either a body or a stored_at key")

    def carrying(self, body: Payload, part: int | None = None) -> Message:
        """The message that goes on from this one; `part` numbers what one poll brought."""
        suffix = "" if part is None else f".{part}"
        return Message(
            schema=max(self.schema, SCHEMA),
            extra=self.extra,
            correlation_id=self.correlation_id + suffix,
            first_seen=self.first_seen,
            body=body,
        )

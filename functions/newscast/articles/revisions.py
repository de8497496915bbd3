"""What was observed under one name, revision by revision, and what that comes to. Pure.

The rows of a name lie in its HEAD, so that one write adds a revision and says what the article is now. A name
with more than INLINE of them has the others in rows of their own (`REV#…`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from newscast.articles.identity import read_time, written
from newscast.articles.items import Item, Key, item_of, key_of, read
from newscast.articles.keys import revision_key

INLINE = 4
"""Rows of a name in its HEAD; nearly all articles are revised less often. Each of them makes every later
write of it dearer."""
MAX_ROWS = 1000
"""Revisions and their runs under one name, the earliest first. A live text has some hundreds a day."""
MAX_URLS, MAX_OBSERVERS, MAX_NAMES = 16, 32, 32

Outcome = Literal["taken", "same", "kept"]


class Revision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One content of an article under one name, with the actors of one tag run.

    Of several records of it the earliest stands for all; observations only widen `first` to `last`.
    """

    name: str
    revision: str
    run: str
    url: str | None = None
    title: str = ""
    """Short hash of its title (`rows.short`), by which a page of many is told."""
    feed_id: str
    feed_url: str | None = None
    source: str
    first: str
    last: str
    tagged_at: str = ""
    page: Outcome | None = None
    """What became of its page, where it was wanted (records.FullText)."""
    chosen: str
    """Digest of the record that stands here."""
    stored_at: str
    correlation_id: str
    body: str = ""
    """Where its record lies (`packs`)."""

    @property
    def order(self) -> tuple[str, str, str, str]:
        return self.first, self.name, self.revision, self.run

    @property
    def key(self) -> Key:
        """Where it stands if it has a row of its own."""
        return revision_key(self.name, self.revision, self.run)


# ------------------------------------------------------------------------------------ what rows come to
def joined(one: Revision, other: Revision) -> Revision:
    """Two rows of one name, revision and run as one: the earlier record stands for both."""
    chosen = min(one, other, key=lambda row: (row.first, row.chosen))
    return replace(
        chosen,
        last=max(one.last, other.last),
        tagged_at=min(one.tagged_at, other.tagged_at),
        stored_at=min(one.stored_at, other.stored_at),
    )


def kept(rows: Iterable[Revision]) -> list[Revision]:
    """Of one name's rows those that count, the earliest first."""
    return sorted(rows, key=lambda row: row.order)[:MAX_ROWS]


def shown(rows: Sequence[Revision]) -> Revision:
    """The row that an article with these rows shows.

    The revision that was last observed, and of two the greater hash; but a whole text before a teaser whose
    page could not be had. Of its tag runs the newest; of the rows of that run the earliest.
    """
    revisions: dict[str, list[Revision]] = {}
    for row in rows:
        revisions.setdefault(row.revision, []).append(row)

    def place(revision: str) -> tuple[bool, str, str]:
        its = revisions[revision]
        return any(row.page != "kept" for row in its), max(row.last for row in its), revision

    its = revisions[max(revisions, key=place)]
    tagged: dict[str, str] = {}
    for row in its:
        tagged[row.run] = min(row.tagged_at, tagged.get(row.run, row.tagged_at))
    run = max(tagged, key=lambda one: (tagged[one], one))
    return min((row for row in its if row.run == run), key=lambda row: row.order)


def summed(rows: Sequence[Revision]) -> dict[str, Any]:
    """What a head says of its article's rows, of all its names: the fields of Head that no record is needed
    for. Nothing for no rows."""
    if not rows:
        return {}
    top = shown(rows)
    by_time = sorted(rows, key=lambda row: row.order)
    first = by_time[0]
    taken = any(row.page == "taken" for row in rows)
    # A teaser whose page was read at another time is no version of the text.
    revisions = {row.revision for row in rows if not (taken and row.page == "kept")}
    same_run = [row for row in rows if (row.revision, row.run) == (top.revision, top.run)]
    return {
        "source": first.source,
        "feed_id": first.feed_id,
        "first_seen": first.first,
        "revision": top.revision,
        "run": top.run,
        "name": top.name,
        "first": top.first,
        "last": max(row.last for row in rows if row.revision == top.revision),
        "tagged_at": min(row.tagged_at for row in same_run),
        "chosen": top.chosen,
        "revisions": len(revisions),
        "rows": len(rows),
        "names": tuple(dict.fromkeys(row.name for row in by_time))[:MAX_NAMES],
        "urls": tuple(dict.fromkeys(row.url for row in by_time if row.url))[:MAX_URLS],
        "observers": tuple(dict.fromkeys(row.feed_url or row.source for row in by_time))[:MAX_OBSERVERS],
        "correlation_id": top.correlation_id,
        "stored_at": min(row.stored_at for row in rows),
    }


# ----------------------------------------------------------------------------------- as they are kept
class _Feed(Struct, frozen=True, array_like=True):
    feed_id: str
    feed_url: str | None
    source: str


class _Line(
    Struct,
    frozen=True,
    omit_defaults=True,
    rename={
        "revision": "r",
        "run": "n",
        "title": "t",
        "first": "f",
        "last": "l",
        "tagged_at": "g",
        "page": "p",
        "chosen": "c",
        "stored_at": "s",
        "correlation_id": "i",
        "body": "b",
        "url": "u",
        "feed": "o",
    },
):
    """A row in HEAD. What all rows of the name share stands once beside them, and times are microseconds: of
    `first` since 1970, of the others since `first`."""

    revision: str
    run: str
    chosen: str
    first: int
    stored_at: int
    correlation_id: str
    last: int = 0
    tagged_at: int | None = None
    title: str = ""
    page: Outcome | None = None
    body: str = ""
    url: str | None = ""
    """Empty: the shared one."""
    feed: _Feed | None = None


class _Lines(Struct, frozen=True, omit_defaults=True):
    feed: _Feed
    rows: tuple[_Line, ...]
    url: str | None = None


def inline(rows: Sequence[Revision], older: int = 0, over: Mapping[str, Any] | None = None) -> Item:
    """Attributes of a name's HEAD that hold these of its rows; `older` is how many have rows of their own.
    What newer code said of a row in the HEAD that it goes `over` stays in it."""
    if not rows:
        return {}
    feed, url = _feed(rows[0]), rows[0].url
    text = msgspec.json.encode(_Lines(feed, tuple(_line(row, feed, url) for row in rows), url))
    if said := _unknown(over):
        lines: dict[str, Any] = msgspec.json.decode(text)
        lines["rows"] = [line | said.get((line["r"], line["n"]), {}) for line in lines["rows"]]
        text = msgspec.json.encode(lines)
    found: Item = {"rows": {"S": text.decode()}}
    return found | ({"older": {"N": str(older)}} if older else {})


def _unknown(item: Mapping[str, Any] | None) -> dict[tuple[str, str], dict[str, Any]]:
    """What is said of a HEAD's rows in fields that this code doesn't know, by revision and run."""
    if not item or "rows" not in item:
        return {}
    there: dict[str, Any] = msgspec.json.decode(item["rows"]["S"])
    known = set(_Line.__struct_encode_fields__)
    return {
        (line["r"], line["n"]): {name: line[name] for name in line.keys() - known}
        for line in there["rows"]
        if line.keys() - known
    }


def _feed(row: Revision) -> _Feed:
    return _Feed(row.feed_id, row.feed_url, row.source)


def _line(row: Revision, feed: _Feed, url: str | None) -> _Line:
    first = _micros(row.first)
    return _Line(
        revision=row.revision,
        run=row.run,
        chosen=row.chosen,
        first=first,
        stored_at=_micros(row.stored_at) - first,
        correlation_id=row.correlation_id,
        last=_micros(row.last) - first,
        tagged_at=_micros(row.tagged_at) - first if row.tagged_at else None,
        title=row.title,
        page=row.page,
        body=row.body,
        url="" if row.url == url else row.url,
        feed=None if _feed(row) == feed else _feed(row),
    )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _micros(time: str) -> int:
    return (read_time(time) - _EPOCH) // _MICROSECOND


def _time(micros: int) -> str:
    return written(_EPOCH + micros * _MICROSECOND)


def in_head(name: str, item: Mapping[str, Any] | None) -> list[Revision]:
    """The rows of a name that lie in its HEAD."""
    if not item or "rows" not in item:
        return []
    lines = msgspec.json.decode(item["rows"]["S"], type=_Lines)
    found = []
    for line in lines.rows:
        feed = line.feed or lines.feed
        found.append(
            Revision(
                name=name,
                revision=line.revision,
                run=line.run,
                url=lines.url if line.url == "" else line.url,
                title=line.title,
                feed_id=feed.feed_id,
                feed_url=feed.feed_url,
                source=feed.source,
                first=_time(line.first),
                last=_time(line.first + line.last),
                tagged_at="" if line.tagged_at is None else _time(line.first + line.tagged_at),
                page=line.page,
                chosen=line.chosen,
                stored_at=_time(line.first + line.stored_at),
                correlation_id=line.correlation_id,
                body=line.body,
            )
        )
    return found


def every(
    name: str, item: Mapping[str, Any] | None, apart: Iterable[Mapping[str, Any]], oldest: str
) -> list[Revision]:
    """All rows of a name, by its HEAD and the rows that some of them have of their own; without those that
    were first observed before `oldest`. What HEAD holds is newer than a row that once left it."""
    found = {key_of(one): read(one, Revision) for one in apart}
    found |= {row.key: row for row in in_head(name, item)}
    return [row for row in found.values() if row.first >= oldest]


def older(item: Mapping[str, Any] | None) -> int:
    """How many of a name's rows have rows of their own."""
    return int(item["older"]["N"]) if item and "older" in item else 0


def attributes(item: Mapping[str, Any] | None) -> Item:
    """Those of a HEAD that hold its name's rows, as they are."""
    return {name: item[name] for name in ("rows", "older") if item and name in item}


def divided(
    rows: Sequence[Revision], before: Iterable[Revision], now: Revision
) -> tuple[list[Revision], list[Revision]]:
    """A name's rows in: those that its HEAD is to hold, and those that leave it for rows of their own.
    `before` are those that it holds; `now` is new or changed, and always in it."""
    held = {row.key for row in before} | {now.key}
    here = [row for row in rows if row.key in held]
    stay = sorted(here, key=lambda row: (row.key == now.key, row.last, row.order), reverse=True)[:INLINE]
    return sorted(stay, key=lambda row: row.order), [row for row in here if row not in stay]


def own_row(row: Revision, end: Item) -> Item:
    """A row of its own for a revision; `end` is its expiry."""
    return item_of(row.key, row) | end


def end_of(first: str, keep: timedelta | None) -> Item:
    """The expiry of a row that counts from `first`, as attributes; none for ever."""
    if keep is None:
        return {}
    return {"expires_at": {"N": str(int((read_time(first) + keep).timestamp()))}}

"""Records of articles in the bucket: a batch in one object, read one by one, erased without a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from newscast.articles import bodies, packs
from newscast.articles.identity import digest_of
from newscast.articles.packs import Place
from newscast.aws.objects import Objects
from newscast.records import TaggedArticle

TOGETHER = 3
"""Records of one pack that are asked for together, from which on the whole pack is read."""
MAX_TRIES = 12
"""Times that a pack is overwritten against other erasers."""


@dataclass(frozen=True)
class Archive:
    """The packs of one bucket. `kept` remembers what this delivery has put there."""

    objects: Objects
    now: Callable[[], datetime]
    kept: dict[tuple[str, str], Place] = field(default_factory=dict)
    """By a record's name and digest."""

    def gather(self, records: Sequence[tuple[str, TaggedArticle]]) -> None:
        """Put records into one pack, or a few, each for a name; those of an earlier batch are forgotten."""
        self.kept.clear()
        distinct = {(name, digest_of(record)): record for name, record in records}
        packed = packs.packed(
            [(name, bodies.pack(record)) for (name, _), record in distinct.items()], self.now().date()
        )
        places: list[Place] = []
        for one in packed:
            self.objects.write_file(one.object, one.content)
            places += one.places
        self.kept.update(zip(distinct, places, strict=True))

    def keep(self, name: str, record: TaggedArticle) -> str:
        """Where a record lies; it is put there by itself if it was not gathered."""
        digest = digest_of(record)
        if (name, digest) not in self.kept:
            (one,) = packs.packed([(name, bodies.pack(record))], self.now().date())
            self.objects.write_file(one.object, one.content)
            (self.kept[name, digest],) = one.places
        return str(self.kept[name, digest])

    def load(self, body: str) -> TaggedArticle:
        """The record that lies at a place. Raises ValueError if none does."""
        place = Place.read(body)
        return bodies.unpack(self.objects.part(place.object, place.offset, place.length))

    def load_all(self, wanted: Iterable[str]) -> Mapping[str, TaggedArticle]:
        """Records by their places; many of one pack by one call. Raises ValueError."""
        by_pack: dict[str, list[tuple[str, Place]]] = {}
        for body in dict.fromkeys(wanted):
            place = Place.read(body)
            by_pack.setdefault(place.object, []).append((body, place))
        found = {}
        for key, places in by_pack.items():
            whole = self.objects.read_file(key) if len(places) >= TOGETHER else None
            for body, place in places:
                if whole is None:
                    found[body] = self.load(body)
                else:
                    found[body] = bodies.unpack(whole[place.offset : place.offset + place.length])
        return found

    def unkeep(self, name: str, record: TaggedArticle, days: tuple[date, date]) -> None:
        """Erase one record where it is a name's in packs of these days, the last included."""
        body = bodies.pack(record)

        def its(content: bytes) -> list[tuple[int, int]]:
            found = packs.held(content, name)
            return [(start, size) for start, size in found if content[start : start + size] == body]

        for key in self._packs(name, days):
            self._blank(key, its)

    def remove(self, name: str, known: Iterable[str], days: tuple[date, date]) -> None:
        """Erase what lies at these places, and all that is a name's in packs of these days, the last
        included."""
        spans: dict[str, list[tuple[int, int]]] = {}
        for place in map(Place.read, known):
            spans.setdefault(place.object, []).append((place.offset, place.length))
        for key in self._packs(name, days):
            spans.setdefault(key, [])
        for key, its in spans.items():
            self._blank(key, lambda content, its=its: [*its, *packs.held(content, name)])  # type: ignore[misc]

    def _packs(self, name: str, days: tuple[date, date]) -> Iterator[str]:
        """Packs of these days that may hold something of a name."""
        day, last = days
        while day <= last:
            listed = self.objects.listed(f"{packs.PACKS}{day.isoformat()}/")
            yield from (key for key in listed if packs.may_hold(key, name))
            day += timedelta(days=1)

    def _blank(self, key: str, spans: Callable[[bytes], Sequence[tuple[int, int]]]) -> None:
        """Overwrite parts of a pack, whoever else does so at the same time."""
        for _ in range(MAX_TRIES):
            there = self.objects.tagged_file(key)
            if there is None:  # past its time
                return
            content, etag = there
            blank = packs.blanked(content, spans(content))
            if blank == content or self.objects.replace_file(key, blank, etag):
                return
        raise RuntimeError(f"{key} was overwritten by others {MAX_TRIES} times")

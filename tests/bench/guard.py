"""What the workers cost (newscast.guard): an article's CPU over all stages here and by workers, their start
and memory, and the dearest that a person writes beside each budget."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import msgspec
from tests.feeds.world import item, rss
from tests.normalise.golden_cases import GOLDEN, PAGE_URL, names

from newscast.feeds import guarded as feeds
from newscast.feeds.parse import parse_document
from newscast.gazetteer import packaged
from newscast.guard.budget import NORMALISE, PAGE, PARSE, TAG, Budget
from newscast.normalise import guarded as entries
from newscast.normalise import guarded_page as pages
from newscast.normalise.article import article
from newscast.records import Article, Entry, Markup
from newscast.tag import guarded as tagging
from newscast.tag import tag

NOW = datetime(2024, 7, 12, 12, tzinfo=UTC)
ROOMS: dict[str, tuple[ModuleType, Budget]] = {
    "parse": (feeds, PARSE),
    "normalise": (entries, NORMALISE),
    "page": (pages, PAGE),
    "tag": (tagging, TAG),
}
A_DOCUMENT = 12
"""Entries of a feed's document."""
ROUNDS = 40
SAID = (
    "Lloyd Austin told Andrey Belousov that lines of communication must stay open, the Pentagon said.",
    "The European Commission will propose rules for carbon markets, its president Ursula von der Leyen said.",
    "Protesters gathered in front of the parliament in Tbilisi while police closed the avenue to traffic.",
    "Analysts in Frankfurt expect the European Central Bank to hold its rates when it meets next week.",
    "Residents of Khartoum said that shelling by the Rapid Support Forces had gone on through the night.",
    "A spokesman of the Israeli army said that three soldiers were wounded near the border with Lebanon.",
)


def main() -> None:
    _starts()
    _article()
    _dearest()


def _starts() -> None:
    for name, (room, _) in ROOMS.items():
        room.close()
        began = time.perf_counter()
        room._worker.told()
        wall = time.perf_counter() - began
        lacks = ", ".join(room._worker.told().lacks) or "nothing"
        print(
            f"{name:<10} starts in {wall:4.2f} s, {_child(room) * 1000:3.0f} ms of CPU,"
            f" {_held(room):3} MB; it lacks {lacks}"
        )


def _texts(count: int) -> list[str]:
    dice = random.Random(20241125)
    return [" ".join(dice.choice(SAID) for _ in range(dice.choice((1, 2, 2, 3, 8)))) for _ in range(count)]


def _article() -> None:
    """CPU of an article from its feed's bytes to its tags, in this process and by workers."""
    texts = _texts(A_DOCUMENT * 8)
    documents = [
        rss(*(item(n, description=text) for n, text in enumerate(texts[at : at + A_DOCUMENT], at)))
        for at in range(0, len(texts), A_DOCUMENT)
    ]
    gazetteer = packaged.load()

    def here(document: bytes) -> None:
        for made in (article(entry) for entry in _entries(parse_document(document).entries)):
            tag(made.reading(), gazetteer, date(2024, 7, 12), "en")

    def by_workers(document: bytes) -> None:
        # As the functions do it: a batch at one go.
        found = _entries(feeds.read(document).entries)
        made = [one.article for one in entries.read_many(found, "never") if one]
        asked = [tagging.Asked(one.reading(), date(2024, 7, 12), "en", 0) for one in made]
        if len([one for one in tagging.read_many(asked) if one]) != len(found):
            raise RuntimeError("not all were read")

    each: dict[str, float] = {}
    for name, way in (("in one process", here), ("by workers", by_workers), ("in one process again", here)):
        for document in documents:
            way(document)
        before = _all()
        for _ in range(ROUNDS):
            for document in documents:
                way(document)
        each[name] = (_all() - before) / (ROUNDS * len(texts)) * 1000
        print(f"an article {name:<22} {each[name]:5.2f} ms of CPU")
    least = min(each["in one process"], each["in one process again"])
    print(f"workers cost {each['by workers'] - least:4.2f} ms of CPU an article over all stages")


def _entries(parsed: tuple[msgspec.Struct, ...]) -> list[Entry]:
    return [
        Entry(
            **msgspec.structs.asdict(one),
            feed_id="f",
            source="site.example",
            feed_url="https://site.example/rss",
            observed_at=NOW,
        )
        for one in parsed
    ]


def _dearest() -> None:
    """The largest that is read of each kind, beside its budget."""
    long = " ".join(SAID) + "\n\n"
    made = article(_entry("Ministers speak.", ""))
    items = [item(n, description=long * 6) for n in range(2_000)]
    page = (GOLDEN / f"{names('.html')[0]}.html").read_bytes()
    cases: list[tuple[str, str, Callable[[], object]]] = [
        ("parse", "a feed of 2,000 entries, 8 MB", lambda: feeds.read(rss(*items))),
        ("normalise", "a long read, 100,000 characters", lambda: _normalise(long * 160)),
        ("normalise", "the longest text, 400,000 characters", lambda: _normalise(long * 640)),
        ("page", "a golden page", lambda: pages.read(made, page, PAGE_URL, None)),
        ("page", "a page of 4 MB of prose", lambda: pages.read(made, _page(long), PAGE_URL, None)),
        ("tag", "a long read, 100,000 characters", lambda: _tag(long * 160)),
        ("tag", "the longest text, 400,000 characters", lambda: _tag(long * 640)),
    ]
    for name, what, run in cases:
        room, budget = ROOMS[name]
        room.close()
        room._worker.told()
        before, held = _child(room), _held(room)
        run()
        died = room._worker.pid is None
        spent = "given up" if died else f"{_child(room) - before:4.2f} s of {budget.cpu_seconds:g}"
        more = "" if died else f", {_peak(room) - held:3} MB of {budget.memory >> 20}"
        print(f"{name:<10} {what:<38} {spent}{more}")


def _entry(title: str, text: str) -> Entry:
    return Entry(
        feed_id="f",
        source="site.example",
        feed_url="https://site.example/rss",
        link=PAGE_URL,
        observed_at=NOW,
        title=Markup(value=title),
        content=Markup(value=text),
    )


def _normalise(text: str) -> Article:
    return entries.read(_entry("Ministers speak", f"<p>{text.replace(chr(10), '<p>')}"), "never").article


def _tag(text: str) -> object:
    try:
        return tagging.read(tagging.Asked(text, NOW.date(), "en", 0))
    except Exception as error:
        return error


def _page(long: str) -> bytes:
    return f"<html><title>Ministers speak</title><article>{f'<p>{long}</p>' * 6_000}</article>".encode()[
        : 4 << 20
    ]


# ------------------------------------------------------------------------- what was spent
def _all() -> float:
    return time.process_time() + sum(_child(room) for room, _ in ROOMS.values())


def _child(room: ModuleType) -> float:
    """Seconds of CPU of a worker so far."""
    pid = room._worker.pid
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _held(room: ModuleType) -> int:
    return int(_status(room, "VmRSS"))


def _peak(room: ModuleType) -> int:
    return int(_status(room, "VmHWM"))


def _status(room: ModuleType, name: str) -> float:
    lines = Path(f"/proc/{room._worker.pid}/status").read_text(encoding="ascii").splitlines()
    found = next((line for line in lines if line.startswith(f"{name}:")), "0 0")
    return int(found.split()[1]) / 1024


if __name__ == "__main__":
    main()

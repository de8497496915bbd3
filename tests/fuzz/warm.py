"""Everything that is made once a process, made: else the first measurement of a length pays for it."""

from __future__ import annotations

from tests.fuzz.rooms import ROOMS
from tests.fuzz.shape import Shape

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "uk", "ar", "zh", "he", "hi", "xx")
SAMPLE = "Moscow said that Lloyd Austin had called (AP). The minister met Mr. Smith in Austin, Texas. "
KINDS = {
    "text": SAMPLE,
    "markup": f"<p>{SAMPLE * 9}</p><ul><li>a</li></ul>",
    "json": '{"a": [1]}',
    "field": "a",
}


def warm() -> None:
    """Have every room work once, in every language that has tables."""
    for room in ROOMS.values():
        for kind in room.kinds:
            for language in LANGUAGES:
                room.work(Shape("title: a", kind, lambda _: "", language), KINDS[kind])()

"""Names that a statistical model finds: evidence for those that no rule and no row of the gazetteer knows.

Optional, and never needed. A model is named by the path of what makes it; nothing that it does stops tagging:
what can't be used of its answer is left out and told.
"""

from __future__ import annotations

import importlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache
from typing import Literal, Protocol, get_args

from msgspec import Struct

from newscast.tag.scan import Scan
from newscast.tag.span import Span

Kind = Literal["person", "organisation", "group"]
ENOUGH = 0.5
"""Score from which a name counts."""
_KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}


class RecogniserError(ValueError):
    """A recogniser that can't be loaded; the message is one line that names it."""


class Recogniser(Protocol):
    """A model that finds names."""

    @property
    def model(self) -> str:
        """Its name and version, which stand beside each name that it alone has found."""

    def names(self, text: str, language: str) -> Iterable[tuple[int, int, str, float]]:
        """Start, end (code points, end exclusive), kind (one of `Kind`) and score (0 to 1) of each name.

        `language` is a primary tag ("en"); a model that can't read it gives nothing.
        """


class Name(Struct, frozen=True):
    """One name that a model found, checked."""

    start: int
    end: int
    kind: Kind
    score: float


class Recognised(Struct, frozen=True, kw_only=True):
    """A model's answer for one text."""

    model: str
    names: tuple[Name, ...] = ()
    problems: tuple[str, ...] = ()
    """What was left out, and why; a line each."""


@cache
def load(path: str) -> Recogniser:
    """The recogniser that `package.module:factory` or `package.module:factory:argument` makes.

    Raises RecogniserError.
    """
    module, _, rest = path.partition(":")
    factory, _, argument = rest.partition(":")
    try:
        make = getattr(importlib.import_module(module), factory)
        made: Recogniser = make(argument) if argument else make()
        told = isinstance(made.model, str) and callable(made.names)
    except Exception as error:  # whatever a foreign module does
        said = (str(error).splitlines() or [""])[0]
        raise RecogniserError(f"recogniser {path} can't be loaded: {type(error).__name__}: {said}") from error
    if not told:
        raise RecogniserError(f"recogniser {path} is none: it needs `model` and `names`")
    return made


def recognise(recogniser: Recogniser, text: str, language: str | None) -> Recognised:
    """A model's names in a text, those that can't be left out. Never raises."""
    names: list[Name] = []
    problems: list[str] = []
    try:
        for start, end, kind, score in recogniser.names(text, (language or "en").split("-")[0].lower()):
            if not (0 <= start < end <= len(text)):
                problems.append(f"{recogniser.model}: a span outside of the text: {start} to {end}")
            elif kind not in _KINDS or not (0 <= score <= 1):
                problems.append(f"{recogniser.model}: no kind and score of a name: {kind}, {score}")
            else:
                names.append(Name(start, end, _KINDS[kind], score))
    except Exception as error:  # whatever a foreign model does
        problems.append(f"{recogniser.model} failed: {type(error).__name__}: {error}")
    return Recognised(model=recogniser.model, names=tuple(names), problems=tuple(problems))


def merge(scan: Scan, found: Recognised) -> None:
    """Add each name of which no word is known."""
    rule = f"recogniser: {found.model}"
    taken = _known(scan)
    for name in sorted(found.names, key=lambda name: (-name.score, name.start, -name.end)):
        i, j = _words(scan, name)
        if i == j or any(taken[i:j]):
            continue
        if why := _no_name(scan, i, j) or (f"score {name.score:.2f}" if name.score < ENOUGH else ""):
            scan.reject(i, j, name.kind, f"{rule}, but {why}")
            continue
        scan.spans.append(Span(i, j, name.kind, rule, model=found.model))
        taken[i:j] = [True] * (j - i)
    scan.spans.sort(key=lambda span: span.i)


def _no_name(scan: Scan, i: int, j: int) -> str:
    """Why capitals tell nothing of these words, whatever a model says; empty if they may be a name."""
    reading, lex = scan.reading, scan.lex
    if reading.key(i, j) in lex.stop_names:
        return "stop name"
    if reading.words[i].islower() and not reading.caseless:
        return "in lower case"
    if reading.headline(i):
        return "a line in title case"
    return "common words" if all(key in lex.common for key in reading.keys[i:j]) else ""


def _known(scan: Scan) -> list[bool]:
    """By word: whether it is in a mention, in its role, in a row's name or in what a rule calls no actor."""
    taken = scan.taken()
    known = [(match.i, match.j) for match in scan.matches.values()]
    known += [(one.i, one.j) for one in scan.rejected if one.candidate in ("event", "nothing")]
    known += [(title.i, title.j) for span in scan.spans if (title := span.title)]
    for i, j in known:
        taken[i:j] = [True] * (j - i)
    return taken


def _words(scan: Scan, name: Name) -> tuple[int, int]:
    """The words that a name touches, without an article before it and a possessive ending behind it."""
    reading = scan.reading
    i, j = bisect_right(reading.ends, name.start), bisect_left(reading.starts, name.end)
    if i >= j:
        return 0, 0
    while i < j and reading.keys[i] in scan.lex.function_words:
        i += 1
    while j - 1 > i and reading.keys[j - 1] == "s" and reading.gaps[j - 1] in ("'", "’"):
        j -= 1
    return i, j

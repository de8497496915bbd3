"""Open elements' attributes in, what holds for what stands in them out: namespaces, language, base."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin

from newscast.feeds import vocabulary
from newscast.feeds.vocabulary import FOREIGN, NATIVE


class _Outside(NamedTuple):
    """What held outside of an element that changed it."""

    depth: int
    language: str | None
    base: str
    prefixes: tuple[str, ...]


class Scopes:
    """What is declared where we are in a document. Its cost is that of the declarations, however deep."""

    def __init__(self) -> None:
        self.language: str | None = None
        self.base = ""
        self.version = ""
        """The format that the first known namespace speaks for; empty for none."""
        self.names: dict[str, str] = {}
        """Names as written → names of the vocabulary, as far as asked for."""
        self.depth = 0
        """Of the innermost element that declares anything; 0 for none."""
        self._outside: list[_Outside] = []
        self._prefixes: dict[str, list[str]] = {}

    def enter(self, depth: int, attributes: dict[str, str]) -> None:
        """Take in what an element at this depth declares."""
        declared: list[str] = []
        language, base = self.language, self.base
        for key, value in attributes.items():
            if key.startswith("xmlns"):
                self._declare(key[6:], value, depth)
                declared.append(key[6:])
            elif key in ("xml:lang", "lang"):
                language = value.replace("_", "-") or None
            elif key == "xml:base":
                base = self.resolved(value) or base
        if declared or language != self.language or base != self.base:
            self._outside.append(_Outside(depth, self.language, self.base, tuple(declared)))
            self.language, self.base, self.depth = language, base, depth

    def leave(self) -> None:
        """Forget what the innermost element that declares anything declared."""
        outside = self._outside.pop()
        self.language, self.base = outside.language, outside.base
        for prefix in outside.prefixes:
            self._prefixes[prefix].pop()
        if outside.prefixes:
            self.names.clear()
        self.depth = self._outside[-1].depth if self._outside else 0

    def name(self, written: str) -> str:
        """The vocabulary's name of an element or attribute: `d:creator` is `dc:creator`."""
        prefix, _, local = written.rpartition(":")
        meanings = self._prefixes.get(prefix)
        undeclared = vocabulary.usual(prefix, None) if prefix else NATIVE
        meaning = meanings[-1] if meanings else undeclared
        found = self.names[written] = vocabulary.named(meaning, local.lower())
        return found

    def resolved(self, address: str) -> str:
        """An address made absolute by xml:base, where there is one."""
        if not self.base:
            return address
        try:
            return urljoin(self.base, address)
        except ValueError:
            return address

    def _declare(self, prefix: str, uri: str, depth: int) -> None:
        meaning = vocabulary.usual(prefix, uri)
        if not prefix and meaning == FOREIGN and depth <= 2:
            meaning = NATIVE  # a feed in a namespace of its own is a feed all the same
        self._prefixes.setdefault(prefix, []).append(meaning)
        self.names.clear()
        self.version = self.version or vocabulary.version(prefix, uri)

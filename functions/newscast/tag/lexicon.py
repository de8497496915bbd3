"""The tables that rules read: one folder of words for each language, and names that hold for all.

Files are described in data/README.md. Everything is read once a process, on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

from newscast.gazetteer.tokens import fold, key_of

_DATA = Path(__file__).parent / "data"
_COMMENT = re.compile(r"^#.*", re.MULTILINE)


class RoleWord(Struct, frozen=True):
    """What a role noun says: the office it names (empty where none), and its holder's sector."""

    office: str
    sector: str


class Agent(Struct, frozen=True):
    """What an agent noun says: CAMEO and PLOVER sector; `bare` if it says that without a country."""

    cameo: str
    plover: str
    bare: bool


class Lexicon(Struct, frozen=True, kw_only=True):
    """One language's words, all by key (`gazetteer.tokens.key_of`)."""

    language: str
    function_words: frozenset[str]
    common: frozenset[str]
    roles: dict[str, RoleWord]
    modifiers: dict[str, str]
    honorifics: frozenset[str]
    agents: dict[str, Agent]
    agent_starts: frozenset[str]
    people_agents: dict[str, Agent]
    """What follows a people: all of `agents`, and nouns that say nothing after a country ("tribes")."""
    org_heads: dict[str, str]
    alone: frozenset[str]
    """Heads that are an organisation by themselves."""
    place_heads: frozenset[str]
    event_heads: frozenset[str]
    stop_names: frozenset[str]
    connectors: dict[str, str]
    speech: frozenset[str]
    report: frozenset[str]
    act: frozenset[str]
    cues: dict[str, frozenset[str]]
    """Small sets by name; data/en/cues.txt says what each is for. A set that a language lacks is empty."""
    according_ends: frozenset[str]
    """Last words of the cues "according" that are two words."""
    past_endings: tuple[str, ...]
    adverb_endings: tuple[str, ...]
    combining: dict[str, str]
    """What stands for a country before a hyphen: sino → CHN."""
    patterns: tuple[tuple[str, tuple[str, ...]], ...]
    """What is found, and the elements that make it, in their order."""

    @property
    def guesses(self) -> bool:
        """Whether names that no list holds may be guessed from capitals: that wants the common words."""
        return bool(self.common)


class Cues(dict[str, frozenset[str]]):
    """Sets of words by name; one that no file gives is empty."""

    def __missing__(self, name: str) -> frozenset[str]:
        return frozenset()


class Names(Struct, frozen=True, kw_only=True):
    """Names that hold for all languages, as written."""

    first: frozenset[str]
    surnames: frozenset[str]
    places: dict[str, str]
    """Name → country, QID and "1" if it stands without a cue, parted by tabs."""


def _lines(path: Path) -> Iterator[str]:
    """Lines that say something; a language needs not have every file."""
    if not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _words(path: Path) -> frozenset[str]:
    return frozenset(_COMMENT.sub("", path.read_text("utf-8")).split()) if path.exists() else frozenset()


def _folded(path: Path) -> frozenset[str]:
    return frozenset(map(fold, _words(path)))


def _table(path: Path) -> Iterator[list[str]]:
    return (line.split("\t") for line in _lines(path))


def _sections(path: Path) -> Cues:
    """ "[name] what it is for", then its words."""
    sections: dict[str, set[str]] = {}
    name = ""
    for line in _lines(path):
        if line.startswith("["):
            name = line[1 : line.index("]")]
            sections[name] = set()
        else:
            sections[name].update(map(fold, line.split()))
    return Cues((name, frozenset(words)) for name, words in sections.items())


def _agents(path: Path) -> dict[str, Agent]:
    return {key_of(noun): Agent(cameo, plover, bare == "1") for noun, cameo, plover, bare in _table(path)}


def _patterns(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in _lines(path):
        made, _, elements = line.partition(" = ")
        yield made.strip(), tuple(elements.split())


LANGUAGES = frozenset(folder.name for folder in _DATA.iterdir() if folder.is_dir())
"""Languages that have a grammar; others have the gazetteer's names alone."""


@cache
def lexicon(language: str) -> Lexicon:
    """The tables of a language of LANGUAGES; all empty for one that has no grammar (an empty name)."""
    folder = _DATA / (language or "-")
    roles = {
        key_of(text): RoleWord("" if office == "-" else office, "" if sector == "-" else sector)
        for text, office, sector in _table(folder / "role_words.tsv")
    }
    agents = _agents(folder / "agents.tsv")
    heads = list(_table(folder / "org_heads.tsv"))
    cues = _sections(folder / "cues.txt")
    stop = (name.strip() for line in _lines(folder / "stop_names.txt") for name in line.split(","))
    return Lexicon(
        language=language,
        function_words=_words(folder / "function_words.txt"),
        common=_words(folder / "common.txt"),
        roles=roles,
        modifiers={key_of(word): effect for word, effect in _table(folder / "role_modifiers.tsv")},
        honorifics=frozenset(key_of(word) for word in _words(folder / "honorifics.txt")),
        agents=agents,
        agent_starts=frozenset(key.split(" ")[0] for key in agents),
        people_agents=agents | _agents(folder / "people_agents.tsv"),
        org_heads={key_of(row[0]): row[1] for row in heads},
        alone=frozenset(key_of(row[0]) for row in heads if row[2:] == ["alone"]),
        place_heads=_words(folder / "place_heads.txt"),
        event_heads=_words(folder / "event_heads.txt"),
        stop_names=frozenset(key_of(name) for name in stop),
        connectors={key_of(word) or word: use for word, use in _table(folder / "connectors.tsv")},
        speech=_folded(folder / "speech_verbs.txt"),
        report=_folded(folder / "report_verbs.txt"),
        act=_folded(folder / "act_verbs.txt"),
        cues=cues,
        according_ends=frozenset(cue.split("_")[1] for cue in cues["according"] if "_" in cue),
        past_endings=tuple(cues["past endings"]),
        adverb_endings=tuple(cues["adverb endings"]),
        combining={fold(form): country for form, country in _table(folder / "combining.tsv")},
        patterns=tuple(_patterns(folder / "patterns.txt")),
    )


@cache
def names() -> Names:
    """First names, surnames and places."""
    places = (_DATA / "places.tsv").read_text("utf-8")
    return Names(
        first=_words(_DATA / "first_names.txt"),
        surnames=_words(_DATA / "surnames.txt"),
        places=dict(line.split("\t", 1) for line in places.splitlines()),
    )

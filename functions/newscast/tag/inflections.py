"""Words of a text in a language that bends names → keys that the gazetteer knows: "России" → "Россия"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

from newscast.gazetteer import scripts
from newscast.gazetteer.tokens import fold
from newscast.tag.match import Matcher
from newscast.tag.reading import Reading

_DATA = Path(__file__).parent / "data"
SHORTEST_STEM = 3
"""Letters that must stay of a word, else an ending is the word."""
LONGEST_SPELT = 4
"""Words of a person's name."""
LONGEST_NAME = 4
"""Words of a name whose every word may bend: "Объединённых Арабских Эмиратов"."""


class Endings(dict[str, list[tuple[str, str]]]):
    """Last letter → (an ending, what stands there in the name); a word is asked for a few of them."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Endings:
        endings = cls()
        for ending, base in pairs:
            endings.setdefault(ending[-1], []).append((ending, base))
        return endings


class Bending(Struct, frozen=True):
    """What a language does to names, all by key."""

    names: Endings
    adjectives: Endings
    """The same for words in lower case that say of which country something is."""
    clitics: tuple[str, ...]
    """What is written onto the front of a name, shortest first: a longer one may take an article along."""


def _rows(file: str, language: str) -> Iterator[list[str]]:
    for line in (_DATA / file).read_text("utf-8").splitlines():
        cells = line.split("\t")
        if cells[0] == language and not line.startswith("#"):
            yield cells


@cache
def bending(language: str) -> Bending:
    """The tables of a language; empty for one that leaves names as they are."""
    endings = [(fold(cells[1]), fold(cells[2]), cells[3:]) for cells in _rows("inflections.tsv", language)]
    return Bending(
        Endings.of((ending, base) for ending, base, kind in endings if kind != ["adjective"]),
        Endings.of((ending, base) for ending, base, kind in endings if kind == ["adjective"]),
        tuple(sorted((fold(cells[1]) for cells in _rows("clitics.tsv", language)), key=len)),
    )


def unbend(reading: Reading, matcher: Matcher) -> None:
    """Change the keys of bent names in place; what is written onto a name's front is cut off its word."""
    table = bending(reading.language)
    reading.bent = True
    if table.clitics:
        _cut_clitics(reading, matcher, table.clitics)
    if reading.language in scripts.ARABIC.languages.split(" "):
        _arabic(reading, matcher)
    at = 0 if table.names or table.adjectives else reading.count
    while at < reading.count:
        if reading.caps[at] and (end := _as_it_stands(reading, matcher, at)) > at + 1:
            at = end
            continue
        if table.adjectives and reading.caps[at] and reading.opens(at):
            _adjective(reading, matcher, table.adjectives, at)  # "Polskie" begins a sentence, "Polski" owns
            if _demonym(reading, matcher, reading.keys[at]):
                at += 1
                continue
        end = _name(reading, matcher, table.names, at) if table.names and reading.caps[at] else at + 1
        if end == at + 1 and table.adjectives:
            _adjective(reading, matcher, table.adjectives, at)
        at = end


def _as_it_stands(reading: Reading, matcher: Matcher, at: int) -> int:
    """The word after the longest name that the words are without a change; `at` if there is none."""
    keys, entry, end, longest = reading.keys, matcher.gazetteer.entry, at + 1, at
    key = keys[at]
    while True:
        known = entry(key)
        longest = end if known.found else longest
        if not known.longer or end == reading.count or reading.gaps[end] not in (" ", "-", "'", "’"):
            return longest
        key, end = f"{key} {keys[end]}", end + 1


def _arabic(reading: Reading, matcher: Matcher) -> None:
    """Change the keys of people's names that the gazetteer has in Latin letters alone."""
    at = 0
    while at < reading.count:
        end = _as_it_stands(reading, matcher, at)
        if end < at + 2 and (spelt := _spelt(reading, matcher, Endings(), at)):
            end = at + len(spelt)
            reading.keys[at:end] = spelt
        at = max(end, at + 1)


def bases(key: str, endings: Endings) -> Iterator[str]:
    """What a word may be with its ending taken back."""
    for ending, base in endings.get(key[-1:], ()):
        stem = key[: len(key) - len(ending)]
        if key.endswith(ending) and len(stem) >= SHORTEST_STEM:
            yield stem + base


def _name(reading: Reading, matcher: Matcher, endings: Endings, at: int) -> int:
    """Unbend the name that begins at a word; the word after it."""
    keys, entry = reading.keys, matcher.gazetteer.entry
    known = [[one] for one in (keys[at], *bases(keys[at], endings))]
    best: list[str] = []
    for n in range(at + 1, min(at + LONGEST_NAME, reading.count) + 1):
        known = [one for one in known if entry(" ".join(one)).longer]
        if not known or n == reading.count or not reading.caps[n] or reading.gaps[n] not in (" ", "-"):
            break
        known = [[*one, key] for one in known for key in (keys[n], *bases(keys[n], endings))]
        best = next((one for one in known if entry(" ".join(one)).found), best)
    if len(best) < 2 and (spelt := _spelt(reading, matcher, endings, at)):
        best = spelt
    if not best and not matcher.begins(keys[at]):
        best = [next(filter(matcher.gazetteer.lookup, bases(keys[at], endings)), keys[at])]
    keys[at : at + len(best)] = best
    return at + max(len(best), 1)


def _spelt(reading: Reading, matcher: Matcher, endings: Endings, at: int) -> list[str]:
    """Keys of a person's name that the gazetteer has in Latin letters alone: "Шавкатом Мирзиёевым".

    As many as words, though an article says nothing: it is empty, and left out of the name's key.
    """
    script = scripts.script_of(reading.words[at][0])
    if script is None or reading.words[at].startswith(scripts.ARTICLE):
        return []  # "السعودي فيصل": no first name has an article
    entry, best = matcher.gazetteer.entry, ""
    known = _spellings(reading.keys[at], endings, script)
    for n in range(at + 1, min(at + LONGEST_SPELT, reading.count)):
        if reading.gaps[n] not in (" ", "-") or (script is scripts.CYRILLIC and not reading.caps[n]):
            break
        # Only what names go on from: of all spellings of four words there are thousands.
        begun = [one for one in known if entry(one).longer]
        if not begun:
            break
        known = [f"{one} {key}" for one in begun for key in _spellings(reading.keys[n], endings, script)]
        enough = n + 1 - at + script.shortest + len(script.mark) * (n + 1 - at) - 1
        best = next((one for one in known if len(one) >= enough and entry(one).found), best)
    return best.split(" ") if best else []


def _spellings(word: str, endings: Endings, script: scripts.Script) -> list[str]:
    """What a word is as a part of a person's key, as it is and with its ending taken back; none twice."""
    bones = (scripts.skeleton(one, script) for one in (word, *bases(word, endings)))
    return list(dict.fromkeys(script.mark + bone for bone in bones if bone))


def _adjective(reading: Reading, matcher: Matcher, endings: Endings, at: int) -> None:
    """ "russischen" → "russisch", if that is what the language calls a country's things; "India" stays."""
    key, surface = reading.keys[at], reading.words[at]
    found = matcher.gazetteer.lookup(key)
    if found and any(one.speaks(reading.language) and one.fits(surface) for one in found.aliases):
        return
    reading.keys[at] = next((base for base in bases(key, endings) if _demonym(reading, matcher, base)), key)


def _demonym(reading: Reading, matcher: Matcher, key: str) -> bool:
    found = matcher.gazetteer.lookup(key)
    return found is not None and any(
        alias.form == "demonym" and reading.language in alias.language.split(" ") for alias in found.aliases
    )


def _cut_clitics(reading: Reading, matcher: Matcher, clitics: tuple[str, ...]) -> None:
    for at, key in enumerate(reading.keys):
        if matcher.begins(key):
            continue
        for clitic in clitics:
            rest = key[len(clitic) :]
            if not key.startswith(clitic) or len(rest) < SHORTEST_STEM:
                continue
            start, end = reading.starts[at], reading.ends[at]
            if reading.text[start : start + len(clitic)] == clitic and (found := _known(matcher, rest)):
                reading.keys[at] = found
                reading.starts[at] = start + len(clitic)
                reading.words[at] = reading.text[start + len(clitic) : end]
                break


def _known(matcher: Matcher, rest: str) -> str:
    """The key that the gazetteer knows: Arabic merges a clitic with the article of a name."""
    return next((key for key in (rest, "ال" + rest) if matcher.begins(key)), "")

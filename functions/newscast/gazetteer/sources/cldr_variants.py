"""CLDR's short and variant names of territories, of the UN and the EU → data/aliases/countries-variants.csv,
and its names of continents that hold a country's name → data/places/continents.csv; both all generated.

Run: npm pack cldr-localenames-full@48.2.0, unpack it, then
python -m newscast.gazetteer.sources.cldr_variants package/main

babel, which countries-cldr.csv is made of, leaves these out: "США", "EUA", "Česká republika", "南アメリカ".
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import read
from newscast.gazetteer.sources import write
from newscast.gazetteer.sources.cldr import alpha2_codes
from newscast.gazetteer.tokens import key_of

BODIES = {"UN": "org:UN", "EU": "org:EU"}
CONTINENTS = ("003", "005", "013", "018", "019", "021", "419")
"""The Americas' parts and Southern Africa: in many languages they hold a country's name."""
TWO_LETTERS = frozenset(["da", "fi", "id", "is", "lt", "nb", "nl", "pl", "sl", "sv", "tr"])
"""Languages whose short forms of two Latin letters mean nothing else when capital."""
Named = dict[tuple[str, str], set[str]]
"""(actor or continent, name) → languages."""


def names(folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """(CLDR's code, name, language, whether it is a variant) of every language that is no region's."""
    for file in sorted(folder.glob("*/territories.json")):
        locale = file.parent.name
        language, *more = locale.split("-")
        if language == "en" or any(len(part) < 4 or part.islower() for part in more):
            continue
        territories = json.loads(file.read_text("utf-8"))["main"][locale]["localeDisplayNames"]["territories"]
        for code, text in territories.items():
            yield code, text, locale, "-alt-" in code


def usable(text: str, code: str, language: str) -> bool:
    """Whether a short form can stand for its actor in a text of that language."""
    letters = [letter for letter in text if letter.isalpha()]
    if text == code or code in text or len(letters) < 2:
        return False
    latin = all(letter < "\u0250" for letter in letters)
    return len(letters) > 2 or not latin or language.split("-", maxsplit=1)[0] in TWO_LETTERS


NOT_MEANT = frozenset(("中美",))
"""Names of continents that mean something else in news: China and the United States."""


def collect(folder: Path, alpha3: dict[str, str]) -> tuple[Named, Named]:
    """Names of actors, and of continents."""
    actors: Named = defaultdict(set)
    continents: Named = defaultdict(set)
    for full, text, language, variant in names(folder):
        code = full.split("-")[0]
        actor = BODIES.get(code) or (f"country:{alpha3[code]}" if code in alpha3 and variant else "")
        if actor and usable(text, full, language):
            actors[actor, text].add(language)
        elif code in CONTINENTS and not variant:
            continents[code, text].add(language)
    return actors, continents


def main(folder: str) -> int:
    """Write both files anew."""
    told, _ = read(DATA)
    known: dict[str, set[str]] = defaultdict(set)
    everywhere = {key_of(actor.name) for actor in told.actors}
    for alias in told.aliases:
        if not alias.row.startswith("aliases/countries-variants"):
            known[key_of(alias.text)].add(alias.actor)
            if alias.language in ("", "en"):
                everywhere.add(key_of(alias.text))
    countries = {actor.country for actor in told.actors if actor.kind == "country"}
    alpha3 = {code: alpha3 for alpha3, code in alpha2_codes().items() if alpha3 in countries}
    actors, continents = collect(Path(folder), alpha3)
    owners: dict[str, set[str]] = defaultdict(set)
    for actor, text in actors:
        owners[key_of(text)].add(actor)
    rows = []
    for (actor, text), languages in sorted(actors.items()):
        key = key_of(text)
        if key and owners[key] | known[key] == {actor} and key not in everywhere:
            form = "acronym" if text.isupper() and len(text) < 8 else "name"
            rows.append([actor, text, " ".join(sorted(languages)), form, "", "", "cldr-json", "checked"])
    _write(DATA / "aliases" / "countries-variants.csv", "aliases", rows)
    places = [
        [text, " ".join(sorted(languages)), "", "", "region", "", "cldr-json", "checked"]
        for (_, text), languages in sorted(continents.items(), key=lambda one: one[0][1])
        if any(letter > "\u024f" for letter in text) and text not in NOT_MEANT
    ]
    _write(DATA / "places" / "continents.csv", "places", places)
    return 0


def _write(out: Path, kind: str, rows: list[list[str]]) -> None:
    write(out, kind, rows)
    sys.stdout.write(f"{out.name}: {len(rows)} names\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

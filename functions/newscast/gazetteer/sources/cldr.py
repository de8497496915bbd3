"""CLDR's names of territories in every locale → data/aliases/countries-cldr.csv, all of it generated.

Run: uv run --with babel==2.18.0 python -m newscast.gazetteer.sources.cldr

English names stand in countries-en.csv, where people edit them. A name that two countries would share
("Guinea" in one language, "Equatorial Guinea" short in another) is left out, as is what CLDR did not
translate (a bare code). A bracket is cut off where what is left is still one country's alone.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import read
from newscast.gazetteer.sources import write
from newscast.gazetteer.tokens import key_of

OUT = DATA / "aliases" / "countries-cldr.csv"
_BRACKET = re.compile(r"\s*[(\uff08\[].*?[)\uff09\]]\s*")


def names(alpha2: dict[str, str]) -> dict[tuple[str, str], set[str]]:
    """(alpha-3, name) → languages that write it so; `alpha2` maps CLDR's codes to alpha-3."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for identifier in sorted(localedata.locale_identifiers()):
        locale = Locale.parse(identifier)
        if locale.language == "en" or locale.territory:
            continue  # regional variants (fr_CA) differ in spelling alone, and add noise
        language = f"{locale.language}-{locale.script}" if locale.script else locale.language
        for code, text in locale.territories.items():
            if code in alpha2 and text != code:
                found[alpha2[code], text].add(language)
    return found


def rows(found: dict[tuple[str, str], set[str]], english: dict[str, set[str]]) -> list[list[str]]:
    """CSV rows, sorted: one for each country and spelling, with all its languages."""
    spelt: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    owners: dict[str, set[str]] = defaultdict(set)
    for (alpha3, text), languages in found.items():
        short = _BRACKET.sub(" ", text).strip()
        spelt[short][alpha3] |= languages
        owners[key_of(short)].add(alpha3)
    made = []
    for text, countries in spelt.items():
        key = key_of(text)
        # Not what two countries share; not what English writes too, or means another country by.
        if len(owners[key]) > 1 or not key or key in english:
            continue
        [(alpha3, languages)] = countries.items()
        actor = f"country:{alpha3}"
        made.append([actor, text, " ".join(sorted(languages)), "name", "", "", "cldr", "checked"])
    return sorted(made)


def main(out: Path = OUT) -> int:
    """Write the file anew from the installed CLDR and the countries of the gazetteer."""
    told, _ = read(DATA)
    english: dict[str, set[str]] = defaultdict(set)
    for actor in told.actors:
        if actor.kind == "country":
            english[key_of(actor.name)].add(actor.country)
    for alias in told.aliases:
        if alias.actor.startswith("country:") and alias.language == "en":
            english[key_of(alias.text)].add(alias.actor.removeprefix("country:"))
    countries = {actor.country for actor in told.actors if actor.kind == "country"}
    alpha2 = {new: old for old, new in alpha2_codes().items() if old in countries}
    written = rows(names(alpha2), english)
    write(out, "aliases", written)
    sys.stdout.write(f"{out.name}: {len(written)} names of {len(alpha2)} countries\n")
    return 0


def alpha2_codes() -> dict[str, str]:
    """alpha-3 → CLDR's code, by CLDR's own aliases; Kosovo has none there."""
    pairs = get_global("territory_aliases")
    return {old: new[0] for old, new in pairs.items() if len(old) == 3 and len(new) == 1} | {"XKX": "XK"}


if __name__ == "__main__":
    sys.exit(main())

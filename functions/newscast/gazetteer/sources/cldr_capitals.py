"""CLDR's names of the cities that time zones are called after → data/aliases/capitals-cldr.csv, generated.

Run: uv run --with babel==2.18.0 python -m newscast.gazetteer.sources.cldr_capitals

Only seats of government that countries-en.csv knows as such, in the languages below, spelt otherwise than in
English; a name that is also a country's in some language (Luxemburg, تونس) is left out.
"""

from __future__ import annotations

import sys
from collections import defaultdict

from babel import Locale
from babel.core import get_global

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import read
from newscast.gazetteer.sources import write
from newscast.gazetteer.sources.cldr import alpha2_codes
from newscast.gazetteer.tokens import key_of

OUT = DATA / "aliases" / "capitals-cldr.csv"
LANGUAGES = (
    *("ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi"),
    *("hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nb", "nl", "pl", "pt"),
    *("ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "uz", "vi", "zh"),
    "zh_Hant",
)


def main() -> int:
    """Write the file anew from the installed CLDR and the seats that the gazetteer knows."""
    told, _ = read(DATA)
    seats = {
        (alias.actor.removeprefix("country:"), key_of(alias.text)): alias.text
        for alias in told.aliases
        if alias.context == "place" and alias.language == "en" and alias.actor.startswith("country:")
    }
    countries = {key_of(one.name) for one in told.actors if one.kind == "country"}
    countries |= {key_of(alias.text) for alias in told.aliases if alias.form != "metonym"}
    alpha3 = {code: alpha3 for alpha3, code in alpha2_codes().items() if alpha3.isalpha()}
    zones = {zone: alpha3.get(territory, "") for zone, territory in get_global("zone_territories").items()}
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for language in LANGUAGES:
        cities = Locale.parse(language).time_zones
        for zone, country in zones.items():
            city = zone.rsplit("/", 1)[-1].replace("_", " ")
            english = Locale.parse("en").time_zones.get(zone, {}).get("city", city)
            text = cities.get(zone, {}).get("city", "")
            if text and ((country, key_of(english)) in seats or (country, key_of(city)) in seats):
                named[country, text].add(language.replace("_", "-"))
    spelt = {key for _, key in seats}
    owners: dict[str, set[str]] = defaultdict(set)
    for country, text in named:
        owners[key_of(text)].add(country)
    rows = [
        [f"country:{country}", text, " ".join(sorted(languages)), "metonym", "", "place", "cldr", "checked"]
        for (country, text), languages in sorted(named.items())
        if (key := key_of(text)) not in spelt | countries and len(owners[key]) == 1
    ]
    write(OUT, "aliases", rows)
    sys.stdout.write(f"{OUT.name}: {len(rows)} names\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

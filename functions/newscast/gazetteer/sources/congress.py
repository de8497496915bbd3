"""Members of the US Congress since 2000 → data/actors, aliases, roles of congress.csv, all generated.

Run: npm pack us-legislators@1.2.0, unpack it, then
python -m newscast.gazetteer.sources.congress package/data

The package (unitedstates/congress-legislators, public domain) has names and terms up to July 2015.
congress.csv beside this module, which a person edits, says what came later: when service that was open in
2015 ended, later service, and Wikidata ids. A term that runs ends when it is due. Who is in another file of
people keeps that id, and only roles are written. A name that is common in the United States, or another
actor's, needs evidence in the text; the actor is shown with the state.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import Rows, read
from newscast.gazetteer.sources import write
from newscast.gazetteer.tokens import key_of

LATER = Path(__file__).with_name("congress.csv")
SINCE = "2000-01-01"
_SUFFIX = re.compile(r",? (?:Jr|Sr)\.?$|,? I[IV]+$")
BREAK = timedelta(days=30)
"""From a term's end in January to the first day that a new Congress met is no break in service."""
MANY = 100
"""So many terms that end on one day before January ended with the session: they ran to 3 January."""
OFFICES = {
    "senate": ("senator", "Senator", "upper-house"),
    "house": ("representative", "Representative", "lower-house"),
}
NATION = ("USA", "PRI")
NAMESAKES = ("Dennis A. Ross", "Laura Richardson")
"""They are not the diplomat and the general whom other files have."""
NAMES = (25, 3), (10, 20), (4, 100)
"""A name is common if so many members ever had its surname, and so many its first name."""


class Spell(NamedTuple):
    """Service in one chamber for one state, with the first and last day."""

    chamber: str
    state: str
    start: str
    end: str
    mark: str


class Member(NamedTuple):
    """Who served, as known by any of `names` (the best one first)."""

    names: tuple[str, ...]
    qid: str
    spells: tuple[Spell, ...]
    packaged: bool


class Later(NamedTuple):
    """A line of congress.csv. Without `name`, a member of the package; without `start`, service that was
    open there; without `chamber`, only the Wikidata id."""

    govtrack: str
    name: str
    chamber: str
    state: str
    start: str
    end: str
    qid: str
    mark: str


def members(packaged: list[dict[str, Any]], later: Iterable[Later]) -> list[Member]:
    """All who served after SINCE."""
    told: dict[str, list[Later]] = defaultdict(list)
    for line in later:
        told[line.govtrack if not line.name else f"{line.name} {line.state}"].append(line)
    ends = Counter(term["end"] for one in packaged for term in one["terms"])
    sessions = {end for end, many in ends.items() if many >= MANY and end[5:7] != "01"}
    found = []
    for one in packaged:
        lines = told.pop(str(one["id"].get("govtrack")), [])
        spells = _spells(one["terms"], lines, sessions)
        if spells[-1].end >= SINCE:
            found.append(
                Member(_names(one["name"], one["id"].get("wikipedia", "")), _qid(lines), spells, True)
            )
    for lines in told.values():
        spells = tuple(Spell(line.chamber, line.state, line.start, line.end, line.mark) for line in lines)
        found.append(
            Member((lines[0].name,), _qid(lines), tuple(sorted(spells, key=lambda one: one.start)), False)
        )
    return found


def _qid(lines: list[Later]) -> str:
    return next((line.qid for line in lines if line.qid), "")


def _spells(terms: list[dict[str, Any]], lines: list[Later], sessions: Set[str]) -> tuple[Spell, ...]:
    spells: list[Spell] = []
    for term in terms:
        chamber = {"sen": "senate", "rep": "house"}[term["type"]]
        end = f"{int(term['end'][:4]) + 1}-01-03" if term["end"] in sessions else term["end"]
        fresh = Spell(chamber, term["state"], term["start"], max(term["start"], end), "checked")
        last = spells[-1] if spells else None
        if (
            last
            and last[:2] == fresh[:2]
            and date.fromisoformat(fresh.start) <= date.fromisoformat(last.end) + BREAK
        ):
            spells[-1] = last._replace(end=fresh.end)
        else:
            spells.append(fresh)
    for line in lines:
        if line.chamber and not line.start:
            i = max(i for i, one in enumerate(spells) if one.chamber == line.chamber)
            spells[i] = spells[i]._replace(end=line.end, mark=line.mark)
        elif line.chamber:
            spells.append(Spell(line.chamber, line.state, line.start, line.end, line.mark))
    return tuple(sorted(spells, key=lambda one: one.start))


def _names(name: dict[str, str], wikipedia: str) -> tuple[str, ...]:
    """Without suffixes and middle initials: newspapers leave them out."""
    last, first, middle = name["last"], name["first"], name.get("middle", "")
    plain = _SUFFIX.sub("", re.sub(r" \(.*\)", "", wikipedia))
    firsts = [name.get("nickname", ""), f"{first} {middle}" if len(first.strip(".")) == 1 else first]
    full = _SUFFIX.sub("", name.get("official_full", ""))
    spelt = [plain, *(f"{one} {last}" for one in firsts if one), re.sub(r" [A-Z]\. ", " ", full), full]
    return tuple(dict.fromkeys(one for one in spelt if len(one.split()) > 1))


def rows_of(
    found: list[Member], known: Rows, common: Counter[str]
) -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """Rows of actors, aliases and roles."""
    people = {one.id: one for one in known.actors if one.kind == "person" and one.country in NATION}
    sure = [(one.actor, one.text) for one in known.aliases if one.form == "name" and not one.context]
    named = {key_of(text): one for one, text in sure if one in people}
    named |= {key_of(one.name): one.id for one in people.values()}
    by_qid = {one.qid: one.id for one in known.actors if one.qid}
    taken = {key_of(one.name) for one in known.actors} | {key_of(one.text) for one in known.aliases}
    ids = {one.id for one in known.actors}
    shared = Counter(key for one in found for key in {key_of(name) for name in one.names})
    used: set[str] = set()
    actors, aliases, roles = [], [], []
    for one in found:
        source, name = ("us-legislators" if one.packaged else "congress-legislators"), one.names[0]
        namesake = name in NAMESAKES
        held = next((named[key_of(text)] for text in one.names if key_of(text) in named), "")
        actor = by_qid.get(one.qid) or ("" if namesake else held)
        state = STATES[one.spells[-1].state]
        if not actor:
            weak = _common(name, common) or shared[key_of(name)] > 1 or key_of(name) in taken
            actor = f"person:{_slug(name)}"
            if actor in ids:
                actor += f"-{_slug(state)}"
            ids.add(actor)
            shown = f"{name} ({state})" if weak else name
            if shown in used:
                shown = f"{name} ({state}, {one.spells[0].start[:4]})"
            used.add(shown)
            mark = "checked" if one.packaged or one.qid or one.spells[-1].mark == "checked" else "unchecked"
            actors.append([actor, "person", shown, "USA", "", "", one.qid, "", source, mark])
            if weak:
                aliases.append([actor, name, "", "name", "", "needs", source, mark])
            for other in one.names[1:]:
                if key_of(other) not in {key_of(name), *taken} and shared[key_of(other)] == 1:
                    needs = "needs" if _common(other, common) else ""
                    aliases.append([actor, other, "", "name", "", needs, source, mark])
        for spell in one.spells:
            office, title, house = OFFICES[spell.chamber]
            where = source if one.packaged and spell.mark == "checked" else "congress-legislators"
            where = where if spell.mark == "checked" else "memory"
            title = f"{'Delegate' if spell.state in TERRITORIES else title} for {STATES[spell.state]}"
            roles.append(
                [
                    actor,
                    office,
                    title,
                    f"body:USA:{house}",
                    "USA",
                    "",
                    "",
                    spell.start.removesuffix("-01-01"),
                    spell.end,
                    "",
                    where,
                    spell.mark,
                ]
            )
    return sorted(actors), sorted(aliases), sorted(roles)


def _common(name: str, common: Counter[str]) -> bool:
    first, *_, last = name.split()
    return any(common[f"* {last}"] >= many and common[f"{first} *"] >= some for many, some in NAMES)


def frequent(packaged: list[dict[str, Any]]) -> Counter[str]:
    """How many members ever had "* SURNAME", "FIRST *"; a nickname counts as often as what it stands for."""
    counts: Counter[str] = Counter()
    short: dict[str, set[str]] = defaultdict(set)
    for one in packaged:
        name = one["name"]
        counts[f"* {name['last']}"] += 1
        counts[f"{name['first']} *"] += 1
        if name.get("nickname"):
            short[name["nickname"]].add(name["first"])
    for nickname, firsts in short.items():
        counts[f"{nickname} *"] = max(counts[f"{one} *"] for one in (nickname, *firsts))
    return counts


def main(package: Path) -> int:
    """Write the three files anew; says how many rows each has."""
    packaged = [
        one
        for part in ("historical", "current")
        for one in json.loads((package / f"legislators-{part}.json").read_text("utf-8"))
    ]
    with LATER.open(encoding="utf-8", newline="") as file:
        later = [Later(*line) for line in list(csv.reader(file))[1:]]
    told, _ = read(DATA)
    known = Rows(
        actors=[one for one in told.actors if not one.row.startswith("actors/congress")],
        aliases=[one for one in told.aliases if not one.row.startswith("aliases/congress")],
        roles=told.roles,
        places=told.places,
        vocabulary=told.vocabulary,
    )
    made = rows_of(members(packaged, later), known, frequent(packaged))
    for kind, rows in zip(("actors", "aliases", "roles"), made, strict=True):
        write(DATA / kind / "congress.csv", kind, rows)
        sys.stdout.write(f"{kind}/congress.csv: {len(rows)} rows\n")
    return 0


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace(".", "")).strip("-")


TERRITORIES = ("AS", "DC", "GU", "MP", "PR", "VI")
_STATES = """
AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,FL Florida
GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine
MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska
NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio
OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas
UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming,AS American Samoa
DC the District of Columbia,GU Guam,MP the Northern Mariana Islands,PR Puerto Rico,VI the US Virgin Islands
"""
STATES = {one[:2]: one[3:] for line in _STATES.split("\n") for one in line.split(",") if one}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

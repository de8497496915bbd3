"""Rows → what is wrong with them together: errors stop a build, warnings are read by a person.

Each rule is one function of `RULES` and says what it found with file and line. `seats` looks at who held
an office at the same time, `stale` at rows that nobody has confirmed for long.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import chain, combinations

from msgspec import Struct

from newscast.gazetteer.entries import own_names
from newscast.gazetteer.model import Actor, Alias, RoleRow, Vocabulary
from newscast.gazetteer.problems import Problem, Rule, problem
from newscast.gazetteer.rows import Rows
from newscast.gazetteer.seats import beside, overlaps
from newscast.gazetteer.stale import stale
from newscast.gazetteer.tokens import key_of

_ID = {
    "country": re.compile(r"country:([A-Z]{3}|[a-z]+(-[a-z]+)*)"),
    "body": re.compile(r"body:[A-Z]{3}:[a-z0-9]+(-[a-z0-9]+)*"),
    "organisation": re.compile(r"org:[A-Za-z0-9]+(-[A-Za-z0-9]+)*(:[a-z0-9]+(-[a-z0-9]+)*)?"),
    "group": re.compile(r"group:[a-z0-9]+(-[a-z0-9]+)*"),
    "person": re.compile(r"person:[a-z0-9]+(-[a-z0-9]+)*"),
}
"""What an id looks like, by kind."""
_QID = re.compile(r"Q[1-9]\d*")
_MARKS = ("checked", "unchecked")


class Known(Struct, frozen=True):
    """What rows may refer to: ids that are there, and the vocabularies."""

    has: Callable[[str], bool]
    vocabulary: Vocabulary

    def actor(self, actor_id: str) -> bool:
        """Whether an id is of a row, or of a body that grammar can make."""
        if self.has(actor_id):
            return True
        kind, _, rest = actor_id.partition(":")
        country, _, institution = rest.partition(":")
        return kind == "body" and self.country(country) and institution in self.vocabulary.institutions

    def country(self, alpha3: str) -> bool:
        return self.has(f"country:{alpha3}")


def check(rows: Rows, today: date) -> list[Problem]:
    """All findings, in the order of files and lines; `today` tells what is stale."""
    ids = {one.id for one in rows.actors}
    known = Known(ids.__contains__, rows.vocabulary)
    found = [one for rule in RULES for one in rule(rows, known)]
    found += [*overlaps(rows.roles, rows.vocabulary), *stale(rows.roles, today)]
    return sorted(found, key=lambda one: (one.file, one.line, one.what))


def _actors(rows: Rows, known: Known) -> Rule:
    first: dict[str, Actor] = {}
    for one in rows.actors:
        if one.id in first:
            yield problem(one.row, "error", f"{one.id} is already in {first[one.id].row}")
        first.setdefault(one.id, one)
        if not _ID[one.kind].fullmatch(one.id):
            yield problem(one.row, "error", f"{one.id} is no id of a {one.kind}")
        if one.country and not known.country(one.country):
            yield problem(one.row, "error", _no_country(one.country))
        if not key_of(one.name):
            yield problem(one.row, "error", f"the name {one.name!r} has no word")


def _qids(rows: Rows, known: Known) -> Rule:
    owner: dict[str, Actor] = {}
    for one in rows.actors:
        if one.qid and not _QID.fullmatch(one.qid):
            yield problem(one.row, "error", f"{one.qid!r} is no Wikidata id")
        elif one.qid in owner:
            yield problem(one.row, "warning", f"{one.qid} is also that of {owner[one.qid].row}")
        elif one.qid:
            owner[one.qid] = one


def _codes(rows: Rows, known: Known) -> Rule:
    given = [(one.row, one.cameo, one.plover) for one in rows.actors]
    given += [(one.row, one.cameo, one.plover) for one in rows.roles]
    for row, *codes in given:
        for vocabulary, code in zip(("cameo", "plover"), codes, strict=True):
            if unknown := _unknown_blocks(code, known.vocabulary.codes.get(vocabulary, set()), known):
                yield problem(row, "error", f"{vocabulary} {code}: {unknown} is in no vocabulary")


def _unknown_blocks(code: str, blocks: Iterable[str], known: Known) -> str:
    parts = [code[at : at + 3] for at in range(0, len(code), 3)]
    return next((one for one in parts if one not in blocks and not known.country(one)), "")


def _references(rows: Rows, known: Known) -> Rule:
    vocabulary = known.vocabulary
    for alias in rows.aliases:
        if not known.actor(alias.actor):
            yield problem(alias.row, "error", f"no actor is {alias.actor}")
        if not key_of(alias.text):
            yield problem(alias.row, "error", f"the alias {alias.text!r} has no word")
    for role in rows.roles:
        if not known.actor(role.actor):
            yield problem(role.row, "error", f"no actor is {role.actor}")
        if role.office not in vocabulary.offices:
            yield problem(role.row, "error", f"no office is {role.office}{_meant(role.office, vocabulary)}")
        if role.body and not known.actor(role.body):
            yield problem(role.row, "error", f"no actor is {role.body}")
        if role.country and not known.country(role.country):
            yield problem(role.row, "error", _no_country(role.country))
        if not role.country and not role.body:
            yield problem(role.row, "error", "an office is of a country or of a body")
        if role.start and role.end and role.end < role.start:
            yield problem(role.row, "error", f"it ends on {role.end}, before it begins on {role.start}")
    for place in rows.places:
        if place.country and not known.country(place.country):
            yield problem(place.row, "error", _no_country(place.country))


def _no_country(given: str) -> str:
    return f"no country is {given!r}: its code has three letters (ISO 3166), such as FRA"


def _meant(office: str, vocabulary: Vocabulary) -> str:
    """The office that a person may have meant by a title ("president") or a slip of the pen."""
    titles = (one.means for one in vocabulary.titles if one.text.lower() == office.lower())
    near = get_close_matches(office.lower().replace(" ", "-"), vocabulary.offices, 1)
    found = next(titles, None) or next(iter(near), None)
    return f": {found} is meant?" if found else ""


def _vocabularies(rows: Rows, known: Known) -> Rule:
    vocabulary = rows.vocabulary
    for title in vocabulary.titles:
        if title.means not in vocabulary.offices:
            yield Problem("titles.csv", 0, "error", f"{title.text!r} means no office: {title.means}")
    for phrase in vocabulary.phrases:
        if phrase.means not in vocabulary.institutions:
            yield Problem("phrases.csv", 0, "error", f"{phrase.text!r} means no institution: {phrase.means}")
    for office in vocabulary.offices.values():
        if office.institution and office.institution not in vocabulary.institutions:
            what = f"{office.office} belongs to no institution: {office.institution}"
            yield Problem("offices.csv", 0, "error", what)


def _peoples(rows: Rows, known: Known) -> Rule:
    """A people is a group, and all its names are a people's: others would count before things too."""
    peoples = {alias.actor for alias in rows.aliases if alias.context == "people"}
    for alias in chain(own_names(rows.actors, rows.aliases), rows.aliases):
        if alias.actor in peoples and alias.context != "people":
            yield problem(alias.row, "error", f"{alias.text!r} is a people's name: its context is people")
        if alias.context == "people" and not alias.actor.startswith("group:"):
            yield problem(alias.row, "error", f"{alias.actor} is no group: its names can't be a people's")


def _evidence(rows: Rows, known: Known) -> Rule:
    for row, (source, mark) in rows.evidence.items():
        if mark not in _MARKS:
            yield problem(row, "error", f"the mark is checked or unchecked, not {mark!r}")
        if source.split(" ")[0] not in rows.sources:
            yield problem(row, "error", f"no source is {source!r}")
        elif mark == "checked" and source.split(" ")[0] == "memory":
            yield problem(row, "error", "memory alone does not make a row checked")


def _ambiguous(rows: Rows, known: Known) -> Rule:
    """A name that two actors share needs a rule: context for all of them, or for all but one."""
    for aliases in _by_name(rows):
        owners = {alias.actor: alias for alias in aliases if not alias.context}
        if len(owners) > 1:
            told = ", ".join(sorted(owners))
            last = max(owners.values(), key=lambda alias: alias.row)
            yield problem(last.row, "error", f"{last.text!r} names {told}: give all but one a context")


def _twins(rows: Rows, known: Known) -> Rule:
    """One person under two ids: a full name in common, one country, and offices held at the same time.

    A name that needs context for all of them is known to be shared.
    """
    people = {one.id: one for one in rows.actors if one.kind == "person"}
    held: dict[str, list[RoleRow]] = defaultdict(list)
    for role in rows.roles:
        held[role.actor].append(role)
    named: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    full = [(one.actor, one.text, not one.context) for one in rows.aliases if one.form == "name"]
    full += [(one.id, one.name, True) for one in people.values()]
    for person, name, sure in full:
        if person in people and len(key_of(name).split(" ")) > 1:
            owners = named[people[person].country, key_of(name)]
            owners[person] = sure or owners.get(person, False)
    for twins in {tuple(sorted(same)) for same in named.values() if len(same) > 1 and any(same.values())}:
        for one, two in combinations(twins, 2):
            if any(beside(first, second) for first in held[one] for second in held[two]):
                said = f"{two} is {one} ({people[one].row}) under a second id"
                yield problem(people[two].row, "error", said)


def _by_name(rows: Rows) -> Iterator[list[Alias]]:
    """Aliases that a text could not tell apart: the same key, and a language and a case in common."""
    found: dict[tuple[str, str], list[Alias]] = defaultdict(list)
    for alias in (*own_names(rows.actors, rows.aliases), *rows.aliases):
        for language in (alias.language or "en").split(" "):
            found[key_of(alias.text), language].append(alias)
    for aliases in found.values():
        if len({alias.actor for alias in aliases}) < 2:
            continue
        exact: dict[str, list[Alias]] = defaultdict(list)
        for alias in aliases:
            exact[alias.text if alias.case == "exact" else ""].append(alias)
        yield from exact.values()


EACH_ROW: tuple[Callable[[Rows, Known], Rule], ...] = (_actors, _qids, _codes, _references)
"""Rules for any rows, a user's own too."""
RULES = (*EACH_ROW, _vocabularies, _peoples, _evidence, _ambiguous, _twins)
"""Rules for ours, which say where each row comes from."""


def against(rows: Rows, names: Mapping[str, str]) -> list[Problem]:
    """QIDs beside a list that is known to be right (QID → its English label): warnings where names differ.

    A label may be another name of the same actor, so that this warns and a person decides.
    """
    aliases: dict[str, set[str]] = defaultdict(set)
    for alias in rows.aliases:
        aliases[alias.actor].add(key_of(alias.text))
    return [
        problem(one.row, "warning", f"{one.qid} is known as {names[one.qid]!r}, here as {one.name!r}")
        for one in rows.actors
        if one.qid in names and key_of(names[one.qid]) not in aliases[one.id] | {key_of(one.name)}
    ]

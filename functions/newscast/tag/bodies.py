"""Country + institution, country + agent noun: actors that no list holds, composed by grammar."""

from __future__ import annotations

from newscast.tag import demonyms
from newscast.tag.lexicon import Agent
from newscast.tag.match import NOUN, Match
from newscast.tag.roles import office_of
from newscast.tag.runs import plain_capitals
from newscast.tag.scan import Scan
from newscast.tag.span import Span


def compose(scan: Scan) -> list[Span]:
    """All bodies and collectives of a text, left to right, none overlapping another."""
    spans: list[Span] = []
    taken = 0
    starts = {at for at, mark in scan.marked if mark & NOUN}
    starts.update(at for at, match in scan.matches.items() if match.country)
    starts.update(scan.peoples)
    for at in sorted(starts):
        if at >= taken and (span := _at(scan, at)):
            spans.append(span)
            taken = span.j
    return spans


def _at(scan: Scan, at: int) -> Span | None:
    reading = scan.reading
    owner = scan.matches.get(at)
    if owner and owner.country:
        noun = reading.past_possessive(owner.j)
        if noun < reading.count and reading.gaps[noun] in (" ", "-", "' ", "’ "):
            if scan.rules.grammar and (span := _institution(scan, owner, noun)):
                return span
            if scan.rules.agents and (span := _agents(scan, owner, noun)):
                return span
            if (second := scan.peoples.get(noun)) and (span := _of_people(scan, second, owner)):
                return span
        if scan.rules.agents and owner.demonym and demonyms.many(scan, owner.i):
            people = scan.lex.agents["people"]
            rule, whose = "agents: many of a country", (owner.country, "")
            many = collective(scan, (owner.i, owner.j), people, rule, whose)
            many.form = "demonym"
            return many
        return None
    if first := scan.peoples.get(at):
        return _of_people(scan, first)
    key = reading.keys[at]
    if scan.rules.grammar and key in scan.matcher.institutions.starts and (span := _of_country(scan, at)):
        return span
    if scan.rules.agents and key in scan.lex.agent_starts:
        return _bare(scan, at)
    return None


def phrase(scan: Scan, at: int, country: str) -> tuple[int, str] | None:
    """The longest institution phrase at a word: (its end, institution)."""
    reading, table = scan.reading, scan.matcher.institutions
    if at >= reading.count or reading.keys[at] not in table.starts:
        return None
    for j in range(min(reading.count, at + table.starts[reading.keys[at]]), at, -1):
        means = table.means.get(reading.key(at, j))
        if means is None or any(
            reading.gaps[k] not in (" ", "-", "' ", "’ ", "'", "’") for k in range(at + 1, j)
        ):
            continue
        for institution, only in means:
            if only == country:
                return j, institution
        for institution, only in means:
            if not only:
                return j, institution
    return None


def _institution(scan: Scan, match: Match, noun: int) -> Span | None:
    country = match.country
    found = phrase(scan, noun, country)
    if found is None or scan.reading.key(noun, found[0]) in scan.lex.cues["collective"]:
        return None
    j, institution = found
    if (
        scan.reading.caps[noun]
        and match.i
        and scan.reading.gaps[match.i] == " "
        and _demonym_at(scan, match.i - 1)
    ):
        return None  # "Malaysian Indian Congress"
    if (
        j < scan.reading.count
        and scan.reading.gaps[j] == " "
        and scan.reading.key(noun, j + 1) in scan.lex.agents
    ):
        return None  # "Russian government officials" are officials
    if (
        j < scan.reading.count
        and scan.reading.caps[j]
        and scan.reading.caps[noun]
        and scan.reading.gaps[j] == " "
        and scan.reading.keys[j] in scan.lex.org_heads
    ):
        return None  # the name goes on: "Iraqi Army Council"
    if _goes_on(scan, j) or _office(scan, noun, j):
        return None
    if (
        j < scan.reading.count
        and scan.reading.keys[j] in ("service", "agency", "directorate")
        and scan.reading.gaps[j] == " "
    ):
        j += 1
    actor = scan.gazetteer.body(country, institution)
    if actor is None:
        return None
    return Span(match.i, j, "body", "grammar: country + institution", actor.id, country=country)


def _demonym_at(scan: Scan, at: int) -> bool:
    match = scan.matches.get(at) if scan.reading.gaps[at + 1] == " " else None
    return match is not None and match.demonym


def _goes_on(scan: Scan, j: int) -> bool:
    """Whether the name is longer: "U.S. Customs and Border Protection"."""
    reading = scan.reading
    return (
        j + 1 < reading.count
        and reading.caps[j - 1]
        and reading.keys[j] == "and"
        and reading.caps[j + 1]
        and any(
            reading.caps[at]
            and reading.keys[at] in ("protection", "enforcement", "administration", "services")
            for at in range(j + 1, min(j + 4, reading.count))
        )
    )


def _office(scan: Scan, noun: int, j: int) -> bool:
    """Whether the words and the next one are an office: "army chief", "opposition leader"."""
    return j < scan.reading.count and scan.reading.gaps[j] == " " and office_of(scan, noun, j + 1) is not None


def _of_country(scan: Scan, at: int) -> Span | None:
    reading = scan.reading
    found = phrase(scan, at, "")
    if found is None:
        return None
    j, institution = found
    if j + 1 >= reading.count or reading.keys[j] not in ("of", "in") or reading.gaps[j] != " ":
        return None
    place = j + 1 + (reading.keys[j + 1] == "the")
    owner = scan.matches.get(place)
    if owner is None or not owner.country or owner.aliases[0].form == "demonym" or reading.keys[j] == "in":
        return None
    actor = scan.gazetteer.body(owner.country, institution)
    if actor is None:
        return None
    rule = "grammar: institution + of + country"
    return Span(at, owner.j, "body", rule, actor.id, country=owner.country)


def _agents(scan: Scan, match: Match, noun: int) -> Span | None:
    reading, lex = scan.reading, scan.lex
    found = _modified(scan, noun, lex.agents)
    if found is None:
        return None
    noun, end = found
    key = reading.key(noun, end)
    if _office(scan, noun, end) or _named_so(scan, end):
        return None
    if key in scan.lex.cues["seats"] and match.i and reading.keys[match.i - 1] == "and":
        scan.reject(match.i, end, "collective", "one office each of several countries")
        return None  # "US and Russian defence ministers" are two persons
    rule, whose = "agents: country + agent noun", (match.country, "")
    return collective(scan, (match.i, end), lex.agents[key], rule, whose)


def _of_people(scan: Scan, adjective: Match, state: Match | None = None) -> Span | None:
    """ "Kurdish fighters", with the country before them "Syrian Kurdish forces"; capital nouns are names."""
    reading = scan.reading
    if (
        not scan.rules.agents
        or reading.gaps[adjective.i] == "-"
        or reading.gaps[adjective.j : adjective.j + 1] != [" "]
    ):
        return None
    found = _modified(scan, adjective.j, scan.lex.people_agents)
    if (
        found is None
        or (reading.caps[found[0]] and not reading.headline(adjective.i))
        or _office(scan, *found)
    ):
        return None
    agent = scan.lex.people_agents[reading.key(*found)]
    first, country = (state.i, state.country) if state else (adjective.i, "")
    rule = "agents: people + agent noun"
    return collective(scan, (first, found[1]), agent, rule, (country, adjective.people))


def _modified(scan: Scan, noun: int, agents: dict[str, Agent]) -> tuple[int, int] | None:
    """The agent noun at a word or after two modifiers: its first word and the word after it."""
    reading, start = scan.reading, noun
    modifiers = scan.lex.cues["agent modifiers"]
    if agents is scan.lex.people_agents:
        modifiers |= scan.lex.cues["people modifiers"]
    while noun < reading.count and noun - start < 2 and reading.keys[noun] in modifiers:
        if agent_at(scan, noun, agents) is not None:
            break
        noun += 1
    end = agent_at(scan, noun, agents)
    return (noun, end) if end is not None else None


def _named_so(scan: Scan, end: int) -> bool:
    """ "Somali People's Democratic Party": a capital noun that owns what is headed is part of its name."""
    reading = scan.reading
    at = reading.past_possessive(end)
    if at == end or not reading.caps[end - 1]:
        return False
    return any(key in scan.lex.org_heads for key in plain_capitals(reading, at))


def agent_at(scan: Scan, at: int, agents: dict[str, Agent] | None = None) -> int | None:
    """The word after the longest agent noun that begins here, of a state or of those given."""
    reading, lex = scan.reading, scan.lex
    if at >= reading.count or (agents is None and reading.keys[at] not in lex.agent_starts):
        return None
    agents = lex.agents if agents is None else agents
    for j in range(min(reading.count, at + 2), at, -1):
        if reading.key(at, j) in agents and (j == at + 1 or reading.gaps[j - 1] == " "):
            return j
    return None


def _bare(scan: Scan, at: int) -> Span | None:
    end = agent_at(scan, at)
    if end is None:
        return None
    agent = scan.lex.agents[scan.reading.key(at, end)]
    if scan.reading.keys[at - 1] in ("told", "tell", "tells", "telling") and agent.cameo == "MED":
        return None  # who is told is no actor
    if (
        end < scan.reading.count
        and scan.reading.caps[end]
        and scan.reading.caps[at]
        and scan.reading.gaps[end] == " "
    ):
        return None  # "Police Chief Maria Lopez"
    if at and scan.reading.caps[at - 1] and scan.reading.gaps[at] == " " and _names(scan, at - 1):
        return None  # "Hamas fighters": the name says more
    if not agent.bare or (scan.reading.caps[at] and not scan.reading.opens(at)):
        return None
    return collective(scan, (at, end), agent, "agents: agent noun alone")


def _names(scan: Scan, at: int) -> bool:
    """Whether a capital word is a name rather than a sentence's first."""
    key = scan.reading.keys[at]
    if key in scan.lex.stop_names:
        return False  # "Islamist fighters"
    return not scan.reading.opens(at) or at in scan.matches or key not in scan.lex.common


def collective(
    scan: Scan, words: tuple[int, int], agent: Agent, rule: str, whose: tuple[str, str] = ("", "")
) -> Span:
    """The span of a collective; `whose` is its country and the id of its people, each empty if not said.

    Its codes go from the country to the people to the sector, as CAMEO's blocks do; PLOVER has no peoples.
    """
    (i, j), (country, people) = words, whose
    known = scan.gazetteer.actor(people) if people else None
    parts = [country, *([people.removeprefix("group:")] if people else []), agent.cameo]
    return Span(
        i,
        j,
        "collective",
        rule,
        ":".join(("collective", *parts)),
        "collective",
        country=country,
        name=scan.reading.surface(i, j),
        codes=((known.cameo if known else "") + agent.cameo, agent.plover),
    )

"""What a language's data/xx/patterns.txt finds: bodies, collectives, stated roles, in its own word order.

A pattern is what is found and what stands there: `person = the? role demonym , name`. An element is one of
ELEMENTS, a name, a comma, or a set of cues.txt (`the`, `of`); `?` after it: it may be missing. English has
rules of its own, which look further than a pattern can (`bodies`, `owners`, `references`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from newscast.tag import titles
from newscast.tag.bodies import collective
from newscast.tag.lexicon import Agent
from newscast.tag.phrases import Phrases
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.span import Span, Title

GAPS = frozenset(("", " ", "\u00a0", "-", "'", "’", "·"))
"""What may stand between two elements; nothing in scripts without spaces."""
COMMAS = frozenset((",", "，", "،"))
LONGEST_UNKNOWN = 4
"""Words of a person's name that no row lists."""
LONGEST_AGENT = 4


class Bound(Struct, frozen=True):
    """What a pattern makes, the word it begins with, and what its elements have been found to be so far."""

    made: str
    start: int
    comma: bool = False
    """Whether a comma must stand before the next element."""
    country: str = ""
    people: str = ""
    body: str = ""
    means: tuple[tuple[str, str], ...] = ()
    """(institution or office, the only country it is meant in) of the phrase."""
    agent: Agent | None = None
    role: Title | None = None
    head: int = -1
    name: tuple[int, int] = (-1, -1)
    first: int = -1
    """The first word that says whose role it is, and the word after the last."""
    last: int = -1


Ways = Iterator[tuple[int, Bound]]
"""All that an element can be at a word: the word after it, and what is known then; longest first."""


def compose(scan: Scan) -> list[Span]:
    """Bodies, collectives and holders by pattern, none overlapping another; stated roles go to the scan."""
    spans: list[Span] = []
    _combined(scan, spans)
    done = 0
    for at in _openings(scan):
        if at < done:
            continue
        found = [_fit(scan, elements, at, Bound(made, at)) for made, elements in scan.lex.patterns]
        best = max((one for one in found if one), key=lambda one: one[0], default=None)
        if best:
            done = _made(scan, spans, *best)
    return spans


def _openings(scan: Scan) -> list[int]:
    """Words that a pattern may begin with: a name, the first word of a phrase, an article before either."""
    reading, lex = scan.reading, scan.lex
    phrases = (scan.matcher.institutions.starts, scan.roles.starts, lex.modifiers, lex.agent_starts)
    articles = lex.cues["the"]
    opens = [
        at in scan.matches
        or at in scan.peoples
        or any(key in starts for starts in phrases)
        or (reading.caps[at] and reading.words[at] in scan.names.first)
        for at, key in enumerate(reading.keys)
    ]
    opens.append(False)
    return [at for at, key in enumerate(reading.keys) if opens[at] or (key in articles and opens[at + 1])]


def _combined(scan: Scan, spans: list[Span]) -> None:
    """ "franco-allemand", "sino-américaines": two countries in one word."""
    reading = scan.reading
    for at, key in enumerate(reading.keys[:-1]):
        if key in scan.lex.combining and reading.gaps[at + 1] == "-":
            second = scan.matches.get(at + 1)
            if second and second.country:
                spans.append(combined(at, scan.lex.combining[key]))


def combined(at: int, country: str) -> Span:
    """The span of a combining form: sino in "Sino-Russian"."""
    rule = "grammar: combining form"
    return Span(at, at + 1, "country", rule, f"country:{country}", "demonym", country=country)


def _fit(scan: Scan, elements: tuple[str, ...], at: int, bound: Bound) -> tuple[int, Bound] | None:
    """(The word after it, what it holds), if the elements stand here; the first way that fits."""
    if not elements:
        return at, bound
    element, rest = elements[0].rstrip("?"), elements[1:]
    if element == ",":
        return _fit(scan, rest, at, replace(bound, comma=True))
    if at < scan.reading.count and _joined(scan, at, bound):
        for end, now in _ways(scan, element, at, replace(bound, comma=False) if bound.comma else bound):
            if found := _fit(scan, rest, end, now):
                return found
    return _fit(scan, rest, at, bound) if elements[0].endswith("?") else None


def _joined(scan: Scan, at: int, bound: Bound) -> bool:
    gap = scan.reading.gaps[at]
    return gap.strip() in COMMAS if bound.comma else at == bound.start or gap in GAPS


def _ways(scan: Scan, element: str, at: int, bound: Bound) -> Ways:
    if element == "name":
        if end := _name(scan, at) or _surname(scan, at, bound) or _capitals(scan, at, bound):
            yield end, replace(bound, name=(at, end))
    elif element in ELEMENTS:
        first = at if bound.first < 0 else bound.first
        for end, now in ELEMENTS[element](scan, at, bound):
            yield end, replace(now, first=first, last=end)
    elif scan.reading.keys[at] in scan.lex.cues[element]:
        yield at + 1, bound


def _country(scan: Scan, at: int, bound: Bound) -> Ways:
    match = scan.matches.get(at)
    if match and not match.demonym and match.country:
        yield match.j, replace(bound, country=match.country)


def _demonym(scan: Scan, at: int, bound: Bound) -> Ways:
    if people := scan.peoples.get(at):
        yield people.j, replace(bound, people=people.people)
    match = scan.matches.get(at)
    if match and match.demonym and match.country:
        yield match.j, replace(bound, country=match.country)


def _owner(scan: Scan, at: int, bound: Bound) -> Ways:
    match = scan.matches.get(at)
    for alias in match.aliases[:1] if match else ():
        known = scan.gazetteer.actor(alias.actor)
        if match and known and known.kind not in ("person", "country"):
            yield match.j, replace(bound, body=alias.actor, country=known.country)


def _institution(scan: Scan, at: int, bound: Bound) -> Ways:
    for end, means in _phrases(scan, scan.matcher.institutions, at, ""):
        yield end, replace(bound, means=means)


def _agent(scan: Scan, at: int, bound: Bound) -> Ways:
    for end in range(min(scan.reading.count, at + LONGEST_AGENT), at, -1):
        if agent := scan.lex.agents.get(scan.reading.key(at, end)):
            yield end, replace(bound, agent=agent)


def _role_words(scan: Scan, at: int, bound: Bound) -> Ways:
    if role := role_at(scan, at, scan.reading.count):
        yield role.j, replace(bound, role=role)


def _table(scan: Scan, bound: Bound) -> Phrases:
    return scan.matcher.institutions if bound.made == "body" else scan.roles


def _head(scan: Scan, at: int, bound: Bound) -> Ways:
    if scan.reading.keys[at] in _table(scan, bound).starts:
        yield at + 1, replace(bound, head=at)


def _tail(scan: Scan, at: int, bound: Bound) -> Ways:
    i = bound.head
    for end, means in _phrases(scan, _table(scan, bound), at, scan.reading.keys[i]):
        role = None if bound.made == "body" else Title(i, end, scan.reading.surface(i, end), means[0][0])
        yield end, replace(bound, means=means, role=role)


ELEMENTS: dict[str, Callable[[Scan, int, Bound], Ways]] = {
    "country": _country,
    "demonym": _demonym,
    "owner": _owner,
    "institution": _institution,
    "agent": _agent,
    "role": _role_words,
    "head": _head,
    "tail": _tail,
}
"""Beside these: a name, a comma, and sets of cues. owner is a body or an organisation; head and tail are an
institution or a role with something inside it, "ministro (ruso) de Defensa"."""


def _phrases(
    scan: Scan, table: Phrases, at: int, head: str
) -> Iterator[tuple[int, tuple[tuple[str, str], ...]]]:
    """All phrases of a table that begin at a word, or that began with a head and go on there."""
    reading = scan.reading
    longest = table.starts.get(head or reading.keys[at], 0) - bool(head)
    for end in range(min(reading.count, at + longest), at, -1):
        key = reading.key(at, end)
        if (means := table.means.get(f"{head} {key}" if head else key)) and all(
            reading.gaps[n] in GAPS for n in range(at + 1, end)
        ):
            yield end, tuple(means)


def _name(scan: Scan, at: int) -> int:
    """The word after a person's name that begins here, listed or not; 0 if there is none."""
    reading = scan.reading
    match = scan.matches.get(at)
    if match:
        return match.j if any(alias.actor.startswith("person:") for alias in match.aliases) else 0
    if not reading.caps[at] or reading.words[at] not in scan.names.first:
        return 0
    end = at + 1
    while end < min(reading.count, at + LONGEST_UNKNOWN) and reading.gaps[end] in (" ", "-"):
        if end in scan.matches or not (reading.caps[end] or reading.keys[end] in scan.lex.cues["particles"]):
            break
        end += 1
    while not reading.caps[end - 1]:
        end -= 1
    return end if end - at > 1 else 0


def _surname(scan: Scan, at: int, bound: Bound) -> int:
    """The word after a surname alone, if who holds the stated office has it: "Außenministerin Baerbock"."""
    return at + 1 if bound.role and _holder(scan, at, bound.role, bound.country) else 0


def _capitals(scan: Scan, at: int, bound: Bound) -> int:
    """The word after two capital words or more that follow a role: names, unless all nouns have capitals."""
    reading, end = scan.reading, at
    if not (bound.role and bound.role.office) or scan.lex.cues["capital nouns"]:
        return 0
    while end < min(reading.count, at + LONGEST_UNKNOWN) and reading.caps[end] and end not in scan.matches:
        if end > at and reading.gaps[end] not in (" ", "-"):
            break
        end += 1
    spaced = any(reading.gaps[n] == " " for n in range(at + 1, end))
    return end if spaced and not any(word.isupper() for word in reading.words[at:end]) else 0


def _holder(scan: Scan, at: int, role: Title, country: str) -> str:
    """The holder of a stated office, by the surname at a word that no row names."""
    match = scan.matches.get(at)
    if not scan.reading.caps[at] or (match and (match.aliases or match.j > at + 1)):
        return ""
    office = _in_country(scan, role, country)
    return titles.holder(scan, at, replace(role, office=office, country=role.country or country))


def _made(scan: Scan, spans: list[Span], end: int, bound: Bound) -> int:
    """Keep what a pattern found; the word from which the search goes on."""
    at = bound.start
    if bound.made in ("person", "holder"):
        return _role(scan, spans, bound) or end
    only = [what for what, country in bound.means if country == bound.country]
    institution = next(iter(only or [what for what, country in bound.means if not country]), "")
    if bound.made == "collective" and (agent := bound.agent):
        if not scan.rules.agents or not (bound.country or bound.people or agent.bare):
            return at + 1
        whose = (bound.country, bound.people)
        spans.append(collective(scan, (at, end), agent, "agents: by pattern", whose))
        return end
    body = scan.gazetteer.body(bound.country, institution) if scan.rules.grammar else None
    if body is None or _longer_role(scan, at, end):
        return at + 1
    spans.append(Span(at, end, "body", "grammar: by pattern", body.id, country=bound.country))
    return end


def _longer_role(scan: Scan, at: int, end: int) -> bool:
    """Whether a role runs across an end of what would be a body: 国防部长 is the minister, not 国防部."""
    roles = (role_at(scan, n, scan.reading.count) for n in range(max(0, at - LONGEST_AGENT), end))
    return any(role.j > end or role.i < at < role.j for role in roles if role)


def _in_country(scan: Scan, role: Title, country: str) -> str:
    """The office that a role names in that country: a canciller is head of government in Germany alone."""
    for at in range(role.i, role.j):
        for office, only in scan.roles.means.get(scan.reading.key(at, role.j), ()):
            if only and only == country:
                return office
    return role.office


def _role(scan: Scan, spans: list[Span], bound: Bound) -> int:
    """Keep a stated role for the name beside it, or find who holds it; the word after what says it."""
    role, reading = bound.role, scan.reading
    if role is None or not scan.rules.roles:
        return 0
    role.office = _in_country(scan, role, bound.country)
    role.country, role.body, role.first = role.country or bound.country, bound.body, bound.first
    role.whole = reading.surface(bound.first, bound.last)
    i, j = bound.name
    if bound.made == "person":
        known = scan.stated.setdefault(i, role)
        if known is role and (actor := _holder(scan, i, role, role.country) if j == i + 1 else ""):
            span = Span(i, j, "person", "role: its holder has that surname", actor, "short", title=role)
            spans.append(span)
        elif known is role and i not in scan.matches:
            spans.append(Span(i, j, "person", "grammar: role and name by pattern", title=role))
        return max(bound.last, i)
    office = scan.gazetteer.vocabulary.offices.get(role.office)
    if office and office.single and role.country and scan.on and not role.effect:
        holders = {row.actor for row in scan.gazetteer.holders(role.office, role.country, None, scan.on)}
        if len(holders) == 1:
            rule = "role: the one who holds it"
            span = Span(role.i, role.j, "person", rule, holders.pop(), "role", country=role.country)
            spans.append(span)
    return bound.last

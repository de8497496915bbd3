"""A gazetteer match → the actor it names here, a place, or a question for the rest of the document."""

from __future__ import annotations

from newscast.gazetteer.model import Alias
from newscast.tag import demonyms, metonyms, parties
from newscast.tag.match import Match
from newscast.tag.names import known_place
from newscast.tag.roles import role_ending
from newscast.tag.scan import Scan
from newscast.tag.span import Span, SpanKind, Title
from newscast.tag.things import an_index, state_after

DESCRIBE = frozenset(
    [
        "agency",
        "broadcaster",
        "daily",
        "group",
        "magazine",
        "militia",
        "news",
        "newspaper",
        "rebels",
        "television",
    ]
)
"""Lower-case words that describe a listed name that they end, and are no part of it."""

CURRENCIES = frozenset("$€£¥")
"""Right after "US" they make it a currency."""


def settle(scan: Scan, match: Match, title: Title | None = None) -> Span | None:
    """The span that a match makes. None if its context rule fails and it is no place either."""
    if match.demonym:
        if what := demonyms.other_thing(scan, match.i, match.j):
            scan.reject(match.i, match.j, match.aliases[0].actor, what)
            return Span(match.i, match.j, "nothing", "demonym", why=what)
        if demonyms.a_name(scan, match.i, match.j):
            scan.reject(match.i, match.j, match.aliases[0].actor, "a name: no article before it")
            return None
    if what := _thing(scan, match):
        return Span(match.i, match.j, "nothing", "thing", why=what)
    if match.j - match.i == 1 and scan.reading.words[match.i].isupper() and _shouted(scan, match.i):
        scan.reject(
            match.i,
            match.j,
            match.aliases[0].actor if match.aliases else "place",
            "a common word in capitals",
        )
        return Span(match.i, match.j, "nothing", "capitals", why="a common word in capitals")
    if match.aliases and not parties.means_a_party(scan, match):
        return None
    sure, asking, seats = match.split.sure, match.split.asking, match.split.seats
    if seats:
        return _seat(scan, match, _whose(scan, seats))
    if sure:
        span = _named(scan, match, sure, title)
        if span.actor and span.form == "acronym":
            span.candidates = tuple(alias.actor for alias in asking if alias.actor != span.actor)
        return span
    if asking:
        return _asked(scan, match, asking, title)
    return _place(scan, match)


def _thing(scan: Scan, match: Match) -> str:
    """What else than the actor a listed name stands for here, or an empty string."""
    if scan.reading.after(match.j)[:1] in CURRENCIES:
        return "a currency"
    if match.aliases and not match.country and an_index(scan, match.j):
        return "a share index"
    if match.split.body and _security(scan, match.j):
        return "a security"
    if match.country and match.i and scan.reading.keys[match.i - 1] == "miss":
        return "who won a pageant"
    return ""


def _security(scan: Scan, at: int) -> bool:
    """ "the 10-year Treasury note"."""
    reading = scan.reading
    return at < reading.count and reading.gaps[at] == " " and reading.keys[at] in scan.lex.cues["securities"]


def _shouted(scan: Scan, at: int) -> bool:
    """Whether "US" among words in capitals is only the word."""
    reading = scan.reading
    if reading.keys[at] not in reading.lex.function_words or "." in reading.words[at]:
        return False
    first = next((k for k in range(at, max(0, at - 2), -1) if "\n" in reading.gaps[k]), max(0, at - 2))
    last = next((k for k in range(at + 1, min(reading.count, at + 3)) if "\n" in reading.gaps[k]), at + 3)
    if reading.keys[at] == "us" and first == at:
        return False  # "US SENDS AID": a headline begins with the country
    around = reading.words[first:at] + reading.words[at + 1 : last]
    return len(around) > 1 and all(word.isupper() for word in around)


def _kind(scan: Scan, alias: Alias) -> SpanKind:
    actor = scan.gazetteer.actor(alias.actor)
    return actor.kind if actor else "organisation"


def _span(scan: Scan, match: Match, alias: Alias, rule: str) -> Span:
    actor = scan.gazetteer.actor(alias.actor)
    article = match.j - match.i > 1 and scan.reading.keys[match.i] == "the" and alias.form != "metonym"
    article = article or (match.j - match.i > 2 and scan.reading.keys[match.i] in ("sir", "dame"))
    j, keys, caps = match.j, scan.reading.keys, scan.reading.caps
    while j - match.i > 1 and not caps[j - 1] and keys[j - 1] in scan.lex.cues["describing"]:
        j -= 1  # "Reuters news agency" is Reuters
    return Span(
        match.i + (article and actor is not None and actor.kind != "country"),  # "The Times" is Times
        j if caps[j - 1] else match.j,
        actor.kind if actor else "organisation",
        rule,
        alias.actor,
        alias.form,
        country=actor.country if actor else "",
    )


def _named(scan: Scan, match: Match, aliases: tuple[Alias, ...], title: Title | None) -> Span:
    actors = list(dict.fromkeys(alias.actor for alias in aliases))
    if aliases[0].actor.startswith("country:") and any(place.size == "region" for place in match.places):
        return _asked(scan, match, aliases, title)  # a region elsewhere has the country's name
    if len(actors) == 1:
        return _span(scan, match, aliases[0], "gazetteer")
    chosen = by_title(scan, actors, title)
    if chosen:
        alias = next(alias for alias in aliases if alias.actor == chosen)
        return _span(scan, match, alias, "gazetteer: role decides")
    return Span(
        match.i,
        match.j,
        _kind(scan, aliases[0]),
        "gazetteer: several",
        form=aliases[0].form,
        candidates=tuple(actors),
        weak=True,
    )


def _asked(scan: Scan, match: Match, aliases: tuple[Alias, ...], title: Title | None) -> Span:
    actors = list(dict.fromkeys(alias.actor for alias in aliases))
    chosen = by_title(scan, actors, title)
    if chosen:
        alias = next(alias for alias in aliases if alias.actor == chosen)
        return _span(scan, match, alias, "gazetteer: role beside it")
    rivals = {place.country for place in match.places}
    return Span(
        match.i,
        match.j,
        _kind(scan, aliases[0]),
        "gazetteer: needs evidence",
        rival=rivals.pop() if len(rivals) == 1 else "",
        qid=match.places[0].qid if len(match.places) == 1 else "",
        form=aliases[0].form,
        candidates=tuple(actors),
        weak=True,
    )


def by_title(scan: Scan, actors: list[str], title: Title | None) -> str:
    """The one of several actors whose roles fit a stated role; empty if none or more than one does."""
    if title is None or not title.office:
        return ""
    fitting = []
    for actor in actors:
        rows = scan.gazetteer.roles(actor)
        offices = {
            row.office for row in rows if scan.on is None or title.effect == "past" or row.holds(scan.on)
        }
        if title.office in offices and (
            not title.country or any(row.country == title.country for row in rows)
        ):
            fitting.append(actor)
    return fitting[0] if len(fitting) == 1 else ""


def _whose(scan: Scan, seats: tuple[Alias, ...]) -> Alias:
    """Whose seat it is: Brussels is the EU's, unless the text speaks of Belgium."""
    states = {alias.actor[8:] for alias in seats if alias.actor.startswith("country:")}
    others = [alias for alias in seats if not alias.actor.startswith("country:")]
    if not (states and others) or not states.isdisjoint(scan.countries):
        return seats[0]
    return others[0]


def _seat(scan: Scan, match: Match, alias: Alias) -> Span | None:
    """A seat of power: its government where it acts, a place where it only lies."""
    reason = metonyms.acts(scan, match.i, match.j)
    if alias.context != "place":
        reason = reason or (
            "" if metonyms.located(scan, match.i) else "names its power unless a place is meant"
        )
    if reason:
        return _span(scan, match, alias, f"metonym: {reason}")
    scan.reject(match.i, match.j, alias.actor, "a place here: nothing acts")
    place = _place(scan, match) or Span(match.i, match.j, "place", "", country=_country(scan, alias))
    place.rule = "place: seat of power that only lies there"
    return place


def _country(scan: Scan, alias: Alias) -> str:
    actor = scan.gazetteer.actor(alias.actor)
    return actor.country if actor else ""


def _place(scan: Scan, match: Match) -> Span | None:
    """The place that a match names, with the list's QID where the gazetteer has none."""
    if not match.places:
        return None
    countries = {place.country for place in match.places}
    qids = {place.qid for place in match.places}
    span = Span(match.i, match.j, "place", "place: gazetteer")
    span.country = countries.pop() if len(countries) == 1 else ""
    span.qid = qids.pop() if len(qids) == 1 else ""
    state = state_after(scan, match.j)
    if state and state != span.country:
        span.country, span.qid, span.rule = state, "", "place: by the state after it"  # "London, Ontario"
        return span
    if not (span.qid and span.country) and (entry := known_place(scan, match.i, match.j)):
        country, qid, _ = entry.split("\t")
        if country == span.country or not span.country:
            span.country, span.qid = country, qid
    return span


def title_before(scan: Scan, i: int) -> Title | None:
    """A role that ends right before word i, in the same sentence."""
    reading = scan.reading
    if i == 0 or reading.gaps[i] not in (" ", "\u00a0", ". "):
        return None
    floor = i
    while floor and i - floor < 8 and reading.gaps[floor] in (" ", "\u00a0", "-", ". ", "'", "’"):
        floor -= 1
    return role_ending(scan, i, floor)

"""A run of capitals → the names in it: roles and countries cut off, the rest named, headed or guessed."""

from __future__ import annotations

from newscast.tag import names, settle
from newscast.tag.match import Match
from newscast.tag.roles import role_at
from newscast.tag.scan import Scan
from newscast.tag.span import Span, Title


def segment(scan: Scan, i: int, j: int, title: Title | None = None) -> None:
    """Add the spans of words [i, j) to the scan. `title` is a role that stands before them."""
    i, j = _trim(scan, i, j)
    if i >= j:
        return
    if j - i > 1 and scan.rules.stop_names and scan.reading.key(i, j) in scan.lex.stop_names:
        scan.reject(i, j, "name", "stop name")
        return
    if (
        j - i > 1
        and scan.reading.gaps[i + 1] == "-"
        and scan.reading.keys[i] in scan.lex.cues["combining forms"]
    ):
        i += 1  # "Indo-U.S."
    whole = _whole(scan, i, j)
    if whole and _accept(scan, whole, title):
        return
    if _party_tag(scan, i, j):
        return
    if _titled(scan, i, j, title) or _after_country(scan, i, j) or _role_inside(scan, i, j):
        return
    if j - i == 1:
        single(scan, i, title)
        return
    if _before_person(scan, i, j):
        return
    head = names.head_kind(scan, i, j)
    inner = _inner(scan, i, j)
    if inner and not head and (scan.reading.headline(i) or not _longer_name(scan, i, j, inner)):
        segment(scan, i, inner.i, title)
        if not _accept(scan, inner, None):
            single_or_run(scan, inner.i, inner.j, None)
        segment(scan, inner.j, j)
        return
    single_or_run(scan, i, j, title)


def _party_tag(scan: Scan, i: int, j: int) -> bool:
    """ "D-N.Y.", "R-Texas": a legislator's party and state, no name."""
    return j - i > 1 and scan.reading.words[i] in ("D", "R", "I") and scan.reading.gaps[i + 1] in ("-", "–")


def single_or_run(scan: Scan, i: int, j: int, title: Title | None) -> None:
    if j - i == 1:
        single(scan, i, title)
    else:
        _run(scan, i, j, title)


def _whole(scan: Scan, i: int, j: int) -> Match | None:
    return scan.matcher.whole(scan.reading, i, j) if scan.rules.gazetteer else None


def _accept(scan: Scan, match: Match, title: Title | None) -> bool:
    span = settle.settle(scan, match, title)
    if span is None:
        return False
    span.title = title
    scan.spans.append(span)
    return True


def _trim(scan: Scan, i: int, j: int) -> tuple[int, int]:
    """Leave out function words at both ends, forms of address, and a sentence's common first word."""
    reading, lex = scan.reading, scan.lex
    while i < j and not _firm(scan, i, j) and (_no_name(scan, i, j) or _only_opens(scan, i, j)):
        i += 1
    if j - i > 1 and reading.words[i] in scan.names.first and names.person_like(scan, i, j):
        return i, j  # "Theresa May"
    while i < j and (reading.keys[j - 1] in lex.function_words or not reading.words[j - 1][0].isalnum()):
        word = reading.words[j - 1]
        if j - 1 in scan.matches or (
            word.isupper() and names.is_acronym(word) and not reading.headline(j - 1)
        ):
            break
        j -= 1
    return i, j


def _firm(scan: Scan, i: int, j: int) -> bool:
    """Whether the first word is part of a name whatever else it can be: "The Hague", "US", "April Okoye"."""
    word = scan.reading.words[i]
    if _match_from(scan, i, j) is not None or _first_name(scan, i, j):
        return True
    return i in scan.matches and len(word) > 1 and (word.isupper() or "." in word)


def _no_name(scan: Scan, i: int, j: int) -> bool:
    """Whether the first word never begins a name: a function word, a month, a form of address."""
    reading, lex = scan.reading, scan.lex
    key = reading.keys[i]
    if key in lex.function_words or key in lex.honorifics or key in lex.cues["months"]:
        return True
    return not reading.caps[i] and not (i + 1 < j and reading.caps[i + 1])


def _only_opens(scan: Scan, i: int, j: int) -> bool:
    """Whether the first word is a common one that is capital because a sentence starts with it."""
    reading, lex = scan.reading, scan.lex
    key = reading.keys[i]
    if not scan.rules.common_words or j - i < 2 or key not in lex.common or not reading.opens(i):
        return False
    if scan.rules.first_names and reading.words[i] in scan.names.first and not reading.headline(i):
        return False
    if i in scan.matches or key in lex.cues["place prefixes"] or reading.key(i, j) in scan.inside:
        return False
    return not (
        names.head_kind(scan, i, j) or role_at(scan, i, j) is not None or names.known_place(scan, i, j)
    )


def _first_name(scan: Scan, i: int, j: int) -> bool:
    """ "April Okoye", and "Will Harlow" inside a sentence: a month or a verb that is a first name here."""
    reading = scan.reading
    if reading.words[i] not in scan.names.first or not names.person_like(scan, i, j):
        return False
    if i and reading.keys[i - 1] in ("in", "on", "since", "until", "last", "next", "by"):
        return False
    return reading.keys[i] in scan.lex.cues["months"] or not reading.opens(i)


def _match_from(scan: Scan, i: int, j: int) -> Match | None:
    """A listed name of two words or more that begins here ("The Hague", "New York")."""
    match = scan.matches.get(i)
    if match is not None and i + 1 < match.j <= j:
        return match
    for end in range(min(j, i + 4), i + 1, -1):
        if scan.reading.keys[i] in ("new", "east", "last", "the") and names.known_place(scan, i, end):
            return Match(i, end, (), ())
    return None


def _titled(scan: Scan, i: int, j: int, title: Title | None) -> bool:
    """ "President Vladimir Putin": cut the role off; what is left is a person."""
    role = role_at(scan, i, j)
    if role is None:
        return False
    if role.j == j:
        if role.j - role.i == 1 and not role.office and not scan.reading.opens(i):
            return False
        scan.bare_roles.append(role)
        return True
    right = scan.reading.gaps[role.j]
    rest = names.head_kind(scan, role.j, j) if j - role.j > 1 else _single_head(scan, role.j)
    if right not in (" ", ". ", "\u00a0") or (
        rest and not _whole(scan, role.j, j) and not names.person_like(scan, role.j, j)
    ):
        return False
    if not scan.reading.caps[role.j] and scan.lex.connectors.get(scan.reading.keys[role.j]) != "particle":
        return False
    qualify(scan, role)
    segment(scan, role.j, j, role)
    return True


def _single_head(scan: Scan, at: int) -> bool:
    key = scan.reading.keys[at]
    return scan.rules.heads and (
        key in scan.lex.org_heads or key in scan.lex.event_heads or key in scan.lex.place_heads
    )


def qualify(scan: Scan, role: Title) -> None:
    """Find whose role it is: the country, body or institution that stands right before it."""
    reading = scan.reading
    role.whole, role.first = role.text, role.i
    if role.i == 0 or reading.gaps[role.i] not in (" ", "' ", "’ "):
        return
    start, institution = _institution_before(scan, role.i)
    owner = _owner_before(scan, start)
    role.first = start
    if owner is None:
        role.whole = reading.surface(start, role.j) + role.text[len(reading.surface(role.i, role.j)) :]
        return
    country = scan.country_of(owner)
    actor_id = next(
        (alias.actor for alias in owner.aliases if not alias.actor.startswith(("country:", "person:"))), ""
    )
    if country:
        role.country = role.country or country
        role.body = f"body:{country}:{institution}" if institution else ""
    elif actor_id:
        role.body = actor_id
        actor = scan.gazetteer.actor(actor_id)
        role.country = role.country or (actor.country if actor else "")
    start = owner.i if country or actor_id else start
    while (
        start and reading.gaps[start] == " " and (change := scan.lex.modifiers.get(reading.keys[start - 1]))
    ):
        start -= 1
        role.effect = role.effect or (change if change not in ("same", "current") else "")
    role.first = start
    role.whole = reading.surface(start, role.i) + reading.gaps[role.i] + role.text


def _institution_before(scan: Scan, end: int) -> tuple[int, str]:
    """An institution phrase that ends before word `end`: (its first word, institution), else (end, "")."""
    reading, table = scan.reading, scan.matcher.institutions
    if end == 0 or reading.keys[end - 1] not in table.ends:
        return end, ""
    for start in range(max(0, end - table.longest), end):
        means = table.means.get(reading.key(start, end))
        if means and all(reading.gaps[at] in (" ", "-") for at in range(start + 1, end)):
            return start, means[0][0]
    return end, ""


def _owner_before(scan: Scan, end: int) -> Match | None:
    """The listed name that ends before word `end`, a possessive ending skipped."""
    for at in range(end - 1, max(-1, end - 8), -1):
        match = scan.matches.get(at)
        if match is not None:
            return match if match.j <= end and scan.reading.past_possessive(match.j) == end else None
    return None


def _after_country(scan: Scan, i: int, j: int) -> bool:
    """ "Russian President …", "Iraqi National Congress", "Dutch KLM"."""
    match = scan.matches.get(i)
    if match is None or match.j >= j or not scan.country_of(match):
        return False
    reading, rest = scan.reading, match.j
    if reading.possessive(rest):
        rest = reading.past_possessive(rest)
        if rest >= j:
            return False
    demonym = scan.is_demonym(match)
    longer = scan.matcher.whole(reading, rest, j)
    role = role_at(scan, rest, j)
    if role and (
        role.j == j
        or (names.head_kind(scan, role.j, j) if j - role.j > 1 else None) is None
        or scan.matcher.whole(reading, role.j, j)
    ):
        _accept(scan, match, None)
        segment(scan, rest, j)
        return True
    if longer and (demonym or rest > match.j) and not _needs(longer):
        _accept(scan, match, None)
        segment(scan, rest, j)
        return True
    if names.head_kind(scan, i, j):
        return False
    if not demonym and reading.words[i].isupper() and names.person_like(scan, rest, j):
        demonym = True  # "USA Tara Conner"
    if demonym and (names.person_like(scan, rest, j) or reading.keys[rest] not in scan.lex.common):
        _accept(scan, match, None)
        segment(scan, rest, j)
        return True
    return False


def _needs(match: Match) -> bool:
    return all(alias.context for alias in match.aliases)


def _role_inside(scan: Scan, i: int, j: int) -> bool:
    """ "Bank of England Governor Mark Carney", "Iraqi Prime Minister …": cut at the role."""
    reading = scan.reading
    for at in range(i + 1, j):
        if not reading.caps[at]:
            continue
        role = role_at(scan, at, j)
        if role is None or not (role.office or role.j < j):
            continue
        if (
            role.j - role.i == 1
            and role.j == j
            and (names.person_like(scan, i, j) or reading.keys[at] in scan.lex.org_heads)
        ):
            continue  # "Stephen King"
        rest = (
            names.head_kind(scan, role.j, j)
            if j - role.j > 1
            else (role.j < j and _single_head(scan, role.j))
        )
        if rest and not scan.matcher.whole(reading, role.j, j):
            continue
        if role.j < j and not (
            reading.caps[role.j] or scan.lex.connectors.get(reading.keys[role.j]) == "particle"
        ):
            continue
        if (
            role.j < j
            and reading.words[i] in scan.names.first
            and reading.keys[i] not in scan.lex.common
            and role.j - role.i == 1
        ):
            continue  # "Martin Luther King Jr"
        segment(scan, i, at)
        segment(scan, at, j)
        return True
    return False


def _before_person(scan: Scan, i: int, j: int) -> bool:
    """ "Maine Susan Collins", "Liberal Stephen Owen": a place or a party's adjective before a full name."""
    reading = scan.reading
    for at in range(i + 1, min(j - 1, i + 4)):
        if (
            reading.words[at] not in scan.names.first
            or not names.person_like(scan, at, j)
            or reading.gaps[at] != " "
        ):
            continue
        if names.person_like(scan, i, j) and reading.words[i] in scan.names.first:
            return False
        before = reading.key(i, at)
        if before in scan.lex.stop_names or names.known_place(scan, i, at) or _whole(scan, i, at):
            segment(scan, i, at)
            segment(scan, at, j)
            return True
    return False


def _inner(scan: Scan, i: int, j: int) -> Match | None:
    """The longest listed name inside the run; of equals the first."""
    best: Match | None = None
    for at in range(i, j):
        match = scan.matches.get(at)
        if match and match.j <= j and (best is None or match.j - match.i > best.j - best.i):
            best = match
    return best


def _longer_name(scan: Scan, i: int, j: int, inner: Match) -> bool:
    """Whether the run is one name of its own that only holds a listed one: "Jordan Peterson", "Paris Hilton"."""
    if not inner.aliases and inner.j < j:
        return scan.reading.gaps[inner.j] == " "  # "Los Angeles Lakers"
    if inner.j - inner.i > 1:
        return False
    if any(alias.form == "demonym" for alias in inner.aliases):
        return inner.i > i and names.person_like(scan, i, j)
    if names.person_like(scan, i, j):
        return True
    kinds = {alias.actor.split(":", 1)[0] for alias in inner.aliases}
    return kinds <= {"person"} or ("country" in kinds and inner.i > i) or not kinds


def _run(scan: Scan, i: int, j: int, title: Title | None) -> None:
    reading = scan.reading
    kind = names.classify(scan, i, j)
    if kind is None:
        return
    if title is None and kind.rule in names.OPEN_RULES and kind.kind == "organisation":
        title = settle.title_before(scan, i)
    if title and kind.kind in ("organisation", "place") and j - i <= 4 and not names.head_kind(scan, i, j):
        kind = names.Kind("person", "role before it")
    if reading.headline(i) and scan.rules.headlines:
        kind = names.Kind(kind.kind, kind.rule, weak=True)
    span = Span(
        i, j, kind.kind, kind.rule, title=title, weak=kind.weak, open_kind=kind.rule in names.OPEN_RULES
    )
    if _thing_after(scan, j) and span.kind != "place":
        span.kind, span.why = "nothing", "names a thing: the noun after it"
    if reading.after(j)[:1] in ("™", "®") or (
        j - i > 2 and any(reading.keys[at] in scan.lex.cues["pronouns"] for at in range(i, j))
    ):
        span.kind, span.why = "nothing", "the title of a work, or a product"
    if _quoted(scan, i, j) and kind.rule in (
        "run of common words",
        "run of capitals",
        "run of uncommon words",
    ):
        span.kind, span.why = "nothing", "in quotation marks: the title of a work"
    if kind.kind == "place":
        _locate(scan, span)
    if reading.key(i, j) in scan.lex.stop_names and scan.rules.stop_names:
        span.kind, span.why = "nothing", "stop name"
    scan.spans.append(span)


def _thing_after(scan: Scan, j: int) -> bool:
    """ "Hodgkin's lymphoma", "Russell 2000 index": the noun after the name says that it names a thing."""
    reading = scan.reading
    at = reading.past_possessive(j)
    if at < reading.count and reading.words[at].isdigit() and reading.gaps[at] == " ":
        at += 1
    return (
        at < reading.count
        and reading.keys[at] in scan.lex.cues["things after"]
        and reading.gaps[at] in (" ", "-")
    )


def _quoted(scan: Scan, i: int, j: int) -> bool:
    """Whether quotation marks enclose these words alone, an article apart."""
    reading = scan.reading
    first = i - 1 if i and reading.keys[i - 1] in ("the", "a") else i
    return (
        reading.gaps[first][-1:] in QUOTES
        and reading.after(j)[:1] in QUOTES | {","}
        and (reading.after(j)[:1] in QUOTES or reading.after(j)[1:2] in QUOTES)
    )


QUOTES = frozenset("\"“”‘’'«»")


def _locate(scan: Scan, span: Span) -> None:
    entry = names.known_place(scan, span.i, span.j)
    if entry:
        span.country, span.qid, _ = entry.split("\t")


def single(scan: Scan, at: int, title: Title | None) -> None:
    """One capital word: a name only where something speaks for it."""
    reading, lex, rules = scan.reading, scan.lex, scan.rules
    word, key = reading.words[at], reading.keys[at]
    if (
        len(word) < 2
        or (key in lex.stop_names and rules.stop_names)
        or not word[0].isalpha()
        or (key in lex.function_words and not (names.is_acronym(word) and word.isupper()))
    ):
        return
    headline = reading.headline(at) and rules.headlines
    common = key in lex.common and rules.common_words
    span = Span(at, at + 1, "organisation", "single capital word", title=title)
    span.weak = headline or not rules.singles
    before = title or settle.title_before(scan, at)
    entry = names.known_place(scan, at, at + 1)
    if at + 1 < reading.count and reading.words[at + 1].isdigit() and reading.gaps[at + 1] == " " and common:
        return  # "Terminal 4", "Route 66"
    if at + 1 < reading.count and reading.gaps[at + 1] == " (" and _year(reading.words[at + 1]):
        return  # "Rebecca (1940)"
    if (
        entry is not None
        and ("." in word or f"{word}." in scan.names.places)
        and reading.after(at + 1)[:1] in (".", ",", ";", " ")
    ):
        span.kind, span.rule = "place", "place list"  # "Calif.", "N.D."
        _locate(scan, span)
    elif key in lex.alone and rules.heads and (not reading.opens(at) or key in lex.cues["alone at a start"]):
        span.rule = "head noun alone"
    elif title or (before and not common) or _addressed(scan, at):
        span.kind, span.rule = "person", "role or address before it"
    elif word.isupper() and len(word) > 1 and names.is_acronym(word):
        span.rule = "acronym"
        span.weak = span.weak or (len(word) > 3 and common) or _shouting(scan, at)
        if entry is not None and len(word) > 4 and reading.opens(at):
            span.kind, span.rule, span.weak = "place", "place list", False
            _locate(scan, span)
    elif names.placed(scan, at, at + 1) and not (common and reading.opens(at)):
        span.kind, span.rule = "place", "place: cue"
        span.weak = span.weak or (common and entry is None)
        _locate(scan, span)
    elif entry is not None and entry.endswith("1") and not common and not _speaks(scan, at):
        span.kind, span.rule = "place", "place list"
        _locate(scan, span)
    elif common:
        span.weak, span.rule = True, "common word in capitals"
        if reading.opens(at):
            span.why = "a sentence starts here"
    elif word in scan.names.surnames or word in scan.names.first or _speaks(scan, at):
        span.kind, span.rule = "person", "surname or first name"
        span.weak = span.weak or not rules.first_names
        if word not in scan.names.surnames and not _speaks(scan, at):
            span.weak, span.why = True, "a bare first name"
    elif entry is not None:
        span.kind, span.rule = "place", "place list"
        span.weak = True
        _locate(scan, span)
    elif names.is_acronym(word):
        span.rule = "acronym"
    elif names.CAMEL.search(word) and not word.startswith(
        ("Mc", "Mac", "De", "Di", "La", "Le", "Van", "O", "D", "Fitz")
    ):
        span.rule = "capital inside"
    elif any(key.endswith(ending) for ending in lex.cues["group endings"]):
        span.rule = "ending of a group"
    elif at and reading.keys[at - 1] == "the" and reading.gaps[at] == " ":
        span.rule = "single uncommon word after the"
    else:
        span.kind, span.rule = "person", "single uncommon word"
        if reading.opens(at) and rules.common_words and _derived(scan, key):
            span.weak, span.why = True, "a sentence starts here"
    span.open_kind = span.rule in names.OPEN_RULES
    if (_thing_after(scan, at + 1) or reading.after(at + 1)[:1] in ("™", "®")) and span.kind != "place":
        span.kind, span.why = "nothing", "names a thing: the noun after it"
    scan.spans.append(span)


def _addressed(scan: Scan, at: int) -> bool:
    return (
        at > 0
        and scan.reading.keys[at - 1] in scan.lex.honorifics
        and scan.reading.gaps[at] in (" ", ". ", "\u00a0")
    )


def _speaks(scan: Scan, at: int) -> bool:
    reading = scan.reading
    return at + 1 < reading.count and reading.gaps[at + 1] == " " and reading.keys[at + 1] in scan.lex.speech


def _year(word: str) -> bool:
    return len(word) == 4 and word.isdigit()


def _derived(scan: Scan, key: str) -> bool:
    """Whether a word that no list holds is a common one's form: "antioxidants", "longstanding"."""
    common = scan.lex.common
    return (key.endswith("s") and (key[:-1] in common or key[:4] == "anti")) or any(
        key[:cut] in common and key[cut:] in common for cut in range(4, len(key) - 3)
    )


def _shouting(scan: Scan, at: int) -> bool:
    """Whether the words around are in capitals too."""
    reading = scan.reading
    around = [reading.words[k] for k in range(max(0, at - 2), min(reading.count, at + 3)) if k != at]
    return len(around) > 1 and sum(word.isupper() and len(word) > 1 for word in around) >= 2

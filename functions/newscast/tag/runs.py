"""Capital words → runs that may be names: what belongs together before anybody asks what it means."""

from __future__ import annotations

from newscast.tag.lexicon import names as name_lists
from newscast.tag.reading import Reading
from newscast.tag.rules import Rules

LONGEST_RUN = 14
"""Words; longer ones are headlines and lists."""
LONGEST_SYLLABLE = 6
"""Letters of half a Chinese or Korean given name."""
GLUED = frozenset(("-", "–", "'", "’", "&", " & ", "/"))
LAWS = frozenset(("act", "bill", "law"))
ADJECTIVES = ("al", "ic", "ary", "ive")
"""Endings of adjectives that two fields of work have."""
NICKNAMED = frozenset(((' "', '" '), (" “", "” "), (" ‘", "’ "), (" '", "' "), (" (", ") ")))
"""What stands around a nickname between first name and surname."""
ARTICLES = frozenset(("the", "la", "le", "les", "los", "las", "der", "den", "il", "lo"))
ELISIONS = frozenset(("o", "d", "l", "m", "dell", "nell", "all", "n", "qu", "sana", "qur"))
ENDINGS = frozenset(("s", "t", "re", "ll", "ve", "d", "m"))


def runs(reading: Reading, rules: Rules) -> list[tuple[int, int]]:
    """All maximal runs, (first word, word after the last), left to right."""
    found = []
    end, count = 0, reading.count
    for first in [at for at, capital in enumerate(reading.caps) if capital]:
        if first < end or (reading.words[first] == "S" and reading.gaps[first] in ("'", "’")):
            continue  # "EDITOR'S CHOICE"
        end = first + 1
        while end < count and end - first < LONGEST_RUN:
            following = _following(reading, rules, first, end)
            if following == end:
                break
            end = following
        found.append((_leading(reading, first, end, rules), end))
    return found


def _leading(reading: Reading, first: int, end: int, rules: Rules) -> int:
    """Take a lower-case particle or a unit's ordinal before the run in."""
    if first and reading.gaps[first] == " " and reading.words[first - 1][:1].isdigit():
        ordinal = reading.words[first - 1].lstrip("0123456789") in reading.lex.cues["ordinals"]
        numbered = reading.lex.cues["numbered"]
        return first - (ordinal and any(key in numbered for key in reading.keys[first:end]))
    if first and rules.connectors and reading.words[first - 1] in reading.lex.cues["leading particles"]:
        gap = reading.gaps[first]
        if gap in ("-", "’", "'") or (
            gap == " " and reading.words[first - 1] not in ("de", "di", "da", "du")
        ):
            return first - 1
    return first


def _following(reading: Reading, rules: Rules, first: int, end: int) -> int:
    """The word after the run once it has taken in what follows at `end`; `end` if nothing joins."""
    gap = reading.gaps[end]
    if reading.caps[end]:
        if _joins(reading, gap, end):
            return end + 1
        if rules.first_names and _nickname(reading, end):
            return end + 2
        return end + 3 if rules.connectors and gap == ", " and _fields(reading, rules, first, end) else end
    if gap == " ":
        number = len(reading.words[end]) < 3 and reading.words[end].isdigit()  # no part of names
        return _connected(reading, rules, first, end) if rules.connectors and not number else end
    if gap in ("'", "’"):
        return _apostrophe(reading, rules, first, end)
    if (
        gap == "-" and reading.keys[end] in reading.lex.cues["leading particles"]
    ):  # "Abd-al Rahman", "Deir-el-Balah"
        return _connected(reading, rules, first, end)
    if gap == "-" and _doubled(reading, end):
        return end + 1
    if gap in (" '", " ’"):  # tokenised corpora: "People 's Party"
        return _apostrophe(reading, rules, first, end)
    if gap == "-" and rules.first_names and _given_name(reading, first, end):
        return end + 1
    return _connected(reading, rules, first, end) if rules.connectors and gap == "-" else end


def _nickname(reading: Reading, at: int) -> bool:
    """ "Robert “Mutt” Lang": after a first name, before the surname."""
    if at + 1 >= reading.count or not reading.caps[at + 1]:
        return False
    quoted = (reading.gaps[at], reading.gaps[at + 1]) in NICKNAMED
    if not quoted or reading.words[at - 1] in name_lists().first:
        return quoted
    uncommon = all(reading.keys[k] not in reading.lex.common for k in (at - 1, at + 1))
    return uncommon and reading.gaps[at] != " ("  # "Funzela ‘Funzi’ Ngobeni"


def _fields(reading: Reading, rules: Rules, first: int, end: int) -> bool:
    """ "Institute of Statistical, Social and Economic Research": three common words in capitals."""
    keys, lex = reading.keys, reading.lex
    if end - first < 3 or end + 2 >= reading.count or not reading.caps[end + 2]:
        return False
    headed = keys[end - 2] in ("of", "for") and rules.heads and keys[end - 3] in lex.org_heads
    if not headed or keys[end + 1] not in ("and", "&") or reading.gaps[end + 1] != " ":
        return False
    fields = (keys[end - 1], keys[end], keys[end + 2])
    return all(key in lex.common and key not in lex.org_heads for key in fields)


def _headed_soon(reading: Reading, at: int) -> bool:
    """Whether an organisation's head ends the capitals from here, or stands before their "of"."""
    keys = plain_capitals(reading, at)
    return len(keys) > 1 - (keys[-1] == "department") and keys[-1] in reading.lex.org_heads


def _doubled(reading: Reading, end: int) -> bool:
    """ "Jo-ann": a first name of two, the second in lower case."""
    first = name_lists().first
    return reading.words[end - 1] in first and reading.words[end].capitalize() in first


def _given_name(reading: Reading, first: int, end: int) -> bool:
    """ "Moon Jae-in": after a family name, the second half of a given name in lower case."""
    keys, lex = reading.keys, reading.lex
    if end - first < 2 or reading.gaps[end - 1] != " " or keys[end - 2] not in lex.cues["family names first"]:
        return False
    if keys[end] in lex.cues["compound ends"] or keys[end - 1] in lex.place_heads:
        return False  # "Lee County-wide"
    return len(keys[end - 1]) <= LONGEST_SYLLABLE and len(keys[end]) <= LONGEST_SYLLABLE


def _joins(reading: Reading, gap: str, end: int) -> bool:
    if gap in (" ", "\u00a0"):
        before = reading.words[end - 1]
        return not (before[-1] == "." and reading.keys[end] in reading.lex.function_words)
    if gap == "/":
        return reading.words[end].isupper() and reading.words[end - 1].isupper()
    if gap in GLUED:
        return gap not in ("'", "’") or reading.keys[end - 1] in ELISIONS
    if gap == ". ":
        before = reading.words[end - 1]
        if reading.keys[end - 1] in reading.lex.cues["stopped"] and _headed_soon(reading, end):
            return True  # "La. Department of Wildlife and Fisheries"
        return reading.keys[end - 1] in reading.lex.cues["abbreviations before names"] or (
            len(before) == 1 and before != "I" and reading.gaps[end - 1] != "&"
        )
    if gap == ".":
        return len(reading.words[end - 1]) == 1
    if gap == ", ":
        return reading.keys[end] in ("inc", "llc", "ltd")
    if gap in ("' ", "’ "):  # "Kids' Choice Awards"
        ahead, lex = plain_capitals(reading, end), reading.lex
        headed = ahead[-1] in lex.event_heads or ahead[-1] in lex.org_heads
        return reading.words[end - 1][-1] == "s" and reading.keys[end - 1] in lex.common and headed
    return not gap.strip(" ") and "\n" not in gap and len(gap) < 3


def _apostrophe(reading: Reading, rules: Rules, first: int, end: int) -> int:
    """ "Sana'a" goes on; "People's Party" goes on where the second half is headed and the first common."""
    word = reading.words[end]
    if reading.gaps[end] in ("'", "’") and word not in ENDINGS and not reading.caps[end]:
        return end + 1 if len(word) <= 4 else end
    if word != "s" or end + 1 >= reading.count or not reading.caps[end + 1] or reading.gaps[end + 1] != " ":
        return end
    before = reading.keys[end - 1]
    if before not in reading.lex.common or not rules.heads or _owns(reading, first, end):
        return end
    return end + 2 if any(head in reading.lex.org_heads for head in plain_capitals(reading, end + 1)) else end


def _owns(reading: Reading, first: int, end: int) -> bool:
    """Whether a name of its own owns what follows: "the Justice Department's National Security Division"."""
    if end - first < 2 or not reading.caps[end - 1]:
        return False
    person = end - first == 2 and reading.words[first] in name_lists().first
    headed = reading.keys[end - 1] in reading.lex.org_heads
    return (person or headed) and reading.keys[end - 1] not in reading.lex.cues["members named"]


def plain_capitals(reading: Reading, at: int) -> list[str]:
    """Keys of the plain capitals that follow each other from `at`."""
    if at >= reading.count:
        return []
    keys = [reading.keys[at]]
    while at + 1 < reading.count and reading.caps[at + 1] and reading.gaps[at + 1] == " " and len(keys) < 6:
        at += 1
        keys.append(reading.keys[at])
    return keys


def _connected(reading: Reading, rules: Rules, first: int, end: int) -> int:
    """Through one to three lower-case connectors to the next capital, where the connector's rule allows."""
    lex, keys = reading.lex, reading.keys
    use = lex.connectors.get(keys[end]) or lex.connectors.get(reading.words[end])
    if use is None:
        return end
    at = end + 1
    while (
        at < reading.count
        and at - end < 3
        and not reading.caps[at]
        and reading.gaps[at] in (" ", "-", "'", "’")
    ):
        if keys[at] not in ARTICLES and keys[at] not in lex.connectors:
            return end
        at += 1
    if at >= reading.count or not reading.caps[at] or reading.gaps[at] not in (" ", "-", "'", "’"):
        return end
    if use == "particle":
        return at + 1
    heads = [keys[i] for i in range(first, end) if _heads(reading, rules, keys[i])]
    head = keys[end - 1] if keys[end - 1] in heads else next(iter(heads), None)
    if use == "and" and at > end + 1:
        return end
    role = keys[end - 1] in lex.roles and keys[end - 1] != "chief" and end - first > 1
    if keys[end] == "for" and keys[end - 1] in lex.cues["seat holders"]:
        return end  # "Councillor for Crewe South"
    if use == "of" and at > end + 1 and role:
        return end  # "Board Chair of the Tea Authority"
    ahead = plain_capitals(reading, at)
    if ahead[0] in lex.honorifics or (ahead[0] in lex.roles and ahead[0] not in lex.org_heads):
        return end
    if use == "campus":  # "University of Texas at Austin"
        seated = head in lex.cues["seated"]
        elsewhere = any(key in lex.cues["seated"] for key in ahead)  # a second university
        return at + 1 if seated and not elsewhere else end
    joins = (
        _of(reading, first, end, ahead, head) if use == "of" else _halves(reading, first, end, ahead, head)
    )
    return at + 1 if joins else end


SEATED = frozenset(("congress", "senate", "house", "parliament", "police", "court"))
"""Heads that what follows "for" or "on" is seldom a part of: "the Senate on Friday"."""
BOARDS = frozenset(("board", "directors", "trustees", "governors"))
"""What an organisation of its own has, with "of" between them."""
SUFFIXED = frozenset(("inc", "corp", "ltd", "co", "plc"))


def _of(reading: Reading, first: int, end: int, ahead: list[str], head: str | None) -> bool:
    """Whether "A of B" is one name: headed left ("Bank of China") or right ("Sons of Liberty Brigade")."""
    lex, keys = reading.lex, reading.keys
    if keys[end - 1] in BOARDS and len(ahead) > 1 and any(key in lex.org_heads for key in ahead):
        return False  # "the Board of Directors of the Public Agenda Foundation"
    if keys[end - 1] in lex.cues["members named"] and reading.caps[end - 1] and keys[end] != "on":
        return True  # "Veterans for Peace", "Knights of Columbus"
    if keys[end] == "without" or keys[end - 1] in lex.cues["those of"]:
        return False  # "left the House without Smith", "Member States of the African Union"
    if keys[end - 1] == "campaign":
        return keys[end] in ("for", "against", "to")
    if head is not None:
        return keys[end] == "of" or (head in lex.org_heads and head not in SEATED)
    if ahead[-1] in SUFFIXED:  # "Pacific Sunwear of California Inc."
        return True
    if ahead[-1] in lex.org_heads and _plainly(reading, first, end):
        return True
    if end - first > 1 and _plainly(reading, first, end) and (ahead[0] in lex.common or keys[end] != "of"):
        return keys[end] in ("of", "for", "against")  # "Democratic Choice of Workers"
    return (
        keys[end] == "of"
        and keys[end - 1] in lex.cues["nobles"]
        and end - first == 1 + (keys[first] == "the")
    )


def _plainly(reading: Reading, first: int, end: int) -> bool:
    """Whether all words are common ones and none is a role."""
    lex, keys = reading.lex, reading.keys
    while first < end and keys[first] in lex.function_words:
        first += 1
    common = all(keys[at] in lex.common and keys[at] not in lex.roles for at in range(first, end))
    return first < end and common and not reading.opens(first)


def _heads(reading: Reading, rules: Rules, key: str) -> bool:
    lex = reading.lex
    return rules.heads and (key in lex.org_heads or key in lex.place_heads or key in lex.event_heads)


def _halves(reading: Reading, first: int, end: int, ahead: list[str], head: str | None) -> bool:
    """Whether "A and B" is one name: "Health and Safety Executive"."""
    lex = reading.lex
    headed = any(key in lex.org_heads for key in ahead)
    of = any(not reading.caps[at] for at in range(first, end))
    if reading.keys[end - 1] not in lex.common:
        return False
    if head == "protection" and reading.keys[end - 1] == head and len(ahead) > 1 and ahead[0] in lex.common:
        return headed  # "Protection and Research Center"
    if ahead[-1] in LAWS and len(ahead) > 1 and of:
        return True  # "Maintenance of Peace and Order Act"
    if head is None or head not in lex.org_heads:
        after = first + 1 if first + 1 < end and reading.keys[first] not in lex.common else first
        plain = all(key in lex.common or key in lex.function_words for key in reading.keys[after:end])
        return headed and plain
    if of and reading.keys[end - 1].endswith(ADJECTIVES) and ahead[0].endswith(ADJECTIVES):
        return ahead[0] in lex.common  # "Institute of Pharmaceutical and Chemical Industries"
    # "Party of Socialists and Democrats"; "University of Oxford and Cambridge University" are two.
    return of and not (headed and ahead[-1] in lex.org_heads and len(ahead) > 1) and ahead[0] in lex.common

"""Whether a seat of power acts ("Moscow said") or is only where something is ("in Moscow")."""

from __future__ import annotations

from newscast.tag.scan import Scan

LOCATING = frozenset(
    "in at near outside inside around across leaving visiting visit visited throughout downtown central northern "
    "southern eastern western north south east west via through into onto".split()
)
"""Words right before a place."""
BETWEEN = frozenset(("between", "with", "against", "by", "upon"))
"""Prepositions whose object acts or is acted on: "talks with Tehran", "condemned by Beijing"."""
ADDRESSED = frozenset(
    "accuse accused accuses accusing urge urged urges urging warn warned warns warning press pressed presses pressing "
    "tell told tells telling blame blamed blames blaming ask asked asks asking demand demanded thank thanked criticise "
    "criticised criticize criticized condemn condemned help helped helps support supported supports supporting back backed "
    "backs backing persuade persuaded force forced pressure pressured provoke provoked anger angered threaten threatened "
    "sanction sanctioned arm armed ally allied isolate isolated punish punished deter deterred appease appeased".split()
)
"""Verbs whose object is a power, not a place."""
RELATION = frozenset(
    "relations ties talks tensions rift dispute agreement deal deals pact alliance war standoff rapprochement dialogue "
    "cooperation negotiations conflict rivalry summit".split()
)
"""Nouns whose "between X and Y" joins powers."""
OWNED = frozenset(
    "decision decisions demand demands claim claims response stance position policy policies aggression invasion move "
    "moves ally allies plan plans intentions ambitions refusal threat threats support war government leaders leadership "
    "foreign military nuclear interests accusation accusations denial offer proposal efforts role influence sanctions "
    "willingness relations backing insistence envoy ambassador troops forces security strategy approach failure relationship".split()
)
"""Nouns that a power owns: "Beijing's decision"; a city owns its streets."""
AUXILIARIES = frozenset("has had have is was will would could should may might must does did do can".split())


def located(scan: Scan, i: int) -> bool:
    """Whether a word of place stands right before."""
    return i > 0 and scan.reading.keys[i - 1] in LOCATING and scan.reading.gap(i) == " "


def acts(scan: Scan, i: int, j: int) -> str:
    """Why the words [i, j) are a power here, or an empty string."""
    reading, lex = scan.reading, scan.lex
    if located(scan, i):
        return ""
    before = reading.keys[i - 1] if i and reading.gap(i) == " " else ""
    if j < reading.count:
        after, gap = reading.keys[j], reading.gap(j)
        if reading.possessive(j):
            owned = reading.keys[j + 1] if j + 1 < reading.count else ""
            return "it owns a power's thing" if owned in OWNED else ""
        if gap == " " and not reading.caps[j]:
            if before in ("of", "from", "to") and after in AUXILIARIES:
                return ""
            if after in lex.act and after not in AUXILIARIES or after in lex.speech:
                return f"it acts ({after})"
            if after in AUXILIARIES and j + 1 < reading.count and (
                reading.keys[j + 1] in lex.act or reading.keys[j + 1] in ("not", "also", "been", "repeatedly", "long", "already", "never", "consistently")
            ):
                return f"it acts ({after} {reading.keys[j + 1]})"
        if gap == "-" and not reading.caps[j] and reading.keys[j] in ("backed", "led", "based", "sponsored", "controlled", "installed", "appointed", "aligned", "allied", "brokered"):
            return "" if reading.keys[j] == "based" else f"it acts ({reading.keys[j]})"
    if before in BETWEEN or before in ADDRESSED:
        return f"it is dealt with ({before})"
    if before == "and" and i >= 3 and reading.keys[i - 3] == "between":
        return "it is one of two powers"
    if before == "to" and i >= 2 and reading.keys[i - 2] in ("loyal", "according", "ambassador", "envoy", "pressure", "appeal", "message", "response", "support", "opposed", "close", "closer", "weapons", "arms", "aid"):
        return "it is dealt with (to)"
    return ""

"""A run of capitals that no row lists → one guessed name: its kind, and what makes it nobody after all."""

from __future__ import annotations

from newscast.tag import names, settle
from newscast.tag.scan import Scan
from newscast.tag.singles import single
from newscast.tag.span import Span, Title
from newscast.tag.things import (
    locate,
    names_a_thing,
    quoted,
    quoted_work,
    titles_a_work,
    within_title,
)


def unlisted(scan: Scan, i: int, j: int, title: Title | None) -> None:
    """Add the span of words [i, j), one or several, as the name that they look like."""
    reading = scan.reading
    while title and j - i > 1 and reading.headline(i) and _verb(scan, j - 1):
        j -= 1  # "Singer Usher Files for Divorce"
    if j - i == 1:
        single(scan, i, title)
    else:
        _run(scan, i, j, title)


GUESSED = (
    "run of common words",
    "run of capitals",
    "run of uncommon words",
    "place: cue",
    "place prefix",
)
"""Rules by which a run in quotation marks is rather a title."""
LONGEST_ADDRESSED = 4
"""Words of a name after a form of address."""


def _addressed(scan: Scan, i: int, j: int) -> bool:
    """ "Mr Trust Moyo", "Dr. Edna Co": whatever its last word is the head of."""
    reading = scan.reading
    before = reading.keys[i - 1] if i and reading.gaps[i] in (" ", ". ") else ""
    if before not in scan.lex.honorifics or before == "miss":  # "Miss Universe Organization"
        return False
    return reading.caps[i - 1] and all(reading.caps[at] for at in range(i, j))


def _verb(scan: Scan, at: int) -> bool:
    """Whether a headline's word can be a verb and nobody's surname."""
    word = scan.reading.words[at]
    return scan.reading.keys[at] in scan.lex.common and word[-1] == "s" and word not in scan.names.surnames


def _run(scan: Scan, i: int, j: int, title: Title | None) -> None:
    reading = scan.reading
    kind = names.classify(scan, i, j)
    if title is None and kind.rule in names.OPEN_RULES and kind.kind == "organisation":
        title = settle.title_before(scan, i)
    if title and kind.kind in ("organisation", "place") and j - i <= 4 and not names.head_kind(scan, i, j):
        kind = names.Kind("person", "role before it")
    if kind.kind != "person" and j - i <= LONGEST_ADDRESSED and _addressed(scan, i, j):
        kind = names.Kind("person", "form of address before it")
    if reading.headline(i) and scan.rules.headlines and not _sure_in_headline(scan, i, j, kind):
        kind = names.Kind(kind.kind, kind.rule, weak=True)
    span = Span(
        i, j, kind.kind, kind.rule, title=title, weak=kind.weak, open_kind=kind.rule in names.OPEN_RULES
    )
    if why := _nobody(scan, i, j, kind, title):
        span.kind, span.why = "nothing", why
    if kind.kind == "place":
        locate(scan, span)
    scan.spans.append(span)


def _nobody(scan: Scan, i: int, j: int, kind: names.Kind, title: Title | None) -> str:
    """Why a run is nobody's name though it looks like one; empty if it may be one."""
    reading, last = scan.reading, scan.reading.keys[j - 1]
    if scan.rules.stop_names and reading.key(i, j) in scan.lex.stop_names:
        return "stop name"
    if reading.words[i] == "Best" and last not in scan.lex.org_heads:
        return "an award's class"
    if _holders(scan, last, kind) and not title:
        return "holders of an office"
    if titles_a_work(scan, i, j) or within_title(scan, i, j) or _titled_in_quotes(scan, i, j, kind):
        return "the title of a work"
    if reading.words[i].isupper() and reading.keys[i] in scan.lex.cues["ship prefixes"]:
        return "a ship"
    return "names a thing: what follows it" if names_a_thing(scan, j) and kind.kind != "place" else ""


def _holders(scan: Scan, last: str, kind: names.Kind) -> bool:
    """ "the Foreign Ministers' Meeting"."""
    role = scan.lex.roles.get(last[:-1]) if last[-1] == "s" else None
    return bool(role and role.office) and kind.rule in ("run of common words", "place and more")


def _titled_in_quotes(scan: Scan, i: int, j: int, kind: names.Kind) -> bool:
    """ "“Savanna Nights”" alone in quotation marks; a person's full name may stand in them."""
    if quoted_work(scan, i, j):
        return True
    common = scan.reading.keys[j - 1] in scan.lex.common
    common = common and scan.reading.words[j - 1] not in scan.names.surnames
    return quoted(scan, i, j) and (kind.rule in GUESSED or (kind.kind == "person" and common))


def _sure_in_headline(scan: Scan, i: int, j: int, kind: names.Kind) -> bool:
    """Whether capitals are a name even where all words have them: a first name, and no common word."""
    if kind.rule == "noble title":
        return True
    keys = scan.reading.keys
    uncommon = all(keys[at] not in scan.lex.common for at in range(i, j))
    return uncommon and kind.kind == "person" and scan.reading.words[i] in scan.names.first

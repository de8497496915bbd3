"""Whether a seat of power acts ("Moscow said") or is only where something is ("in Moscow")."""

from __future__ import annotations

from newscast.tag.scan import Scan


def located(scan: Scan, i: int) -> bool:
    """Whether a word of place stands right before."""
    return i > 0 and scan.reading.keys[i - 1] in scan.lex.cues["locating"] and scan.reading.gaps[i] == " "


def acts(scan: Scan, i: int, j: int) -> str:
    """Why the words [i, j) are a power here, or an empty string."""
    reading, lex = scan.reading, scan.lex
    if located(scan, i):
        return ""
    before = reading.keys[i - 1] if i and reading.gaps[i] == " " else ""
    if j < reading.count:
        after, gap = reading.keys[j], reading.gaps[j]
        if reading.possessive(j):
            owned = reading.keys[j + 1] if j + 1 < reading.count else ""
            return "it owns a power's thing" if owned in scan.lex.cues["owned"] else ""
        if gap == " " and not reading.caps[j]:
            if before in ("of", "from", "to") and after in scan.lex.cues["auxiliaries"]:
                return ""
            if (after in lex.act and after not in scan.lex.cues["auxiliaries"]) or after in lex.speech:
                return f"it acts ({after})"
            if (
                after in scan.lex.cues["auxiliaries"]
                and j + 1 < reading.count
                and (
                    reading.keys[j + 1] in lex.act
                    or reading.keys[j + 1]
                    in ("not", "also", "been", "repeatedly", "long", "already", "never", "consistently")
                )
            ):
                return f"it acts ({after} {reading.keys[j + 1]})"
        if (
            gap == "-"
            and not reading.caps[j]
            and reading.keys[j]
            in (
                "backed",
                "led",
                "based",
                "sponsored",
                "controlled",
                "installed",
                "appointed",
                "aligned",
                "allied",
                "brokered",
            )
        ):
            return "" if reading.keys[j] == "based" else f"it acts ({reading.keys[j]})"
    if before in scan.lex.cues["between"] or before in scan.lex.cues["addressed"]:
        return f"it is dealt with ({before})"
    if before == "and" and i >= 3 and reading.keys[i - 3] == "between":
        return "it is one of two powers"
    if (
        before == "to"
        and i >= 2
        and reading.keys[i - 2]
        in (
            "loyal",
            "according",
            "ambassador",
            "envoy",
            "pressure",
            "appeal",
            "message",
            "response",
            "support",
            "opposed",
            "close",
            "closer",
            "weapons",
            "arms",
            "aid",
        )
    ):
        return "it is dealt with (to)"
    return ""

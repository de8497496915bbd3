"""Near-duplicate signatures: edited wire copies against other pieces on the same event.

A copy has another headline, paragraphs dropped or swapped, and 5 to 20 % of its words replaced. The other
pieces are what a second newsroom writes of the same facts. Printed: precision and recall by threshold.
"""

from __future__ import annotations

import random

from newscast.normalise.fingerprint import likeness, signature, words

ACTORS = [
    "the Russian defence ministry",
    "the Pentagon",
    "the White House",
    "the Indian foreign ministry",
    "NATO",
]
ACTS = ["announced", "denied", "welcomed", "rejected", "confirmed", "postponed", "criticised", "described"]
THINGS = [
    "the second call in two weeks",
    "new long-range weapons in Germany",
    "a visit to Moscow",
    "the summit",
]
WHENS = [
    "on Friday",
    "late on Thursday",
    "after talks in Washington",
    "in a short statement",
    "before parliament",
]
WHYS = [
    "to lower the risk of escalation",
    "as fighting went on",
    "despite pressure from allies",
    "for the first time",
]
STYLES = [
    "{who} {did} {what} {when}, {why}, according to people who were there.",
    "{when}, {who} {did} {what}; officials gave as the reason that it came {why}.",
    "What {who} {did} {when} was {what}, a step that observers saw {why}.",
]


def _piece(facts: list[tuple[str, ...]], style: int, chance: random.Random) -> list[str]:
    own = STYLES[style]
    paragraphs = [own.format(who=a, did=b, what=c, when=d, why=e) for a, b, c, d, e in facts]
    chance.shuffle(paragraphs)
    return paragraphs


def _edited(paragraphs: list[str], share: float, chance: random.Random) -> list[str]:
    kept = [part for part in paragraphs if chance.random() > 0.15] or paragraphs
    if len(kept) > 2 and chance.random() < 0.5:
        kept[0], kept[1] = kept[1], kept[0]
    return [
        " ".join(f"edit{chance.randrange(500)}" if chance.random() < share else word for word in part.split())
        for part in kept
    ]


def main() -> None:
    chance = random.Random(7)
    copies: list[float] = []
    others: list[float] = []
    for _ in range(300):
        facts = [tuple(chance.choice(row) for row in (ACTORS, ACTS, THINGS, WHENS, WHYS)) for _ in range(10)]
        source = _piece(facts, 0, random.Random(1))
        original = signature(words(" ".join(source)))
        copy = signature(words(" ".join(_edited(source, chance.uniform(0.05, 0.2), chance))))
        other = signature(words(" ".join(_piece(facts, chance.choice((1, 2)), chance))))
        if original and copy and other:
            copies.append(likeness(original, copy))
            others.append(likeness(original, other))
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        found = sum(value >= threshold for value in copies)
        wrong = sum(value >= threshold for value in others)
        precision = found / (found + wrong) if found + wrong else 0.0
        print(f"from {threshold}: precision {precision:.3f}, recall {found / len(copies):.3f}")

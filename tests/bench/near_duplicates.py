"""Near-duplicate signatures: an editor's copies against other pieces on the same event.

Two sets. `wire`: copies cut short, moved, reworded and with paragraphs of the editor's own, against a second
newsroom's piece with the same names, figures and quotes, and the same newsroom's follow-up with old
paragraphs as background. `phrases`: copies with single words replaced against pieces that join the very
same phrases otherwise. The threshold was picked on the first seed alone.
"""

from __future__ import annotations

import random
import time

from tests.bench import wire_copies

from newscast.normalise.fingerprint import NEAR, likeness, signature, words

PICKED_ON = 7
SEEDS = (PICKED_ON, 11, 12, 13)
PAIRS = 300
THRESHOLDS = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)

STYLES = [
    "{who} {did} {what} {when}, {why}, according to people who were there.",
    "{when}, {who} {did} {what}; officials gave as the reason that it came {why}.",
    "What {who} {did} {when} was {what}, a step that observers saw {why}.",
]
SLOTS = [
    [entry.split("/")[0] for entry in row.split("|")]
    for row in (
        wire_copies.WHO,
        wire_copies.DID,
        wire_copies.WHAT,
        wire_copies.WHEN,
        wire_copies.WHY,
    )
]


def _joined(facts: list[list[str]], style: int, chance: random.Random) -> list[str]:
    paragraphs = [STYLES[style].format(who=a, did=b, what=c, when=d, why=e) for a, b, c, d, e in facts]
    chance.shuffle(paragraphs)
    return paragraphs


def _replaced(paragraphs: list[str], share: float, chance: random.Random) -> list[str]:
    kept = [part for part in paragraphs if chance.random() > 0.15] or paragraphs
    if len(kept) > 2 and chance.random() < 0.5:
        kept[0], kept[1] = kept[1], kept[0]
    return [
        " ".join(f"edit{chance.randrange(500)}" if chance.random() < share else word for word in part.split())
        for part in kept
    ]


def phrases(seed: int) -> list[tuple[list[str], list[str], list[list[str]]]]:
    """(a text, its copy, others) as paragraphs."""
    chance = random.Random(seed)
    found = []
    for _ in range(PAIRS):
        facts = [[chance.choice(row) for row in SLOTS] for _ in range(10)]
        source = _joined(facts, 0, chance)
        copy = _replaced(source, chance.uniform(0.05, 0.2), chance)
        found.append((source, copy, [_joined(facts, chance.choice((1, 2)), chance)]))
    return found


def wire(seed: int) -> list[tuple[list[str], list[str], list[list[str]]]]:
    """The same."""
    chance = random.Random(seed)
    found = []
    for _ in range(PAIRS):
        facts = wire_copies.event(chance)
        source = wire_copies.piece(facts, chance)
        copy = wire_copies.edited(source, chance)
        others = [wire_copies.piece(facts, chance), wire_copies.follow_up(source, chance)]
        found.append((source, copy, others))
    return found


def main() -> None:
    for name, made in (("wire", wire), ("phrases", phrases)):
        for seed in SEEDS:
            copies, others = [], []
            for source, copy, rest in made(seed):
                original, *signed = (signature(words(" ".join(text))) or "" for text in (source, copy, *rest))
                copies.append(likeness(original, signed[0]))
                others += [likeness(original, one) for one in signed[1:]]
            print(f"{name}, seed {seed}: " + ", ".join(_at(each, copies, others) for each in _shown(seed)))
    body = words(" ".join(wire(PICKED_ON)[0][0]) * 2)
    began = time.process_time()
    for _ in range(300):
        signature(body)
    print(f"{(time.process_time() - began) / 300 * 1e6:.0f} µs of CPU for {len(body)} words")


def _shown(seed: int) -> tuple[float, ...]:
    return THRESHOLDS if seed == PICKED_ON else (NEAR,)


def _at(threshold: float, copies: list[float], others: list[float]) -> str:
    found = sum(value >= threshold for value in copies)
    wrong = sum(value >= threshold for value in others)
    precision = found / (found + wrong) if found + wrong else 0.0
    return f"{threshold}: P {precision:.3f} R {found / len(copies):.3f}"

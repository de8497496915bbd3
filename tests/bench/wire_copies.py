"""Invented news texts: a wire's piece, what editors make of it, and what others write of the same event.

Each newsroom has its own words for the same facts, drawn once; names, figures and quotes are shared by all.
"""

from __future__ import annotations

import random
from typing import NamedTuple

WHO = (
    "the Russian defence ministry|the Pentagon|the White House|the Indian foreign ministry|the "
    "alliance|the Turkish president|the central bank|the opposition leader|the Red Cross|the harbour "
    "authority|the prosecutor general|the energy regulator|the miners' union|the interior minister|the "
    "electoral commission"
)
DID = (
    "announced/made public/said it had decided on|denied/rejected reports of/said there was no truth "
    "in|welcomed/praised/spoke well of|rejected/turned down/would not "
    "accept|confirmed/acknowledged/bore out|postponed/put off/moved to a later date|criticised/took "
    "issue with/found fault with|approved/gave its blessing to/signed off on|demanded/called "
    "for/insisted on|suspended/halted for now/stopped until further notice"
)
WHAT = (
    "the second call in two weeks/another telephone conversation within a fortnight|new long-range "
    "weapons in Germany/the stationing of missiles on German soil|a visit to Moscow/a trip to the "
    "Russian capital|the exchange of ninety prisoners/a swap of ninety captives|higher tariffs on "
    "steel/extra duties on imported steel|the closure of two coal mines/plans to shut a pair of "
    "pits|the ceasefire in the north/the truce in the northern districts|a loan of four billion "
    "euros/credit worth four billion euros|the recount of the vote/a second count of the ballots|the "
    "extradition of a banker/the handing over of a former banker|the ban on night flights/an end to "
    "flights after midnight|the reopening of the border/plans to open the frontier again"
)
WHEN = (
    "on Friday/at the end of the week|late on Thursday/on Thursday night|after talks in Washington/once"
    " the meeting in Washington was over|in a short statement/in a note of four lines|before "
    "parliament/in front of lawmakers|at a news conference/before reporters|in a televised address/on "
    "state television|in an interview/when asked by a broadcaster"
)
WHY = (
    "to lower the risk of escalation/so as to keep tensions from growing|as fighting went on/while the "
    "guns were not silent|despite pressure from allies/although partners had urged otherwise|for the "
    "first time/which had not happened before|because money was short/for lack of funds|in spite of "
    "protests in the street/though crowds had gathered against it|to win time before winter/hoping to "
    "gain a few months|under a deal from last year/as agreed twelve months earlier|after a court had so"
    " ruled/following a judgment|without naming a date/but did not say when"
)
QUOTES = (
    "We will not be the first to leave this table|Nobody should think that this is over|There is a "
    "limit, and it has been reached|I have seen the map, and it is not the map we signed|Our patience "
    "is long, but it is not without end|This is what we were elected for|People want bread, not "
    "declarations|It was a frank talk, and I expect more of them|We count the days, and so should "
    "they|No one was warned, and no one is safe"
)
FORMS = (
    "{who} {did} {what} {when}, {why}.",
    "{when}, {who} {did} {what}, {why}.",
    "{what}: that is what {who} {did} {when}, {why}.",
    "{why}, {who} {did} {what} {when}.",
    "It was {when} that {who} {did} {what}, {why}.",
    "{who}, {why}, {did} {what} {when}.",
)
ADDED = (
    "according to people who were there|officials who did not want to be named said|two diplomats told "
    "this newspaper|a person close to the talks said|the move had been expected for days|markets hardly"
    " reacted|it was not clear at first what would follow|further details were not given|observers were"
    " divided over it|neighbours reacted with concern"
)


class Fact(NamedTuple):
    slots: tuple[str, ...]
    """Who, did, what, when, why, each with its wordings parted by "/"."""
    number: int
    quote: str | None


def event(chance: random.Random, facts: int = 10) -> list[Fact]:
    """What happened: so many facts, every third with a quote."""
    return [
        Fact(
            tuple(chance.choice(row.split("|")) for row in (WHO, DID, WHAT, WHEN, WHY)),
            chance.randrange(3, 900),
            chance.choice(QUOTES.split("|")) if number % 3 == 0 else None,
        )
        for number in range(facts)
    ]


def piece(facts: list[Fact], chance: random.Random) -> list[str]:
    """One newsroom's paragraphs on an event, in its own order and wording."""
    paragraphs = []
    for fact in facts:
        words = dict(
            zip(
                ("who", "did", "what", "when", "why"),
                (chance.choice(slot.split("/")) for slot in fact.slots),
                strict=True,
            )
        )
        more = f" {chance.choice(ADDED.split('|')).capitalize()}; the figure given was {fact.number}."
        said = f" “{fact.quote},” a spokesman said." if fact.quote else ""
        paragraphs.append(chance.choice(FORMS).format(**words) + more + said)
    chance.shuffle(paragraphs)
    return paragraphs


def edited(paragraphs: list[str], chance: random.Random) -> list[str]:
    """An editor's copy: cut from the end, a paragraph moved, own ones put in, words replaced in runs."""
    kept = paragraphs[: max(3, round(len(paragraphs) * chance.uniform(0.4, 1)))]
    if chance.random() < 0.4:
        kept.append(kept.pop(0))
    share = chance.uniform(0, 0.2)
    return [_reworded(part, share, chance) for part in kept] + [
        f"Own paragraph {chance.randrange(10**6)} of {chance.randrange(10**6)} local words, {word}."
        for word in chance.sample(ADDED.split("|"), chance.randrange(0, 3))
    ]


def _reworded(paragraph: str, share: float, chance: random.Random) -> str:
    words, made = paragraph.split(), []
    while words:
        run = chance.randrange(1, 4)
        if chance.random() < share / 2:
            made += [f"edit{chance.randrange(5000)}" for _ in words[:run]]
            del words[:run]
        else:
            made.append(words.pop(0))
    return " ".join(made)


def follow_up(paragraphs: list[str], chance: random.Random) -> list[str]:
    """The same newsroom's next piece: new facts, and two or three old paragraphs as background."""
    new = piece(event(chance, 7), chance)
    return new + chance.sample(paragraphs, chance.randrange(2, 4))

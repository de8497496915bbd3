"""Seeded histories: messages duplicated and reordered, writers interleaved, killed, throttled, then drained.

A history gives every message to a few writers that take turns at each step. Whoever is killed, or fails,
has its message delivered again; some that succeed lose their acknowledgement. When all is drained, the
table must be what the messages alone say, whatever their order was.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from newscast.articles import queries, rows, writing
from newscast.articles.identity import written
from newscast.articles.items import Item, read
from newscast.articles.keys import same_as_key
from newscast.articles.rows import Head, Revision
from newscast.articles.store import Articles
from newscast.articles.writing import Op, Read, Saved, Write
from newscast.records import FullText, TaggedArticle
from tests.articles.fake_table import FakeTable, in_memory, refusal
from tests.articles.samples import NOON, actor, tagged

ACTORS = {"a": ("country:USA", "RUS"), "b": ("country:USA",), "c": ("RUS", "IND"), "d": ()}
"""Who stands in each content; a second gazetteer knows one more in each."""
KILLED, FAILED, TWICE, CONFLICT = 0.06, 0.05, 0.04, 0.04
"""Chances at each step: killed before it · an error after it was applied, or before · applied, its answer
lost, and tried again by the client · another transaction in the way."""
LOST_ACK = 0.1
WRITERS = 3
MAX_DELIVERIES = 40

Split = Callable[[Op], Iterator[Op]]
"""How an operation is carried out: as one step, or (a planted bug) as several."""


class KilledError(Exception):
    """The writer is gone; its message will be delivered again."""


def whole(op: Op) -> Iterator[Op]:
    yield op


@dataclass
class History:
    """One drained history: what was offered, and what became of it."""

    messages: list[TaggedArticle]
    articles: Articles
    table: FakeTable
    outcomes: list[Saved] = field(default_factory=list)
    kills: int = 0
    dead: list[TaggedArticle] = field(default_factory=list)
    """Messages given up after MAX_DELIVERIES; only a planted bug comes to that."""


def offered(rng: random.Random) -> list[TaggedArticle]:
    """A few observations of a few articles: shared guids and URLs, contents that come back, ties in time."""
    found = []
    for _ in range(rng.randint(3, 9)):
        text, gazetteer = rng.choice("abcd"), rng.choice(["1", "2"])
        names = ACTORS[text] + (("NATO",) if gazetteer == "2" else ())
        guid, url = rng.choice([None, "g1", "g1", "g2", "g3"]), rng.choice([None, "u1", "u1", "u2"])
        found.append(
            tagged(
                *(actor(name) for name in names),
                gazetteer=gazetteer,
                text=text,
                guid=guid,
                url=url and f"https://example.org/{url}",
                source=rng.choice(["example.org", "example.org", "example.net"]),
                seen=NOON + timedelta(minutes=rng.randint(0, 8) * 30),
                at=NOON + timedelta(minutes=rng.choice([-60, 0, 600])),
                full_text=rng.choice([None, None, FullText(outcome="taken"), FullText(outcome="kept")]),
            )
        )
    return found


def play(seed: int, split: Split = whole, faults: bool = True) -> History:
    """One history, drained."""
    rng = random.Random(seed)
    articles, table = in_memory(seed=seed)
    history = History(offered(rng), articles, table)
    queue = list(history.messages) + [message for message in history.messages if rng.random() < 0.4]
    rng.shuffle(queue)
    deliveries: dict[int, int] = defaultdict(int)
    running: list[tuple[TaggedArticle, Generator[None, None, Saved]]] = []
    while queue or running:
        if queue and len(running) < WRITERS:
            message = queue.pop()
            deliveries[id(message)] += 1
            running.append((message, _writer(history, message, split, rng if faults else None)))
        place = rng.randrange(len(running))
        message, writer = running[place]
        try:
            next(writer)
            continue
        except StopIteration as done:
            history.outcomes.append(done.value)
            again = faults and rng.random() < LOST_ACK
        except (KilledError, writing.ContendedError, type(refusal("", ""))):
            history.kills += 1
            again = True
        running.pop(place)
        if again and deliveries[id(message)] >= MAX_DELIVERIES:
            history.dead.append(message)
        elif again:
            queue.insert(rng.randint(0, len(queue)), message)
    return history


def torn(op: Op) -> Iterator[Op]:
    """AWS promises no one moment for all rows of a BatchGetItem: others may write between them."""
    yield from (Read((key,)) for key in op.keys) if isinstance(op, Read) else (op,)


def _writer(
    history: History, message: TaggedArticle, split: Split, rng: random.Random | None
) -> Generator[None, None, Saved]:
    work = writing.saving(message, "c", NOON)
    try:
        ask = next(work)
        while True:
            answers = []
            for op in split(ask):
                yield  # the others' turn
                answers.append(_step(history, op, rng))
            ask = work.send(_together(ask, answers))
    except StopIteration as done:
        saved: Saved = done.value
        return saved


def _together(ask: Op, answers: list[Any]) -> Any:
    match ask:
        case Read():
            return {key: item for found in answers for key, item in found.items()}
        case Write():
            refusals = [refused for refused in answers if refused is not None]
            return frozenset().union(*refusals) if refusals else None
    return answers[0]


def _step(history: History, op: Op, rng: random.Random | None) -> Any:
    if rng is None:
        return history.articles.carry_out(op)
    chance = rng.random()
    if chance < KILLED:
        raise KilledError
    if chance < KILLED + CONFLICT and isinstance(op, Write):
        return frozenset()
    history.table.unprocessed = rng.choice([0, 0, 0, 1, 2])
    answer = history.articles.carry_out(op)
    if rng.random() < FAILED:
        raise refusal("ThrottlingException", "any")  # applied, but the writer does not learn it
    return history.articles.carry_out(op) if rng.random() < TWICE else answer


# ----------------------------------------------------------------------------------- invariants
def broken(history: History) -> list[str]:
    """What is wrong with a drained history; empty if nothing is."""
    by_article: dict[str, list[Item]] = defaultdict(list)
    for item in history.table.items.values():
        if item["PK"]["S"].startswith("ART#"):
            by_article[item["PK"]["S"].removeprefix("ART#")].append(item)
    offered_to: dict[str, list[TaggedArticle]] = defaultdict(list)
    problems = ["a message was given up"] * len(history.dead)
    for message in history.messages:
        article_id = queries.find(history.articles, message.article)
        if article_id is None:
            problems.append("a message led to no article")
            continue
        offered_to[article_id].append(message)
    for article_id, items in by_article.items():
        problems += _broken_article(history, article_id, items, offered_to[article_id])
    return problems


def _teasers(messages: list[TaggedArticle]) -> list[TaggedArticle]:
    """What need not be kept as a revision: teasers of an article whose page was read, before or after."""
    outcome = {id(m): m.article.full_text.outcome if m.article.full_text else None for m in messages}
    if "taken" not in outcome.values():
        return []
    whole = {m.article.content_hash for m in messages if outcome[id(m)] != "kept"}
    return [m for m in messages if m.article.content_hash not in whole]


def _broken_article(
    history: History, article_id: str, items: list[Item], messages: list[TaggedArticle]
) -> Iterator[str]:
    kinds: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        kinds[item["SK"]["S"].split("#")[0]].append(item)
    if len(kinds["HEAD"]) != 1:
        yield "rows without a head"
        return
    if not messages:
        yield "an article that no message leads to"
        return
    head = read(kinds["HEAD"][0], Head)
    revisions = {revision.content: revision for revision in (read(item, Revision) for item in kinds["REV"])}
    contents, teasers = ({m.article.content_hash for m in part} for part in (messages, _teasers(messages)))
    if not contents - teasers <= set(revisions) <= contents:
        yield "revisions are not the contents that were offered"
    heads = [rows.head_of(message, article_id, "", NOON) for message in messages]
    newest = max((one.standing, one.observed, one.content) for one in heads)
    if (head.standing, head.observed, head.content) != newest:
        yield "the head is not the newest observation"
    first = min((written(m.article.observed_at), m.article.source) for m in messages)
    if (head.first_seen, head.source) != first:
        yield "the head does not know when and where it was first seen"
    if head.revisions != len(revisions):
        yield "the head miscounts its revisions"
    if rows.edges(head) != {(item["PK"]["S"], item["SK"]["S"]): item for item in kinds["ACTOR"]}:
        yield "edges are not those of the head"
    if head.content in revisions:
        said = rows.head_of(history.articles.load(revisions[head.content]), article_id, "", NOON)
        if (said.actors, said.title, said.url, said.gazetteer) != (
            head.actors,
            head.title,
            head.url,
            head.gazetteer,
        ):
            yield "the head says what its revision does not"
    for other in head.same_as:
        if same_as_key(other, article_id) not in history.table.items:
            yield "an article does not know that another is the same"

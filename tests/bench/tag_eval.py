"""The tagger against third-party gold, beside two baselines, and what each family of rules is worth.

NEWSCAST_EVAL names the folder that holds the sets (actors/*.jsonl) and their scorer (score.py); without it
only speed, load time and memory are measured, on texts made here. NEWSCAST_RECOGNISER adds a line with that
statistical model (tag/recogniser.py).
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from tests.tag.test_cases import CASES, found, is_mention

import newscast
from newscast.gazetteer import packaged
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.tokens import tokenize
from newscast.records import Tags
from newscast.tag import recogniser, tag
from newscast.tag.lexicon import names
from newscast.tag.recogniser import Recogniser, recognise
from newscast.tag.rules import ALL, Rules

SETS = ("news-fair-dev", "msnbc", "crossner-politics-dev")
PARTLY = {"muc4-dev": "PerpOrg", "geovirus": "TOPONYM"}
"""Partly annotated sets, recall alone, and the type that is asked for."""
GOALS = {
    "news-fair-dev": (0.80, 0.76, 0.76),
    "msnbc": (0.87, 0.82, 0.83),
    "crossner-politics-dev": (0.85, 0.77, 0.77),
}
ARTICLE = 2800
"""Characters of one article, for the rate."""
Mention = tuple[int, int, str, str, str | None]
Tagger = Callable[[str], list[Mention]]


def main() -> None:
    """Print all tables."""
    _costs()
    folder = os.environ.get("NEWSCAST_EVAL")
    if not folder or not (Path(folder) / "actors").is_dir():
        print("NEWSCAST_EVAL is not set: the evaluation sets are left out")
        return
    scorer = _scorer(Path(folder))
    gazetteer = packaged.load()
    print(f"gazetteer {gazetteer.version}; overlap / exact / typed F1, article-level links P R F1, wrong ids")
    for name in SETS:
        texts, gold, spans = scorer.load(Path(folder) / "actors" / f"{name}.jsonl")
        goal = " / ".join(f"{part:.2f}" for part in GOALS[name])
        print(f"{name}: {len(texts)} documents, goal {goal}")
        for label, tagger in _taggers(gazetteer, scorer):
            predicted = {doc: tagger(text) for doc, text in texts.items()}
            print(f"  {label:24}", _line(scorer, name, gold, spans, predicted))
    for name, kind in PARTLY.items():
        texts, gold, _ = scorer.load(Path(folder) / "actors" / f"{name}.jsonl")
        predicted = {doc: _full(gazetteer, scorer, ALL)(text) for doc, text in texts.items()}
        wanted = scorer.mentions(gold, predicted, "overlap", recall_only=True, keep=kind.__eq__)
        print(f"{name}: overlap recall of {kind} {wanted['R']:.3f} of {wanted['gold']}")
    _ablation(scorer, Path(folder), gazetteer)


def _scorer(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("newscast_eval_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _taggers(gazetteer: Gazetteer, scorer: ModuleType) -> Iterator[tuple[str, Tagger]]:
    yield "Newscast", _full(gazetteer, scorer, ALL)
    if path := os.environ.get("NEWSCAST_RECOGNISER"):
        model = recogniser.load(path)
        yield f"and {model.model}", _recognising(gazetteer, scorer, model)
    yield "longest match alone", lambda text: _longest_match(gazetteer, text)
    yield "runs of capitals alone", _capitals


def _full(gazetteer: Gazetteer, scorer: ModuleType, rules: Rules) -> Tagger:
    def run(text: str) -> list[Mention]:
        tags: Tags = tag(text, gazetteer, None, "en", rules)
        found: list[Mention] = scorer.predictions(msgspec.to_builtins(tags))
        return found

    return run


def _recognising(gazetteer: Gazetteer, scorer: ModuleType, model: Recogniser) -> Tagger:
    def run(text: str) -> list[Mention]:
        recognised = recognise(model, text, "en")
        tags = tag(text, gazetteer, None, "en", recognised=recognised)
        found: list[Mention] = scorer.predictions(msgspec.to_builtins(tags))
        return found

    return run


def _longest_match(gazetteer: Gazetteer, text: str) -> list[Mention]:
    """The same gazetteer without a rule: the first actor or place of every longest match in capitals."""
    tokens = tokenize(text)
    found: list[Mention] = []
    for i, j, match in gazetteer.matches(tokens):
        start, end = tokens.starts[i], tokens.ends[j - 1]
        surface = text[start:end]
        if not surface[0].isupper():
            continue
        if match.aliases and (actor := gazetteer.actor(match.aliases[0].actor)):
            found.append((start, end, surface, actor.kind, actor.qid or None))
        elif match.places:
            found.append((start, end, surface, "place", match.places[0].qid or None))
    return found


_RUN = re.compile(r"(?:[A-Z][\w.'’-]*)(?: (?:of |and |the |for )*[A-Z][\w.'’-]*)*")


def _capitals(text: str) -> list[Mention]:
    """Every run of capital words, taken for an organisation."""
    return [(run.start(), run.end(), run[0], "organisation", None) for run in _RUN.finditer(text)]


def _line(scorer: ModuleType, name: str, gold: Any, spans: Any, predicted: Any) -> str:
    scores = _scores(scorer, name, gold, spans, predicted)
    keep = scorer.KEEP[name].__contains__
    linked = scorer.doc_links(gold, predicted, kb=_held(), keep=keep, span=spans)
    links, held = linked["micro P R F1"], f"{linked['recall in KB']:.3f}"
    wrong, made = _wrong_ids(gold, spans, predicted)
    share = f"{wrong / made:.1%} of {made}" if made else "-"
    return (
        " / ".join(f"{score:.3f}" for score in scores)
        + f"   links {links}, among held {held}   wrong ids {share}"
    )


@cache
def _held() -> frozenset[str]:
    """Every Wikidata id that the rows or the tagger's places hold."""
    package = Path(newscast.__file__).parent
    ids: set[str] = set()
    for folder in ("actors", "places"):
        for file in (package / "gazetteer" / "data" / folder).glob("*.csv"):
            with file.open(encoding="utf-8", newline="") as rows:
                ids.update(row["qid"] for row in csv.DictReader(rows))
    ids.update(entry.split("\t")[1] for entry in names().places.values())
    return frozenset(ids - {""})


def _scores(scorer: ModuleType, name: str, gold: Any, spans: Any, predicted: Any) -> list[float]:
    keep = scorer.KEEP[name].__contains__
    ways = (("overlap", None), ("exact", None), ("overlap", scorer.TYPES))
    return [
        scorer.mentions(gold, predicted, mode, type_map=types, keep=keep, span=spans)["P R F1"][2]
        for mode, types in ways
    ]


def _wrong_ids(gold: Any, spans: Any, predicted: Any) -> tuple[int, int]:
    """Links made on exactly a gold span that has another id, and all links made on such spans."""
    wrong = made = 0
    for doc, mentions in predicted.items():
        ids = {(one[0], one[1]): one[4] for one in gold[doc] if one[4]}
        for start, end, _, _, qid in mentions:
            if qid and (start, end) in ids:
                made += 1
                wrong += ids[start, end] != qid
    return wrong, made


def _ablation(scorer: ModuleType, folder: Path, gazetteer: Gazetteer) -> None:
    """Loss in each score, mean over the sets, when one family is switched off; a dead rule shows zeros."""
    loaded = {name: scorer.load(folder / "actors" / f"{name}.jsonl") for name in SETS}

    def mean(rules: Rules) -> list[float]:
        run = _full(gazetteer, scorer, rules)
        each = [
            _scores(scorer, name, gold, spans, {doc: run(text) for doc, text in texts.items()})
            for name, (texts, gold, spans) in loaded.items()
        ]
        return [sum(column) / len(each) for column in zip(*each, strict=True)]

    base = mean(ALL)
    print("loss in overlap / exact / typed F1, and rows of the table of traps that fail, without")
    for family in Rules.__struct_fields__:
        rules = msgspec.structs.replace(ALL, **{family: False})
        lost = " / ".join(f"{had - has:+.3f}" for had, has in zip(base, mean(rules), strict=True))
        print(f"  {family:16} {lost}   {_failing(gazetteer, rules)} rows")


def _failing(gazetteer: Gazetteer, rules: Rules) -> int:
    """Rows of tests/tag/cases.txt whose mentions are not found as they stand there."""
    return sum(
        found(tag(case.text, gazetteer, case.on, case.language, rules))
        != [part for part in case.expected if is_mention(part)]
        for case in CASES
    )


_TEXT = (
    "Russian Defence Minister Andrey Belousov met Kenyan activist Boniface Mwangi in Geneva on Friday, "
    "the Pentagon said. The talks had been put off twice since the spring, and both sides said that "
    "they would go on until an answer was found to what divides them most: who pays for what was "
    "destroyed, and when. “They were useful,” said a spokesperson for the Northern Farmers Union, whose "
    "members had waited outside in the rain since the early morning. Moscow denied it. The minister "
    "left for Berlin, where residents of the old quarter had gathered to hear what would become of "
    "their homes, which nobody has told them so far.\n\n"
)
"""About as many names as news has."""


def _costs() -> None:
    """Articles a second, load time of the whole tagger in a fresh process, and its memory."""
    gazetteer = packaged.load()
    text = (_TEXT * (ARTICLE // len(_TEXT) + 1))[:ARTICLE]
    for _ in range(20):
        tag(text, gazetteer, None, "en")
    best = min(_seconds(lambda: tag(text, gazetteer, None, "en")) for _ in range(50))
    print(f"{1 / best:.0f} articles of {ARTICLE} characters a second a core (warm, best of 50)")
    code = (
        "import time, resource, json; t = time.perf_counter()\n"
        "from newscast.gazetteer import packaged; from newscast.tag import tag\n"
        "i = time.perf_counter(); g = packaged.load(); l = time.perf_counter()\n"
        "tag('Russia met NATO.', g, None, 'en'); f = time.perf_counter()\n"
        "m = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "print(json.dumps([i - t, l - i, f - l, m]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imports, load, first, memory = json.loads(done.stdout)
    print(
        f"import {imports * 1000:.0f} ms, gazetteer {load * 1000:.0f} ms, first text with its word lists "
        f"{first * 1000:.0f} ms; {memory:.0f} MB in all"
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start

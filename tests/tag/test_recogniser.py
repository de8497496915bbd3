"""A statistical model beside the rules: what it may add, what it may not, and what it can't break."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from newscast.gazetteer import packaged
from newscast.records import Tags, UnknownActor
from newscast.tag import explain, tag
from newscast.tag.recogniser import RecogniserError, load, recognise
from newscast.tag.spacy_model import SpacyModel


class Toy:
    """Finds the words that it is told to find, wherever they stand first."""

    model = "toy 1.0"

    def __init__(self, *names: tuple[str, str, float]) -> None:
        self._names = names

    def names(self, text: str, language: str) -> Iterator[tuple[int, int, str, float]]:
        for surface, kind, score in self._names:
            start = text.index(surface)
            yield start, start + len(surface), kind, score


class Fixed:
    """Gives the same spans for any text, then fails if it is told to."""

    model = "fixed 2.0"

    def __init__(self, *spans: Any, error: Exception | None = None) -> None:
        self._spans, self._error = spans, error

    def names(self, text: str, language: str) -> Iterable[tuple[int, int, str, float]]:
        yield from self._spans
        if self._error:
            raise self._error


def failing() -> Fixed:
    return Fixed((0, 7, "person", 1.0), error=RuntimeError("out of memory"))


def _tags(text: str, *names: tuple[str, str, float]) -> Tags:
    return tag(text, packaged.load(), None, "en", recognised=recognise(Toy(*names), text, "en"))


def test_a_name_that_only_the_model_knows_is_there_with_its_model() -> None:
    text = "Yolanda waved at the crowd."
    assert tag(text, packaged.load(), None).unknown == ()
    recognised = recognise(Toy(("Yolanda", "person", 0.9)), text, None)
    told = explain(text, packaged.load(), None, recognised=recognised)
    assert told.tags.unknown == (
        UnknownActor(surface="Yolanda", start=0, end=7, role=None, kind="person", recogniser="toy 1.0"),
    )
    assert [(step.surface, step.rule) for step in told.steps] == [("Yolanda", "recogniser: toy 1.0")]


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Moscow denied the report.", "Moscow"),  # a row: an actor
        ("They met in Geneva.", "Geneva"),  # a row: a place
        ("Kenyan activist Boniface Mwangi spoke.", "Boniface Mwangi"),  # a rule: an unknown person
        ("Kenyan activist Boniface Mwangi spoke.", "activist Boniface"),  # across what a rule found
        ("Taoiseach Ann Okello spoke.", "Taoiseach"),  # a role
        ("The 2010 Ruritanian election was close.", "Ruritanian"),  # an event
        ("She speaks French at home.", "French"),  # a row that a rule set aside
        ("Talks resume on Thursday.", "Thursday"),  # a stop name
        ("The protest was peaceful.", "protest"),  # in lower case
        ("Hope is a good thing.", "Hope"),  # a common word
        ("Cheap Tickets From Zorbing Rise Again\n\nIt rained.", "Zorbing"),  # a headline
    ],
)
def test_what_a_rule_or_a_row_knows_is_as_it_was(text: str, surface: str) -> None:
    assert _tags(text, (surface, "organisation", 1.0)) == tag(text, packaged.load(), None, "en")


def test_articles_and_possessive_endings_are_no_part_of_a_name() -> None:
    (found,) = _tags("Yolanda's aunt came.", ("Yolanda's", "person", 1.0)).unknown
    assert (found.surface, found.start, found.end) == ("Yolanda", 0, 7)


def test_of_two_names_over_each_other_the_surer_stays() -> None:
    (found,) = _tags("Yolanda waved.", ("Yolanda waved", "group", 0.6), ("Yolanda", "person", 0.8)).unknown
    assert (found.surface, found.kind) == ("Yolanda", "person")


def test_a_low_score_is_told_in_the_trace() -> None:
    text = "Yolanda waved."
    recognised = recognise(Toy(("Yolanda", "person", 0.31)), text, "en")
    told = explain(text, packaged.load(), None, "en", recognised=recognised)
    assert told.tags.unknown == ()
    assert [one.why for one in told.aside if "toy" in one.why] == ["recogniser: toy 1.0, but score 0.31"]


@pytest.mark.parametrize(
    "span",
    [
        (-1, 7, "person", 1.0),
        (7, 7, "person", 1.0),
        (0, 99, "person", 1.0),
        (0, 7, "planet", 1.0),
        (0, 7, "person", 1.5),
        (0, 7, "person", math.nan),
        ("0", 7, "person", 1.0),
        (0, 7),
    ],
)
def test_what_is_no_name_is_left_out_and_told(span: Any) -> None:
    found = recognise(Fixed(span), "Yolanda waved.", "en")
    assert found.names == ()
    assert len(found.problems) == 1
    assert found.problems[0].startswith("fixed 2.0")


def test_a_model_that_fails_stops_nothing() -> None:
    text = "Moscow denied it. Yolanda waved."
    found = recognise(failing(), text, "en")
    assert found.problems == ("fixed 2.0 failed: RuntimeError: out of memory",)
    assert tag(text, packaged.load(), None, recognised=found) == tag(text, packaged.load(), None)


def test_tags_without_a_model_have_no_word_of_it() -> None:
    tags = tag("Kenyan activist Boniface Mwangi spoke.", packaged.load(), None)
    assert set(json.loads(msgspec.json.encode(tags))["unknown"][0]) == {
        "surface",
        "start",
        "end",
        "role",
        "kind",
    }


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("no.such.module:load", "ModuleNotFoundError: No module named 'no'"),
        ("newscast.tag.recogniser:nobody", "AttributeError"),
        ("newscast.tag.rules", "AttributeError"),
        ("newscast.tag.rules:Rules", "'Rules' object has no attribute 'model'"),
        ("", "ValueError"),
    ],
)
def test_one_that_cannot_be_loaded_is_one_line(path: str, says: str) -> None:
    with pytest.raises(RecogniserError) as raised:
        load(path)
    assert str(raised.value).startswith(f"recogniser {path} can't be loaded: ")
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_pipeline_of_spacy_gives_persons_and_organisations_of_its_language() -> None:
    entities = [
        SimpleNamespace(start_char=0, end_char=3, label_="PERSON"),
        SimpleNamespace(start_char=4, end_char=8, label_="ORG"),
        SimpleNamespace(start_char=9, end_char=12, label_="GPE"),
    ]

    class Pipeline:
        meta = {"lang": "en", "name": "core_web_sm", "version": "3.8.0"}  # noqa: RUF012

        def __call__(self, text: str) -> SimpleNamespace:
            return SimpleNamespace(ents=entities)

    model = SpacyModel(Pipeline())
    assert model.model == "spaCy en_core_web_sm 3.8.0"
    assert list(model.names("Ann Acme Rome", "en")) == [(0, 3, "person", 1.0), (4, 8, "organisation", 1.0)]
    assert list(model.names("Ann Acme Rom", "de")) == []

"""Wikidata's own formats with invented entities: a dump, plain and packed, and answers to queries."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from newscast.gazetteer.entries import entries
from newscast.gazetteer.gazetteer import Gazetteer
from newscast.gazetteer.model import Actor, Alias, Office, Phrase, Vocabulary
from newscast.gazetteer.rows import Rows
from newscast.gazetteer.wikidata.dump import Snak, entities, moment
from newscast.gazetteer.wikidata.offices import Held, Positions
from newscast.gazetteer.wikidata.results import Answer, ResultsError, answers
from newscast.gazetteer.wikidata.rows import Reader, Tables, Wanted, answered, refresh, write

GAZETTEER = Gazetteer(
    [
        entries(
            Rows(
                actors=[
                    Actor(id="country:RUR", kind="country", name="Ruritania", country="RUR", qid="Q9000001"),
                    Actor(id="country:GRA", kind="country", name="Graustark", country="GRA", qid="Q9000002"),
                ],
                aliases=[Alias(actor="country:RUR", text="Ruritanian", form="demonym", language="en")],
            )
        )
    ],
    Vocabulary(
        offices={
            "foreign-minister": Office(office="foreign-minister", name="Foreign Minister", single=True),
            "head-of-state": Office(office="head-of-state", name="Head of State", single=True),
        },
        titles=(
            Phrase(text="foreign minister", means="foreign-minister"),
            Phrase(text="minister of foreign affairs", means="foreign-minister"),
            Phrase(text="president", means="head-of-state"),
            Phrase(text="chancellor", means="head-of-state", country="GRA"),
        ),
    ),
    "v1",
)
OURS = {"Q9000001": "country:RUR", "Q9000002": "country:GRA"}
WANTED = Wanted(languages=("en", "de", "ru"), as_of=date(2026, 1, 17), since=date(2000, 1, 1))


# ------------------------------------------------------------------ entities as the dump writes them
def an_item(qid: str) -> dict[str, Any]:
    value = {"entity-type": "item", "numeric-id": int(qid[1:]), "id": qid}
    return {"snaktype": "value", "datavalue": {"value": value, "type": "wikibase-entityid"}}


def a_time(time: str, precision: int) -> dict[str, Any]:
    value = {
        "time": time,
        "timezone": 0,
        "before": 0,
        "after": 0,
        "precision": precision,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    }
    return {"snaktype": "value", "datavalue": {"value": value, "type": "time"}, "datatype": "time"}


def a_string(text: str) -> dict[str, Any]:
    return {"snaktype": "value", "datavalue": {"value": text, "type": "string"}, "datatype": "external-id"}


def claim(snak: dict[str, Any], rank: str = "normal", **qualifiers: dict[str, Any]) -> dict[str, Any]:
    made = {"mainsnak": snak, "type": "statement", "id": "Q1$x", "rank": rank}
    if qualifiers:
        made |= {"qualifiers": {name: [one] for name, one in qualifiers.items()}}
        made |= {"qualifiers-order": list(qualifiers)}
    return made


def entity(qid: str, labels: dict[str, str], **more: Any) -> dict[str, Any]:
    aliases: dict[str, list[str]] = more.pop("aliases", {})
    title: str = more.pop("enwiki", "")
    return {
        "type": "item",
        "id": qid,
        "labels": {code: {"language": code, "value": text} for code, text in labels.items()} or [],
        "descriptions": [],
        "aliases": {
            code: [{"language": code, "value": text} for text in texts] for code, texts in aliases.items()
        }
        or [],
        "claims": {name: value if isinstance(value, list) else [value] for name, value in more.items()} or [],
        "sitelinks": {"enwiki": {"site": "enwiki", "title": title, "badges": []}} if title else [],
        "lastrevid": 1,
    }


ISO = claim(a_string("RUR"))
HUMAN = claim(an_item("Q5"))
DUMP = [
    entity(
        "Q9000010",
        {
            "en": "Black Michael",
            "de": "Michael von Strelsau",
            "ru": "Михаэль Стрельзау",
            "fr": "Michel le Noir",
        },
        aliases={"en": ["Michael", "Michael of Strelsau"]},
        enwiki="Michael of Strelsau",
        P31=HUMAN,
        P27=claim(an_item("Q9000001")),
        P39=[
            claim(
                an_item("Q9000020"),
                P580=a_time("+2019-05-14T00:00:00Z", 11),
                P582=a_time("+2021-03-00T00:00:00Z", 10),
            ),
            claim(an_item("Q9000021"), P580=a_time("+2021-00-00T00:00:00Z", 9)),
            claim(an_item("Q9000020"), rank="deprecated", P580=a_time("+2015-01-01T00:00:00Z", 11)),
            claim(an_item("Q9000022"), P580=a_time("+2018-01-01T00:00:00Z", 11)),
            claim(an_item("Q9000020")),
        ],
    ),
    entity("Q9000020", {"en": "Minister of Foreign Affairs of Ruritania"}, P1001=claim(an_item("Q9000001"))),
    entity("Q9000021", {"en": "President"}, P1001=claim(an_item("Q9000002"))),
    entity("Q9000022", {"en": "President of the Ruritanian Chess Club"}, P17=claim(an_item("Q9000001"))),
    entity(
        "Q9000001", {"en": "Ruritania", "de": "Ruritanien", "ru": "Руритания"}, P298=claim(a_string("RUR"))
    ),
    entity("Q9000002", {"en": "Graustark"}, P298=claim(a_string("GRA"))),
    entity(  # over before `since`, and one whose end is somewhere in the dark
        "Q9000011",
        {"en": "Old Sapt"},
        P31=HUMAN,
        P39=[
            claim(
                an_item("Q9000020"),
                P580=a_time("+1890-01-01T00:00:00Z", 11),
                P582=a_time("+1894-01-01T00:00:00Z", 11),
            ),
            claim(
                an_item("Q9000020"), P580=a_time("+2005-01-01T00:00:00Z", 11), P582={"snaktype": "somevalue"}
            ),
        ],
    ),
    entity("Q9000012", {"fr": "Sans Poste"}, P31=HUMAN),
    entity(
        "Q9000030",
        {"en": "Ruritanian Telegraph", "de": "Ruritanischer Telegraf"},
        aliases={"en": ["RT1"], "de": ["RTA"]},
        P31=claim(an_item("Q192283")),
        P17=claim(an_item("Q9000001")),
    ),
    entity("Q9000031", {}, P31=claim(an_item("Q192283"))),
]
LINES = ["[", *(json.dumps(one, ensure_ascii=False) + "," for one in DUMP)]
LINES += ['{"type":"item","id":"Q9', '{"type":"property","id":"P39","claims":{"P39":7}},', "]"]


@pytest.fixture(
    params=[("dump.json", bytes), ("dump.json.gz", gzip.compress), ("dump.json.bz2", bz2.compress)]
)
def dump(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name, pack = request.param
    packer: Callable[[bytes], bytes] = pack
    path = tmp_path / str(name)
    path.write_bytes(packer("\n".join(LINES).encode()))
    return path


def read(dump: Path, at_once: int = 10_000) -> Tables:
    reader = Reader(GAZETTEER, OURS, WANTED)
    all_of = Tables()
    for tables in reader.tables(entities(dump, reader.matters), at_once):
        all_of.actors += tables.actors
        all_of.aliases += tables.aliases
        all_of.roles += tables.roles
    return all_of


def test_a_dump_becomes_rows(dump: Path) -> None:
    made = read(dump)
    michael, telegraph = "person:black-michael-q9000010", "org:ruritanian-telegraph-q9000030"
    assert [row[:8] for row in sorted(made.actors)] == [
        [telegraph, "organisation", "Ruritanian Telegraph", "RUR", "", "", "Q9000030", ""],
        [michael, "person", "Black Michael", "RUR", "", "", "Q9000010", "Michael of Strelsau"],
    ]
    assert sorted((row[0], row[1], row[2], row[3], row[5]) for row in made.aliases) == sorted(
        [
            ("country:GRA", "Graustark", "en", "name", ""),
            ("country:RUR", "Ruritania", "en", "name", ""),
            ("country:RUR", "Ruritanien", "de", "name", ""),
            ("country:RUR", "Руритания", "ru", "name", ""),
            (telegraph, "RT1", "en", "acronym", ""),
            (telegraph, "RTA", "de", "acronym", ""),
            (telegraph, "Ruritanischer Telegraf", "de", "name", ""),
            (michael, "Michael", "en", "name", "needs"),
            (michael, "Michael of Strelsau", "en", "name", ""),
            (michael, "Michael von Strelsau", "de", "name", ""),
            (michael, "Михаэль Стрельзау", "ru", "name", ""),
        ]
    )
    assert [(row[1], row[4], row[7], row[8], row[9]) for row in made.roles] == [
        ("foreign-minister", "RUR", "2019-05-14", "2021-03", ""),
        ("head-of-state", "GRA", "2021", "", "2026-01-17"),
    ]


def test_rows_come_in_parts_when_there_are_many(dump: Path) -> None:
    assert read(dump, at_once=1) == read(dump)


def test_rows_are_written_as_files_of_our_schema(dump: Path, tmp_path: Path) -> None:
    reader = Reader(GAZETTEER, OURS, WANTED)
    counts = write(tmp_path / "out", "wikidata", reader.tables(entities(dump, reader.matters)))
    assert counts == {"actors": 2, "aliases": 11, "roles": 2}
    lines = (tmp_path / "out" / "roles" / "wikidata.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("actor,office,title,body,country")
    assert lines[1].endswith(",2019-05-14,2021-03,,wikidata Q9000010,checked")


@pytest.mark.parametrize(
    ("label", "country", "held"),
    [
        ("Minister of Foreign Affairs of Ruritania", "RUR", Held("foreign-minister", "RUR")),
        ("Minister of Foreign Affairs of Ruritania", "", Held("foreign-minister", "RUR")),
        ("Foreign Minister", "GRA", Held("foreign-minister", "GRA")),
        ("Ruritanian Minister of Foreign Affairs", "", Held("foreign-minister", "RUR")),
        ("President of Ruritania", "RUR", Held("head-of-state", "RUR")),
        ("Chancellor of Graustark", "", Held("head-of-state", "GRA")),
        ("Chancellor of Ruritania", "", None),
        ("Foreign Minister", "", None),
        ("President of Ruritania", "GRA", None),
        ("President of the Senate of Ruritania", "RUR", None),
        ("Deputy Minister of Foreign Affairs of Ruritania", "RUR", None),
        ("Member of the Ruritanian Parliament", "RUR", None),
        ("", "RUR", None),
    ],
)
def test_what_a_position_is(label: str, country: str, held: Held | None) -> None:
    assert Positions(GAZETTEER).read(label, country) == held


@pytest.mark.parametrize(
    ("time", "precision", "written"),
    [
        ("+2021-01-22T00:00:00Z", 11, "2021-01-22"),
        ("+2021-01-00T00:00:00Z", 10, "2021-01"),
        ("+2021-00-00T00:00:00Z", 9, "2021"),
        ("+2020-00-00T00:00:00Z", 8, ""),
        ("-0044-03-15T00:00:00Z", 11, ""),
        ("+2021-02-30T00:00:00Z", 11, ""),
    ],
)
def test_times(time: str, precision: int, written: str) -> None:
    value = json.dumps({"time": time, "precision": precision}).encode()
    snak = msgspec.convert({"snaktype": "value", "datavalue": {"value": msgspec.Raw(value)}}, Snak)
    assert moment(snak) == written
    assert moment(Snak("somevalue")) == ""


ANSWER = {
    "head": {"vars": ["person", "personLabel", "positionLabel", "country", "start", "end"]},
    "results": {
        "bindings": [
            {
                "person": {"type": "uri", "value": "http://www.wikidata.org/entity/Q9000010"},
                "personLabel": {"xml:lang": "en", "type": "literal", "value": "Black Michael"},
                "positionLabel": {
                    "xml:lang": "en",
                    "type": "literal",
                    "value": "Foreign Minister of Ruritania",
                },
                "country": {"type": "literal", "value": "RUR"},
                "start": {
                    "datatype": "http://www.w3.org/2001/XMLSchema#dateTime",
                    "type": "literal",
                    "value": "2019-05-14T00:00:00Z",
                },
            },
            {
                "person": {"type": "uri", "value": "http://www.wikidata.org/entity/Q9000011"},
                "personLabel": {"type": "literal", "value": "Q9000011"},
                "positionLabel": {"type": "literal", "value": "Foreign Minister of Ruritania"},
            },
            {
                "person": {"type": "uri", "value": "http://www.wikidata.org/entity/Q9000012"},
                "personLabel": {"xml:lang": "en", "type": "literal", "value": "Old Sapt"},
                "positionLabel": {"type": "literal", "value": "Foreign Minister of Ruritania"},
                "start": {"type": "literal", "value": "2010-01-01T00:00:00Z"},
                "end": {"type": "bnode", "value": "t1234"},
            },
        ]
    },
}
AS_CSV = (
    "person,personLabel,positionLabel,country,start,end\r\n"
    "http://www.wikidata.org/entity/Q9000010,Black Michael,Foreign Minister of Ruritania,RUR,"
    "2019-05-14T00:00:00Z,\r\n"
)


@pytest.mark.parametrize("text", [json.dumps(ANSWER), AS_CSV])
def test_answers_of_the_query_service(text: str) -> None:
    found = list(answers(text))
    assert found == [
        Answer("Q9000010", "Black Michael", "Foreign Minister of Ruritania", "RUR", "2019-05-14", "")
    ]
    tables = answered(found, GAZETTEER, OURS, date(2026, 1, 17))
    assert [row[0] for row in tables.actors] == ["person:black-michael-q9000010"]
    assert [row[1:10] for row in tables.roles] == [
        ["foreign-minister", found[0].position, "", "RUR", "", "", "2019-05-14", "", "2026-01-17"]
    ]


@pytest.mark.parametrize("text", ["{}", "{broken", "name,age\nx,1\n", ""])
def test_what_is_no_answer_says_so(text: str) -> None:
    with pytest.raises(ResultsError, match="not an answer of the query service"):
        list(answers(text))


def test_refresh_takes_dumps_and_answers(dump: Path, tmp_path: Path) -> None:
    counts = refresh(dump, tmp_path / "a", GAZETTEER, WANTED)
    assert counts == {"actors": 2, "aliases": 11, "roles": 2}
    (tmp_path / "answer.csv").write_text(AS_CSV, encoding="utf-8")
    counts = refresh(tmp_path / "answer.csv", tmp_path / "b", GAZETTEER, WANTED)
    assert counts == {"actors": 1, "aliases": 0, "roles": 1}

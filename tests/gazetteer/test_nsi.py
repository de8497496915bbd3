"""The name-suggestion-index as a source: what of it becomes an actor, and what doesn't."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newscast.gazetteer.compile import DATA
from newscast.gazetteer.rows import read
from newscast.gazetteer.sources import nsi

WORLD, USA, GBR = ["001"], ["us-nv.geojson"], ["gb"]


def package(
    folder: Path, things: list[tuple[str, str, str, str, list[str]]], gone: tuple[str, ...] = ()
) -> Path:
    """The three files of the package that are read, with (QID, label, description, kind, places) in them."""
    listed: dict[str, Any] = {}
    for qid, _, _, kind, places in things:
        key = "brand:wikidata" if kind.startswith("brands/") else "operator:wikidata"
        item = {"id": qid, "tags": {key: qid}, "locationSet": {"include": places}}
        listed.setdefault(kind, {"items": []})["items"].append(item)
    said = {qid: {"label": label, "description": about} for qid, label, about, _, _ in things}
    files = {
        "json/nsi.json": {"nsi": listed},
        "wikidata/wikidata.json": {"wikidata": said},
        "wikidata/dissolved.json": {"dissolved": {qid: [] for qid in gone}},
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    return folder


@pytest.fixture(scope="module")
def known() -> nsi.Held:
    return nsi.held(read(DATA)[0])


def made(folder: Path, known: nsi.Held) -> list[list[str]]:
    found = list(nsi.entries(folder))
    return nsi.chosen(nsi.companies(found, known), known) + nsi.chosen(nsi.agencies(found, known), known)


SHOP, OFFICE, POLICE = "brands/shop/clothes", "operators/office/government", "operators/amenity/police"


@pytest.mark.parametrize(
    ("label", "about", "kind", "places", "row"),
    [
        # A company of the world, its country by the demonym.
        ("Zorvexa", "Swedish multinational clothing company", SHOP, GBR, "org:zorvexa,SWE,SWEBUS"),
        ("Zorvexa", "clothing chain", SHOP, WORLD, "org:zorvexa,,MNC"),
        ("Zorvexa University", "university in Peru", OFFICE, ["pe"], "org:zorvexa-university,PER,PEREDU"),
        # A public service of a region or a large city.
        ("Nevada Zorvexa Authority", "agency", OFFICE, USA, "body:USA:nevada-zorvexa-authority,USA,USAGOV"),
        ("Nevada Zorvexa Police", "police force", POLICE, USA, "body:USA:nevada-zorvexa-police,USA,USACOP"),
        # Too small, a word, a person's name, a place, a branch of what is held, part of a university.
        ("Zorvexa", "clothing chain in Kent", SHOP, GBR, None),
        ("Target", "American multinational retailer company", SHOP, WORLD, None),
        ("Claire's", "American multinational retail company", SHOP, WORLD, None),
        ("Chicago", "American multinational shoe company", SHOP, WORLD, None),
        ("Tesco Express", "British multinational retail chain", SHOP, WORLD, None),
        ("Zorvexa University Library", "library of a university in Lima, Peru", OFFICE, ["pe"], None),
        # A state's own body is the grammar's; of two countries, or of nowhere known, it is nobody's.
        ("Ministry of Health of Peru", "ministry", OFFICE, ["pe"], None),
        ("Nevada Zorvexa Authority", "agency", OFFICE, ["us", "ca"], None),
        ("Zorvexa Police Department", "police force", POLICE, USA, None),
    ],
)  # fmt: skip
def test_what_becomes_an_actor(
    tmp_path: Path, known: nsi.Held, label: str, about: str, kind: str, places: list[str], row: str | None
) -> None:
    rows = made(package(tmp_path, [("Q999999999", label, about, kind, places)]), known)
    assert [",".join([each[0], each[3], each[4]]) for each in rows] == ([row] if row else [])
    assert all(each[6:] == ["Q999999999", "", "name-suggestion-index", "checked"] for each in rows)


def test_one_name_of_two_is_nobodys_and_what_is_dissolved_is_left_out(
    tmp_path: Path, known: nsi.Held
) -> None:
    about = "British multinational company"
    twins = [(qid, "Zorvexa", about, SHOP, WORLD) for qid in ("Q999999998", "Q999999999")]
    assert made(package(tmp_path, twins), known) == []
    [left] = made(package(tmp_path, twins, gone=("Q999999998",)), known)
    assert left[6] == "Q999999999"

"""Rows: what goes in comes out, and what is no row is named."""

from __future__ import annotations

import zlib
from datetime import timedelta

import msgspec
import pytest

from newscast.articles import bodies, rows
from newscast.articles.heads import head_of, row_of
from newscast.articles.identity import written
from newscast.articles.items import NewerRowError, item_of, read
from newscast.articles.keys import head_key
from newscast.articles.revisions import Revision, in_head, inline, own_row
from newscast.articles.rows import Claim, Erased, Head, Owner, Page, Redirect
from newscast.records import Language
from tests.articles.samples import NOON, actor, tagged

ID = "0123456789abcdef0123456789abcdef"
RECORD = tagged(actor("country:USA"), actor("RUS", "speaker"))
ROW = row_of(ID, RECORD, "poll.1", NOON)
HEAD = head_of(ID, [ROW], RECORD)
FIRST = written(NOON)
KEEP = timedelta(days=30)


@pytest.mark.parametrize("keep", [None, KEEP])
def test_each_row_reads_back_as_it_was_written(keep: timedelta | None) -> None:
    held = inline([ROW])
    redirect, erased = Redirect(leads_to=ID, why="same"), Erased(erased_at=written(NOON))
    assert rows.at_head(rows.head_row(HEAD, 3, keep, held)) == HEAD
    assert rows.at_head(rows.lead_row("n", redirect, 1, held)) == redirect
    assert rows.at_head(rows.lead_row("n", erased, 1, {})) == erased
    assert read(own_row(ROW, {}), Revision) == ROW
    assert in_head(ID, held) == [ROW]
    page = Page(
        url="https://example.org/a",
        owners=(Owner(FIRST, "n", "f", True, ("t",)), Owner(FIRST, "m", "f", True, erased=True)),
        claims=(Claim(FIRST, "x", "s", "", "s.example"),),
        unsettled=("https://example.org/b",),
    )
    assert read(rows.page_row(page, 1, keep, None), Page) == page
    assert [item["part"]["S"] for item in rows.edges(HEAD, keep).values()] == ["participant", "speaker"]


def test_what_lists_show_is_a_part_of_the_head() -> None:
    listed = rows.listed(rows.head_row(HEAD, 1, KEEP, inline([ROW])))
    assert all(getattr(listed, name) == getattr(HEAD, name) for name in listed.__struct_fields__)
    spanish = Language(code="es", confidence=0.8, basis="detected")
    record = tagged(actor("RUS"), title_language=spanish)
    made = head_of(ID, [row_of(ID, record, "p", NOON)], record)
    assert (made.title_language, made.language) == ("es", "en")


def test_what_every_revision_changes_is_not_in_lists() -> None:
    other = tagged(actor("country:USA"), actor("RUS", "speaker"), text="Other.", seen=NOON + KEEP)
    both = head_of(ID, [ROW, row_of(ID, other, "poll.2", NOON)], other)
    one, two = rows.head_row(HEAD, 1, KEEP, {}), rows.head_row(both, 2, KEEP, {})
    assert one["json"] != two["json"]
    assert one["shown"] == two["shown"]


def test_a_page_older_than_owners_could_be_erased_is_read() -> None:
    item = item_of(("URL#x", "PAGE"), Page(url="u")) | {
        "json": {"S": '{"url":"u","owners":[["1","n","f",true,["t"]]]}'}
    }
    assert read(item, Page).owners == (Owner("1", "n", "f", True, ("t",), erased=False),)


def test_a_row_of_0_1_0_is_none_yet() -> None:
    pk, sk = head_key(ID)
    assert rows.at_head({"PK": {"S": pk}, "SK": {"S": sk}, "title": {"S": "x"}}) is None
    assert rows.at_head(None) is None


def test_a_row_of_newer_code_is_not_read() -> None:
    for item in (
        rows.head_row(HEAD, 1, None, {}),
        rows.lead_row("n", Redirect(leads_to=ID, why="same"), 1, {}),
    ):
        with pytest.raises(NewerRowError, match=r"row ART#.* HEAD is of schema 3"):
            rows.at_head(item | {"schema": {"N": "3"}})


def test_a_row_of_another_kind_is_named() -> None:
    with pytest.raises(ValueError, match=r"HEAD.*is not a Revision"):
        read(rows.lead_row(ID, Erased(erased_at=""), 1, {}), Revision)
    with pytest.raises(ValueError, match=r"HEAD.*is not a Head"):
        read({"PK": {"S": "a"}, "SK": {"S": "HEAD"}, "schema": {"N": "2"}}, Head)


def test_a_record_comes_back_from_its_body() -> None:
    record = tagged(actor("country:USA"), text="Ünï 🌍 \x01 text. " * 50)
    assert bodies.unpack(bodies.pack(record)) == record
    assert len(bodies.pack(record)) < 800


def test_bodies_from_before_titles_had_their_own_language_are_read() -> None:
    fields = msgspec.to_builtins(RECORD)
    for name in ("title_language", "text_language"):
        del fields["article"][name]
    assert bodies.unpack(zlib.compress(msgspec.json.encode(fields))) == RECORD


@pytest.mark.parametrize("body", [b"", b"no zlib", bodies.pack(tagged())[:-3]])
def test_a_broken_body_is_one_clear_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="a body "):
        bodies.unpack(body)


def test_a_cut_title_ends_on_a_whole_character() -> None:
    assert rows.cut("é" * 400, 600) == "é" * 298 + "…"
    assert rows.cut("short", 600) == "short"

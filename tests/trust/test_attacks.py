"""What one feed may try against another's articles, by the command, end to end: nothing of it works.

V is the publisher, E a feed that its reader subscribes to as well, and that means harm.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from tests.trust.publishers import Archive, Publisher, entry, publisher

VICTIM = "Zelenskyy visits Kharkiv"


def shown(record: dict[str, Any]) -> tuple[Any, ...]:
    """What a reader sees of an article: nothing of it may be a stranger's."""
    article = record["article"]
    return (
        record["article_id"],
        record["source"],
        record["feed"],
        record["url"],
        record["title"],
        article["text"],
        sorted(actor["actor_id"] for actor in record["tags"]["actors"]),
    )


def of(publisher: Publisher, records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [shown(record) for record in records if record["feed"].startswith(publisher.url)]


def test_two_polls_overwrite_nothing(archive: Archive, victim: Publisher, evil: Publisher) -> None:
    """Case 1: an entry links to V's article, then, under the same guid, to E's own site; again and again."""
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    archive.run(v)
    (before,) = of(victim, archive.articles())
    for turn in range(2):
        e = evil.says("/feed", entry(f"Peru ousts Jeri {turn}", page, "e1"))
        archive.run(e)
        evil.says("/feed", entry(f"Peru ousts Jeri again {turn}", evil.page(f"/own{turn}"), "e1"))
        archive.run(e)
        assert of(victim, archive.articles()) == [before]
    records = archive.articles()
    (owner,) = (record for record in records if record["url"] == page)
    assert owner["observed_by"] == [v, e]
    assert all(
        record["source"] != owner["source"] or record is owner for record in records if record["feed"] == v
    )
    # What E says of its own pages is E's, under E's name.
    assert {record["url"] for record in records if record["feed"] == e} == {evil.page("/own1")}


def test_a_correction_of_the_victims_is_not_undone(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", entry("Peru ousts Jeri", page, "e1"))
    archive.run(v, e)
    victim.says("/feed", entry(f"{VICTIM} and Odesa", page, "v1"))
    evil.says("/feed", entry("Peru ousts Jeri, update", page, "e1"))
    archive.run(v, e)
    (record,) = archive.articles()
    assert (record["title"], record["change"]) == (f"{VICTIM} and Odesa", "revised")
    assert record["observed_by"] == [v, e]


@pytest.mark.parametrize("order", ["victim first", "evil first", "at once"])
def test_who_is_first_files_nothing(archive: Archive, victim: Publisher, evil: Publisher, order: str) -> None:
    """Case 5: E claims V's address before V is polled, and the article was E's for good."""
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", entry("Peru ousts Jeri", page, "e1"))
    early: list[str] = []
    for urls in {"victim first": [[v], [e]], "evil first": [[e], [v]], "at once": [[e, v]]}[order]:
        archive.run(*urls)
        early += [record["article_id"] for record in archive.articles()]
    (record,) = archive.articles()
    assert (record["feed"], record["title"], record["observed_by"]) == (v, VICTIM, [v, e])
    # Ids that were given before the owner came lead to its article.
    assert {found["article_id"] for found in archive.articles(*early)} == {record["article_id"]}
    assert [found["article_id"] for found in archive.articles("--source", record["source"])] == [
        record["article_id"]
    ]


def test_two_feeds_with_the_same_guids_don_t_meet(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    """Case 3: guids counted a host, so two feeds of one host, or with one guid, were merged."""
    a = victim.says("/a.xml", entry(VICTIM, None, "1001"))
    b = victim.says("/b.xml", entry("Peru congress ousts Jeri", None, "1001"))
    c = evil.says("/c.xml", entry("A third thing happens", None, "1001"))
    archive.run(a, b, c)
    assert {record["title"] for record in archive.articles()} == {
        VICTIM,
        "Peru congress ousts Jeri",
        "A third thing happens",
    }


def test_two_strangers_are_not_made_one(archive: Archive, victim: Publisher, evil: Publisher) -> None:
    """Case 6: an entry whose guid leads to one article and whose link to another forged that they are one."""
    with publisher() as other:
        v = victim.says("/feed", entry(VICTIM, victim.page("/a"), "v1"))
        o = other.says("/feed", entry("Peru congress ousts Jeri", other.page("/b"), "o1"))
        e = evil.says("/feed", entry("Nothing", victim.page("/a"), "v1"))
        archive.run(v, o, e)
        evil.says("/feed", entry("Nothing at all", other.page("/b"), "v1"))
        archive.run(e)
        records = {record["title"]: record["observed_by"] for record in archive.articles()}
    assert records == {VICTIM: [v, e], "Peru congress ousts Jeri": [o, e]}


def test_junk_stays_out_of_the_victims_history(archive: Archive, victim: Publisher, evil: Publisher) -> None:
    """Case 7: sixty revisions by E in V's history; and sixty entries don't fill the list of observers."""
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", *(entry(f"Junk number {n} of all", page, f"e{n}") for n in range(60)))
    archive.run(e, v)
    assert [shown(record)[2:5] for record in archive.articles() if record["feed"] == v] == [(v, page, VICTIM)]
    with publisher() as digest:
        d = digest.says("/feed", entry("A digest", page, "d1"))
        archive.run(d)
        (record,) = (record for record in archive.articles() if record["feed"] == v)
    assert record["observed_by"] == [v, e, d]
    assert record["change"] == "new"


def test_a_redirect_to_the_victims_feed_gains_nothing(
    archive: Archive, victim: Publisher, evil: Publisher
) -> None:
    """E's feed redirects to V's for good: what E said before does not become V's."""
    page = victim.page("/kharkiv")
    v = victim.says("/feed", entry(VICTIM, page, "v1"))
    e = evil.says("/feed", entry("Peru ousts Jeri", page, "v1"))
    archive.run(e)
    evil.answers["/feed"] = v
    archive.run(e, v)
    (record,) = archive.articles()
    assert (record["feed"], record["title"]) == (v, VICTIM)


def test_without_an_owner_each_feed_has_its_own(archive: Archive, victim: Publisher, evil: Publisher) -> None:
    page = "https://nobody.invalid/story"
    with ExitStack() as closing:
        third = closing.enter_context(publisher())
        feeds = [
            its.says("/feed", entry(f"{name} says that it happened", page, name))
            for name, its in (("one", victim), ("two", evil), ("three", third))
        ]
        archive.run(*feeds)
        records = archive.articles()
    assert sorted(record["feed"] for record in records) == sorted(feeds)
    assert {record["url"] for record in records} == {page}
    assert [record["observed_by"] for record in records] == [[record["feed"]] for record in records]

"""Who owns an article, by the command, end to end: publishers with several feeds, on other hosts, and readers
who decide; what is erased stays gone."""

from __future__ import annotations

import pytest

from tests.trust.publishers import Archive, Publisher, entry, publisher


def test_two_feeds_of_a_publisher_have_one_article(archive: Archive, site: Publisher) -> None:
    page = site.page("/kharkiv")
    world = site.says("/world", entry("Zelenskyy visits Kharkiv", page, "w1"))
    archive.run(world)
    # The other section's editor has another title, and a guid of another kind.
    politics = site.says("/politics", entry("Ukraine's president in Kharkiv", page, "p1"))
    archive.run(politics)
    (record,) = archive.articles()
    assert record["observed_by"] == [world, politics]
    assert (record["title"], record["change"]) == ("Ukraine's president in Kharkiv", "revised")
    site.says("/world", entry("Zelenskyy in Kharkiv and Odesa", page, "w1"))
    archive.run(world)
    (again,) = archive.articles()
    assert (again["article_id"], again["title"]) == (record["article_id"], "Zelenskyy in Kharkiv and Odesa")


def test_alerts_that_lead_to_one_page_stay_apart(archive: Archive, site: Publisher) -> None:
    page = site.page("/alerts")
    titles = ["Storm in Odesa", "Fire in Lviv", "Flood in Kyiv"]
    feed = site.says("/feed", *(entry(title, page, f"a{n}") for n, title in enumerate(titles)))
    archive.run(feed)
    assert {record["title"] for record in archive.articles()} == set(titles)


def test_a_new_address_is_a_revision(archive: Archive, site: Publisher) -> None:
    feed = site.says("/feed", entry("Zelenskyy visits Kharkiv", site.page("/draft"), "g1"))
    archive.run(feed)
    (before,) = archive.articles()
    site.says("/feed", entry("Zelenskyy visits Kharkiv", site.page("/kharkiv"), "g1"))
    archive.run(feed)
    (record,) = archive.articles()
    assert (record["article_id"], record["url"]) == (before["article_id"], site.page("/kharkiv"))
    assert record["change"] == "revised"


def test_a_site_grants_its_feed_on_another_host(
    archive: Archive, site: Publisher, elsewhere: Publisher
) -> None:
    """The site's front page names the feed: what the feed says of the site's pages is the site's."""
    page = site.page("/kharkiv")
    feed = elsewhere.says("/site.xml", entry("Zelenskyy visits Kharkiv", page, "g1"), link=site.url)
    evil = elsewhere.says("/evil.xml", entry("Peru ousts Jeri", page, "e1"), link=site.url)
    link = f'<link rel="alternate" type="application/rss+xml" href="{feed}">'
    site.answers["/"] = f"<html><head><title>Site</title>{link}</head><body></body></html>"
    own = site.says("/own.xml", entry("Something else of the site", site.page("/else"), "o1"))
    archive.run(evil, feed, own)
    records = {record["url"]: record for record in archive.articles()}
    assert records[page]["title"] == "Zelenskyy visits Kharkiv"
    assert records[page]["observed_by"] == [feed, evil]
    assert site.asked.count("/") == 2  # once for each of the two feeds, and never again
    _, listed = archive.command("feeds", "list")
    assert "named" in listed


def test_a_person_says_for_whom_a_feed_speaks(
    archive: Archive, site: Publisher, elsewhere: Publisher
) -> None:
    """It counts for what was observed before, and the ids of before lead on."""
    page = site.page("/kharkiv")
    feed = elsewhere.says("/site.xml", entry("Zelenskyy visits Kharkiv", page, "g1"))
    with publisher() as other:
        digest = other.says("/digest", entry("A digest of Kharkiv", page, "d1"))
        archive.run(feed, digest)
        before = archive.articles()
        assert len(before) == 2
        status, said = archive.command("feeds", "set", feed, "--speaks-for", site.url)
        assert (status, "speaks for" in said) == (0, True)
    (record,) = archive.articles()
    assert (record["title"], record["observed_by"]) == ("Zelenskyy visits Kharkiv", [feed, digest])
    ids = [each["article_id"] for each in before]
    assert {found["article_id"] for found in archive.articles(*ids)} == {record["article_id"]}


def test_a_reader_sees_who_said_what(archive: Archive, site: Publisher, elsewhere: Publisher) -> None:
    page = site.page("/kharkiv")
    feed = site.says("/feed", entry("Zelenskyy visits Kharkiv", page, "g1"))
    digest = elsewhere.says("/digest", entry("A digest of Kharkiv", page, "d1", "What the digest thinks."))
    for urls in ([feed], [digest]):
        archive.run(*urls)
    site.says("/feed", entry("Zelenskyy visits Kharkiv and Odesa", page, "g1"))
    archive.run(feed)
    (record,) = archive.articles()
    told = archive.articles(record["article_id"], "--history")
    assert [(one["change"], one["feed"], one["title"]) for one in told] == [
        ("new", feed, "Zelenskyy visits Kharkiv"),
        ("beside", digest, "A digest of Kharkiv"),
        ("revised", feed, "Zelenskyy visits Kharkiv and Odesa"),
    ]
    assert told[1]["article"]["text"] == "What the digest thinks."
    status, said = archive.command("articles", record["article_id"], "--history")
    assert (status, len(said.splitlines())) == (0, 3)


def test_what_is_erased_stays_gone(archive: Archive, site: Publisher, elsewhere: Publisher) -> None:
    page = site.page("/kharkiv")
    world = site.says("/world", entry("Zelenskyy visits Kharkiv", page, "w1"))
    digest = elsewhere.says("/digest", entry("A digest of Kharkiv", page, "d1"))
    archive.run(world, digest)
    (record,) = archive.articles()
    status, said = archive.command("erase", record["article_id"], "--yes")
    assert (status, "1 article erased. " in said) == (0, True)
    # A correction, another section's feed, and the digest again bring nothing back.
    site.says("/world", entry("Zelenskyy visits Kharkiv, again", page, "w1"))
    politics = site.says("/politics", entry("Ukraine's president in Kharkiv", page, "p1"))
    elsewhere.says("/digest", entry("A digest of Kharkiv, again", page, "d2"))
    assert archive.run(world, politics, digest) == []
    assert archive.articles() == []
    status, said = archive.command("articles", record["article_id"])
    assert (status, said) == (1, f"newscast articles: no article {record['article_id']}\n")
    assert b"Kharkiv" not in b"".join(each.read_bytes() for each in (archive.folder / "logs").glob("Store*"))


def test_erasing_a_strangers_feed_leaves_the_owners_article(
    archive: Archive, site: Publisher, elsewhere: Publisher
) -> None:
    page = site.page("/kharkiv")
    world = site.says("/world", entry("Zelenskyy visits Kharkiv", page, "w1"))
    digest = elsewhere.says(
        "/digest", entry("A digest of Kharkiv", page, "d1"), entry("Its own", elsewhere.page("/own"), "d2")
    )
    archive.run(world, digest)
    status, said = archive.command("erase", "--feed", digest, "--yes")
    assert status == 0
    assert "1 article and 1 observation beside others' erased." in said
    (record,) = archive.articles()
    assert (record["title"], record["observed_by"]) == ("Zelenskyy visits Kharkiv", [world])
    elsewhere.says("/digest", entry("A digest of Kharkiv, once more", page, "d1"))
    assert archive.run(digest) == []
    (record,) = archive.articles()
    assert record["observed_by"] == [world]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["erase"], "name articles by id, or --source, or --feed (one of them)"),
        (["erase", "nothing", "--yes"], "no article nothing"),
        (["erase", "--source", "nobody.example", "--yes"], "there is nothing to erase"),
        (["articles", "--since", "yesterday"], "--since yesterday: no date (2026-11-01) or time"),
        (["articles", "--limit", "0"], "--limit 0: at least 1"),
    ],
)
def test_bad_input_gets_one_line(archive: Archive, site: Publisher, words: list[str], says: str) -> None:
    archive.run(site.says("/feed", entry("Zelenskyy visits Kharkiv", site.page("/kharkiv"), "g1")))
    status, said = archive.command(*words)
    assert status == 1
    assert said.startswith(f"newscast {words[0]}: {says}")
    assert len(said.splitlines()) == 1
    assert len(archive.articles()) == 1

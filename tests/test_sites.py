"""Who speaks at an address: real feeds and articles, attacks, and what holds for any text."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList

from newscast import shared_hosts, urls
from newscast.sites import covers, page_scope, same_site, scope

BBC = "https://www.bbc.co.uk/news/articles/c0x"

OWNED = [
    # (feed, article, whether the feed may change the article, why)
    # one site under several hosts
    ("https://www.bbc.co.uk/feed.xml", BBC, True, "one host"),
    ("https://bbc.co.uk/feed.xml", BBC, True, "www is no other site"),
    ("https://www.bbc.co.uk/feed.xml", "https://bbc.co.uk/news/1", True, "nor its absence"),
    ("https://www.bbc.co.uk/feed.xml", "https://m.bbc.co.uk/news/1", True, "a mobile host"),
    ("https://m.bbc.co.uk/feed.xml", BBC, True, "from the mobile host"),
    ("https://feeds.bbc.co.uk/feed.xml", BBC, True, "a host for feeds"),
    ("http://www.bbc.co.uk/feed.xml", BBC, True, "http and https are alike"),
    ("https://www.bbc.co.uk./feed.xml", BBC, True, "a trailing dot is the same name"),
    ("HTTPS://WWW.BBC.CO.UK:443/feed.xml", BBC, True, "upper case and the default port"),
    ("https://reader:secret@www.bbc.co.uk/feed.xml", BBC, True, "credentials name no host"),
    ("http://feeds.bbci.co.uk/news/rss.xml", BBC, False, "another site of the BBC: earned by being named"),
    ("https://www.bbc.com/feed.xml", BBC, False, "another site of the BBC"),
    (
        "https://rss.nytimes.com/services/xml/rss/nyt/World.xml",
        "https://www.nytimes.com/a.html",
        True,
        "site",
    ),
    ("https://feeds.reuters.com/reuters/topNews", "https://www.reuters.com/world/x", True, "site"),
    ("https://www.theguardian.com/world/rss", "https://amp.theguardian.com/world/x", True, "its AMP host"),
    ("https://feeds.washingtonpost.com/rss/world", "https://www.washingtonpost.com/x", True, "site"),
    (
        "https://feeds.a.dj.com/rss/RSSWorldNews.xml",
        "https://www.wsj.com/articles/x",
        False,
        "Dow Jones' other",
    ),
    ("https://feeds.npr.org/1001/rss.xml", "https://www.npr.org/2024/x", True, "site"),
    ("https://moxie.foxnews.com/google-publisher/world.xml", "https://www.foxnews.com/world/x", True, "site"),
    ("https://rss.dw.com/xml/rss-en-all", "https://www.dw.com/en/x/a-1", True, "site"),
    (
        "https://www.spiegel.de/schlagzeilen/index.rss",
        "https://www.spiegel.de/ausland/a-1.html",
        True,
        "site",
    ),
    ("https://timesofindia.indiatimes.com/rss.cms", "https://economictimes.indiatimes.com/x", True, "site"),
    (
        "https://www.abc.net.au/news/feed/1/rss.xml",
        "https://www.abc.net.au/news/x",
        True,
        "net.au is a suffix",
    ),
    ("https://www.abc.net.au/news/feed/1/rss.xml", "https://www.sbs.net.au/x", False, "net.au is a suffix"),
    ("https://g1.globo.com/rss/g1/", "https://oglobo.globo.com/mundo/x", True, "one publisher's hosts"),
    ("https://www3.nhk.or.jp/rss/news/cat0.xml", "https://www.nhk.or.jp/news/x", True, "or.jp is a suffix"),
    ("https://www3.nhk.or.jp/rss/news/cat0.xml", "https://www.jiji.or.jp/x", False, "or.jp is a suffix"),
    ("https://www.lemonde.fr/rss/une.xml", "https://www.lefigaro.fr/x", False, "two papers"),
    # governments
    (
        "https://www.gov.uk/search/news.atom",
        "https://www.gov.uk/government/news/x",
        True,
        "www.gov.uk itself",
    ),
    ("https://www.gov.uk/search/news.atom", "https://www.nottingham.gov.uk/x", False, "gov.uk is a suffix"),
    ("https://www.gov.uk/search/news.atom", "https://gov.uk/government/news/x", False, "the suffix itself"),
    ("https://gov.uk/feed", "https://gov.uk/government/news/x", False, "the suffix itself"),
    ("https://www.go.jp/feed", "https://www.kantei.go.jp/x", False, "go.jp is a suffix"),
    ("https://www.kantei.go.jp/index.rdf", "https://japan.kantei.go.jp/x", True, "one office"),
    ("https://www.state.gov/rss", "https://www.whitehouse.gov/x", False, "gov is a suffix"),
    ("https://www.state.gov/rss", "https://travel.state.gov/x", True, "one department"),
    ("https://www.mea.gov.in/rss", "https://pib.gov.in/x", False, "gov.in is a suffix"),
    ("https://www.gov.br/pt-br/rss", "https://www.gov.br/planalto/x", True, "www.gov.br itself"),
    ("https://www.service.gov.uk/rss", "https://www.gov.uk/x", False, "gov.uk is a suffix"),
    # universities
    ("https://news.mit.edu/rss/feed", "https://www.mit.edu/x", True, "one university"),
    ("https://www.ox.ac.uk/feed", "https://www.cam.ac.uk/x", False, "ac.uk is a suffix"),
    ("https://www.cs.cmu.edu/~ann/feed.xml", "https://www.cs.cmu.edu/~ann/post", True, "a user's pages"),
    ("https://www.cs.cmu.edu/~ann/feed.xml", "https://www.cs.cmu.edu/~bob/post", False, "another user's"),
    ("https://www.cs.cmu.edu/~ann/feed.xml", "https://www.cmu.edu/news/x", False, "the university's own"),
    ("https://www.cs.cmu.edu/%7Eann/feed.xml", "https://www.cs.cmu.edu/~ann/post", True, "a tilde escaped"),
    (
        "https://www.cmu.edu/feed",
        "https://www.cs.cmu.edu/~ann/post",
        False,
        "the user's, not the university's",
    ),
    # blog hosts by subdomain
    ("https://ann.substack.com/feed", "https://ann.substack.com/p/x", True, "a letter"),
    ("https://ann.substack.com/feed", "https://www.ann.substack.com/p/x", True, "www"),
    ("https://ann.substack.com/feed", "https://bob.substack.com/p/x", False, "two letters"),
    ("https://ann.substack.com/feed", "https://open.substack.com/pub/ann/p/x", True, "its link in the app"),
    ("https://ann.substack.com/feed", "https://open.substack.com/pub/bob/p/x", False, "another's"),
    ("https://substack.com/feed", "https://ann.substack.com/p/x", False, "the host has no customer's"),
    ("https://x.ann.substack.com/feed", "https://ann.substack.com/p/x", False, "two steps below: nobody's"),
    ("https://ann.wordpress.com/feed/", "https://ann.wordpress.com/2024/x/", True, "a blog"),
    ("https://ann.wordpress.com/feed/", "https://bob.wordpress.com/2024/x/", False, "two blogs"),
    ("https://ann.files.wordpress.com/feed", "https://bob.files.wordpress.com/x", False, "everyone's files"),
    ("https://ann.tumblr.com/rss", "https://www.tumblr.com/ann/7/x", True, "tumblr's two forms"),
    ("https://ann.tumblr.com/rss", "https://www.tumblr.com/bob/7/x", False, "another's"),
    ("https://ann.blogspot.com/feeds/posts/default", "https://ann.blogspot.com/2024/x.html", True, "a blog"),
    ("https://ann.blogspot.com/feeds/posts/default", "https://bob.blogspot.com/2024/x.html", False, "two"),
    (
        "https://ann.blogspot.co.uk/feeds/posts/default",
        "https://bob.blogspot.co.uk/x",
        False,
        "not in the PSL",
    ),
    ("https://a.github.io/feed.xml", "https://a.github.io/x", True, "a user's site"),
    ("https://a.github.io/feed.xml", "https://b.github.io/x", False, "two users"),
    ("https://github.io/feed.xml", "https://a.github.io/x", False, "a suffix itself"),
    ("https://a.pages.dev/feed.xml", "https://b.pages.dev/x", False, "two customers"),
    ("https://ann.ghost.io/rss/", "https://bob.ghost.io/x/", False, "two customers"),
    ("https://ann.hatenablog.com/feed", "https://ann.hatenablog.com/entry/1", True, "a blog"),
    # blog hosts by path
    ("https://medium.com/feed/@ann", "https://medium.com/@ann/x-1", True, "a writer"),
    ("https://medium.com/feed/@ann", "https://www.medium.com/@ann/x-1", True, "www"),
    ("https://medium.com/feed/@ann", "https://medium.com/%40ann/x-1", True, "an escaped @"),
    ("https://medium.com/feed/@ann", "https://medium.com/@bob/x-1", False, "two writers"),
    ("https://medium.com/feed/@ann", "https://medium.com/@annb/x-1", False, "whole segments"),
    ("https://medium.com/feed/@ann", "https://medium.com/@an", False, "whole segments"),
    ("https://medium.com/feed/daily", "https://medium.com/daily/x-1", True, "a publication"),
    ("https://medium.com/feed/daily", "https://medium.com/@daily/x-1", False, "a writer of the same name"),
    ("https://medium.com/feed/@ann", "https://medium.com/p/1", False, "anyone's"),
    ("https://medium.com/feed/tag/war", "https://medium.com/tag/war", False, "nobody's"),
    ("https://medium.com/feed", "https://medium.com/@ann/x", False, "nobody's"),
    ("https://ann.medium.com/feed", "https://ann.medium.com/x", True, "a writer's subdomain"),
    ("https://ann.medium.com/feed", "https://medium.com/@ann/x", False, "perhaps a publication's name"),
    ("https://dev.to/feed/ann", "https://dev.to/ann/x", True, "a writer"),
    ("https://dev.to/feed", "https://dev.to/ann/x", False, "of all writers"),
    ("https://dev.to/feed/tag/go", "https://dev.to/tag/x", False, "of all writers"),
    ("https://note.com/ann/rss", "https://note.com/ann/n/n1", True, "a writer"),
    ("https://rssblog.ameba.jp/ann/rss20.xml", "https://ameblo.jp/ann/entry-1.html", True, "ameblo's feeds"),
    ("https://rss.blog.naver.com/ann.xml", "https://blog.naver.com/ann/1", True, "Naver's feeds"),
    ("https://rss.blog.naver.com/ann.xml", "https://m.blog.naver.com/ann/1", True, "for telephones"),
    ("https://rss.blog.naver.com/ann.xml", "https://blog.naver.com/bob/1", False, "two blogs"),
    ("https://rss.blog.naver.com/ann.xml", "https://n.news.naver.com/article/1/2", False, "a paper's"),
    ("https://buttondown.email/ann/rss", "https://buttondown.com/ann/archive/x", True, "a host renamed"),
    # social media
    (
        "https://www.reddit.com/r/news/.rss",
        "https://old.reddit.com/r/news/comments/1/x/",
        True,
        "a subreddit",
    ),
    ("https://www.reddit.com/r/news/.rss", "https://www.reddit.com/r/worldnews/comments/1", False, "two"),
    ("https://www.reddit.com/.rss", "https://www.reddit.com/r/news/comments/1", False, "of all"),
    ("https://www.reddit.com/r/a+b.rss", "https://www.reddit.com/r/a/comments/1", False, "of several"),
    (
        "https://www.youtube.com/feeds/videos.xml?channel_id=UC1",
        "https://www.youtube.com/watch?v=1",
        False,
        "ID",
    ),
    ("https://twitter.com/ann/rss", "https://x.com/ann/status/1", True, "a host renamed"),
    ("https://twitter.com/ann/rss", "https://x.com/i/status/1", False, "anyone's"),
    ("https://mastodon.social/@ann.rss", "https://mastodon.social/@ann/1", True, "a listed Mastodon"),
    ("https://mastodon.social/tags/news.rss", "https://mastodon.social/@ann/1", False, "of all"),
    ("https://social.foo.org/@ann.rss", "https://social.foo.org/@ann/1", True, "a Mastodon that none lists"),
    ("https://social.foo.org/@ann.rss", "https://social.foo.org/@bob/1", False, "two accounts"),
    ("https://social.foo.org/@ann.rss", "https://www.foo.org/x", False, "an account of the site"),
    ("https://bsky.app/profile/ann.example/rss", "https://bsky.app/profile/bob.example/post/1", False, "two"),
    ("https://vk.com/ann", "https://vk.com/wall-1_2", False, "by number"),
    # feeds made by others, aggregators, caches, shorteners
    ("https://feeds.feedburner.com/ann", "https://www.ann.org/x", False, "earned by being named"),
    ("https://feeds.feedburner.com/ann", "https://feeds.feedburner.com/~r/ann/~3/1/", True, "its own links"),
    ("https://feeds.feedburner.com/ann", "https://feedproxy.google.com/~r/ann/~3/1/", True, "its own links"),
    ("https://feeds.feedburner.com/ann", "https://feeds.feedburner.com/~r/bob/~3/1/", False, "another's"),
    (
        "https://feeds.feedburner.com/ann/eu",
        "https://feeds.feedburner.com/~r/ann/~3/1/",
        False,
        "name in doubt",
    ),
    ("https://news.google.com/rss", BBC, False, "an aggregator"),
    ("https://news.google.com/rss", "https://news.google.com/rss/articles/CB1", False, "nobody's"),
    ("https://news.ycombinator.com/rss", "https://news.ycombinator.com/item?id=1", False, "its readers'"),
    ("https://rsshub.app/bbc", BBC, False, "made by another"),
    ("https://rss.app/feeds/1.xml", "https://rss.app/feeds/2.xml", False, "two made feeds"),
    (
        "https://web.archive.org/web/1/https://a.org/rss",
        "https://web.archive.org/web/1/https://a.org/x",
        False,
        "copies",
    ),
    (
        "https://www.bbc.co.uk/rss",
        "https://www-bbc-co-uk.cdn.ampproject.org/c/s/www.bbc.co.uk/x",
        False,
        "cache",
    ),
    ("https://evil-org.cdn.ampproject.org/rss", "https://a-org.cdn.ampproject.org/c/x", False, "cache"),
    ("https://www-bbc-co-uk.translate.goog/rss", "https://www-bbc-co-uk.translate.goog/x", False, "a copy"),
    ("https://t.co/rss", "https://t.co/1", False, "a shortener"),
    ("https://telegra.ph/rss", "https://telegra.ph/x-01-01", False, "anonymous"),
    # documents, code, storage, podcasts
    ("https://github.com/ann/x/releases.atom", "https://github.com/ann/x/releases/tag/1", True, "an account"),
    ("https://raw.githubusercontent.com/ann/x/main/f.xml", "https://github.com/ann/x", True, "an account"),
    ("https://raw.githubusercontent.com/ann/x/main/f.xml", "https://github.com/bob/x", False, "another's"),
    ("https://sites.google.com/view/ann/rss", "https://sites.google.com/view/bob/x", False, "two sites"),
    ("https://s3.amazonaws.com/ann/f.xml", "https://ann.s3.amazonaws.com/x", True, "one bucket"),
    ("https://s3.amazonaws.com/ann/f.xml", "https://s3.amazonaws.com/bob/x", False, "two buckets"),
    ("https://a.blob.core.windows.net/f.xml", "https://b.blob.core.windows.net/x", False, "two accounts"),
    ("https://docs.google.com/a", "https://docs.google.com/b", False, "anyone's"),
    ("https://feeds.buzzsprout.com/12.rss", "https://www.buzzsprout.com/12/34-x", True, "a podcast"),
    ("https://feed.podbean.com/ann/feed.xml", "https://ann.podbean.com/e/x/", True, "a podcast"),
    ("https://feed.podbean.com/ann/feed.xml", "https://bob.podbean.com/e/x/", False, "two podcasts"),
    # names in other scripts
    ("https://пример.рф/rss", "https://xn--e1afmkfd.xn--p1ai/новости", True, "both forms of one name"),
    ("https://www.пример.рф/rss", "https://другой.рф/x", False, "рф is a suffix"),
    ("https://例子.公司.cn/rss", "https://別的.公司.cn/x", False, "公司.cn is a suffix"),
    ("https://bücher.de/rss", "https://xn--bcher-kva.de/x", True, "both forms of one name"),
    ("https://аpple.com/rss", "https://apple.com/x", False, "a Cyrillic а"),
    # addresses and names of a local network
    ("http://127.0.0.1:8001/feed", "http://127.0.0.1:8001/x", True, "one server"),
    ("http://127.0.0.1:8001/feed", "http://127.0.0.1:8002/x", False, "another server"),
    ("http://127.0.0.1/feed", "https://127.0.0.1/x", True, "the default ports"),
    ("http://127.0.0.1/feed", "http://127.0.0.2/x", False, "no subdomains among numbers"),
    ("http://0x7f.1:8001/feed", "http://127.0.0.1:8001/x", True, "an odd form of the number"),
    ("http://[::1]:8001/feed", "http://[0:0::1]:8001/x", True, "IPv6"),
    ("http://localhost:8001/feed", "http://localhost:8001/x", True, "one server"),
    ("http://localhost:8001/feed", "http://localhost:8002/x", False, "another server"),
    ("http://localhost:8001/feed", "http://127.0.0.1:8001/x", False, "not certain"),
    ("http://intranet/feed", "http://intranet/x", True, "a single label"),
    ("http://nas.local/feed", "http://www.nas.local/x", True, "www"),
    ("http://nas.local/feed", "http://tv.local/x", False, "two machines"),
    (
        "http://a.nas.local/feed",
        "http://b.nas.local/x",
        True,
        "an ending that the list lacks: right below it",
    ),
    ("https://example.com:8443/feed", "https://example.com:8443/x", True, "one server"),
    ("https://example.com:8443/feed", "https://example.com/x", False, "perhaps another user's server"),
    ("https://example.com/feed", "https://example.com:8443/x", False, "perhaps another user's server"),
    # suffixes
    ("https://co.uk/feed", BBC, False, "a suffix itself"),
    ("https://co.uk/feed", "https://co.uk/x", False, "a suffix itself"),
    ("https://com/feed", "https://com/x", False, "a suffix itself"),
    ("https://www.ck/feed", "https://www.ck/x", True, "an exception of the list"),
    ("https://ann.kobe.jp/feed", "https://www.ann.kobe.jp/x", False, "*.kobe.jp: nobody's"),
    # attacks
    ("https://evil.com/bbc.co.uk", BBC, False, "the site in the path"),
    ("https://bbc.co.uk.evil.com/rss", BBC, False, "the site as a subdomain"),
    ("https://evilbbc.co.uk/rss", BBC, False, "the site as an ending"),
    ("https://www.bbc.co.uk@evil.com/rss", BBC, False, "the site as a user"),
    ("https://evil.com\\@www.bbc.co.uk/rss", BBC, False, "a backslash is a slash"),
    ("https://evil.com#@www.bbc.co.uk/rss", BBC, False, "the site in the fragment"),
    ("https://evil.com?.bbc.co.uk/rss", BBC, False, "the site in the query"),
    ("https://www.bbc.co.uk/rss", "https://www.bbc.co.uk@evil.com/x", False, "the site as a user"),
    ("https://www.bbc.co.uk%2f.evil.com/rss", BBC, False, "no host"),
    (
        "https://medium.com/@evil/../@ann/feed",
        "https://medium.com/@ann/x",
        True,
        "what a browser would ask for",
    ),
    ("https://medium.com/@evil/..%2f@ann", "https://medium.com/@evil/x", False, "a server may undo it"),
    ("https://medium.com/@evil", "https://medium.com/@evil/%2e%2e/@ann/x", False, "dots escaped"),
    ("https://medium.com/@evil", "https://medium.com/@evil/..%2f@ann/x", False, "a slash escaped"),
    ("https://medium.com/@evil", "https://medium.com/@evil/..%5c@ann/x", False, "a backslash escaped"),
    ("https://medium.com/@evil", "https://medium.com/@evil%252f../@ann/x", False, "escaped twice"),
    ("https://medium.com/@evil", "https://medium.com\\@ann\\x", False, "backslashes are slashes"),
    ("https://medium.com//@evil", "https://medium.com//@evil/x", False, "an empty segment"),
    ("https://medium.com/@evil", "https://medium.com/@evil;/../@ann/x", False, "a parameter of the segment"),
    ("https://medium.com/@evil;x", "https://medium.com/@evil;x/y", False, "a parameter of the segment"),
    ("https://medium.com/@evil", "https://medium.com:8443/@evil/x", False, "another server"),
    ("javascript:alert(1)", BBC, False, "no web address"),
    ("ftp://www.bbc.co.uk/rss", BBC, False, "no web address"),
    ("https://www..bbc.co.uk/rss", BBC, False, "an empty label"),
    ("https://www.bbc.co.uk/" + "a" * 4096, BBC, False, "too long"),
    ("https://www.bbc.co.uk/\ud800", BBC, False, "a lone surrogate"),
    ("", BBC, False, "nothing"),
]


@pytest.mark.parametrize(("feed", "article", "owned", "why"), OWNED)
def test_a_feed_owns_what_is_certainly_its_owners(feed: str, article: str, owned: bool, why: str) -> None:
    its = scope(feed)
    assert (its is not None and covers(its, article)) == owned, f"{why}: {its} against {scope(article)}"


SCOPES = [
    (BBC, "bbc.co.uk"),
    ("https://www.gov.uk/x", "www.gov.uk"),
    ("https://medium.com/feed/@ann", "medium.com/@ann"),
    ("https://medium.com/", None),
    ("https://medium.com", None),
    ("https://vk.com/wall-1_2", None),
    ("https://x.com/i/status/1", None),
    ("https://medium.com/p/1", None),
    ("https://Ann.Substack.com/p/x", "ann.substack.com"),
    ("https://feeds.feedburner.com/ann?format=xml", "feeds.feedburner.com/ann"),
    ("http://127.0.0.1:8001/feed", "127.0.0.1:8001"),
    ("http://127.0.0.1:80/feed", "127.0.0.1"),
    ("https://127.0.0.1/feed", "127.0.0.1"),
    ("http://127.0.0.1:443/feed", "127.0.0.1"),
    ("http://localhost:8001/", "localhost:8001"),
    ("http://[::1]:8001/", "[::1]:8001"),
    ("http://2130706433:8001/", "127.0.0.1:8001"),
    ("http://intranet:8080/", "intranet:8080"),
    ("https://www.cs.cmu.edu/~ann/", "cs.cmu.edu/~ann"),
    ("https://www.cs.cmu.edu/~/media/x", "cmu.edu"),
    ("https://www.cs.cmu.edu/~%C3%A4/x", None),
    ("https://social.foo.org/@ann.rss", "social.foo.org/@ann"),
    ("https://social.foo.org/@ann@b.org/1", "social.foo.org/@ann@b.org"),
    (
        "https://feeds.soundcloud.com/users/soundcloud:users:1/sounds.rss",
        "feeds.soundcloud.com/users/soundcloud:users:1",
    ),
    ("https://" + "a" * 64 + "." * 3 + "com", None),
    ("https://" + "a." * 125 + "com", "a.com"),  # of 253 characters
    ("https://" + "a." * 125 + "coma", None),
    ("https://blogspot.com/", None),
    ("https://s3.eu-west-1.amazonaws.com/ann/f.xml", None),
]


@pytest.mark.parametrize(("url", "expected"), SCOPES)
def test_scope(url: str, expected: str | None) -> None:
    assert scope(url) == expected


PAGES = [
    ("https://www.bbc.co.uk/", "bbc.co.uk"),
    ("https://www.bbc.co.uk", "bbc.co.uk"),
    ("https://www.bbc.co.uk/#top", "bbc.co.uk"),
    ("https://www.bbc.co.uk/?author=evil", None),
    ("https://www.bbc.co.uk/news", "www.bbc.co.uk/news"),
    ("https://m.bbc.co.uk/", "bbc.co.uk"),  # as far as who owns it goes, any host of a site is the site
    ("https://www.bbc.co.uk/news/", "www.bbc.co.uk/news"),
    ("https://www.bbc.co.uk/news?page=2", None),
    ("https://www.bbc.co.uk//", None),
    ("https://www.bbc.co.uk/a//b", None),
    ("https://www.bbc.co.uk/a%2fb", None),
    ("https://www.bbc.co.uk/%6Eews", "www.bbc.co.uk/news"),
    ("https://medium.com/@ann", "medium.com/@ann"),
    ("https://www.medium.com/@ann/", "medium.com/@ann"),
    ("https://medium.com/@ann/about", "medium.com/@ann/about"),
    ("https://medium.com/feed/@ann", "medium.com/feed/@ann"),
    ("https://medium.com/", None),
    ("https://github.io/", None),
    ("https://ann.substack.com/", "ann.substack.com"),
    ("https://www.cs.cmu.edu/~ann/", "cs.cmu.edu/~ann"),
    ("http://localhost:8001/", "localhost:8001"),
    ("http://localhost:8001/news", "localhost:8001/news"),
    ("http://[::1]:8001/news", "[::1]:8001/news"),
    ("mailto:ann@bbc.co.uk", None),
]


@pytest.mark.parametrize(("url", "expected"), PAGES)
def test_page_scope(url: str, expected: str | None) -> None:
    assert page_scope(url) == expected


@pytest.mark.parametrize(
    ("page", "url", "covered"),
    [
        ("www.bbc.co.uk/news", "https://www.bbc.co.uk/news", True),
        ("www.bbc.co.uk/news", "http://www.bbc.co.uk/news/articles/x?y=1", True),
        ("www.bbc.co.uk/news", "https://www.bbc.co.uk/newsround", False),
        ("www.bbc.co.uk/news", "https://www.bbc.co.uk/News", False),
        ("www.bbc.co.uk/news", "https://bbc.co.uk/news/x", False),
        ("bbc.co.uk/news", "https://m.bbc.co.uk/news/x", False),
        ("www.bbc.co.uk/news", "https://www.bbc.co.uk/news/../sport", False),
        ("www.bbc.co.uk/news", "https://www.bbc.co.uk/news/..%2fsport", False),
        ("www.bbc.co.uk/news", "https://www.bbc.co.uk:8443/news/x", False),
        ("www.bbc.co.uk/news", "https://evil.com/www.bbc.co.uk/news/x", False),
        ("medium.com/@ann/about", "https://medium.com/@ann/x", False),
        ("medium.com/@ann/about", "https://medium.com/@ann/about/x", True),
        ("localhost:8001/news", "http://localhost:8001/news/x", True),
        ("localhost:8001/news", "http://localhost:8002/news/x", False),
        ("", "https://www.bbc.co.uk/", False),
        ("/", "https://www.bbc.co.uk/", False),
        ("\ud800/x", "https://www.bbc.co.uk/x", False),
    ],
)
def test_a_page_covers_what_lies_below_it(page: str, url: str, covered: bool) -> None:
    assert covers(page, url) == covered


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://www.cs.cmu.edu/~ann/feed", "https://www.cs.cmu.edu/news", False),
        ("https://www.cs.cmu.edu/news", "https://www.cs.cmu.edu/~ann/x", False),
        ("https://www.cs.cmu.edu/~ann/feed", "https://www.cs.cmu.edu/~ann/x", True),
        ("https://medium.com/feed/@ann", "https://medium.com/@bob/x", False),
        ("https://medium.com/p/1", "https://medium.com/p/2", False),  # nobody's, both
        ("https://medium.com/p/1", "https://x.com/i/status/1", False),
        ("https://github.io/a", "https://gov.uk/a", False),
        ("https://github.io/a", "https://github.io/b", False),
    ],
)
def test_one_owner_speaks_at_both_addresses(a: str, b: str, same: bool) -> None:
    assert same_site(a, b) == same
    assert same_site(b, a) == same


# ------------------------------------------------------------------------- for any text
HOSTS = st.sampled_from(
    """
    www.bbc.co.uk bbc.co.uk medium.com www.medium.com feeds.feedburner.com ann.substack.com substack.com
    github.io a.github.io www.gov.uk gov.uk [::1] 127.0.0.1 localhost intranet nas.local foo.test www.foo.test
    www.test xn--e1afmkfd.xn--p1ai mastodon.social rss.blog.naver.com www.tumblr.com s3.amazonaws.com t.me
    """.split()  # noqa: SIM905
)
ODD_HOSTS = st.from_regex(
    r"(xn--)?[a-z0-9\u0430-\u0450-]{1,9}(\.(xn--)?[a-z0-9\u4e00-\u4eff-]{1,9}){0,3}\.?", fullmatch=True
)
SEGMENTS = st.sampled_from(
    [
        "@ann",
        "@bob",
        "%40ann",
        "~ann",
        "~r",
        "~3",
        "~",
        "@",
        "",
        ".",
        "..",
        "%2e%2e",
        "%2F",
        "%",
        "feed",
        "ann",
        "ann.xml",
        "ann.rss",
        "p",
        "a;b",
        "ä",
        "\\",
        "s",
    ]
)
URLS = st.builds(
    lambda scheme, user, host, port, path, rest: f"{scheme}://{user}{host}{port}/{'/'.join(path)}{rest}",
    st.sampled_from(["http", "https", "HTTPS", "ftp"]),
    st.sampled_from(["", "u:p@", "www.bbc.co.uk@"]),
    st.one_of(HOSTS, HOSTS, ODD_HOSTS),
    st.sampled_from(["", ":80", ":443", ":8001"]),
    st.lists(SEGMENTS, max_size=4),
    st.sampled_from(["", "?q", "#f", "?", "/"]),
)
ANY = st.one_of(st.text(), st.text().map("https://".__add__), URLS)


@given(ANY)
def test_a_scope_covers_its_own_address(url: str) -> None:
    its = scope(url)
    assert its is None or covers(its, url)
    assert its is None or same_site(url, url)


@pytest.mark.parametrize(
    "host",
    [
        "s3.eu-west-1.amazonaws.com",
        "s3-us-west-2.amazonaws.com",
        "s3.dualstack.eu-west-1.amazonaws.com",
        "nyc3.digitaloceanspaces.com",
        "us-east-1.linodeobjects.com",
        "sgp1.vultrobjects.com",
        "s3.fr-par.scw.cloud",
        "storage.yandexcloud.net",
        "dweb.link",
    ],
)
def test_buckets_at_one_host_that_is_a_suffix_are_not_one_owners(host: str) -> None:
    """A store gives each bucket a subdomain, so its host is a public suffix, and a path, too."""
    assert not same_site(f"https://{host}/ann/feed.xml", f"https://{host}/bob/x")


@given(ANY, ANY)
@example("https://www.bbc.co.uk/news", "https://bbc.co.uk/news")
def test_a_page_vouches_for_no_more_than_its_scope(url: str, other: str) -> None:
    page, its = page_scope(url), scope(url)
    assert page is None or (its is not None and covers(page, url))
    if page is not None and its is not None and covers(page, other):
        assert covers(its, other)


@given(URLS, URLS)
def test_the_ways_without_the_suffix_list_say_the_same(a: str, b: str) -> None:
    first, second = scope(a), scope(b)
    owned = first is not None and first == second
    assert (first is not None and covers(first, b)) == owned
    if first is not None or second is not None:
        assert same_site(a, b) == owned


@given(ANY, ANY)
def test_no_text_is_too_odd(a: str, b: str) -> None:
    covers(a, b)
    same_site(a, b)


NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)


@given(NAMES, NAMES, st.sampled_from(["medium.com/@", "ameblo.jp/", "note.com/", "x.org/~", "x.org/@"]))
def test_a_customer_has_nothing_of_another(a: str, b: str, host: str) -> None:
    its = scope(f"https://{host}{a}/rss")
    assert its is None or covers(its, f"https://{host}{b}/x") == (a == b)


@given(URLS)
def test_scheme_and_canonical_form_change_no_owner(url: str) -> None:
    canonical = urls.canonical(url)
    its = scope(url)
    if canonical is not None and its is not None and urls.host(canonical) == urls.host(url):
        assert scope(canonical) == its


# ------------------------------------------------------------------------- the data
def test_no_public_suffix_has_an_owner_and_customers_are_apart() -> None:
    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    rules = [line.strip() for line in lines if line.strip() and not line.startswith(("//", "!", "*."))]
    suffixes = PublicSuffixList(accept_unknown=False)
    scopes = {rule: (scope(f"https://{rule}/"), scope(f"https://ann.{rule}/")) for rule in rules}
    for rule, (itself, customer) in scopes.items():
        assert itself is None, rule
        if customer is not None and suffixes.is_private(f"ann.{rule}"):
            assert customer == f"ann.{rule}".encode("idna").decode(), rule


TABLE = Path(shared_hosts.__file__).with_suffix(".csv")


def test_the_table_is_whole() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["host", "path", "owner", "why"]
    for row in rows[1:]:
        host, path, owner, why = row
        assert host == host.lower(), row
        assert not host.startswith("www."), row
        assert why, row
        wild = host.startswith("*.")
        assert not (wild and path), row
        if owner:
            assert owner.count("{}") == 1, row
            assert wild or all(each.count("{}") == 1 for each in path.split("|")), row
        elif not path:
            assert [other[0] for other in rows].count(host) == 1, f"rows after one that has all: {row}"


def test_every_path_of_the_table_leads_to_its_owner() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        host = row["host"].replace("*", "ann7")
        for path in row["path"].split("|"):
            url = f"https://{host}/{path.removesuffix('$').replace('{}', 'ann7')}"
            assert scope(url) == (row["owner"].replace("{}", "ann7") or None), row


def test_an_owner_is_its_own() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        owners = {row["owner"].replace("{}", "ann7") for row in csv.DictReader(file)} - {""}
    for owner in owners:
        assert scope(f"https://{owner}") == owner


def test_the_suffix_list_is_loaded_only_when_needed() -> None:
    asked = """
import sys
from newscast.sites import covers, same_site, scope
assert covers("bbc.co.uk", "https://www.bbc.co.uk/x")
assert not covers("www.bbc.co.uk/news", "https://a.de/x")
assert same_site("https://www.bbc.co.uk/rss", "http://www.bbc.co.uk/x")
assert scope("http://127.0.0.1:8001/x") and scope("https://medium.com/@ann") and scope("http://localhost/")
print("publicsuffixlist" in sys.modules)
assert scope("https://www.bbc.co.uk/x") == "bbc.co.uk"
print("publicsuffixlist" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True"]

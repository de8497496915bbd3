"""Feeds that were made to hurt a parser, each with a good entry where it can have one."""

from __future__ import annotations

import gzip
from collections.abc import Callable

GOOD = "<item><title>Good</title><guid>good</guid><link>http://site.example/good</link></item>"


def feed(body: str, doctype: str = "") -> bytes:
    head = f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>H</title>{GOOD}'
    return f"{head}{body}</channel></rss>".encode()


def repeated(pattern: str, count: int) -> str:
    """The pattern with 0, 1, 2 … in it."""
    return " ".join(pattern % number for number in range(count))


def titled(text: str) -> str:
    return f"<item><title>x</title><guid>x</guid><description>{text}</description></item>"


def cdata(text: str) -> str:
    return titled(f"<![CDATA[{text}]]>")


def laughs(levels: int) -> str:
    nested = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, levels))
    return f'<!DOCTYPE rss [<!ENTITY l0 "lol">{nested}]>'


def big(letters: int) -> str:
    return f'<!DOCTYPE rss [<!ENTITY a "{"A" * letters}">]>'


def many(count: int) -> str:
    words = "<description>&lt;p&gt;Some words&lt;/p&gt;</description>"
    date = "<pubDate>Mon, 06 Sep 2021 00:01:00 +0000</pubDate>"
    return "".join(
        f"<item><title>Item {n}</title><link>http://site.example/{n}</link><guid>g{n}</guid>{date}{words}</item>"
        for n in range(count)
    )


OPEN = '<?xml version="1.0"?><rss version="2.0"><channel><title>H</title>' + GOOD + "<item><title>"

CASES: dict[str, tuple[Callable[[int], bytes], int]] = {
    # name: (bytes at a size, the size of the bench); tests take a hundredth
    "nested entities": (lambda n: feed(titled(f"&l{min(n, 9)};"), laughs(min(n, 9) + 1)), 9),
    "nested entities, UTF-16": (lambda n: feed(titled("&l9;"), laughs(10)).decode().encode("utf-16"), 9),
    "nested entities behind a comment": (lambda n: b"<!-- <x -->" + feed(titled("&l9;"), laughs(10))[21:], 9),
    "nested entities, broken": (lambda n: feed(titled("&l9;") + "<b>", laughs(10)), 9),
    "quadratic entities": (lambda n: feed(titled("&a;" * n), big(100_000)), 20_000),
    "quadratic entities, broken": (lambda n: feed(titled("&a;" * n) + "<b>", big(50_000)), 2_000),
    "external entity": (
        lambda n: feed(titled("&x;"), '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        1,
    ),
    "external DTD": (lambda n: feed(titled("x"), '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'), 1),
    "many declarations": (
        lambda n: feed("", "<!DOCTYPE rss [" + repeated('<!ENTITY e%d "v">', n) + "]>"),
        200_000,
    ),
    "many attributes": (
        lambda n: feed("<item><a " + repeated('a%d="1"', n) + "/></item>"),
        200_000,
    ),
    "many namespaces": (
        lambda n: ("<rss " + repeated('xmlns:n%d="e"', n) + "><channel/></rss>").encode(),
        100_000,
    ),
    "deep elements": (lambda n: feed(titled("<div>" * n + "</div>" * n)), 200_000),
    "deep elements outside entries": (lambda n: feed("<div>" * n + "</div>" * n), 200_000),
    "many elements": (lambda n: feed(titled("<i/>" * n)), 1_000_000),
    "deep markup": (lambda n: feed(cdata("<div>" * n)), 100_000),
    "one token": (lambda n: feed(titled("A" * n)), 8_000_000),
    "too large": (lambda n: feed(titled("A" * n)), 20_000_000),
    "one comment": (lambda n: feed(f"<!--{'-a' * n}-->"), 3_500_000),
    "style": (lambda n: feed(cdata(f'<p style="{"a" * n}">x</p>')), 800_000),
    "author": (lambda n: feed(f"<item><author>{'a@a.' * n}!</author></item>"), 8_000),
    "author, broken": (lambda n: feed(f"<b><item><author>{'a@a.' * n}!</author></item>"), 8_000),
    "open tags": (lambda n: feed(cdata("<" * n)), 800_000),
    "open declarations": (lambda n: feed(cdata("<!" * n)), 400_000),
    "open CDATA": (lambda n: feed(cdata("<![CDATA[" * n)), 90_000),
    "open references": (lambda n: feed(cdata("&#" * n)), 400_000),
    "spaces in a tag": (lambda n: feed(cdata("<a" + " " * n)), 800_000),
    "escaped escapes": (lambda n: feed(titled("&amp;lt;" * n)), 100_000),
    "a long date": (lambda n: feed(f"<item><pubDate>{'1 ' * n}</pubDate></item>"), 400_000),
    "a long relative link": (lambda n: feed(f"<item><link>{'../' * n}</link></item>"), 270_000),
    "tags without end, broken": (lambda n: (OPEN + "<" * n).encode(), 8_000_000),
    "attributes without end, broken": (lambda n: (OPEN + '<a b="' * n).encode(), 1_300_000),
    "entries without end, broken": (lambda n: (OPEN + "<item><title>" * n).encode(), 600_000),
    "declarations without end, broken": (lambda n: b"<!DOCTYPE " + b"<!ENTITY " * n, 90_000),
    "an impossible reference": (lambda n: feed(titled("&#1114112;")) + b"<b>", 1),
    "punycode": (lambda n: feed(titled("x")).replace(b"?>", b' encoding="punycode"?>', 1), 1),
    "an undefined encoding": (lambda n: feed(titled("x")).replace(b"?>", b' encoding="undefined"?>', 1), 1),
    "10,000 entries": (lambda n: feed(many(n)), 10_000),
    "10,000 entries, broken": (lambda n: feed(many(n) + "<b>&bogus;"), 10_000),
    "50,000 entries": (lambda n: feed(many(n)), 50_000),
    "gzip bomb": (lambda n: gzip.compress(bytes(n)), 300_000_000),
    "nested JSON": (lambda n: b'{"items": ' + b"[" * n, 8_000_000),
    "many JSON items": (lambda n: b'{"version": "x", "items": [' + b"{}," * n + b"{}]}", 2_700_000),
    "a sitemap of many": (
        lambda n: b"<urlset>" + b"<url><loc>http://e/</loc></url>" * n + b"</urlset>",
        250_000,
    ),
}

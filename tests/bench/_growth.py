"""Pages of one thing many times over, to be asked for in sizes: what a page costs must grow with its size."""

from __future__ import annotations

from collections.abc import Callable, Mapping

PROSE = (
    "<p>"
    + "The ministers spoke by telephone on Friday about the war, and agreed to meet again. " * 8
    + "</p>"
)
HEAD = "<!DOCTYPE html><html><head><title>Ministers speak by telephone</title></head><body>"
ARTICLE = f"<article><h1>Ministers speak by telephone</h1>{PROSE * 4}</article>"
LD = '<script type="application/ld+json">{}</script>'


def _page(inside: str) -> str:
    return f"{HEAD}{ARTICLE}{inside}</body></html>"


def _many(piece: str) -> Callable[[int], str]:
    """A page with the piece n times; {n} in it counts."""
    if "{n}" in piece:
        return lambda count: _page("".join(piece.replace("{n}", str(n)) for n in range(count)))
    return lambda count: _page(piece * count)


def _deep(opened: str, closed: str) -> Callable[[int], str]:
    return lambda count: _page(opened * count + "text" + closed * count)


GROWING: Mapping[str, tuple[int, Callable[[int], str]]] = {
    # Name: how many the smallest page has, and how it is made.
    "h1 elements": (5_000, _many("<h1>Talks of many words, {n}</h1>")),
    "h1 elements in each other": (1_000, _deep("<h1><div>", "</div></h1>")),
    "h2 elements": (10_000, _many("<h2>Talks {n}</h2>")),
    "one h1 of many words": (20_000, lambda n: _page("<h1>" + "word " * n + "</h1>")),
    "attributes of one element": (
        10_000,
        lambda n: _page("<p " + " ".join(f"a{i}=1" for i in range(n)) + ">x"),
    ),
    "lists in each other": (2_000, _deep("<ul><li>", "</li></ul>")),
    "div elements in each other": (2_000, _deep("<div>", "</div>")),
    "div elements in each other, open": (2_000, _deep("<div>", "")),
    "font elements in each other": (2_000, _deep("<font>", "</font>")),
    "font elements, each another, open": (500, _many("<p><font id=a{n}>x")),
    "b elements, each another, open": (500, _many("<p><b id=a{n}>x")),
    "b elements closed in a table": (500, _many("<p><b id=a{n}><table><td></b></table>x")),
    "links, open": (5_000, _many("<p><a href=/{n}>word word")),
    "unknown elements in each other": (2_000, _deep("<x-y>", "</x-y>")),
    "details in each other": (2_000, _deep("<details>", "</details>")),
    "spans in each other": (2_000, _deep("<span>", "</span>")),
    "paragraphs, open": (20_000, _many("<p>a")),
    "paragraphs in buttons": (2_000, _deep("<button><p>", "</p></button>")),
    "tables in each other": (2_000, _deep("<table><tr><td>", "</td></tr></table>")),
    "text in a table, out of place": (10_000, lambda n: _page("<table>" + "<tr>a" * n)),
    "selects in each other": (2_000, _deep("<select><option>", "")),
    "options": (20_000, lambda n: _page("<select>" + "<option>a" * n)),
    "drawings in each other": (2_000, _deep("<svg><g>", "</g></svg>")),
    "formulas in each other": (2_000, _deep("<math><mi>", "</mi></math>")),
    "templates in each other": (2_000, _deep("<template>", "</template>")),
    "named boxes in each other": (2_000, _deep('<div class="share">', "</div>")),
    "200 named boxes around many elements": (
        20_000,
        lambda n: _page('<div class="share">' * 200 + "<b></b>" * n + "word " * 200 + "</div>" * 200),
    ),
    "named boxes": (5_000, _many('<div class="share">Share this</div>')),
    "class of one element": (200_000, lambda n: _page(f'<div class="{"share-a " * (n // 8)}">x</div>')),
    "classes that nearly match": (50_000, lambda n: _page(f'<div class="{"newslette" * (n // 9)}">x</div>')),
    "meta elements": (10_000, _many('<meta property="article:tag" content="tag {n}">')),
    "meta elements with no date": (5_000, _many('<meta name="date" content="Monday {n} of Nowhere">')),
    "meta elements that show nothing": (5_000, _many('<meta property="og:title" content="&#8203;">')),
    "JSON-LD scripts": (5_000, _many(LD.format('{"@type":"Thing","name":"a{n}"}'))),
    "JSON-LD scripts that are broken": (5_000, _many(LD.format('{"@type":"NewsArticle",'))),
    "objects in JSON-LD": (
        20_000,
        lambda n: _page(LD.format('{"@graph":[' + '{"@type":"Thing"},' * n + "{}]}")),
    ),
    "brackets in JSON-LD": (20_000, lambda n: _page(LD.format("[" * n))),
    "authors in JSON-LD": (
        2_000,
        lambda n: _page(LD.format('{"@type":"NewsArticle","author":[' + '{"name":"A <b>B"},' * n + "{}]}")),
    ),
    "keywords in JSON-LD": (
        10_000,
        lambda n: _page(LD.format('{"@type":"NewsArticle","keywords":["' + '","'.join(["a b"] * n) + '"]}')),
    ),
    "time elements with no date": (5_000, _many('<time datetime="soon {n}">soon</time>')),
    "time elements": (5_000, _many('<time datetime="2024-06-03">3 June</time>')),
    "one text": (500_000, lambda n: _page("<p>" + "word " * (n // 5))),
    "one word": (500_000, lambda n: _page("<p>" + "a" * n)),
    "one text of blanks": (500_000, lambda n: _page("<p>a" + " " * n + "b")),
    "comments": (50_000, _many("<!-- a -->")),
    "comments between words": (20_000, _many("a<!-- a -->")),
    "comments that never end": (50_000, _many("<!--")),
    "entities": (50_000, lambda n: _page("<p>" + "&amp;" * n)),
    "entities of entities": (20_000, lambda n: _page("<p>" + "&amp;amp;amp;lt;" * n)),
    "breaks": (20_000, lambda n: _page("<p>x" + "<br>" * n)),
    "breaks between words": (20_000, lambda n: _page("<p>" + "word<br>" * n)),
    "list items": (10_000, lambda n: _page("<ul>" + "<li>word</li>" * n + "</ul>")),
    "table rows": (10_000, lambda n: _page("<table>" + "<tr><td>a</td></tr>" * n + "</table>")),
    "paragraphs of the article": (5_000, lambda n: f"{HEAD}<article>{PROSE[:100] * n}</article>"),
    "links": (10_000, _many("<a href=/x>word word</a> ")),
    "buttons": (10_000, _many("<button>a</button>b")),
    "forms": (10_000, _many("<form>a</form>b")),
    "signs that open nothing": (100_000, _many("<")),
    "closed that weren't open": (20_000, _many("</b></div></x>")),
    "frames": (5_000, _many("<iframe src=x></iframe>")),
    "html elements": (5_000, _many("<html a{n}=1>")),
    "titles": (20_000, lambda n: f"<html><head><title>{'a - b | ' * n}</title></head><body>{ARTICLE}"),
    "emphasis, crossed": (1_000, _many("<b><i></b></i>")),
    "bylines": (2_000, lambda n: f"{HEAD}<article>{'<p>By Ann Example</p>' * n}{ARTICLE}"),
}

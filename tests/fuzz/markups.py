"""Markup that could make a parser, or who walks its tree, go back again and again."""

from __future__ import annotations

from tests.fuzz.shape import Make, Shape, nested, numbered, repeated

TAGS = (
    ("div",),
    ("p",),
    ("ul",),
    ("ul", "li"),
    ("ol", "li", "p"),
    ("dl", "dd"),
    ("blockquote",),
    ("blockquote", "p"),
    ("table",),
    ("table", "tr", "td"),
    ("span",),
    ("b",),
    ("b", "p"),
    ("a",),
    ("font", "div"),
    ("section",),
    ("h2",),
    ("pre",),
    ("svg",),
    ("svg", "foreignObject"),
    ("math", "mi"),
    ("select", "option"),
    ("form",),
    ("button",),
    ("ruby", "rt"),
    ("template",),
    ("object",),
    ("x-own",),
)
"""Alone and inside each other."""
SINGLE = {
    "less-than signs": "<",
    "beginnings of tags": "<p ",
    "beginnings of a tag and attributes": "<p a=",
    "attributes without an end": '<p a="',
    "ends of nothing": "</p>",
    "ends of formatting": "</b>",
    "line breaks": "<br>",
    "rulers": "<hr>",
    "pictures": '<img src="a" alt="b">',
    "comments": "<!-- a -->",
    "comments without an end": "<!-- ",
    "comments of dashes": "<!--->",
    "declarations": "<!a ",
    "instructions": "<?a ",
    "doctypes": "<!DOCTYPE html>",
    "sections of characters": "<![CDATA[a]]>",
    "sections without an end": "<![CDATA[",
    "ends of sections": "]]>",
    "scripts": "<script>a</script>",
    "scripts without an end": "<script>",
    "styles": "<style>a{}</style>",
    "texts without an end": "<textarea>",
    "titles": "<title>a</title>",
    "frames": "<iframe>a</iframe>",
    "notes for no script": "<noscript>a</noscript>",
    "named entities": "&nbsp;",
    "named entities without an end": "&nbsp",
    "unknown entities": "&unknown;",
    "numbered entities": "&#8217;",
    "entities of nothing": "&#0;",
    "entities beyond Unicode": "&#1114112;",
    "entities of letters that compose": "e&#769;",
    "markup that was escaped": "&lt;p&gt;word&lt;/p&gt;",
    "markup that was escaped three times": "&amp;amp;lt;p&amp;amp;gt;word",
    "misnested formatting": "<b><i>a</b></i>",
    "misnested links": "<a><p></a>",
    "formatting over paragraphs": "<p><b><i><u>a</p>",
    "formatting in tables": "<table><b>a",
    "cells without a table": "<td>a",
    "rows without a table": "<tr>a",
    "lists without an end": "<ul><li>a",
    "items without a list": "<li>a",
    "captions": "<figcaption>a</figcaption>",
    "hidden elements": "<p hidden>a</p>",
    "classes": '<p class="sharedaddy a b">a</p>',
    "slashes in tags": "<br/////>",
    "tags in capitals": "<P>a</P>",
    "spaces between tags": "<p>      </p>",
    "new lines between tags": "<p>\n\n\n</p>",
    "null characters": "<p>\x00</p>",
    "name spaces": "<o:p>a</o:p>",
    "conditions": "<!--[if mso]>a<![endif]-->",
    "paragraphs of one letter": "<p>a</p>",
    "headings of one letter": "<h2>a</h2>",
    "paragraphs of words": "<p>The minister said that he had gone to the town with her.</p>",
    "links of words": '<a href="https://example.org/">The minister said</a> ',
}
COUNTED = {
    "attributes of one element": ("<p", ' a{n}="b"', ">a</p>"),
    "classes of one element": ('<p class="', "a{n} ", '">a</p>'),
    "styles of one element": ('<p style="', "a{n}: b; ", '">a</p>'),
    "one long attribute": ('<p title="', "a ", '">a</p>'),
    "one long comment": ("<!--", "a- ", "-->"),
    "one long script": ("<script>", "a();", "</script>"),
    "one long word": ("<p>", "a", "</p>"),
    "one long address": ('<a href="https://example.org/', "a/", '">a</a>'),
    "one long data address": ('<img src="data:image/png;base64,', "AAAA", '">'),
    "many cells of one row": ("<table><tr>", "<td>a{n}</td>", "</tr></table>"),
    "many rows of one table": ("<table>", "<tr><td>a{n}</td></tr>", "</table>"),
    "many items of one list": ("<ul>", "<li>a{n}</li>", "</ul>"),
    "elements of names that come once": ("", "<a{n}>", ""),
    "entities of names that come once": ("", "&a{n};", ""),
    "anchors that come once": ("", '<a name="a{n}"></a>', ""),
}


def shapes() -> list[Shape]:
    """All of them."""
    made = []
    for tags in TAGS:
        open_, close = "".join(f"<{tag}>" for tag in tags), "".join(f"</{tag}>" for tag in reversed(tags))
        name = "".join(f"<{tag}>" for tag in tags)
        made += [
            Shape(f"{name} in each other", "markup", nested(open_, close)),
            Shape(f"{name} in each other, not closed", "markup", nested(open_)),
            Shape(f"{name} in each other, a word in each", "markup", nested(f"{open_}a ", close)),
            Shape(f"{name} beside each other", "markup", repeated(f"{open_}a{close}")),
        ]
    made += [Shape(name, "markup", repeated(piece)) for name, piece in SINGLE.items()]
    made += [Shape(name, "markup", _enclosed(*parts)) for name, parts in COUNTED.items()]
    return made


def _enclosed(before: str, piece: str, after: str) -> Make:
    inside = numbered(piece) if "{n}" in piece else repeated(piece)
    return lambda size: before + inside(size - len(before) - len(after)) + after

"""Pages that a stranger made to hurt whoever reads them: name → bytes. Sizes are what is let through."""

from __future__ import annotations

from collections.abc import Callable, Mapping

PROSE = (
    "<p>"
    + "The ministers spoke by telephone on Friday about the war, and agreed to meet again. " * 8
    + "</p>"
)
JSON_LD = '<script type="application/ld+json">{}</script>' + PROSE

CASES: Mapping[str, Callable[[], str]] = {
    "300,000 attributes": lambda: "<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">" + PROSE,
    "200,000 headings": lambda: "<title>x y</title>" + "<h1>x y z</h1>" * 200_000,
    "200,000 meta elements": lambda: "<meta name=a content=b>" * 170_000 + PROSE,
    "200,000 open times": lambda: "<time datetime=x>" * 200_000 + PROSE,
    "500,000 breaks": lambda: "<p>x" + "<br>" * 500_000,
    "400,000 paragraphs": lambda: "<p>a</p>" * 400_000,
    "150,000 links": lambda: "<a href=x>word word</a> " * 150_000,
    "120,000 list items": lambda: "<ul>" + "<li><a href=/x>word</a></li>" * 120_000 + "</ul>",
    "150,000 table rows": lambda: "<table>" + "<tr><td>a</td></tr>" * 150_000 + "</table>",
    "50,000 tables in each other": lambda: "<table><tr><td>" * 50_000 + "text",
    "400,000 unknown elements in each other": lambda: "<x-y>" * 400_000 + "text",
    "100,000 drawings in each other": lambda: "<svg><g>" * 100_000 + "x",
    "2,000,000 signs that open nothing": lambda: "<" * 2_000_000,
    "a comment that never ends": lambda: "<!--" * 500_000,
    "a word of 4 MB": lambda: "<p>" + "a" * 4_000_000,
    "1,000,000 entities": lambda: "<p>" + "&amp;" * 800_000,
    "JSON-LD 900,000 deep": lambda: JSON_LD.format("[" * 900_000),
    "a body of 900 KB in JSON-LD": lambda: JSON_LD.format(
        '{"@type":"NewsArticle","articleBody":"' + "word " * 180_000 + '"}'
    ),
    "a title of 2 MB": lambda: "<title>" + "a - b | " * 300_000 + "</title>" + PROSE,
    "200,000 addresses in a row": lambda: "<p>" + "a@a." * 200_000,
    "a style of 500 KB": lambda: '<p style="' + "a" * 500_000 + '">',
    "600,000 brackets": lambda: "<p>" + "(" * 300_000 + ")" * 300_000,
    "a 4 MB article": lambda: "<article>" + PROSE * (4_000_000 // len(PROSE)) + "</article>",
}

"""Crafted pages blown up to what sites send: an article's page in, one of 100 to 600 KB out.

Around the article come what a dozen kinds of sites put there: menus of 300 links, a sprite of drawings,
scripts with the page's state as JSON, styles, cookie banner, advertisement slots, rails of other stories,
readers' comments, a footer. Everything is made of our own words by a seed, so a page is the same each time.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import NamedTuple

WORDS = [
    "harbour",
    "council",
    "budget",
    "bridge",
    "winter",
    "school",
    "ferry",
    "minister",
    "report",
    "market",
    "river",
    "festival",
    "museum",
    "railway",
    "court",
    "teacher",
    "forest",
    "energy",
    "island",
    "village",
    "mayor",
    "weather",
    "garden",
    "hospital",
    "library",
    "orchestra",
    "tunnel",
    "vote",
    "election",
    "energy",
    "border",
    "harvest",
    "storm",
    "budget",
    "factory",
    "union",
    "strike",
    "runway",
    "canal",
    "theatre",
    "castle",
    "valley",
    "bakery",
]


VARIANTS = 20
"""Different class attributes of parts of one kind: a page of 3,000 elements has some hundred of them."""


class Style(NamedTuple):
    """How one kind of site writes its pages."""

    name: str
    classes: str
    """A class attribute, with {part} for what the element is and {n} for a number."""
    menu: int
    """Links in its menus."""
    cards: int
    """Other stories around the article."""
    comments: int
    scripts: int
    state: int
    """KB of the page's state as JSON in a script."""
    drawings: int
    """Symbols in its sprite."""
    wrappers: int
    """Elements that stand around every part and around the page."""


STYLES = (
    Style("BEM", "c-{part} c-{part}__inner c-{part}--size-{n} o-layout__item", 300, 60, 0, 30, 60, 40, 4),
    Style(
        "utilities",
        "flex flex-col md:flex-row items-center gap-4 px-4 py-2 text-sm font-medium text-gray-700"
        " hover:text-blue-600 dark:text-gray-200 {part}-{n}",
        *(240, 70, 0, 25, 180, 30, 6),
    ),
    Style("hashes", "css-1{n}x9f2 e1{n}abq0 {part}-module__root___{n}aXq", 320, 80, 0, 40, 320, 20, 7),
    Style(
        "blog system",
        "menu-item menu-item-type-post_type menu-item-object-page menu-item-{n} {part} wp-block-{part}"
        " is-layout-flow",
        *(180, 24, 60, 60, 10, 10, 3),
    ),
    Style(
        "module system",
        "block block-views block-{part} view-id-{part} view-display-id-block_{n} field field--name-{part}"
        " field--type-text field--label-hidden field__item",
        *(260, 40, 30, 35, 20, 10, 8),
    ),
    Style("tables", "{part}{n}", 120, 50, 0, 15, 2, 0, 2),
    Style("component tags", "{part} {part}-{n} component", 350, 90, 0, 45, 150, 60, 5),
    Style("grid", "row col-xs-12 col-sm-6 col-md-4 {part}_box {part}_box_{n}", 300, 100, 80, 30, 15, 5, 4),
    Style("broadcaster", "gs-c-{part} gs-u-block gel-item nw-c-{part}-{n}", 200, 90, 0, 50, 220, 50, 6),
    Style("state in a script", "sc-{n}bdVaJa sc-{n}ifAKCX {part}", 150, 40, 0, 20, 450, 15, 6),
    Style("slim", "{part}", 80, 12, 0, 10, 60, 4, 2),
    Style("portal", "teaser-{part} teaser__{part} teaser--{n} lazyload", 400, 150, 40, 60, 30, 25, 5),
)  # fmt: skip


_MARKED = re.compile(r"<!--\[-->.*?<!--\]-->", re.DOTALL)


def blown_up(markup: str, style: Style, seed: int) -> str:
    """The page with a site of this style around it, its text between the marks three times as long."""
    site = _Site(style, random.Random(seed))
    head = re.search(r"</head>|<body", markup, re.IGNORECASE)
    body = re.search(r"<body[^>]*>", markup, re.IGNORECASE)
    end = re.search(r"</body>", markup, re.IGNORECASE)
    if body is None or head is None:  # a page without either: browsers and parsers add them
        return f"<head>{site.head()}</head><body>{site.before()}{markup}{site.after()}</body>"
    last = end.start() if end else len(markup)
    inner = _MARKED.sub(lambda found: site.longer(found[0]), markup[body.end() : last])
    around, closed = site.wrapped()
    return (
        f"{markup[: head.start()]}{site.head()}{markup[head.start() : body.end()]}{site.before()}"
        f"{around}{site.with_slots(inner)}{closed}{site.after()}{markup[last:]}"
    )


class _Site:
    """Makes the parts of one page."""

    def __init__(self, style: Style, rng: random.Random) -> None:
        self.style = style
        self.rng = rng

    def words(self, count: int) -> str:
        return " ".join(self.rng.choices(WORDS, k=count))

    def attributes(self, part: str) -> str:
        n = self.rng.randrange(1000)
        written = self.style.classes.format(part=part, n=n % VARIANTS)
        more = f' data-testid="{part}-{n}" data-track="{part}|{n}"' if n % 3 == 0 else ""
        return f'class="{written}"' + (f' id="{part}-{n}"' if n % 5 == 0 else "") + more

    def part(self, part: str, content: str, tag: str = "div") -> str:
        return f"<{tag} {self.attributes(part)}>{content}</{tag}>"

    def wrapped(self) -> tuple[str, str]:
        opened = "".join(f"<div {self.attributes('wrapper')}>" for _ in range(self.style.wrappers))
        return opened, "</div>" * self.style.wrappers

    def link(self, part: str, count: int) -> str:
        words = self.words(count)
        path = words.replace(" ", "-")
        address = f"/{path}-{self.rng.randrange(10**6)}"
        return f'<a href="{address}" {self.attributes(part)}><span>{words.capitalize()}</span></a>'

    def head(self) -> str:
        metas = (
            f'<meta name="site:{word}" content="{self.words(6)}">' for word in self.rng.choices(WORDS, k=25)
        )
        links = (f'<link rel="preload" href="/static/{n}.js" as="script">' for n in range(20))
        rules = (f".{word}-{n}{{margin:0 auto;padding:{n}px}}" for n, word in enumerate(WORDS * 12))
        return "".join(
            (*metas, *links, f"<style>{''.join(rules)}</style>", *self.scripts(self.style.scripts // 2))
        )

    def scripts(self, count: int) -> Iterator[str]:
        for n in range(count):
            call = f"window.q{n}=window.q{n}||[];q{n}.push({{slot:'{self.words(3)}',sizes:[[300,250]]}});"
            yield f"<script>(function(){{{call * 6}}})();</script>"

    def before(self) -> str:
        points = (f"M{self.rng.randrange(24)} {self.rng.randrange(24)}" for _ in range(60))
        path = f'<path d="{" ".join(points)}"/>'
        paths = (
            f'<symbol id="icon-{n}" viewBox="0 0 24 24"><title>{self.words(1)}</title>{path}</symbol>'
            for n in range(self.style.drawings)
        )
        sprite = f'<svg style="display:none" aria-hidden="true">{"".join(paths)}</svg>'
        banner = self.part(
            "consent",
            "<p>We and our partners use cookies to keep the site going and to measure how it is read.</p>"
            "<button>Accept all</button><button>Settings</button>",
        )
        columns = "".join(
            self.part(
                "menu",
                "<ul>" + "".join(self.part("item", self.link("entry", 2), "li") for _ in range(12)) + "</ul>",
            )
            for _ in range(self.style.menu // 12)
        )
        header = self.part("header", self.part("nav", columns, "nav") + "<button>Menu</button>", "header")
        return banner + sprite + header + self.slot()

    def slot(self) -> str:
        return self.part(
            "slot", f"<div id='div-gpt-{self.rng.randrange(10**6)}'></div><script>show();</script>"
        )

    def with_slots(self, inner: str) -> str:
        """The article with a slot after every third paragraph."""
        parts = inner.split("</p>")
        return "</p>".join(
            (
                self.slot() + part
                if n % 3 == 2 and n < len(parts) - 1 and part.lstrip().startswith("<p")
                else part
            )
            for n, part in enumerate(parts)
        )

    def longer(self, text: str) -> str:
        """A marked piece of the article with two more paragraphs after each of its own."""
        more = "".join(
            f"<p>{'. '.join(self.words(14).capitalize() for _ in range(3))}.</p>" for _ in range(2)
        )
        return text.replace("</p>", "</p>" + more)

    def card(self) -> str:
        sources = "".join(
            f'<source media="(min-width:{n}px)" srcset="/i/{self.rng.randrange(10**8)}.webp?w={n} 1x">'
            for n in (320, 640, 960)
        )
        picture = f'<picture>{sources}<img src="/i.jpg" alt="{self.words(4)}" loading="lazy"></picture>'
        return self.part(
            "card",
            self.part("media", self.part("ratio", picture))
            + self.part(
                "body",
                self.part("title", self.link("headline", 8), "h3")
                + self.part("kicker", f"<span>{self.words(2)}</span><i></i>", "span")
                + self.part("summary", self.words(18) + ".", "p"),
            ),
        )

    def after(self) -> str:
        rails = "".join(
            self.part(
                "rail", f"<h2>{self.words(2)}</h2>" + "".join(self.card() for _ in range(10)), "section"
            )
            for _ in range(self.style.cards // 10)
        )
        comments = "".join(
            self.part(
                "comment",
                f"<b>{self.words(1)}</b><time datetime='2024-06-03'>3 June</time><p>{self.words(30)}.</p>",
                "li",
            )
            for _ in range(self.style.comments)
        )
        said = f'<section id="comments" class="comments"><ol>{comments}</ol></section>' if comments else ""
        footer = self.part("footer", "".join(self.link("legal", 2) for _ in range(40)), "footer")
        return (
            rails
            + said
            + footer
            + self.state()
            + "".join(self.scripts(self.style.scripts - self.style.scripts // 2))
        )

    def state(self) -> str:
        items: list[dict[str, object]] = []
        while len(items) * 300 < self.style.state * 1024:
            items.append(
                {"id": self.rng.randrange(10**9), "url": "/" + self.words(5), "lead": self.words(30)}
            )
        return f'<script id="__STATE__" type="application/json">{json.dumps({"items": items})}</script>'

"""What a page says about itself in its head: JSON-LD, Open Graph, meta elements, links, time elements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from newscast import dates, urls
from newscast.normalise.text import line, plain, whole
from newscast.records import Markup, Stamp

MAX_JSON_LD = 1_000_000
"""Characters of one JSON-LD script; the longest honest ones hold an article's body."""
MAX_META = 1_000
"""Named meta elements of a page that are looked at; news pages have up to 150."""
MAX_HEADINGS = 50
"""First headings of a page that may be its title; most have one, a long live blog 30."""
MAX_NAMES = 200
"""Authors, and keywords, of an article; papers of science have 50 and more."""
MAX_TITLE = 1_000
"""Characters; what is beyond is cut off. The longest honest ones have about 300."""
MAX_DEPTH = 20
ARTICLE_TYPES = frozenset(
    {
        *("NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"),
        *("BackgroundNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "BlogPosting", "Report"),
        *("AdvertiserContentArticle", "SocialMediaPosting"),
    }
)
"""schema.org's types of articles."""


class Metadata(NamedTuple):
    """What was found, cleaned; null or empty where a page says nothing."""

    title: str | None
    page_title: str | None
    """The title element, as it is."""
    url: str | None
    published: Stamp | None
    updated: Stamp | None
    authors: tuple[str, ...]
    publisher: str | None
    section: str | None
    tags: tuple[str, ...]
    language: str | None
    description: str | None
    body: str | None
    """The article's body as plain text, where JSON-LD holds it."""
    free: bool | None
    """False: the page says that it lies behind a paywall."""


def read(tree: Any, url: str | None = None) -> Metadata:
    """The metadata of a page, from its root in lxml. `url` is where it was found: links may be relative."""
    meta = _meta(tree)
    article = next(_articles(tree), {})
    site = _first(_name(article.get("publisher")), meta.get("og:site_name"), meta.get("application-name"))
    return Metadata(
        title=_title(tree, meta, article, site),
        page_title=_page_title(tree) or None,
        url=_url(tree, meta, article, url),
        published=_time(article.get("datePublished"), *(meta.get(name) for name in PUBLISHED))
        or _time(_time_element(tree)),
        updated=_time(article.get("dateModified"), *(meta.get(name) for name in UPDATED)),
        authors=tuple(_names(article.get("author"))) or tuple(_named(meta, AUTHOR)),
        publisher=site,
        section=_first(_text(article.get("articleSection")), *(meta.get(name) for name in SECTION)),
        tags=_tags(article, meta),
        language=_first(
            _language(tree),
            meta.get("og:locale"),
            meta.get("content-language"),
            _text(article.get("inLanguage")),
        ),
        description=_first(
            meta.get("og:description"), meta.get("description"), _text(article.get("description"))
        ),
        body=plain(Markup(value=written)) or None if (written := _text(article.get("articleBody"))) else None,
        free=_free(article),
    )


# ------------------------------------------------------------------------- meta elements
PUBLISHED = (
    # Names of meta elements that hold when an article came out, the most trustworthy first.
    *("article:published_time", "og:published_time", "datepublished", "date.published", "parsely-pub-date"),
    *("sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created", "dcterms.date"),
    *("publishdate", "publish-date", "publish_date", "pubdate", "publication_date", "article.published"),
    *(
        "originalpublicationdate",
        "dc.date",
        "date",
        "article_date_original",
        "ptime",
        "citation_publication_date",
    ),
)
UPDATED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "lastmod",
    "last-modified",
)
AUTHOR = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
    "citation_author",
)
SECTION = ("article:section", "parsely-section", "section", "cxenseparse:category")
TAGS = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
ASKED = frozenset(
    {
        *(*PUBLISHED, *UPDATED, *AUTHOR, *SECTION, *TAGS),
        *("og:title", "twitter:title", "og:site_name", "application-name", "og:url"),
        *("og:description", "description"),
    }
)


def _meta(tree: Any) -> Mapping[str, str]:
    """The meta elements that are asked for, by their names in lower case; of several the first."""
    found: dict[str, str] = {}
    for element in tree.xpath("descendant::meta[@content]")[:MAX_META]:
        name = next(filter(None, map(element.get, ("property", "name", "itemprop", "http-equiv"))), "")
        name = name.strip().lower()
        if name in ASKED and name not in found:
            content = line(Markup(value=element.get("content"), html=False))
            if content:
                found[name] = content
    return found


def _named(meta: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    # article:author is often the address of a profile, which names nobody.
    return [meta[name] for name in names if name in meta and not meta[name].startswith(("http:", "https:"))][
        :1
    ]


def _tags(article: Mapping[str, Any], meta: Mapping[str, str]) -> tuple[str, ...]:
    keywords = article.get("keywords")
    if isinstance(keywords, list):
        return tuple(tag for tag in map(_text, keywords[:MAX_NAMES]) if tag)
    written = _text(keywords) or next((meta[name] for name in TAGS if name in meta), "")
    return tuple(tag.strip() for tag in written.split(",")[:MAX_NAMES] if tag.strip())


# ------------------------------------------------------------------------- JSON-LD
def _articles(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of the page's JSON-LD that are articles."""
    for element in tree.xpath('descendant::script[@type="application/ld+json"]'):
        for thing in _things(_json(element.text_content()), 0):
            kinds = thing.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(str(kind).rpartition("/")[2] in ARTICLE_TYPES for kind in kinds):
                yield thing


def _json(written: str) -> Any:
    if len(written) > MAX_JSON_LD:
        return None
    written = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>)\s*;?\s*$", "", written.strip()
    )
    try:
        return json.loads(written, strict=False)  # raw line breaks stand inside many a body
    except (ValueError, RecursionError):
        return None


def _things(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _things(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if isinstance(value.get(key), list | dict):
                yield from _things(value[key], depth + 1)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return next((text for item in value if (text := _text(item))), None)
    return whole(value).strip() or None if isinstance(value, str) else None


def _name(value: Any) -> str | None:
    return next(iter(_names(value)), None)


def _names(value: Any) -> list[str]:
    items = value[:MAX_NAMES] if isinstance(value, list) else [value]
    names = [_text(item.get("name")) if isinstance(item, dict) else _text(item) for item in items]
    return [line(Markup(value=name)) for name in names if name]


def _free(article: Mapping[str, Any]) -> bool | None:
    written = article.get("isAccessibleForFree")
    return {"true": True, "false": False}.get(str(written).rpartition("/")[2].lower())


# ------------------------------------------------------------------------- one answer from several places
def _first(*values: str | None) -> str | None:
    return next((value for value in values if value), None)


def _time(*values: Any) -> Stamp | None:
    return next((stamp for value in values if (text := _text(value)) and (stamp := dates.read(text))), None)


def _time_element(tree: Any) -> str | None:
    for element in _time_elements(tree):
        # A title holds the date in hAtom, the markup of many a blog: "3 days ago" is what it shows.
        for written in (*map(element.get, ("datetime", "content", "title")), element.text_content()):
            if written and dates.read(written.strip()):
                return str(written)
    return None


def _time_elements(tree: Any) -> Iterator[Any]:
    """The first of each kind of element in which pages say when they came out, the most trustworthy first."""
    for path in TIME_ELEMENTS:
        yield from tree.xpath(path)[:1]
    classes = [(element, element.get("class").split()) for element in tree.xpath(DATED)]
    for name in DATE_CLASSES:
        yield from [element for element, said in classes if name in said][:1]


TIME_ELEMENTS = (
    "descendant::*[@itemprop][@itemprop='datePublished']",
    "descendant::time[@pubdate]",
    "descendant::article/descendant::time[@datetime]",
    "descendant::main/descendant::time[@datetime]",
    "descendant::time[@datetime]",
    "descendant::*[@title][contains(concat(' ', normalize-space(@class), ' '), ' published ')]",
)
DATED = "descendant::*[@class][contains(@class, '-date')]"
DATE_CLASSES = ("entry-date", "post-date", "article-date")


def _dated(url: str | None) -> str | None:
    """The date in an address such as /2024/07/12/ or /2024/jul/12/."""
    found = re.search(r"/((?:19|20)\d\d)/(\d{1,2}|[a-z]{3})/(\d{1,2})/", url or "")
    return (
        f"{found[3]} {found[2]} {found[1]}"
        if found and found[2].isalpha()
        else found and "-".join(found.groups())
    )


def _language(tree: Any) -> str | None:
    return tree.get("lang") or None


def _page_title(tree: Any) -> str:
    """What the title element says; drawings have titles, too."""
    element = next(iter(tree.xpath("descendant::title[not(ancestor::svg)]")), None)
    return "" if element is None else _title_line(Markup(value=element.text_content(), html=False))


def _title_line(markup: Markup) -> str:
    return line(markup)[:MAX_TITLE].rstrip()


def _title(tree: Any, meta: Mapping[str, str], article: Mapping[str, Any], site: str | None) -> str | None:
    from lxml.etree import tostring

    headings = [
        _title_line(Markup(value=tostring(element, encoding="unicode", method="html", with_tail=False)))
        for element in tree.xpath("descendant::h1")[:MAX_HEADINGS]
    ]
    page_title = _page_title(tree)
    named = [
        _text(article.get("headline")) or "",
        meta.get("og:title", ""),
        meta.get("twitter:title", ""),
        page_title,
    ]
    candidates = [_title_line(Markup(value=name)) for name in named if name]
    for heading in headings:
        # The heading on the page, if the head agrees: it has no site name and is not cut short.
        if (
            len(heading) >= MIN_HEADING
            and heading != site
            and any(_agrees(heading, candidate) for candidate in candidates)
        ):
            return heading
    best = _first(*candidates, *headings)
    return _without_site(best, site) if best else None


MIN_HEADING = 8
_ENDING = re.compile(r"\s+[|–—·•»:-]+\s+(?P<site>[^|–—·•»]{2,60})$")


def _agrees(heading: str, candidate: str) -> bool:
    one, other = re.findall(r"\w+", heading.casefold()), re.findall(r"\w+", candidate.casefold())
    if heading.casefold() in candidate.casefold():
        return True  # where no spaces part words, nothing else is shared
    shared = len(set(one) & set(other))
    return shared > 0 and shared >= 0.6 * min(len(set(one)), len(set(other)))


def _without_site(title: str, site: str | None) -> str:
    """ "Talks resume | World | Example News" without what follows the headline."""
    while (found := _ENDING.search(title)) and (
        (site and site.casefold() in found[0].casefold()) or "|" in found[0] or "»" in found[0]
    ):
        title = title[: found.start()]
    return title


def _url(tree: Any, meta: Mapping[str, str], article: Mapping[str, Any], found_at: str | None) -> str | None:
    links = tree.xpath("descendant::link[@rel and @href]")
    link = next((link for link in links if "canonical" in link.get("rel").lower().split()), None)
    main = article.get("mainEntityOfPage")
    stated = (
        None if link is None else link.get("href"),
        meta.get("og:url"),
        _text(article.get("url")),
        _text(main.get("@id")) if isinstance(main, dict) else _text(main),
    )
    given = urls.canonical(found_at) if found_at else None
    for candidate in stated:
        address = urls.canonical(candidate, found_at) if candidate else None
        # A canonical link to the front page is a template's mistake.
        if address and (given is None or not _is_front(address) or _is_front(given)):
            return address
    return given


def _is_front(address: str) -> bool:
    return re.fullmatch(r"https?://[^/]+/?(?:[a-z]{2}/?)?", address) is not None

"""A page's bytes in, what would be stored of it out: main text, title, address, time, language, problem.

The main text is taken by trafilatura, which is imported on first use (0.4 s). Where it finds little and the
page's own JSON-LD holds the body, that is taken; else resiliparse tries.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

from newscast.normalise import byline, metadata, times, walls
from newscast.normalise.body import clean
from newscast.normalise.headline import below_headline
from newscast.normalise.language import Languages, of_article
from newscast.normalise.text import LINE, tidy
from newscast.records import Dateline, Language, Stamp

if TYPE_CHECKING:
    from newscast.normalise.document import Document

MAX_BYTES = 8 * 1024 * 1024
"""Of a page; a news page has 0.1 to 1 MB."""
FEW_WORDS = 30
"""A main text below this is doubted, and another library asked."""


class Page(NamedTuple):
    """What a page gives. `text` is empty where `problem` says that the page is no article at all."""

    title: str | None = None
    text: str = ""
    url: str | None = None
    published: Stamp | None = None
    updated: Stamp | None = None
    language: Language | None = None
    title_language: Language | None = None
    text_language: Language | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    publisher: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    dateline: Dateline | None = None
    problem: str | None = None


def page(
    body: bytes,
    url: str | None = None,
    charset: str | None = None,
    languages_of: Callable[[str, str, str | None], Languages] = of_article,
) -> Page:
    """A page's article. `url` is where it was found, `charset` what the server said. Never raises."""
    from newscast.normalise import document

    unreadable = _no_page(body)
    markup = "" if unreadable else _safe(decode(body[:MAX_BYTES], charset))
    try:
        tree = document.parse(markup)
    except document.RefusedError as error:
        markup, unreadable = "", str(error)
        tree = document.parse(markup)
    about = metadata.read(tree.root, url)
    found, title = below_headline(_main_text(tree, markup, about), about.title)
    content = clean(found, title or "")
    text = content.text
    # Furniture is asked too: an offer to subscribe says that the article is cut.
    problem = unreadable or walls.problem(about, found, _visible(markup, found))
    authors, agency = byline.read(about.authors)
    text = "" if problem in walls.NO_ARTICLE else text
    languages = languages_of(title or "", text, about.language)
    return Page(
        title=title,
        text=text,
        url=about.url,
        published=about.published if about.published and about.published.at >= times.EARLIEST else None,
        updated=about.updated,
        language=languages.article,
        title_language=languages.title,
        text_language=languages.text,
        authors=authors,
        agency=agency or content.agency,
        publisher=about.publisher,
        section=about.section,
        tags=about.tags,
        dateline=content.dateline,
        problem=problem,
    )


_FEED = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_HEAD_BYTES = 4096


def _no_page(body: bytes) -> str | None:
    """Why bytes are no page at all, in words; null for what may be one."""
    head = body[:_HEAD_BYTES]
    if not body.strip():
        return "an empty file"
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "not a web page: binary data"
    return "not a web page: a feed" if _FEED.match(head.removeprefix(b"\xef\xbb\xbf")) else None


# ------------------------------------------------------------------------- bytes to characters
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
STATEFUL = "iso-2022-jp"
"""An encoding in ASCII bytes, which would pass as UTF-8; HTML knows no other, HZ and UTF-7 least of all."""


def decode(body: bytes, charset: str | None = None) -> str:
    """A page's characters. UTF-8 if it is valid UTF-8, whatever was declared; else what was declared."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    meta = _META_CHARSET.search(body[:4096])
    declared: list[str] = [name for name in (charset, str(meta[1], "ascii") if meta else None) if name]
    if not any(name.lower() == STATEFUL for name in declared):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            cut = error.reason == "unexpected end of data" and not body[: error.start].isascii()
            if cut or _mostly_utf8(body):
                return body.decode("utf-8", "replace")  # one broken byte, or cut within a character
    guess = detect_encoding(body[:65536])
    for name in (*declared, *([str(guess)] if guess else [])):
        known = map_encoding_to_html5(name)
        if known and known != "utf-8":  # which it isn't, and which is also said of a name that is none
            return body.decode(known, "replace")
    return body.decode("windows-1252", "replace")


def _mostly_utf8(body: bytes) -> bool:
    read = body.decode("utf-8", "replace")
    broken = read.count("\ufffd")
    return broken * 20 < sum(sign > "\u007f" for sign in read)


# ------------------------------------------------------------------------- the main text
def _main_text(tree: Document, markup: str, about: metadata.Metadata) -> str:
    text = _by_trafilatura(tree.main)
    if about.body and (
        len(about.body) > 2 * len(text) + 200 or ("\n\n" not in text and "\n\n" in about.body)
    ):
        return about.body
    if walls.word_count(text) < FEW_WORDS:
        other = tidy(str(extract_plain_text(_closed(markup), main_content=True, list_bullets=False)))
        other = re.sub(r"\n+", "\n\n", other)
        return max(text, other, about.body or "", key=len)
    return text


def _visible(markup: str, text: str) -> str:
    """What a reader sees first, asked for only where the main text is short."""
    if walls.word_count(text) >= walls.SHORT:
        return ""
    return tidy(str(extract_plain_text(_closed(markup), list_bullets=False)))[:4000]


def _closed(markup: str) -> str:
    """The page with each element closed, as libxml2 reads it, for resiliparse: its own parser takes time by
    the square, and more, of html elements, options and b elements that somebody left open."""
    from lxml.etree import tostring

    from newscast.normalise import document

    return str(tostring(document.parse(markup).root, encoding="unicode", method="html"))


def _safe(markup: str) -> str:
    return markup.replace("\0", "\ufffd")  # as browsers do; it ends what C reads


def _by_trafilatura(tree: Any | None) -> str:
    if tree is None:
        return ""
    from newscast.normalise.pruning import prune

    prune(tree)
    body = _body(tree, fast=True)
    if body is not None and len(body) == 1 and _is_dense("".join(body.itertext())):
        body = _body(tree, fast=True, whole_page_below=SHORT_DENSE)
    if body is not None and _is_heap(body):
        body = _body(tree, fast=False)
    return "" if body is None else tidy("\n\n".join(_paragraphs(body)))


def _body(tree: Any, fast: bool, whole_page_below: int | None = None) -> Any | None:
    """trafilatura's main text; the tree is not changed. `whole_page_below`: characters of a main text below
    which it takes the text of the whole element or page as one paragraph."""
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    config = DEFAULT_CONFIG
    if whole_page_below is not None:
        config = copy.deepcopy(config)
        config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(whole_page_below)
    try:
        found: Any = trafilatura.bare_extraction(
            tree, fast=fast, include_comments=False, with_metadata=False, config=config
        )
    except Exception:  # a parser's failure on one page is that page's problem and nothing else's
        return None
    return getattr(found, "body", None)


SHORT_DENSE = 80
"""trafilatura's 250 characters are three sentences; in Chinese, Japanese and Korean a sign holds three."""
_DENSE = re.compile("[\u1100-\u11ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def _is_dense(text: str) -> bool:
    return 2 * len(_DENSE.findall(text)) > len(text)


def _is_heap(body: Any) -> bool:
    """All visible text in one paragraph, a line a node: the fast way found no main text and gave up."""
    return len(body) == 1 and body[0].tag == "p" and (body[0].text or "").count("\n") >= 3


def _paragraphs(body: Any) -> list[str]:
    """trafilatura's own markup (p, head, list, quote, table, lb) as paragraphs."""
    parts: list[str] = [""]

    def visit(element: Any) -> None:
        if not isinstance(element.tag, str):  # a comment
            return
        block = element.tag in BLOCKS
        if block:
            parts.append("")
        if element.tag == "lb":
            parts[-1] += LINE
        elif element.tag == "cell":
            parts[-1] += " "
        parts[-1] += element.text or ""
        for child in element:
            visit(child)
            parts[-1] += child.tail or ""
        if block:
            parts.append("")

    visit(body)
    return parts


BLOCKS = frozenset({"p", "head", "item", "quote", "row", "list", "table", "code", "div", "body", "main"})

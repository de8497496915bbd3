"""A page's row in, which names are one article out: pure, and the same for every order of arrival.

The page says who observed an address and when. Both of its lists are kept in the order of (first observed,
name) and cut behind a bound, so that what is dropped doesn't depend on who came first here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from newscast.articles.revisions import Revision
from newscast.articles.rows import Claim, Owner, Page, Redirect

MAX_OWNERS = 32
"""Names of one page that can be one article: a publisher's section feeds. A page with more is a page of many
(alerts, a front page), and each of its names is an article of its own."""
MAX_CLAIMS = 32
"""Names of strangers that are kept as observations beside a page's article."""
MAX_CLAIMS_OF_ONE = 4
"""Of them, names of one feed: it can't fill the list."""
MAX_TITLES = 16


class Own(Struct, frozen=True):
    """A name that is an article's id: the names whose rows the article has, itself among them."""

    names: tuple[str, ...]


Place = Own | Redirect


def home(rows: Sequence[Revision]) -> str | None:
    """The address that a name was first observed at; None for rows without any, or for no rows."""
    return min(rows, key=lambda row: row.order).url if rows else None


def owner(name: str, url: str, rows: Sequence[Revision]) -> Owner | None:
    """What a page says of a name with these rows; None if it was never observed there."""
    here = [row for row in rows if row.url == url]
    if not here:
        return None
    at_home = home(rows) == url
    titles: tuple[str, ...] = ()
    if at_home:
        by_time = sorted(rows, key=lambda row: row.order)
        titles = tuple(dict.fromkeys(row.title for row in by_time))[:MAX_TITLES]
    return Owner(min(row.first for row in here), name, here[0].feed_id, at_home, titles)


def claim(name: str, rows: Sequence[Revision]) -> Claim | None:
    """What a page says of a stranger's name with these rows."""
    if not rows:
        return None
    first = min(rows, key=lambda row: row.order)
    return Claim(first.first, name, first.feed_id, first.feed_url or "", first.source)


def with_owner(page: Page, name: str, entry: Owner | None) -> Page:
    """The page with one name's entry put in, replaced or taken out."""
    owners = [one for one in page.owners if one.name != name] + ([entry] if entry else [])
    owners.sort(key=lambda one: (one.first, one.name))
    return replace(page, owners=tuple(owners[: MAX_OWNERS + 1]))


def with_claim(page: Page, name: str, entry: Claim | None) -> Page:
    """The same for a stranger's name."""
    claims = [one for one in page.claims if one.name != name] + ([entry] if entry else [])
    claims.sort(key=lambda one: (one.first, one.name))
    counted: dict[str, int] = {}
    allowed = []
    for one in claims:
        counted[one.feed_id] = counted.get(one.feed_id, 0) + 1
        if counted[one.feed_id] <= MAX_CLAIMS_OF_ONE:
            allowed.append(one)
    return replace(page, claims=tuple(allowed[:MAX_CLAIMS]))


def places(page: Page) -> Mapping[str, Place]:
    """Where each name that the page knows stands: an article's id, or where it leads.

    Names whose home is another page are not in it, nor strangers that the list has no room for: those are
    articles of their own. Nor are erased names, but they still tell whether this is a page of many.
    """
    found: dict[str, Place] = {}
    at_home = [one for one in page.owners if one.home]
    names = tuple(one.name for one in at_home if not one.erased)
    if len(page.owners) > MAX_OWNERS or _of_many(at_home):
        found |= {name: Own((name,)) for name in names}
    elif names:
        found |= {name: Redirect(leads_to=names[0], why="same") for name in names[1:]}
        found[names[0]] = Own(names)
    first = next((one.name for one in page.owners if not one.erased), None)
    for one in page.claims:
        found[one.name] = Redirect(leads_to=first, why="beside") if first else Own((one.name,))
    return found


def _of_many(owners: Iterable[Owner]) -> bool:
    """Whether a feed's entries all lead to this page (alerts): two names of one feed never had a title in
    common. With a common one, it is an article whose publisher changes guids."""
    by_feed: dict[str, list[Owner]] = {}
    for one in owners:
        by_feed.setdefault(one.feed_id, []).append(one)
    return any(
        not set(one.titles) & set(other.titles)
        for names in by_feed.values()
        for place, one in enumerate(names)
        for other in names[place + 1 :]
    )

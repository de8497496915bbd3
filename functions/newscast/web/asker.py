"""On whose behalf a host is asked: a publisher, and which hosts are its own.

Which page is read and where a redirect leads is chosen by whoever publishes the feed. So what a host answers
(it wants quiet) and what is asked of it (turns) counts for all only if the asker speaks for that host, and
else for the asker alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from newscast import sites, urls
from newscast.web.loopback import is_here
from newscast.web.quiet import group_of


def nothing() -> Iterable[str]:
    """No scopes."""
    return ()


@dataclass(frozen=True)
class Asker:
    """A publisher that wants something of hosts."""

    whose: str
    """The scope that it speaks for, or its feed's id where that isn't certain."""
    groups: str = ""
    """Hosts behind one limit, as in the setting."""
    given: str | None = None
    """Of a feed that is polled: the URL that its subscriber gave, whose host is asked first. Null where the
    publisher chose what is asked."""
    granted: Callable[[], Iterable[str]] = nothing
    """More scopes that it speaks for."""

    @property
    def name(self) -> str:
        """Unlike other askers'. Reads the public suffix list, which most polls can do without."""
        return (sites.scope(self.given) if self.given else None) or self.whose

    def asks_first(self, host: str) -> bool:
        """Whether a host is the one that its subscriber named."""
        return self.given is not None and urls.host(self.given) == host

    def speaks_for(self, url: str) -> bool:
        """Whether what is answered at an address is a word of its own host: the answer to the URL that its
        subscriber gave, or one of its own site, of a group with it, or of what was granted to it. On a host
        that many share it may lead to addresses of others, too."""
        if self.given and _address(url) == _address(self.given):
            return True
        if sites.covers(self.name, url):
            return True
        group, own = group_of(urls.host(url) or "", self.groups), self.given or f"https://{self.whose}/"
        if group and group == group_of(urls.host(own) or "", self.groups):
            return True
        return any(sites.covers(scope, url) for scope in self.granted())

    def has_all_of(self, host: str) -> bool:
        """Whether a host is its own and no other publisher's."""
        return sites.covers(self.name, root(host))

    @property
    def is_inside(self) -> bool:
        """Whether it is a server of this machine, which its reader named (loopback)."""
        where = self.given or f"http://{self.whose}/"
        return is_here(urls.host(where))


def _address(url: str) -> str:
    """Without scheme and query: http leads to https, and what a secret URL shows has no query."""
    return url.partition("#")[0].partition("?")[0].partition("://")[2]


def root(host: str) -> str:
    """The address of a host's front page."""
    return f"https://[{host}]/" if ":" in host else f"https://{host}/"

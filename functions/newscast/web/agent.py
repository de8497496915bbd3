"""Who we say we are: the User-Agent, and the name that a robots.txt knows us by."""

from __future__ import annotations

from newscast import __version__

PRODUCT = "Newscast"
"""The product token: what a publisher writes after `User-agent:` to speak to us (RFC 9309, 2.2.1)."""


def agent(contact: str, task: str = "feed fetcher") -> str:
    """The User-Agent: name, version, what it is for and where a publisher can reach who asks."""
    about = f"; +{contact}" if contact else ""
    return f"{PRODUCT}/{__version__} ({task}{about})"

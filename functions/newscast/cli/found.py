"""What stands at the URLs that a person gives: a feed, or a page that names some."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from newscast import urls
from newscast.cli import screen
from newscast.cli.problem import CommandError
from newscast.cli.terminal import say
from newscast.cli.words import counted
from newscast.feeds.probe import Probe, probe
from newscast.settings import Settings
from newscast.web.target import redacted
from newscast.web.tokens import masked


class Meant(NamedTuple):
    """A feed's URL, and the page that it was found on with all that this names in its head."""

    url: str
    page: str | None = None
    vouched: tuple[str, ...] = ()


def feeds(given: Sequence[str], every: bool, sleep: Callable[[float], None] = time.sleep) -> list[Meant]:
    """The feeds that are meant, each URL asked once; a page stands for the feed that it names.

    With `every`, for all that it names. Raises CommandError for a page that leaves a choice, and for what
    is no feed. A server that fails now may be well tomorrow: its URL is kept, with a line that says so.
    """
    settings = Settings()
    asked: set[str | None] = set()
    meant: list[Meant] = []
    with screen.working() as working:
        for url in given:
            host = urls.host(url)
            if host in asked:
                working.step(f"waiting for the gap of {host}")
                sleep(settings.host_gap_seconds)
            asked.add(host)
            working.step(f"asking {redacted(url)}")
            meant += _meant(probe(url, settings, datetime.now(UTC)), url, every)
    return meant


def _meant(answer: Probe, url: str, every: bool) -> list[Meant]:
    if answer.offers:
        offers = [offer for offer in answer.offers if every or not offer.comments] or answer.offers
        if len(offers) > 1 and not every:
            for offer in answer.offers:
                say(masked(offer.url) + (f"  ({offer.title})" if offer.title else ""))
            raise CommandError(
                f"{redacted(url)} is a page that names {counted(len(answer.offers), 'feed')}; "
                "add the one that you want, or all with --all"
            )
        return [Meant(offer.url, url, answer.vouched) for offer in offers]
    if answer.outcome == "refused":
        raise CommandError(f"{redacted(url)}: {answer.problem}")
    if answer.reason == "not_a_feed":
        raise CommandError(f"{redacted(url)}: {answer.problem}; --offline adds it all the same")
    if answer.outcome == "failed":
        say(f"newscast: {redacted(url)} does not answer as a feed now: {answer.problem}", file=sys.stderr)
    return [Meant(url)]

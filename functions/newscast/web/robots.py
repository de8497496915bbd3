"""What a host lets robots read (RFC 9309): a robots.txt's response in, rules out, kept a day for all to use.

Rules are read by Protego. What it takes a long time or much memory over is bounded here first; and it
matches "news" to Newscast, where the standard wants the whole name.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from protego import Protego

from newscast.web.agent import PRODUCT
from newscast.web.exchange import Response
from newscast.web.rows import expiry, number, time
from newscast.web.target import Target

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PATH = "/robots.txt"
ACCEPT = "text/plain, */*;q=0.1"
MAX_BYTES = 500 * 1024
"""Read of a file; the standard asks for so much at least. The rest counts as absent."""
MAX_KEPT = 350_000
"""Bytes of it once compressed, within a row's 400 KB; no file that a person wrote comes near."""
MAX_WORK = 100_000
"""Rules times the agents that they are for: Protego keeps each pair. 2,000 agents with 2,000 rules take it
5 s and 290 MB in 58 KB; honest files have 200 agents with 300 rules."""

KEPT = timedelta(hours=24)
"""How long an answer is believed; the standard says no longer."""
UNREACHABLE = timedelta(hours=1)
"""How long a host that gave none is left alone."""
MAX_DELAY = timedelta(minutes=2)
"""Of Crawl-delay, which no standard defines: some write it in milliseconds."""


@dataclass(frozen=True)
class Robots:
    """The rules of an origin. open: all is allowed · closed: nothing is · rules: as `text` says."""

    kind: Literal["open", "closed", "rules"]
    until: datetime
    """When it is to be asked for anew."""
    text: str = ""
    words: str = ""
    """Why it is closed, for a person."""

    def allows(self, path: str) -> bool:
        """Whether a path, with its query, may be read."""
        if self.kind != "rules":
            return self.kind == "open"
        return bool(self._parsed.can_fetch(f"http://site{path}", _asker(self.text)))

    @property
    def delay(self) -> timedelta:
        """Between two requests, as it asks us."""
        if self.kind != "rules":
            return timedelta(0)
        seconds = self._parsed.crawl_delay(_asker(self.text)) or 0.0
        return min(timedelta(seconds=min(seconds, 1e6)), MAX_DELAY)

    @cached_property
    def _parsed(self) -> Protego:
        return Protego.parse(_named(self.text))


def read(answer: Response, now: datetime) -> Robots:
    """What a response to a request for robots.txt means.

    A file that isn't there, or that we may not have, forbids nothing; a server that doesn't answer, or
    wants fewer requests, forbids all for a while.
    """
    status = answer.status or 0
    if answer.problem:
        if answer.problem.reason == "redirects":  # "MAY assume that the robots.txt file is unavailable"
            return Robots("open", now + KEPT)
        return Robots("closed", now + UNREACHABLE, words=f"no robots.txt: {answer.problem.words}")
    if status == 429 or status >= 500:
        return Robots("closed", now + UNREACHABLE, words=f"robots.txt answered {status}")
    if not 200 <= status < 300:
        return Robots("open", now + KEPT)
    text = answer.body[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    if not _USER_AGENT.search(text):  # an error page, an empty file
        return Robots("open", now + KEPT)
    if _work(text) > MAX_WORK or len(_packed(text)) > MAX_KEPT:
        return Robots("closed", now + KEPT, words="robots.txt holds more than can be read")
    return Robots("rules", now + KEPT, text)


_USER_AGENT = re.compile(
    r"^[ \t]*user[- ]?agent(?:[ \t]*:|[ \t])[ \t]*([A-Za-z_-]+)?.*$", re.IGNORECASE | re.MULTILINE
)
_PATH_RULE = re.compile(r"\s*(?:dis)?allow\s*:", re.IGNORECASE)


def _named(text: str) -> str:
    """With agents by their names alone: "Newscast/1.0" is Newscast."""
    return _USER_AGENT.sub(lambda found: f"User-agent: {found[1]}" if found[1] else found[0], text)


def _asker(text: str) -> str:
    """Whom the rules are asked about: us where the file names us, else anybody."""
    names = {str(found[1]).lower() for found in _USER_AGENT.finditer(text)}
    return PRODUCT.lower() if PRODUCT.lower() in names else "*"


def _work(text: str) -> int:
    """Rules times the agents of their group, at least what Protego makes of it."""
    agents = work = 0
    after_rule = True
    for line in text.splitlines():
        if _USER_AGENT.match(line):
            agents, after_rule = 1 if after_rule else agents + 1, False
        else:
            work += agents
            after_rule = after_rule or _PATH_RULE.match(line) is not None
    return work


# ------------------------------------------------------------------------- kept
@dataclass(frozen=True)
class RobotsTable:
    """Rows `HOST#host / ROBOTS#scheme`, which expire by themselves."""

    dynamodb: DynamoDBClient
    table: str

    def get(self, origin: Target, now: datetime) -> Robots | None:
        """What was found lately; null if it is to be asked for."""
        row = self.dynamodb.get_item(TableName=self.table, Key=_key(origin)).get("Item")
        if not row or (until := time(row["until"]) or now) <= now:
            return None
        kind: Any = row["kind"]["S"]
        text = zlib.decompress(bytes(row["text"]["B"])).decode() if "text" in row else ""
        return Robots(kind, until, text, row.get("words", {}).get("S", ""))

    def put(self, origin: Target, found: Robots) -> None:
        """Keep it for all."""
        row: dict[str, Any] = {
            "kind": {"S": found.kind},
            "until": number(found.until),
            "expires_at": expiry(found.until),
        }
        if found.text:
            row["text"] = {"B": _packed(found.text)}
        if found.words:
            row["words"] = {"S": found.words}
        self.dynamodb.put_item(TableName=self.table, Item=_key(origin) | row)


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def _key(origin: Target) -> dict[str, Any]:
    return {"PK": {"S": f"HOST#{origin.host}"}, "SK": {"S": f"ROBOTS#{origin.scheme}"}}

"""URLs that must be refused: every one of the set named by NEWSCAST_EVAL, and none resolved or fetched."""

from __future__ import annotations

import json
import os
import socket
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from newscast.web.address import Network
from newscast.web.exchange import Limits, get

ELSEWHERE = "93.184.215.14"
"""What names resolve to of which the set says nothing: public, so that a URL is refused for its own sake."""


def main() -> None:
    folder = os.environ.get("NEWSCAST_EVAL")
    if not folder:
        print("NEWSCAST_EVAL is not set: no URLs to refuse")
        return
    rows = json.loads((Path(folder) / "ssrf_must_refuse.json").read_text())
    reasons: Counter[str] = Counter()
    for row in rows:
        answer = get(row["url"], agent="T", accept="*/*", limits=Limits(), network=_network(row))
        reason = answer.problem.reason if answer.problem else "FETCHED"
        reasons[reason] += 1
        if reason in ("FETCHED", "connect", "dns"):
            print(f"  not refused: {row['url']!r} ({reason})")
    print(f"{len(rows)} URLs: {dict(reasons)}")


def _network(row: dict[str, str | None]) -> Network:
    answers = (row["resolver_answer"] or ELSEWHERE).split(",")

    def resolve(host: str, port: int) -> Sequence[str]:
        try:
            socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
        except OSError:
            return answers
        return [host]

    def dial(address: str, port: int, seconds: float) -> socket.socket:
        raise OSError(f"would have connected to {address}:{port}")

    return Network(resolve, dial)


if __name__ == "__main__":
    main()

"""What stands in the table after an article, its revision and what others say of it, as a table to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from newscast.articles.items import Item
from newscast.articles.revisions import in_head
from tests.articles.memory import Memory
from tests.articles.samples import NOON, actor, tagged

ROWS = """\
PK                SK                Sources          Days              says
ACTOR#IND#202407  07-12T11:30#5fe9… -                -                 mentioned
ACTOR#RUS#202407  07-12T11:30#5fe9… -                -                 speaker
ART#5b6f…         HEAD              -                -                 beside → 5fe9… · 12:00
ART#5fe9…         HEAD              SRC#example.org  DAY#2024-07-12#4  They met · 5fe9… d0e3… · 12:00 · 13:00
ART#d0e3…         HEAD              -                -                 same → 5fe9… · 12:00
CLAIMS#s          5b6f…             -                -                 https://example.org/a
URL#de44…         PAGE              -                -                 owners 5fe9…, d0e3… · beside 5b6f…
"""


def test_the_rows_of_an_article_that_was_revised() -> None:
    memory = Memory()
    published: dict[str, Any] = {"at": NOON - timedelta(minutes=30)}
    memory.save(tagged(actor("country:USA"), actor("RUS"), **published))
    later: dict[str, Any] = {"title": "They met", "seen": NOON + timedelta(hours=1)}
    memory.save(tagged(actor("RUS", "speaker"), actor("IND", "mentioned"), **later, **published))
    memory.save(tagged(actor("RUS"), feed_id="f2", guid="g2", **published))
    memory.save(
        tagged(feed_id="s", feed_url="https://other.example/feed", source="other.example", **published)
    )
    assert printed(memory.items.values()) == ROWS


def printed(items: Any) -> str:
    lines = [("PK", "SK", "Sources", "Days", "says")]
    for item in sorted(items, key=lambda item: (item["PK"]["S"], item["SK"]["S"])):
        row = {name: next(iter(value.values())) for name, value in item.items()}
        indexes = row.get("SourcePK", "-"), row.get("DayPK", "-")
        lines.append((_short(row["PK"]), _short(row["SK"]), *indexes, _says(row)))
    widths = (18, 18, 17, 18, 0)
    return "".join(
        "".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in lines
    )


def _short(key: str) -> str:
    """A key with its times and hashes cut."""
    return "#".join(_cut(part) for part in key.split("#"))


def _cut(part: str) -> str:
    if part.endswith("Z"):
        return part[5:16]
    return f"{part[:4]}…" if len(part) in (16, 32) else part


def _says(row: Item) -> str:
    fields = msgspec.json.decode(row["json"]) if "json" in row else {}
    match row.get("kind"), row["PK"].split("#")[0]:
        case "head", _:
            shown = msgspec.json.decode(row["shown"])
            names = [_cut(name) for name in fields.get("names", ())]
            return " · ".join([shown["title"], " ".join(names), *_observed(row)])
        case "redirect", _:
            return " · ".join([f"{fields['why']} → {_cut(fields['leads_to'])}", *_observed(row)])
        case _, "ACTOR":
            return str(row["part"])
        case _, "URL":
            owners = ", ".join(_cut(one[1]) for one in fields["owners"])
            return f"owners {owners} · beside {', '.join(_cut(one[1]) for one in fields.get('claims', ()))}"
        case _, "CLAIMS":
            return str(row["url"])
    return f"{fields['first'][11:16]}"


def _observed(row: Item) -> list[str]:
    return [row.first[11:16] for row in in_head("", {"rows": {"S": row["rows"]}})]

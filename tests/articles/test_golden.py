"""What stands in the table after an article and its revision, as a table to read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from newscast.articles.items import Item
from tests.articles.fake_table import in_memory
from tests.articles.samples import NOON, actor, tagged

ROWS = """\
PK                SK         GSI1                         GSI2                    says
ART#23f893…       ACTOR#IND  ACTOR#IND#202407/07-12T11:30 -                       IND mentioned · They met
ART#23f893…       ACTOR#RUS  ACTOR#RUS#202407/07-12T11:30 -                       RUS speaker · They met
ART#23f893…       HEAD       SRC#example.org/07-12T11:30  DAY#2024-07-12#2/11:30  2 revisions · They met
ART#23f893…       REV#14a…   -                            -                       poll.1 observed 12:00
ART#23f893…       REV#428…   -                            -                       poll.2 observed 13:00
KEY#guid#33ae8c…  K          -                            -                       → 23f893…
KEY#url#de44d6…   K          -                            -                       → 23f893…
"""


def test_the_rows_of_an_article_that_was_revised() -> None:
    articles, table = in_memory()
    published: dict[str, Any] = {"at": NOON - timedelta(minutes=30)}
    first = tagged(actor("country:USA"), actor("RUS"), **published)
    again = tagged(
        actor("RUS", "speaker"),
        actor("IND", "mentioned"),
        title="They met",
        seen=NOON + timedelta(hours=1),
        **published,
    )
    articles.save(first, "poll.1")
    articles.save(again, "poll.2")
    assert printed(table.items.values()) == ROWS


def printed(items: Any) -> str:
    lines = [("PK", "SK", "GSI1", "GSI2", "says")]
    for item in sorted(items, key=lambda item: (item["PK"]["S"], item["SK"]["S"])):
        row = {name: next(iter(value.values())) for name, value in item.items()}
        gsi1 = f"{row['GSI1PK']}/{row['GSI1SK'][5:16]}" if "GSI1PK" in row else "-"
        gsi2 = f"{row['GSI2PK']}/{row['GSI2SK'][11:16]}" if "GSI2PK" in row else "-"
        lines.append((_short(row["PK"]), _short(row["SK"]), gsi1, gsi2, _says(row)))
    widths = (18, 11, 29, 24, 0)
    return "".join(
        "".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() + "\n"
        for line in lines
    )


def _short(key: str) -> str:
    head, _, last = key.rpartition("#")
    keep = 3 if head == "REV" else 6
    return f"{head}#{last[:keep]}…" if len(last) > 20 else key


def _says(row: Item) -> str:
    match row["SK"].split("#")[0]:
        case "ACTOR":
            return f"{row['actor_id']} {row['involvement']} · {row['title']}"
        case "HEAD":
            return f"{row['revisions']} revisions · {row['title']}"
        case "REV":
            return f"{row['correlation_id']} observed {row['observed'][11:16]}"
    return f"→ {row['article_id'][:6]}…"

"""What a person expects, or has: so many articles a month from so many feeds → the bill of a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from newscast.cost import measured
from newscast.cost.bill import Activity, Line, bill, total
from newscast.cost.shape import Shape

MOST = 1e10
"""Articles a month, or feeds; the world has less."""
ARTICLES_A_FEED = 3e6
"""A month, at most: 100,000 a day."""


class BasisError(ValueError):
    """Numbers that no installation has; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Of each month alike. Raises BasisError for what can't be."""

    articles: float
    """New ones a month."""
    feeds: float
    months: int = 1
    """The bill is that of the last; storage has piled up until then."""
    edges: float = 8
    """Actors of an article."""
    revised: float = 0.3
    """Revisions for each new article."""
    full_text: float = 0.0
    """Share of articles that are read on their pages."""
    polls: float | None = None
    """A feed and day; null: as feeds that bring so much are polled at a floor of 60 minutes."""
    retention_days: int = 0
    """0 keeps all for ever."""
    tracing: bool = False
    dashboard: bool = False

    def __post_init__(self) -> None:
        for name, least, most in (
            ("articles", 0, MOST),
            ("feeds", 0, MOST),
            ("months", 1, 1200),
            ("edges", 0, 1000),
            ("revised", 0, 100),
            ("full_text", 0, 1),
            ("polls", 0, 1440),
            ("retention_days", 0, 36_500),
        ):
            given = getattr(self, name)
            if given is not None and not least <= given <= most:
                raise BasisError(f"{name.replace('_', '-')} must be {least:,} to {most:,.0f}, not {given:g}")
        if self.articles > self.feeds * ARTICLES_A_FEED:
            raise BasisError(
                f"{self.articles:,.0f} articles a month can't come from {self.feeds:,.0f} feeds:"
                f" {ARTICLES_A_FEED:,.0f} from each at most"
            )

    def activity(self) -> Activity:
        """What the last month holds."""
        days, revisions = measured.MONTH_DAYS, self.articles * self.revised
        daily = (self.articles + revisions) / days / self.feeds if self.feeds else 0.0
        usual, changed = polls_of(daily)
        polls = self.feeds * days * (usual if self.polls is None else self.polls)
        # As much as lies there in the middle of the month.
        kept = self.months - 0.5
        if self.retention_days:
            kept = min(kept, self.retention_days / days)
        return Activity(
            articles=self.articles,
            revisions=revisions,
            polls=polls,
            changed=polls * changed,
            feeds=self.feeds,
            edges=self.edges,
            pages=self.articles * self.full_text,
            held_articles=self.articles * kept,
            held_revisions=revisions * kept,
            traced=self.tracing,
            dashboard=self.dashboard,
        )

    def lines(self, shape: Shape) -> list[Line]:
        """The last month's bill."""
        return bill(self.activity(), shape)

    def until_then(self, shape: Shape) -> float:
        """USD of all months together."""
        return sum(total(replace(self, months=month).lines(shape)) for month in range(1, self.months + 1))


def polls_of(entries: float) -> tuple[float, float]:
    """Entries a day of a feed → its polls a day, and the share of them that brings entries."""
    table = measured.POLLS
    for (low, *least), (high, *most) in pairwise(table):
        if entries <= high:
            part = (entries - low) / (high - low)
            polls, changed = (a + (b - a) * part for a, b in zip(least, most, strict=True))
            return polls, changed
    return table[-1][1], table[-1][2]


def plain(basis: dict[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
    """The form that programs read. Dollars have six decimals, and `total` is their sum."""
    rounded = [round(line.dollars, 6) for line in lines]
    return {
        "basis": basis,
        "lines": [
            {"item": line.item, "dollars": dollars, "how": line.how}
            for line, dollars in zip(lines, rounded, strict=True)
        ],
        "total": round(sum(rounded), 6),
    }


def told(basis: Basis, shape: Shape) -> dict[str, Any]:
    """What stands under `basis`: what was asked for, and what follows from it."""
    done = basis.activity()
    return asdict(basis) | {
        "polls_a_month": round(done.polls),
        "dollars_until_then": round(basis.until_then(shape), 6),
        "region": "us-east-1",
        "free_tier": False,
    }

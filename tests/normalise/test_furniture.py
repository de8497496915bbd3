"""Furniture goes, prose that begins like it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.normalise.furniture import FURNITURE, strip

GOES = [
    *(
        "Read more",
        "Read More »",
        "Continue reading →",
        "Read the full story here.",
        "Click here to read more",
    ),
    *("Follow us on Twitter and Facebook", "Share this article", "Facebook Twitter WhatsApp Email", "Share"),
    *("Sign up for our newsletter", "Subscribe to our daily briefing", "Subscribe now", "Download the app"),
    *("Join our WhatsApp channel for updates", "Follow Example News on Google News", "Start your free trial"),
    *("ADVERTISEMENT", "Story continues below advertisement", "4 min read", "Comments (12)", "12 July 2024"),
    *("Also read: India calls for talks", "Related: Talks resume", "Watch: Minister speaks", "Most read"),
    *("The post Talks resume appeared first on Example News.", "© 2024 Reuters. All rights reserved."),
    "(This story has not been edited by our staff and is auto-generated from a syndicated feed.)",
    "This story has been published from a wire agency feed without modifications to the text.",
    *("Our Standards: The Thomson Reuters Trust Principles.", "Last updated: 12 July 2024 10:00 GMT"),
    *("Updated 2 hours ago", "Photo: Reuters", "Getty Images"),
    *("Lire aussi : Le ministre", "Leer más", "Читайте также: Встреча в Женеве", "阅读更多", "اقرأ المزيد"),
    "Подписывайтесь на наш канал в Telegram",
]
STAYS = [
    "Read aloud by the speaker, the letter called for peace.",
    "Get out of Kyiv, embassies told their citizens on Friday.",
    "Follow the money, prosecutors said, and the case leads to Geneva.",
    "Related parties denied it.",
    "Share prices fell in Moscow.",
    "Comments by the minister drew anger.",
    "See more violence, warned the envoy.",
    "X and Telegram were blocked in Russia.",
    "Support our troops, the president said.",
    "Updated figures show inflation at 3%.",
    "More news is expected.",
    "Mehr Geld für die Ukraine",
    "Download speeds fell in Iran.",
    "Report by the UN says 10 died.",
    "He said the reporting by the paper was edited by censors.",
]


@pytest.mark.parametrize("paragraph", GOES)
def test_goes(paragraph: str) -> None:
    assert strip(f"First.\n\n{paragraph}\n\nLast.") == ("First.\n\nLast.", None)


@pytest.mark.parametrize("paragraph", STAYS)
def test_stays(paragraph: str) -> None:
    assert strip(f"First.\n\n{paragraph}\n\nLast.") == (f"First.\n\n{paragraph}\n\nLast.", None)


@pytest.mark.parametrize(
    ("text", "kept", "credit"),
    [
        ("He said so. Read more", "He said so.", None),
        ("He said so… Continue reading", "He said so…", None),
        ("The minister […]", "The minister…", None),
        ("He wanted more", "He wanted more", None),
        ("So.\n\n(Reporting by A. B.; Editing by C. D.)", "So.", "Reporting by A. B.; Editing by C. D."),
        ("Share. (Editing by A. B.)", "", "Editing by A. B."),
        ("So. (Additional reporting by A. B.)", "So.", "Additional reporting by A. B."),
    ],
)
def test_ends_of_paragraphs(text: str, kept: str, credit: str | None) -> None:
    assert strip(text) == (kept, credit)


PIECES = st.sampled_from(
    [
        "He said so.",
        "Read more",
        "[…]",
        "…",
        "(Editing by A B)",
        "\n\n",
        " ",
        "Share",
        "More",
        "Share. ",
        "By A",
        ": ",
    ]
)


@given(st.lists(PIECES).map("".join))
def test_stripping_twice_strips_once(text: str) -> None:
    kept, _ = strip(text)
    assert strip(kept)[0] == kept


def test_every_row_has_its_reason() -> None:
    assert all(row.reason and row.phrases for row in FURNITURE)

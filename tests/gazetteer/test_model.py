"""Case rules of aliases, and what a dated role covers."""

from __future__ import annotations

from datetime import date

import pytest

from newscast.gazetteer.model import Alias, Case, RoleRow


@pytest.mark.parametrize(
    ("text", "case", "surface", "fits"),
    [
        ("US", "exact", "US", True),
        ("US", "exact", "U.S.", True),
        ("US", "exact", "us", False),
        ("US", "exact", "Us", False),
        ("WHO", "exact", "Who", False),
        ("May", "exact", "MAY", False),
        ("Russia", "title", "Russia", True),
        ("Russia", "title", "RUSSIA", True),
        ("Russia", "title", "russia", False),
        ("Ministry of Defence", "title", "MINISTRY OF DEFENCE", True),
        ("Ministry of Defence", "title", "Ministry Of Defence", True),
        ("Ministry of Defence", "title", "ministry of defence", False),
        ("Ministry of Defence", "title", "Ministry of defence", False),
        ("Élysée", "title", "Elysée", True),
        ("al-Qaeda", "title", "Al-Qaeda", True),
        ("al-Qaeda", "title", "al Qaeda", True),
        ("peshmerga", "any", "Peshmerga", True),
        ("中国", "title", "中国", True),
    ],
)
def test_case_rules(text: str, case: Case, surface: str, fits: bool) -> None:
    assert Alias(actor="x", text=text, case=case).fits(surface) is fits


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (None, None, True),
        (date(2024, 5, 14), None, True),
        (date(2024, 7, 12), date(2024, 7, 12), True),
        (date(2024, 7, 13), None, False),
        (None, date(2024, 7, 11), False),
    ],
)
def test_what_a_role_covers(start: date | None, end: date | None, holds: bool) -> None:
    row = RoleRow(actor="x", office="minister", title="Minister", start=start, end=end)
    assert row.holds(date(2024, 7, 12)) is holds


@pytest.mark.parametrize(
    ("text", "languages", "language", "speaks"),
    [
        ("Island", "da fo nb", "da", True),
        ("Island", "da fo nb", "en", False),
        ("Island", "da fo nb", "", False),
        ("Iceland", "en", "de", True),
        ("NATO", "", "de", True),
        ("Исландия", "ru", "en", True),
        ("冰岛", "zh-Hans", "en", True),
        ("Aland", "zh-Latn-pinyin", "zh", True),
        ("Ý", "vi", "en", False),
        ("Ấn Độ", "vi", "fr", False),
    ],
)
def test_which_texts_may_use_a_name(text: str, languages: str, language: str, speaks: bool) -> None:
    assert Alias(actor="x", text=text, language=languages).speaks(language) is speaks

"""What two alphabets share of a name."""

from __future__ import annotations

import pytest

from newscast.gazetteer.scripts import ARABIC, CYRILLIC, Script, key
from newscast.gazetteer.tokens import key_of

SAME = [
    (CYRILLIC, "Шавкат Мирзиёев", "Shavkat Mirziyoyev"),
    (CYRILLIC, "Сердар Бердымухамедов", "Serdar Berdimuhamedow"),
    (CYRILLIC, "Никол Пашинян", "Nikol Pashinyan"),
    (CYRILLIC, "Олексій Резніков", "Oleksii Reznikov"),
    (CYRILLIC, "Борис Гризлов", "Boris Gryzlov"),
    (ARABIC, "عادل عبد المهدي", "Adil Abdul-Mahdi"),
    (ARABIC, "إبراهيم الجعفري", "Ibrahim al-Jaafari"),
    (ARABIC, "مصطفى الكاظمي", "Mustafa al-Kadhimi"),
]
OTHERS = [
    (CYRILLIC, "Шавкат Мирзиёев", "Sadyr Japarov"),
    (CYRILLIC, "Борис Немцов", "Boris Gryzlov"),
    (ARABIC, "إبراهيم الجعفري", "Ibrahim Traore"),
]


def _key(name: str, script: Script) -> str:
    return key(key_of(name).split(" "), script)


@pytest.mark.parametrize(("script", "there", "here"), SAME)
def test_two_spellings_of_a_name_have_one_key(script: Script, there: str, here: str) -> None:
    assert _key(there, script) == _key(here, script) != ""


@pytest.mark.parametrize(("script", "there", "here"), OTHERS)
def test_two_names_have_two(script: Script, there: str, here: str) -> None:
    assert _key(there, script) != _key(here, script)


@pytest.mark.parametrize("name", ["Мирзиёев", "И Ли", ""])
def test_a_name_that_says_too_little_has_none(name: str) -> None:
    assert _key(name, CYRILLIC) == ""

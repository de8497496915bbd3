"""Author fields as feeds write them: who is a person, which agency is credited."""

import pytest

from newscast.normalise.byline import read


@pytest.mark.parametrize(
    ("written", "people", "agency"),
    [
        ("By John Smith and Jane Doe, Reuters", ("John Smith", "Jane Doe"), "Reuters"),
        ("noreply@example.com (John Smith)", ("John Smith",), None),
        ("John Smith <js@example.com>", ("John Smith",), None),
        ("js@example.com", (), None),
        ("admin", (), None),
        ("Reuters Staff", (), "Reuters"),
        ("The Associated Press", (), "AP"),
        ("by Agence France-Presse", (), "AFP"),
        ("Jane Doe, Political Editor", ("Jane Doe",), None),
        ("Von Max Müller und Eva Braun-Meyer", ("Max Müller", "Eva Braun-Meyer"), None),
        ("María José García y Juan Pérez (EFE)", ("María José García", "Juan Pérez"), "EFE"),
        ("John Smith in Moscow", ("John Smith",), None),
        ("Автор: Иван Петров", ("Иван Петров",), None),
        ("ТАСС", (), "TASS"),
        ("https://www.example.com/author/jane", (), None),
        ("<a href='/x'>Li Wei</a>", ("Li Wei",), None),
        ("Li Wei; Li Wei", ("Li Wei",), None),
        ("", (), None),
    ],
)
def test_one_field(written: str, people: tuple[str, ...], agency: str | None) -> None:
    assert read([written]) == (people, agency)


def test_several_fields_name_everybody_once() -> None:
    assert read(["Jane Doe", "AFP", "jane doe", "John Roe"]) == (("Jane Doe", "John Roe"), "AFP")

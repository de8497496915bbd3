"""Datelines: what is one, what only looks like one, and that taking twice takes once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscast.normalise.dateline import take

DATELINES = [
    ("MOSCOW, July 12 (Reuters) - Russia said", "Russia said", "MOSCOW", "Reuters", "July 12"),
    ("KYIV, Ukraine (AP) — Ukraine said", "Ukraine said", "KYIV, Ukraine", "AP", None),
    ("BEIJING, July 12 (Xinhua) -- China said", "China said", "BEIJING", "Xinhua", "July 12"),
    ("New Delhi [India], July 12 (ANI): The", "The", "New Delhi [India]", "ANI", "July 12"),
    ("(Reuters) - Oil rose", "Oil rose", None, "Reuters", None),
    ("AFP - The minister", "The minister", None, "AFP", None),
    ("Berlin (dpa) - Der Minister", "Der Minister", "Berlin", "dpa", None),
    ("Paris, 12 juillet 2024 (AFP) - Le ministre", "Le ministre", "Paris", "AFP", "12 juillet 2024"),
    ("MOSCOW, July 12. /TASS/. Russian", "Russian", "MOSCOW", "TASS", "July 12"),
    ("МОСКВА, 12 июл - РИА Новости. Глава", "Глава", "МОСКВА", "RIA Novosti", "12 июл"),
    ("Москва. 12 июля. INTERFAX.RU - Министр", "Министр", "Москва", "Interfax", "12 июля"),
    ("新华社莫斯科7月12日电　俄罗斯", "俄罗斯", "莫斯科", "Xinhua", "7月12日"),
    ("BERLIN, July 12 — The", "The", "BERLIN", None, "July 12"),
    ("RIYADH: Saudi Arabia", "Saudi Arabia", "RIYADH", None, None),
    ("UNITED NATIONS — The council", "The council", "UNITED NATIONS", None, None),
    ("WASHINGTON, Jul 12 (IPS) - The", "The", "WASHINGTON", "IPS", "Jul 12"),
]
PROSE = [
    "NATO — the alliance — says it will answer",
    "US – China talks resume",
    "Putin: I will come",
    "Putin (left) - met Modi",
    "The Associated Press (AP) — a cooperative",
    "He said (AP) that it was so",
    "On 12 July – the army said",
    "Officials in Paris (AFP reported) said",
    "EXCLUSIVE: Minister resigns",
    "MOSCOW",
    "",
]


@pytest.mark.parametrize(("body", "rest", "place", "agency", "written"), DATELINES)
def test_dateline(body: str, rest: str, place: str | None, agency: str | None, written: str | None) -> None:
    text, found = take(body)
    assert found is not None
    assert (text, found.place, found.agency, found.written) == (rest, place, agency, written)


@pytest.mark.parametrize("body", PROSE)
def test_prose(body: str) -> None:
    assert take(body) == (body, None)


@given(
    st.lists(st.sampled_from(["MOSCOW", "Kyiv", ", ", "July 12", " (AP) ", "— ", " - ", ": ", "said "])).map(
        "".join
    )
)
def test_taking_twice_takes_once(body: str) -> None:
    text, _ = take(body)
    assert take(text) == (text, None)

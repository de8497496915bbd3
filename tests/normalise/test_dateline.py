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
    # Ordinary case and no agency.
    ("Geneva, 3 May – The council", "The council", "Geneva", None, "3 May"),
    ("Geneva, 3 May 2024 - The council", "The council", "Geneva", None, "3 May 2024"),
    ("Geneva 3 May — The council", "The council", "Geneva", None, "3 May"),
    ("Kyiv (Ukraine) – Two people", "Two people", "Kyiv (Ukraine)", None, None),
    ("Kyiv, Ukraine – Two people", "Two people", "Kyiv, Ukraine", None, None),
    (
        "Goma, Democratic Republic of the Congo — Rebels",
        "Rebels",
        "Goma, Democratic Republic of the Congo",
        None,
        None,
    ),
    ("GENEVA (3 May 2024) – UN experts", "UN experts", "GENEVA", None, "3 May 2024"),
    ("New York/Geneva, 3 May 2024 – The", "The", "New York/Geneva", None, "3 May 2024"),
    ("LONDON, UK — The court", "The court", "LONDON, UK", None, None),
    ("WEST POINT — The academy", "The academy", "WEST POINT", None, None),
    ("GOMA, DR Congo — Rebels", "Rebels", "GOMA, DR Congo", None, None),
    # The agencies' own ways.
    ("ANKARA (AA) - Türkiye said", "Türkiye said", "ANKARA", "Anadolu", None),
    ("SEOUL, May 3 (Yonhap) -- South Korea", "South Korea", "SEOUL", "Yonhap", "May 3"),
    ("TOKYO, May 3 (Kyodo) - Japan", "Japan", "TOKYO", "Kyodo", "May 3"),
    ("Madrid, 3 may (EFE).- El Gobierno", "El Gobierno", "Madrid", "EFE", "3 may"),
    ("Bruselas (EFE).- La Comisión", "La Comisión", "Bruselas", "EFE", None),
    ("(ANSA) - ROMA, 03 MAG - Il governo", "Il governo", "ROMA", "ANSA", "03 MAG"),
    ("New Delhi, May 3 (PTI) The minister", "The minister", "New Delhi", "PTI", "May 3"),
    ("KUALA LUMPUR, May 3 (Bernama) -- The", "The", "KUALA LUMPUR", "Bernama", "May 3"),
    ("MOSCOW. May 3 (Interfax) - Russia", "Russia", "MOSCOW", "Interfax", "May 3"),
    ("KYIV, May 3 (Ukrinform). The army", "The army", "KYIV", "Ukrinform", "May 3"),
    ("Damascus, SANA- The ministry", "The ministry", "Damascus", "SANA", None),
    ("Tehran, IRNA – The president", "The president", "Tehran", "IRNA", None),
    ("ABU DHABI, 3rd May, 2024 (WAM) -- The", "The", "ABU DHABI", "WAM", "3rd May, 2024"),
    ("Riyadh, May 03, 2024, SPA -- The king", "The king", "Riyadh", "SPA", "May 03, 2024"),
    ("Pyongyang, May 3 (KCNA) -- The", "The", "Pyongyang", "KCNA", "May 3"),
    ("BRUSSEL (BELGA) - De minister", "De minister", "BRUSSEL", "Belga", None),
    ("Wien (APA) - Der Kanzler", "Der Kanzler", "Wien", "APA", None),
    ("Oslo (NTB): Statsministeren", "Statsministeren", "Oslo", "NTB", None),
    ("STOCKHOLM (TT) Regeringen", "Regeringen", "STOCKHOLM", "TT", None),
    ("København /ritzau/ - Regeringen", "Regeringen", "København", "Ritzau", None),
    ("YEREVAN, MAY 3, ARMENPRESS. The", "The", "YEREVAN", "Armenpress", "MAY 3"),
    ("BAKU, Azerbaijan, May 3. Trend - The", "The", "BAKU, Azerbaijan", "Trend", "May 3"),
    ("Khartoum, May 3 (SUNA) - The", "The", "Khartoum", "SUNA", "May 3"),
    ("Abuja, May 3 (NAN) - The", "The", "Abuja", "NAN", "May 3"),
    ("Baghdad (INA) - The", "The", "Baghdad", "INA", None),
    ("Belgrade (Tanjug) - The", "The", "Belgrade", "Tanjug", None),
    ("Berlin (dpa/AFP) - Der", "Der", "Berlin", "dpa", None),
    ("КИЕВ, 3 мая (Укринформ). Армия", "Армия", "КИЕВ", "Ukrinform", "3 мая"),
    ("МИНСК, 3 мая /БелТА/. Министр", "Министр", "МИНСК", "BelTA", "3 мая"),
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
    # An ordinary name before a dash, a bracket or a colon is a part of the sentence.
    "Geneva – the city of peace – hosts the talks",
    "Geneva – The talks go on",
    "Kyiv: The city under fire",
    "Petra Olsen (Greens) – The vote was lost",
    "Djokovic (Serbia) – Nadal (Spain) 6:3",
    "Biden (81) – The oldest president",
    "Labour (UK) – The party",
    "Ukraine (Kyiv) says it will answer",
    "Paris, France, is where they met",
    "Paris, Texas – the film – turns forty",
    "Modi, India – and what comes next",
    "On Friday, 3 May – the deadline – nothing happened",
    "By Friday, May 3 – The deadline",
    "Since Monday, 3 May – The strike goes on",
    "In May 2024 – the last month – it rained",
    "Trend – The market rises",
    "Amman, the capital - a city of hills",
    "In Amman, Petra - the old city - is far",
    "Police, SPA officials said",
    "He went to Wien (APA) and left",
    "SECRETARY HOLM: Good afternoon, everybody.",
    "QUESTION: Did you ask?",
    "GOOD NEWS — The strike is over",
    "FACT CHECK: The claim is false",
    "KEY POINTS: The deal",
    "IN SHORT — The deal",
    "A SPA – the hotel says – will open",
    "MINISTER SMITH: I said so.\n\nREPORTER JONES: When?",
    "JOHN SMITH: I said so.\n\nANN JONES: When?",
    "Mr. Smith, 3 May was the date",
    "Smith, May 3 (Reuters reported), said",
    "May 3 – The deadline",
    "Boeing 737 – The plane",
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

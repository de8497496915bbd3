"""Languages: short sentences, scripts, declarations, and what stays unknown."""

import pytest

from newscast.normalise.language import detect, of_article
from newscast.records import Language

DETECTED = [
    ("Russia says talks will go on", "en"),
    ("PUTIN MEETS MODI IN MOSCOW", "en"),
    ("Der Minister sagte am Freitag", "de"),
    ("Le ministre a parlé vendredi", "fr"),
    ("El ministro habló el viernes", "es"),
    ("Путин встретился с министром", "ru"),
    ("Зеленський прибув до Парижа", "uk"),
    ("وزير الدفاع يتحدث مع نظيره", "ar"),
    ("习近平会见普京", "zh"),
    ("東京で首相会談", "ja"),
    ("푸틴 대통령 방북", "ko"),
    ("प्रधानमंत्री ने कहा कि बातचीत जारी रहेगी", "hi"),
]


@pytest.mark.parametrize(("text", "code"), DETECTED)
def test_detected(text: str, code: str) -> None:
    found = detect(text)
    assert found is not None
    assert (found.code, found.basis) == (code, "detected")
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("text", ["", "12345", "!!!", "EU", "https://example.com/der/minister"])
def test_unknown_stays_unknown(text: str) -> None:
    assert detect(text) is None


def test_a_declaration_decides_where_the_text_does_not() -> None:
    assert detect("G20", "en-GB") == Language(code="en", confidence=0.5, basis="declared")
    assert detect("", "und") is None


def test_a_wrong_declaration_does_not_beat_a_clear_text() -> None:
    found = detect("Der Minister sagte am Freitag, dass die Gespräche weitergehen", "en-us")
    assert found is not None
    assert (found.code, found.basis) == ("de", "detected")


@pytest.mark.parametrize("declared", ["en-GB", "EN", "eng", "en_US"])
def test_declared_forms(declared: str) -> None:
    found = detect("", declared)
    assert found is not None
    assert found.code == "en"


GERMAN = "Der Minister sagte am Freitag in Berlin, dass die Gespräche in der nächsten Woche weitergehen."
ENGLISH = "The minister said on Friday in Berlin that the talks would go on next week, after a pause."


@pytest.mark.parametrize(
    ("title", "text", "declared", "codes"),
    [
        # The article's language, the title's, the text's.
        ("Talks will go on next week", ENGLISH, None, ("en", "en", "en")),
        ("Talks will go on next week", GERMAN, None, ("de", "en", "de")),
        ("Talks will go on next week", GERMAN, "en-us", ("de", "en", "de")),
        (GERMAN, "Read the whole story here", None, ("de", "de", "en")),
        ("Talks will go on next week", "", None, ("en", "en", None)),
        ("", ENGLISH, "de", ("en", None, "en")),
        ("G20", GERMAN, None, ("de", None, "de")),
        ("G20", "", "en-GB", ("en", "en", None)),
        ("G20", "", None, (None, None, None)),
        ("", "", "fr", ("fr", None, None)),
    ],
)
def test_title_and_text_each_have_their_language(
    title: str, text: str, declared: str | None, codes: tuple[str | None, ...]
) -> None:
    found = of_article(title, text, declared)
    assert tuple(one and one.code for one in found) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # fastText alone hears another language in these, some of them with a probability over 0.9.
        ("NATO leaders met in Brussels", "en"),
        ("Tausende demonstrieren in Berlin", "de"),
        ("Olieprisen stiger efter angreb", "da"),
        ("Oljepriset stiger efter attacken", "sv"),
        ("Prezident podepsal novou dohodu", "cs"),
        ("Ministers komen vandaag bijeen", "nl"),
        # Nobody is sure of these.
        ("Domstolen avviser anken", None),
        ("Верховна Рада ухвалила бюджет", None),
        ("Gempa bumi guncang wilayah utara", None),
    ],
)
def test_a_short_sentence_needs_two_opinions(text: str, code: str | None) -> None:
    found = detect(text)
    assert (found.code if found else None) == code


def test_a_declaration_decides_between_languages_that_the_models_mix_up() -> None:
    for code in ("id", "ms"):
        found = detect("Gempa bumi guncang wilayah utara", code)
        assert found is not None
        assert found.code == code

"""Languages: short sentences, scripts, declarations, and what stays unknown."""

import pytest

from newscast.normalise.language import detect
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

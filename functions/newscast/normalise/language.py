"""Which language a text is in: its script where that decides, else two models, else what the feed says.

Unknown stays unknown: a wrong language sends the tagger to the wrong rules. A short text is believed to be in
a language only if both models say so, or fastText at least thinks it possible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from newscast.normalise.language_models import (
    MERGED,
    guesses,
    known_to_second,
    ranked,
    second_opinion,
    share,
)
from newscast.records import Language

MAX_SAMPLE = 1000
"""Characters of the text that are looked at; more changes no answer."""
SHORT = 100
"""Letters; of sentences of three to six words fastText alone gets one in fifty wrong."""
SURE = 0.6
"""Probability from which fastText is believed alone of a text that isn't short."""
ONLY_FIRST = 0.8
"""The same for a short text in a language that eld doesn't know."""
NEARLY_SECOND = (0.9, 0.75)
"""The same where eld answers otherwise, but gives this share of its answer's score to fastText's answer."""
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


class Languages(NamedTuple):
    """What an article is in as a whole, and its title and text each by itself; null where nobody knows."""

    article: Language | None
    title: Language | None
    text: Language | None


def of_article(title: str, text: str, declared: str | None = None) -> Languages:
    """The languages of an article. Where title and text differ, the longer one's is the article's."""
    one, other = (detect(part, declared) if part else None for part in (title, text))
    if one and other and "detected" in (one.basis, other.basis):
        surer, longer = max(one, other, key=_confidence), one if len(title) > len(text) else other
        whole: Language | None = surer if one.code == other.code else longer
    else:
        # Neither says enough alone: what they say together.
        whole = detect(f"{title}\n{text}", declared) or one or other
    return Languages(whole, one, other)


def _confidence(found: Language) -> float:
    return found.confidence


def detect(text: str, declared: str | None = None) -> Language | None:
    """The language of a text, or null if nobody knows. `declared` is what its feed or page says of itself."""
    sample = _NOISE.sub(" ", text[:MAX_SAMPLE])
    letters = "".join(_LETTERS.findall(sample))
    stated = _primary(declared)
    if script := _by_script(letters):
        return Language(code=script, confidence=0.99, basis="detected")
    heard = _heard(" ".join(sample.split()), letters)
    if believed := heard.language(stated):
        return Language(code=believed, confidence=round(heard.confidence(believed), 3), basis="detected")
    if stated and (heard.possible(stated) or heard.most < CONTRADICTING):
        return Language(code=stated, confidence=DECLARED_ALONE, basis="declared")
    return None


class _Heard(NamedTuple):
    """What the models say: fastText's probabilities, the likeliest first, and eld's shares."""

    likely: Mapping[str, float]
    second: Mapping[str, float] | None = None
    """Null where eld is not asked."""

    @property
    def most(self) -> float:
        return next(iter(self.likely.values()), 0.0)

    def possible(self, code: str) -> bool:
        return self.likely.get(code, 0.0) >= PLAUSIBLE or self.agreed(code)

    def agreed(self, code: str) -> bool:
        return self.second is not None and share(self.second, code) == 1

    def language(self, stated: str | None) -> str | None:
        """The one to believe; what its feed states decides where the models leave it open."""
        best = next(iter(self.likely), None)
        if best is None or (best == stated and self.most >= PLAUSIBLE):
            return best
        if self.second is None:
            ahead = self.most >= CONTRADICTING and self.most >= AHEAD * [*self.likely.values(), 0.0][1]
            return best if self.most >= SURE or ahead else None
        if stated and self.possible(stated) and self.most < SURE:
            return None
        if best not in known_to_second() and not self.agreed(best):
            return best if self.most >= ONLY_FIRST else None
        if self.most >= NEARLY_SECOND[0] and share(self.second, best) >= NEARLY_SECOND[1]:
            return best
        agreed = [(code, first) for code, first in self.likely.items() if self.agreed(code)]
        match agreed:
            case [(_, first), (_, next_to_it), *_] if first < AHEAD * next_to_it:
                return None  # two that eld can't tell apart, such as Malay and Indonesian
            case [(code, first), *_] if code == best or first >= PLAUSIBLE:
                return code
        return None

    def confidence(self, code: str) -> float:
        """fastText's probability; where both agree, half of its doubt is gone."""
        first = self.likely[code]
        return (1 + first) / 2 if self.agreed(code) else first


_NEAR_ALPHABETS = re.compile(r"[a-z\u00c0-\u024f\u0400-\u04ff]", re.IGNORECASE)
"""Latin and Cyrillic, which many near languages share; in other scripts fastText alone hardly errs."""


def _heard(text: str, letters: str) -> _Heard:
    if len(letters) < MIN_LETTERS:
        return _Heard({})
    lower = text.lower()
    if len(letters) >= SHORT or not _NEAR_ALPHABETS.search(letters):
        return _Heard(guesses(lower if text.isupper() else text))
    # Headlines capitalise names or every word: how much that sways fastText, the lower case shows.
    one, other = guesses(lower if text.isupper() else text), guesses(lower)
    mean = {code: (one.get(code, 0.0) + other.get(code, 0.0)) / 2 for code in one | other}
    return _Heard(ranked(mean), second_opinion(lower))


def _by_script(letters: str) -> str | None:
    if not letters or letters.isascii():
        return None
    for code, form in _SCRIPT_PATTERNS:
        # A third is enough: names of other scripts stand in such texts, hardly ever the reverse.
        if len(form.findall(letters)) * 3 >= len(letters):
            return "ja" if code == "zh" and _KANA.search(letters) else code
    return None


_KANA = re.compile(f"[{SCRIPTS['ja']}]")


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

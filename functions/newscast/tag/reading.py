"""A text → its words, and what stands between them: capitals, sentence starts, lines that are headlines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from newscast.gazetteer.tokens import tokenize
from newscast.tag.lexicon import Lexicon

SENTENCE_ENDS = frozenset('.!?…:\n"“”‘«»•*|—–。！？')
DOUBLE_QUOTES = frozenset('"“”«»')
LINE_END = re.compile(r"\n+")
EMPTY_CELL = "NaN"
"""What tables write for nothing; no name."""
CASELESS_WORDS = 12
"""A shorter text in lower case may be a search phrase."""
HEADLINE_SHARE = 0.6
"""Share of capital words from which a line without a full stop is taken for a headline in title case."""
HEADLINE_PLAIN = 2
HEADLINE_COMMAS = 2
"""A line that has more longer words in lower case, and more commas, is a sentence with a list of names."""
HEADLINE_WORDS = 4
"""A shorter line may be a name alone."""
HEADLINE_LONGEST = 30


class Reading:
    """One text, cut into words. Words are counted from 0; spans are half-open, in words or code points."""

    __slots__ = (
        "_titled",
        "bent",
        "caps",
        "caseless",
        "count",
        "ends",
        "gaps",
        "keys",
        "language",
        "lex",
        "quotes",
        "shouted",
        "starts",
        "text",
        "words",
    )

    def __init__(self, text: str, lex: Lexicon, language: str = "", shouted: int = 0) -> None:
        self.text = text
        self.shouted = shouted
        """Code points at the start that are a title in capitals, of which case tells nothing."""
        self.language = language.split("-", maxsplit=1)[0].lower()
        self.lex = lex
        self.keys, self.starts, self.ends, self.words, self.gaps = tokenize(text)
        self.bent = False
        """Whether keys are no longer the words' own (`inflections`)."""
        self.count = len(self.words)
        self.caps = [word[0].isupper() and word != EMPTY_CELL for word in self.words]
        self.caseless = self.count >= CASELESS_WORDS and not any(self.caps) and text.islower()
        """Old wires and transcripts: all in lower case, so that case tells nothing."""
        self.quotes = any(mark in text for mark in DOUBLE_QUOTES)
        """Whether the text has quotation marks that titles stand in."""
        self._titled: set[int] | None = None

    def after(self, at: int) -> str:
        """What stands after the word before `at`, up to `at`; the rest of the text past the last word."""
        return self.gaps[at]

    def surface(self, i: int, j: int) -> str:
        """The text from word i up to word j."""
        return self.text[self.starts[i] : self.ends[j - 1]]

    def key(self, i: int, j: int) -> str:
        return self.keys[i] if j == i + 1 else " ".join(self.keys[i:j])

    def opens(self, at: int) -> bool:
        """Whether a sentence, a quotation or a line starts with this word."""
        if at == 0:
            return True
        gap = self.gaps[at]
        if gap in (" ", "-", "'", "’"):
            # "U.S. He": the full stop of an abbreviation hides the end of a sentence.
            return self.words[at - 1][-1] == "." and self.keys[at] in self.lex.function_words
        if gap == ". ":
            before = self.words[at - 1]
            return not (self.keys[at - 1] in self.lex.cues["abbreviations"] and before[0].isupper()) and not (
                len(before) == 1 and before.isupper()
            )
        return not SENTENCE_ENDS.isdisjoint(gap)

    def possessive(self, at: int) -> bool:
        """Whether a possessive ending stands after the word before `at` ("Iraq's", "the Greens'")."""
        if at >= self.count:
            return self.after(at)[:1] in ("'", "’") and self.count > 0
        gap = self.gaps[at]
        mark = gap.lstrip(" ")[:1]
        return mark in ("'", "’") and (self.words[at] in ("s", "S") or gap[1:2] == " ")

    def past_possessive(self, at: int) -> int:
        """The word after a possessive ending at `at`, else `at` itself."""
        if self.possessive(at):
            return at + 1 if at < self.count and self.words[at] in ("s", "S") else at
        return at

    def headline(self, at: int) -> bool:
        """Whether a word stands in a line in title case or capitals, which tells nothing of names."""
        return at in (self._titled or self.headlines())

    def headlines(self) -> set[int]:
        """All such words."""
        if self._titled is None:
            self._titled = self._headlines()
        return self._titled

    def _headlines(self) -> set[int]:
        found = set(range(bisect_right(self.ends, self.shouted)))
        lines = sorted({bisect_left(self.starts, end.start()) for end in LINE_END.finditer(self.text)})
        breaks = [at for at in lines if 0 < at < self.count]
        for first, end in zip([0, *breaks], [*breaks, self.count], strict=True):
            if end - first < HEADLINE_WORDS and self._heading(first, end):
                found.update(range(first, end))
            if HEADLINE_WORDS <= end - first <= HEADLINE_LONGEST and self._titlecase(first, end):
                found.update(range(first, end))
        return found

    def _heading(self, i: int, j: int) -> bool:
        """Whether a line of a few words is all in capitals and no sentence: "TOP STORIES"."""
        alone = i > 0 and "\n" in self.gaps[i]
        return alone and j - i > 1 and self.surface(i, j).isupper()

    def _titlecase(self, i: int, j: int) -> bool:
        ending = self.after(j).split("\n", 1)[0]
        if "." in ending:
            return False
        telling = [at for at in range(i, j) if self.words[at].isalpha() and len(self.words[at]) > 3]
        capital = sum(self.caps[at] for at in telling)
        common = sum(self.caps[at] and self.keys[at] in self.lex.common for at in telling)
        plain = sum(not self.caps[at] and self.keys[at] not in self.lex.function_words for at in telling)
        if plain > HEADLINE_PLAIN and sum("," in gap for gap in self.gaps[i + 1 : j]) > HEADLINE_COMMAS:
            return False
        return len(telling) >= 3 and capital >= HEADLINE_SHARE * len(telling) and common >= 2

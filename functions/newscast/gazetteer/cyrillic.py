"""Names of people whose states write Cyrillic → what their Latin and their Cyrillic spelling have in common.

"Шавкат Мирзиёев" and "Shavkat Mirziyoyev" are both "svkt mrzv" here: consonants alone, since vowels, soft
signs and their Latin spellings vary with the language and the newspaper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newscast.gazetteer.model import Actor, Alias
from newscast.gazetteer.tokens import key_of

COUNTRIES = frozenset(
    (
        "RUS",
        "UKR",
        "BLR",
        "KAZ",
        "KGZ",
        "TJK",
        "UZB",
        "TKM",
        "ARM",
        "AZE",
        "GEO",
        "MDA",
        "BGR",
        "SRB",
        "MKD",
        "MNE",
    )
)
LANGUAGES = "be bg kk ky mk ru sr tg uk"
MARK = "ҁ"
"""Begins each word of such a key, so that it is no word of a text."""
LETTERS = str.maketrans(
    {
        "б": "b",
        "в": "v",
        "г": "g",
        "ґ": "g",
        "д": "d",
        "ж": "z",
        "з": "z",
        "к": "k",
        "л": "l",
        "м": "m",
        "н": "n",
    }
    | {
        "п": "p",
        "р": "r",
        "с": "s",
        "т": "t",
        "ф": "f",
        "х": "g",
        "ц": "ts",
        "ч": "c",
        "ш": "s",
        "щ": "s",
        "ђ": "d",
    }
    | {"ј": "", "љ": "l", "њ": "n", "ћ": "c", "џ": "z", "қ": "k", "ғ": "g", "ң": "n", "һ": "g", "ў": ""}
)
LATIN = (
    ("shch", "s"),
    ("dzh", "z"),
    ("kh", "g"),
    ("zh", "z"),
    ("sh", "s"),
    ("ch", "c"),
    ("ck", "k"),
    ("ph", "f"),
    ("x", "ks"),
    ("q", "k"),
    ("w", "v"),
    ("h", "g"),
    ("j", "z"),
)
SHORTEST = 5
"""Letters of a name that is only this person's."""


def skeleton(word: str) -> str:
    """What a word by key is in both alphabets; a vowel counts only where a word begins with it."""
    letters = word.replace("дж", "z").translate(LETTERS)
    if letters.isascii():
        for latin, ours in LATIN:
            letters = letters.replace(latin, ours)
    kept = ""
    for letter in letters:
        if letter in CONSONANTS and letter != kept[-1:]:
            kept += letter
    return ("" if letters[:1] in CONSONANTS else "a") + kept


CONSONANTS = frozenset("bcdfgklmnprstvz")


def key(words: Iterable[str]) -> str:
    """The key of a name of two words or more, each by key; empty if it says too little."""
    bones = [skeleton(word) for word in words]
    if len(bones) < 2 or sum(map(len, bones)) < SHORTEST or min(map(len, bones)) < 2:
        return ""
    return " ".join(MARK + bone for bone in bones)


def spelt(actors: Iterable[Actor]) -> Iterator[Alias]:
    """Each such person's name as a key of this kind."""
    for one in actors:
        if one.kind == "person" and one.country in COUNTRIES and (text := key(key_of(one.name).split(" "))):
            yield Alias(actor=one.id, text=text, case="any", language=LANGUAGES, row=one.row)

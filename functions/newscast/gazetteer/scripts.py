"""Names of people whose states write Cyrillic or Arabic → what those spellings share with the Latin one.

"Шавкат Мирзиёев" and "Shavkat Mirziyoyev" are both "svkt mrzv" here: consonants alone, since vowels, soft
signs and their Latin spellings vary with the language and the newspaper. So are "حيدر العبادي" and "Haider
al-Abadi" both "hdr bd", without the article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from newscast.gazetteer.model import Actor, Alias
from newscast.gazetteer.tokens import key_of


class Script(Struct, frozen=True):
    """An alphabet: who is written in it, and its letters and the Latin ones as one set of consonants."""

    countries: frozenset[str]
    languages: str
    mark: str
    """Begins each word of such a key, so that it is no word of a text."""
    first: str
    last: str
    letters: dict[int, str]
    latin: tuple[tuple[str, str], ...]
    whole: dict[str, str]
    """Words that are something else, or nothing."""
    shortest: int
    """Letters of a name that is only this person's."""


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((pair[:-1], pair[-1].replace("-", "")) for pair in text.split())


_CYRILLIC = "RUS UKR BLR KAZ KGZ TJK UZB TKM ARM AZE GEO MDA BGR SRB MKD MNE"
_ARABIC = "IRQ SYR EGY SDN LBN JOR PSE SAU ARE QAT KWT BHR OMN YEM LBY TUN DZA MAR MRT SOM DJI IRN AFG"
"""States whose people newspapers write so."""
CYRILLIC = Script(
    frozenset(_CYRILLIC.split()),
    "be bg kk ky mk ru sr tg uk",
    "ҁ",
    "\u0400",
    "\u04ff",
    str.maketrans(
        dict(_pairs("бb вv гg ґg дd жz зz кk лl мm нn пp рr сs тt фf хg чc шs щs ђd љl њn ћc џz қk ғg ңn һg"))
        | {"ц": "ts"}
    ),
    (("x", "ks"), *_pairs("shchs dzhz khg zhz shs chc ckk phf qk wv hg jz")),
    {},
    5,
)
ARABIC = Script(
    frozenset(_ARABIC.split()),
    "ar fa",
    "ݐ",
    "\u0600",
    "\u06ff",
    str.maketrans(
        dict(_pairs("بb تt ثt جg حh خk دd ذd رr زd سs شs صs ضd طt ظd غg فf قk كk گg لl مm نn هh پb چs ژd"))
    ),
    _pairs("khk ghg shs tht dhd chs ckk phf jg qk cs pb vf zd"),
    dict.fromkeys(("al", "el", "as", "ash", "ad", "an", "ar", "at", "az", "ال"), "")
    | dict.fromkeys(("abdul", "abdel", "abdal", "abd"), "abd")
    | dict.fromkeys(("ben", "bin", "ibn"), "bn"),
    6,
)
SCRIPTS = (CYRILLIC, ARABIC)
CONSONANTS = frozenset("bcdfghklmnprstvz")
ARTICLE = "ال"


def skeleton(word: str, script: Script) -> str:
    """What a word by key is in both alphabets; a vowel counts only where a Cyrillic word begins with it."""
    word = script.whole.get(word, word)
    if script is ARABIC:
        word = word.removeprefix(ARTICLE) if len(word) > len(ARTICLE) + 1 else word
        word = word.removesuffix("h").removesuffix("ه").removesuffix("ة")
    letters = word.replace("дж", "z").translate(script.letters)
    if word.isascii():
        for latin, ours in script.latin:
            letters = letters.replace(latin, ours)
    kept = ""
    for letter in letters:
        if letter in CONSONANTS and letter != kept[-1:]:
            kept += letter
    vowel = script is CYRILLIC and letters[:1] not in CONSONANTS
    return ("a" if vowel else "") + kept


def key(words: Iterable[str], script: Script) -> str:
    """The key of a name of two words or more, each by key; empty if it says too little."""
    bones = [bone for word in words if (bone := skeleton(word, script))]
    if len(bones) < 2 or sum(map(len, bones)) < script.shortest:
        return ""
    return " ".join(script.mark + bone for bone in bones)


def script_of(letter: str) -> Script | None:
    """The alphabet that a letter is of."""
    return next((one for one in SCRIPTS if one.first <= letter <= one.last), None)


def spelt(actors: Iterable[Actor]) -> Iterator[Alias]:
    """Each such person's name as a key of this kind."""
    for one in actors:
        for script in SCRIPTS if one.kind == "person" else ():
            if one.country in script.countries and (text := key(key_of(one.name).split(" "), script)):
                yield Alias(actor=one.id, text=text, case="any", language=script.languages, row=one.row)

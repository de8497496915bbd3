"""Plain texts that could make a rule look at the same words again and again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

from newscast.gazetteer import packaged
from tests.fuzz.shape import Make, Shape, cycled, numbered, repeated, unique

SCRIPTS = {
    # language: (a word of its script, vowels and consonants that make words of it)
    "en": ("word", "aeiou", "bdfgklmnprstvz"),
    "ru": ("слово", "аеиоу", "бвгдклмнпрст"),
    "el": ("λέξη", "αεηιου", "βγδκλμνπρστ"),
    "ar": ("كلمة", "اوي", "بتثجحدرسشعفقكلمن"),
    "he": ("מילה", "אוי", "בגדזחטכלמנסעפצקר"),
    "hi": ("शब्द", "ाेिोु", "कगचजतदनपबमरलसह"),
    "th": ("คำ", "ะาเแโ", "กขคงจชดตนบปมยรลส"),
    "zh": ("词语", "的一是不了", "国部长总统外交俄美中日"),
    "ja": ("カタカナ", "アイウエオ", "カサタナハマヤラワ"),
    "ko": ("단어", "가나다라마", "바사아자차카타파하"),
    "ka": ("სიტყვა", "აეიოუ", "ბგდვზთკლმნპრს"),
    "am": ("ቃል", "አኡኢኣኤ", "ለመረሰቀበተነከወ"),
}

ONE_WORD = {
    "one lower-case word": "a",
    "one capital word": "A",
    "one word of digits": "1",
    "one word in turns": "aA",
    "one acronym": "A.",
    "one acronym with ampersands": "A&",
    "ß, which grows when folded": "ß",
    "İ, which grows when folded": "İ",
    "ﷺ, which is eighteen letters": "ﷺ",
    "ﬃ, which is three letters": "ﬃ",
    "ΐ, three code points folded": "ΐ",
    "combining marks of one class": "\u0301",
    "combining marks of two classes, in the wrong order": "\u0301\u0327",
    "Hebrew points in the wrong order": "\u05b0\u05c1\u05bc",
    "combining marks after a letter each": "e\u0301",
    "Hangul letters that compose": "\u1112\u1161\u11ab",
    "zero-width spaces": "\u200b",
    "zero-width joiners": "\u200d",
    "emoji joined": "👩\u200d",
    "flags": "🇺🇦",
    "skin tones": "👍🏽",
    "right-to-left marks": "\u200f",
    "direction overrides": "\u202e",
    "tags": "\U000e0061",
    "halves of characters": "\ud83d",
    "Zalgo": "a" + "\u0323\u0301" * 20,
    "soft hyphens": "a\u00ad",
    "variation selectors": "☃\ufe0f",
    "kashidas": "ـ",
    "letters of mathematics": "𝒜",
}
PIECES = {
    "spaces": " ",
    "lines": "\n",
    "tabs": "\t",
    "no-break spaces": "\u00a0",
    "line separators": "\u2028",
    "line separators after stops": ".\u2028",
    "carriage returns": "\r",
    "one-letter paragraphs": "a\n\n",
    "full stops": ". ",
    "dots alone": ".",
    "three dots apart": "… ",
    "commas": ", ",
    "hyphens": "-",
    "dashes": " — ",
    "slashes": "A/",
    "lower-case slashes": "a/",
    "brackets opened": "(",
    "brackets in brackets": "(A",
    "closed brackets": "(A) ",
    "quotation marks": '"',
    "quotation marks opened": "“Aa ",
    "works in quotation marks": "“Savanna Nights” ",
    "apostrophes": "'s ",
    "nested apostrophes": "O'",
    "initials": "A. ",
    "initials glued": "A.B. ",
    "initials before a name": "J. K. Smith, ",
    "hyphenated capitals": "Aa-",
    "hyphenated name": "Akufo-Addo ",
    "particles": "al-",
    "particles apart": "van der ",
    "of the": "of the ",
    "of": "Bank of ",
    "and": "Aa and ",
    "and alone": "and ",
    "the": "the ",
    "capitals": "Aa ",
    "capitals in camel case": "YouTube ",
    "capitals, all": "AAA ",
    "one capital": "I ",
    "title case": "The President Says The Army Will Leave The City\n",
    "heads": "Ministry ",
    "heads with of": "Ministry of Party of ",
    "headings": "TOP NEWS\n",
    "a sentence without an end": "the man went to the town where the woman saw him and ",
    "numbers": "12 ",
    "years": "2004 ",
    "dated events": "2004 European Parliament election in Italy ",
    "events in capital places": "2004 Election in Aa Bb Cc ",
    "money": "US$",
    "modifiers": "former ",
    "modifiers of a role": "former deputy acting minister ",
    "modifiers in capitals": "Former ",
    "modifiers hyphenated": "ex-",
    "roles": "minister ",
    "roles in capitals": "President ",
    "roles with of": "Minister of ",
    "the role": "the minister said ",
    "the role of the role": "the minister of the ",
    "forms of address": "Mr. ",
    "forms of address and a word": "Mr. Aa ",
    "role before a name": "President Vladimir Putin ",
    "role before a surname": "President Putin ",
    "role after a name": "Lloyd Austin, the defence secretary, ",
    "role after a name, whose": "Lloyd Austin, a spokesperson for the Pentagon, ",
    "one known name": "Putin ",
    "one known name, in full": "Vladimir Putin ",
    "known names and": "Putin and Biden and ",
    "known names, by commas": "Putin, Biden, ",
    "possessives of one": "Iraq's ",
    "possessives without s": "Greens' ",
    "possessives in a chain": "Iraq's president's ",
    "country and": "Russia and ",
    "country and country verb": "Tokyo and Seoul agreed and ",
    "demonyms with and": "Russian and ",
    "demonyms with or": "Russian or ",
    "demonyms with commas": "Russian, ",
    "demonyms hyphenated": "Russian-",
    "demonyms spoken": "speaks Russian and French and ",
    "demonyms": "Russian ",
    "demonyms that are nouns": "Finn ",
    "many of a country": "millions of Americans ",
    "combining forms": "Sino-",
    "combining forms and a country": "Sino-Russian ",
    "peoples": "Kurds ",
    "peoples' adjectives": "Kurdish food ",
    "peoples' adjectives and": "Kurdish and ",
    "peoples after a hyphen": "anti-Muslim ",
    "peoples hyphenated": "Kurdish-",
    "peoples in capitals": "Many Kurdish Towns ",
    "peoples and agents": "Kurdish fighters ",
    "country and body": "Russian Foreign Ministry ",
    "body of a country": "Ministry of Defence of Russia ",
    "bodies without a country": "France. The Foreign Ministry said. ",
    "bodies without a country, lower": "French and the foreign ministry ",
    "the ministry": "the ministry ",
    "the Senate": "the Senate ",
    "the Senate and more": "the Senate Committee on Energy ",
    "a state's Senate": "The Texas Senate. Senate said. ",
    "seats of power": "Brussels said ",
    "seats of power and": "Moscow and ",
    "seats of power in places": "in Moscow ",
    "agents": "police ",
    "agents of a country": "Russian troops ",
    "names that need evidence": "Georgia ",
    "names that need evidence, in full": "Jordan, Georgia, Chad and ",
    "names of two persons": "Lloyd Austin met John Austin. Austin said ",
    "acronym defined": "Italian Democratic Socialists (SDI) ",
    "acronym in brackets": "(AP) ",
    "acronym of several": "RSF ",
    "acronyms with slashes": "AFP/AP/",
    "agencies signed": "SYDNEY, Jan 29 AAP - ",
    "datelines": "MOSCOW, July 12 (Reuters) - ",
    "datelines in paragraphs": "MOSCOW, July 12 (Reuters) - \n\n",
    "datelines never finished": "MOSCOW, ",
    "quoted speech": "“Yes,” said the minister. ",
    "according to": "according to ",
    "between and": "between Aa and Bb and ",
    "apposition": "Austin, the, ",
    "ages": "Austin, 44, ",
    "who": "Austin, who ",
    "scores": "2-1 ",
    "scores of countries": "Germany 2-1 Italy ",
    "sport": "Germany beat Italy in the match, goal by the striker of the league coach. ",
    "sport with and": "England and Tonga goal match league striker coach ",
    "desks": "Reporting by ",
    "desks and names": "Reporting by Anna Moss ",
    "desks in paragraphs": "Reporting by Anna Moss\n\n",
    "photographers": "AP Photo/Anna Moss ",
    "sports staff": "Burnley manager Sean Dyche ",
    "towns and states": "Birmingham, Alabama, ",
    "counties": "Orange and Los Angeles counties and ",
    "invitations": "Read more. ",
    "invitations in paragraphs": "Read more\n\n",
    "cut teasers": "[…] ",
    "sharing buttons": "facebook twitter ",
    "spread notes": "the post the post ",
    "copyrights": "all rights reserved ",
    "addresses": "https://example.org/ ",
    "addresses of mail": "a@a.",
    "hash tags": "#a",
    "escaped markup": "&lt;p&gt;",
    "ampersands escaped again": "&amp;amp;amp;",
    "ampersands": "&",
    "angle brackets": "<",
    "angle brackets closed": ">",
    "less-than and letters": "<a ",
    "Arabic and Latin": "كلمة word ",
    "letters of two scripts": "Аa",
    "a nickname": "Robert “Bob” Menendez ",
    "D-N.Y.": "Sen. Anna Moss, D-N.Y., ",
    "the campaign for": "Campaign for ",
    "fields of institutes": "Institute of Statistical, Social and Economic ",
    "school of one": "University of Texas at ",
}
UNIQUE = {
    "capitals that come once": "{u} ",
    "capitals that come once, by commas": "{u}, ",
    "capitals that come once, by and": "{u} and ",
    "capitals that come once, by slashes": "{u}/",
    "capitals that come once, by hyphens": "{u}-",
    "capitals that come once, by full stops": "{u}. ",
    "capitals that come once, a line each": "{u}\n\n",
    "lower-case words that come once": "{l} ",
    "one surname of many": "{u} Putin\n\n",
    "one surname of many, then alone": "{u} Putin said. Putin said. ",
    "one unknown surname of many": "{u} Moss. Moss said. ",
    "one first name of many": "Anna {u}, Anna, ",
    "many full names": "Anna {u} and John {u} ",
    "many full names, then surnames": "Anna {u} said. ",
    "full names with initials": "Anna {u}. {u} Moss. ",
    "hyphenated surnames": "Anna {u}-Addo said. ",
    "roles before names": "President {u} {u}, ",
    "roles after names": "{u} {u}, the minister of {u}, ",
    "roles of roles": "former {l} minister {u} ",
    "companies": "{u} Group Ltd. {u} shares fell. ",
    "companies spelt out": "{u} {u} Party ({a}) ",
    "acronyms that come once": "{a} ",
    "acronyms in brackets": "({a}) ",
    "works": "the film “{u} {u}” ",
    "ministers of": "Minister of {u} ",
    "places that come once": "in {u}, Ohio, ",
    "photographers that come once": "AP Photo/{u} {u} ",
    "desks that come once": "Reporting by {u} {u}; ",
    "numbers that come once": "{n} ",
    "years with names": "in 19{n} {u} ",
    "country and unknown body": "Russian {u} Party ",
    "title case that comes once": "{u} {u} Says Big {u} Is {u}\n",
    "brackets with words": "{u} ({l} {l}) ",
    "paragraphs that come once": "{u} {l} {l}.\n\n",
    "quotations": "“{u} {l},” said {u} {u}. ",
}
FOREIGN = {
    "fr": (
        "Russes et ", "la volonté de Paris et de Londres et ", "Paris et ", "ministre ", "ancien ",
        "le ministre français des Affaires étrangères ", "ministre de la ministre de la ",
        "Emmanuel Macron. Macron a dit. ", "le ministère de la Défense ", "français, ", "Le Drian ",
        "franco-", "selon ", "le président {u} {u} ", "l'", "a déclaré {u} {u} ",
    ),
    "de": (
        "das Verteidigungsministerium ", "Außenminister ", "ehemaliger ", "Außenminister {u} ",
        "russisch-", "der Bundeskanzler Olaf Scholz, Scholz ", "deutsche und ", "Lawrow ", "{u} {u} ",
    ),
    "es": (
        "el ministro ruso de Defensa ", "ministro de ", "los kurdos ", "ex ", "el presidente {u} {u} ",
        "Pedro Sánchez y Sánchez ", "el Ministerio de Defensa ", "rusos y ",
    ),
    "ru": (
        "министр обороны ", "бывший ", "МИД ", "Министерство обороны ", "Владимир Путин. Путина. ",
        "Путин и ", "действия Москвы и Вашингтона и ", "Сергеем Ивановыми ", "{u}ами ", "{u}ому {u}ему ",
        "президент {u} {u} ", "российский и ", "Объединённых ", "{u} ",
    ),
    "uk": ("міністр оборони ", "Володимира Зеленського ", "Міністерство оборони ", "{u}ами "),
    "pl": ("minister obrony ", "Polskie ", "Ministerstwo Obrony ", "Władimira Putina ", "były ", "{u}owi "),
    "tr": ("Savunma Bakanı ", "Türkiye'nin ", "eski ", "{u}'nin "),
    "it": ("il ministro degli Esteri ", "ex ", "Ministero della Difesa ", "Roma e "),
    "pt": ("o ministro da Defesa ", "ex ", "Ministério da Defesa ", "Lisboa e "),
    "nl": ("de minister van Defensie ", "voormalig ", "het ministerie van Defensie ", "Moskou en "),
    "ar": ("وزير الدفاع ", "وزارة الدفاع ", "بوتين و", "في موسكو و", "الرئيس السابق ", "و", "{u} "),
    "zh": ("国防部", "国防部长", "俄罗斯总统普京", "前", "美国和", "外交部说"),
    "ko": ("대통령 ", "국방부 ", "러시아와 "),
    "ja": ("ロシア大統領", "外務省", "カタカナ・"),
    "hi": ("मंत्री ", "रूस और "),
    "he": ("שר הביטחון ", "וב", "צה״ל "),
}


def shapes() -> list[Shape]:
    """All of them."""
    made = [Shape(name, "text", repeated(piece)) for name, piece in ONE_WORD.items()]
    made += [Shape(name, "text", repeated(piece)) for name, piece in PIECES.items()]
    made += [Shape(name, "text", numbered(piece)) for name, piece in UNIQUE.items()]
    for language, (word, vowels, consonants) in SCRIPTS.items():
        made += [
            Shape(f"{language}: one word", "text", repeated(word), language),
            Shape(f"{language}: a word and spaces", "text", repeated(f"{word} "), language),
            Shape(f"{language}: words that come once", "text", _words(vowels, consonants), language),
        ]
    for language, pieces in FOREIGN.items():
        _, vowels, consonants = SCRIPTS.get("ru" if language == "uk" else language, SCRIPTS["en"])
        made += [
            Shape(
                f"{language}: {piece.strip()}",
                "text",
                numbered(piece, (vowels, consonants)) if "{" in piece else repeated(piece),
                language,
            )
            for piece in pieces
        ]
    made += [
        Shape("all persons that are known", "text", _of("person", ", ")),
        Shape("all persons that are known, then roles", "text", _of("person", ". ", "the president said. ")),
        Shape("all persons that are known, then a surname", "text", _of("person", ". ", "Bush said. ")),
        Shape("all countries", "text", _of("country", " and ")),
        Shape("all countries, then the ministry", "text", _of("country", ". ", "The Foreign Ministry said. ")),
        Shape("all organisations", "text", _of("organisation", ", ")),
        Shape("all organisations with acronyms", "text", _of("organisation", " (AP) ")),
        Shape("all bodies, then the ministry", "text", _of("body", ". ", "the ministry said. ")),
        Shape("all groups", "text", _of("group", " and ")),
        Shape("one surname of all, then alone", "text", _surnamed),
    ]
    return made


def _words(vowels: str, consonants: str) -> Make:
    def make(size: int) -> str:
        return " ".join(islice(unique(vowels, consonants), size // 7))

    return make


@cache
def _names(kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in packaged.load().actors() if one.kind == kind))


def _of(kind: str, between: str, tail: str = "") -> Make:
    """Every actor of a kind, and then something that may mean each of them."""
    return lambda size: cycled(_names(kind), between, tail)(size)


def _surnamed(size: int) -> str:
    """Half of the text is persons of one surname, half of it that surname."""
    first: Iterator[str] = (word.capitalize() for word in unique())
    persons = [f"{next(first)} Moss" for _ in range(size // 24)]
    return ". ".join(persons) + ". " + "Moss said. " * (size // 22)

"""Pages that are no article, or only its beginning: error pages, robot checks, cookie walls, paywalls."""

from __future__ import annotations

import re

from newscast.normalise.metadata import Metadata

SHORT = 120
"""Words; a longer text is an article, whatever stands around it."""
STUB = 30
"""Words; with fewer, all that the page shows is looked at, not only its heading and main text."""

NO_TEXT = "no article text"
ERROR_PAGE = "an error page"
ROBOT_CHECK = "a robot check"
COOKIE_WALL = "a cookie wall"
PAYWALL = "a paywall: only the beginning is there"
WORDS = {
    NO_TEXT: "no_text",
    ERROR_PAGE: "error_page",
    ROBOT_CHECK: "robot_check",
    COOKIE_WALL: "cookie_wall",
    PAYWALL: "paywall",
}
"""Each as a word that is counted."""
NO_ARTICLE = frozenset({NO_TEXT, ERROR_PAGE, ROBOT_CHECK, COOKIE_WALL})
"""Problems with which nothing of the page is kept."""

SIGNS = (
    # What such pages say, in the order in which they are asked for.
    (
        ROBOT_CHECK,
        "just a moment | attention required | are you (?:a )?(?:human|robot) | you are (?:a )?human"
        " | not a robot | checking your browser | enable javascript and cookies | unusual traffic | captcha"
        " | pardon our interruption | press (?:&|and) hold | ddos protection | incapsula",
    ),
    (
        ERROR_PAGE,
        r"\b(?:404|403|410|500|502|503)\b(?:\W+\w+){0,2}"
        r"\W+(?:error|not found|forbidden|gone|unavailable|gateway)"
        r" | (?:error|fehler|ошибка|erreur)\W+(?:404|403|410|5\d\d)\b"
        r" | page not found | ^not found$ | ^forbidden$"
        r" | page (?:you .{0,40})?(?:can(?:no|['’])t be|could not be|was not) found | access denied"
        r" | (?:page|article|content) (?:does not|doesn['’]t|no longer) exists? | is no longer available"
        r" | seite (?:wurde )?nicht gefunden | страница не найдена | page introuvable | página no encontrada"
        r" | pagina non trovata | sayfa bulunamadı | service (?:temporarily )?unavailable | bad gateway"
        r" | internal server error | (?:under|down for) maintenance"
        r" | not available in your (?:country|region)"
        r" | unavailable for legal reasons",
    ),
    (
        COOKIE_WALL,
        r"we (?:and our (?:\d+ )?partners )?(?:use|value|care about) (?:your )?(?:cookies|privacy)"
        r" | before you continue | accept (?:all )?cookies | consent to (?:the use of )?cookies"
        r" | cookie (?:settings|preferences|consent) | manage (?:your )?(?:consent|cookies|preferences)"
        r" | store and/or access information on a device | cookies akzeptieren | mit werbung (?:lesen|nutzen)"
        r" | accepter (?:les )?cookies | aceptar (?:las )?cookies | accetta (?:i )?cookie",
    ),
    (
        PAYWALL,
        r"subscribe (?:now )?to (?:continue|read|keep) | subscribers? only | already a subscriber"
        r" | to (?:continue|keep) reading | (?:log|sign) in to (?:continue|read) | reserved for subscribers"
        r" | (?:for|available to) subscribers | become a (?:member|subscriber) | start your (?:free )?trial"
        r" | unlock (?:this|the) (?:article|story) | premium (?:content|article) | reached your .{0,30}limit"
        r" | jetzt (?:weiterlesen|abonnieren) | nur für abonnenten | réservé aux abonnés"
        r" | solo para suscriptores | riservato agli abbonati | только для подписчиков"
        r" | apenas para assinantes",
    ),
)
_SIGNS = [
    (problem, re.compile("|".join(map(str.strip, phrases.split(" | "))), re.IGNORECASE | re.MULTILINE))
    for problem, phrases in SIGNS
]


_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Signs of scripts that don't part their words: Chinese, Japanese, Thai, Lao, Burmese, Khmer."""
SIGNS_A_WORD = 3
"""Of these signs; Chinese and Japanese words have one to three, Thai ones four."""


def word_count(text: str) -> int:
    """About how many words a text has, in any script."""
    return len(text.split()) + len(_UNPARTED.findall(text)) // SIGNS_A_WORD


def problem(about: Metadata, text: str, visible: str) -> str | None:
    """Why a page is no whole article, or null. `visible` is all that it shows, where its text is short."""
    count = word_count(text)
    if count < SHORT:
        said = f"{about.title or ''}\n{about.page_title or ''}\n{text}"
        for kind, words in _SIGNS:
            # A banner beside an article says nothing: all of the page counts only where there is no text.
            if words.search(said) or (count < STUB and words.search(visible)):
                return kind
        if about.free is False:
            return PAYWALL
    return None if text else NO_TEXT

"""What stands between a publisher's paragraphs and is no part of the article: invitations, buttons, notes.

A paragraph goes if all of it is furniture; an invitation glued to a paragraph's end goes alone. A wire's
closing credit ("(Reporting by …; Editing by …)") is taken off and handed back, since it names the agency.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from newscast import dates

MAX_FURNITURE = 400
"""Characters; a longer paragraph is prose, whatever it begins with."""


class Furniture(NamedTuple):
    """A paragraph that begins with one of the phrases and has at most `rest` characters after it."""

    reason: str
    rest: int
    phrases: str
    """Regular expressions parted by " | "; letter case does not count."""
    prose_too: bool = False
    """Also where somebody speaks in it ("…, he said"): the opening can't be a sentence of the article."""


FURNITURE = [
    Furniture(
        "to go on reading, where the feed gave a teaser",
        80,
        "(?:click|tap|swipe) (?:here|to|for|on)\\b"
        " | read (?:more|on|full|here|this|the (?:full|rest|whole|original))\\b"
        " | (?:see|view|get|find out|learn|show|know) more\\b | (?:see|view|get) (?:the )?full\\b"
        " | continue (?:reading|to)\\b | keep reading\\b | full (?:story|article|report|coverage)\\b"
        " | more (?:here|details|info|to come)\\b | the full (?:story|article)\\b",
    ),
    Furniture(
        "the same in other languages",
        160,
        "lire (?:la suite|aussi|plus|l[’']article)\\b | à lire (?:aussi|également)\\b"
        " | leer (?:más|también)\\b | seguir leyendo\\b | lea (?:también|más)\\b | weiterlesen\\b"
        " | lesen sie (?:auch|hier|mehr)\\b | mehr (?:dazu|lesen|zum thema|erfahren)\\b | zum artikel\\b"
        " | lees (?:ook|meer|verder)\\b | leia (?:mais|também)\\b | continue lendo\\b"
        " | leggi (?:anche|tutto|di più)\\b | continua a leggere\\b | läs (?:mer|också|även)\\b"
        " | les (?:mer|også)\\b | læs (?:mere|også)\\b | lue (?:lisää|myös)\\b"
        " | czytaj (?:więcej|też|także|dalej)\\b | zobacz (?:też|także)\\b | čtěte (?:také|více)\\b"
        " | olvass tovább\\b | citește (?:mai departe|și)\\b | devamını oku | haberin devamı | baca juga\\b"
        " | baca selengkapnya | xem thêm\\b | đọc thêm\\b"
        " | читайте? (?:также|далее|полностью|ещё|еще|дальше)\\b | подробнее\\b | смотрите также\\b"
        " | по теме\\b | читайте також\\b | читати далі\\b | детальніше\\b | дивіться також\\b"
        " | اقرأ (?:المزيد|أيضا|أيضاً) | للمزيد | بیشتر بخوانید | 阅读更多"
        " | 点击查看 | 查看原文 | 続きを読む | もっと見る | 더 보기"
        " | 자세히 보기 | और पढ़ें | यह भी पढ़ें | διαβάστε (?:επίσης|περισσότερα)\\b | קרא עוד",
    ),
    Furniture(
        "other stories, whose headlines would be read as this one's text",
        250,
        "(?:also|must|now)[- ]read\\s*[:|–-] | read (?:also|next|more)\\s*: | (?:see|watch) also\\b"
        " | related\\s*: | recommended\\s*: | more (?:on this|from [\\w ]{2,40})\\s*:"
        " | trending(?: now)?\\s*: | don[’']t miss\\s*: | editors?[’']s? picks?\\s*:"
        " | in case you missed it | (?:watch|video|listen|podcast|gallery|in pictures)\\s*:",
        prose_too=True,
    ),
    Furniture(
        "headings of lists that are gone",
        0,
        "also read | related(?: (?:stories|articles|news|coverage|topics|content|posts|links))?"
        " | recommended | (?:more|top|latest) (?:stories|news|from .{2,40}) | you may also like"
        " | key (?:points|takeaways) | most (?:read|popular) | editors?[’']s? picks?"
        " | trending(?: now)? | more on this(?: story)? | watch(?: live| now)? | play video"
        " | 相关(?:新闻|阅读|报道) | 相關新聞 | 関連(?:記事|ニュース) | 관련 ?(?:기사|뉴스)"
        " | материалы по теме | похожие новости | новости по теме | الأكثر قراءة | أخبار ذات صلة",
    ),
    Furniture(
        "to follow on a network",
        200,
        "(?:please )?(?:follow|find|like|connect with|contact|join) (?:us|our|@\\w+|him|her|me|(?:\\w+"
        " ){1,4})\\b.{0,40}\\b(?:on|via|at|in) (?:our )?(?:twitter|x|facebook|instagram|telegram|whats"
        " ?app|youtube|linkedin|threads|tiktok|bluesky|mastodon|google|social media|viber|vk|signal)\\b"
        " | follow us\\b"
        " | (?:please )?join our (?:whats ?app|telegram|facebook|channel|community|newsletter)\\b"
        " | подписывайтесь\\b | подпишитесь\\b | присоединяйтесь к\\b | підписуйтесь\\b | підпишіться\\b"
        " | suivez-nous\\b | abonnez-vous\\b | síguenos\\b | suscríbete\\b | folgen sie uns\\b"
        " | abonnieren sie\\b | seguici\\b | iscriviti\\b | siga-nos\\b | inscreva-se\\b"
        " | bizi takip edin\\b | volg ons\\b | följ oss\\b | obserwuj nas\\b | ikuti kami\\b | تابعنا"
        " | تابعونا | フォロー",
    ),
    Furniture(
        "to share",
        60,
        "share (?:this|on|via|the (?:article|story)|article|story)\\b | tweet this\\b"
        " | (?:e-?mail|print|save) this\\b | copy (?:the )?link\\b | link copied\\b | like this\\s*:"
        " | like loading | send us (?:a|your)\\b | (?:do you )?have (?:a|you got a) (?:tip|story)\\b"
        " | got a (?:tip|story)\\b",
    ),
    Furniture(
        "to subscribe, download or pay",
        250,
        "(?:sign up|subscribe|register|log ?in|download|get|become|donate|try|support)\\b(?: (?:now|here"
        "|today|up|free|to|for|our|the|a|your|us|in|member|subscriber))* (?:newsletters?|daily|weekly"
        "|e?mails?|alerts?|briefing|apps?|channel|journalism|account|updates|member|breaking news|digest"
        "|podcast|morning|latest (?:news|updates|stories)|access|full access|unlimited|inbox|premium"
        "|newspaper|independent)\\b | subscribe(?: now| today| here)?$ | (?:sign|log) in$"
        " | subscribe (?:now )?to (?:continue|read|keep)\\b | to (?:continue|keep) reading,"
        " | already a subscriber\\b | start your (?:free )?trial\\b | create (?:a|your) (?:free )?account\\b",
    ),
    Furniture(
        "buttons, counters, advertisements, rulers",
        0,
        "advertisements?\\s*[-–—:|\\n].{0,60}"
        " | share | tweet | print | e-?mail | comments? | \\d+ (?:comments?|shares?|views?|likes?)"
        " | comments? \\(?\\d+\\)? | (?:no|add a|post a|leave a) (?:comments?|reply) | advertisements?"
        " | ads? | anzeige | werbung | publicité | publicidad | pubblicità | реклама | reklama | reklam"
        " | iklan | إعلان | 广告 | promoted | sponsored(?: content)?"
        " | listen(?: to (?:this|the) (?:article|story))?(?: [·|]? ?\\d+ min)?"
        " | \\d{1,2}[- ]min(?:ute)?s?(?: read)? | (?:estimated )?reading time.{0,20}",
    ),
    Furniture(
        "a row of sharing buttons",
        0,
        "(?:(?:facebook|twitter|x|whats ?app|telegram|linkedin|reddit|e-?mail|print|share|tweet|pinterest"
        "|messenger|viber|copy link|flipboard|pocket|vk|instagram|threads|bluesky|mastodon|comments?|save"
        "|bookmark|link|sms|line|more)[\\s|,·•/:]*(?:\\d+[\\s|,·•/]*)?){2,}",
    ),
    Furniture(
        "where an advertisement stood",
        60,
        "(?:story|article|text|content) continues (?:below|after)\\b | scroll to continue\\b"
        " | skip (?:to|past)\\b",
    ),
    Furniture(
        "notes about the text itself",
        250,
        "the post .{1,250} (?:appeared first|first appeared) on\\b"
        " | this (?:article|post|story) (?:was )?(?:originally|first) (?:appeared|published|posted)\\b"
        " | (?:this (?:story|report|article|news item)|except for the headline).{0,160}(?:not been edited"
        "|without (?:any )?(?:modifications?|edits?|changes)|auto-?generated|published from a|syndicated"
        " feed|agency feed|wire agency)\\b | our standards\\s*: | © | \\(c\\)\\s | copyright\\b"
        " | all rights reserved\\b | .{0,120}all rights reserved$"
        " | this material may not be published, broadcast\\b",
        prose_too=True,
    ),
    Furniture(
        "when it was put up",
        0,
        "(?:last )?(?:updated|published|posted|modified)(?: on| at)?:? (?:[\\w,:./+-]+"
        " ){0,9}(?:\\d[\\w:./+-]*|ago|[ap]\\.?m|GMT|UTC|[A-Z]{2,4}T)"
        " | \\d{2,4} ?[年년] ?\\d{1,2} ?[月월] ?\\d{1,2} ?[日일][ \\d:时時分点點]*"
        "(?:(?:来源|來源|出典)[:：].{1,20})?"
        " | (?:责任编辑|責任編輯|编辑|編輯|来源|來源|记者|記者|校对|审核)\\s*[:：].{1,20}",
    ),
    Furniture(
        "whose picture it was",
        100,
        "(?:file )?(?:photo|image|picture|photograph|illustration|foto|фото)s?(?: credit| source)?(?:"
        " by)?\\s*[:/©] | (?:getty images|shutterstock|(?:ap|afp|reuters) photo|file photo)$",
    ),
]

_SPEAKING = re.compile(
    r"\b(?:said|says?|told|warned|urged|added|announced|according to|сказал|sagte|dit|dijo)\b", re.I
)
_EDGES = " \t\n\"'“”‘’»«›‹>→➜▶►▸•·*|_-–—[](){}…#+👉📲🔴▪"


def _pattern(rows: list[Furniture]) -> re.Pattern[str]:
    forms = (f"(?:{phrase.strip()}).{{0,{row.rest}}}" for row in rows for phrase in row.phrases.split(" | "))
    return re.compile("|".join(forms), re.IGNORECASE | re.DOTALL)


_ALWAYS = _pattern([row for row in FURNITURE if row.prose_too])
_UNLESS_SPEAKING = _pattern([row for row in FURNITURE if not row.prose_too])

_TAIL = re.compile(
    r"(?:(?<=[.!?…)\]])|(?<=[.!?…][\"”’»]))\s*[\[(]?(?:read (?:more|on|full(?: story| article)?"
    r"|the full (?:story|article))|continue reading|keep reading|full story|learn more|lire la suite|leer más"
    r"|weiterlesen|mehr|leia mais|leggi (?:tutto|di più)|czytaj (?:więcej|dalej)|devamını oku|читать далее"
    r"|подробнее|阅读更多|続きを読む|더 보기|اقرأ المزيد)(?: (?:here|on|at|about|from) [^.!?\n]{0,60}| here)?"
    r"[\s.…:»›>→\])]*$",
    re.IGNORECASE,
)
"""An invitation after the last sentence of a paragraph."""
_CUT = re.compile(r"\s*(?:\[(?:…|\.{3})\]|\((?:…|\.{3})\)|\[\+\d+ chars\]|\s(?:\.{3}|…))\s*$")
"""How feeds cut a teaser: "[…]", "word ..."; the sign that remains is an ellipsis."""
_SIGN_OFF = re.compile(
    r"(?:(?<=\n\n)|^|(?<=[.!?”\"’]) ?[(\[])\s*[(\[]?"
    r"((?:additional )?(?:reporting|writing|compiled|text) by [^()\[\]]{3,400}"
    r"|(?:editing|edited) by [^()\[\]]{3,200})[)\]]?\.?$",
    re.IGNORECASE,
)


def strip(text: str) -> tuple[str, str | None]:
    """A text without furniture, and a wire's closing credit if there was one. Idempotent."""
    credit = None
    parts = [*filter(None, map(paragraph, text.split("\n\n")))]
    for _ in range(MAX_IN_A_ROW):
        text = "\n\n".join(parts)
        found = _SIGN_OFF.search(text, max(0, len(text) - 2 * MAX_FURNITURE))
        if not found:
            break
        credit = credit or found[1].strip()
        parts = text[: found.start()].rstrip().split("\n\n")
        while parts and (last := paragraph(parts[-1])) != parts[-1]:
            parts[-1:] = [last] if last else []  # what the credit stood behind is the end now
    return text, credit


MAX_IN_A_ROW = 100
"""Of invitations, and of closing credits: a bound for hostile texts; honest ones have two."""


def paragraph(text: str) -> str:
    """One paragraph without the invitations after it; empty if all of it is furniture."""
    for _ in range(MAX_IN_A_ROW):
        shorter = _without_tail(text)
        if not shorter or _is_furniture(shorter):
            return ""
        if shorter == text:
            break
        text = shorter
    return text


def _is_furniture(paragraph: str) -> bool:
    if len(paragraph) > MAX_FURNITURE:
        return False
    bare = paragraph.strip(_EDGES).rstrip(".:! ")
    if not bare or _ALWAYS.fullmatch(bare) or (bare[-1].isdigit() and dates.read(bare)):
        return True
    return _UNLESS_SPEAKING.fullmatch(bare) is not None and not _SPEAKING.search(bare)


def _without_tail(paragraph: str) -> str:
    head, end = paragraph[:-MAX_TAIL], paragraph[-MAX_TAIL:]
    return (head + _TAIL.sub("", _CUT.sub("…", end))).rstrip()


MAX_TAIL = 120
"""Characters at a paragraph's end in which an invitation is looked for."""

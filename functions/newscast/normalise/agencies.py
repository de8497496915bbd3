"""The news agencies whose credit stands in bylines and datelines, and how they are written there."""

from __future__ import annotations

import re
from collections.abc import Mapping

AGENCIES: Mapping[str, str] = {
    # Canonical name: the forms it is credited by. A form that is also a common word or name ("AP", "MAP")
    # counts only where a credit stands: alone in a byline, in brackets, or between a dateline and its dash.
    "AAP": "AAP|Australian Associated Press",
    "Adnkronos": "Adnkronos",
    "AFP": "AFP|Agence France[- ]Presse|АФП|法新社",
    "Agerpres": "Agerpres",
    "Anadolu": "AA|Anadolu|Anadolu Agency|Anadolu Ajansı",
    "ANI": "ANI|Asian News International",
    "ANP": "ANP",
    "ANSA": "ANSA",
    "Antara": "Antara",
    "AP": "AP|Associated Press|The Associated Press",
    "APA": "APA",
    "APP": "APP|Associated Press of Pakistan",
    "APS": "APS|Algérie Presse Service|Algeria Press Service",
    "Armenpress": "Armenpress",
    "ATS": "ATS|SDA|Keystone-SDA|Keystone-ATS|Keystone-SDA-ATS",
    "AZERTAC": "Azertac|AzerTAc",
    "Belga": "Belga",
    "BelTA": "BelTA|БелТА",
    "Bernama": "Bernama",
    "Bloomberg": "Bloomberg|Bloomberg News",
    "BNS": "BNS",
    "BSS": "BSS",
    "BTA": "BTA",
    "CNA": "CNA|Central News Agency",
    "CP": "CP|Canadian Press|The Canadian Press",
    "ČTK": "ČTK|CTK",
    "dpa": "dpa|DPA|Deutsche Presse-Agentur",
    "EFE": "EFE|Agencia EFE",
    "Europa Press": "Europa Press|EUROPA PRESS",
    "Fars": "Fars|Fars News Agency",
    "IANS": "IANS|Indo-Asian News Service",
    "Interfax": "Interfax|INTERFAX\\.RU|Интерфакс",
    "Interfax-Ukraine": "Interfax-Ukraine|Інтерфакс-Україна",
    "IRNA": "IRNA",
    "ISNA": "ISNA",
    "Jiji": "Jiji|Jiji Press|時事",
    "Kazinform": "Kazinform",
    "KCNA": "KCNA",
    "KUNA": "KUNA",
    "Kyodo": "Kyodo|Kyodo News|共同",
    "Lusa": "Lusa",
    "MAP": "MAP",
    "Mehr": "MNA|Mehr News Agency",
    "MENA": "MENA",
    "MTI": "MTI",
    "NTB": "NTB",
    "PA": "PA|PA Media|Press Association",
    "PAP": "PAP",
    "Petra": "Petra",
    "Prensa Latina": "Prensa Latina",
    "PTI": "PTI|Press Trust of India",
    "QNA": "QNA",
    "Reuters": "Reuters|Thomson Reuters|Рейтер|路透社|路透|رويترز",
    "RIA Novosti": "RIA Novosti|РИА Новости",
    "Ritzau": "Ritzau",
    "SANA": "SANA",
    "SPA": "SPA",
    "STT": "STT",
    "TASS": "TASS|ITAR-TASS|ТАСС",
    "Tasnim": "Tasnim|Tasnim News Agency",
    "TT": "TT",
    "Ukrinform": "Ukrinform|Укрінформ",
    "UNI": "UNI",
    "UPI": "UPI|United Press International",
    "WAFA": "WAFA",
    "WAM": "WAM",
    "Xinhua": "Xinhua|Xinhua News Agency|新华社",
    "Yonhap": "Yonhap|Yonhap News Agency|연합뉴스",
}

ANY = "(?:" + "|".join(sorted("|".join(AGENCIES.values()).split("|"), key=len, reverse=True)) + ")"
"""A pattern that matches any form, the longest first; forms hold no groups, so that they can be joined."""
_EACH = [(name, re.compile(forms, re.IGNORECASE)) for name, forms in AGENCIES.items()]


def agency(credit: str) -> str | None:
    """The agency that a credit names ("Reuters Staff", "(AFP)"), or null. The credit must name no more."""
    bare = _TRIMMINGS.sub("", credit.strip(" .,;:-–—/()[]")).strip(" .,;:-–—/()[]")
    for name, forms in _EACH:
        if forms.fullmatch(bare):
            return name
    return None


_TRIMMINGS = re.compile(
    r"^(?:by|from|with|via|source|agency|agencies|©|\(c\))[: ]+"
    r"|[ ,]+(?:staff(?: writer)?|news agency|newsroom|news(?: service)?|wire|desk|correspondent|reporters?)$",
    re.IGNORECASE,
)

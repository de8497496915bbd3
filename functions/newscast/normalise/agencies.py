"""The news agencies whose credit stands in bylines and datelines, and how they are written there."""

from __future__ import annotations

import re
from collections.abc import Mapping

AGENCIES: Mapping[str, str] = {
    # Canonical name: the forms it is credited by. A form that is also a common word or name ("AP", "MAP")
    # counts only where a credit stands: alone in a byline, in brackets, or between a dateline and its dash.
    "24.kg": "24\\.kg",
    "AAP": "AAP|Australian Associated Press",
    "ABI": "ABI",
    "Adnkronos": "Adnkronos",
    "AFP": "AFP|Agence France[- ]Presse|АФП|法新社",
    "Agerpres": "Agerpres",
    "Agência Brasil": "Agência Brasil",
    "AKIpress": "AKIpress",
    "AMNA": "AMNA|ANA-MPA|Athens-Macedonian News Agency|ΑΠΕ-ΜΠΕ",
    "Anadolu": "AA|Anadolu|Anadolu Agency|Anadolu Ajansı",
    "Andina": "Andina",
    "ANI": "ANI|Asian News International",
    "ANP": "ANP",
    "ANSA": "ANSA|ANSAmed",
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
    "BNA": "BNA|Bahrain News Agency",
    "BNS": "BNS",
    "BSS": "BSS",
    "BTA": "BTA",
    "CNA": "CNA|Central News Agency",
    "CP": "CP|Canadian Press|The Canadian Press",
    "dpa": "dpa|DPA|Deutsche Presse-Agentur",
    "EFE": "EFE|EuroEFE|Agencia EFE",
    "ELTA": "ELTA",
    "epd": "epd",
    "Europa Press": "Europa Press|EUROPA PRESS",
    "Fars": "Fars|Fars News Agency",
    "FENA": "FENA",
    "GNA": "GNA|Ghana News Agency",
    "Hina": "Hina|HINA",
    "IANS": "IANS|Indo-Asian News Service",
    "ILNA": "ILNA",
    "INA": "INA|Iraqi News Agency",
    "Interfax": "Interfax|INTERFAX\\.RU|Интерфакс",
    "Interfax-Ukraine": "Interfax-Ukraine|Інтерфакс-Україна",
    "IPS": "IPS|Inter Press Service",
    "IRNA": "IRNA",
    "ISNA": "ISNA",
    "Jiji": "Jiji|Jiji Press|時事",
    "Kabar": "Kabar",
    "Kazinform": "Kazinform",
    "KCNA": "KCNA|Korean Central News Agency|조선중앙통신",
    "KNA": "KNA|Kenya News Agency",
    "KUNA": "KUNA",
    "Kyodo": "Kyodo|Kyodo News|共同|共同通信",
    "LETA": "LETA",
    "Lusa": "Lusa",
    "MAP": "MAP",
    "Mehr": "MNA|Mehr News Agency",
    "MENA": "MENA",
    "MIA": "MIA",
    "Montsame": "Montsame|MONTSAME",
    "MTI": "MTI",
    "NAN": "NAN|News Agency of Nigeria",
    "NNA": "NNA|National News Agency",
    "NTB": "NTB",
    "ONA": "ONA|Oman News Agency",
    "PA": "PA|PA Media|Press Association",
    "PAP": "PAP",
    "Petra": "Petra",
    "PNA": "PNA|Philippine News Agency",
    "Prensa Latina": "Prensa Latina",
    "PTI": "PTI|Press Trust of India",
    "QNA": "QNA",
    "Reuters": "Reuters|Thomson Reuters|Рейтер|路透社|路透|رويترز",
    "RIA Novosti": "RIA Novosti|РИА Новости",
    "Ritzau": "Ritzau",
    "Saba": "Saba|SABA",
    "SANA": "SANA|سانا",
    "SITA": "SITA",
    "SPA": "SPA|Saudi Press Agency|واس",
    "STA": "STA",
    "STT": "STT",
    "SUNA": "SUNA|Sudan News Agency|سونا",
    "Tanjug": "Tanjug|TANJUG",
    "TAP": "TAP|Tunis Afrique Presse",
    "Tasnim": "Tasnim|Tasnim News Agency",
    "TASR": "TASR",
    "TASS": "TASS|ITAR-TASS|ТАСС",
    "Trend": "Trend|Trend News Agency|Тренд",
    "TT": "TT",
    "Télam": "Télam|Telam",
    "Ukrinform": "Ukrinform|Укрінформ|Укринформ",
    "UNI": "UNI",
    "UNIAN": "UNIAN|УНИАН|УНІАН",
    "UPI": "UPI|United Press International",
    "VNA": "VNA|Vietnam News Agency",
    "WAFA": "WAFA",
    "WAM": "WAM|وام",
    "Xinhua": "Xinhua|Xinhua News Agency|新华社|新華社|Синьхуа",
    "Yonhap": "Yonhap|Yonhap News Agency|연합뉴스",
    "ČTK": "ČTK|CTK",
}

ALSO_WORDS = frozenset(
    {"CP", "Fars", "Hina", "Kabar", "Lusa", "MAP", "MIA", "Petra", "Saba", "SPA", "TAP", "Trend"}
)
"""Forms that are words or names too: no credit where nothing but a dash shows one."""
ANY = "(?:" + "|".join(sorted("|".join(AGENCIES.values()).split("|"), key=len, reverse=True)) + ")"
"""A pattern that matches any form, the longest first; forms hold no groups, so that they can be joined."""
_EACH = [(name, re.compile(forms, re.IGNORECASE)) for name, forms in AGENCIES.items()]


def agency(credit: str) -> str | None:
    """The agency that a credit names ("Reuters Staff", "(AFP)"), of several ("dpa/AFP") the first, or null.

    The credit must name no more.
    """
    bare = _TRIMMINGS.sub("", credit.strip(" .,;:-–—/()[]")).strip(" .,;:-–—/()[]")
    for name, forms in _EACH:
        if forms.fullmatch(bare):
            return name
    parts = [agency(part) for part in bare.split("/")] if "/" in bare else []
    return parts[0] if all(parts) and parts else None


_TRIMMINGS = re.compile(
    r"^(?:by|from|with|via|source|agency|agencies|©|\(c\))[: ]+"
    r"|[ ,]+(?:staff(?: writer)?|news agency|newsroom|news(?: service)?|wire|desk|correspondent|reporters?)$",
    re.IGNORECASE,
)

"""Languages on news sentences of three to six words, by language; and microseconds a sentence."""

from __future__ import annotations

import timeit
from functools import partial

from newscast.normalise.language import detect

SENTENCES = {
    "en": "Ministers meet in Geneva today|Oil prices rise after attack|President signs new trade deal",
    "de": "Minister treffen sich in Genf|Ölpreise steigen nach Angriff|Präsident unterschreibt Abkommen",
    "fr": "Les ministres se réunissent à Genève|Le pétrole augmente encore|Le président a signé",
    "es": "Los ministros se reúnen hoy|Sube el precio del petróleo|El presidente firma un acuerdo",
    "it": "I ministri si incontrano oggi|Sale il prezzo del petrolio|Il presidente firma un accordo",
    "pt": "Os ministros reúnem-se hoje|Sobe o preço do petróleo|O presidente assina um acordo",
    "nl": "Ministers komen vandaag bijeen|Olieprijs stijgt na aanval|President tekent nieuw akkoord",
    "sv": "Ministrarna möts i dag|Oljepriset stiger efter attacken|Presidenten undertecknar nytt avtal",
    "pl": "Ministrowie spotykają się dzisiaj|Ceny ropy rosną po ataku|Prezydent podpisał nową umowę",
    "cs": "Ministři se dnes setkají|Ceny ropy po útoku rostou|Prezident podepsal novou dohodu",
    "hu": "A miniszterek ma találkoznak|Emelkedik az olaj ára|Az elnök aláírta az egyezményt",
    "ro": "Miniștrii se întâlnesc astăzi|Prețul petrolului crește|Președintele a semnat un acord",
    "fi": "Ministerit tapaavat tänään|Öljyn hinta nousi iskun jälkeen|Presidentti hyväksyi sopimuksen",
    "tr": "Bakanlar bugün bir araya geliyor|Petrol fiyatları yükseldi|Cumhurbaşkanı yeni anlaşmayı imzaladı",
    "id": "Para menteri bertemu hari ini|Harga minyak naik setelah serangan|Presiden tandatangani perjanjian",
    "vi": "Các bộ trưởng họp hôm nay|Giá dầu tăng sau vụ tấn công|Tổng thống ký thỏa thuận mới",
    "ru": "Министры встретились в Женеве|Цены на нефть выросли|Президент подписал новое соглашение",
    "uk": "Міністри зустрілися у Женеві|Ціни на нафту зросли|Президент підписав нову угоду",
    "el": "Οι υπουργοί συναντήθηκαν σήμερα|Αυξάνεται η τιμή του πετρελαίου|Ο πρόεδρος υπέγραψε συμφωνία",
    "ar": "الوزراء يجتمعون اليوم في جنيف|ارتفاع أسعار النفط بعد الهجوم|الرئيس يوقع اتفاقا جديدا",
    "fa": "وزیران امروز در ژنو دیدار می‌کنند|قیمت نفت افزایش یافت|رئیس جمهور توافق را امضا کرد",
    "he": "השרים נפגשים היום בז'נבה|מחירי הנפט עלו אחרי המתקפה|הנשיא חתם על הסכם",
    "hi": "मंत्री आज जिनेवा में मिले|तेल की कीमतें बढ़ीं|राष्ट्रपति ने समझौते पर हस्ताक्षर किए",
    "zh": "部长们今天在日内瓦会晤|袭击后油价上涨|总统签署新协议",
    "ja": "閣僚らが今日会談した|攻撃後に原油価格が上昇|大統領が新協定に署名",
    "ko": "장관들이 오늘 제네바에서 만났다|공격 이후 유가 상승|대통령이 새 협정에 서명했다",
}


def main() -> None:
    right = unknown = total = 0
    for code, sentences in SENTENCES.items():
        for sentence in sentences.split("|"):
            found = detect(sentence)
            total += 1
            right += found is not None and found.code == code
            unknown += found is None
            if found is None or found.code != code:
                print(f"  {code} {sentence!r}: {found}")
    print(f"{len(SENTENCES)} languages, {total} sentences: {right} right, {unknown} unknown, no declaration")
    took = min(timeit.repeat(partial(detect, "Ministers meet in Geneva today"), number=300, repeat=3)) / 300
    print(f"{took * 1e6:.0f} µs a sentence")

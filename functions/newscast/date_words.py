"""The words that dates are written in: zones, weekdays, months of many languages."""

from __future__ import annotations

from collections.abc import Mapping

ZONES: Mapping[float, str] = {
    # Hours from UTC. Where a name has several meanings, the one most written in news feeds: BST is British
    # Summer Time, CST is the United States' and not China's, IST is India's and not Israel's.
    0: "Z UT UTC GMT WET",
    1: "CET MET MEZ WEST BST WAT",
    2: "CEST MEST MESZ EET CAT SAST",
    3: "EEST MSK EAT TRT",
    3.5: "IRST",
    4: "MSD AZT GST",
    4.5: "AFT",
    5: "PKT UZT",
    5.5: "IST",
    5.75: "NPT",
    6.5: "MMT",
    7: "WIB ICT",
    8: "WITA HKT SGT PHT MYT AWST",
    9: "JST KST WIT",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -2: "BRST",
    -2.5: "NDT",
    -3: "ADT BRT ART",
    -3.5: "NST",
    -4: "EDT AST AT CLT VET",
    -5: "EST ET CDT COT PET",
    -6: "CST CT MDT",
    -7: "MST MT PDT",
    -8: "PST PT AKDT",
    -9: "AKST",
    -10: "HST",
}

WEEKDAYS: Mapping[str, int] = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
"""English only: they are asked when a date in digits is ambiguous, which is an English habit."""

FILLERS = frozenset(
    {
        "at",
        "de",
        "del",
        "of",
        "um",
        "den",
        "kl",
        "klo",
        "klokken",
        "uhr",
        "le",
        "la",
        "a",
        "o",
        "the",
        "r",
        "g",
        "г",
        "года",
        "року",
        "ora",
        "h",
        "t",
    }
)
"""Words that stand between the parts of a date and mean nothing."""

MONTHS: Mapping[str, str] = {
    # English, German, French, Spanish, Italian, Portuguese, Catalan, Dutch, Nordic, Finnish, Polish, Czech,
    # Croatian, Hungarian, Romanian, Turkish, Indonesian, Russian, Ukrainian, Greek, Arabic (Egypt and the
    # Levant), Persian; full and short. Accents and case are folded away on both sides.
    "jan": (
        "january jan januar janner janvier janv enero ene gennaio gen janeiro gener januari tammikuu "
        "tammikuuta styczen stycznia sty leden ledna sijecnja siječanj ianuarie ian ocak oca január "
        "января янв январь січня січ ιανουαριου ιανουαριος ιαν يناير كانون ژانویه januarja"
    ),
    "feb": (
        "february feb februar fevrier fevr fev febrero febbraio fevereiro febrer februari helmikuu "
        "helmikuuta luty lutego lut unor unora veljace februarie subat sub pebruari február февраля фев "
        "февраль лютого лют φεβρουαριου φεβρουαριος φεβ فبراير شباط فوریه"
    ),
    "mar": (
        "march mar marz mrz mars marzo março marc maart mrt maaliskuu maaliskuuta marzec marca brezen "
        "brezna ozujka marcius március martie mart maret марта мар март березня бер μαρτιου μαρτιος μαρ "
        "مارس آذار"
    ),
    "apr": (
        "april apr avril avr abril abr aprile aprel huhtikuu huhtikuuta kwiecien kwietnia kwi duben dubna "
        "travnja aprilis április aprilie nisan nis апреля апр апрель квітня кві απριλιου απριλιος απρ "
        "أبريل نيسان آوریل"
    ),
    "may": (
        "may mai mayo maggio mag maio maig mei maj maja toukokuu toukokuuta kveten kvetna svibnja majus "
        "május mayis мая май травня тра μαιου μαιος μαι مايو أيار مه"
    ),
    "jun": (
        "june jun juni juin junio giugno giu junho juny kesakuu kesakuuta czerwiec czerwca cze cerven "
        "cervna lipnja junius június iunie iun haziran haz июня июн июнь червня чер ιουνιου ιουνιος ιουν "
        "يونيو حزيران ژوئن"
    ),
    "jul": (
        "july jul juli juillet juil julio luglio lug julho juliol heinakuu heinakuuta lipiec lipca lip "
        "cervenec cervence srpnja julius július iulie iul temmuz tem июля июл июль липня ιουλιου ιουλιος "
        "ιουλ يوليو تموز ژوئیه"
    ),
    "aug": (
        "august aug aout agosto ago agost augustus elokuu elokuuta sierpien sierpnia sie srpen srpna "
        "kolovoza augusztus agustos agu agustus agt августа авг август серпня сер αυγουστου αυγουστος αυγ "
        "أغسطس آب اوت"
    ),
    "sep": (
        "september sep sept septembre septiembre setiembre settembre set setembro setembre syyskuu "
        "syyskuuta wrzesien wrzesnia wrz zari rujna szeptember szept septembrie eylul eyl сентября сен "
        "сент сентябрь вересня вер σεπτεμβριου σεπτεμβριος σεπ σεπτ سبتمبر أيلول سپتامبر"
    ),
    "oct": (
        "october oct oktober okt octobre octubre ottobre ott outubro out lokakuu lokakuuta pazdziernik "
        "pazdziernika paz rijen rijna listopada octombrie ekim eki октября окт октябрь жовтня жов "
        "οκτωβριου οκτωβριος οκτ أكتوبر اکتبر"
    ),
    "nov": (
        "november nov novembre noviembre novembro marraskuu marraskuuta listopad lis studenoga noiembrie "
        "noi kasim kas nopember ноября ноя ноябрь листопада лис νοεμβριου νοεμβριος νοε نوفمبر نوامبر"
    ),
    "dec": (
        "december dec dezember dez decembre diciembre dic dicembre dezembro desembre desember des "
        "joulukuu joulukuuta grudzien grudnia gru prosinec prosince prosinca decembrie aralik ara декабря "
        "дек декабрь грудня гру δεκεμβριου δεκεμβριος δεκ ديسمبر دسامبر"
    ),
}

"""Words that make a dateline likely, and words that stand where one would and are none."""

from __future__ import annotations

_NO_PLACE = """
    NATO NASA UN EU US UK USA UAE ASEAN BRICS OPEC AUKUS UNESCO UNICEF WHO IMF WTO ICC ICJ IAEA OSCE CIA
    FBI NSA BREAKING UPDATE EXCLUSIVE ANALYSIS OPINION WATCH LIVE VIDEO PHOTOS EXPLAINER FACTBOX NOTE
    EDITORIAL COVID CORRECTION URGENT QUESTION ANSWER READ ALSO MORE NEWS FACT FACTS CHECK POINTS
    SHORT BRIEF SUMMARY TIMELINE BACKGROUND CONTEXT WARNING POLL QUIZ REVIEW INTERVIEW OBITUARY
    PROFILE FEATURE REPORT COMMENT MAP CHART GRAPHIC PICTURES RESULT RESULTS SCORE TRANSCRIPT STATEMENT
    MODERATOR REPORTER HOST SPEAKER OPERATOR SECRETARY MINISTER PRESIDENT CHANCELLOR SENATOR GOVERNOR
    AMBASSADOR CHAIRMAN MR MRS MS THE THIS WHAT WHO WHY HOW WHEN"""
NO_PLACE = frozenset(_NO_PLACE.split())
"""Capitals before a dash or colon that are no place."""

_NO_START = """
    in on at by from since until after before during for with as when while the a an this that it he
    she they we and but or if of to mr mrs ms dr sir am im die der das il en von bis seit nach"""
NO_START = frozenset(_NO_START.split())
"""Words with which no place begins, in lower case; "la", "le", "el" and "los" are not among them."""

WEEKDAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})

_COUNTRIES = """afghanistan, albania, algeria, andorra, angola, argentina, armenia, australia, austria,
    azerbaijan, bahamas, bahrain, bangladesh, barbados, belarus, belgium, belize, benin, bhutan, bolivia,
    bosnia, bosnia and herzegovina, bosnia-herzegovina, botswana, brazil, brunei, bulgaria, burkina faso,
    burundi, cambodia, cameroon, canada, cape verde, central african republic, chad, chile, china, colombia,
    comoros, congo, costa rica, croatia, cuba, cyprus, czech republic, czechia, democratic republic of congo,
    democratic republic of the congo, denmark, djibouti, dominican republic, dr congo, drc, east timor,
    ecuador, egypt, el salvador, equatorial guinea, eritrea, estonia, eswatini, ethiopia, fiji, finland,
    france, gabon, gambia, gaza strip, georgia, germany, ghana, greece, guatemala, guinea, guinea-bissau,
    guyana, haiti, honduras, hungary, iceland, india, indonesia, iran, iraq, ireland, israel, italy,
    ivory coast, jamaica, japan, jordan, kazakhstan, kenya, kosovo, kuwait, kyrgyzstan, laos, latvia, lebanon,
    lesotho, liberia, libya, liechtenstein, lithuania, luxembourg, madagascar, malawi, malaysia, maldives,
    mali, malta, mauritania, mauritius, mexico, moldova, monaco, mongolia, montenegro, morocco, mozambique,
    myanmar, namibia, nepal, netherlands, new zealand, nicaragua, niger, nigeria, north korea,
    north macedonia, norway, oman, pakistan, palestine, panama, papua new guinea, paraguay, peru, philippines,
    poland, portugal, qatar, romania, russia, rwanda, samoa, saudi arabia, senegal, serbia, seychelles,
    sierra leone, singapore, slovakia, slovenia, solomon islands, somalia, somaliland, south africa,
    south korea, south sudan, spain, sri lanka, sudan, suriname, sweden, switzerland, syria, taiwan,
    tajikistan, tanzania, thailand, togo, tonga, trinidad and tobago, tunisia, turkey, türkiye, turkmenistan,
    uganda, ukraine, united arab emirates, united kingdom, united states, uruguay, uzbekistan, vanuatu,
    venezuela, vietnam, west bank, western sahara, yemen, zambia, zimbabwe, alemania, allemagne, argelia,
    bélgica, belgique, brasil, deutschland, espagne, españa, estados unidos, états-unis, francia, frankreich,
    italia, italie, italien, japón, marruecos, méxico, perú, polen, polonia, reino unido, rusia, russie,
    russland, schweiz, siria, spanien, suisse, suiza, syrie, türkei, ucrania, österreich"""
COUNTRIES = frozenset(" ".join(name.split()) for name in _COUNTRIES.split(","))
"""Names of countries as datelines have them behind a city, in lower case."""

"""The words and characters for numbers, by language; ``number_words`` puts them together."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SLAVIC_ENDING = "(?:[аиіыуеє]|ами|ах|ам|ом|ів|ов|ей|ею|)"
SCALE_WORDS: Mapping[str, tuple[tuple[int, str, str], ...]] = {
    "en": ((3, "thousand", ""), (6, "million", "mn"), (9, "billion", "bn"), (12, "trillion", "tn")),
    "de": (
        (3, "[Tt]ausend", "Tsd\\.?"),
        (6, "Million(?:en)?", "Mio\\.?"),
        (9, "Milliarden?", "Mrd\\.?"),
        (12, "Billion(?:en)?", "Bio\\."),
    ),
    "fr": ((3, "mille|milliers", ""), (6, "millions?", ""), (9, "milliards?", "Mds?"), (12, "billions?", "")),
    "ru": (
        (3, f"тысяч{_SLAVIC_ENDING}", "тыс\\.?"),
        (6, f"миллион{_SLAVIC_ENDING}", "млн\\.?"),
        (9, f"миллиард{_SLAVIC_ENDING}", "млрд\\.?"),
        (12, f"триллион{_SLAVIC_ENDING}", "трлн\\.?"),
    ),
    "uk": (
        (3, f"тисяч{_SLAVIC_ENDING}", "тис\\.?"),
        (6, f"мільйон{_SLAVIC_ENDING}", "млн\\.?"),
        (9, f"мільярд{_SLAVIC_ENDING}", "млрд\\.?"),
        (12, f"трильйон{_SLAVIC_ENDING}", "трлн\\.?"),
    ),
    "zh": (
        (12, "万亿|萬億", ""),
        (11, "千亿|千億", ""),
        (10, "百亿|百億", ""),
        (9, "十亿|十億", ""),
        (8, "亿|億", ""),
        (7, "千万|千萬", ""),
        (6, "百万|百萬", ""),
        (5, "十万|十萬", ""),
        (4, "万|萬", ""),
        (3, "千(?![克米瓦赫卡伏焦帕字])", ""),
    ),
    "ja": ((12, "兆", ""), (8, "億", ""), (4, "万", "")),
}
"""By language, powers of ten, and patterns of the words for them and what shortens these, behind digits."""

NUMBER_WORDS = {
    "en": """
        .5; ; half|halv
        1; one; one|first|once|single
        2; two; two|second|twice|double|both|couple|pair|twin|dual; \
            both twice pair couple second double\\w* twin half
        3; three; three|third|triple|thrice|trio|tri; thirds? triple
        4; four; four|quarter|quad; fourth
        5; five; five|fifth|quint; fifths?
        6; six; six; sixth
        7; seven; seven; seventh
        8; eight; eight; eighth
        9; nine; nin; ninth
        10; ten; ten(?!d|s|n)|decade; tenth
        11; eleven; eleven; eleventh
        12; twelve; twelve|twelfth; twelfth
        *12; ; dozen; dozens?
        13; thirteen; thirteen; thirteenth
        14; fourteen; fourteen|fortnight; fourteenth
        15; fifteen; fifteen; fifteenth
        16; sixteen; sixteen; sixteenth
        17; seventeen; seventeen; seventeenth
        18; eighteen; eighteen; eighteenth
        19; nineteen; nineteen; nineteenth
        20; twenty; twent; twentieth
        30; thirty; thirt(?!een); thirtieth
        40; forty; fort[yi]; fortieth
        50; fifty; fift[yi]; fiftieth
        60; sixty; sixt[yi]; sixtieth
        70; seventy; sevent[yi]; seventieth
        80; eighty; eight[yi]; eightieth
        90; ninety; ninet[yi]; ninetieth
        *100; hundred; hundred|centur|centen; hundreds
        *1000; thousand; ; thousands
        *1000000; million; ; millions
        *1000000000; billion; ; billions
        *1000000000000; trillion; ; trillions""",
    "de": """
        .5; ; halb|hälft
        1; eine? einen einem einer eines eins; ein|erst|eins
        1.5; anderthalb; anderthalb
        2; zwei zwo; zwei|zweit|beid|doppel|paar|zwilling; \
            zwei(?:e[nr]?|mal) beide\\w? doppel\\w* paar hälfte halb\\w*
        3; drei; drei|dritt; dritte\\w? dreimal drittel
        4; vier; vier; vierte\\w?
        5; fünf; fünf; fünfte\\w? fünftel
        6; sechs; sechs; sechste\\w?
        7; sieben; sieb; siebte\\w?
        8; acht; acht; achte\\w?
        9; neun; neun; neunte\\w?
        10; zehn; zehn|jahrzehnt; zehnte\\w?
        11; elf; elf; elfte\\w?
        12; zwölf; zwölf; zwölfte\\w?
        *12; ; dutzend; dutzend\\w*
        13; dreizehn; dreizehn
        14; vierzehn; vierzehn
        15; fünfzehn; fünfzehn
        16; sechzehn; sechzehn
        17; siebzehn; siebzehn
        18; achtzehn; achtzehn
        19; neunzehn; neunzehn
        20; zwanzig; zwanzig
        30; dreißig dreissig; dreißig|dreissig
        40; vierzig; vierzig
        50; fünfzig; fünfzig
        60; sechzig; sechzig
        70; siebzig; siebzig
        80; achtzig; achtzig
        90; neunzig; neunzig
        *100; hundert; hundert|jahrhundert; hunderte\\w?
        *1000; tausend; ; tausende\\w?
        *1000000; million(?:en)?
        *1000000000; milliarden?
        *1000000000000; billion(?:en)?""",
    "fr": """
        .5; ; demi|moitié
        1; une?; un|une|premi|seul
        2; deux; deux|second|double|couple|paire|jumea|jumel; \
            deuxième seconde?s? double\\w* paire moitié demi\\w*
        3; trois; trois|tiers|tripl; troisième triple tiers
        4; quatre; quatr|quart|quadr; quatrième
        5; cinq; cinq; cinquième
        6; six; six|sixi; sixième
        7; sept; sept(?!e); septième
        8; huit; huit; huitième
        9; neuf; neuf|neuvi; neuvième
        10; dix; dix|dizaine|décenni; dixième
        *10; ; ; dizaines?
        11; onze; onze|onzi; onzième
        12; douze; douz; douzième
        *12; ; ; douzaines?
        13; treize; treiz; treizième
        14; quatorze; quatorz; quatorzième
        15; quinze; quinz; quinzième
        16; seize; seiz; seizième
        20; vingts?; vingt; vingtième vingtaine
        30; trente; trent; trentième trentaine
        40; quarante; quarant; quarantième quarantaine
        50; cinquante; cinquant; cinquantième cinquantaine
        60; soixante; soixant; soixantième soixantaine
        70; septante; septant
        80; huitante octante; huitant|octant
        90; nonante; nonant
        *100; cents?; cent|siècle; centième centaines?
        *1000; mille; ; milliers?
        *1000000; millions?
        *1000000000; milliards?
        *1000000000000; billions?""",
    "ru": """
        .5; ; пол|половин
        1; один одна одно одного одной одному одним одном одну; один|одн|перв|единств
        1.5; полтора полторы полутора; полтор|полутор
        2; два две двух двум двумя; два(?!д)|две(?!н)|дву|дво|втор|обе|оба|пар[аыуе]|удво; \
            двое оба обе обоих \
            втор(?:о[йемгй]\\w*|ая|ую|ы[хме]\\w*) \
            дважды двойн\\w+ дво[ей]\\w* пар[аыу] половин\\w+
        3; три трех трем тремя; три(?!д|н)|тре|трет|тро; трет(?:ий|ь\\w*|ей|ям) трое троих трижды
        4; четыре четырех четырем четырьмя; четыр|четвер|четверт; четверт\\w+ четверо
        5; пять пяти пятью; пят(?!н)|пяти; пят(?:ый|ая|ое|ого|ой|ом|ую) пятеро
        6; шесть шести шестью; шест(?!н); шест(?:ой|ая|ое|ого|ом|ую) шестеро
        7; семь семи; семь(?![яею])|седьм|семи(?!д|н)|семер; седьм\\w+ семеро
        8; восемь восьми восемью восьмью; восьм|восем; восьм(?:ой|ая|ое|ого|ом|ую)
        9; девять девяти девятью; девят; девят(?:ый|ая|ое|ого|ой|ом|ую)
        10; десять десяти десятью; десят; десят(?:ый|ая|ое|ого|ой|ом|ую)
        *10; ; ; десят(?:ок|ка|ки|ков|ками)
        11; одиннадцат(?:ь|и|ью); одиннадцат; одиннадцат\\w+
        12; двенадцат(?:ь|и|ью); двенадцат; двенадцат\\w+
        *12; ; дюжин; дюжин\\w*
        13; тринадцат(?:ь|и|ью); тринадцат; тринадцат\\w+
        14; четырнадцат(?:ь|и|ью); четырнадцат; четырнадцат\\w+
        15; пятнадцат(?:ь|и|ью); пятнадцат; пятнадцат\\w+
        16; шестнадцат(?:ь|и|ью); шестнадцат; шестнадцат\\w+
        17; семнадцат(?:ь|и|ью); семнадцат; семнадцат\\w+
        18; восемнадцат(?:ь|и|ью); восемнадцат; восемнадцат\\w+
        19; девятнадцат(?:ь|и|ью); девятнадцат; девятнадцат\\w+
        20; двадцат(?:ь|и|ью); двадцат; двадцат\\w+
        30; тридцат(?:ь|и|ью); тридцат; тридцат\\w+
        40; сорока?; сорок|сорока; сороков\\w+
        50; пятьдесят пятидесяти пятьюдесятью; пятьдесят|пятидесят; пятидесят\\w+
        60; шестьдесят шестидесяти шестьюдесятью; шестьдесят|шестидесят; шестидесят\\w+
        70; семьдесят семидесяти семьюдесятью; семьдесят|семидесят; семидесят\\w+
        80; восемьдесят восьмидесяти; восемьдесят|восьмидесят; восьмидесят\\w+
        90; девяност[оа]; девяност; девяност\\w+
        100; сто ста; сто$|ста$|сот|столет|век|сту$; сот(?:ый|ая|ое|ого|ой)
        *100; ; ; сот(?:ня|ни|ню|ен|ней|нями)
        150; полтораста полутораста
        200; двести двухсот двумстам двумястами двухстах; двести|двухсот|двумст
        300; триста трехсот тремстам тремястами трехстах; триста|трехсот
        400; четыреста четырехсот четыремстам четырехстах; четыреста|четырехсот
        500; пятьсот пятисот пятистам пятистах; пятьсот|пятисот
        600; шестьсот шестисот шестистам шестистах; шестьсот|шестисот
        700; семьсот семисот семистам семистах; семьсот|семисот
        800; восемьсот восьмисот восьмистам восьмистах; восемьсот|восьмисот
        900; девятьсот девятисот девятистам девятистах; девятьсот|девятисот
        *1000; тысяч(?:|а|и|у|е|ей|ью|ам|ами|ах)
        *1000000; миллион(?:|а|ов|у|ам|ами|ом|е|ах|ы)
        *1000000000; миллиард(?:|а|ов|у|ам|ами|ом|е|ах|ы)
        *1000000000000; триллион(?:|а|ов|у|ам|ами|ом|е|ах|ы)""",
    "uk": """
        .5; ; пів|половин
        1; один одна одне одного одної одному одним одну; один|одн|перш|єдин
        1.5; півтора півтори півтор; півтор
        2; два дві двох двом двома; два(?!д)|дві|дво|друг|обидв|пар[аиуі]|подв; \
            обидв[аіо]\\w* друг(?:ий|а|е|ого|ої|ому) \
            двічі дво[єї]\\w* пар[аиу] половин\\w+
        3; три трьох трьом трьома; три(?!д|н)|трьо|трет|тро; трет(?:ій|я|є|ьо\\w+|ю|ин\\w+) троє тричі
        4; чотири чотирьох чотирьом чотирма; чотир|четвер|чверт; четверт\\w+ четверо
        5; п'ят(?:ь|и|ьох|ьма|ьом); п.?ят(?!н)|п.?яти; п'ят(?:ий|а|ого|ої|ому) п'ятеро
        6; шість шести шістьох; шіст(?!н|д)|шест|шост; шост\\w+
        7; сім семи сімох; сім(?!н|д|[’']|е)|сем|сьом; сьом\\w+
        8; вісім восьми вісьмох; вісім|восьм|вось; восьм\\w+
        9; дев'ят(?:ь|и|ьох); дев.?ят; дев'ят(?:ий|а|ого|ої|ому)
        10; десят(?:ь|и|ьох); десят; десят(?:ий|а|ого|ої|ому)
        *10; ; ; десят(?:ок|ка|ки|ків|ками)
        11; одинадцят(?:ь|и|ьох); одинадцят; одинадцят\\w+
        12; дванадцят(?:ь|и|ьох); дванадцят; дванадцят\\w+
        *12; ; дюжин; дюжин\\w*
        13; тринадцят(?:ь|и|ьох); тринадцят; тринадцят\\w+
        14; чотирнадцят(?:ь|и|ьох); чотирнадцят; чотирнадцят\\w+
        15; п'ятнадцят(?:ь|и|ьох); п.?ятнадцят; п'ятнадцят\\w+
        16; шістнадцят(?:ь|и|ьох); шістнадцят; шістнадцят\\w+
        17; сімнадцят(?:ь|и|ьох); сімнадцят; сімнадцят\\w+
        18; вісімнадцят(?:ь|и|ьох); вісімнадцят; вісімнадцят\\w+
        19; дев'ятнадцят(?:ь|и|ьох); дев.?ятнадцят; дев'ятнадцят\\w+
        20; двадцят(?:ь|и|ьох|ьома); двадцят; двадцят\\w+
        30; тридцят(?:ь|и|ьох|ьома); тридцят; тридцят\\w+
        40; сорока?; сорок; сороков\\w+
        50; п'ятдесят(?:|и|ьох); п.?ятдесят; п'ятдесят\\w+
        60; шістдесят(?:|и|ьох); шістдесят; шістдесят\\w+
        70; сімдесят(?:|и|ьох); сімдесят; сімдесят\\w+
        80; вісімдесят(?:|и|ьох); вісімдесят; вісімдесят\\w+
        90; дев'яност[оа]; дев.?яност; дев'яност\\w+
        100; сто ста; сто$|ста$|сот|столітт|вік$|віц|вік; сот(?:ий|а|ого|ої)
        *100; ; ; сот(?:ня|ні|ню|ень|нею|нями)
        150; півтораста
        200; двісті двохсот двомстам двохстах; двіст|двохсот
        300; триста трьохсот трьомстам; трист|трьохсот
        400; чотириста чотирьохсот; чотирист|чотирьохсот
        500; п'ятсот п'ятисот; п.?ятсот|п.?ятисот
        600; шістсот шестисот; шістсот|шестисот
        700; сімсот семисот; сімсот|семисот
        800; вісімсот восьмисот; вісімсот|восьмисот
        900; дев'ятсот дев'ятисот; дев.?ятсот|дев.?ятисот
        *1000; тисяч(?:|а|і|у|е|ею|ам|ами|ах)
        *1000000; мільйон(?:|а|ів|у|ам|ами|ом|и|ах)
        *1000000000; мільярд(?:|а|ів|у|ам|ами|ом|и|ах)
        *1000000000000; трильйон(?:|а|ів|у|ам|ами|ом|и|ах)""",
}
"""By language: a value, ``*`` before one that multiplies what stands before it; words that surely mean it;
beginnings of words that may; other words for it that count as a number (ordinals, a pair)."""

STANDALONE_MULTIPLIERS = {
    "en": "",
    "de": "hundert|tausend",
    "fr": "cent|mille",
    "ru": "тысяч[ау]|миллион|миллиард|триллион",
    "uk": "тисяч[ау]|мільйон|мільярд|трильйон",
}
"""What multiplies and surely is a number with nothing before it; other such words may be "thousands"."""
AND_PATTERNS = {
    "en": re.compile(r"\s+(?:and|&)\s+(?:a\s+)?"),
    "de": re.compile(r"\s+und\s+"),
    "fr": re.compile(r"(?:\s+|-)et(?:\s+|-)"),
}
AND_HALF_PATTERNS = {
    "en": re.compile(r"(?:\s+|-)and(?:\s+|-)a(?:\s+|-)half(?!\w)"),
    "fr": re.compile(r"(?:\s+|-)et(?:\s+|-)demie?(?!\w)"),
    "ru": re.compile(r"\s+с\s+половиной(?!\w)"),
    "uk": re.compile(r"\s+[зі]{1,2}\s+половиною(?!\w)"),
}
HALF_BEFORE_PATTERNS = {
    "en": re.compile(
        r"(?<!\w)half(?:(?:\s+|-)an?)?(?:\s+|-)(?=(?:hundred|thousand|[mb]illion|trillion|dozen)(?!\w))"
    ),
    "de": re.compile(r"(?<!\w)halbe[nrs]?\s+(?=(?:million|milliarde|billion)(?!\w))"),
    "fr": re.compile(r"(?<!\w)demi[-\s](?=(?:million|milliard)(?!\w))"),
    "ru": re.compile(
        r"(?<!\w)(?:пол[-\s]?|половин\w{1,2}\s+)(?=(?:сотни|тысячи|миллиона|миллиарда|триллиона)(?!\w))"
    ),
    "uk": re.compile(
        r"(?<!\w)(?:пів[-\s]?|половин\w{1,2}\s+)(?=(?:сотні|тисячі|мільйона|мільярда|трильйона)(?!\w))"
    ),
}

HAN_DIGITS = dict(
    zip(
        "零〇一二三四五六七八九两兩双雙壹贰叁肆伍陆柒捌玖貳參陸",
        (0, 0, *range(1, 10), 2, 2, 2, 2, *range(1, 10), 2, 3, 6),
        strict=True,
    )
)
HAN_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
HAN_TENS = {"廿": 20, "卅": 30, "卌": 40}
HAN_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
"""Chinese numerals: digits, what multiplies them within ten thousand, whole tens, and what multiplies all."""

"""What a language adds to the splitting: its abbreviations, and the words that open its sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SplittingRules:
    """Lower-case abbreviations without their last full stop, and words that open sentences.

    ``never_final`` never ends a sentence, ``final_before_starter`` does only before a word of ``starters``,
    ``final_before_capital`` before any capital letter, ``before_number`` is an abbreviation only before a
    number.
    """

    never_final: frozenset[str]
    final_before_starter: frozenset[str]
    final_before_capital: frozenset[str]
    before_number: frozenset[str]
    starters: frozenset[str]

    def is_abbreviation(self, name: str) -> bool:
        """Whether ``name`` is an abbreviation, one before a number apart."""
        return (
            name in self.never_final or name in self.final_before_starter or name in self.final_before_capital
        )


def _build_rules(
    *,
    never_final: str,
    final_before_starter: str,
    final_before_capital: str,
    before_number: str,
    starters: str,
) -> SplittingRules:
    return SplittingRules(
        *(
            frozenset(words.split())
            for words in (never_final, final_before_starter, final_before_capital, before_number, starters)
        )
    )


ENGLISH_RULES = _build_rules(
    never_final="mr mrs ms dr prof rev hon st gen col lt sgt capt cmdr cpl maj adm gov sen sens rep "
    "reps pres supt det insp amb atty mt ft vs viz e.g i.e cf approx lieut brig msgr cllr pvt pfc comdr asst assoc mme "
    "mlle bp abp messrs",
    final_before_starter="inc ltd co corp bros jr sr u.s u.k u.n e.u d.c a.m p.m ph.d m.d b.a m.a ave blvd "
    "ky fla calif ariz colo conn mich minn nev tenn tex wis okla rd al dept "
    "univ assn est ed eds hwy rte natl intl n.y n.j n.h n.c n.d n.m s.c s.d r.i w.va ga vt va "
    "jan feb mar apr jun jul aug sep sept oct nov dec v",
    final_before_capital="etc",
    before_number="no nos fig figs p pp vol vols ch chs sec secs art arts para paras op rt tab eq ver apt",
    starters="the a an this that these those he she it they we you i his her its their our my your there "
    "here in on at by for from with without under over after before during since until while when "
    "where what why how who which if as although though because but and or so yet nor both each "
    "every some many most all no not one two three another other several such however meanwhile "
    "moreover instead still then now today yesterday according to is are was were did does do has "
    "have had can will would should even just also only once",
)
GERMAN_RULES = _build_rules(
    never_final="z.b d.h u.a bzw bspw ca dr prof hr fr frhr dipl.-ing dipl ing st vgl sog inkl exkl ggf evtl "
    "z.t i.d.r u.u s.o s.u o.g i.a i.v gem lt insb insbes mag hl "
    "z.z z.zt m.e m.w h.c e.h med phil jur rer nat oec theol vet dent habil rer.nat rer.pol rer.oec ev evang kath röm "
    "jüd ehem dt engl ital amerik brit österr griech lat poln fa gebr msgr hptm abg einschl ausschl entspr sg",
    final_before_starter="mio mrd tsd nr str abs art bd kap s jan feb mär apr jun jul aug sep sept okt nov dez geb "
    "gest verh a.d e.v v.chr n.chr jh jhdt o.ä u.ä std sek tel abt aufl hrsg co jr sen zzgl abzgl "
    "kl gr i.b v a.m",
    final_before_capital="usw etc uvm u.v.m",
    before_number="abb ziff tab kap max min mind nrn",
    starters="der die das den dem des ein eine einen einem einer er sie es wir ihr ich man sein seine ihre "
    "unser dieser diese dieses jener jede jeder alle viele einige beide in im an am auf bei beim "
    "mit nach von vom vor zu zum zur aus für durch über unter um seit während wegen trotz bis "
    "ohne gegen zwischen als wenn weil da dass ob obwohl und oder aber doch denn auch nur noch "
    "nun dann danach dort hier heute gestern zudem außerdem dabei damit dazu deshalb daher jedoch "
    "so wie wer was wo warum nicht kein keine laut bereits zuvor später allerdings",
)
_FRENCH_RULES = _build_rules(
    never_final="m mm mme mmes mlle me dr pr st ste p.ex c.-à-d c-à-d cf env apr mgr gal cdt cne lt col s.e s.m "
    "sté ets vve gén prés",
    final_before_starter="j.-c av bd boul chap éd ed h hab ibid id janv févr avr juil sept oct nov déc n p pp tél vol "
    "s.a s.a.r.l cie dép réf trad coll dir resp éds rééd ex jr sr",
    final_before_capital="etc",
    before_number="no art fig",
    starters="le la les l un une des ce cet cette ces il elle ils elles on nous vous je tu son sa ses leur "
    "leurs notre nos mon ma mes qui que quel quelle dans en à au aux de du d par pour avec sans "
    "sous sur chez vers entre depuis pendant après avant lors selon mais et ou donc or ni car si "
    "quand lorsque comme ainsi aussi alors puis ensuite enfin cependant toutefois pourtant plus "
    "tout tous toutes certains plusieurs chaque aucun ici là aujourd hier c s n j où comment "
    "pourquoi bien malgré toujours même deux trois",
)
_RUSSIAN_RULES = _build_rules(
    never_final="dr mr mrs т.е т.к т.н т.наз т.о см ср напр проф акад доц канд ген подполк кап лейт адм г-н г-жа "
    "гг-н д-р св лат англ нем фр франц исп итал ит рус укр греч др.-греч кит яп араб евр польск "
    "ок прибл дж гр урожд ул просп пр-т пер наб бул пос дер корп зам нач пом и.о в.и.о гос тов "
    "оз пгт мкр мкрн п-ов о-в ст-ца х-во архиеп еп свящ прот протоиер иером архим игум преп муч реж авт сост "
    "отв науч журн альм собр цит т.ч контр-адм вице-адм ген-лейт гв серж мл бульв шос",
    final_before_starter="им букв ст т тт "
    "с стр гл табл илл изд ред прим п пп ч д м о р б обл р-н род ум н кв куб пл ш оф "
    "вып г в мин янв фев февр апр авг сен сент окт ноя нояб дек респ ин-т чл корр вкл экз сб соч "
    "пр абз разд",
    final_before_capital="т.д т.п др гг вв н.э тыс млн млрд трлн руб коп долл чел шт сек час км кг",
    before_number="рис тел илл карт разд прил",
    starters="он она оно они мы вы я ты его её ее их это этот эта эти тот та те то в во на по с со к ко о "
    "об от до из за у для без при про над под через после перед между а и но или же если когда "
    "хотя пока как так также тогда там здесь тут затем потом теперь сейчас однако поэтому впрочем "
    "кроме вместо среди согласно вся все всё весь каждый многие некоторые другие один одна два "
    "три не ни нет да что чтобы кто где куда почему именно уже еще ещё только даже ныне сегодня "
    "вчера ранее позже позднее впервые всего был была было были",
)
_UKRAINIAN_RULES = _build_rules(
    never_final="dr mr mrs т.зв т.з напр див пор проф акад доц канд ген св лат англ нім фр ісп італ рос укр грец "
    "п-н д-р дж гр вул просп пр-т пров наб бул бульв смт корп зам заст нач тов о.с в.о т.в.о "
    "оз мкрн п-ов о-в с-ще майд шос митр архієп єп свящ прот протоієр ієром архім ігум преп муч реж авт упоряд відп "
    "наук журн альм зб цит т.ч с.-г ж.-д контр-адм гв серж мл бл прибл арк польс чес",
    final_before_starter="ім букв ст т тт "
    "с стор гл табл ред прим п пп ч д м о р б обл р-н нар пом н кв куб пл оф вип в хв "
    "мін січ лют бер квіт трав черв лип серп вер жовт лист груд чл кор вкл зб к буд ін-т",
    final_before_capital="т.д т.п т.ін ін рр тис млн млрд трлн грн коп дол чол шт сек год км кг н.е",
    before_number="рис мал тел дод розд карт",
    starters="він вона воно вони ми ви я ти його її їх їхній це цей ця ці той та те ті у в на по з із зі "
    "до від для без при про над під через після перед між за о об а і й але або чи якщо коли хоча "
    "поки як так також тоді там тут потім тепер зараз однак проте тому втім крім замість серед "
    "згідно уся вся всі все увесь кожен багато деякі інші один одна два три не ні що щоб хто де "
    "куди чому саме вже ще лише навіть нині сьогодні вчора раніше пізніше вперше усього був була "
    "було були",
)
_ARABIC_RULES = _build_rules(
    never_final="أ.د ا.د م.م",
    final_before_starter="ق.م ب.م ش.م ذ.م.م ش.م.م",
    final_before_capital="إلخ الخ هـ",
    before_number="ص صص ج مج ط رقم هاتف ت",
    starters="هذا هذه ذلك تلك هو هي هم نحن في من إلى على عن ثم لكن كما وقد وقال وأضاف وأكد وكان لم لن هل ماذا لماذا "
    "متى أين كيف بعد قبل عندما بينما حيث إن أن قد كل بعض وفي ومن وعلى",
)
JAPANESE_RULES = _build_rules(
    never_final="", final_before_starter="", final_before_capital="", before_number="", starters=""
)
RULES_BY_LANG = {
    "en": ENGLISH_RULES,
    "ar": _ARABIC_RULES,
    "fa": _ARABIC_RULES,
    "ja": JAPANESE_RULES,
    "de": GERMAN_RULES,
    "fr": _FRENCH_RULES,
    "ru": _RUSSIAN_RULES,
    "uk": _UKRAINIAN_RULES,
    "be": _RUSSIAN_RULES,
    "bg": _RUSSIAN_RULES,
}

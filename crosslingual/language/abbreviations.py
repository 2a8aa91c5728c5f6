"""What a language adds to the splitting: its abbreviations, and the words that open its sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """Lower-case abbreviations without their last full stop, and words that open sentences.

    ``bound`` never ends a sentence, ``middle`` does only before a word of ``starters``, ``final``
    before any capital letter, ``numbered`` is an abbreviation only before a number.
    """

    bound: frozenset[str]
    middle: frozenset[str]
    final: frozenset[str]
    numbered: frozenset[str]
    starters: frozenset[str]

    def abbreviates(self, name: str) -> bool:
        """Whether ``name`` is an abbreviation, one before a number apart."""
        return name in self.bound or name in self.middle or name in self.final


def _language(*, bound: str, middle: str, final: str, numbered: str, starters: str) -> Language:
    return Language(*(frozenset(words.split()) for words in (bound, middle, final, numbered, starters)))


ENGLISH = _language(
    bound="mr mrs ms dr prof rev hon st messrs gen col lt sgt capt cmdr cpl maj adm gov sen sens rep "
    "reps pres supt det insp amb atty mt ft vs viz e.g i.e cf approx",
    middle="inc ltd co corp bros jr sr u.s u.k u.n e.u d.c a.m p.m ph.d m.d b.a m.a ave blvd "
    "ky fla calif ariz colo conn mich minn nev tenn tex wis okla rd al dept "
    "univ assn est jan feb mar apr jun jul aug sep sept oct nov dec v",
    final="etc",
    numbered="no nos fig figs p pp vol ch sec art para op",
    starters="the a an this that these those he she it they we you i his her its their our my your there "
    "here in on at by for from with without under over after before during since until while when "
    "where what why how who which if as although though because but and or so yet nor both each "
    "every some many most all no not one two three another other several such however meanwhile "
    "moreover instead still then now today yesterday according to is are was were did does do has "
    "have had can will would should even just also only once",
)
GERMAN = _language(
    bound="z.b d.h u.a bzw bspw ca dr prof hr fr frhr dipl.-ing dipl ing st vgl sog inkl exkl ggf evtl "
    "z.t i.d.r u.u s.o s.u o.g i.a i.v gem lt insb insbes mag hl",
    middle="mio mrd tsd nr str abs art bd kap s jan feb mär apr jun jul aug sep sept okt nov dez geb "
    "gest verh a.d e.v v.chr n.chr jh jhdt o.ä u.ä std sek tel abt aufl hrsg co jr sen zzgl abzgl "
    "kl gr i.b v a.m",
    final="usw etc uvm u.v.m",
    numbered="abb ziff",
    starters="der die das den dem des ein eine einen einem einer er sie es wir ihr ich man sein seine ihre "
    "unser dieser diese dieses jener jede jeder alle viele einige beide in im an am auf bei beim "
    "mit nach von vom vor zu zum zur aus für durch über unter um seit während wegen trotz bis "
    "ohne gegen zwischen als wenn weil da dass ob obwohl und oder aber doch denn auch nur noch "
    "nun dann danach dort hier heute gestern zudem außerdem dabei damit dazu deshalb daher jedoch "
    "so wie wer was wo warum nicht kein keine laut bereits zuvor später allerdings",
)
_FRENCH = _language(
    bound="m mm mme mmes mlle me dr pr st ste p.ex c.-à-d c-à-d cf env apr mgr gal cdt cne lt col s.e s.m",
    middle="j.-c av bd boul chap éd ed h hab ibid id janv févr avr juil sept oct nov déc n p pp tél vol "
    "s.a s.a.r.l cie dép réf trad coll jr sr",
    final="etc",
    numbered="no art fig",
    starters="le la les l un une des ce cet cette ces il elle ils elles on nous vous je tu son sa ses leur "
    "leurs notre nos mon ma mes qui que quel quelle dans en à au aux de du d par pour avec sans "
    "sous sur chez vers entre depuis pendant après avant lors selon mais et ou donc or ni car si "
    "quand lorsque comme ainsi aussi alors puis ensuite enfin cependant toutefois pourtant plus "
    "tout tous toutes certains plusieurs chaque aucun ici là aujourd hier c s n j où comment "
    "pourquoi bien malgré toujours même deux trois",
)
_RUSSIAN = _language(
    bound="dr mr mrs т.е т.к т.н т.наз т.о см ср напр проф акад доц канд ген подполк кап лейт адм г-н г-жа "
    "гг-н д-р св лат англ нем фр франц исп итал ит рус укр греч др.-греч кит яп араб евр польск "
    "ок прибл дж гр урожд ул просп пр-т пер наб бул пос дер корп зам нач пом и.о в.и.о гос тов",
    middle="им букв ст т тт с стр гл табл илл изд ред прим п пп ч д м о р б обл р-н род ум н кв куб пл ш оф "
    "вып г в мин янв фев февр апр авг сен сент окт ноя нояб дек респ ин-т чл корр вкл экз сб соч "
    "пр абз разд",
    final="т.д т.п др гг вв н.э тыс млн млрд трлн руб коп долл чел шт сек час км кг",
    numbered="рис тел",
    starters="он она оно они мы вы я ты его её ее их это этот эта эти тот та те то в во на по с со к ко о "
    "об от до из за у для без при про над под через после перед между а и но или же если когда "
    "хотя пока как так также тогда там здесь тут затем потом теперь сейчас однако поэтому впрочем "
    "кроме вместо среди согласно вся все всё весь каждый многие некоторые другие один одна два "
    "три не ни нет да что чтобы кто где куда почему именно уже еще ещё только даже ныне сегодня "
    "вчера ранее позже позднее впервые всего был была было были",
)
_UKRAINIAN = _language(
    bound="dr mr mrs т.зв т.з напр див пор проф акад доц канд ген св лат англ нім фр ісп італ рос укр грец "
    "п-н д-р дж гр вул просп пр-т пров наб бул бульв смт корп зам заст нач тов о.с в.о т.в.о",
    middle="ім букв ст т тт с стор гл табл ред прим п пп ч д м о р б обл р-н нар пом н кв куб пл оф вип в хв "
    "мін січ лют бер квіт трав черв лип серп вер жовт лист груд чл кор вкл зб к буд ін-т",
    final="т.д т.п т.ін ін рр тис млн млрд трлн грн коп дол чол шт сек год км кг н.е",
    numbered="рис тел",
    starters="він вона воно вони ми ви я ти його її їх їхній це цей ця ці той та те ті у в на по з із зі "
    "до від для без при про над під через після перед між за о об а і й але або чи якщо коли хоча "
    "поки як так також тоді там тут потім тепер зараз однак проте тому втім крім замість серед "
    "згідно уся вся всі все увесь кожен багато деякі інші один одна два три не ні що щоб хто де "
    "куди чому саме вже ще лише навіть нині сьогодні вчора раніше пізніше вперше усього був була "
    "було були",
)
LANGUAGES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": _FRENCH,
    "ru": _RUSSIAN,
    "uk": _UKRAINIAN,
    "be": _RUSSIAN,
    "bg": _RUSSIAN,
}

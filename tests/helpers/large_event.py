"""A made event: a flood told by 25 sources in six languages or more, each of which tells four statements of 14."""

from __future__ import annotations

import random

from crosslingual.library import Library
from crosslingual.types import Correction

SOURCES = {
    "en": (
        "The Northern Herald",
        "Valley Times",
        "Riverside Post-Dispatch",
        "Morning Courier",
        "Evening Standard Review",
        "World Wire",
        "The Harbour Gazette",
    ),
    "zh": ("河谷日报", "晨星新闻网", "东方观察", "国际时报", "都市晚报"),
    "ru": ("Северный вестник", "Городские новости", "Независимая хроника", "Утренний курьер", "Речной край"),
    "de": ("Talzeitung", "Norddeutsche Rundschau", "Morgenblatt"),
    "fr": ("Le Courrier du Nord", "La Gazette", "Matin Presse"),
    "uk": ("Долинські новини", "Ранковий кур’єр"),
}
TOLD = (
    {
        "en": "The river Arlen broke through the dam near Torsby on Monday night.",
        "zh": "阿伦河周一夜间在托斯比附近冲垮了大坝。",
        "ru": "Река Арлен в ночь на понедельник прорвала плотину у Торсби.",
        "de": "Der Fluss Arlen hat in der Nacht zum Montag bei Torsby den Damm durchbrochen.",
        "fr": "La rivière Arlen a rompu le barrage près de Torsby dans la nuit de lundi.",
        "uk": "Річка Арлен у ніч на понеділок прорвала дамбу поблизу Торсбі.",
    },
    {
        "en": "Some 4,200 people had to leave their homes.",
        "zh": "约4200人不得不离开家园。",
        "ru": "Около 4200 человек были вынуждены покинуть свои дома.",
        "de": "Rund 4200 Menschen mussten ihre Häuser verlassen.",
        "fr": "Quelque 4 200 personnes ont dû quitter leur maison.",
        "uk": "Близько 4200 людей мусили залишити свої домівки.",
    },
    {
        "en": "Three people are still missing, the police said.",
        "zh": "警方说，仍有三人失踪。",
        "ru": "Три человека по-прежнему числятся пропавшими без вести, сообщила полиция.",
        "de": "Drei Menschen werden noch vermisst, teilte die Polizei mit.",
        "fr": "Trois personnes sont toujours portées disparues, a indiqué la police.",
        "uk": "Троє людей досі вважаються зниклими безвісти, повідомила поліція.",
    },
    {
        "en": "The prime minister cancelled her journey to Geneva.",
        "zh": "总理取消了前往日内瓦的行程。",
        "ru": "Премьер-министр отменила поездку в Женеву.",
        "de": "Die Ministerpräsidentin sagte ihre Reise nach Genf ab.",
        "fr": "La première ministre a annulé son voyage à Genève.",
        "uk": "Прем’єр-міністерка скасувала поїздку до Женеви.",
    },
    {
        "en": "The dam had been inspected for the last time in 2019.",
        "zh": "大坝上一次检查是在2019年。",
        "ru": "В последний раз плотину проверяли в 2019 году.",
        "de": "Der Damm war zuletzt 2019 geprüft worden.",
        "fr": "Le barrage avait été inspecté pour la dernière fois en 2019.",
        "uk": "Востаннє дамбу перевіряли у 2019 році.",
    },
    {
        "en": "The army sent 600 soldiers and nine helicopters.",
        "zh": "军队派出了600名士兵和九架直升机。",
        "ru": "Армия направила 600 военнослужащих и девять вертолётов.",
        "de": "Die Armee schickte 600 Soldaten und neun Hubschrauber.",
        "fr": "L'armée a envoyé 600 soldats et neuf hélicoptères.",
        "uk": "Армія направила 600 військових і дев’ять гелікоптерів.",
    },
    {
        "en": "The railway line to the capital stays closed until Friday.",
        "zh": "通往首都的铁路线将关闭至周五。",
        "ru": "Железнодорожная линия до столицы закрыта до пятницы.",
        "de": "Die Bahnstrecke in die Hauptstadt bleibt bis Freitag gesperrt.",
        "fr": "La ligne de chemin de fer vers la capitale reste fermée jusqu'à vendredi.",
        "uk": "Залізнична лінія до столиці закрита до п’ятниці.",
    },
    {
        "en": "The opposition accuses the government of ignoring warnings of engineers.",
        "zh": "反对派指责政府无视工程师的警告。",
        "ru": "Оппозиция обвиняет правительство в том, что оно не слушало предупреждений инженеров.",
        "de": "Die Opposition wirft der Regierung vor, Warnungen von Ingenieuren missachtet zu haben.",
        "fr": "L'opposition accuse le gouvernement d'avoir ignoré les avertissements des ingénieurs.",
        "uk": "Опозиція звинувачує уряд у тому, що він ігнорував попередження інженерів.",
    },
    {
        "en": "Drinking water in Torsby is brought by lorries.",
        "zh": "托斯比的饮用水由卡车运送。",
        "ru": "Питьевую воду в Торсби привозят грузовиками.",
        "de": "Trinkwasser wird in Torsby mit Lastwagen gebracht.",
        "fr": "À Torsby, l'eau potable est apportée par camions.",
        "uk": "Питну воду до Торсбі привозять вантажівками.",
    },
    {
        "en": "The damage is put at 350 million euros.",
        "zh": "损失估计为3.5亿欧元。",
        "ru": "Ущерб оценивается в 350 миллионов евро.",
        "de": "Der Schaden wird auf 350 Millionen Euro geschätzt.",
        "fr": "Les dégâts sont évalués à 350 millions d'euros.",
        "uk": "Збитки оцінюють у 350 мільйонів євро.",
    },
    {
        "en": "Neighbouring countries offered pumps and boats.",
        "zh": "邻国提供了水泵和船只。",
        "ru": "Соседние страны предложили насосы и лодки.",
        "de": "Nachbarländer boten Pumpen und Boote an.",
        "fr": "Les pays voisins ont proposé des pompes et des bateaux.",
        "uk": "Сусідні країни запропонували насоси та човни.",
    },
    {
        "en": "More rain is expected on Wednesday.",
        "zh": "预计周三还会下雨。",
        "ru": "В среду ожидаются новые дожди.",
        "de": "Für Mittwoch wird neuer Regen erwartet.",
        "fr": "De nouvelles pluies sont attendues mercredi.",
        "uk": "У середу очікуються нові дощі.",
    },
    {
        "en": "The hospital of Torsby was evacuated with 180 patients.",
        "zh": "托斯比医院的180名病人已被疏散。",
        "ru": "Больницу Торсби со 180 пациентами эвакуировали.",
        "de": "Das Krankenhaus von Torsby mit 180 Patienten wurde geräumt.",
        "fr": "L'hôpital de Torsby et ses 180 patients ont été évacués.",
        "uk": "Лікарню Торсбі зі 180 пацієнтами евакуювали.",
    },
    {
        "en": "A commission will examine why the alarm came two hours late.",
        "zh": "一个委员会将调查警报为何迟发两小时。",
        "ru": "Комиссия выяснит, почему сигнал тревоги подали с опозданием на два часа.",
        "de": "Eine Kommission soll klären, warum der Alarm zwei Stunden zu spät kam.",
        "fr": "Une commission examinera pourquoi l'alarme a été donnée avec deux heures de retard.",
        "uk": "Комісія з’ясує, чому сигнал тривоги подали із запізненням на дві години.",
    },
)
LEADS = {
    "en": (
        "",
        "Officials confirmed on Tuesday: ",
        "It is now clear what happened. ",
        "Our reporter writes: ",
        "Late at night came the news. ",
    ),
    "zh": ("", "官员周二证实：", "现在情况已经清楚。", "本报记者写道：", "深夜传来消息。"),
    "ru": (
        "",
        "Чиновники подтвердили во вторник: ",
        "Теперь ясно, что произошло. ",
        "Наш корреспондент пишет: ",
        "Поздно ночью пришла весть. ",
    ),
    "de": ("", "Behörden bestätigten am Dienstag: ", "Nun ist klar, was geschah. "),
    "fr": ("", "Les autorités ont confirmé mardi : ", "On sait maintenant ce qui s'est passé. "),
    "uk": ("", "Посадовці підтвердили у вівторок: "),
}
EACH = 4  # statements of a source
EDITIONS = {
    "en": ("Weekend", "Coast Edition"),
    "zh": ("周末版", "海外版"),
    "ru": ("Выходные", "Юг"),
    "de": ("am Sonntag", "Ausgabe Süd"),
    "fr": ("du dimanche", "du Sud"),
    "uk": ("вихідного дня", "Південь"),
}
"""What sources beyond the 25 are named by."""


def records(count: int = 25) -> list[dict[str, str]]:
    """One article of each of ``count`` sources, at most 75, for ``Shelf``."""
    chance = random.Random(3)  # noqa: S311  # not for secrets
    found: list[dict[str, str]] = []
    for edition in range(3):
        found += _edition_records(chance, edition)[: count - len(found)]
    return found


def _edition_records(chance: random.Random, edition: int) -> list[dict[str, str]]:
    found = []
    for lang, names in SOURCES.items():
        own = [f"{name} {EDITIONS[lang][edition - 1]}" for name in names] if edition else names
        for number, source in enumerate(own):
            told = [TOLD[place][lang] for place in chance.sample(range(len(TOLD)), EACH)]
            text = LEADS[lang][number % len(LEADS[lang])] + ("" if lang == "zh" else " ").join(told)
            found.append(
                {"source": source, "lang": lang, "date": "2025-03-10", "title": TOLD[0][lang], "text": text}
            )
    return found


def join(library: Library) -> None:
    """Put by hand into one row what says the same: sentences that so many repeat are taken for formulas."""
    sentences = [one for own in library.load_sentences(library.article_ids()).values() for one in own]
    for number, said in enumerate(TOLD):
        alike = [(one.article, one.start) for one in sentences if one.text.endswith(tuple(said.values()))]
        library.add_corrections(
            [
                Correction(
                    f"made-{number}",
                    "together",
                    tuple(alike[:1]),
                    tuple(alike[1:]),
                    "2025-03-11T00:00:00+00:00",
                )
            ]
        )

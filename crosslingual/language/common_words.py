"""Beginnings of words that begin with a capital where they are part of a name, and are translated."""

from __future__ import annotations

COMMON_WORD_STEMS = {
    "en": """
        academ act advisor affairs africa after age agency air americ american analyst and appeal
        april arab army article artificial asia assembly august autumn award bad bank baseball
        basketball battle bay bear before beijing bell bible big bishop black blood blue bond bonds
        book bridge britain british business cabinet camp cancer capital capt castle cathedral
        catholic celebrity center central centre championship child children chinese christian
        christmas church circuit city civil cold college commission committee communist company
        compromise congress conservative consumer copper council county court cup customs dark day
        december defen democrat department deputy desert disaster district domestic dutch dwarf
        dynasty earth east easter eastern economy education election electoral emergency emperor
        empire employ employment energy england english environment era europ european evening
        executive fashion father fault february federal first flow football for force foreign fourth
        french friendship fund game general german giant global god golden good gov government grand
        great greek green group guard gulf hall harbo health hebrew heritage high higher holy home
        honorary hospital house how human in independent indian institute intelligence international
        internet irel irish islam island italian january japanese jew judiciary july june justice
        king kingdom korean labour lady lake land latin law leader league liberal life lion little
        lord love low majorit march may media medical medieval mediterran member men metropolitan
        middle midterm migration milky minister ministry minorit month moon morning mother mount
        multiple museum muslim nation national navy new news night nobel north northeast northern
        northwest november number nutrition ocean october of office old olymp on orthodox oscar over
        pacific palace park parliament party peninsula people percent picture plane plans police
        pope post power premier president prime prince princess prize prof protestant province
        public pump pyongyang queen range red region renaissance rep report republic research rev
        review revolution right river road roman royal rugby russian saint saving school science
        score scotland scott scottish sea second secretary security sen senate sept september
        service silent silicon silver skill social south south-west southeast southern southwest
        spanish spring square star state street strike student summer sun super supreme survey
        survivor syria technology temple testament the third thirty throne tibet tiger time tour
        tower town trade traffic treasur treaty tribune trooper turkish under union united
        university valley voter wales war web welsh west western what when where white who why
        winter women wonder world year""",
    "fr": """
        affaires afrique agence air allemand américain amérique ancien anglais angleterre août armée
        artific asie assemblée avril baie banque bataille bible blanc bureau catastroph cathédrale
        central chambre champion château civil collège comité commission communist comté congrès
        conseil conservat coupe cour deux dieu district droit dynastie décembre défense démocrat
        département ecosse empereur empire enfant est etat europe europé fleuve fonds force formule
        froid fédéral fédération février galles golfe gouvernement grand groupe guerre géant général
        haut humain indépendant institut internation internet janvier jeu jour juillet juin just lac
        libéra ligue livre loi lune macédoine mai maison marine mars matin meilleur membre mer
        ministère mond mont moyen musée mère média nain nation national noir nord nouve novembre
        noël nuit occident octobre océan olymp orient ouest pacifique palais pape parlement parti
        pays place police pont premi premier prince princesse procureur province président public
        pâques père pékin recherche reine renaissance rivi roi rouge route royaume rue région
        républi révolution révérend saint salle santé science second secrétaire seigneur selon
        septembre service soci société soleil sud suprême sécurité sénat technolog temple temps
        terre tour traité travaill trois trône uni union université vallée vieux ville âge ère école
        écosse éducation église état évêque île""",
    "ru": """
        агентств ази академ акт америк американск англи арми ассамбле африк банк башн безопасн бел
        библи битв ближн бог больниц больш век велик великобритан верховн внутр возрожден войн война
        восток восточн врем всемирн втор высш генерал гигант год гор город государств гражданск
        групп дальн двор демократ день департамент дет династ договор долин дорог древн европ жизнь
        закон зал залив замок запад звезд здравоохр земл золот игр император импери иностр институт
        интернет исполнит исследоват кинокомпан китайск книг колледж комисси комитет коммунист
        компани конгресс консерв корол королев красн куб лед лейборист либерал лиг лондон лорд лун
        люд мал мать междунар министер министр мир мор мост музе народ наук национал независ нижн
        нов новост ночь област оборон образован обществ общин объедин объединенн озер океан олимп
        организац остров отец палат папа парламент парти пасх пекин перв площад полици полуостров
        прав правительств председ президент преми премьер престол прилив принц провинц пхеньян
        разведк район революц рек республик республикан рождеств российск свят север секретар сенат
        серебр слав служб сми собор совбез совет содружеств соедин соединенн солнечн солнц социал
        союз спасит спид справедлив средизем средн средневек стар столет суд темн технолог тих трет
        украинск улиц университет управлен утро уэльс федерал фестивал фильм флот фонд холодн храм
        центр церк чемпион черн член школ шотланд эпох юг южн юридич юстиц""",
    "uk": """
        агентств азі академ акт америк американськ англі армі асамбле африк банк батько башт безпек
        битв близьк бог больш британ бундестаг біблі біл вежа велик величн верховн виконавч вищ
        внутріш всесвітн вулиц відродж війн вік генерал голов гор громад громадян груп гігант давн
        далек двор демократ день департамент держав династ договір долин дорог дослід друг діт епох
        життя жіноч закон зал замок заток захід західн земл змі зовніш золот зірк китайськ книг
        коледж компан комуніст комісі комітет конгрес консерв король королів куб леді лейборист
        лондон лорд люд ліберал ліг лікар мал мати медичн мор музе міжнар міністер міністр міст
        місяц народ наук націонал незалежн нижн нов новин німец ніч об област оборон озер океан
        олімп організац освіт остр охорон палат папа парламент парті пекін перш площ поліці прав
        президент прем премі престол принц провінц пхеньян півден північ півостр рад радбез район
        ранок революц республік розвідк російськ різдв рік річк свят світ секретар сенат середзем
        середн середньовіч слав служб снід собор сонц сонячн соціал союз сполучен справедлив
        співдружн спільнот срібл стар столітт суд схід східн темн технолог тих трет уельс українськ
        університет управлін уряд федерал фестивал флот фонд фільм холодн храм цельс центр церкв час
        чемпіон червон член чорн школ шотланд юридич юстиц європ єднан ігор ігри імператор імпері
        інститут інтернет""",
}
"""By language. Collected from what the human translators of NTREX and PUD translated."""

"""Names of columns and keys by the field that they hold: of several languages, and of other tools' files."""

from __future__ import annotations

import re
from collections.abc import Sequence

COLUMN_NAMES: dict[str, str] = {
    "text": """
        text body content article articletext articlebody fulltext maintext bodytext
        story plaintext contenttext cleantext cleanedtext 正文 内容 全文 文章 內容 文本 текст содержание статья
        полныйтекст зміст стаття inhalt artikel volltext texte contenu corps texto cuerpo contenido testo
        content.rendered contenthtml bodyhtml rawtext description summary
    """,
    "title": """
        title headline heading head subject 标题 題目 标题名 標題 题目 заголовок название назва
        тема titel überschrift schlagzeile titre titulo título titolo title.rendered
    """,
    "date": """
        datepublished datepublish publishedat publisheddate publishdate publishingdate publicationdate
        pubdate publishedtime publicationtime publishtime publishedon datetimepub published
        date datetime timestamp time dateissued issued
        日期 时间 時間
        发布时间 发布日期 發布時間 發佈時間 发表时间 дата датапубликации времяпубликации время датапублікації
        datum veröffentlicht erscheinungsdatum datedepublication fecha data
        created createdat datecreated day seendate
    """,
    "source": """
        source source.name source.title sourcename sourcetitle outlet publisher publisher.name media medianame
        newspaper sitename sourcehostname publication 来源 媒体 來源 媒體 网站 报纸 источник издание сми сайт
        джерело видання quelle medium zeitung herausgeber média journal fuente medio
        html.source_info.publisher source_info.publisher channel site domain sourcedomain hostname host
        source.uri source.id mediaurl sourceurl
    """,
    "author": """
        author authors byline writer creator by journalist reporter 作者 记者 記者 автор
        авторы автори autor autorin verfasser auteur auteurs author.name authors.name creator.name
    """,
    "url": """
        url link href uri permalink canonical canonicalurl address weburl sourceurl articleurl storyurl 链接 网址
        鏈接 連結 ссылка адрес посилання adresse lien enlace html.responded_url html.requested_url
    """,
    "lang": """
        lang language languagecode inlanguage metalang locale 语言 語言 язык мова sprache langue idioma
    """,
}
"""Names of columns by the field that they stand for, the surest first."""

_TEASER_NAMES = frozenset(["description", "summary"])
_NOT_LETTERS = re.compile(r"[\W_]+")
_NOT_PUBLISHED = re.compile(
    "access|archiv|captur|collect|crawl|download|edit|fetch|harvest|import|index|ingest|insert|modif|process"
    "|retriev|saved|scrap|updat|抓取|采集|採集|更新|下载|下載|修改|обновл|загруз|скач|измен|оновл|зміне"
)


def columns_by_field(header: Sequence[str]) -> dict[str, list[str]]:
    """Columns whose names say which field they hold, by that field, the surest first; each column once."""
    plain_names = {normalize_name(name): name for name in reversed(header)}
    named = {
        field: [plain_names[key] for name in names.split() if (key := normalize_name(name)) in plain_names]
        for field, names in COLUMN_NAMES.items()
    }
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for field, columns in named.items():
        if first := next((name for name in columns if name not in taken), ""):
            found[field] = [first]
            taken.add(first)
    for field, columns in found.items():
        more = (name for name in named[field] if normalize_name(name) not in _TEASER_NAMES)
        columns += [name for name in more if name not in taken]
        taken.update(columns)
    return found


def names_full_text(name: str) -> bool:
    """Whether a key is one of whole texts, not of teasers."""
    return normalize_name(name) in _full_text_names


def names_other_date(name: str) -> bool:
    """Whether a column is called by another date than that of publication: of a change, or a download."""
    return bool(_NOT_PUBLISHED.search(normalize_name(name)))


def normalize_name(name: str) -> str:
    """The same for ``Published-At``, ``published_at`` and ``publishedat``."""
    return _NOT_LETTERS.sub("", name.casefold())


_full_text_names = frozenset(map(normalize_name, COLUMN_NAMES["text"].split())) - _TEASER_NAMES

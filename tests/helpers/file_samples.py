"""Files of all formats, made for the tests: each holds the articles that it is given."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP


@dataclass(frozen=True)
class Story:
    """An article to be written into a file; ``text`` has a line for each paragraph."""

    lang: str
    title: str
    text: str
    url: str = ""
    date: str = "2024-05-16"

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


STORIES = (
    Story(
        "zh",
        "两国元首在北京举行会谈",
        "国家主席十六日上午在人民大会堂同来访的总统举行会谈，双方就双边关系和共同关心的国际问题深入交换意见。\n"
        "两国元首签署了联合声明，宣布将在贸易、能源和农业等领域扩大合作，并且继续支持各自国家的企业。\n"
        "发言人对记者说：“我们希望看到更多的对话，而不是对抗。”会谈之后，他们一起出席了晚上的音乐会。",
    ),
    Story(
        "ru",
        "Лидеры двух стран встретились в Пекине",
        "Президент прибыл в столицу в четверг утром, и его встретил глава правительства вместе с министрами.\n"
        "После переговоров стороны подписали совместное заявление о торговле, энергетике и сельском хозяйстве.\n"
        "«Мы хотим больше разговоров и меньше споров», — сказал журналистам представитель делегации.",
    ),
    Story(
        "uk",
        "Лідери двох країн зустрілися в Пекіні",
        "Президент прибув до столиці у четвер уранці, і його зустрів голова уряду разом із міністрами.\n"
        "Після переговорів сторони підписали спільну заяву про торгівлю, енергетику й сільське господарство.\n"
        "«Ми хочемо більше розмов і менше суперечок», — сказав журналістам речник делегації, який їхав з ними.",
    ),
    Story(
        "en",
        "Leaders of two countries meet in Beijing",
        "The president arrived in the capital on Thursday morning and was received by the head of government.\n"
        "After the talks the two sides signed a joint statement on trade, energy and farming, worth £3bn.\n"
        "“We want more talking and less quarrelling,” a spokeswoman told reporters at a café near the square.",
    ),
    Story(
        "de",
        "Staatschefs zweier Länder treffen sich in Peking",
        "Der Präsident traf am Donnerstagmorgen in der Hauptstadt ein und wurde vom Regierungschef empfangen.\n"
        "Nach den Gesprächen unterzeichneten beide Seiten eine Erklärung über Handel, Energie und Landwirtschaft.\n"
        "„Wir möchten mehr miteinander reden und weniger streiten“, sagte eine Sprecherin vor der großen Halle.",
    ),
    Story(
        "fr",
        "Les dirigeants des deux pays se rencontrent à Pékin",
        "Le président est arrivé jeudi matin dans la capitale, où il a été reçu par le chef du gouvernement.\n"
        "Après les entretiens, les deux parties ont signé une déclaration sur le commerce, l'énergie et l'agriculture.\n"
        "« Nous voulons parler davantage et nous disputer moins », a déclaré la porte-parole, le cœur léger.",
    ),
)

_FILLER = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(12))


def page(story: Story, charset: str = "", *, lang: str | None = None, extra: str = "") -> str:
    """A page of a news site, with what stands around an article there."""
    declared = f'<meta charset="{charset}">' if charset else ""
    link = f'<link rel="canonical" href="{story.url}">' if story.url else ""
    body = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in story.lines)
    title = html.escape(story.title)
    return (
        f'<!DOCTYPE html><html lang="{story.lang if lang is None else lang}"><head>{declared}<title>{title}</title>'
        f'{link}<meta property="article:published_time" content="{story.date}T08:00:00+00:00">'
        f'<meta name="author" content="Ann Example"><script>var shown = "<p>nothing</p>";</script></head><body>'
        f"<nav><ul>{_FILLER}</ul></nav><article><h1>{title}</h1>{body}{extra}</article>"
        f"<footer><ul>{_FILLER}</ul></footer></body></html>"
    )


def mht(story: Story, charset: str = "utf-8") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "a page"
    message["Snapshot-Content-Location"] = story.url or "https://example.org/a"
    message.set_content(page(story), subtype="html", charset=charset, cte="base64")
    message.make_related()
    return message.as_bytes()


def rows(stories: Sequence[Story], header: Sequence[str]) -> list[list[str]]:
    return [
        [*header],
        *([story.date, story.title, story.text, "Village Echo", story.url] for story in stories),
    ]


def table(stories: Sequence[Story], delimiter: str = ",", header: Sequence[str] = ()) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows(rows(stories, header or ("date", "headline", "body", "source", "link")))
    return out.getvalue()


def objects(stories: Sequence[Story], *, inside: bool = False) -> str:
    found = [
        {"headline": story.title, "body": story.text, "published": story.date, "author": {"name": "Ann"}}
        for story in stories
    ]
    return json.dumps({"status": "ok", "data": {"articles": found}} if inside else found, ensure_ascii=False)


def feed(stories: Sequence[Story], charset: str = "") -> str:
    declared = f' encoding="{charset}"' if charset else ""
    items = "".join(
        f"<item><title>{html.escape(story.title)}</title><link>https://example.org/{number}</link>"
        f"<pubDate>Thu, 16 May 2024 08:00:00 GMT</pubDate><description>"
        f"{html.escape(''.join(f'<p>{html.escape(line)}</p>' for line in story.lines))}</description></item>"
        for number, story in enumerate(stories)
    )
    return (
        f'<?xml version="1.0"{declared}?><rss version="2.0"><channel><title>Echo</title>'
        f"<link>https://example.org/</link><description>-</description>{items}</channel></rss>"
    )


def atom(stories: Sequence[Story]) -> str:
    entries = "".join(
        f"<entry><title>{html.escape(story.title)}</title><id>urn:{number}</id><author><name>Ann</name></author>"
        f'<link href="https://example.org/{number}"/><updated>2024-05-16T08:00:00Z</updated>'
        f'<content type="html">{html.escape("".join(f"<p>{line}</p>" for line in story.lines))}</content></entry>'
        for number, story in enumerate(stories)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Echo</title>'
        f"<id>urn:f</id><updated>2024-05-16T08:00:00Z</updated>{entries}</feed>"
    )


def warc(stories: Sequence[Story], *, packed: bool = False, charset: str = "utf-8", named: str = "") -> bytes:
    out = io.BytesIO()
    for number, story in enumerate(stories):
        body = page(story).encode(charset, "xmlcharrefreplace")
        kind = f"text/html; charset={named}" if named else "text/html"
        http = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: "
            f"https://example.org/{number}\r\nWARC-Date: 2024-05-17T00:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        record = head.encode() + http + b"\r\n\r\n"
        out.write(gzip.compress(record) if packed else record)
    return out.getvalue()


def docx(story: Story) -> bytes:
    from docx import Document

    document = Document()
    document.core_properties.author = "Ann Example"
    document.add_heading(story.title, 0)
    for line in story.lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def epub(stories: Sequence[Story], chapter: Callable[[Story], bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
            for n in range(len(stories))
        )
        order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(stories)))
        book.writestr(
            "OPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            f"<dc:title>A year</dc:title><dc:creator>Ann Example</dc:creator><dc:language>en-US</dc:language>"
            f"<dc:date>2024-05-16</dc:date></metadata><manifest>{items}</manifest><spine>{order}</spine></package>",
        )
        for number, story in enumerate(stories):
            body = "".join(f"<p>{html.escape(line)}</p>" for line in story.lines)
            made = (
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
                f"<title>x</title></head><body><h1>{html.escape(story.title)}</h1>{body}</body></html>"
            ).encode()
            book.writestr(f"OPS/c {number}.xhtml", chapter(story) if chapter else made)
    return out.getvalue()


def xlsx(cells: Sequence[Sequence[str]]) -> bytes:
    lines = "".join(
        "<row>"
        + "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{html.escape(cell)}</t></is></c>' for cell in row
        )
        + "</row>"
        for row in cells
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{packages}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook {space} xmlns:r="{relations}"><sheets><sheet name="News" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{lines}</sheetData></worksheet>"
        )
    return out.getvalue()


def parquet(cells: Sequence[Sequence[str]]) -> bytes:
    import pyarrow
    from pyarrow import parquet as writer

    columns = {name: [row[place] for row in cells[1:]] for place, name in enumerate(cells[0])}
    out = io.BytesIO()
    writer.write_table(pyarrow.table(columns), out)
    return out.getvalue()


def picture() -> bytes:
    """A small PNG with a few words."""
    from PIL import Image, ImageDraw

    drawn = Image.new("L", (420, 60), 255)
    ImageDraw.Draw(drawn).text((10, 15), "Twenty ships waited in fog.", fill=0, font_size=26)
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def pdf(
    pages: Sequence[Sequence[tuple[float, float, str]]], *, text: bool = True, encrypted: bool = False
) -> bytes:
    """Pages of lines: each with the place of its left end, in points from below; the characters are 10 pt."""
    objects: list[bytes] = []

    def put(content: str | bytes) -> int:
        objects.append(content.encode() if isinstance(content, str) else content)
        return len(objects)

    def stream(content: bytes) -> bytes:
        return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)

    put("<< /Type /Catalog /Pages 2 0 R >>")
    put("")
    ranges = [f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(256)]
    blocks = "\n".join(
        f"{len(ranges[start : start + 100])} beginbfrange\n"
        + "\n".join(ranges[start : start + 100])
        + "\nendbfrange"
        for start in range(0, 256, 100)
    )
    unicode = put(
        stream(
            f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def "
            f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{blocks}\nendcmap end end".encode()
        )
    )
    described = put(
        "<< /Type /FontDescriptor /FontName /Own /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 "
        "/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    cid = put(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /DW 500 /W [11904 65535 1000] /CIDSystemInfo "
        f"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {described} 0 R >>"
    )
    font = put(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [{cid} 0 R] "
        f"/ToUnicode {unicode} 0 R >>"
    )
    kids = []
    for lines in pages:
        shown = "".join(
            f"BT /F1 10 Tf {left} {bottom} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
            for left, bottom, line in lines
        )
        content = put(stream(shown.encode() if text else b"0 0 100 100 re f"))
        kids.append(
            put(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
                f"/Resources << /Font << /F1 {font} 0 R >> >> >>"
            )
        )
    objects[1] = (
        f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    )
    about = put("<< /Title (A summit) /Author (Ann Example) >>")
    lock = ""
    if encrypted:
        key = put(f"<< /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >>")
        lock = f"/Encrypt {key} 0 R /ID [<00> <00>] "
    out = b"%PDF-1.7\n"
    places = []
    for number, made in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, made)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {about} 0 R {lock}>>\nstartxref\n{len(out)}\n%%EOF"
        ).encode()
    )


def typeset(lines: Sequence[str], width: int = 70) -> list[tuple[float, float, str]]:
    """Paragraphs broken into lines of so many characters, the first of each indented; for ``pdf``."""
    placed: list[tuple[float, float, str]] = []
    bottom = 780.0
    for paragraph in lines:
        wide = any(char > "\u2e80" for char in paragraph)
        for number, line in enumerate(_broken(paragraph, width // 2 if wide else width, wide)):
            placed.append((50.0 + 20 * (number == 0), bottom, line))
            bottom -= 14
    return placed


def _broken(text: str, width: int, wide: bool) -> list[str]:
    if wide:
        return [text[start : start + width] for start in range(0, len(text), width)]
    lines: list[str] = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) >= width and lines[-1]:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines

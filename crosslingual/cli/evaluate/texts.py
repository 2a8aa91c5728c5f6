"""``crosslingual evaluate`` for what is read: sentences, languages, copies."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from crosslingual.bar import Bar
from crosslingual.cli.evaluate.given import (
    FILE,
    from_option,
    limit_option,
    ref_option,
    src_option,
    to_option,
)
from crosslingual.cli.options import encoder_option
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", metavar="CODE", help="Language of the files (else guessed from the text).")
def segmentation(files: tuple[Path, ...], lang: str | None) -> None:
    """Sentence boundaries: lines of FILES joined, split again.

    Example: crosslingual evaluate segmentation zh_gsdsimp.test.txt
    """
    from crosslingual.evaluate.segmentation import evaluate_file

    scores = {}
    for path in files:
        found = evaluate_file(path, lang)
        scores[str(path)] = {"lang": found.lang, "sentences": found.sentences} | asdict(found.scores)
        click.echo(f"{path}: {found.lang}, {found.sentences} sentences: {found.scores}")
    click.echo(json.dumps(scores[str(files[0])] if len(files) == 1 else scores, ensure_ascii=False))


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@limit_option
def language(files: tuple[Path, ...], limit: int | None) -> None:
    """Languages told from sentences, from texts of five, and of quotations; a file's suffix is its language.

    "asked" is the share where the user would be asked.

    Example: crosslingual evaluate language ntrex.zh ntrex.ru ntrex.en
    """
    from crosslingual.evaluate import language as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.language.codes import language_code

    lines = {}
    for path in files:
        lang = path.suffix.removeprefix(".")
        if not language_code(lang) or lang in lines:
            raise InputError(f"{path}: name each file by its language, one of each, as in news.zh")
        lines[lang] = [line for line in read_lines(path)[:limit] if line.strip()]
    scores = {}
    for lang, own in lines.items():
        sentences, texts = measure.detection(own, lang), measure.detection(own, lang, 5)
        quoted = measure.quotations(lines, lang)
        click.echo(f"{lang}: {sentences}; of five: {texts}; {quoted}")
        scores[lang] = {
            "sentences": asdict(sentences) | {"accuracy": sentences.accuracy, "asked": sentences.asked},
            "texts": asdict(texts) | {"accuracy": texts.accuracy, "asked": texts.asked},
            "quotations": asdict(quoted) | {"recall": quoted.recall},
        }
    click.echo(json.dumps(scores))


@click.command(name="copies")
@src_option
@ref_option
@from_option
@to_option
@click.option("--documents", type=FILE, help="The document of each line, by name (default: ten lines each).")
@click.option("--news", multiple=True, type=FILE, help="Real articles to put beside them, as for add.")
@encoder_option
def copies(
    src: Path,
    ref: Path,
    src_lang: str,
    tgt_lang: str,
    documents: Path | None,
    news: tuple[Path, ...],
    encoder: str | None,
) -> None:
    """Copies found among articles made of parallel texts, with sentences changed and translated.

    Told are the pairs found of those planted, and the precision and recall of all; texts with 70 % of their
    sentences changed are no copies, nor are real articles.

    Example: crosslingual evaluate copies --src ntrex.zh --ref ntrex.en --from zh --to en
    --documents ntrex.docids --news articles.jsonl
    """
    from crosslingual.align.space import load_reader, load_space
    from crosslingual.evaluate import copies as measure
    from crosslingual.evaluate.lines import read_lines

    settings = Settings.load(encoder=encoder)
    planted = measure.plant(
        (read_lines(src), read_lines(ref)),
        (src_lang, tgt_lang),
        read_lines(documents) if documents else None,
    )
    with Bar() as bar:
        reader = load_reader(settings.encoder, settings.home)
        scores = measure.evaluate(
            planted, news, reader, load_space(settings.encoder, settings.home), progress=bar.show
        )
    for kind, (found, there) in scores.kinds.items():
        click.echo(f"{kind}: {found} of {there} found")
    click.echo(
        f"{scores.articles:,} articles, {scores.seconds} s: precision {scores.precision:.3f},"
        f" recall {scores.recall:.3f}, {scores.false} false"
    )
    click.echo(json.dumps(asdict(scores)))

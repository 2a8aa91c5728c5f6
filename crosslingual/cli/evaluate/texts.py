"""``crosslingual evaluate`` for what is read: sentences, languages, copies."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    FILE_TYPE,
    limit_option,
    ref_option,
    src_lang_option,
    src_option,
    tgt_lang_option,
)
from crosslingual.cli.options import encoder_option
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command("segmentation")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", metavar="CODE", help="Language of the files (else guessed from the text).")
def measure_segmentation(files: tuple[Path, ...], lang: str | None) -> None:
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


@click.command("language")
@click.argument("files", nargs=-1, required=True, type=FILE_TYPE)
@limit_option
def measure_language(files: tuple[Path, ...], limit: int | None) -> None:
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
        sentences, texts = measure.score_detection(own, lang), measure.score_detection(own, lang, 5)
        quoted = measure.score_quotations(lines, lang)
        click.echo(f"{lang}: {sentences}; of five: {texts}; {quoted}")
        scores[lang] = {
            "sentences": asdict(sentences)
            | {"accuracy": sentences.accuracy, "asked": sentences.undecided_share},
            "texts": asdict(texts) | {"accuracy": texts.accuracy, "asked": texts.undecided_share},
            "quotations": asdict(quoted) | {"recall": quoted.recall},
        }
    click.echo(json.dumps(scores))


@click.command("duplicates")
@src_option
@ref_option
@src_lang_option
@tgt_lang_option
@click.option(
    "--documents", type=FILE_TYPE, help="The document of each line, by name (default: ten lines each)."
)
@click.option("--news", multiple=True, type=FILE_TYPE, help="Real articles to put beside them, as for add.")
@encoder_option
def measure_duplicates(
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

    Example: crosslingual evaluate duplicates --src ntrex.zh --ref ntrex.en --from zh --to en
    --documents ntrex.docids --news articles.jsonl
    """
    from crosslingual.align.space import load_article_encoder, load_space
    from crosslingual.evaluate import duplicates as measure
    from crosslingual.evaluate.lines import read_lines

    settings = Settings.load(encoder=encoder)
    planted = measure.plant_duplicates(
        (read_lines(src), read_lines(ref)),
        (src_lang, tgt_lang),
        read_lines(documents) if documents else None,
    )
    with ProgressBar() as bar:
        reader = load_article_encoder(settings.encoder, settings.home)
        scores = measure.evaluate_duplicates(
            planted, news, reader, load_space(settings.encoder, settings.home), progress=bar.update
        )
    for kind, (found, there) in scores.kinds.items():
        click.echo(f"{kind}: {found} of {there} found")
    click.echo(
        f"{scores.articles:,} articles, {scores.seconds} s: precision {scores.precision:.3f},"
        f" recall {scores.recall:.3f}, {scores.false_positives} false"
    )
    click.echo(json.dumps(asdict(scores)))

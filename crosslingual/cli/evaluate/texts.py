"""``crosslingual evaluate`` for what is read: sentences, languages, duplicates."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    FILE_TYPE,
    limit_option,
    measure_options,
    pair_options,
)
from crosslingual.cli.options import encoder_option
from crosslingual.cli.printing import print_scores
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command("segmentation")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lang", metavar="CODE", help="Language of the files (else guessed from the text).")
@measure_options
def measure_segmentation(files: tuple[Path, ...], lang: str | None, form: str) -> None:
    """Sentence boundaries: lines of FILES joined, split again.

    Example: crosslingual evaluate segmentation zh_gsdsimp.test.txt
    """
    from crosslingual.evaluate.segmentation import evaluate_file

    scores, lines = {}, []
    for path in files:
        found = evaluate_file(path, lang)
        scores[str(path)] = {"lang": found.lang, "sentences": found.sentences} | asdict(found.scores)
        lines.append(f"{path}: {found.lang}, {found.sentences} sentences: {found.scores}")
    print_scores(form, lines, scores[str(files[0])] if len(files) == 1 else scores)


@click.command("language")
@click.argument("files", nargs=-1, required=True, type=FILE_TYPE)
@limit_option
@measure_options
def measure_language(files: tuple[Path, ...], limit: int | None, form: str) -> None:
    """Languages detected in sentences and quotations.

    Texts of five sentences are measured too. A file's suffix is its language. "asked" is the share where the
    user would be asked.

    Example: crosslingual evaluate language ntrex.zh ntrex.ru ntrex.en
    """
    from crosslingual.evaluate import language as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.language.codes import language_code

    texts_by_lang = {}
    for path in files:
        lang = path.suffix.removeprefix(".")
        if not language_code(lang) or lang in texts_by_lang:
            raise InputError(f"{path}: name each file by its language, one of each, as in news.zh")
        texts_by_lang[lang] = [line for line in read_lines(path)[:limit] if line.strip()]
    scores, lines = {}, []
    for lang, texts in texts_by_lang.items():
        single, of_five = measure.score_detection(texts, lang), measure.score_detection(texts, lang, 5)
        quoted = measure.score_quotations(texts_by_lang, lang)
        lines.append(f"{lang}: {single}; of five: {of_five}; {quoted}")
        scores[lang] = {
            "sentences": asdict(single) | {"accuracy": single.accuracy, "asked": single.undecided_share},
            "texts": asdict(of_five) | {"accuracy": of_five.accuracy, "asked": of_five.undecided_share},
            "quotations": asdict(quoted) | {"recall": quoted.recall},
        }
    print_scores(form, lines, scores)


@click.command("duplicates")
@pair_options
@click.option(
    "--documents", type=FILE_TYPE, help="The document of each line, by name (default: ten lines each)."
)
@click.option("--news", multiple=True, type=FILE_TYPE, help="Real articles to put beside them, as for add.")
@encoder_option
@measure_options
def measure_duplicates(
    src: Path,
    ref: Path,
    src_lang: str,
    tgt_lang: str,
    documents: Path | None,
    news: tuple[Path, ...],
    encoder: str | None,
    form: str,
) -> None:
    """Duplicates found among articles made of parallel texts.

    Sentences of these are changed and translated. The figures are the pairs found of those planted, and the
    precision and recall of all; texts with 70 % of their sentences changed are no duplicates, nor are real
    articles.

    Example: crosslingual evaluate duplicates --src a.zh --ref a.en --src-lang zh --tgt-lang en
    --documents a.docids --news articles.jsonl
    """
    from crosslingual.align.space import load_space
    from crosslingual.embeddings.article_encoder import ArticleEncoder
    from crosslingual.evaluate import duplicates as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.model_store import load_encoder

    settings = Settings.load(encoder=encoder)
    planted = measure.plant_duplicates(
        (read_lines(src), read_lines(ref)),
        (src_lang, tgt_lang),
        read_lines(documents) if documents else None,
    )
    space = load_space(settings.encoder, settings.home)
    article_encoder = ArticleEncoder(load_encoder(settings.encoder, settings.home), space.tokens, space.judge)
    with ProgressBar() as bar:
        scores = measure.evaluate_duplicates(planted, news, article_encoder, space, progress=bar.update)
    print_scores(
        form,
        [
            *(f"{kind}: {found} of {total} found" for kind, (found, total) in scores.kinds.items()),
            f"{scores.articles:,} articles, {scores.seconds} s: precision {scores.precision:.3f},"
            f" recall {scores.recall:.3f}, {scores.false_positives} false",
        ],
        asdict(scores),
    )

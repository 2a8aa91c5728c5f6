"""``crosslingual evaluate``: one command per measure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosslingual.bar import Bar
from crosslingual.cli.options import encoder_option, probability
from crosslingual.errors import InputError, ModelError
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.encode import Encoder
    from crosslingual.types import FloatArray

_FILE = click.Path(path_type=Path)
_src = click.option("--src", required=True, type=_FILE, help="Sentences, one a line.")
_ref = click.option("--ref", required=True, type=_FILE, help="Their translations by people, line by line.")
_from = click.option("--from", "src_lang", required=True, metavar="CODE", help="Language of --src.")
_to = click.option("--to", "tgt_lang", required=True, metavar="CODE", help="Language of --ref.")
_limit = click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N lines (default: all)."
)


@click.group()
def evaluate() -> None:
    """Measure quality on gold data; the last line of every command is JSON."""


@evaluate.command()
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


@evaluate.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@_limit
def language(files: tuple[Path, ...], limit: int | None) -> None:
    """Languages told from sentences, from texts of five, and of quotations; a file's suffix is its language.

    "asked" is the share where the user would be asked.

    Example: crosslingual evaluate language ntrex.zh ntrex.ru ntrex.en
    """
    from crosslingual.evaluate import language as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.ingest.record import language_code

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


@evaluate.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the predictions here.")
@click.option(
    "--threshold",
    type=float,
    callback=probability,
    help="Probability from which sentences stand together.",
)
@encoder_option
def statements(file: Path, out: Path | None, threshold: float | None, encoder: str | None) -> None:
    """Links and omissions of the statement table against gold statements.

    Without --threshold where they are best, .5; "shown" is what the app shows by default, by languages.

    Example: crosslingual evaluate statements corpora/gold/beijing-summit.jsonl --out predicted.jsonl
    """
    from crosslingual.align.matching import LIKELY
    from crosslingual.align.space import load_space
    from crosslingual.comparison import SURE
    from crosslingual.evaluate import statements as measure
    from crosslingual.evaluate.calibration import calibrate
    from crosslingual.models import load_encoder

    settings = Settings.load(encoder=encoder)
    gold = measure.read_events(file)
    with Bar() as bar:
        model = load_encoder(settings.encoder, settings.home)
        space = load_space(settings.encoder, settings.home)
        bonds = measure.predict(gold, model, space, progress=partial(bar.show, "encoding"))
    level = LIKELY if threshold is None else threshold
    predicted = [measure.groups_at(event, own, level) for event, own in zip(gold, bonds, strict=True)]
    if out:
        measure.write_predictions(out, gold, predicted)
    scores = measure.score(gold, predicted)
    shown = calibrate(gold, bonds, SURE)
    for name, found in scores.items():
        click.echo(f"{name} at {level}: {found}")
    for pair, one in shown.items():
        click.echo(f"{pair}: calibration error {one.error:.4f}, at {SURE} precision {one.precision:.4f}")
    click.echo(
        json.dumps(
            {"events": len(gold), "threshold": level}
            | {name: asdict(found) for name, found in scores.items()}
            | {"shown": {"threshold": SURE, "pairs": {pair: asdict(one) for pair, one in shown.items()}}}
        )
    )


@evaluate.command()
@click.option("--src", multiple=True, required=True, type=_FILE, help="Sentences, one a line.")
@click.option("--tgt", multiple=True, required=True, type=_FILE, help="Those of the translation.")
@click.option("--gold", multiple=True, required=True, type=_FILE, help="Alignments such as [0]:[0, 1].")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
def alignment(
    src: tuple[Path, ...],
    tgt: tuple[Path, ...],
    gold: tuple[Path, ...],
    src_lang: str | None,
    tgt_lang: str | None,
    encoder: str | None,
) -> None:
    """Order-keeping alignments of translations against gold ones, several texts counted together.

    Example: crosslingual evaluate alignment --src a.zh --tgt a.en --gold a.align --src b.zh --tgt b.en
    --gold b.align
    """
    from crosslingual.align.space import load_space
    from crosslingual.evaluate import alignment as measure
    from crosslingual.models import load_encoder

    if not len(src) == len(tgt) == len(gold):
        raise InputError(f"{len(src)} --src, {len(tgt)} --tgt, {len(gold)} --gold: give as many of each")
    settings = Settings.load(encoder=encoder)
    bitexts = [measure.read_bitext(*paths) for paths in zip(src, tgt, gold, strict=True)]
    langs = (
        src_lang or _language(src, [line for bitext in bitexts for line in bitext.src]),
        tgt_lang or _language(tgt, [line for bitext in bitexts for line in bitext.tgt]),
    )
    model, space = load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home)
    predicted = []
    with Bar() as bar:
        for done, bitext in enumerate(bitexts):
            bar.show("aligning", done, len(bitexts))
            predicted.append(measure.predict(bitext, *langs, model, space))
    scores = measure.score([bitext.gold for bitext in bitexts], predicted)
    click.echo(f"strict: {scores.strict}\nlax: {scores.lax}")
    click.echo(json.dumps({"src_lang": langs[0], "tgt_lang": langs[1], **asdict(scores)}))


@evaluate.command()
@click.option("--src", required=True, type=_FILE, help="Sentences, one a line, in any order.")
@click.option("--tgt", required=True, type=_FILE, help="Sentences of the other language.")
@click.option("--gold", required=True, type=_FILE, help="Pairs of line numbers from 1, a tab between.")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
def mining(
    src: Path, tgt: Path, gold: Path, src_lang: str | None, tgt_lang: str | None, encoder: str | None
) -> None:
    """Translations found among unordered sentences, most of which may have none.

    Example: crosslingual evaluate mining --src news.zh --tgt news.en --gold pairs.tsv
    """
    from crosslingual.evaluate import mining as measure

    one, other = _centred(((src, src_lang), (tgt, tgt_lang)), encoder)
    pairs = measure.read_pairs(gold, len(one), len(other))
    scores = measure.score(measure.mine(one, other), pairs)
    click.echo(f"best: {scores.best} at {scores.best_threshold:.3f}")
    click.echo(f"shipped: {scores.shipped} at {scores.threshold:.3f}")
    click.echo(json.dumps(asdict(scores)))


@evaluate.command()
@click.option("--src", required=True, type=_FILE, help="Sentences, one a line.")
@click.option("--tgt", required=True, type=_FILE, help="Their translations, line by line.")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
def retrieval(src: Path, tgt: Path, src_lang: str | None, tgt_lang: str | None, encoder: str | None) -> None:
    """Whether a sentence's nearest in line-parallel files is its translation, by cosine and by margin.

    Example: crosslingual evaluate retrieval --src flores.zh --tgt flores.en
    """
    from crosslingual.evaluate.retrieval import retrieval_scores

    scores = retrieval_scores(*_centred(((src, src_lang), (tgt, tgt_lang)), encoder))
    click.echo(f"{scores.sentences} sentences\ncosine: {scores.cosine}\nmargin: {scores.margin}")
    click.echo(json.dumps(asdict(scores)))


@evaluate.command()
@_src
@_ref
@_from
@_to
@_limit
@encoder_option
def doubts(
    src: Path, ref: Path, src_lang: str, tgt_lang: str, limit: int | None, encoder: str | None
) -> None:
    """Doubts raised on human translations, half of them with a fault planted.

    "named" is the share that raised the doubt that is meant for the fault; "limits" is what these files
    would have for lengths and cosines.

    Example: crosslingual evaluate doubts --src ntrex.zh --ref ntrex.en --from zh --to en
    """
    from crosslingual.evaluate import doubts as measure

    sides, model, space = _sides(src, ref, encoder)
    with Bar() as bar:
        scores = measure.evaluate(
            *sides, (src_lang, tgt_lang), model, space, limit=limit, progress=partial(bar.show, "encoding")
        )
    click.echo(f"{scores.planted} planted, {scores.untouched} untouched: precision {scores.precision:.3f}")
    for kind, found in scores.recall.items():
        click.echo(f"{kind}: {found.planted} planted, recall {found.recall:.3f}, named {found.named:.3f}")
    alarms = ", ".join(f"{code} {count}" for code, count in scores.alarms.items())
    click.echo(f"false alarms: {scores.false_alarms:.3f}" + (f" ({alarms})" if alarms else ""))
    own = scores.limits
    click.echo(f"limits: ratio {own.ratio:.2f}, off {own.off:.1f}, cosine {own.cosine:.2f}")
    click.echo(json.dumps(asdict(scores)))


@evaluate.command()
@_src
@_ref
@_from
@_to
@click.option("--engine", metavar="NAME", help="Engine, by name or path (default: the first that fits).")
@_limit
@encoder_option
def translation(
    src: Path,
    ref: Path,
    src_lang: str,
    tgt_lang: str,
    engine: str | None,
    limit: int | None,
    encoder: str | None,
) -> None:
    """An installed engine's translations against human ones: chrF, BLEU, speed, and how many are doubted.

    Example: crosslingual evaluate translation --src ntrex.zh --ref ntrex.en --from zh --to en --limit 200
    """
    from crosslingual.evaluate import translation as measure
    from crosslingual.models.translators import load_engines
    from crosslingual.translate.argos import needed
    from crosslingual.translate.engine import choose

    settings = Settings.load(encoder=encoder, translators=engine)
    chosen = choose(load_engines(settings.engines, settings.home), src_lang, tgt_lang)
    if chosen is None:
        raise ModelError(
            f"{engine or settings.translators}: nothing installed that translates {src_lang} to {tgt_lang}; "
            f"run: crosslingual models install {' '.join(needed([src_lang], tgt_lang))}"
        )
    sides, model, space = _sides(src, ref, encoder)
    with Bar() as bar:
        scores = measure.evaluate(
            chosen,
            *sides,
            (src_lang, tgt_lang),
            model,
            space,
            limit=limit,
            progress=partial(bar.show, "translating"),
        )
    counts = ", ".join(f"{code} {count}" for code, count in scores.doubts.items())
    click.echo(f"{scores.engine} ({scores.version}): {scores.sentences} sentences")
    click.echo(
        f"chrF {scores.chrf:.1f} ({scores.chrf_signature})\nBLEU {scores.bleu:.1f} ({scores.bleu_signature})"
    )
    click.echo(f"{scores.per_second:.2f} sentences a second, the loading of the model included")
    click.echo(f"doubted: {scores.doubted:.3f}" + (f" ({counts})" if counts else ""))
    click.echo(json.dumps(asdict(scores)))


def _sides(src: Path, ref: Path, encoder: str | None) -> tuple[tuple[list[str], list[str]], Encoder, Space]:
    from crosslingual.align.space import load_space
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.models import load_encoder

    sides = read_lines(src), read_lines(ref)
    settings = Settings.load(encoder=encoder)
    return sides, load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home)


def _centred(sides: Iterable[tuple[Path, str | None]], encoder: str | None) -> list[FloatArray]:
    from crosslingual.align.space import load_space
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.models import load_encoder

    settings = Settings.load(encoder=encoder)
    read = [(path, read_lines(path), lang) for path, lang in sides]
    model, space = load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home)
    with Bar() as bar:
        return [
            space.centred(
                model.encode(lines, progress=partial(bar.show, f"encoding {path}")),
                lang or _language([path], lines),
            )
            for path, lines, lang in read
        ]


def _language(paths: Iterable[Path], lines: Sequence[str]) -> str:
    from crosslingual.ingest.language import detect

    lang = detect("\n".join(lines)[:100_000])
    if lang is None:
        names = ", ".join(map(str, paths))
        raise InputError(f"{names}: cannot tell the language; give it with --src-lang and --tgt-lang")
    return lang

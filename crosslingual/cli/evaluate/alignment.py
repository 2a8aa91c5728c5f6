"""``crosslingual evaluate`` for what is aligned: statements, translations, bitext, retrieval."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    FILE_TYPE,
    encode_centered,
    require_language,
)
from crosslingual.cli.options import check_probability, encoder_option
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command("statements")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the predictions here.")
@click.option(
    "--threshold",
    type=float,
    callback=check_probability,
    help="Probability from which sentences stand together (default: what the app shows).",
)
@encoder_option
def measure_statements(
    files: tuple[Path, ...], out: Path | None, threshold: float | None, encoder: str | None
) -> None:
    """Links, omissions and rows of the statement table against gold statements or labelled links.

    Example: crosslingual evaluate statements corpora/gold/beijing-summit.jsonl --out predicted.jsonl
    """
    from crosslingual.align.space import load_space
    from crosslingual.compare.statements import DEFAULT_THRESHOLD, MIN_PERHAPS_PROBABILITY
    from crosslingual.evaluate import statements as measure
    from crosslingual.evaluate.calibration import calibrate_by_languages, measure_confidence
    from crosslingual.model_store import load_encoder

    settings = Settings.load(encoder=encoder)
    gold = [event for file in files for event in measure.read_events(file)]
    with ProgressBar() as bar:
        model = load_encoder(settings.encoder, settings.home)
        space = load_space(settings.encoder, settings.home)
        found = measure.predict_events(gold, model, space, progress=partial(bar.update, "encoding"))
    level = DEFAULT_THRESHOLD if threshold is None else threshold
    predicted = [
        measure.statements_at_threshold(event, own.merge_edges, level)
        for event, own in zip(gold, found, strict=True)
    ]
    if out:
        measure.write_predictions(out, gold, predicted)
    scores = measure.score_statements(gold, predicted)
    pairs = measure.score_by_languages(gold, predicted)
    events = {
        event.event: measure.score_statements([event], [groups])["links"]
        for event, groups in zip(gold, predicted, strict=True)
    }
    values = measure.count_value_links(gold, predicted)
    shown = calibrate_by_languages(gold, [own.merge_edges for own in found], level)
    sure, rows = (
        measure_confidence(gold, found, MIN_PERHAPS_PROBABILITY, level),
        measure.score_rows(gold, predicted),
    )
    for name, one in (*((f"links of {event}", one) for event, one in events.items()), *pairs.items()):
        click.echo(f"{name}: {one}")
    for pair, told in shown.items():
        click.echo(f"{pair}: calibration error {told.error:.4f}, precision {told.precision:.4f}")
    for name, one in scores.items():
        click.echo(f"{name} at {level}: {one}")
    click.echo(f"sureness: {sure}\nrows: {rows}\nlinks of other values found: {values[0]} of {values[1]}")
    click.echo(
        json.dumps(
            {"events": len(gold), "threshold": level}
            | {name: asdict(one) for name, one in scores.items()}
            | {"other_values": {"found": values[0], "of": values[1]}}
            | {"sureness": asdict(sure), "rows": asdict(rows)}
            | {"pairs": {pair: asdict(one) for pair, one in pairs.items()}}
            | {"shown": {"threshold": level, "pairs": {pair: asdict(one) for pair, one in shown.items()}}}
            | {"by_event": {event: asdict(one) for event, one in events.items()}}
        )
    )


@click.command("alignment")
@click.option("--src", multiple=True, required=True, type=FILE_TYPE, help="Sentences, one a line.")
@click.option("--tgt", multiple=True, required=True, type=FILE_TYPE, help="Those of the translation.")
@click.option("--gold", multiple=True, required=True, type=FILE_TYPE, help="Alignments such as [0]:[0, 1].")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
def measure_alignment(
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
    from crosslingual.model_store import load_encoder

    if not len(src) == len(tgt) == len(gold):
        raise InputError(f"{len(src)} --src, {len(tgt)} --tgt, {len(gold)} --gold: give as many of each")
    settings = Settings.load(encoder=encoder)
    bitexts = [measure.read_bitext(*paths) for paths in zip(src, tgt, gold, strict=True)]
    langs = (
        src_lang or require_language(src, [line for bitext in bitexts for line in bitext.src]),
        tgt_lang or require_language(tgt, [line for bitext in bitexts for line in bitext.tgt]),
    )
    model, space = load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home)
    predicted = []
    with ProgressBar() as bar:
        for done, bitext in enumerate(bitexts):
            bar.update("aligning", done, len(bitexts))
            predicted.append(measure.predict_beads(bitext, *langs, model, space))
    scores = measure.score_alignments([bitext.gold for bitext in bitexts], predicted)
    click.echo(f"strict: {scores.strict}\nlax: {scores.lax}")
    click.echo(json.dumps({"src_lang": langs[0], "tgt_lang": langs[1], **asdict(scores)}))


@click.command("mining")
@click.option("--src", required=True, type=FILE_TYPE, help="Sentences, one a line, in any order.")
@click.option("--tgt", required=True, type=FILE_TYPE, help="Sentences of the other language.")
@click.option("--gold", required=True, type=FILE_TYPE, help="Pairs of line numbers from 1, a tab between.")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
def measure_mining(
    src: Path, tgt: Path, gold: Path, src_lang: str | None, tgt_lang: str | None, encoder: str | None
) -> None:
    """Translations found among unordered sentences, most of which may have none.

    Example: crosslingual evaluate mining --src news.zh --tgt news.en --gold pairs.tsv
    """
    from crosslingual.evaluate import mining as measure

    one, other = encode_centered(((src, src_lang), (tgt, tgt_lang)), encoder)
    pairs = measure.read_pairs(gold, len(one), len(other))
    scores = measure.score_mining(measure.mine_pairs(one, other), pairs)
    click.echo(f"best: {scores.best} at {scores.best_threshold:.3f}")
    click.echo(f"shipped: {scores.shipped} at {scores.threshold:.3f}")
    click.echo(json.dumps(asdict(scores)))


@click.command("retrieval")
@click.option("--src", required=True, type=FILE_TYPE, help="Sentences, one a line.")
@click.option("--tgt", required=True, type=FILE_TYPE, help="Their translations, line by line.")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
def measure_retrieval(
    src: Path, tgt: Path, src_lang: str | None, tgt_lang: str | None, encoder: str | None
) -> None:
    """Whether a sentence's nearest in line-parallel files is its translation, by cosine and by margin.

    Example: crosslingual evaluate retrieval --src flores.zh --tgt flores.en
    """
    from crosslingual.evaluate.retrieval import retrieval_scores

    scores = retrieval_scores(*encode_centered(((src, src_lang), (tgt, tgt_lang)), encoder))
    click.echo(f"{scores.sentences} sentences\ncosine: {scores.cosine}\nmargin: {scores.margin}")
    click.echo(json.dumps(asdict(scores)))

"""``crosslingual evaluate`` for what is aligned: statements, translations, bitext, retrieval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from crosslingual.cli.evaluate.given import (
    FILE_TYPE,
    encode_centered,
    measure_options,
    require_language,
)
from crosslingual.cli.options import check_probability, encoder_option
from crosslingual.cli.printing import print_scores
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
@measure_options
def measure_statements(
    files: tuple[Path, ...], out: Path | None, threshold: float | None, encoder: str | None, form: str
) -> None:
    """Statements against gold statements or labelled links.

    The figures are of links, omissions and rows of the statement table.

    Example: crosslingual evaluate statements corpora/gold/beijing-summit.jsonl --out predicted.jsonl
    """
    from crosslingual.align.space import load_space
    from crosslingual.compare.statements import DEFAULT_THRESHOLD, MIN_PERHAPS_PROBABILITY
    from crosslingual.evaluate import statements as measure
    from crosslingual.evaluate.calibration import calibrate_by_languages, measure_confidence
    from crosslingual.evaluate.gold_events import read_events, write_predictions
    from crosslingual.model_store import load_encoder

    settings = Settings.load(encoder=encoder)
    gold = [event for file in files for event in read_events(file)]
    with ProgressBar() as bar:
        model = load_encoder(settings.encoder, settings.home)
        space = load_space(settings.encoder, settings.home)
        predictions = measure.predict_events(gold, model, space, progress=partial(bar.update, "encoding"))
    level = DEFAULT_THRESHOLD if threshold is None else threshold
    predicted = [
        measure.statements_at_threshold(event, prediction.merge_edges, level)
        for event, prediction in zip(gold, predictions, strict=True)
    ]
    if out:
        write_predictions(out, gold, predicted)
    scores = measure.score_statements(gold, predicted)
    pairs = measure.score_by_languages(gold, predicted)
    events = {
        event.event: measure.score_statements([event], [groups])["links"]
        for event, groups in zip(gold, predicted, strict=True)
    }
    n_found, n_other_values = measure.count_value_links(gold, predicted)
    calibration = calibrate_by_languages(gold, [prediction.merge_edges for prediction in predictions], level)
    sureness = measure_confidence(gold, predictions, MIN_PERHAPS_PROBABILITY, level)
    rows = measure.score_rows(gold, predicted)
    print_scores(
        form,
        [
            *(f"links of {event}: {score}" for event, score in events.items()),
            *(f"{pair}: {score}" for pair, score in pairs.items()),
            *(
                f"{pair}: calibration error {error.error:.4f}, precision {error.precision:.4f}"
                for pair, error in calibration.items()
            ),
            *(f"{name} at {level}: {score}" for name, score in scores.items()),
            f"sureness: {sureness}",
            f"rows: {rows}",
            f"links of other values found: {n_found} of {n_other_values}",
        ],
        {"events": len(gold), "threshold": level}
        | _to_objects(scores)
        | {"other_values": {"found": n_found, "of": n_other_values}}
        | {"sureness": asdict(sureness), "rows": asdict(rows)}
        | {"pairs": _to_objects(pairs)}
        | {"shown": {"threshold": level, "pairs": _to_objects(calibration)}}
        | {"by_event": _to_objects(events)},
    )


def _to_objects(scores: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asdict(score) for name, score in scores.items()}


@click.command("alignment")
@click.option("--src", multiple=True, required=True, type=FILE_TYPE, help="Sentences, one a line.")
@click.option("--tgt", multiple=True, required=True, type=FILE_TYPE, help="Those of the translation.")
@click.option("--gold", multiple=True, required=True, type=FILE_TYPE, help="Alignments such as [0]:[0, 1].")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
@measure_options
def measure_alignment(
    src: tuple[Path, ...],
    tgt: tuple[Path, ...],
    gold: tuple[Path, ...],
    src_lang: str | None,
    tgt_lang: str | None,
    encoder: str | None,
    form: str,
) -> None:
    """Alignments of translations against gold ones.

    They keep the order of sentences. Several texts are counted together.

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
    print_scores(
        form,
        [f"strict: {scores.strict}", f"lax: {scores.lax}"],
        {"src_lang": langs[0], "tgt_lang": langs[1], **asdict(scores)},
    )


@click.command("mining")
@click.option("--src", required=True, type=FILE_TYPE, help="Sentences, one a line, in any order.")
@click.option("--tgt", required=True, type=FILE_TYPE, help="Sentences of the other language.")
@click.option("--gold", required=True, type=FILE_TYPE, help="Pairs of line numbers from 1, a tab between.")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
@measure_options
def measure_mining(
    src: Path,
    tgt: Path,
    gold: Path,
    src_lang: str | None,
    tgt_lang: str | None,
    encoder: str | None,
    form: str,
) -> None:
    """Translations found among unordered sentences.

    Most sentences may have none.

    Example: crosslingual evaluate mining --src news.zh --tgt news.en --gold pairs.tsv
    """
    from crosslingual.evaluate import mining as measure

    src_vectors, tgt_vectors = encode_centered(((src, src_lang), (tgt, tgt_lang)), encoder)
    pairs = measure.read_pairs(gold, len(src_vectors), len(tgt_vectors))
    scores = measure.score_mining(measure.mine_pairs(src_vectors, tgt_vectors), pairs)
    print_scores(
        form,
        [
            f"best: {scores.best} at {scores.best_threshold:.3f}",
            f"shipped: {scores.shipped} at {scores.threshold:.3f}",
        ],
        asdict(scores),
    )


@click.command("retrieval")
@click.option("--src", required=True, type=FILE_TYPE, help="Sentences, one a line.")
@click.option("--tgt", required=True, type=FILE_TYPE, help="Their translations, line by line.")
@click.option("--src-lang", metavar="CODE", help="Language of --src (else it is detected).")
@click.option("--tgt-lang", metavar="CODE", help="Language of --tgt (else it is detected).")
@encoder_option
@measure_options
def measure_retrieval(
    src: Path, tgt: Path, src_lang: str | None, tgt_lang: str | None, encoder: str | None, form: str
) -> None:
    """Whether a sentence's nearest is its translation.

    The files are line-parallel. The nearest is found by cosine and by margin.

    Example: crosslingual evaluate retrieval --src flores.zh --tgt flores.en
    """
    from crosslingual.evaluate.retrieval import retrieval_scores

    scores = retrieval_scores(*encode_centered(((src, src_lang), (tgt, tgt_lang)), encoder))
    print_scores(
        form,
        [f"{scores.sentences} sentences", f"cosine: {scores.cosine}", f"margin: {scores.margin}"],
        asdict(scores),
    )

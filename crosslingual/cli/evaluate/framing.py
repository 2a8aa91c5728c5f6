"""``crosslingual evaluate`` for what differs between sources: divergence, axes, policy frames."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    FILE_TYPE,
    encode_parallel,
    measure_options,
)
from crosslingual.cli.options import encoder_option
from crosslingual.cli.printing import print_scores
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command("divergence")
@click.argument("file", type=FILE_TYPE)
@encoder_option
@measure_options
def measure_divergence(file: Path, encoder: str | None, form: str) -> None:
    """Differences found: planted ones, or such as people marked.

    FILE has a pair a line: src_lang, src, tgt_lang, tgt, the kind planted into tgt ("none": untouched) and
    its span, two offsets or null. The figures are the area under the ROC curve of each kind against untouched
    pairs, the share of planted spans that a highlight overlaps, and that of words highlighted in untouched
    pairs, on both sides; a word of Chinese is a piece of the encoder's.

    Or FILE is REFreSD_rationale of REFreSD, or a gold file of SwissGov-RSD (subset, text_a, text_b, labels_a,
    labels_b): then the figures say how well pairs and tokens that differ are told, beside the encoder's cosine.

    Example: crosslingual evaluate divergence ntrex.zh-en.jsonl
    """
    from crosslingual.align.space import load_space
    from crosslingual.evaluate import divergence as measure
    from crosslingual.evaluate.labelled_divergence import is_labelled
    from crosslingual.framing.word_vectors import WordEncoder
    from crosslingual.model_store import load_encoder

    settings = Settings.load(encoder=encoder)
    if is_labelled(file):
        _measure_labelled(file, settings, form)
        return
    pairs = measure.read_planted(file)
    space = load_space(settings.encoder, settings.home)
    with ProgressBar() as bar:
        aligner = WordEncoder(load_encoder(settings.encoder, settings.home), space.tokens)
        scores = measure.evaluate_divergence(pairs, aligner, progress=partial(bar.update, "encoding"))
    print_scores(
        form,
        [
            *(f"{kind}: {auc:.4f}" for kind, auc in scores.auc.items()),
            f"{scores.span_hit:.1%} of spans hit, {scores.marked_untouched:.1%} of untouched words marked",
        ],
        {"pairs": len(pairs), **asdict(scores)},
    )


def _measure_labelled(file: Path, settings: Settings, form: str) -> None:
    from crosslingual.align.space import load_space
    from crosslingual.evaluate.human_divergence import evaluate_human_divergence
    from crosslingual.evaluate.labelled_divergence import read_labelled_pairs
    from crosslingual.framing.word_vectors import WordEncoder
    from crosslingual.model_store import load_encoder

    pairs = read_labelled_pairs(file)
    space = load_space(settings.encoder, settings.home)
    loaded = load_encoder(settings.encoder, settings.home)
    with ProgressBar() as bar:
        scores = evaluate_human_divergence(
            pairs, loaded, space, WordEncoder(loaded, space.tokens), progress=partial(bar.update, "encoding")
        )
    lines = [
        f"pairs, {name}: AUC {own.auc:.3f}, AP {own.average_precision:.3f}, F1 {own.f1_weighted:.3f}"
        f" (equivalent {own.f1_equivalent:.3f}, divergent {own.f1_divergent:.3f}){_format_lead(own.ahead)}"
        for name, own in scores.pairs.items()
    ]
    lines += [
        f"tokens, {name}: Spearman {own.spearman:.3f}, F1 divergent {own.f1_divergent:.3f}, equal {own.f1_equal:.3f},"
        f" product {own.f1_product:.3f}{_format_lead(own.ahead)}"
        for name, own in scores.tokens.items()
    ]
    print_scores(form, lines, asdict(scores))


def _format_lead(ahead: tuple[float, float, float] | None) -> str:
    return "; {:+.3f} [{:+.3f}, {:+.3f}] against the cosine".format(*ahead) if ahead else ""


@click.command("axes")
@click.argument("files", nargs=-1, required=True, type=FILE_TYPE)
@click.option(
    "--documents", type=FILE_TYPE, help="The name of each line's document (default: every 10 lines)."
)
@click.option("--axes", "listed", type=FILE_TYPE, help="Another list of axes than the shipped one.")
@encoder_option
@measure_options
def measure_axes(
    files: tuple[Path, ...], documents: Path | None, listed: Path | None, encoder: str | None, form: str
) -> None:
    """Whether axes score translations of a text alike.

    Measured too is whether the poles of an axis say what they mean.

    FILES are line-parallel, their languages the endings of their names.

    Example: crosslingual evaluate axes ntrex.zh ntrex.ru ntrex.en --documents ntrex.docids
    """
    from crosslingual.evaluate import axes as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.framing.axes import AXES_PATH, load_axes

    poles = load_axes(listed or AXES_PATH)
    texts, space, model = encode_parallel(files, encoder)
    size = len(next(iter(texts.values())))
    names = (
        read_lines(documents)
        if documents
        else [str(line // measure.LINES_PER_DOCUMENT) for line in range(size)]
    )
    if len(names) != size:
        raise InputError(f"{documents}: {len(names)} lines for {size} of text; give one a line")
    if len(set(names)) < 3:
        raise InputError(f"{len(set(names))} documents are too few to measure a spread; give more text")
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    scores = measure.evaluate_axes(poles, space, model.encode, texts, [numbers[name] for name in names])
    print_scores(
        form,
        [
            f"{name}: {'passed' if score.passed else 'FAILED'}; apart {score.difference:.3f} of the spread "
            f"({score.standardized_difference:.2f} standard deviations, r {score.correlation:.2f}); left-out pairs "
            f"in order {score.order:.2f}; {score.rival} moves it {score.rivalry:.2f} as much as its own"
            for name, score in scores.items()
        ],
        {name: asdict(score) for name, score in scores.items()},
    )


@click.command("frames")
@click.argument("files", nargs=-1, required=True, type=FILE_TYPE)
@encoder_option
@measure_options
def measure_frames(files: tuple[Path, ...], encoder: str | None, form: str) -> None:
    """Whether policy frames are the same across languages.

    FILES are line-parallel, their languages the endings of their names.

    Example: crosslingual evaluate frames ntrex.zh ntrex.ru ntrex.en
    """
    from crosslingual.evaluate.frames import evaluate_frames
    from crosslingual.framing.policy import fit_frame_model, load_frames

    texts, space, model = encode_parallel(files, encoder)
    scores = evaluate_frames(fit_frame_model(load_frames(), space, model.encode), texts)
    print_scores(
        form,
        [
            f"first frame the same: {scores.first_agreement:.3f} (chance {scores.chance_agreement:.3f})",
            f"distance of shares: {scores.distance:.3f}; no frame: {scores.no_frame_share:.3f}",
        ],
        asdict(scores),
    )

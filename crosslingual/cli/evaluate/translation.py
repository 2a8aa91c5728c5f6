"""``crosslingual evaluate`` for translations and their quality issues."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    limit_option,
    load_sides,
    measure_options,
    pair_options,
)
from crosslingual.cli.options import encoder_option
from crosslingual.cli.printing import print_scores
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import ModelError
from crosslingual.settings import Settings


@click.command("quality")
@pair_options
@limit_option
@encoder_option
@measure_options
def measure_quality(
    src: Path, ref: Path, src_lang: str, tgt_lang: str, limit: int | None, encoder: str | None, form: str
) -> None:
    """Quality issues found in human translations.

    In half of them a fault is planted. "named" is the share with the issue that is meant for the fault;
    "limits" is what these files would have for lengths and cosines.

    Example: crosslingual evaluate quality --src a.zh --ref a.en --src-lang zh --tgt-lang en
    """
    from crosslingual.evaluate import quality as measure

    both, model, space = load_sides(src, ref, encoder)
    with ProgressBar() as bar:
        scores = measure.evaluate_issues(
            *both, (src_lang, tgt_lang), model, space, limit=limit, progress=partial(bar.update, "encoding")
        )
    alarms = ", ".join(f"{code} {count}" for code, count in scores.alarms.items())
    limits = scores.limits
    print_scores(
        form,
        [
            f"{scores.planted} planted, {scores.untouched} untouched: precision {scores.precision:.3f}",
            *(
                f"{kind}: {found.planted} planted, recall {found.recall:.3f}, named {found.code_recall:.3f}"
                for kind, found in scores.recall.items()
            ),
            f"false alarms: {scores.false_alarms:.3f}" + (f" ({alarms})" if alarms else ""),
            f"limits: ratio {limits.log_ratio:.2f}, off {limits.max_deviation:.1f},"
            f" cosine {limits.min_cosine:.2f}",
        ],
        asdict(scores),
    )


@click.command("translation")
@pair_options
@click.option("--engine", metavar="NAME", help="Engine, by name or path (default: the first that fits).")
@limit_option
@encoder_option
@measure_options
def measure_translation(
    src: Path,
    ref: Path,
    src_lang: str,
    tgt_lang: str,
    engine: str | None,
    limit: int | None,
    encoder: str | None,
    form: str,
) -> None:
    """An installed engine's translations against human ones.

    The figures are chrF, BLEU, sentences a second, and the share with quality issues.

    Example: crosslingual evaluate translation --src a.zh --ref a.en --src-lang zh --tgt-lang en
    --limit 200
    """
    from crosslingual.evaluate import translation as measure
    from crosslingual.model_store.translators import load_engines
    from crosslingual.translation.argos import needed_packages
    from crosslingual.translation.engine import choose_engine

    settings = Settings.load(encoder=encoder, translators=engine)
    chosen = choose_engine(load_engines(settings.engine_names, settings.home), src_lang, tgt_lang)
    if chosen is None:
        raise ModelError(
            f"{engine or settings.translators}: nothing installed that translates {src_lang} to {tgt_lang}; "
            f"run: crosslingual models install {' '.join(needed_packages([src_lang], tgt_lang))}"
        )
    both, model, space = load_sides(src, ref, encoder)
    with ProgressBar() as bar:
        scores = measure.evaluate_translation(
            chosen,
            *both,
            (src_lang, tgt_lang),
            model,
            space,
            limit=limit,
            progress=partial(bar.update, "translating"),
        )
    counts = ", ".join(f"{code} {count}" for code, count in scores.issues.items())
    print_scores(
        form,
        [
            f"{scores.engine} ({scores.version}): {scores.sentences} sentences",
            f"chrF {scores.chrf:.1f} ({scores.chrf_signature})",
            f"BLEU {scores.bleu:.1f} ({scores.bleu_signature})",
            f"{scores.per_second:.2f} sentences a second, the loading of the model included",
            f"doubted: {scores.issue_share:.3f}" + (f" ({counts})" if counts else ""),
        ],
        asdict(scores),
    )

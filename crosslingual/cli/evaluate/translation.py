"""``crosslingual evaluate`` for translations and what is doubted of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import (
    limit_option,
    load_sides,
    ref_option,
    src_lang_option,
    src_option,
    tgt_lang_option,
)
from crosslingual.cli.options import encoder_option
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import ModelError
from crosslingual.settings import Settings


@click.command("quality")
@src_option
@ref_option
@src_lang_option
@tgt_lang_option
@limit_option
@encoder_option
def measure_quality(
    src: Path, ref: Path, src_lang: str, tgt_lang: str, limit: int | None, encoder: str | None
) -> None:
    """Doubts raised on human translations, half of them with a fault planted.

    "named" is the share that raised the doubt that is meant for the fault; "limits" is what these files
    would have for lengths and cosines.

    Example: crosslingual evaluate quality --src ntrex.zh --ref ntrex.en --from zh --to en
    """
    from crosslingual.evaluate import quality as measure

    both, model, space = load_sides(src, ref, encoder)
    with ProgressBar() as bar:
        scores = measure.evaluate_issues(
            *both, (src_lang, tgt_lang), model, space, limit=limit, progress=partial(bar.update, "encoding")
        )
    click.echo(f"{scores.planted} planted, {scores.untouched} untouched: precision {scores.precision:.3f}")
    for kind, found in scores.recall.items():
        click.echo(
            f"{kind}: {found.planted} planted, recall {found.recall:.3f}, named {found.code_recall:.3f}"
        )
    alarms = ", ".join(f"{code} {count}" for code, count in scores.alarms.items())
    click.echo(f"false alarms: {scores.false_alarms:.3f}" + (f" ({alarms})" if alarms else ""))
    own = scores.limits
    click.echo(f"limits: ratio {own.log_ratio:.2f}, off {own.max_deviation:.1f}, cosine {own.min_cosine:.2f}")
    click.echo(json.dumps(asdict(scores)))


@click.command("translation")
@src_option
@ref_option
@src_lang_option
@tgt_lang_option
@click.option("--engine", metavar="NAME", help="Engine, by name or path (default: the first that fits).")
@limit_option
@encoder_option
def measure_translation(
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
    click.echo(f"{scores.engine} ({scores.version}): {scores.sentences} sentences")
    click.echo(
        f"chrF {scores.chrf:.1f} ({scores.chrf_signature})\nBLEU {scores.bleu:.1f} ({scores.bleu_signature})"
    )
    click.echo(f"{scores.per_second:.2f} sentences a second, the loading of the model included")
    click.echo(f"doubted: {scores.issue_share:.3f}" + (f" ({counts})" if counts else ""))
    click.echo(json.dumps(asdict(scores)))

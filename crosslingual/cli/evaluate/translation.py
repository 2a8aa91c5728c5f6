"""``crosslingual evaluate`` for translations and what is doubted of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from crosslingual.bar import Bar
from crosslingual.cli.evaluate.given import (
    from_option,
    limit_option,
    ref_option,
    sides,
    src_option,
    to_option,
)
from crosslingual.cli.options import encoder_option
from crosslingual.errors import ModelError
from crosslingual.settings import Settings


@click.command()
@src_option
@ref_option
@from_option
@to_option
@limit_option
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

    both, model, space = sides(src, ref, encoder)
    with Bar() as bar:
        scores = measure.evaluate(
            *both, (src_lang, tgt_lang), model, space, limit=limit, progress=partial(bar.show, "encoding")
        )
    click.echo(f"{scores.planted} planted, {scores.untouched} untouched: precision {scores.precision:.3f}")
    for kind, found in scores.recall.items():
        click.echo(f"{kind}: {found.planted} planted, recall {found.recall:.3f}, named {found.named:.3f}")
    alarms = ", ".join(f"{code} {count}" for code, count in scores.alarms.items())
    click.echo(f"false alarms: {scores.false_alarms:.3f}" + (f" ({alarms})" if alarms else ""))
    own = scores.limits
    click.echo(f"limits: ratio {own.ratio:.2f}, off {own.off:.1f}, cosine {own.cosine:.2f}")
    click.echo(json.dumps(asdict(scores)))


@click.command()
@src_option
@ref_option
@from_option
@to_option
@click.option("--engine", metavar="NAME", help="Engine, by name or path (default: the first that fits).")
@limit_option
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
    both, model, space = sides(src, ref, encoder)
    with Bar() as bar:
        scores = measure.evaluate(
            chosen,
            *both,
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

"""``crosslingual evaluate entities``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from crosslingual.cli.evaluate.given import FILE_TYPE, limit_option, measure_options
from crosslingual.cli.options import encoder_option
from crosslingual.cli.printing import print_scores
from crosslingual.cli.progress import ProgressBar
from crosslingual.settings import Settings


@click.command("entities")
@click.argument("files", nargs=-1, required=True, type=FILE_TYPE)
@limit_option
@encoder_option
@measure_options
def measure_entities(files: tuple[Path, ...], limit: int | None, encoder: str | None, form: str) -> None:
    """Names found, and joined across languages.

    A line of FILES is a sentence with its names: {"lang", "text", "event", "source", "mentions": [[start, end, kind,
    entity, "optional"?], …]}. "list" is what the shipped list finds alone. Links are measured on the labelled names.

    Example: crosslingual evaluate entities names.zh.jsonl names.ru.jsonl names.en.jsonl
    """
    from crosslingual.entities.tagger import find_tagger
    from crosslingual.evaluate.entities import read_labelled, score_links, score_spans
    from crosslingual.model_store import load_encoder

    settings = Settings.load(encoder=encoder)
    sentences = read_labelled(files)[:limit]
    loaded = load_encoder(settings.encoder, settings.home)
    tagger = find_tagger(loaded.name)
    tagged = []
    with ProgressBar() as bar:
        texts = [sentence.text for sentence in sentences]
        if tagger:
            states = loaded.token_states(
                texts, progress=lambda done, total: bar.update("encoding", done, total)
            )
            tagged = [tagger.tag_text(*one) for one in zip(texts, states, strict=True)]
    spans = {"list": score_spans(sentences, [()] * len(sentences))}
    if tagged:
        spans["list and tagger"] = score_spans(sentences, tagged)
    links = score_links(sentences)
    lines = [
        f"{way}, {lang}: {own.n_mentions} names; spans {own.exact}; of the right kind {own.typed};"
        f" overlapping {own.overlap}"
        for way, by_lang in spans.items()
        for lang, own in by_lang.items()
    ]
    lines += [f"links {pair}: {own}" for pair, own in links.items()]
    scores = {
        "spans": {
            way: {lang: asdict(own) for lang, own in by_lang.items()} for way, by_lang in spans.items()
        },
        "links": {pair: asdict(own) for pair, own in links.items()},
    }
    print_scores(form, lines, scores)

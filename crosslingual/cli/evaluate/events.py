"""``crosslingual evaluate events``."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import click

from crosslingual.cli.evaluate.given import FILE_TYPE, measure_options
from crosslingual.cli.options import encoder_option
from crosslingual.cli.printing import print_scores
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import InputError
from crosslingual.settings import Settings


@click.command("events")
@click.argument("files", nargs=-1, type=FILE_TYPE)
@click.option("--distractors", multiple=True, type=FILE_TYPE, help="Articles on other events.")
@click.option(
    "--left-out", type=FILE_TYPE, help="Ids, one a line, of distractors that are on a labelled event."
)
@click.option("--ratings", multiple=True, type=FILE_TYPE, help="Pairs of articles, rated by people.")
@click.option("--seen", multiple=True, type=FILE_TYPE, help="Of --ratings, leave out articles named here.")
@click.option("--cache", type=FILE_TYPE, help="A library that keeps the vectors, made if need be.")
@encoder_option
@measure_options
def measure_events(
    files: tuple[Path, ...],
    distractors: tuple[Path, ...],
    left_out: Path | None,
    ratings: tuple[Path, ...],
    seen: tuple[Path, ...],
    cache: Path | None,
    encoder: str | None,
    form: str,
) -> None:
    """Whether articles are grouped as people group them.

    FILES are articles, one a line, labelled by "event" or by their file's name: put together they are one
    stream, in the order of their dates. Of groups it prints B-cubed precision, recall and F1, of pairs of
    articles average precision, by pair of languages too; of --ratings Spearman's correlation.

    Example: crosslingual evaluate events coverage/*.jsonl --distractors news.jsonl --cache vectors
    """
    from crosslingual.align.space import load_space
    from crosslingual.evaluate import events as measure
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.library import Library
    from crosslingual.model_store import load_encoder

    if not files and not ratings:
        raise InputError("name FILES of labelled articles, or --ratings")
    settings = Settings.load(encoder=encoder)
    dropped = set(read_lines(left_out)) if left_out else set()
    stream = [
        one
        for one in measure.select_near(measure.read_stream(files, distractors))
        if one.event or one.article.id not in dropped
    ]
    pairs = measure.read_ratings(ratings, seen)
    space = load_space(settings.encoder, settings.home)
    model = load_encoder(settings.encoder, settings.home)
    scores: dict[str, Any] = {}
    lines: list[str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Library(cache or Path(folder)) as store,
        ProgressBar() as bar,
    ):
        build = partial(
            measure.build_profiles,
            encode=model.encode,
            space=space,
            cache=store,
            progress=partial(bar.update, "encoding"),
        )
        if stream:
            profiles = build([one.article for one in stream])
            found = scores["stream"] = measure.score_stream(stream, profiles, measure.group_stream(profiles))
            lines += _describe_stream(found)
        if pairs:
            profiles = build([*(pair.left for pair in pairs), *(pair.right for pair in pairs)])
            found = scores["ratings"] = measure.score_ratings(pairs, profiles)
            lines.append(f"ratings: Spearman {found['spearman']:.3f} of {found['pairs']:,} pairs")
            lines += [
                f"  {name}: {own['spearman']:.3f} of {own['pairs']:,}"
                for name, own in found["languages"].items()
            ]
    print_scores(form, lines, scores)


def _describe_stream(found: dict[str, Any]) -> list[str]:
    lines = [
        f"{found['articles']:,} articles on {found['events']:,} events, {found['distractors']:,} others",
        "B-cubed: " + ", ".join(f"{name} {value:.3f}" for name, value in found["b_cubed"].items()),
    ]
    for name, own in found["languages"].items():
        lines.append(
            f"  {name}: precision {own['precision']:.3f}, recall {own['recall']:.3f}, average precision"
            f" {own['average_precision']:.3f} of {own['pairs']:,} pairs"
        )
    return lines

"""What several measures are given: files of sentences, and the instruments that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crosslingual.cli.options import former_option, output_options
from crosslingual.cli.progress import ProgressBar
from crosslingual.errors import InputError
from crosslingual.extras import require_extra
from crosslingual.settings import Settings

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.embeddings.encoder import Encoder
    from crosslingual.types import FloatArray

FILE_TYPE = click.Path(path_type=Path)
limit_option = click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N lines (default: all)."
)


def pair_options(command: Callable[..., None]) -> Callable[..., None]:
    """Files of sentences and of their translations, with their languages."""
    for option in (
        former_option("--to", "--tgt-lang", "tgt_lang"),
        click.option("--tgt-lang", required=True, metavar="CODE", help="Language of --ref."),
        former_option("--from", "--src-lang", "src_lang"),
        click.option("--src-lang", required=True, metavar="CODE", help="Language of --src."),
        click.option(
            "--ref", required=True, type=FILE_TYPE, help="Their translations by people, line by line."
        ),
        click.option("--src", required=True, type=FILE_TYPE, help="Sentences, one a line."),
    ):
        command = option(command)
    return command


def measure_options(command: Callable[..., None]) -> Callable[..., None]:
    """The output switch; the command starts only where the extra's libraries are installed."""

    @output_options
    @wraps(command)
    def run_measure(*args: Any, **options: Any) -> None:
        require_extra("evaluate", ("sacrebleu", "sklearn"))  # now, not after an hour of encoding
        command(*args, **options)

    return run_measure


def load_sides(
    src: Path, ref: Path, encoder: str | None
) -> tuple[tuple[list[str], list[str]], Encoder, Space]:
    """Texts and their translations, and what encodes them."""
    from crosslingual.align.space import load_space
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.model_store import load_encoder

    sides = read_lines(src), read_lines(ref)
    settings = Settings.load(encoder=encoder)
    return sides, load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home)


def encode_centered(sides: Iterable[tuple[Path, str | None]], encoder: str | None) -> list[FloatArray]:
    """The centred vectors of the lines of each file; without a language it is detected."""
    from crosslingual.align.space import load_space
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.model_store import load_encoder

    settings = Settings.load(encoder=encoder)
    read = [(path, read_lines(path), lang) for path, lang in sides]
    model, space = load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home)
    with ProgressBar() as bar:
        return [
            space.center_vectors(
                model.encode(lines, progress=partial(bar.update, f"encoding {path}")),
                lang or require_language([path], lines),
            )
            for path, lines, lang in read
        ]


def require_language(paths: Iterable[Path], lines: Sequence[str]) -> str:
    """The language of lines, by their beginning; ``paths`` are named where it is not sure."""
    from crosslingual.language.detect import detect_language

    lang = detect_language("\n".join(lines)[:100_000])
    if lang is None:
        names = ", ".join(map(str, paths))
        raise InputError(f"{names}: cannot tell the language; give it with --src-lang and --tgt-lang")
    return lang


def encode_parallel(
    files: Sequence[Path], encoder: str | None
) -> tuple[dict[str, FloatArray], Space, Encoder]:
    """Centred vectors of line-parallel ``files`` by language, and what they were made with."""
    from crosslingual.align.space import load_space
    from crosslingual.evaluate.lines import read_lines
    from crosslingual.model_store import load_encoder

    settings = Settings.load(encoder=encoder)
    read = {path.suffix.lstrip("."): read_lines(path) for path in files}
    if len(read) != len(files) or len(read) < 2:
        raise InputError(
            "give two files or more, each with another language at the end of its name, as in news.zh"
        )
    if len({len(lines) for lines in read.values()}) != 1 or not next(iter(read.values())):
        counts = ", ".join(f"{path}: {len(lines)}" for path, lines in zip(files, read.values(), strict=True))
        raise InputError(f"{counts} lines; files must be line-parallel")
    model, space = load_encoder(settings.encoder, settings.home), load_space(settings.encoder, settings.home)
    with ProgressBar() as bar:
        vectors = {
            lang: space.center_vectors(
                model.encode(lines, progress=partial(bar.update, f"encoding {lang}")), lang
            )
            for lang, lines in read.items()
        }
    return vectors, space, model

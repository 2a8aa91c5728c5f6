"""How good an engine translates, against a human translation: chrF and BLEU of sacrebleu."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import InputError
from crosslingual.evaluate.quality import pair_lines
from crosslingual.extras import needs_extra
from crosslingual.translation.engine import Engine, Progress
from crosslingual.translation.quality import find_issues, translation_cosines

_BLEU_TOKENIZERS = {"zh": "zh", "ja": "char", "ko": "char"}
"""How BLEU parts the words of languages that sacrebleu's usual way, 13a, does not fit."""


@dataclass(frozen=True, slots=True)
class TranslationScores:
    """Of ``engine``, at ``version``; chrF and BLEU go to 100, ``issue_share`` is a share, ``issues`` count by code.

    ``per_second`` counts sentences, the loading of the model included.
    """

    engine: str
    version: str
    sentences: int
    chrf: float
    chrf_signature: str
    bleu: float
    bleu_signature: str
    per_second: float
    issue_share: float
    issues: dict[str, int]


def evaluate_translation(
    engine: Engine,
    src: Sequence[str],
    tgt: Sequence[str],
    langs: tuple[str, str],
    encoder: Encoder,
    space: Space,
    *,
    limit: int | None = None,
    progress: Progress | None = None,
) -> TranslationScores:
    """Scores of ``engine`` on the first ``limit`` lines of line-parallel ``src`` and ``tgt``.

    Raises:
        InputError: the sides differ in length or are empty, or the engine does not translate ``langs``.
        ModelError: the engine cannot be loaded.
    """
    version = engine.route(*langs)
    if not version:
        raise InputError(f"{engine.name}: does not translate {langs[0]} to {langs[1]}; choose another engine")
    texts, references = (list(side) for side in zip(*pair_lines(src, tgt, limit), strict=True))
    start = time.perf_counter()
    made = engine.translate(texts, *langs, progress=progress)
    seconds = time.perf_counter() - start
    near = translation_cosines(
        *(
            space.center_vectors(encoder.encode(side), lang)
            for side, lang in zip((texts, made), langs, strict=True)
        )
    )
    found = find_issues(texts, made, *langs, near)
    chrf, chrf_signature, bleu, bleu_signature = _corpus_scores(made, references, langs[1])
    return TranslationScores(
        engine.name,
        version,
        len(made),
        chrf,
        chrf_signature,
        bleu,
        bleu_signature,
        len(made) / seconds,
        sum(map(bool, found)) / len(found),
        dict(sorted(Counter(code for one in found for code in {d.partition(":")[0] for d in one}).items())),
    )


def _corpus_scores(
    translations: list[str], references: list[str], lang: str
) -> tuple[float, str, float, str]:
    with needs_extra("evaluate"):
        from sacrebleu import BLEU, CHRF

    chrf, bleu = CHRF(), BLEU(tokenize=_BLEU_TOKENIZERS.get(lang, "13a"))
    points = [metric.corpus_score(translations, [references]).score for metric in (chrf, bleu)]
    return points[0], str(chrf.get_signature()), points[1], str(bleu.get_signature())

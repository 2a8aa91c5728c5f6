"""Detection of languages measured: how often it is right, and how often the user is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosslingual.language.detect import detect_language, detect_sentence_languages


@dataclass(frozen=True, slots=True)
class DetectionScores:
    """Of ``texts``, how many were told and ``right``, told and ``wrong``, and left for the user to say."""

    texts: int
    right: int
    wrong: int

    @property
    def accuracy(self) -> float:
        """Share of the right among those that were told."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def undecided_share(self) -> float:
        """Share of those that the user is asked about."""
        return (self.texts - self.right - self.wrong) / max(self.texts, 1)

    def __str__(self) -> str:
        return f"{self.texts} texts, accuracy {self.accuracy:.4f}, asked {self.undecided_share:.4f}"


@dataclass(frozen=True, slots=True)
class QuotationScores:
    """Sentences of one language set among an article of another: how many were told, and told rightly.

    ``mistaken`` of ``own`` sentences of the article itself were taken for another language.
    """

    foreign: int
    detected: int
    right: int
    own: int
    mistaken: int

    @property
    def recall(self) -> float:
        """Share of the foreign sentences that got their own language."""
        return self.right / max(self.foreign, 1)

    def __str__(self) -> str:
        wrong = self.detected - self.right
        found = f"quotations found {self.recall:.4f}, {wrong} misnamed"
        return f"{found}, {self.mistaken} of {self.own} own mistaken"


def score_detection(lines: Sequence[str], lang: str, size: int = 1) -> DetectionScores:
    """Detection of texts of ``size`` lines each, all in ``lang``."""
    texts = [" ".join(lines[start : start + size]) for start in range(0, len(lines), size)]
    found = [detect_language(text) for text in texts]
    right = found.count(lang)
    return DetectionScores(len(texts), right, len(texts) - right - found.count(None))


def score_quotations(lines_by_lang: Mapping[str, Sequence[str]], lang: str) -> QuotationScores:
    """Sentences of all other languages in articles of ``lang``."""
    others = [(other, line) for other, own in lines_by_lang.items() if other != lang for line in own]
    found = detect_sentence_languages(lang, [line for _, line in others])
    told = sum(one != lang for one in found)
    right = sum(one == other for one, (other, _) in zip(found, others, strict=True))
    own = detect_sentence_languages(lang, lines_by_lang[lang])
    return QuotationScores(len(others), told, right, len(own), sum(one != lang for one in own))

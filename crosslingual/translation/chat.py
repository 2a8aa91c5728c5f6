"""A local chat model as translator: two examples in the prompt, greedy, in batches, the prompt read once.

Any chat model that CTranslate2 converts serves, from a folder that holds its tokenizer beside it.
https://opennmt.net/CTranslate2/guides/transformers.html
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosslingual.errors import ModelError, one_line
from crosslingual.extras import needs_extra
from crosslingual.translation.engine import Progress
from crosslingual.translation.response_cleanup import extract_translation

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_BATCH_SENTENCES = 32
"""Sentences that are worked on at once, ..."""
MAX_BATCH_TOKENS = 5_000
"""... and tokens with the prompt and what is said: the memory of keys and values, some 350 KB each."""
MAX_SENTENCE_TOKENS = 1_024
"""Tokens of a sentence; what is longer is no sentence, and is not translated."""

_TOKENIZER_FILE = "tokenizer.json"
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of malloc.h
_PLACEHOLDER = "⟦sentence⟧"
_CHATML_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_LANGUAGE_NAMES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "ru": "Russian",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
_TARGET_LANGUAGES = frozenset({"en", "ru", "zh"})
"""Languages a small model writes well enough to be read."""
_MAX_GROWTH = {"ru": 4}
"""Times the tokens of a source that a translation may have; Russian takes most."""
_EXAMPLES_PATH = Path(__file__).with_name("examples.json")
"""Written for this project; each says the same in every language, so that any direction has its examples."""


@dataclass(frozen=True, slots=True)
class _Prompt:
    """Tokens before and after the sentence, the same for all sentences of a direction."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def is_chat_folder(path: Path) -> bool:
    """Whether ``path`` holds a CTranslate2 language model with its tokenizer."""
    return all((path / name).is_file() for name in ("model.bin", "vocabulary.json", _TOKENIZER_FILE))


class ChatEngine:
    """A chat model from a folder; it is loaded when it is first used."""

    batch_size = 256
    is_fast = False

    def __init__(self, path: Path, name: str, version: str) -> None:
        """Take the model in folder ``path``, known as ``name``; an empty ``version`` is its digest."""
        self.name = name
        self._path = path
        self._version = version
        self._prompts: dict[tuple[str, str], _Prompt] = {}

    def route(self, src: str, tgt: str) -> str:
        """The model's version, into English, Russian and Chinese out of the languages with examples."""
        return (
            self._model_version if src in _LANGUAGE_NAMES and tgt in _TARGET_LANGUAGES and src != tgt else ""
        )

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Progress | None = None
    ) -> list[str]:
        """See :class:`crosslingual.translation.engine.Engine`; progress is told after each batch."""
        if not self.route(src, tgt):
            raise ModelError(f"{self.name}: does not translate {src} to {tgt}; choose another translator")
        folded = [" ".join(text.split()) for text in texts]
        rows = [self._encode_text(text) for text in folded]
        made = [""] * len(texts)
        done = len(texts) - sum(0 < len(row) <= MAX_SENTENCE_TOKENS for row in rows)
        prompt = self._build_prompt(src, tgt)
        room = len(prompt.before) + len(prompt.after)
        for batch in _make_batches(rows, room):
            answers = self._generate_answers(prompt, [rows[i] for i in batch], _MAX_GROWTH.get(tgt, 2))
            for i, answer in zip(batch, answers, strict=True):
                made[i] = extract_translation(answer, folded[i])
            done += len(batch)
            if progress:
                progress(done, len(texts))
        return made

    def _generate_answers(self, prompt: _Prompt, rows: Sequence[list[str]], growth: int) -> Iterator[str]:
        results = self._generator.generate_batch(
            [[*row, *prompt.after] for row in rows],
            static_prompt=[*prompt.before],
            cache_static_prompt=True,
            include_prompt_in_result=False,
            end_token=self._end_tokens,
            return_end_token=True,
            max_length=growth * max(map(len, rows)) + 24,
        )
        _return_memory()
        for result in results:
            *answer, _ = result.sequences_ids[0]
            # What does not end of itself runs on and on.
            ended = result.sequences[0][-1] in self._end_tokens
            yield self._tokenizer.decode(answer, skip_special_tokens=True) if ended else ""

    def _encode_text(self, text: str) -> list[str]:
        """``text`` as tokens, all of it as text: no mark in it opens or closes a turn of the chat."""
        tokens: list[str] = self._plain_tokenizer.encode(text, add_special_tokens=False).tokens
        return [token for token in tokens if token not in self._special_tokens]

    def _build_prompt(self, src: str, tgt: str) -> _Prompt:
        if (src, tgt) not in self._prompts:
            messages = []
            for example in json.loads(_EXAMPLES_PATH.read_text(encoding="utf-8")):
                messages += _make_turn(example[src], src, tgt, example[tgt])
            text = self._render_messages([*messages, *_make_turn(_PLACEHOLDER, src, tgt)])
            before, _, after = text.partition(_PLACEHOLDER)
            self._prompts[src, tgt] = _Prompt(self._encode_template(before), self._encode_template(after))
        return self._prompts[src, tgt]

    def _render_messages(self, messages: list[dict[str, str]]) -> str:
        from jinja2 import TemplateError

        try:
            text = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except TemplateError as error:
            raise ModelError(f"{self._path}: its chat template fails ({error}); convert it again") from None
        if not isinstance(text, str) or text.count(_PLACEHOLDER) != 1:
            raise ModelError(f"{self._path}: its chat template loses the text; choose another translator")
        return text

    def _encode_template(self, text: str) -> tuple[str, ...]:
        """``text`` of the template as tokens, its marks as what they are."""
        return tuple(self._tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).tokens)

    @cached_property
    def _end_tokens(self) -> list[str]:
        """Tokens that end an answer: what the template writes after one, and the model's own."""
        answered = self._render_messages(
            [{"role": "user", "content": "?"}, {"role": "assistant", "content": _PLACEHOLDER}]
        )
        after = self._encode_template(answered.partition(_PLACEHOLDER)[2])[:1]
        ends = {token for token in after if token in self._special_tokens} | {self._tokenizer.eos_token}
        return sorted(token for token in ends if token)

    @cached_property
    def _special_tokens(self) -> frozenset[str]:
        added = self._tokenizer.backend_tokenizer.get_added_tokens_decoder().values()
        return frozenset(token.content for token in added if token.special)

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import PreTrainedTokenizerFast

        try:
            found = PreTrainedTokenizerFast.from_pretrained(
                self._path, local_files_only=True, fix_mistral_regex=False
            )
        except Exception as error:  # the tokenizers package raises plain ones
            raise self._load_error(error) from error
        if not found.chat_template:
            found.chat_template = _CHATML_TEMPLATE
        return found

    @cached_property
    def _plain_tokenizer(self) -> Tokenizer:
        """The tokenizer without its marks."""
        from tokenizers import Tokenizer

        held = json.loads(self._tokenizer.backend_tokenizer.to_str())
        return Tokenizer.from_str(json.dumps(held | {"added_tokens": [], "post_processor": None}))

    @cached_property
    def _generator(self) -> Any:
        with needs_extra("translate"):
            import ctranslate2
        _retain_memory()
        try:
            return ctranslate2.Generator(str(self._path), device="cpu", intra_threads=os.cpu_count() or 1)
        except (RuntimeError, ValueError) as error:
            raise self._load_error(error) from None

    def _load_error(self, error: Exception) -> ModelError:
        reason = one_line(error)
        return ModelError(f"{self._path}: cannot be loaded ({reason}); install or convert it again")

    @cached_property
    def _model_version(self) -> str:
        if self._version:
            return self._version
        with (self._path / "model.bin").open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _make_turn(text: str, src: str, tgt: str, answer: str | None = None) -> list[dict[str, str]]:
    asked = f"Translate this {_LANGUAGE_NAMES[src]} news sentence into {_LANGUAGE_NAMES[tgt]}:\n{text}"
    turn = [{"role": "user", "content": asked}]
    return turn if answer is None else [*turn, {"role": "assistant", "content": answer}]


def _make_batches(rows: Sequence[Sequence[str]], n_prompt_tokens: int) -> Iterator[list[int]]:
    """Places of the rows that are translated, longest first, so that a batch holds rows of like length.

    ``n_prompt_tokens`` are the tokens of the prompt, which each row has beside its own.
    """
    order = sorted(
        (i for i, row in enumerate(rows) if 0 < len(row) <= MAX_SENTENCE_TOKENS), key=lambda i: -len(rows[i])
    )
    while order:
        each = n_prompt_tokens + 2 * len(rows[order[0]])
        size = max(1, min(MAX_BATCH_SENTENCES, MAX_BATCH_TOKENS // each))
        yield order[:size]
        order = order[size:]


def _retain_memory() -> None:
    """Have the C library keep large blocks instead of giving them back.

    At each step the keys and values of a batch are copied to blocks of tens of megabytes. glibc returns
    such blocks to the system at once and is given new ones, zeroed: half the time goes into that.
    """
    with suppress(AttributeError, OSError, TypeError):  # not glibc: nothing to be told
        libc = ctypes.CDLL(None)
        for option in (_MMAP_THRESHOLD, _TRIM_THRESHOLD):
            libc.mallopt(option, 2**31 - 1)


def _return_memory() -> None:
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)

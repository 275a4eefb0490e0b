"""What every source of the encoder gives: configuration, tokenizer pieces with scores, and weights."""

from dataclasses import dataclass, replace

import numpy as np

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
"""The first four ids, in the order of the original tokenizer."""
MASK = "<mask>"


class SourceError(Exception):
    """The source of the weights is missing or not what it should be."""


@dataclass(frozen=True)
class EncoderSource:
    """A BERT encoder with a Unigram vocabulary; row i of the word embeddings belongs to pieces[i]."""

    origin: str
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    layer_norm_epsilon: float
    pieces: list[str]
    scores: list[float]
    weights: dict[str, np.ndarray]
    """Float32 arrays under the names of transformers' BertModel; matrices are (out, in)."""

    def __post_init__(self) -> None:
        if tuple(self.pieces[:4]) != SPECIAL:
            raise SourceError(f"expected the special tokens {SPECIAL} first, found {self.pieces[:4]}")
        if len(set(self.pieces)) != len(self.pieces) or len(self.scores) != len(self.pieces):
            raise SourceError("the vocabulary has duplicates or a piece without a score")
        rows, width = self.weights["embeddings.word_embeddings.weight"].shape
        if rows < len(self.pieces) or width != self.hidden:
            raise SourceError(f"word embeddings are {rows} x {width}, for {len(self.pieces)} pieces")

    def cut_to(self, kept: list[int]) -> "EncoderSource":
        """The same encoder with only these vocabulary rows, in this order."""
        weights = dict(self.weights)
        name = "embeddings.word_embeddings.weight"
        weights[name] = np.ascontiguousarray(weights[name][kept])
        return replace(
            self, pieces=[self.pieces[i] for i in kept], scores=[self.scores[i] for i in kept], weights=weights,
        )

    def with_weights(self, weights: dict[str, np.ndarray], layers: int | None = None) -> "EncoderSource":
        """The same encoder with other weights, and another number of layers where one is given."""
        return replace(self, weights=weights, layers=self.layers if layers is None else layers)

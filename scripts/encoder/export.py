"""Writes the encoder as ONNX with int8 weights: BERT, from token ids to the last hidden state."""

import math
from pathlib import Path

import numpy as np

from encoder_source import EncoderSource
from onnx_graph import Graph


def embeddings(graph: Graph, source: EncoderSource) -> str:
    """The sum of word, position and type embeddings, normalised. All tokens are of type 0."""
    w = source.weights
    length = graph.one("Gather", graph.one("Shape", "input_ids"), graph.constant("one", np.array(1, np.int64)), axis=0)
    zero, step = graph.constant("zero", np.array(0, np.int64)), graph.constant("one", np.array(1, np.int64))
    positions = graph.one("Range", zero, length, step)
    # Every token has type 0, so that row is added to the positions here rather than at run time.
    fixed = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
    words = graph.lookup("input_ids", "word_embeddings", w["embeddings.word_embeddings.weight"])
    places = graph.lookup(positions, "position_embeddings", fixed)
    return graph.layer_norm(
        graph.one("Add", words, places), "embeddings.LayerNorm",
        w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"], source.layer_norm_epsilon,
    )


def attention(graph: Graph, source: EncoderSource, x: str, mask: str, layer: str) -> str:
    """Multi-head self-attention; query, key and value come from one multiplication."""
    size = source.hidden // source.heads
    parts = [(f"{layer}.attention.self.{name}", 1.0) for name in ("query", "key", "value")]
    parts[0] = (parts[0][0], 1 / math.sqrt(size))  # the scale of the scores, taken into the query's weights
    weight = np.concatenate([source.weights[f"{name}.weight"] * np.float32(factor) for name, factor in parts])
    bias = np.concatenate([source.weights[f"{name}.bias"] * np.float32(factor) for name, factor in parts])
    joined = graph.linear(x, f"{layer}.attention.qkv", weight, bias)
    query, key, value = graph.add("Split", joined, outputs=3, axis=-1)

    shape = graph.ints(0, 0, source.heads, size)
    query = graph.one("Transpose", graph.one("Reshape", query, shape), perm=[0, 2, 1, 3])
    key = graph.one("Transpose", graph.one("Reshape", key, shape), perm=[0, 2, 3, 1])
    value = graph.one("Transpose", graph.one("Reshape", value, shape), perm=[0, 2, 1, 3])
    scores = graph.one("Add", graph.one("MatMul", query, key), mask)
    mixed = graph.one("MatMul", graph.one("Softmax", scores, axis=-1), value)
    mixed = graph.one("Reshape", graph.one("Transpose", mixed, perm=[0, 2, 1, 3]), graph.ints(0, 0, source.hidden))
    name = f"{layer}.attention.output.dense"
    return graph.linear(mixed, name, source.weights[f"{name}.weight"], source.weights[f"{name}.bias"])


def gelu(graph: Graph, x: str) -> str:
    """The exact GELU, in the form that onnxruntime fuses."""
    erf = graph.one("Erf", graph.one("Div", x, graph.number(math.sqrt(2))))
    return graph.one("Mul", graph.one("Mul", x, graph.one("Add", erf, graph.number(1.0))), graph.number(0.5))


def encoder_layer(graph: Graph, source: EncoderSource, x: str, mask: str, layer: str) -> str:
    """Attention and feed-forward network, each added to its input and then normalised."""
    def linear(x: str, name: str) -> str:
        return graph.linear(x, name, source.weights[f"{name}.weight"], source.weights[f"{name}.bias"])

    def norm(x: str, name: str) -> str:
        w = source.weights
        return graph.layer_norm(x, name, w[f"{name}.weight"], w[f"{name}.bias"], source.layer_norm_epsilon)

    x = norm(graph.one("Add", attention(graph, source, x, mask, layer), x), f"{layer}.attention.output.LayerNorm")
    wide = gelu(graph, linear(x, f"{layer}.intermediate.dense"))
    return norm(graph.one("Add", linear(wide, f"{layer}.output.dense"), x), f"{layer}.output.LayerNorm")


def export(source: EncoderSource, path: Path, projection: np.ndarray | None = None) -> None:
    """Writes the model to the path; `projection` (width, hidden) adds the output `token_vectors`."""
    graph = Graph()
    x = embeddings(graph, source)
    allowed = graph.one("Cast", graph.one("Unsqueeze", "attention_mask", graph.ints(1, 2)), to=1)
    blocked = graph.one("Sub", graph.number(1.0), allowed)
    mask = graph.one("Mul", blocked, graph.number(-10000.0))
    for index in range(source.layers):
        x = encoder_layer(graph, source, x, mask, f"encoder.layer.{index}")
    outputs = {"last_hidden_state": (x, source.hidden)}
    if projection is not None:
        narrow = graph.one("MatMul", x, graph.constant("projection", projection.T))
        outputs["token_vectors"] = (narrow, len(projection))
    model = graph.model(["input_ids", "attention_mask"], outputs)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString(deterministic=True))

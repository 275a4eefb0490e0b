"""Embeds reference texts in PyTorch float32, and measures the int8 model against them."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from encoder_source import EncoderSource

TEXTS = (
    "query: how can a model learn from data nobody labelled",
    "query: RAG vs. fine-tuning: which one for 1,000 PDFs?",
    "passage: Self-Supervised Learning: A training method in which the supervision comes from the data itself: "
    "a part is hidden and the model predicts it from the rest.",
    "query: por que o modelo inventa fontes que não existem",
    "query: quanto de memória a GPU precisa para um modelo de 7B?",
    "passage: Alucinação: Resposta fluente e convincente de um modelo que não tem base nos dados nem nas fontes.",
    "query: ¿cómo sé si mi clasificador está sobreajustado?",
    "passage: Sobreajuste: El modelo memoriza los ejemplos de entrenamiento y falla con datos nuevos.",
    "query: pourquoi l'apprentissage s'arrête-t-il après 3 époques",
    "passage: Taux d'apprentissage : La taille du pas que fait l'optimiseur à chaque mise à jour des poids.",
    "passage: Softmax: σ(z)ᵢ = exp(zᵢ) / Σⱼ exp(zⱼ), so that the outputs are ≥ 0 and sum to 1.",
    "query: embedding",
)


def torch_model(source: EncoderSource) -> BertModel:
    """The encoder in transformers, in float32."""
    config = BertConfig(
        vocab_size=len(source.weights["embeddings.word_embeddings.weight"]), hidden_size=source.hidden,
        num_hidden_layers=source.layers, num_attention_heads=source.heads, intermediate_size=source.feed_forward,
        max_position_embeddings=source.positions, type_vocab_size=2, layer_norm_eps=source.layer_norm_epsilon,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in source.weights.items()})
    return model.eval()


def rounded(vector: np.ndarray) -> list[float]:
    return [round(float(x), 5) for x in vector]


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def torch_hidden(model: BertModel, ids: list[int]) -> np.ndarray:
    """(tokens, hidden): the last hidden states."""
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy()


class Int8Model:
    """The exported model, one text at a time on one thread."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def vector(self, ids: list[int]) -> np.ndarray:
        feed = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64)}
        return unit(self.session.run(None, feed)[0][0].mean(axis=0))


LAST_TOKEN = -2
"""The token whose vector is kept, before `</s>`: one is enough to tell a wrong projection."""


def make_reference(
    tokenizer: Tokenizer, exact: BertModel, projection: np.ndarray | None, int8: Int8Model, source: str
) -> dict:
    """The content of reference.json."""
    torch.set_num_threads(1)
    entries, cosines = [], []
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        hidden = torch_hidden(exact, ids)
        vector = unit(hidden.mean(axis=0))
        last = hidden[LAST_TOKEN] if projection is None else projection @ hidden[LAST_TOKEN]
        cosines.append(float(vector @ int8.vector(ids)))
        entries.append({"text": text, "ids": ids, "vector": rounded(vector), "lastToken": rounded(unit(last))})
    return {
        "about": "Unit vectors of each text and of its last token, from the float32 model (PyTorch), to check an installation against.",
        "source": source,
        "int8MinimalCosine": round(min(cosines), 4),
        "int8MeanCosine": round(sum(cosines) / len(cosines), 4),
        "texts": entries,
    }

"""Reads weights and tokenizer from a folder of the original intfloat/multilingual-e5-small."""

import json
from pathlib import Path

import numpy as np

from encoder_source import EncoderSource, SourceError


def read_weights(folder: Path) -> dict[str, np.ndarray]:
    """The state dict, from safetensors or from PyTorch's own format."""
    if (folder / "model.safetensors").is_file():
        from safetensors.numpy import load_file

        state = load_file(folder / "model.safetensors")
    elif (folder / "pytorch_model.bin").is_file():
        import torch

        state = torch.load(folder / "pytorch_model.bin", map_location="cpu", weights_only=True)
        state = {name: tensor.numpy() for name, tensor in state.items()}
    else:
        raise SourceError(f"{folder} has neither model.safetensors nor pytorch_model.bin")
    named = {name.removeprefix("bert."): np.asarray(value) for name, value in state.items()}
    return {
        name: value.astype(np.float32)
        for name, value in named.items()
        if name.startswith(("embeddings.", "encoder.")) and not name.endswith("position_ids")
    }


def read_original(folder: Path) -> EncoderSource:
    """The encoder from config.json, tokenizer.json and the weights beside them."""
    for name in ("config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise SourceError(f"{folder / name} does not exist; --from wants a folder as the hub has it")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise SourceError(f"{folder} is not a BERT encoder with GELU")
    model = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]
    if model.get("type", "Unigram") != "Unigram":
        raise SourceError(f"{folder}/tokenizer.json is not a Unigram tokenizer")
    return EncoderSource(
        "intfloat/multilingual-e5-small", config["hidden_size"], config["num_hidden_layers"],
        config["num_attention_heads"], config["intermediate_size"], config["max_position_embeddings"],
        config["layer_norm_eps"], [piece for piece, _ in model["vocab"]],
        [score for _, score in model["vocab"]], read_weights(folder),
    )

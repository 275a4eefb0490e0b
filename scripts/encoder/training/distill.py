"""Half the layers: drops every other one and teaches the rest to give the vectors of the whole encoder."""

import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from encoder_source import EncoderSource
from training.network import PASSAGE, QUERY, Network
from training.optimizer import adamw, learning_rate
from training.store import load, save

LENGTH = 96
BATCH_TOKENS = 6144
SAVE_EVERY = 40


def keep_layers(source: EncoderSource, kept: list[int]) -> EncoderSource:
    """The encoder with only these layers, in this order."""
    weights = {}
    for name, value in source.weights.items():
        if not name.startswith("encoder.layer."):
            weights[name] = value
            continue
        _, _, number, rest = name.split(".", 3)
        if int(number) in kept:
            weights[f"encoder.layer.{kept.index(int(number))}.{rest}"] = value
    return source.with_weights(weights, layers=len(kept))


def batches(rows: list[list[int]], rng: random.Random):
    """Endless batches of rows of like length, each of about BATCH_TOKENS tokens."""
    while True:
        shuffled = rng.sample(rows, len(rows))
        for at in range(0, len(shuffled), 2048):
            pool = sorted(shuffled[at:at + 2048], key=len)
            groups, start = [], 0
            while start < len(pool):
                end = start + 1
                while end < len(pool) and (end + 1 - start) * len(pool[end]) <= BATCH_TOKENS:
                    end += 1
                groups.append(pool[start:end])
                start = end
            yield from rng.sample(groups, len(groups))


def distill(
    source: EncoderSource, tokenizer: Tokenizer, queries: list[str], passages: list[str], kept: list[int],
    folder: Path, steps: int, peak: float = 3e-4, seed: int = 1,
) -> EncoderSource:
    """The smaller encoder whose token vectors are as near to the large one's as `steps` steps bring them."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    texts = [QUERY + text for text in queries] + [PASSAGE + text for text in passages]
    rows = [e.ids[:LENGTH] for e in tokenizer.encode_batch_fast(texts)]
    blank = np.zeros((1, source.hidden), np.float32)
    teacher = Network(source, blank).eval()
    student = Network(keep_layers(source, kept), blank).train()
    optimizer = adamw(student, peak)
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / "student.pt"
    first = 0
    if held := load(checkpoint):
        student.load_state_dict(held["network"])
        optimizer.load_state_dict(held["optimizer"])
        first = held["step"]
        rng.seed(seed + first)
    drawn = batches(rows, rng)
    began = time.time()
    for step in range(first, steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, peak)
        part = next(drawn)
        width = max(map(len, part))
        ids = torch.tensor([row + [1] * (width - len(row)) for row in part])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in part])
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                aim = teacher.hidden_states(ids, mask).float()
            got = student.hidden_states(ids, mask).float()
        inside = mask.bool()
        tokens = torch.nn.functional.mse_loss(got[inside], aim[inside]) / aim[inside].var(0).mean()
        spread = mask.unsqueeze(-1).float()
        texts_alike = torch.cosine_similarity((got * spread).sum(1), (aim * spread).sum(1), dim=-1)
        loss = tokens + 20 * (1 - texts_alike).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 10 == 0:
            print(json.dumps({
                "step": step, "of": steps, "tokens": round(tokens.item(), 4),
                "cosine": round(texts_alike.mean().item(), 4), "seconds": round(time.time() - began),
            }), flush=True)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == steps:
            save(checkpoint, {"network": student.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1})
    return student.as_source(keep_layers(source, kept))

"""Trains the encoder contrastively on the glossary and the questions written for it."""

import json
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from encoder_source import EncoderSource
from training.batches import Batch, Sampler
from training.glossary import Entry
from training.losses import DENSE_TEMPERATURE, LATE_TEMPERATURE, late_scores, ranking_loss
from training.measure import encode_in_parts
from training.network import PASSAGE, QUERY, Network, TextEncoder
from training.optimizer import adamw, learning_rate
from training.questions import Question
from training.store import load, save
from training.token_weights import token_weights

TOKEN_DIMENSIONS = 64
SAVE_EVERY = 40
MINE_EVERY = 100
"""Steps between two minings of confusable entries."""

CONFUSED = 6


def principal_directions(source: EncoderSource, tokenizer: Tokenizer, texts: list[str], width: int) -> np.ndarray:
    """(width, hidden): where the token vectors of the untrained encoder differ most."""
    network = Network(source, np.zeros((width, source.hidden), np.float32)).eval()
    rows = []
    with torch.no_grad():
        for text in texts:
            ids = torch.tensor([tokenizer.encode(PASSAGE + text).ids[:128]])
            hidden = network.hidden_states(ids, torch.ones_like(ids))[0, 3:-1]
            rows.append(functional.normalize(hidden, dim=-1).numpy())
    vectors = np.concatenate(rows)
    _, _, directions = np.linalg.svd(vectors - vectors.mean(0), full_matrices=False)
    return directions[:width].astype(np.float32)


def step_loss(encoder: TextEncoder, batch: Batch) -> tuple[torch.Tensor, dict[str, float]]:
    """Every query against every passage, and against definitions alone, since those are all that some glossaries have."""
    queries = encoder(QUERY, batch.queries)
    passages = encoder(PASSAGE, [passage.text for passage in batch.passages])
    positive = torch.tensor([[passage.slug == owner for passage in batch.passages] for owner in batch.query_owners])
    defines = torch.tensor([passage.kind == "definition" for passage in batch.passages])
    dense = queries.dense @ passages.dense.T / DENSE_TEMPERATURE
    late = late_scores(queries, passages) / LATE_TEMPERATURE
    parts = {
        "dense": ranking_loss(dense, positive),
        "dense definitions": ranking_loss(dense[:, defines], positive[:, defines]),
        "late": ranking_loss(late, positive),
        "late definitions": ranking_loss(late[:, defines], positive[:, defines]),
    }
    return sum(parts.values(), torch.zeros(())), {name: round(value.item(), 3) for name, value in parts.items()}


def mine(encoder: TextEncoder, entries: dict[str, Entry], sampler: Sampler) -> dict[str, list[str]]:
    """For each entry those whose definitions its questions are nearest to."""
    slugs = list(entries)
    definitions = encode_in_parts(encoder, PASSAGE, [entries[slug].of("definition", "en")[0].text for slug in slugs])
    keys = torch.cat([part.dense for part in definitions])
    texts, owners = [], []
    for at, slug in enumerate(slugs):
        asked = sampler.rng.sample(sampler.questions[slug], min(4, len(sampler.questions[slug])))
        texts += asked
        owners += [at] * len(asked)
    if not texts:
        return {}
    vectors = torch.cat([part.dense for part in encode_in_parts(encoder, QUERY, texts)])
    total = torch.zeros(len(slugs), len(slugs)).index_add(0, torch.tensor(owners), vectors @ keys.T)
    total.fill_diagonal_(float("-inf"))
    return {slug: [slugs[at] for at in total[row].topk(min(CONFUSED, len(slugs) - 1)).indices] for row, slug in enumerate(slugs)}


def train(
    source: EncoderSource, tokenizer: Tokenizer, entries: dict[str, Entry], questions: list[Question],
    folder: Path, steps: int, peak: float, seed: int = 1,
) -> TextEncoder:
    """Trains for `steps` steps, going on from the folder's checkpoint if there is one."""
    torch.manual_seed(seed)
    texts = [passage.text for entry in entries.values() for passage in entry.passages]
    sample = [entry.of("definition", "en")[0].text for entry in list(entries.values())[::4]]
    network = Network(source, principal_directions(source, tokenizer, sample, TOKEN_DIMENSIONS))
    encoder = TextEncoder(network, tokenizer, token_weights(tokenizer, texts))
    optimizer = adamw(network, peak)
    sampler = Sampler(entries, questions, seed)
    first, spent = 0, 0.0
    checkpoint = folder / "checkpoint.pt"
    folder.mkdir(parents=True, exist_ok=True)
    if held := load(checkpoint):
        network.load_state_dict(held["network"])
        optimizer.load_state_dict(held["optimizer"])
        sampler, first, spent = held["sampler"], held["step"], held["seconds"]
        sampler.set_questions(questions)
        print(f"goes on from step {first}", flush=True)

    log = (folder / "log.jsonl").open("a")
    for step in range(first, steps):
        began = time.time()
        if step % MINE_EVERY == 0 and step > 0:
            sampler.set_confused(mine(encoder, entries, sampler))
        network.train()
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, peak)
        batch = sampler.batch()
        loss, parts = step_loss(encoder, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        spent += time.time() - began
        log.write(json.dumps({"step": step, **parts, "queries": len(batch.queries), "seconds": round(spent, 1)}) + "\n")
        log.flush()
        if step % 10 == 0:
            print(f"step {step} of {steps}: {parts}, {spent / (step + 1):.1f} s a step", flush=True)
        if step + 1 == steps or (step + 1) % SAVE_EVERY == 0:
            save(checkpoint, {
                "network": network.state_dict(), "optimizer": optimizer.state_dict(), "sampler": sampler,
                "step": step + 1, "seconds": spent,
            })
    log.close()
    return encoder

"""Measures an encoder on questions it has not seen, faster and coarser than `npm run evaluate`."""

from collections import defaultdict

import numpy as np
import torch
from torch import Tensor

from training.glossary import Entry, Passage
from training.losses import late_scores
from training.network import PASSAGE, QUERY, Encoded, TextEncoder
from training.questions import Judged

ASPECTS = ("definition", "question", "name")


def encode_in_parts(encoder: TextEncoder, prefix: str, texts: list[str], size: int = 512) -> list[Encoded]:
    """Sorted by length within each part only, so the parts keep the order of the texts."""
    encoder.network.eval()
    with torch.no_grad():
        return [encoder(prefix, texts[at:at + size]) for at in range(0, len(texts), size)]


def best_per_entry(scores: Tensor, owners: list[int], count: int) -> Tensor:
    """(queries, passages) → (queries, entries): each entry's best passage."""
    index = torch.tensor(owners).expand(len(scores), -1)
    return torch.full((len(scores), count), -1.0).scatter_reduce(1, index, scores, "amax")


def evidence(encoder: TextEncoder, entries: dict[str, Entry], texts: list[str]) -> dict[str, np.ndarray]:
    """(queries, entries) for dense and late evidence of each aspect, and for English definitions alone."""
    places = {slug: at for at, slug in enumerate(entries)}
    queries = encode_in_parts(encoder, QUERY, texts, size=max(1, len(texts)))[0]
    found: dict[str, np.ndarray] = {}

    def score(name: str, passages: list[Passage]) -> None:
        ordered = sorted(passages, key=lambda passage: len(passage.text))
        dense, late = [], []
        for part in encode_in_parts(encoder, PASSAGE, [p.text for p in ordered]):
            dense.append(queries.dense @ part.dense.T)
            with torch.no_grad():
                late.append(torch.cat([late_scores(piece, part) for piece in pieces(queries)]))
        owners = [places[p.slug] for p in ordered]
        found[f"dense {name}"] = best_per_entry(torch.cat(dense, 1), owners, len(entries)).numpy()
        found[f"late {name}"] = best_per_entry(torch.cat(late, 1), owners, len(entries)).numpy()

    for aspect in ASPECTS:
        score(aspect, [p for entry in entries.values() for p in entry.of(aspect)])
    score("english", [p for entry in entries.values() for p in entry.of("definition", "en")])
    return found


def pieces(queries: Encoded, size: int = 64) -> list[Encoded]:
    return [
        Encoded(queries.dense[at:at + size], queries.tokens[at:at + size], queries.weights[at:at + size])
        for at in range(0, len(queries.dense), size)
    ]


SIGNALS = ("late definition", "late question", "late name", "dense all")


def fused(found: dict[str, np.ndarray], texts: list[str], right: np.ndarray) -> np.ndarray:
    """Scores of a conditional logit over the signals, for short and long queries, each third fitted on the others."""
    dense = np.maximum.reduce([found[f"dense {aspect}"] for aspect in ASPECTS])
    signals = np.stack([*[found[name] for name in SIGNALS[:-1]], dense], -1)
    lengths = np.array([min(1, max(0, len(text.split()) - 1) / 11) for text in texts])[:, None, None]
    x = torch.from_numpy(np.concatenate([signals * (1 - lengths), signals * lengths], -1)).float()
    gold = torch.from_numpy(right)
    scores = np.zeros(right.shape, np.float32)
    for fold in range(3):
        rest = torch.tensor([at for at in range(len(x)) if at % 3 != fold])
        weights = torch.zeros(x.shape[-1], requires_grad=True)
        optimizer = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

        def closure() -> Tensor:
            optimizer.zero_grad()
            s = x[rest] @ (weights * 10)
            loss = (torch.logsumexp(s, 1) - torch.logsumexp(s.masked_fill(~gold[rest], -1e9), 1)).mean()
            loss = loss + 1e-3 * (weights**2).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        mine = [at for at in range(len(x)) if at % 3 == fold]
        scores[mine] = (x[mine] @ (weights.detach() * 10)).numpy()
    return scores


def measure(encoder: TextEncoder, entries: dict[str, Entry], judged: list[Judged]) -> dict[str, dict[str, tuple]]:
    """hit@1, recall@5 and MRR@10 by ranker and group of questions, with the number of questions."""
    known = list(entries)
    judged = [j for j in judged if j.kind != "comparison" and any(a in entries for a in j.answers)]
    texts = [j.text for j in judged]
    right = np.array([[slug in j.answers for slug in known] for j in judged])
    found = evidence(encoder, entries, texts)
    rankers = {
        "dense, English definitions": found["dense english"],
        "late, English definitions": found["late english"],
        "dense, all": np.maximum.reduce([found[f"dense {aspect}"] for aspect in ASPECTS]),
        "semantic": fused(found, texts, right),
    }
    groups: dict[str, list[int]] = defaultdict(list)
    for at, j in enumerate(judged):
        groups["all"].append(at)
        groups[f"{j.kind} {j.language}" if j.language != "mul" else j.kind].append(at)
    result: dict[str, dict[str, tuple]] = {}
    for name, scores in rankers.items():
        gold = np.where(right, scores, -np.inf).max(1, keepdims=True)
        ranks = ((scores > gold) & ~right).sum(1) + 1
        result[name] = {
            group: (
                round(float((ranks[rows] == 1).mean()), 3), round(float((ranks[rows] <= 5).mean()), 3),
                round(float(np.where(ranks[rows] <= 10, 1 / ranks[rows], 0).mean()), 3), len(rows),
            )
            for group, rows in sorted(groups.items())
        }
    return result


def table(result: dict[str, dict[str, tuple]]) -> str:
    groups = list(next(iter(result.values())))
    lines = ["| group | n | " + " | ".join(result) + " |", "| --- " * (len(result) + 2) + "|"]
    for group in groups:
        cells = [" ".join(f"{value:.2f}" for value in result[name][group][:3]) for name in result]
        lines.append(f"| {group} | {result[next(iter(result))][group][3]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)

"""What training lowers: the ranking loss over sentence vectors and over late interaction."""

import torch
from torch import Tensor

from training.network import Encoded

DENSE_TEMPERATURE = 0.02
LATE_TEMPERATURE = 0.025


def late_scores(queries: Encoded, passages: Encoded) -> Tensor:
    """(queries, passages): Σᵢ wᵢ maxⱼ cos(qᵢ, pⱼ) / Σᵢ wᵢ, the late interaction of src/search/late-interaction.ts."""
    n, length, width = queries.tokens.shape
    taking_part = queries.weights > 0
    rows = queries.tokens[taking_part]
    dropped = passages.weights <= 0
    keep = ~dropped.all(0)
    keys, dropped = passages.tokens[:, keep], dropped[:, keep]
    with torch.autocast("cpu", torch.bfloat16):
        cosines = torch.einsum("qd,pjd->qpj", rows, keys)
    best = cosines.masked_fill(dropped.unsqueeze(0), -1.0).max(-1).values.float()
    weights = queries.weights[taking_part]
    owner = torch.arange(n).unsqueeze(1).expand(n, length)[taking_part]
    sums = torch.zeros(n, len(keys)).index_add(0, owner, best * weights.unsqueeze(1))
    return sums / queries.weights.sum(1, keepdim=True).clamp_min(1e-6)


def ranking_loss(scores: Tensor, positive: Tensor) -> Tensor:
    """InfoNCE with several positives: one of them has to stand out, as the best passage of an entry does in a search.

    −log(Σ₊ exp s / Σ exp s), the "inside" form of Khosla et al. 2020; `scores` (queries, passages) are divided by the
    temperature already."""
    right = torch.logsumexp(scores.masked_fill(~positive, float("-inf")), 1)
    return (torch.logsumexp(scores, 1) - right)[positive.any(1)].mean()

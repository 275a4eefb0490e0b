"""The encoder while it is trained: a BERT encoder with a projection of its token vectors."""

from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from encoder_source import EncoderSource

QUERY, PASSAGE = "query: ", "passage: "
PREFIX_TOKENS = 3
"""`<s>`, the prefix and its colon stand before every text; late interaction leaves them out."""


@dataclass
class Encoded:
    """Unit vectors of texts (n, hidden), of their tokens (n, length, tokenDimensions), and the tokens' weights."""

    dense: Tensor
    tokens: Tensor
    weights: Tensor
    """(n, length): idf of each token, 0 where it takes no part."""


class Network(nn.Module):
    """Token ids → unit vectors of text and tokens."""

    def __init__(self, source: EncoderSource, projection: np.ndarray) -> None:
        super().__init__()
        config = BertConfig(
            vocab_size=len(source.pieces), hidden_size=source.hidden, num_hidden_layers=source.layers,
            num_attention_heads=source.heads, intermediate_size=source.feed_forward,
            max_position_embeddings=source.positions, type_vocab_size=2, layer_norm_eps=source.layer_norm_epsilon,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager",
        )
        self.bert = BertModel(config, add_pooling_layer=False)
        self.bert.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in source.weights.items()})
        self.projection = nn.Linear(source.hidden, len(projection), bias=False)
        self.projection.weight.data = torch.from_numpy(np.array(projection, np.float32))

    def hidden_states(self, ids: Tensor, mask: Tensor) -> Tensor:
        return self.bert(input_ids=ids, attention_mask=mask).last_hidden_state

    def as_source(self, source: EncoderSource) -> EncoderSource:
        """The trained weights in place of the source's."""
        return source.with_weights({name: value.detach().numpy() for name, value in self.bert.state_dict().items()})

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.hidden_states(ids, mask).float()
        spread = mask.unsqueeze(-1).float()
        dense = functional.normalize((hidden * spread).sum(1), dim=-1)
        return dense, functional.normalize(self.projection(hidden).float(), dim=-1)


class TextEncoder:
    """Texts → vectors, in batches of texts of like length."""

    BATCH_TOKENS = 3072

    def __init__(self, network: Network, tokenizer: Tokenizer, token_weights: np.ndarray, max_tokens: int = 128) -> None:
        self.network = network
        self.tokenizer = tokenizer
        self.token_weights = torch.from_numpy(token_weights)
        """idf by token id; 0 for punctuation and stop words."""
        self.max_tokens = max_tokens

    def ids(self, prefix: str, texts: list[str]) -> list[list[int]]:
        encodings = self.tokenizer.encode_batch_fast([prefix + text for text in texts])
        return [e.ids if len(e.ids) <= self.max_tokens else e.ids[:self.max_tokens - 1] + e.ids[-1:] for e in encodings]

    def __call__(self, prefix: str, texts: list[str]) -> Encoded:
        rows = self.ids(prefix, texts)
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        dense: list[Tensor] = [torch.empty(0)] * len(rows)
        tokens: list[Tensor] = [torch.empty(0)] * len(rows)
        longest = max(map(len, rows)) - PREFIX_TOKENS
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * len(rows[order[end]]) <= self.BATCH_TOKENS:
                end += 1
            part = order[start:end]
            width = len(rows[part[-1]])
            ids = torch.tensor([rows[at] + [1] * (width - len(rows[at])) for at in part])
            mask = torch.tensor([[1] * len(rows[at]) + [0] * (width - len(rows[at])) for at in part])
            with torch.autocast("cpu", torch.bfloat16):
                text_vectors, token_vectors = self.network(ids, mask)
            text_vectors, token_vectors = text_vectors.float(), token_vectors.float()
            for row, at in enumerate(part):
                dense[at] = text_vectors[row]
                tokens[at] = functional.pad(token_vectors[row, PREFIX_TOKENS:], (0, 0, 0, longest - width + PREFIX_TOKENS))
            start = end
        weights = torch.zeros(len(rows), longest)
        for at, row in enumerate(rows):
            inner = self.token_weights[torch.tensor(row[PREFIX_TOKENS:-1], dtype=torch.long)]
            weights[at, :len(inner)] = inner
        return Encoded(torch.stack(dense), torch.stack(tokens), weights)

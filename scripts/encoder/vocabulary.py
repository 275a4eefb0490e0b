"""Chooses which pieces of the vocabulary are kept: some by rule, the rest by how often they are needed."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import Tokenizer

from encoder_source import MASK, EncoderSource
from texts import LOCALES, PACKAGES, frequent_words, held_out, package_text, running_text, translated

ROWS = 32_768
WORDS = 200_000
COMMON = 40_000
"""The commonest words are also counted beside punctuation."""

LANGUAGES = {"en": 1.0, "pt": 1.0, "es": 0.8, "fr": 0.8}
"""Share of the count that each language's word list gets."""

TECHNICAL = 0.6
"""Share of the prose in the packages: technical English, with its punctuation, hyphens and code."""

TRANSLATED = 0.15
"""Share of Django's translations into each of the other languages: technical words beside those of wordfreq."""

GIVEN = 1.0
"""Share of the folders given on the command line."""

GIVEN_ALWAYS = 2
"""A piece that the given folders need this often is kept whatever its share."""

SHORT = 4
"""Pieces of ASCII digits and punctuation up to this length are kept by rule."""

ACRONYM = 3
"""Capitals that begin a word (`GPU`, `RAG`) are kept by rule up to this length."""

SYMBOLS = 400
"""How many pictures (emoji, arrows, shapes) are kept: the best scored."""

CONTEXTS = {
    "{}": 1.0, "{},": 0.05, "({}": 0.03, "{})": 0.03, '"{}': 0.03, "-{}": 0.03, "{}-": 0.03, "/{}": 0.01, "_{}": 0.005,
}
"""How a word stands in text, and how often compared with standing alone."""

ELISIONS = {"l'": 0.12, "d'": 0.12, "qu'": 0.02, "n'": 0.02, "s'": 0.02, "l’": 0.06, "d’": 0.06}
"""What French puts before a vowel; the pieces after it begin no word."""

FRENCH_VOWELS = "aeiouyhàâæéèêëîïôœùûü"


def bare(piece: str) -> str:
    """A piece without the mark of a word's beginning."""
    return piece.removeprefix("▁")


def kept_by_rule(source: EncoderSource) -> set[int]:
    """Special tokens, short runs of digits, punctuation or capitals, characters of Latin and Greek, and symbols."""
    kept = {0, 1, 2, 3}
    symbols = 0
    for index, piece in enumerate(source.pieces):
        text = bare(piece)
        if piece in ("▁", MASK):
            kept.add(index)
        elif text and text.isascii() and not any(c.isalpha() for c in text) and len(text) <= SHORT:
            kept.add(index)
        elif piece != text and text.isascii() and text.isalpha() and text.isupper() and len(text) <= ACRONYM:
            kept.add(index)
        elif len(text) == 1 and unicodedata.normalize("NFKC", text) == text:
            category, name = unicodedata.category(text), unicodedata.name(text, "")
            if category == "So":
                symbols += 1
                if symbols <= SYMBOLS:
                    kept.add(index)
            elif category in ("Sm", "Sc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Pc", "Sk", "Nl", "No"):
                kept.add(index)
            elif category == "Mn" and 0x300 <= ord(text) < 0x370 or name.startswith(("LATIN ", "GREEK ")):
                kept.add(index)
    return kept


def word_forms(language: str) -> Iterator[tuple[str, float]]:
    """Each frequent word as text has it: capitals, punctuation beside it, elisions."""
    for rank, (word, frequency) in enumerate(frequent_words(language, WORDS)):
        cases = {word: 1.0}
        cases[word[:1].upper() + word[1:]] = cases.get(word[:1].upper() + word[1:], 0) + 0.2
        if len(word) <= 6:
            cases[word.upper()] = cases.get(word.upper(), 0) + 0.03
        for form, share in cases.items():
            for context, weight in (CONTEXTS if rank < COMMON else {"{}": 1.0}).items():
                yield context.format(form), frequency * share * weight
        if language == "fr" and word[0] in FRENCH_VOWELS:
            for elision, weight in ELISIONS.items():
                yield elision + word, frequency * weight


def count_weighted(tokenizer: Tokenizer, texts: Iterable[tuple[str, float]]) -> Counter[int]:
    """Weight of each token id over the texts."""
    counts: Counter[int] = Counter()
    batch: list[tuple[str, float]] = []

    def flush() -> None:
        encodings = tokenizer.encode_batch_fast([text for text, _ in batch], add_special_tokens=False)
        for encoding, (_, weight) in zip(encodings, batch):
            for index in encoding.ids:
                counts[index] += weight
        batch.clear()

    for item in texts:
        batch.append(item)
        if len(batch) == 20_000:
            flush()
    flush()
    return counts


def shares(counts: Counter[int], total: float) -> dict[int, float]:
    """The counts scaled to a sum."""
    mass = sum(counts.values())
    return {index: count * total / mass for index, count in counts.items()} if mass else {}


def words_of(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, float]]:
    """Each distinct word of running text, with its count, in a fixed order."""
    words: Counter[str] = Counter()
    for _, text in texts:
        words.update(word for word in text.split() if len(word) <= 60)
    return iter(sorted((word, float(count)) for word, count in words.items()))


def choose_vocabulary(
    source: EncoderSource, tokenizer: Tokenizer, package_folders: list[Path], given: list[Path], rows: int = ROWS
) -> list[int]:
    """The kept rows, in the order of the full vocabulary."""
    score: Counter[int] = Counter()
    for language, total in LANGUAGES.items():
        score.update(shares(count_weighted(tokenizer, word_forms(language)), total))
    for language in LOCALES:
        messages = (item for item in translated(language, package_folders) if not held_out(item[1]))
        score.update(shares(count_weighted(tokenizer, words_of(messages)), TRANSLATED))
    prose = (item for name in PACKAGES for item in package_text(name, package_folders) if not held_out(item[0]))
    score.update(shares(count_weighted(tokenizer, words_of(prose)), TECHNICAL))

    kept = kept_by_rule(source)
    if given:
        counts = count_weighted(tokenizer, words_of(item for folder in given for item in running_text(folder)))
        score.update(shares(counts, GIVEN))
        kept |= {index for index, count in counts.items() if count >= GIVEN_ALWAYS}

    for index, _ in sorted(score.items(), key=lambda item: (-item[1], item[0])):
        if len(kept) >= rows:
            break
        kept.add(index)
    return sorted(kept)

"""Typing errors, as fingers and phones make them."""

import random
import unicodedata

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

NEIGHBOURS: dict[str, str] = {}
for row_number, row in enumerate(ROWS):
    for column, key in enumerate(row):
        near = row[max(0, column - 1):column] + row[column + 1:column + 2]
        if row_number + 1 < len(ROWS):
            near += ROWS[row_number + 1][max(0, column - 1):column + 1]
        NEIGHBOURS[key] = near


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def one_error(word: str, rng: random.Random) -> str:
    """Two letters swapped, one doubled, dropped, or hit beside; the first letter is spared mostly."""
    at = rng.randrange(1 if rng.random() < 0.9 else 0, len(word))
    kind = rng.random()
    if kind < 0.35 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    if kind < 0.6:
        return word[:at] + word[at + 1:]
    if kind < 0.75:
        return word[:at] + word[at] + word[at:]
    beside = NEIGHBOURS.get(word[at].lower())
    return word[:at] + rng.choice(beside) + word[at + 1:] if beside else word[:at] + word[at + 1:]


def mistyped(text: str, rng: random.Random) -> str:
    """The text with about one error in every four words that are long enough, at least one."""
    if rng.random() < 0.3:
        text = without_accents(text)
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    for at in rng.sample(long, min(len(long), max(1, round(len(long) / 4)))):
        words[at] = one_error(words[at], rng)
    return " ".join(words)


def casual(text: str, rng: random.Random) -> str:
    """The text as typed in haste: lower case, no final mark, now and then without accents or with an error."""
    if rng.random() < 0.3:
        text = text.lower()
    if rng.random() < 0.3:
        text = text.rstrip("?.!")
    if rng.random() < 0.06:
        text = without_accents(text)
    return mistyped(text, rng) if rng.random() < 0.06 else text

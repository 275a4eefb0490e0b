"""Checks the training questions: form, number, repetitions, and that none is (nearly) one of the evaluation.

Exits with 1 and a list of findings, as `file:line: what`, if anything is wrong."""

import argparse
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from encoder_source import SourceError
from training.glossary import LANGUAGES, read_glossary
from training.questions import read_judged

NEAR = 0.7
"""From this share of common words (Jaccard) on, two questions are near copies."""

LEAST_WORDS = 4
"""Shorter questions are fragments ("gpu out of memory"): only equal ones count as copies."""

PER_ENTRY = {"en": 40, "pt": 20, "es": 10, "fr": 10}


def words(text: str) -> frozenset[str]:
    folded = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return frozenset(re.findall(r"[^\W_]+", folded))


class Copies:
    """Finds a text among others that shares most of its words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = list(dict.fromkeys(texts))
        self.words = [words(text) for text in self.texts]
        self.having: dict[str, list[int]] = defaultdict(list)
        for at, found in enumerate(self.words):
            for word in found:
                self.having[word].append(at)

    def of(self, text: str) -> str | None:
        mine = words(text)
        shared = Counter(at for word in mine for at in self.having.get(word, ()))
        for at, common in shared.most_common(5):
            both = len(mine | self.words[at])
            short = min(len(mine), len(self.words[at])) < LEAST_WORDS
            if common == both or (not short and common / both >= NEAR):
                return self.texts[at]
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--content", type=Path, default=root / "content")
    parser.add_argument("--evaluation", type=Path, default=root / "evaluation/questions.tsv")
    given = parser.parse_args()

    entries = read_glossary(given.content)
    asked = Copies(judged.text for judged in read_judged(given.evaluation))
    own = Copies(passage.text for entry in entries.values() for passage in entry.of("question"))
    findings: list[str] = []
    total: Counter[str] = Counter()
    for language in LANGUAGES:
        path = given.content / language / "questions.tsv"
        owner: dict[str, str] = {}
        count: Counter[str] = Counter()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            where = f"{language}/{path.name}:{number}"
            slug, tab, text = line.partition("\t")
            if not tab or not text.strip() or "\t" in text:
                findings.append(f"{where}: expected slug, tab, question")
                continue
            count[slug] += 1
            if slug not in entries:
                findings.append(f"{where}: there is no entry {slug}")
            if (same := " ".join(text.lower().split())) in owner:
                findings.append(f"{where}: asked before, for {owner[same]}: {text}")
            owner[same] = slug
            if copy := asked.of(text):
                findings.append(f"{where}: nearly the evaluation's \"{copy}\": {text}")
            if copy := own.of(text):
                findings.append(f"{where}: nearly the entry's own \"{copy}\": {text}")
        findings += [
            f"{language}/{path.name}: {slug} has {count[slug]} questions, at least {PER_ENTRY[language]} are wanted"
            for slug in entries if count[slug] < PER_ENTRY[language] * 0.8
        ]
        total[language] = sum(count.values())
    print("\n".join(findings))
    print(f"{sum(total.values())} questions ({', '.join(f'{k} {v}' for k, v in total.items())}), {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SourceError as error:
        sys.exit(f"check_questions: {error}")

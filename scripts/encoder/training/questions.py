"""Reads the written questions: those for training, and those of the evaluation."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from encoder_source import SourceError


@dataclass(frozen=True)
class Question:
    slug: str
    language: str
    text: str


@dataclass(frozen=True)
class Judged:
    """A question of the evaluation; `answers` are the slugs that answer it."""

    split: str
    kind: str
    language: str
    text: str
    answers: tuple[str, ...]


def read_questions(content: Path) -> list[Question]:
    """Every line `slug <tab> question` of `<language>/questions.tsv`."""
    found = []
    for path in sorted(content.glob("*/questions.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            slug, tab, text = line.partition("\t")
            if not tab or not text.strip():
                raise SourceError(f"{path}:{number}: expected slug, tab, question")
            found.append(Question(slug, path.parent.name, text.strip()))
    return found


def read_judged(path: Path) -> Iterator[Judged]:
    """The questions of evaluation/questions.tsv."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            answers = tuple(re.findall(r"[a-z0-9-]+", row["answer"] or ""))
            yield Judged(row["split"], row["kind"], row["language"], row["question"], answers)

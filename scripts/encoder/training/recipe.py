"""The whole training: half the layers, distilled, then trained contrastively on the glossary."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from encoder_source import EncoderSource
from texts import LOCALES, PACKAGES, package_text, translated
from training.distill import distill
from training.glossary import read_glossary
from training.questions import read_questions
from training.train import train

LAYERS = (0, 2, 4, 6, 9, 11)
"""Those of the twelve that are kept."""

DISTILL_STEPS = 170
DISTILL_RATE = 3e-4
STEPS = 690
RATE = 2e-4

PARAGRAPHS = 12_000
"""Paragraphs of technical English that the distillation sees, beside the glossary and the questions."""

MESSAGES = 8_000


def paragraphs(folders: list[Path]) -> Iterator[str]:
    """Prose in the documentation of Python packages."""
    for name in PACKAGES:
        for _, text in package_text(name, folders):
            for block in re.split(r"\n\s*\n", text):
                paragraph = " ".join(block.split())
                letters = sum(c.isalpha() or c == " " for c in paragraph)
                if 60 < len(paragraph) < 700 and letters > 0.85 * len(paragraph):
                    yield paragraph


def trained(
    source: EncoderSource, tokenizer: Tokenizer, content: Path, texts: list[Path], work: Path
) -> tuple[EncoderSource, np.ndarray]:
    """The trained encoder and its projection of token vectors (width, hidden).

    `work` keeps the checkpoints: the same call goes on where it was interrupted."""
    entries = read_glossary(content)
    asked = read_questions(content)
    rng = random.Random(3)
    prose = list(paragraphs(texts))
    messages = [text for name in LOCALES for _, text in translated(name, texts) if len(text) > 25]
    student = distill(
        source, tokenizer,
        queries=[question.text for question in asked] + messages[:MESSAGES],
        passages=[p.text for entry in entries.values() for p in entry.passages]
        + rng.sample(prose, min(PARAGRAPHS, len(prose))),
        kept=list(LAYERS), folder=work, steps=DISTILL_STEPS, peak=DISTILL_RATE,
    )
    encoder = train(student, tokenizer, entries, asked, work, STEPS, RATE)
    return encoder.network.as_source(student), encoder.network.projection.weight.detach().numpy()

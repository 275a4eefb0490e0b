"""What each training step sees: neighbouring entries, several questions of each, and passages that answer them."""

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from training.glossary import LANGUAGES, Entry, Passage
from training.noise import casual, mistyped
from training.questions import Question

ENTRIES = 48
CLUSTER = 4
"""Entries come in groups of this many that are easily confused: the most instructive negatives."""

QUESTIONS = 6
"""Written questions of each entry in a step."""

NAME_SHARE = 0.5
"""Share of the entries that are also asked for by name, half of them mistyped."""

EDITOR_SHARE = 0.3
"""Share of the entries that are also asked for by one of their editors' questions."""

ENGLISH_DEFINITION = 0.5
"""How often the main passage is the English definition; otherwise it is one in another language."""

OTHER_KINDS = {"question": 0.5, "why": 0.15, "section": 0.15, "name": 0.2}
"""What the second passage of an entry is, where it has one."""

OTHER_SHARE = 0.7


@dataclass
class Batch:
    queries: list[str] = field(default_factory=list)
    query_owners: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)


class Sampler:
    """Draws batches so that every question comes once before any comes again."""

    def __init__(self, entries: Mapping[str, Entry], questions: list[Question], seed: int) -> None:
        self.entries = entries
        self.rng = random.Random(seed)
        self.set_questions(questions)
        self.left: dict[str, list[str]] = {}
        self.slugs = sorted(entries)
        self.waiting: list[str] = []
        self.confused: dict[str, list[str]] = {slug: [r for r in entry.related if r in entries] for slug, entry in entries.items()}

    def set_questions(self, questions: list[Question]) -> None:
        """The written questions from the next time on that an entry's are drawn anew."""
        self.questions: dict[str, list[str]] = defaultdict(list)
        for question in questions:
            self.questions[question.slug].append(question.text)

    def set_confused(self, confused: dict[str, list[str]]) -> None:
        """Entries that the model takes for each other, found with the model itself, beside the linked ones."""
        self.confused = {
            slug: list(dict.fromkeys([*confused.get(slug, []), *self.entries[slug].related])) for slug in self.slugs
        }

    def next_slug(self) -> str:
        if not self.waiting:
            self.waiting = self.slugs[:]
            self.rng.shuffle(self.waiting)
        return self.waiting.pop()

    def choose_entries(self) -> list[str]:
        chosen: dict[str, None] = {}
        while len(chosen) < min(ENTRIES, len(self.slugs)):
            slug = self.next_slug()
            chosen[slug] = None
            near = [other for other in self.confused[slug] if other in self.entries and other not in chosen]
            for other in near[:6] and self.rng.sample(near[:6], min(len(near[:6]), CLUSTER - 1)):
                chosen[other] = None
        return list(chosen)[:ENTRIES]

    def next_questions(self, slug: str, count: int) -> list[str]:
        taken: list[str] = []
        available = len(self.questions[slug])
        while len(taken) < min(count, available):
            if not self.left.get(slug):
                self.left[slug] = self.rng.sample(self.questions[slug], available)
            taken.append(self.left[slug].pop())
        return taken

    def queries_of(self, entry: Entry) -> list[str]:
        rng = self.rng
        queries = [casual(text, rng) for text in self.next_questions(entry.slug, QUESTIONS)]
        if rng.random() < NAME_SHARE:
            name = rng.choice(entry.of("name")).text
            queries.append(mistyped(name, rng) if rng.random() < 0.5 else casual(name, rng))
        if rng.random() < EDITOR_SHARE and entry.of("question"):
            queries.append(casual(rng.choice(entry.of("question")).text, rng))
        return queries

    def passages_of(self, entry: Entry, queries: list[str]) -> list[Passage]:
        rng = self.rng
        language = "en" if rng.random() < ENGLISH_DEFINITION else rng.choice(LANGUAGES[1:])
        main = entry.of("definition", language) or entry.of("definition", "en")
        if rng.random() >= OTHER_SHARE:
            return main
        kind = rng.choices(list(OTHER_KINDS), list(OTHER_KINDS.values()))[0]
        others = [p for p in entry.of(kind) if p.text not in queries]
        return [*main, *([rng.choice(others)] if others else [])]

    def batch(self) -> Batch:
        batch = Batch()
        for slug in self.choose_entries():
            entry = self.entries[slug]
            queries = self.queries_of(entry)
            batch.queries += queries
            batch.query_owners += [slug] * len(queries)
            batch.passages += self.passages_of(entry, queries)
        return batch

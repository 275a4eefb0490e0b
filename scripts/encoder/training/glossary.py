"""Reads content/: what an entry says in each language, as the texts that the index embeds."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from encoder_source import SourceError

LANGUAGES = ("en", "pt", "es", "fr")

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.S)
MARKUP = re.compile(r"[`*_]{1,3}(?=\S)|(?<=\S)[`*_]{1,3}|^#+ |\[([^\]]*)\]\([^)]*\)", re.M)


@dataclass(frozen=True)
class Passage:
    """A text that answers (kinds definition, why, section), asks (question) or names (name) an entry."""

    slug: str
    language: str
    kind: str
    text: str


@dataclass(frozen=True)
class Entry:
    slug: str
    category: str
    related: tuple[str, ...]
    passages: list[Passage] = field(default_factory=list)

    def of(self, kind: str, language: str | None = None) -> list[Passage]:
        return [p for p in self.passages if p.kind == kind and language in (None, p.language)]


def plain(markdown: str) -> str:
    """Markdown without its marks, on one line."""
    return " ".join(MARKUP.sub(lambda match: match.group(1) or "", markdown).split())


def passages_of(slug: str, language: str, source: str, where: Path) -> tuple[dict, list[Passage]]:
    """The front matter of one file and its passages, embedded as src/passages/passages.ts does."""
    parts = FRONT_MATTER.match(source)
    if not parts:
        raise SourceError(f"{where} has no front matter")
    front = yaml.safe_load(parts.group(1))
    aliases = [str(alias) for alias in front.get("aliases", [])]
    title = str(front["title"])
    names = f"{title} ({', '.join(aliases)})" if aliases else title
    passages = [Passage(slug, language, "name", name) for name in dict.fromkeys([title, *aliases])]
    blocks = re.split(r"^(##+ .*)$", parts.group(2), flags=re.M)
    passages.append(Passage(slug, language, "definition", f"{names}: {plain(blocks[0])}"))
    deep = False
    for heading, text in zip(blocks[1::2], blocks[2::2]):
        depth, label = heading.split(" ", 1)
        if depth == "##" and not deep and plain(text):
            passages.append(Passage(slug, language, "why", f"{names}: {plain(text)}"))
        elif depth == "###" and plain(text):
            passages.append(Passage(slug, language, "section", f"{names}: {label}. {plain(text)}"))
        deep = deep or depth == "##"
    passages += [Passage(slug, language, "question", str(question)) for question in front.get("questions", [])]
    return front, passages


def read_glossary(folder: Path) -> dict[str, Entry]:
    """All entries of a content folder by slug."""
    entries: dict[str, Entry] = {}
    for path in sorted((folder / "en").glob("*.md")):
        slug = path.stem
        front, passages = passages_of(slug, "en", path.read_text("utf-8"), path)
        entry = Entry(slug, front["category"], tuple(front.get("related", [])), passages)
        for language in LANGUAGES[1:]:
            translation = folder / language / path.name
            if translation.exists():
                entry.passages.extend(passages_of(slug, language, translation.read_text("utf-8"), translation)[1])
        entries[slug] = entry
    if not entries:
        raise SourceError(f"{folder} has no entries")
    return entries

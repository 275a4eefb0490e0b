"""Finds running text: word lists of a language, and prose inside installed packages and given folders."""

import ast
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from encoder_source import SourceError

PROSE = {".md", ".mdx", ".rst", ".txt", ".yaml", ".yml"}
"""What counts as prose in a given folder."""

PACKAGES = (
    "torch", "transformers", "accelerate", "datasets", "dspy", "langchain_core", "peft", "sklearn",
    "sentence_transformers", "trl",
)
"""Installed packages about machine learning whose prose is counted."""

LOCALES = {"Portuguese": ("pt", "pt_BR"), "Spanish": ("es",), "French": ("fr",)}
"""The languages of Django's translations that are counted, with their codes."""


def frequent_words(language: str, count: int) -> list[tuple[str, float]]:
    """The commonest words of a language with their frequencies."""
    from wordfreq import get_frequency_dict, top_n_list

    frequencies = get_frequency_dict(language, wordlist="best")
    return [(word, frequencies[word]) for word in top_n_list(language, count, wordlist="best") if word in frequencies]


def docstrings(source: str) -> Iterator[str]:
    """The docstrings of a Python file; none if it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node)
            if text:
                yield text


def translations(source: str) -> Iterator[str]:
    """The translated messages of a gettext file."""
    _header, _, messages = source.partition("\n\n")
    for block in re.findall(r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', messages, re.M):
        text = "".join(re.findall(r'"(.*)"', block)).replace("\\n", " ").replace('\\"', '"')
        if text:
            yield text


def texts_of(path: Path) -> Iterator[str]:
    """The prose of one file."""
    source = path.read_text("utf-8", errors="ignore")
    if path.suffix == ".py":
        yield from docstrings(source)
    elif path.suffix == ".po":
        yield from translations(source)
    elif path.name == "METADATA":
        yield source.partition("\n\n")[2]
    else:
        yield source


def running_text(folder: Path, suffixes: set[str] = PROSE) -> Iterator[tuple[str, str]]:
    """Every file's path within the folder and its prose, in a fixed order; paragraphs met before are left out."""
    seen: set[bytes] = set()
    files = sorted(
        (path.relative_to(folder).as_posix(), path)
        for path in folder.rglob("*")
        if path.is_file() and (path.suffix in suffixes or path.name in suffixes)
    )
    for name, path in files:
        fresh: list[str] = []
        for text in texts_of(path):
            for paragraph in re.split(r"\n\s*\n", text):
                digest = hashlib.sha256(paragraph.encode()).digest()
                if digest not in seen:
                    seen.add(digest)
                    fresh.append(paragraph)
        if fresh:
            yield name, "\n\n".join(fresh)


def package_folder(name: str, folders: list[Path]) -> Path:
    """Where an installed package lies, in the first of the folders that has it."""
    for folder in folders:
        if (folder / name).is_dir():
            return folder / name
    raise SourceError(f"the package {name} is in none of {', '.join(map(str, folders))}; run make.sh")


def package_text(name: str, folders: list[Path]) -> Iterator[tuple[str, str]]:
    """The docstrings and documentation files of an installed package."""
    for path, text in running_text(package_folder(name, folders), {".py", ".md", ".rst"}):
        yield f"{name}/{path}", text


def translated(language: str, folders: list[Path]) -> Iterator[tuple[str, str]]:
    """Django's translated messages in a language, each by itself."""
    for path, text in running_text(package_folder("django", folders), {".po"}):
        if any(f"/locale/{code}/" in f"/{path}" for code in LOCALES[language]):
            for message in text.split("\n\n"):
                yield path, message


def held_out(key: str) -> bool:
    """Whether a file (by its path) or a message (by its text) is one of the tenth kept for measuring."""
    return hashlib.sha256(key.encode()).digest()[0] % 10 == 0

"""Checkpoints: written beside and renamed into place, so that an interruption leaves a whole one."""

import os
from pathlib import Path

import torch


def save(path: Path, content: dict) -> None:
    temporary = path.with_suffix(".part")
    torch.save(content, temporary)
    os.replace(temporary, path)


def load(path: Path) -> dict | None:
    """The checkpoint, if there is one; it is our own file, so it may hold any object."""
    return torch.load(path, weights_only=False) if path.exists() else None

"""`stock_corpora`: a run's corpora, composed once and kept until anything about them changes."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from model_export.compose import TRAINING, VALIDATION, Ingredients, Recipe, compose_corpus
from model_export.corpus import Corpus, read_corpus, write_corpus
from model_export.data import Data

_PROJECT: Final = Path(__file__).parents[1]
_CODE: Final = (
    "model_export/compose.py",
    "model_export/splits.py",
    "model_export/drawing/*.py",
    "model_export/sources/*.py",
    "functions/recognition/*.py",
    "functions/recognition/*.cpp",
)
"""All that decides what a picture looks like."""


def stock_corpora(data: Data, folder: Path, share: float = 1.0) -> tuple[Corpus, Corpus]:
    """The training and the validation corpus, from the folder or made anew.

    Args:
        share: of the full number of pictures; MNIST is whole.
    """
    parts: tuple[tuple[str, Ingredients, Recipe], ...] = (
        ("training", data.training, TRAINING),
        ("validation", data.validation, VALIDATION),
    )
    training, validation = (
        _stock(folder / f"{name}.npz", ingredients, recipe.scale(share), data.checksums)
        for name, ingredients, recipe in parts
    )
    return training, validation


def _stock(
    path: Path, ingredients: Ingredients, recipe: Recipe, checksums: Mapping[str, str]
) -> Corpus:
    origin: dict[str, Any] = {
        "recipe": asdict(recipe),
        "data": dict(checksums),
        "code": _hash_code(),
    }
    corpus = read_corpus(path, origin)
    if corpus is None:
        corpus = compose_corpus(ingredients, recipe, workers=os.cpu_count() or 1)
        write_corpus(path, corpus, origin)
    return corpus


def _hash_code() -> str:
    digest = hashlib.sha256()
    for pattern in _CODE:
        for file in sorted(_PROJECT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()

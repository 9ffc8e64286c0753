"""Corpora are kept until something that decides them changes, and not a day longer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model_export import pantry
from model_export.compose import VALIDATION, Ingredients, Recipe
from model_export.corpus import Corpus
from model_export.data import Data, read_data
from model_export.pantry import stock_corpora


@pytest.fixture(scope="module")
def data(every_source: Path) -> Data:
    return read_data(every_source, verify=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Code to change."""
    for name in ("model_export/compose.py", "model_export/drawing/paper.py", "model_export/no.py"):
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text("shade = 1\n")
    monkeypatch.setattr(pantry, "_PROJECT", tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[Recipe]:
    """The recipes that are composed, in a corpus of MNIST's first digits instead."""
    recipes = []

    def compose(ingredients: Ingredients, recipe: Recipe, *, workers: int) -> Corpus:
        recipes.append(recipe)
        few = ingredients.mnist.select(np.arange(len(ingredients.mnist)) < 5)
        return Corpus(few.images, few.labels, np.zeros(5, np.uint8))

    monkeypatch.setattr(pantry, "compose_corpus", compose)
    return recipes


def test_kept_corpora_are_not_composed_again(
    data: Data, tmp_path: Path, project: Path, composed: list[Recipe]
) -> None:
    first = stock_corpora(data, tmp_path / "corpora")
    again = stock_corpora(data, tmp_path / "corpora")
    assert len(composed) == 2
    for made, kept in zip(first, again, strict=True):
        np.testing.assert_array_equal(made.pixels, kept.pixels)
        np.testing.assert_array_equal(made.labels, kept.labels)


def test_training_and_validation_are_each_of_their_own_people(
    data: Data, tmp_path: Path, project: Path, composed: list[Recipe]
) -> None:
    training, validation = stock_corpora(data, tmp_path)
    np.testing.assert_array_equal(training.pixels, data.training.mnist.images[:5])
    np.testing.assert_array_equal(validation.pixels, data.validation.mnist.images[:5])
    assert composed[0].seed != composed[1].seed


def test_share_is_of_both_recipes(
    data: Data, tmp_path: Path, project: Path, composed: list[Recipe]
) -> None:
    stock_corpora(data, tmp_path)
    stock_corpora(data, tmp_path, share=0.1)
    assert composed[2:] == [recipe.scale(0.1) for recipe in composed[:2]]


@pytest.mark.parametrize("code", ["model_export/compose.py", "model_export/drawing/paper.py"])
def test_other_code_composes_anew(
    data: Data, tmp_path: Path, project: Path, composed: list[Recipe], code: str
) -> None:
    stock_corpora(data, tmp_path)
    (project / code).write_text("shade = 2\n")
    stock_corpora(data, tmp_path)
    assert len(composed) == 4


def test_code_that_draws_nothing_does_not_matter(
    data: Data, tmp_path: Path, project: Path, composed: list[Recipe]
) -> None:
    stock_corpora(data, tmp_path)
    (project / "model_export/no.py").write_text("shade = 2\n")
    stock_corpora(data, tmp_path)
    assert len(composed) == 2


def test_other_data_composes_anew(
    data: Data, tmp_path: Path, project: Path, composed: list[Recipe]
) -> None:
    stock_corpora(data, tmp_path)
    stock_corpora(replace(data, checksums={**data.checksums, "strokes.zip": "0a"}), tmp_path)
    assert len(composed) == 4


def test_other_recipe_composes_its_own_corpus_anew(
    data: Data,
    tmp_path: Path,
    project: Path,
    composed: list[Recipe],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stock_corpora(data, tmp_path)
    monkeypatch.setattr(pantry, "VALIDATION", replace(VALIDATION, seed=9))
    stock_corpora(data, tmp_path)
    assert [recipe.seed for recipe in composed[2:]] == [9]


def test_damaged_corpus_is_composed_anew(
    data: Data, tmp_path: Path, project: Path, composed: list[Recipe]
) -> None:
    stock_corpora(data, tmp_path)
    kept = tmp_path / "training.npz"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-100])
    stock_corpora(data, tmp_path)
    assert len(composed) == 3
    assert kept.read_bytes() == whole


def test_all_code_that_draws_is_watched() -> None:
    """A pattern that matches nothing would let changes pass."""
    for pattern in pantry._CODE:
        assert list(pantry._PROJECT.glob(pattern)), pattern


@pytest.mark.slow
def test_real_pictures_are_composed_and_kept(data: Data, tmp_path: Path) -> None:
    training, validation = stock_corpora(data, tmp_path, share=0.0005)
    assert len(training) > len(data.training.mnist)
    assert len(validation) >= len(data.validation.mnist)
    kept = stock_corpora(data, tmp_path, share=0.0005)[0]
    np.testing.assert_array_equal(kept.pixels, training.pixels)

"""A model is served only with the card that describes it."""

import json
import shutil
from pathlib import Path

import pytest

from recognition.card import CARD_FILE, MODEL_FILE, MODEL_FOLDER, load_model, read_card
from recognition.errors import ModelError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (MODEL_FILE, CARD_FILE):
        shutil.copy(MODEL_FOLDER / name, tmp_path)
    return tmp_path


def test_the_shipped_model_belongs_to_its_card() -> None:
    model, card = load_model()
    assert len(model) == card.details["bytes"]
    assert card.sha256.startswith(card.version)
    assert len(card.version) == 12


@pytest.mark.parametrize("name", [MODEL_FILE, CARD_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=name):
        load_model(folder)


def test_an_altered_model_is_refused(folder: Path) -> None:
    model = bytearray((folder / MODEL_FILE).read_bytes())
    model[len(model) // 2] ^= 1
    (folder / MODEL_FILE).write_bytes(model)
    with pytest.raises(ModelError, match="hash differs"):
        load_model(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": "0", "thresholds": {}}', "{"])
def test_anything_else_is_no_card(text: str) -> None:
    with pytest.raises(ModelError, match="not a model card"):
        read_card(text)


def test_thresholds_come_from_the_card() -> None:
    card = read_card(json.dumps({"sha256": "ab" * 32, "thresholds": {"uncertain_below": 0.25}}))
    assert card.uncertain_below == 0.25

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


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"sha256": "0", "thresholds": {}}', b"{", b'{"sha256": "\xff"}']
)
def test_anything_else_is_no_card(data: bytes) -> None:
    with pytest.raises(ModelError, match="not a model card"):
        read_card(data)


def card_with(**changes: float) -> bytes:
    values = {"uncertain_below": 0.5, "not_a_digit_above": 0.5, "temperature": 1.0} | changes
    temperature = values.pop("temperature")
    card = {"sha256": "ab" * 32, "thresholds": values, "temperature": temperature}
    return json.dumps(card).encode()


def test_thresholds_come_from_the_card() -> None:
    card = read_card(card_with(uncertain_below=0.25, not_a_digit_above=0.75, temperature=1.5))
    assert (card.uncertain_below, card.not_a_digit_above, card.temperature) == (0.25, 0.75, 1.5)


@pytest.mark.parametrize("threshold", [float("nan"), -0.1, 1.1, float("inf")])
@pytest.mark.parametrize("name", ["uncertain_below", "not_a_digit_above"])
def test_a_threshold_that_is_no_probability_is_refused(name: str, threshold: float) -> None:
    with pytest.raises(ModelError, match="out of range"):
        read_card(card_with(**{name: threshold}))


@pytest.mark.parametrize("temperature", [float("nan"), 0, -1, float("inf")])
def test_a_temperature_that_can_divide_nothing_is_refused(temperature: float) -> None:
    with pytest.raises(ModelError, match="out of range"):
        read_card(card_with(temperature=temperature))


def test_a_damaged_card_is_a_model_error(folder: Path) -> None:
    card = bytearray((folder / CARD_FILE).read_bytes())
    card[40] = 0xFF
    (folder / CARD_FILE).write_bytes(card)
    with pytest.raises(ModelError, match=CARD_FILE):
        load_model(folder)

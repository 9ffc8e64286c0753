"""The committed model reaches the figures that its card claims, on the real test set."""

import os
from pathlib import Path

import numpy as np
import pytest

from model_export.dataset import find_folder, normalize_digits, read_mnist
from recognition.card import load_model
from recognition.classifier import DigitClassifier

README = Path(__file__).parents[2] / "README.md"


def test_the_card_claims_what_its_gates_demand() -> None:
    _, card = load_model()
    test, gates = card.details["test"], card.details["gates"]
    assert gates["min_accuracy"] >= 0.995
    assert gates["min_agreement"] >= 0.999
    assert test["count"] == 10_000
    assert test["int8_accuracy"] >= gates["min_accuracy"]
    assert test["agreement"] >= gates["min_agreement"]


def test_the_readme_states_the_cards_figures() -> None:
    readme = README.read_text(encoding="utf-8")
    _, card = load_model()
    test, validation = card.details["test"], card.details["validation"]
    for row in (
        f"| accuracy of the file that serves (int8) | {test['int8_accuracy']:.2%} |",
        f"| accuracy of the network it came from (float32) | {test['float_accuracy']:.2%} |",
        f"| validation, by writers not trained on | {validation['int8_accuracy']:.2%} |",
        f"| parameters; bytes | {card.details['parameters']:,}; {card.details['bytes']:,} |",
        f"An answer under {card.uncertain_below:.1%} confidence",
        f'"model": "{card.version}"',
    ):
        assert row.replace("%", " %") in readme


@pytest.mark.slow
@pytest.mark.skipif(
    "INKLING_DATA" not in os.environ, reason="INKLING_DATA names no folder of MNIST"
)
def test_the_model_reads_mnists_test_set_as_well_as_its_card_says() -> None:
    model, card = load_model()
    test = read_mnist(find_folder(Path(os.environ["INKLING_DATA"]))).test
    classifier = DigitClassifier(model)
    answers = np.array([classifier.scores(p).argmax() for p in normalize_digits(test)])
    # Kernels differ in rounding between processors: two digits of ten thousand may.
    accuracy = (answers == test.labels).mean()
    assert accuracy >= card.details["test"]["int8_accuracy"] - 0.0002
    assert accuracy >= card.details["gates"]["min_accuracy"]

"""The committed model reaches the figures that its card claims, on the real test set."""

import os
from pathlib import Path

import numpy as np
import pytest

from model_export.dataset import find_folder, normalize_digits, read_mnist
from recognition.card import load_model
from recognition.classifier import DigitClassifier


def test_the_card_claims_what_its_gates_demand() -> None:
    _, card = load_model()
    test, gates = card.details["test"], card.details["gates"]
    assert gates["min_accuracy"] >= 0.995
    assert gates["min_agreement"] >= 0.999
    assert test["count"] == 10_000
    assert test["int8_accuracy"] >= gates["min_accuracy"]
    assert test["agreement"] >= gates["min_agreement"]


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
    assert (answers == test.labels).mean() >= card.details["test"]["int8_accuracy"] - 0.0002

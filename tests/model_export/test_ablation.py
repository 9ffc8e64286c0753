"""What is switched off is off while it is measured, and on again afterwards."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_export.corpus import NO_DIGIT_CLASS, Corpus, Source
from model_export.data import Data, read_data
from recognition.classifier import CLASSES

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]


class Onlooker:
    """A network that takes everything for a 4, and keeps what it was shown."""

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def predict(self, pixels: np.ndarray, **_: Any) -> np.ndarray:
        self.seen.append(pixels)
        logits = np.zeros((len(pixels), CLASSES), np.float32)
        logits[:, 4] = 5
        return logits


@pytest.fixture(scope="module")
def ablation() -> Any:
    """The module under test: importing TensorFlow takes seconds, which a quick run saves."""
    from model_export import ablation

    return ablation


@pytest.fixture(scope="module")
def data(every_source: Path) -> Data:
    return read_data(every_source, verify=False)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """A picture of each source, of one class each."""
    labels = np.array([0, 1, 2, 3, NO_DIGIT_CLASS], np.uint8)
    return Corpus(np.zeros((5, 28, 28), np.uint8), labels, np.array(Source, np.uint8))


@pytest.fixture
def trained(ablation: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Corpus, Any]]:
    """The corpus and the plan of every training that was asked for."""
    runs: list[tuple[Corpus, Any]] = []

    def train_model(training: Corpus, _: Corpus, plan: Any, folder: Path) -> Any:
        assert folder.is_dir()
        runs.append((training, plan))
        return type("Trained", (), {"model": Onlooker()})

    monkeypatch.setattr(ablation, "train_model", train_model)
    return runs


def test_every_rule_has_a_row_of_shares(ablation: Any, data: Data) -> None:
    rows = ablation.ablate_rules(Onlooker(), data)
    assert [row["name"] for row in rows] == [
        "everything",
        *(f"without {rule}" for rule in ablation._RULES),
    ]
    for row in rows:
        assert set(row) == {"name", "mnist", "pens", "paper", "strangers"}
        # One digit in ten is a 4, in each set.
        assert row["mnist"] == pytest.approx(0.1)
        assert row["pens"] == pytest.approx(0.1)
        assert 0 <= row["paper"] <= 0.1
        assert 0 <= row["strangers"] <= 1


def test_a_rule_is_off_for_its_row_alone(ablation: Any, data: Data) -> None:
    onlooker = Onlooker()
    before = {name: getattr(module, rule) for name, (module, rule, _) in ablation._RULES.items()}
    rows = [row["name"] for row in ablation.ablate_rules(onlooker, data)]
    after = {name: getattr(module, rule) for name, (module, rule, _) in ablation._RULES.items()}
    assert after == before

    each = np.array_split(np.arange(len(onlooker.seen)), len(rows))
    shown = {
        row: np.concatenate([onlooker.seen[i] for i in calls])
        for row, calls in zip(rows, each, strict=True)
    }
    for row in ("without evening the strokes' width", "without local paper"):
        assert not np.array_equal(shown[row], shown["everything"]), row


def test_an_error_leaves_the_rule_on(ablation: Any) -> None:
    module, name, _ = ablation._RULES["evening the strokes' width"]
    before = getattr(module, name)
    with pytest.raises(KeyboardInterrupt), ablation._without(module, name, lambda *_: None):
        raise KeyboardInterrupt
    assert getattr(module, name) is before


def test_a_part_is_left_out_of_the_pictures_and_of_the_plan(
    ablation: Any, data: Data, corpus: Corpus, trained: list[tuple[Corpus, Any]]
) -> None:
    rows = ablation.ablate_training(corpus, corpus, data)
    assert [row["name"] for row in rows] == [
        "short training, everything",
        "short training without pen strokes",
        "short training without photographs",
        "short training without non-digits",
    ]
    left_out = [set(Source) - set(training.sources) for training, _ in trained]
    assert left_out == [
        set(),
        {Source.PENS, Source.PAPER},
        {Source.SENT, Source.PAPER},
        {Source.STRANGERS},
    ]
    for (_, plan), missing in zip(trained, left_out, strict=True):
        shares = {source: getattr(plan.shares, source.name.lower()) for source in Source}
        assert {source for source, share in shares.items() if share == 0} == missing


def test_mnist_alone_measures_mnist_alone(ablation: Any, small_data: Path) -> None:
    data = read_data(small_data, verify=False)
    rows = ablation.ablate_rules(Onlooker(), data)
    for row in rows:
        assert row["mnist"] == pytest.approx(0.1)
        assert (row["pens"], row["paper"], row["strangers"]) == (None, None, None)

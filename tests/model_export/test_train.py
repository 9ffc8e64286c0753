"""A run is decided by its plan: stopped and continued, it ends where an unbroken one would."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_export.corpus import NO_DIGIT_CLASS, Corpus, Source
from model_export.errors import TrainingError
from model_export.plan import Shares, TrainingPlan
from recognition.classifier import CLASSES
from tests.model_export.conftest import draw_digits

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]

WIDTH = 4


@pytest.fixture(scope="module")
def train() -> Any:
    """The module under test: importing TensorFlow takes seconds, which a quick run saves."""
    from model_export import train

    return train


@pytest.fixture(scope="module")
def examples() -> Corpus:
    """Sixty digits, a third of them as pens', and twelve strangers: vertical stripes."""
    images, labels = draw_digits(60, seed=4)
    stripes = np.zeros((12, 28, 28), np.uint8)
    stripes[:, 4:24, 5:23:3] = 255
    return Corpus(
        np.concatenate([images, stripes]),
        np.concatenate([labels, np.full(12, NO_DIGIT_CLASS, np.uint8)]),
        np.repeat(np.array([Source.MNIST, Source.PENS, Source.STRANGERS], np.uint8), [40, 20, 12]),
    )


def make_plan(**changes: Any) -> TrainingPlan:
    plan = {"epochs": 2, "epoch_size": 60, "batch_size": 20, "width": WIDTH}
    return TrainingPlan(**{**plan, **changes})


def weights_of(trained: Any) -> list[np.ndarray]:
    return [np.asarray(weight) for weight in trained.model.get_weights()]


def test_an_interrupted_run_ends_as_an_unbroken_one(
    train: Any, examples: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(epochs=3)
    unbroken = train.train_model(examples, examples, plan, tmp_path / "unbroken")

    steps = 0

    def stop_in_the_second_epoch(*_: Any, **__: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train._Progress, "on_train_batch_end", stop_in_the_second_epoch)
        with pytest.raises(KeyboardInterrupt):
            train.train_model(examples, examples, plan, tmp_path / "broken")
    continued = train.train_model(examples, examples, plan, tmp_path / "broken")

    for mine, theirs in zip(weights_of(unbroken), weights_of(continued), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert [entry["epoch"] for entry in continued.log] == [1, 2, 3]


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interruption_around_a_checkpoint_loses_nothing_of_the_log(
    train: Any, examples: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    from model_export import checkpoints

    save_model = checkpoints.save_model

    def stop(model: Any, path: Path) -> None:
        if when == "after":
            save_model(model, path)
        raise KeyboardInterrupt

    plan = make_plan(epochs=1)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "save_model", stop)
        with pytest.raises(KeyboardInterrupt):
            train.train_model(examples, examples, plan, tmp_path)
    trained = train.train_model(examples, examples, plan, tmp_path)
    assert [entry["epoch"] for entry in trained.log] == [1]


def test_the_seed_decides_the_weights(train: Any, examples: Corpus, tmp_path: Path) -> None:
    first, again, other = (
        weights_of(
            train.train_model(examples, examples, make_plan(seed=seed, epochs=1), tmp_path / name)
        )
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_a_checkpoint_of_another_run_is_refused(
    train: Any, examples: Corpus, tmp_path: Path
) -> None:
    plan = make_plan(epochs=1)
    train.train_model(examples, examples, plan, tmp_path)
    fewer = examples.of(Source.MNIST, Source.PENS)
    for corpus, other in ((examples, make_plan(epochs=1, seed=9)), (fewer, plan)):
        with pytest.raises(TrainingError, match="another run"):
            train.train_model(corpus, examples, other, tmp_path)


def test_a_damaged_checkpoint_is_named(train: Any, examples: Corpus, tmp_path: Path) -> None:
    train.train_model(examples, examples, make_plan(epochs=1), tmp_path)
    checkpoint = tmp_path / "checkpoint.keras"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(TrainingError, match="can't be read"):
        train.train_model(examples, examples, make_plan(epochs=1), tmp_path)


def test_each_epoch_leaves_a_line_in_the_log(train: Any, examples: Corpus, tmp_path: Path) -> None:
    train.train_model(examples, examples, make_plan(), tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    for line in lines:
        assert set(line["validation"]) == {"mnist", "pens", "strangers"}
        assert all(0 <= share <= 1 for share in line["validation"].values())
        assert line["loss"] > 0


def test_the_saved_network_answers_as_the_trained_one_without_its_optimizer(
    train: Any, examples: Corpus, tmp_path: Path
) -> None:
    import keras

    plan = make_plan(epochs=1, precision="float32")
    trained = train.train_model(examples, examples, plan, tmp_path / "run")
    train.save_weights_alone(trained.model, plan, tmp_path / "new" / "digits.keras")
    saved = keras.models.load_model(tmp_path / "new" / "digits.keras")
    assert getattr(saved, "optimizer", None) is None
    pixels = train.to_floats(examples.pixels)
    np.testing.assert_allclose(
        saved.predict(pixels, verbose=0), trained.model.predict(pixels, verbose=0), rtol=1e-5
    )


class TestChooseEpoch:
    def test_draws_each_source_by_its_share(self, train: Any, examples: Corpus) -> None:
        plan = make_plan(epoch_size=100, shares=Shares(mnist=0.5, pens=0.3, strangers=0.2))
        drawn = examples.sources[train.choose_epoch(examples.sources, plan, 0)]
        counts = {source: int((drawn == source).sum()) for source in Source}
        # What is not there leaves its share to the others.
        assert counts == {0: 50, 1: 0, 2: 30, 3: 0, 4: 20}

    def test_repeats_nothing_until_everything_was_drawn(self, train: Any, examples: Corpus) -> None:
        plan = make_plan(epoch_size=100, shares=Shares(mnist=0.5, pens=0.3, strangers=0.2))
        chosen = train.choose_epoch(examples.sources, plan, 0)
        # 50 of 40, 30 of 20 and 20 of 12.
        times = np.bincount(chosen, minlength=len(examples))
        assert set(times) == {1, 2}

    def test_each_epoch_is_another_choice_and_the_same_again(
        self, train: Any, examples: Corpus
    ) -> None:
        first, again, next_one = (
            train.choose_epoch(examples.sources, make_plan(), epoch) for epoch in (0, 0, 1)
        )
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, next_one)


def test_accuracy_counts_strangers_only_where_no_digit_comes_first(
    train: Any, examples: Corpus
) -> None:
    class Sceptic:
        """Thinks everything no digit, and otherwise a 4."""

        def predict(self, pixels: np.ndarray, **_: Any) -> np.ndarray:
            return np.tile(
                np.eye(CLASSES)[4] + 2 * np.eye(CLASSES)[NO_DIGIT_CLASS], (len(pixels), 1)
            )

    figures = train.measure_accuracy(Sceptic(), examples)
    assert figures == {"mnist": 0.1, "pens": 0.1, "strangers": 1.0}

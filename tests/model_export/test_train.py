"""A run is decided by its plan: stopped and continued, it ends where an unbroken one would."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_export.errors import TrainingError
from model_export.plan import TrainingPlan
from tests.model_export.conftest import draw_digits

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def train() -> Any:
    """The module under test: importing TensorFlow takes seconds, which a quick run saves."""
    from model_export import train

    return train


@pytest.fixture(scope="module")
def examples(train: Any) -> Any:
    images, labels = draw_digits(60, seed=4)
    return train.Examples((images / 255).astype(np.float32), labels)


def make_plan(**changes: Any) -> TrainingPlan:
    return TrainingPlan(**{"epochs": 2, "batch_size": 20, "width": 4, **changes})


def weights_of(trained: Any) -> list[np.ndarray]:
    return [np.asarray(weight) for weight in trained.model.get_weights()]


def test_an_interrupted_run_ends_as_an_unbroken_one(
    train: Any, examples: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    train: Any, examples: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
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


def test_the_seed_decides_the_weights(train: Any, examples: Any, tmp_path: Path) -> None:
    first, again, other = (
        weights_of(
            train.train_model(examples, examples, make_plan(seed=seed, epochs=1), tmp_path / name)
        )
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_a_checkpoint_of_another_run_is_refused(train: Any, examples: Any, tmp_path: Path) -> None:
    train.train_model(examples, examples, make_plan(epochs=1), tmp_path)
    with pytest.raises(TrainingError, match="another run"):
        train.train_model(examples, examples, make_plan(epochs=1, seed=9), tmp_path)


def test_a_damaged_checkpoint_is_named(train: Any, examples: Any, tmp_path: Path) -> None:
    train.train_model(examples, examples, make_plan(epochs=1), tmp_path)
    checkpoint = tmp_path / "checkpoint.keras"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(TrainingError, match="can't be read"):
        train.train_model(examples, examples, make_plan(epochs=1), tmp_path)


def test_each_epoch_leaves_a_line_in_the_log(train: Any, examples: Any, tmp_path: Path) -> None:
    train.train_model(examples, examples, make_plan(), tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    for line in lines:
        assert 0 <= line["validation_accuracy"] <= 1
        assert line["loss"] > 0


def test_the_saved_network_answers_as_the_trained_one_without_its_optimizer(
    train: Any, examples: Any, tmp_path: Path
) -> None:
    import keras

    plan = make_plan(epochs=1)
    trained = train.train_model(examples, examples, plan, tmp_path / "run")
    train.save_weights_alone(trained.model, plan, tmp_path / "digits.keras")
    saved = keras.models.load_model(tmp_path / "digits.keras")
    assert getattr(saved, "optimizer", None) is None
    pixels = examples.pixels[..., None]
    np.testing.assert_array_equal(
        saved.predict(pixels, verbose=0), trained.model.predict(pixels, verbose=0)
    )

"""A network that feels its own rounding keeps its answers, and loses its batch normalisation."""

from typing import Any

import numpy as np
import pytest

from tests.model_export.conftest import draw_digits

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def awareness() -> Any:
    """The module under test: importing TensorFlow takes seconds, which a quick run saves."""
    from model_export import awareness

    return awareness


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return draw_digits(40, seed=4)[0].astype(np.float32) / np.float32(255)


@pytest.fixture(scope="module")
def model(awareness: Any) -> Any:
    """Untrained, but with normalisation that does something: all its numbers are its own."""
    import keras

    from model_export.model import build_model

    keras.utils.set_random_seed(1)
    model = build_model(4, 0.3)
    generator = np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([generator.uniform(0.3, 1.5, w.shape) for w in layer.get_weights()])
    return model


def test_folding_normalisation_changes_no_answer(
    awareness: Any, model: Any, pixels: np.ndarray
) -> None:
    folded = awareness.fold_normalization(model)
    assert not any("batch_normalization" in layer.name for layer in folded.layers)
    images = pixels[..., None]
    expected = model.predict(images, verbose=0)
    np.testing.assert_allclose(folded.predict(images, verbose=0), expected, rtol=1e-3, atol=1e-4)


def test_training_keeps_the_answers_and_leaves_a_plain_network(
    awareness: Any, model: Any, pixels: np.ndarray
) -> None:
    before = [weight.copy() for weight in model.get_weights()]
    aware = awareness.train_awareness(model, pixels, pixels, seed=1)
    kinds = {type(layer).__name__ for layer in aware.layers}
    assert kinds == {"InputLayer", "Conv2D", "ReLU", "MaxPooling2D", "Flatten", "Dense"}
    images = pixels[..., None]
    mine, expected = aware.predict(images, verbose=0), model.predict(images, verbose=0)
    assert not np.array_equal(mine, expected)
    assert (mine.argmax(axis=1) == expected.argmax(axis=1)).mean() >= 0.9
    for weight, was in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, was)


def test_the_seed_decides_the_weights_whatever_ran_before(
    awareness: Any, model: Any, pixels: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keras

    monkeypatch.setattr(awareness, "BATCH_SIZE", 8)  # the order of the pictures counts
    weights = []
    for before, seed in ((11, 1), (12, 1), (11, 2)):
        keras.utils.set_random_seed(before)
        weights.append(awareness.train_awareness(model, pixels, pixels, seed).get_weights())
    first, again, other = weights
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_kernels_lie_on_the_grid_of_eight_bits(awareness: Any) -> None:
    kernel = np.random.default_rng(1).normal(0, 0.2, (3, 3, 2, 4)).astype(np.float32)
    rounded = np.asarray(awareness._round_kernel(kernel))
    largest = np.abs(kernel).max(axis=(0, 1, 2))
    steps = rounded / (largest / 127)
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-3)
    assert (np.abs(rounded - kernel) <= largest / 127 / 2 * 1.001).all()


def test_a_layer_of_another_kind_is_named(awareness: Any) -> None:
    import keras

    inputs = keras.Input((28, 28, 1))
    strange = keras.Model(inputs, keras.layers.Softmax(name="strange")(inputs))
    with pytest.raises(ValueError, match="strange"):
        awareness.fold_normalization(strange)

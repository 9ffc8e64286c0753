"""The layers that train faster say what Keras's own do, and hold the same weights."""

from typing import Any

import numpy as np
import pytest

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def networks() -> tuple[Any, Any]:
    """One as it is kept, and one as it is trained, of the same weights."""
    import keras

    from model_export.model import build_model

    keras.utils.set_random_seed(7)
    plain = build_model(4, 0.0)
    trained = build_model(4, 0.0, training=True)
    trained.set_weights(plain.get_weights())
    return plain, trained


@pytest.fixture(scope="module")
def pictures() -> Any:
    return np.random.default_rng(8).random((32, 28, 28, 1), np.float32)


def test_fused_normalization_trains_as_kerass_own(networks: Any, pictures: Any) -> None:
    plain, trained = networks
    np.testing.assert_allclose(
        trained(pictures, training=True), plain(pictures, training=True), rtol=1e-3, atol=1e-4
    )


def test_fused_normalization_keeps_the_same_averages(networks: Any, pictures: Any) -> None:
    plain, trained = networks
    for network in networks:
        network(pictures, training=True)
    for kept, expected in zip(trained.get_weights(), plain.get_weights(), strict=True):
        # TensorFlow's variance is the sample's, by one count less than Keras's.
        np.testing.assert_allclose(kept, expected, rtol=2e-2, atol=1e-4)
    np.testing.assert_allclose(
        trained(pictures, training=False), plain(pictures, training=False), rtol=5e-2, atol=5e-3
    )


def test_weights_and_logits_keep_their_precision_in_bfloat16() -> None:
    from model_export.model import build_model

    network = build_model(4, 0.0, training=True, precision="mixed_bfloat16")
    assert {variable.dtype for variable in network.weights} == {"float32"}
    assert network.outputs[0].dtype == "float32"
    assert network.layers[1].compute_dtype == "bfloat16"

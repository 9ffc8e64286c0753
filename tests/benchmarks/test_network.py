from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.network import FILES, draw_pictures, train_network


def test_pictures_are_small_and_of_every_digit() -> None:
    pictures, labels = draw_pictures(60, np.random.default_rng(1))
    assert pictures.shape == (60, 28, 28, 1)
    assert pictures.dtype == np.float32
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    assert set(labels.tolist()) == set(range(10))


@pytest.mark.slow
@pytest.mark.tensorflow
def test_network_is_kerass_example_and_comes_in_both_forms(tmp_path: Path) -> None:
    import keras
    from ai_edge_litert.interpreter import Interpreter

    train_network(tmp_path, drawings=40, epochs=1)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    model = keras.models.load_model(tmp_path / "network.keras")
    assert model.count_params() == 34_826
    interpreter = Interpreter(model_path=str(tmp_path / "network.tflite"))
    interpreter.allocate_tensors()
    (taken,) = interpreter.get_input_details()
    assert (taken["shape"].tolist(), taken["dtype"]) == ([1, 28, 28, 1], np.float32)
    pictures, _ = draw_pictures(1, np.random.default_rng(1))
    interpreter.set_tensor(taken["index"], pictures)
    interpreter.invoke()
    scores = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    np.testing.assert_allclose(scores, model.predict(pictures, verbose=0), atol=1e-5)

"""A file for one picture becomes one for any number, and the same for one."""

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from model_export.batch import free_batch
from recognition.card import load_model


def run(model: bytes, pictures: np.ndarray, batch: int) -> np.ndarray:
    """int8 (n, 28, 28, 1) to int8 (n, 11), `batch` at a time."""
    interpreter = Interpreter(model_content=model, num_threads=1)
    (model_input,) = interpreter.get_input_details()
    (model_output,) = interpreter.get_output_details()
    interpreter.resize_tensor_input(model_input["index"], (batch, 28, 28, 1))
    interpreter.allocate_tensors()
    answers = []
    for i in range(0, len(pictures), batch):
        interpreter.set_tensor(model_input["index"], pictures[i : i + batch])
        interpreter.invoke()
        answers.append(interpreter.get_tensor(model_output["index"]))
    return np.concatenate(answers)


def test_a_freed_file_answers_to_many_what_the_fixed_one_answers_to_each() -> None:
    model, _ = load_model()
    pictures = np.random.default_rng(1).integers(-128, 128, (120, 28, 28, 1)).astype(np.int8)
    expected = run(model, pictures, 1)
    freed = free_batch(model)
    for batch in (1, 2, 60, 120):
        np.testing.assert_array_equal(run(freed, pictures, batch), expected)


def test_freeing_changes_four_bytes_at_most_and_only_once() -> None:
    model, _ = load_model()
    freed = free_batch(model)
    assert len(freed) == len(model)
    assert sum(a != b for a, b in zip(model, freed, strict=True)) in (0, 4)
    assert free_batch(freed) == freed

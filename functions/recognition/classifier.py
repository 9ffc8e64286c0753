"""`DigitClassifier`: a normalized digit to ten scores, through an int8 TensorFlow Lite network."""

from threading import Lock
from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from recognition.errors import ModelError

DIGITS: Final = 10


class DigitClassifier:
    """A network that takes int8 (1, 28, 28, 1) and gives int8 (1, 10) logits.

    The steps between integers and reals (scale, zero point) are the file's own. One instance
    serves many threads, one at a time: the interpreter's tensors are shared.
    """

    def __init__(self, model: bytes) -> None:
        """Raises ModelError when the bytes are not such a network."""
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError("The model file is not a TensorFlow Lite model.") from error
        (model_input,) = self._interpreter.get_input_details()
        (model_output,) = self._interpreter.get_output_details()
        if not _is_int8(model_input, (1, 28, 28, 1)) or not _is_int8(model_output, (1, DIGITS)):
            raise ModelError("The model file is not an int8 digit classifier.")
        self._input = model_input["index"]
        self._output = model_output["index"]
        self._input_scale, self._input_zero_point = model_input["quantization"]
        self._output_scale, self._output_zero_point = model_output["quantization"]
        self._lock = Lock()

    def scores(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score one digit.

        Args:
            pixels: float32 (28, 28), 0 paper to 1 ink.

        Returns:
            float32 (10,): probabilities that sum to 1.
        """
        quantized = np.rint(pixels / self._input_scale) + self._input_zero_point
        tensor = np.clip(quantized, -128, 127).astype(np.int8).reshape(1, 28, 28, 1)
        with self._lock:
            self._interpreter.set_tensor(self._input, tensor)
            self._interpreter.invoke()
            output = self._interpreter.get_tensor(self._output)[0]
        logits = (output.astype(np.float32) - self._output_zero_point) * self._output_scale
        return softmax(logits)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (..., 10) to probabilities over the last axis, without overflow."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def _is_int8(details: dict[str, Any], shape: tuple[int, ...]) -> bool:
    return details["dtype"] is np.int8 and tuple(details["shape"]) == shape

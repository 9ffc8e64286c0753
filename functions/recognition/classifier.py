"""`DigitClassifier`: a normalized digit to its `Classification`, by an int8 network."""

from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from recognition.errors import ModelError

DIGITS: Final = 10
CLASSES: Final = DIGITS + 1
"""The ten digits and, last, everything else."""
MAX_BATCH: Final = 64
"""Pictures that one invoke takes: more would need more memory, and save no more time."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What the network makes of one picture."""

    scores: NDArray[np.float32]
    """float32 (10,): probabilities of the digits, given that it is one; they sum to 1."""
    strangeness: float
    """The probability that it is none, 0 to 1; as trained, uncalibrated."""


class DigitClassifier:
    """A network that takes int8 (1, 28, 28, 1) and gives int8 (1, 11) logits.

    The steps between integers and reals (scale, zero point) are the file's own. One instance
    serves many threads, one at a time: the interpreter's tensors are shared. Batches have an
    interpreter of their own, so that single pictures keep their memory's layout.
    """

    def __init__(self, model: bytes, temperature: float = 1.0) -> None:
        """
        Args:
            model: the file.
            temperature: that the digits' logits are divided by, so that confidence is calibrated
                (Guo et al. 2017).

        Raises:
            ModelError: the bytes are not such a network.
        """
        self._temperature = np.float32(temperature)
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError("The model file is not a TensorFlow Lite model.") from error
        (model_input,) = self._interpreter.get_input_details()
        (model_output,) = self._interpreter.get_output_details()
        if not _is_int8(model_input, (1, 28, 28, 1)) or not _is_int8(model_output, (1, CLASSES)):
            raise ModelError("The model file is not an int8 digit classifier.")
        self._input = model_input["index"]
        self._output = model_output["index"]
        self._input_scale, self._input_zero_point = model_input["quantization"]
        self._output_scale, self._output_zero_point = model_output["quantization"]
        self._lock = Lock()
        self._model = model
        self._batch_interpreter: Interpreter | None = None
        self._batch_size = 0
        self._takes_batches = True
        self._batch_lock = Lock()

    def classify(self, pixels: NDArray[np.float32]) -> Classification:
        """Read one digit.

        Args:
            pixels: float32 (28, 28), 0 paper to 1 ink.
        """
        return self._classify_logits(self.logits(pixels))

    def classify_many(self, pixels: NDArray[np.float32]) -> list[Classification]:
        """Read many digits, `MAX_BATCH` in one invoke. Each is read as `classify` reads it.

        Args:
            pixels: float32 (n, 28, 28), 0 paper to 1 ink.
        """
        batches = [pixels[i : i + MAX_BATCH] for i in range(0, len(pixels), MAX_BATCH)]
        return [self._classify_logits(each) for batch in batches for each in self._logits_of(batch)]

    def logits(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (11,): what the network answers to float32 (28, 28), 0 paper to 1 ink."""
        tensor = self._quantize(pixels[np.newaxis])
        with self._lock:
            self._interpreter.set_tensor(self._input, tensor)
            self._interpreter.invoke()
            output = self._interpreter.get_tensor(self._output)
        return self._dequantize(output[0])

    def _logits_of(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (n, 11): what the network answers to float32 (n, 28, 28), n up to `MAX_BATCH`."""
        with self._batch_lock:
            interpreter = self._resize_batch(len(batch)) if len(batch) > 1 else None
            if interpreter is not None:
                interpreter.set_tensor(self._input, self._quantize(batch))
                interpreter.invoke()
                return self._dequantize(interpreter.get_tensor(self._output))
        return np.stack([self.logits(pixels) for pixels in batch])

    def _resize_batch(self, size: int) -> Interpreter | None:
        """The interpreter of batches, for batches of a size; None if the file fixes it to one."""
        if not self._takes_batches:
            return None
        if self._batch_interpreter is None:
            # Made when it's first asked for: most processes read one picture at a time.
            self._batch_interpreter = Interpreter(model_content=self._model, num_threads=1)
        if self._batch_size != size:
            try:
                self._batch_interpreter.resize_tensor_input(self._input, (size, 28, 28, 1))
                self._batch_interpreter.allocate_tensors()
            except RuntimeError:  # some shape inside the graph is written out for one picture
                self._takes_batches, self._batch_interpreter = False, None
                return None
            self._batch_size = size
        return self._batch_interpreter

    def _quantize(self, pixels: NDArray[np.float32]) -> NDArray[np.int8]:
        """float32 (n, 28, 28) to int8 (n, 28, 28, 1)."""
        quantized = np.rint(pixels / self._input_scale) + self._input_zero_point
        tensor: NDArray[np.int8] = np.clip(quantized, -128, 127).astype(np.int8)
        return tensor[..., np.newaxis]

    def _dequantize(self, output: NDArray[np.int8]) -> NDArray[np.float32]:
        logits: NDArray[np.float32] = (
            output.astype(np.float32) - self._output_zero_point
        ) * np.float32(self._output_scale)
        return logits

    def _classify_logits(self, logits: NDArray[np.float32]) -> Classification:
        return Classification(
            scores=softmax(logits[:DIGITS] / self._temperature),
            strangeness=float(softmax(logits)[DIGITS]),
        )


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (..., n) to probabilities over the last axis, without overflow."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def _is_int8(details: dict[str, Any], shape: tuple[int, ...]) -> bool:
    return details["dtype"] is np.int8 and tuple(details["shape"]) == shape

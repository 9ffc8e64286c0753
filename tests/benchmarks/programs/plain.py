"""Plain: the tutorial's API on LiteRT, with Keras's example network as the converter leaves it."""

from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from .tutorial import create_app, make_handler

_interpreter: Final = Interpreter(model_path=str(Path(__file__).with_name("network.tflite")))
_interpreter.allocate_tensors()
_input: Final = _interpreter.get_input_details()[0]["index"]
_output: Final = _interpreter.get_output_details()[0]["index"]
_lock: Final = Lock()


def predict(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    with _lock:  # `def` routes run in threads, which an interpreter can't be shared by
        _interpreter.set_tensor(_input, pixels)
        _interpreter.invoke()
        scores: NDArray[np.float32] = _interpreter.get_tensor(_output)[0]
    return scores


app: Final = create_app(predict)
handler: Final = make_handler(app)

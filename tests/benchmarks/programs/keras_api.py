"""Keras: the tutorial's API, with `model.predict` on the `.keras` file."""

from pathlib import Path
from typing import Final

import keras
import numpy as np
from numpy.typing import NDArray

from .tutorial import create_app, make_handler

_model: Final = keras.models.load_model(Path(__file__).with_name("network.keras"))


def predict(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    scores: NDArray[np.float32] = _model.predict(pixels, verbose=0)[0]
    return scores


app: Final = create_app(predict)
handler: Final = make_handler(app)

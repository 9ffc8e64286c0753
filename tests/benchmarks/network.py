"""Keras's example network (keras.io/examples/vision/mnist_convnet), trained on digits of our own.

    python -m tests.benchmarks.network FOLDER

It's there to answer rightly, and to be as large as the one in the tutorials: 34,826 weights, of
32 bits each. The data is drawn, so that the bench needs nobody's.
"""

import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model_export.drawing.allographs import write_digit
from model_export.drawing.hand import lean_strokes
from model_export.drawing.strokes import Pen, fit_box, render_strokes
from recognition.image import GreyImage

SIDE: Final = 28
DRAWINGS: Final = 12_000
EPOCHS: Final = 8
FILES: Final = ("network.keras", "network.tflite")

Pictures = NDArray[np.float32]
"""float32 (n, 28, 28, 1), 0 paper to 1 ink."""


def main() -> None:
    train_network(Path(sys.argv[1]))


def train_network(folder: Path, drawings: int = DRAWINGS, epochs: int = EPOCHS) -> None:
    """Draw, train, convert: `network.keras`, and `network.tflite` in float32."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(7)
    pictures, labels = draw_pictures(drawings, np.random.default_rng(7))
    model = build_network()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(pictures, labels, batch_size=128, epochs=epochs, verbose=0)
    folder.mkdir(parents=True, exist_ok=True)
    converted = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    (folder / "network.tflite").write_bytes(converted)
    model.save(folder / "network.keras")


def build_network() -> Any:
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((SIDE, SIDE, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def draw_pictures(count: int, generator: np.random.Generator) -> tuple[Pictures, NDArray[np.int64]]:
    """Digits of all sizes and places, on brighter and darker paper, made as small as the network's
    input. Returns them with their labels."""
    labels = generator.integers(0, 10, count)
    pictures = np.stack([draw_picture(int(label), generator) for label in labels])
    return pictures[..., np.newaxis], labels


def draw_picture(digit: int, generator: np.random.Generator) -> NDArray[np.float32]:
    u = generator.uniform
    strokes = lean_strokes(
        write_digit(digit, generator),
        slant=u(-0.2, 0.3),
        rotation=u(-0.2, 0.2),
        stretch=u(0.7, 1.3),
    )
    strokes = fit_box(strokes)
    size = u(0.4, 0.75)
    bounds = np.concatenate(strokes).max(axis=0) * size
    corner = (1 - bounds) * u(0.3, 0.7, 2)
    placed = [stroke * size + corner for stroke in strokes]
    sheet: GreyImage = np.asarray(render_strokes(placed, side=SIDE, pen=Pen(width=u(0.03, 0.1))))
    ink = 1 - sheet.astype(np.float32) / 255
    paper = u(0, 0.4) if generator.random() < 0.5 else 0.0
    contrast = u(0.4, 1.0 - paper)
    picture = paper + contrast * ink + generator.normal(0, 0.02, ink.shape)
    clipped: NDArray[np.float32] = picture.clip(0, 1).astype(np.float32)
    return clipped


if __name__ == "__main__":
    main()

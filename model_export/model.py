"""The network: small, plain and deep enough."""

from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from recognition.classifier import CLASSES


def build_model(
    width: int, dropout: float, *, training: bool = False, precision: str = "float32"
) -> keras.Model:
    """Build the digit classifier, with fresh weights.

    A 5×5 convolution that sees a stroke and its edges, then pairs of 3×3 convolutions at 12×12 and
    6×6, each followed by batch normalisation (which the converter folds into the convolution) and
    ReLU. Pooling at once keeps the costly layers small: a third of the time of convolutions at
    28×28, and as accurate. The head keeps a 6×6 map rather than one average, so that it knows above
    from below.

    Args:
        width: channels of the first convolution; the pairs have twice and three times as many.
        dropout: before the head.
        training: with the layers that train faster. They hold the same weights, but the file would
            need this module to be read.
        precision: Keras's name of what it calculates with; weights and logits are float32.

    Returns:
        float32 (n, 28, 28, 1), 0 paper to 1 ink, to float32 (n, 11) logits: ten digits, no digit.
    """
    block = _Block(FusedNormalization if training else layers.BatchNormalization, precision)
    inputs = keras.Input((28, 28, 1), name="digit")
    x = block.convolve(inputs, width, kernel=5, padding="valid")
    for channels in (2 * width, 3 * width):
        x = layers.MaxPooling2D(dtype=precision)(x)
        x = block.convolve(x, channels)
        x = block.convolve(x, channels)
    x = layers.Flatten(dtype=precision)(x)
    x = layers.Dropout(dropout, dtype=precision)(x)
    outputs = layers.Dense(CLASSES, name="logits")(x)
    return keras.Model(inputs, outputs, name="digits")


@keras.saving.register_keras_serializable("model_export")
class FusedNormalization(layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation by TensorFlow's one operation for it, where Keras takes a dozen: a third
    of a training step's time."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if not training:
            return super().call(inputs, training=False)
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs,
            tf.convert_to_tensor(self.gamma),
            tf.convert_to_tensor(self.beta),
            epsilon=self.epsilon,
            is_training=True,
        )
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(self.momentum * average + (1 - self.momentum) * value)
        return outputs


@dataclass(frozen=True, slots=True)
class _Block:
    """A convolution and what follows each."""

    normalization: type[layers.BatchNormalization]
    precision: str

    def convolve(
        self, x: keras.KerasTensor, channels: int, kernel: int = 3, padding: str = "same"
    ) -> keras.KerasTensor:
        x = layers.Conv2D(channels, kernel, padding=padding, use_bias=False, dtype=self.precision)(
            x
        )
        # Averages over some hundred steps: Keras's own 0.99 lags behind a short schedule.
        x = self.normalization(momentum=0.98, dtype=self.precision)(x)
        return layers.ReLU(dtype=self.precision)(x)

"""`train_awareness`: a few more steps in which the float network feels its own rounding.

Quantization-aware training (Jacob et al. 2018): batch normalisation is folded away first, as the
converter does; then weights and activations pass through the integers' grid on the way forward, and
gradients as if they had not. What is learnt is the float network's own answers, so that the two
agree.
"""

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from model_export.augmentation import Batch
from recognition.classifier import softmax

LEARNING_RATE: Final = 2e-4
EPOCHS: Final = 2
BATCH_SIZE: Final = 128


def fold_normalization(model: keras.Model) -> keras.Model:
    """The same network with each batch normalisation inside the convolution before it."""
    return _rebuild(model, lambda x, _: x)


def train_awareness(
    model: keras.Model, pixels: Batch, calibration: Batch, seed: int
) -> keras.Model:
    """Train a copy of a network under simulated integers.

    Args:
        model: float32 (n, 28, 28, 1) to (n, 11) logits.
        pixels: float32 (n, 28, 28), to train on; no labels are needed.
        calibration: float32 (n, 28, 28), whose activations set the simulated ranges.
        seed: of the order of the pictures.

    Returns:
        A float network without batch normalisation, for `quantize_model`.
    """
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)
    folded = fold_normalization(model)
    ranges = _measure_ranges(folded, calibration)
    simulated = _rebuild(
        folded, lambda x, name: _Rounding(*ranges[name], name=f"{name}_rounded")(x), rounded=True
    )
    simulated.compile(
        optimizer=keras.optimizers.Adam(LEARNING_RATE),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    )
    images = pixels[..., None]
    answers = softmax(model.predict(images, batch_size=500, verbose=0))
    simulated.fit(images, answers, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    folded.set_weights(simulated.get_weights())
    return folded


@keras.saving.register_keras_serializable("model_export")
class RoundedConvolution(layers.Conv2D):  # type: ignore[misc]
    """A convolution whose kernel lies on the 8-bit grid of each channel."""

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        return super().convolution_op(inputs, _round_kernel(kernel))


@keras.saving.register_keras_serializable("model_export")
class RoundedDense(layers.Dense):  # type: ignore[misc]
    """The same for a dense layer."""

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        return tf.matmul(inputs, _round_kernel(self.kernel)) + self.bias


class _Rounding(layers.Layer):  # type: ignore[misc]
    """Activations on an 8-bit grid between two fixed ends."""

    def __init__(self, low: float, high: float, **options: Any) -> None:
        super().__init__(**options)
        self._ends = (low, high)

    def call(self, inputs: Any) -> Any:
        return tf.quantization.fake_quant_with_min_max_args(inputs, *self._ends, num_bits=8)


def _round_kernel(kernel: Any) -> Any:
    largest = tf.reduce_max(tf.abs(kernel), axis=range(len(kernel.shape) - 1))
    largest = tf.maximum(tf.stop_gradient(largest), 1e-8)
    return tf.quantization.fake_quant_with_min_max_vars_per_channel(
        tf.convert_to_tensor(kernel), -largest, largest, num_bits=8, narrow_range=True
    )


def _rebuild(
    model: keras.Model, after: Callable[[Any, str], Any], *, rounded: bool = False
) -> keras.Model:
    """Build a sequence of layers anew, with normalisation folded and `after` each activation."""
    convolution = RoundedConvolution if rounded else layers.Conv2D
    dense = RoundedDense if rounded else layers.Dense
    inputs = keras.Input((28, 28, 1), name="digit")
    x = after(inputs, "digit")
    weights: list[np.ndarray] = []
    for layer, following in zip(model.layers[1:], [*model.layers[2:], None], strict=True):
        match layer:
            case layers.Conv2D():
                kernel, bias = _fold(layer, following)
                weights += [kernel, bias]
                x = convolution(
                    layer.filters, layer.kernel_size, padding=layer.padding, name=layer.name
                )(x)
            case layers.ReLU():
                x = after(layers.ReLU(name=layer.name)(x), layer.name)
            case layers.MaxPooling2D():
                x = layers.MaxPooling2D(name=layer.name)(x)
            case layers.Flatten():
                x = layers.Flatten(name=layer.name)(x)
            case layers.Dense():
                weights += layer.get_weights()
                x = after(dense(layer.units, name=layer.name)(x), layer.name)
            case layers.BatchNormalization() | layers.Dropout():
                pass
            case _:
                raise ValueError(f"{layer.name} is of a kind that can't be rebuilt.")
    rebuilt = keras.Model(inputs, x, name=model.name)
    rebuilt.set_weights(weights)
    return rebuilt


def _fold(layer: Any, following: Any) -> tuple[np.ndarray, np.ndarray]:
    kernel, *bias = layer.get_weights()
    shift = bias[0] if bias else np.zeros(layer.filters, np.float32)
    if not isinstance(following, layers.BatchNormalization):
        return kernel, shift
    gamma, beta, mean, variance = following.get_weights()
    scale = gamma / np.sqrt(variance + following.epsilon)
    return kernel * scale, (shift - mean) * scale + beta


def _measure_ranges(model: keras.Model, calibration: Batch) -> dict[str, tuple[float, float]]:
    """The least and the greatest value that each activation takes."""
    watched = [layer for layer in model.layers if isinstance(layer, layers.ReLU | layers.Dense)]
    probe = keras.Model(model.input, [layer.output for layer in watched])
    outputs = probe.predict(calibration[..., None], batch_size=250, verbose=0)
    names = [layer.name for layer in watched]
    ranges = {"digit": (0.0, 1.0)}
    for name, output in zip(names, outputs, strict=True):
        ranges[name] = (min(0.0, float(output.min())), float(output.max()))
    return ranges

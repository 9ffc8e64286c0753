"""`quantize_model`: a Keras network to a TensorFlow Lite file of 8-bit integers alone."""

import contextlib
import io
import warnings
from collections.abc import Iterator
from typing import Final

import keras
import numpy as np
import tensorflow as tf

from model_export.augmentation import Batch

CALIBRATION_DIGITS: Final = 1000


def choose_calibration(pixels: Batch, seed: int) -> Batch:
    """The representative dataset: some of the training digits, as the network will see them."""
    count = min(CALIBRATION_DIGITS, len(pixels))
    chosen = np.random.default_rng(seed).choice(len(pixels), count, replace=False)
    return pixels[np.sort(chosen)]


def quantize_model(model: keras.Model, calibration: Batch) -> bytes:
    """Convert with full-integer post-training quantization, weights per channel.

    Args:
        model: float32 (n, 28, 28, 1) to (n, 10) logits.
        calibration: float32 (n, 28, 28), whose activations set the scales.

    Returns:
        The file: int8 (1, 28, 28, 1) to int8 (1, 10), no float operation inside.
    """

    def representative_dataset() -> Iterator[list[Batch]]:
        for digit in calibration:
            yield [digit.reshape(1, 28, 28, 1)]

    # One image a call: a fixed batch lets the runtime plan its memory once. The name gets into the
    # file, and one that Keras makes up counts what the process made before.
    inputs = keras.Input(batch_shape=(1, 28, 28, 1), name="digit")
    single = keras.Model(inputs, model(inputs, training=False), name="single")
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # the converter warns of its own successor, and prints
        converter = tf.lite.TFLiteConverter.from_keras_model(single)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = representative_dataset
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
        return bytes(converter.convert())

"""`quantize_model`: a Keras network to a TensorFlow Lite file of 8-bit integers alone."""

import contextlib
import io
import warnings
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import keras
import numpy as np
import tensorflow as tf

from model_export.augmentation import Batch
from model_export.awareness import train_awareness
from model_export.batch import free_batch
from model_export.corpus import Corpus, Source

CALIBRATION_DIGITS: Final = 1000
AWARENESS_PICTURES: Final = 60_000
"""That the quantization-aware steps see, once an epoch."""


class Scheme(StrEnum):
    """Ways to full integers."""

    PER_CHANNEL = "post-training, weights per channel"
    PER_TENSOR = "post-training, weights per tensor"
    AWARE = "quantization-aware training, weights per channel"


def choose_calibration(corpus: Corpus, seed: int) -> Batch:
    """The representative dataset: training pictures, as many of each source, as the network will
    see them.

    Returns:
        float32 (n, 28, 28), 0 paper to 1 ink.
    """
    generator = np.random.default_rng(seed)
    present = [source for source in Source if (corpus.sources == source).any()]
    chosen = []
    for source in present:
        own = np.flatnonzero(corpus.sources == source)
        count = min(CALIBRATION_DIGITS // len(present), len(own))
        chosen.append(np.sort(generator.choice(own, count, replace=False)))
    pixels: Batch = corpus.pixels[np.concatenate(chosen)].astype(np.float32) / np.float32(255)
    return pixels


def quantize_every_way(model: keras.Model, corpus: Corpus, seed: int) -> dict[Scheme, bytes]:
    """The network's file by each scheme.

    Args:
        corpus: that trained it.
    """
    calibration = choose_calibration(corpus, seed)
    count = min(AWARENESS_PICTURES, len(corpus))
    chosen = np.random.default_rng(seed).choice(len(corpus), count, replace=False)
    pixels = corpus.pixels[np.sort(chosen)].astype(np.float32) / np.float32(255)
    aware = train_awareness(model, pixels, calibration, seed)
    return {
        Scheme.PER_CHANNEL: quantize_model(model, calibration),
        Scheme.PER_TENSOR: quantize_model(model, calibration, per_channel=False),
        Scheme.AWARE: quantize_model(aware, calibration),
    }


def quantize_model(model: keras.Model, calibration: Batch, *, per_channel: bool = True) -> bytes:
    """Convert to full integers.

    Args:
        model: float32 (n, 28, 28, 1) to (n, 11) logits.
        calibration: float32 (n, 28, 28), whose activations set the scales.
        per_channel: a scale to each channel of weights, or one to all of a layer.

    Returns:
        The file: int8 (1, 28, 28, 1) to int8 (1, 11), or as many at once as it's resized to; no
        float operation inside.
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
        converter._experimental_disable_per_channel = not per_channel
        return free_batch(bytes(converter.convert()))

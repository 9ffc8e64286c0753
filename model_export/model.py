"""The network: small, plain and deep enough."""

import keras
from keras import layers

from recognition.classifier import DIGITS


def build_model(width: int, dropout: float) -> keras.Model:
    """Build the digit classifier, with fresh weights.

    Three stages of 3×3 convolutions, at 28×28, 14×14 and 7×7, each followed by batch
    normalisation (which the converter folds into the convolution) and ReLU. The head keeps a 3×3
    map rather than one average, so that it knows above from below.

    Args:
        width: channels of the first stage; the second has twice, the third three times as many.
        dropout: before the head.

    Returns:
        float32 (n, 28, 28, 1), 0 paper to 1 ink, to float32 (n, 10) logits.
    """
    inputs = keras.Input((28, 28, 1), name="digit")
    x = inputs
    for channels, count in ((width, 2), (2 * width, 2), (3 * width, 2)):
        for _ in range(count):
            x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization()(x)
            x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(dropout)(x)
    outputs = layers.Dense(DIGITS, name="logits")(x)
    return keras.Model(inputs, outputs, name="digits")

"""Who trains, who chooses, and who is kept for the final figures: by person, never by picture.

One division for every run, so that networks of any seed are measured on the same people.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.dataset import Digits, Mnist
from model_export.sources.omniglot import Omniglot, screen_look_alikes
from model_export.sources.pendigits import PenDigits

SPLIT_SEED: Final = 1
VALIDATION_SHARE: Final = 0.1
"""Of MNIST's writers (or of the images, where nobody knows the writers), and of the pens'."""
TEST_SHARE: Final = 0.2
"""Of the pens' writers. MNIST has a test set of its own."""
UNSEEN_ALPHABET: Final = "Greek"
"""Kept from training altogether: the one whose letters are most like what people may send."""


def split_mnist(mnist: Mnist) -> tuple[Digits, Digits, str]:
    """Divide MNIST's training set into what trains and what chooses.

    Returns:
        The training part, the validation part, and how they were divided: "writer" or "seed".
    """
    if mnist.writers is not None:
        people, how = mnist.writers, "writer"
    else:
        people, how = np.arange(len(mnist.train), dtype=np.int32), "seed"
    validation = np.isin(people, _choose(people, VALIDATION_SHARE)[0])
    return mnist.train.select(~validation), mnist.train.select(validation), how


def split_pens(pens: PenDigits) -> tuple[PenDigits, PenDigits, PenDigits]:
    """Divide the pen digits by writer: training, validation, test."""
    validation, test = _choose(pens.writers, VALIDATION_SHARE, TEST_SHARE)
    chooses, tests = np.isin(pens.writers, validation), np.isin(pens.writers, test)
    return pens.select(~chooses & ~tests), pens.select(chooses), pens.select(tests)


def split_characters(omniglot: Omniglot) -> tuple[Omniglot, Omniglot]:
    """The characters that train, and those of the unseen alphabet; no digit's look-alike in
    either."""
    unseen = omniglot.alphabets == UNSEEN_ALPHABET
    return screen_look_alikes(omniglot.select(~unseen)), screen_look_alikes(omniglot.select(unseen))


def _choose(people: NDArray[np.int32], *shares: float) -> list[NDArray[np.int32]]:
    """Draw people without replacement, at least one to a share."""
    ids = np.unique(people)
    shuffled = np.random.default_rng(SPLIT_SEED).permutation(ids)
    counts = [max(1, round(len(ids) * share)) for share in shares]
    return np.split(shuffled, np.cumsum(counts))[: len(shares)]

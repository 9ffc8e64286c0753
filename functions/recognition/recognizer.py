"""`Recognizer`: the three steps from bytes to scores, and the decision that ends them."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.card import MODEL_FOLDER, ModelCard, load_model
from recognition.classifier import DIGITS, Classification, DigitClassifier
from recognition.image import decode_image
from recognition.preprocessing import normalize_digit
from recognition.result import Outcome, Recognition

_BLANK: Final = Recognition(Outcome.BLANK, None, scores=(1 / DIGITS,) * DIGITS)


class Recognizer:
    """Reads the digit in an image. Safe to share between threads."""

    def __init__(self, classifier: DigitClassifier, card: ModelCard) -> None:
        self._classifier = classifier
        self.card = card

    @classmethod
    def load(cls, folder: Path = MODEL_FOLDER) -> "Recognizer":
        """Open the model in a folder. Raises ModelError when it can't be used."""
        model, card = load_model(folder)
        return cls(DigitClassifier(model, card.temperature), card)

    def recognize(self, data: bytes) -> Recognition:
        """Read one image.

        Args:
            data: a whole PNG, JPEG, WebP, GIF or BMP file.

        Raises:
            ImageError: the image can't be read; see `recognition.errors`.
        """
        normalized = normalize_digit(decode_image(data))
        if normalized is None:
            return _BLANK
        classification, outcome = self.read(normalized.pixels)
        return Recognition(
            outcome=outcome,
            digit=None if outcome is Outcome.NOT_A_DIGIT else int(classification.scores.argmax()),
            scores=tuple(map(float, classification.scores)),
            strangeness=classification.strangeness,
            pixels=normalized.pixels,
            box=normalized.box,
        )

    def read(self, pixels: NDArray[np.float32]) -> tuple[Classification, Outcome]:
        """Classify one normalized digit, and decide.

        Args:
            pixels: float32 (28, 28), 0 paper to 1 ink.
        """
        classification = self._classifier.classify(pixels)
        if classification.strangeness > self.card.not_a_digit_above:
            return classification, Outcome.NOT_A_DIGIT
        if classification.scores.max() < self.card.uncertain_below:
            return classification, Outcome.UNCERTAIN
        return classification, Outcome.DIGIT

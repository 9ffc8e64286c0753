"""`Recognizer`: the three steps from bytes to scores, and the decision that ends them."""

from pathlib import Path
from typing import Final

from recognition.card import MODEL_FOLDER, ModelCard, load_model
from recognition.classifier import DIGITS, DigitClassifier
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
        read = self._classifier.classify(normalized.pixels)
        outcome = self._decide(float(read.scores.max()), read.strangeness)
        return Recognition(
            outcome=outcome,
            digit=None if outcome is Outcome.NOT_A_DIGIT else int(read.scores.argmax()),
            scores=tuple(map(float, read.scores)),
            strangeness=read.strangeness,
            pixels=normalized.pixels,
            box=normalized.box,
        )

    def _decide(self, confidence: float, strangeness: float) -> Outcome:
        if strangeness > self.card.not_a_digit_above:
            return Outcome.NOT_A_DIGIT
        if confidence < self.card.uncertain_below:
            return Outcome.UNCERTAIN
        return Outcome.DIGIT

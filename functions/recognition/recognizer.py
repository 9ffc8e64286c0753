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
        return cls(DigitClassifier(model), card)

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
        scores = self._classifier.scores(normalized.pixels)
        confident = float(scores.max()) >= self.card.uncertain_below
        return Recognition(
            outcome=Outcome.DIGIT if confident else Outcome.UNCERTAIN,
            digit=int(scores.argmax()),
            scores=tuple(map(float, scores)),
            pixels=normalized.pixels,
            box=normalized.box,
        )

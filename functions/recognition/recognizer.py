"""`Recognizer`: the three steps from bytes to scores, and the decision that ends them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recognition.card import MODEL_FOLDER, ModelCard, load_model
from recognition.classifier import DIGITS, Classification, DigitClassifier
from recognition.image import decode_image
from recognition.limits import MAX_BYTES
from recognition.preprocessing import NormalizedDigit, normalize_digit
from recognition.result import Outcome, Recognition

Lap = Callable[[str], None]
"""Told when a stage is over, by its name: `decode`, `normalize` or `classify`. Whoever has a clock
can time them so."""

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

    def recognize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> Recognition:
        """Read one image.

        Args:
            data: a whole PNG, JPEG, WebP, GIF or BMP file.
            lap: is called after each stage.
            max_bytes: how many it may have.

        Raises:
            ImageError: the image can't be read; see `recognition.errors`.
        """
        normalized = self.normalize(data, lap, max_bytes=max_bytes)
        if normalized is None:
            return _BLANK
        classification = self._classifier.classify(normalized.pixels)
        (lap or _ignore)("classify")
        return self._describe(normalized, classification)

    def normalize(
        self, data: bytes, lap: Lap | None = None, *, max_bytes: int = MAX_BYTES
    ) -> NormalizedDigit | None:
        """The first two steps: one image to a digit, or None where there is no ink.

        For whoever has many images: these steps take nearly all of the time, and each may fail.
        Arguments and errors are those of `recognize`.
        """
        lap = lap or _ignore
        try:
            image = decode_image(data, max_bytes)
        finally:  # an image that is refused may have taken the longest
            lap("decode")
        normalized = normalize_digit(image)
        lap("normalize")
        return normalized

    def recognize_normalized(
        self, digits: Sequence[NormalizedDigit | None], lap: Lap | None = None
    ) -> list[Recognition]:
        """The last step, for many: one inference reads all that have ink.

        Args:
            digits: as `normalize` returns them.
            lap: is called after the inference.

        Returns:
            For each digit, in order, what `recognize` returns of its image.
        """
        inked = [digit for digit in digits if digit is not None]
        if not inked:
            return [_BLANK for _ in digits]
        read = iter(self._classifier.classify_many(np.stack([digit.pixels for digit in inked])))
        (lap or _ignore)("classify")
        return [_BLANK if digit is None else self._describe(digit, next(read)) for digit in digits]

    def read(self, pixels: NDArray[np.float32]) -> tuple[Classification, Outcome]:
        """Classify one normalized digit, and decide.

        Args:
            pixels: float32 (28, 28), 0 paper to 1 ink.
        """
        classification = self._classifier.classify(pixels)
        return classification, self._decide(classification)

    def _decide(self, classification: Classification) -> Outcome:
        if classification.strangeness > self.card.not_a_digit_above:
            return Outcome.NOT_A_DIGIT
        if classification.scores.max() < self.card.uncertain_below:
            return Outcome.UNCERTAIN
        return Outcome.DIGIT

    def _describe(self, digit: NormalizedDigit, classification: Classification) -> Recognition:
        outcome = self._decide(classification)
        return Recognition(
            outcome=outcome,
            digit=None if outcome is Outcome.NOT_A_DIGIT else int(classification.scores.argmax()),
            scores=tuple(map(_shorten, classification.scores)),
            strangeness=_shorten(np.float32(classification.strangeness)),
            pixels=digit.pixels,
            box=digit.box,
        )


def _shorten(value: np.float32) -> float:
    """The float that is written with the fewest digits of those that are this float32. The next
    one would be written with ten more, all noise."""
    return float(str(value))


def _ignore(stage: str) -> None:
    pass

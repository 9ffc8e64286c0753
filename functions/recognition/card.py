"""`ModelCard`: what is known of the model file beside it, and what serving needs of that."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recognition.errors import ModelError

MODEL_FOLDER: Final = Path(__file__).parent / "model"
MODEL_FILE: Final = "digits.tflite"
CARD_FILE: Final = "digits.json"


@dataclass(frozen=True, slots=True)
class ModelCard:
    sha256: str
    """Of the model file, in hex."""
    uncertain_below: float
    """Confidence under which an answer is `uncertain`, 0 to 1."""
    not_a_digit_above: float
    """Strangeness over which there is no digit, 0 to 1."""
    temperature: float
    """That calibrates confidence."""
    details: dict[str, Any]
    """The whole card, as written by the exporter."""

    @property
    def version(self) -> str:
        """Names the model in answers and records: the first twelve digits of its hash."""
        return self.sha256[:12]


def load_model(folder: Path = MODEL_FOLDER) -> tuple[bytes, ModelCard]:
    """Read a model and its card, and make sure that they belong together.

    Raises:
        ModelError: a file is missing, the card is unreadable, or the model is not the card's.
    """
    try:
        model = (folder / MODEL_FILE).read_bytes()
        card = read_card((folder / CARD_FILE).read_bytes())
    except OSError as error:
        name = Path(error.filename or folder).name
        raise ModelError(f"The model file {name} can't be read: {error.strerror}.") from error
    if hashlib.sha256(model).hexdigest() != card.sha256:
        raise ModelError(
            f"{MODEL_FILE} is not the file that {CARD_FILE} describes: its hash differs."
        )
    return model, card


def read_card(data: bytes) -> ModelCard:
    """Parse a card's JSON. Raises ModelError when it isn't one."""
    try:
        details = json.loads(data)
        sha256 = str(details["sha256"])
        uncertain_below = float(details["thresholds"]["uncertain_below"])
        not_a_digit_above = float(details["thresholds"]["not_a_digit_above"])
        temperature = float(details["temperature"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{CARD_FILE} is not a model card.") from error
    # Written so that NaN is out of range too.
    if not (0 <= uncertain_below <= 1 and 0 <= not_a_digit_above <= 1 and 0 < temperature < 100):
        raise ModelError(f"{CARD_FILE} is not a model card: a threshold is out of range.")
    return ModelCard(sha256, uncertain_below, not_a_digit_above, temperature, details)

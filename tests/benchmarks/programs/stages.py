"""Inkling's API, and beside it the stages inside: what of a request is whose.

{"event": …}   a request's seconds, in all and for each stage of its recognition
{"batch": n}   the seconds that the classifier takes for so many images
"""

import time
from typing import Any, Final

import numpy as np

from api.handler import handler as answer_request
from recognition.card import load_model
from recognition.classifier import DigitClassifier
from recognition.recognizer import Recognizer

from .floor import find_image

_recognizer: Final = Recognizer.load()
_model, _card = load_model()
_classifier: Final = DigitClassifier(_model, _card.temperature)


def handler(order: dict[str, Any], context: Any) -> dict[str, Any]:
    digit = _recognizer.normalize(image := find_image(order["event"]))
    assert digit is not None
    if "batch" in order:
        pixels = np.stack([digit.pixels] * order["batch"])
        started = time.perf_counter()
        _classifier.classify_many(pixels)
        return {"seconds": time.perf_counter() - started}
    started = time.perf_counter()
    response = answer_request(order["event"], context)
    seconds = time.perf_counter() - started
    return {"response": response, "seconds": seconds, "stages": time_stages(image)}


def time_stages(image: bytes) -> dict[str, float]:
    laps = {}
    started = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal started
        now = time.perf_counter()
        laps[stage] = now - started
        started = now

    _recognizer.recognize(image, lap)
    return laps

"""The committed examples are the strokes' own, and each is read."""

from pathlib import Path

import numpy as np
from PIL import Image

from model_export.examples import DIGIT_STROKES, EXAMPLE_SIDE, write_examples
from recognition.recognizer import Recognizer

COMMITTED = Path(__file__).parents[2] / "frontend" / "examples"


def test_there_is_an_example_of_each_digit() -> None:
    assert sorted(file.name for file in COMMITTED.iterdir()) == [f"{d}.jpg" for d in range(10)]
    assert sorted(DIGIT_STROKES) == list(range(10))


def test_the_committed_examples_are_what_the_strokes_draw(tmp_path: Path) -> None:
    for file in write_examples(tmp_path):
        drawn, committed = Image.open(file), Image.open(COMMITTED / file.name)
        assert committed.size == (EXAMPLE_SIDE, EXAMPLE_SIDE)
        # JPEG encoders differ in the last bit; the picture may not.
        difference = np.abs(np.asarray(drawn).astype(int) - np.asarray(committed).astype(int))
        assert difference.max() <= 8


def test_every_example_is_read(recognizer: Recognizer) -> None:
    for digit in DIGIT_STROKES:
        recognition = recognizer.recognize((COMMITTED / f"{digit}.jpg").read_bytes())
        assert recognition.digit == digit
        assert recognition.confidence > 0.9

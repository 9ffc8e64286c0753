"""One digit in every encoding reads the same, and none of them breaks off well."""

import sys

import numpy as np
import pytest
from PIL import Image

from model_export.drawing.strokes import render_strokes
from model_export.examples import DIGIT_STROKES
from recognition.errors import CorruptImage, UnsupportedImage
from recognition.formats import libwebp
from recognition.image import decode_image
from recognition.recognizer import Recognizer
from recognition.result import Outcome
from tests.recognition.encodings import Encoding, encode_everyhow

DIGIT = 5

SHEET = render_strokes(DIGIT_STROKES[DIGIT], side=140)
ENCODINGS = encode_everyhow(SHEET)
SMALL_ENCODINGS = encode_everyhow(SHEET.resize((20, 16), Image.Resampling.LANCZOS))


def test_there_are_fifty_ways_and_more() -> None:
    names = {encoding.name for encoding in ENCODINGS}
    assert len(names) == len(ENCODINGS) >= 50


@pytest.mark.parametrize("encoding", ENCODINGS, ids=lambda encoding: encoding.name)
def test_one_digit_reads_the_same_in_every_encoding(
    encoding: Encoding, recognizer: Recognizer
) -> None:
    grey = decode_image(encoding.data)
    difference = np.abs(grey.astype(int) - np.asarray(SHEET))
    assert difference.max() <= encoding.tolerance
    recognition = recognizer.recognize(encoding.data)
    assert (recognition.outcome, recognition.digit) == (Outcome.DIGIT, DIGIT)


@pytest.mark.skipif(sys.platform == "win32", reason="there Pillow's copy of libwebp has no file")
def test_webp_has_a_decoder_that_needs_little_memory() -> None:
    assert libwebp._DECODE is not None


@pytest.mark.parametrize(
    "encoding", [each for each in ENCODINGS if "WebP" in each.name], ids=lambda each: each.name
)
def test_webp_reads_the_same_by_pillow(encoding: Encoding, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = decode_image(encoding.data)
    monkeypatch.setattr(libwebp, "_DECODE", None)
    assert np.array_equal(decode_image(encoding.data), expected)


@pytest.mark.parametrize("encoding", SMALL_ENCODINGS, ids=lambda encoding: encoding.name)
def test_what_breaks_off_is_an_error_or_has_all_its_pixels(encoding: Encoding) -> None:
    whole = decode_image(encoding.data)
    for length in range(0, len(encoding.data), 10):
        try:
            decoded = decode_image(encoding.data[:length])
        except (CorruptImage, UnsupportedImage):
            continue
        assert np.array_equal(decoded, whole), length

"""A digit that is sent in some way is the same digit still, on sheets of every kind."""

import numpy as np
import pytest

from model_export.drawing import enlarging
from model_export.drawing.enlarging import send_digit
from recognition.image import GreyImage
from recognition.preprocessing import normalize_digit
from tests.model_export.conftest import draw_digits

SEEDS = range(60)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return draw_digits(len(SEEDS), seed=5)[0]


@pytest.fixture(scope="module")
def sent(digits: np.ndarray) -> list[GreyImage]:
    return [send_digit(digit, np.random.default_rng(s)) for s, digit in enumerate(digits)]


@pytest.fixture
def unspoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_PHOTOGRAPHED", "_COMPRESSED"):
        monkeypatch.setattr(enlarging, name, 0)


def measure_overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.minimum(one, other).sum() / np.maximum(one, other).sum())


def is_light_on_dark(picture: GreyImage) -> bool:
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    return bool(np.median(edge) < 128)


def test_sent_digit_is_a_grey_picture(sent: list[GreyImage]) -> None:
    for picture in sent:
        assert picture.dtype == np.uint8
        assert picture.ndim == 2
        assert min(picture.shape) > 1
        assert np.ptp(picture) > 20


def test_same_generator_sends_the_same(digits: np.ndarray, sent: list[GreyImage]) -> None:
    for seed in (1, 2, 3):
        again = send_digit(digits[seed], np.random.default_rng(seed))
        np.testing.assert_array_equal(again, sent[seed])


def test_digit_that_is_sent_stays_as_it_was(digits: np.ndarray) -> None:
    digit = digits[4].copy()
    send_digit(digit, np.random.default_rng(1))
    np.testing.assert_array_equal(digit, digits[4])


def test_digit_on_clean_paper_is_read_as_it_was(digits: np.ndarray, unspoilt: None) -> None:
    overlaps = []
    for seed, digit in enumerate(digits):
        expected = normalize_digit(digit)
        found = normalize_digit(send_digit(digit, np.random.default_rng(seed)))
        assert expected is not None
        assert found is not None
        overlaps.append(measure_overlap(found.pixels, expected.pixels))
    assert np.median(overlaps) > 0.7
    assert np.mean(np.array(overlaps) > 0.4) > 0.95


def test_sheets_are_small_and_large(sent: list[GreyImage]) -> None:
    longer = [max(picture.shape) for picture in sent]
    assert min(longer) < 28
    assert max(longer) > 150


def test_sheets_are_dark_and_light(digits: np.ndarray, unspoilt: None) -> None:
    dark = [
        is_light_on_dark(send_digit(digit, np.random.default_rng(seed)))
        for seed, digit in enumerate(digits)
    ]
    assert 0.2 < np.mean(dark) < 0.6


def test_ink_is_nowhere_cut_off(digits: np.ndarray, unspoilt: None) -> None:
    """However narrow the margins, the whole digit is sent: its form keeps its proportions."""
    for seed, digit in enumerate(digits):
        picture = send_digit(digit, np.random.default_rng(seed)).astype(int)
        ink = picture > picture.min() + np.ptp(picture) / 2
        if not is_light_on_dark(picture.astype(np.uint8)):
            ink = ~ink
        height, width = (np.ptp(places) + 1 for places in np.nonzero(ink))
        rows, columns = np.nonzero(digit > 127)
        expected = (np.ptp(rows) + 1) / (np.ptp(columns) + 1)
        slack = 3 / min(height, width) + 0.15
        assert abs(np.log(height / width / expected)) < slack, seed

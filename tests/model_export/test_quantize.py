"""A network becomes a file of integers that answers as it does, the same file every time."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from model_export.corpus import NO_DIGIT_CLASS, Corpus, Source
from recognition.classifier import DigitClassifier
from tests.model_export.conftest import draw_digits

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def quantize() -> Any:
    """The module under test: importing TensorFlow takes seconds, which a quick run saves."""
    from model_export import quantize

    return quantize


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    images, labels = draw_digits(60, seed=4)
    labels[50:] = NO_DIGIT_CLASS
    sources = np.repeat(
        np.array([Source.MNIST, Source.PENS, Source.STRANGERS], np.uint8), [30, 20, 10]
    )
    return Corpus(images, labels, sources)


@pytest.fixture(scope="module")
def model(quantize: Any) -> Any:
    """A network that learnt nothing answers something to everything, and is as good here."""
    import keras

    from model_export.model import build_model

    keras.utils.set_random_seed(1)
    return build_model(4, 0.3)


@pytest.fixture(scope="module", autouse=True)
def many_batches(quantize: Any) -> Iterator[None]:
    """As many steps from few pictures, so that their order counts."""
    from model_export import awareness

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(awareness, "BATCH_SIZE", 8)
        yield


@pytest.fixture(scope="module")
def files(quantize: Any, model: Any, corpus: Corpus) -> dict[str, bytes]:
    made: dict[str, bytes] = quantize.quantize_every_way(model, corpus, seed=1)
    return made


def test_every_scheme_answers_almost_as_the_network(
    quantize: Any, files: dict[str, bytes], model: Any, corpus: Corpus
) -> None:
    pixels = corpus.pixels.astype(np.float32) / np.float32(255)
    expected = model.predict(pixels[..., None], verbose=0)
    spread = np.ptp(expected)
    assert list(files) == list(quantize.Scheme)
    for file in files.values():
        classifier = DigitClassifier(file)
        answers = np.array([classifier.logits(digit) for digit in pixels])
        assert np.abs(answers - expected).mean() < 0.02 * spread


def test_the_schemes_are_three_different_files(files: dict[str, bytes]) -> None:
    assert len(set(files.values())) == 3


def test_the_same_network_gives_the_same_files(
    quantize: Any, files: dict[str, bytes], model: Any, corpus: Corpus
) -> None:
    assert quantize.quantize_every_way(model, corpus, seed=1) == files


def test_calibration_takes_as_many_pictures_of_each_source(
    quantize: Any, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantize, "CALIBRATION_DIGITS", 45)
    pixels = quantize.choose_calibration(corpus, seed=1)
    assert pixels.dtype == np.float32
    assert pixels.max() <= 1
    by_picture = {
        image.tobytes(): source for image, source in zip(corpus.pixels, corpus.sources, strict=True)
    }
    chosen = np.rint(pixels * 255).astype(np.uint8)
    sources = [by_picture[image.tobytes()] for image in chosen]
    # Fifteen of each, and all ten strangers that there are.
    assert [sources.count(s) for s in (Source.MNIST, Source.PENS, Source.STRANGERS)] == [15, 15, 10]
    assert len({image.tobytes() for image in chosen}) == 40


def test_the_seed_decides_the_calibration(
    quantize: Any, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantize, "CALIBRATION_DIGITS", 45)
    first, again, other = (quantize.choose_calibration(corpus, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)

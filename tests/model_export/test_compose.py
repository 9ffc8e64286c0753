"""Every source gives its pictures with the right labels, the same ones however many make them."""

from pathlib import Path

import numpy as np
import pytest

from model_export import compose
from model_export.compose import Ingredients, Recipe, compose_corpus, draw_pictures
from model_export.corpus import NO_DIGIT_CLASS, Corpus, Source
from model_export.data import read_data
from model_export.dataset import Digits
from model_export.sources.pendigits import PenDigits
from recognition.image import GreyImage
from recognition.preprocessing import normalize_digit

RECIPE = Recipe(seed=1, sent=10, pens=12, paper=10, strangers=24)
LYING, STANDING = 3, 8
"""What a line that lies, and one that stands, is called here: no other label is right."""


@pytest.fixture(scope="module")
def lines() -> Ingredients:
    """Lines as digits: whether one lies or stands shows in the picture."""
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 13:16, 4:24] = 255
    images[1, 4:24, 13:16] = 255
    labels = np.array([LYING, STANDING], np.uint8)
    lying = np.stack([np.linspace(0, 1, 20), np.zeros(20)], axis=1)
    pens = PenDigits([[lying], [lying[:, ::-1]]], labels, np.zeros(2, np.int32), "")
    return Ingredients(Digits(images, labels), pens, None)


@pytest.fixture(scope="module")
def everything(every_source: Path) -> Ingredients:
    training = read_data(every_source, verify=False).training
    few = np.arange(len(training.mnist)) < 20
    return Ingredients(training.mnist.select(few), training.pens, training.characters)


@pytest.fixture(scope="module")
def corpus(everything: Ingredients) -> Corpus:
    return compose_corpus(everything, RECIPE)


def equal(one: Corpus, other: Corpus) -> bool:
    return (
        np.array_equal(one.pixels, other.pixels)
        and np.array_equal(one.labels, other.labels)
        and np.array_equal(one.sources, other.sources)
    )


def photograph_standing_line(picture: GreyImage, generator: np.random.Generator) -> GreyImage:
    photo = np.full((100, 100), 255, np.uint8)
    photo[20:80, 47:53] = 0
    return photo


def photograph_nothing(picture: GreyImage, generator: np.random.Generator) -> GreyImage:
    return np.full((100, 100), 255, np.uint8)


def test_every_source_is_there(corpus: Corpus) -> None:
    counts = {source: len(corpus.of(source)) for source in Source}
    most = dict(zip(Source, (20, 10, 12, 10, 24), strict=True))
    assert counts[Source.MNIST] == 20
    assert counts[Source.PENS] == 12
    for source, count in counts.items():  # what a photograph hides is left out
        assert most[source] / 2 <= count <= most[source]
    assert (np.diff(corpus.sources.astype(int)) >= 0).all()


def test_pictures_are_normalized(corpus: Corpus) -> None:
    assert corpus.pixels.dtype == np.uint8
    assert corpus.pixels.shape == (len(corpus), 28, 28)
    np.testing.assert_array_equal(corpus.pixels.max(axis=(1, 2)), 255)


def test_strangers_alone_are_no_digits(corpus: Corpus) -> None:
    strangers = corpus.sources == Source.STRANGERS
    np.testing.assert_array_equal(corpus.labels == NO_DIGIT_CLASS, strangers)


def test_mnist_comes_as_it_is_served(corpus: Corpus, everything: Ingredients) -> None:
    part = corpus.of(Source.MNIST)
    np.testing.assert_array_equal(part.labels, everything.mnist.labels)
    for image, pixels in zip(everything.mnist.images, part.pixels, strict=True):
        served = normalize_digit(image)
        assert served is not None
        np.testing.assert_array_equal(pixels, np.rint(served.pixels * 255))


def test_label_is_of_what_the_picture_shows(lines: Ingredients) -> None:
    found = compose_corpus(lines, Recipe(seed=3, sent=30, pens=30, paper=30, strangers=0))
    for source in (Source.MNIST, Source.SENT, Source.PENS, Source.PAPER):
        part = found.of(source)
        ink = part.pixels > 100
        width, height = ink.any(axis=1).sum(axis=1), ink.any(axis=2).sum(axis=1)
        assert set(part.labels) == {LYING, STANDING}
        np.testing.assert_array_equal(width > height, part.labels == LYING)


def test_pen_digits_take_their_turns(everything: Ingredients) -> None:
    assert everything.pens is not None
    recipe = Recipe(seed=1, sent=0, pens=len(everything.pens) + 5, paper=0, strangers=0)
    part = compose_corpus(everything, recipe).of(Source.PENS)
    labels = everything.pens.labels
    np.testing.assert_array_equal(part.labels, np.concatenate([labels, labels[:5]]))


@pytest.mark.slow
def test_two_workers_compose_what_one_does(
    corpus: Corpus, everything: Ingredients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "_CHUNK", 5)  # so that both have many tasks
    assert equal(compose_corpus(everything, RECIPE, workers=2), corpus)


def test_same_seed_composes_the_same(corpus: Corpus, everything: Ingredients) -> None:
    assert equal(compose_corpus(everything, RECIPE), corpus)


def test_more_pictures_begin_with_the_fewer(everything: Ingredients) -> None:
    """Each is from its own place alone: sharing the work out differently changes none."""
    fewer, more = (
        compose_corpus(everything, Recipe(seed=1, sent=0, pens=pens, paper=0, strangers=0))
        for pens in (4, 9)
    )
    np.testing.assert_array_equal(more.pixels[: len(fewer)], fewer.pixels)


def test_other_seed_draws_other_pictures(corpus: Corpus, everything: Ingredients) -> None:
    other = compose_corpus(everything, Recipe(2, *(10, 12, 10, 24)))
    assert np.array_equal(other.of(Source.MNIST).pixels, corpus.of(Source.MNIST).pixels)
    pens = corpus.of(Source.PENS).pixels, other.of(Source.PENS).pixels
    assert not (pens[0] == pens[1]).all(axis=(1, 2)).any()


@pytest.mark.parametrize("photograph", [photograph_standing_line, photograph_nothing])
def test_photograph_that_hides_the_digit_is_left_out(
    lines: Ingredients, monkeypatch: pytest.MonkeyPatch, photograph: object
) -> None:
    monkeypatch.setattr(compose, "photograph", photograph)
    recipe = Recipe(seed=1, sent=0, pens=6, paper=6, strangers=0)
    found = compose_corpus(lines, recipe)
    assert len(found.of(Source.PENS)) == 6
    standing = 3 if photograph is photograph_standing_line else 0
    assert found.of(Source.PAPER).labels.tolist() == [STANDING] * standing
    assert [label for _, label in draw_pictures(lines, Source.PAPER, range(6), 1)] == [
        LYING,
        STANDING,
    ] * 3


def test_pictures_drawn_are_those_that_the_corpus_normalizes(
    corpus: Corpus, everything: Ingredients
) -> None:
    pictures = draw_pictures(everything, Source.PENS, range(12), RECIPE.seed)
    part = corpus.of(Source.PENS)
    assert [label for _, label in pictures] == part.labels.tolist()
    for (picture, _), pixels in zip(pictures, part.pixels, strict=True):
        digit = normalize_digit(picture)
        assert digit is not None
        np.testing.assert_array_equal(np.rint(digit.pixels * 255), pixels)


def test_mnist_alone_is_enough(everything: Ingredients) -> None:
    found = compose_corpus(Ingredients(everything.mnist, None, None), RECIPE)
    assert set(found.sources) == {Source.MNIST, Source.SENT, Source.STRANGERS}


def test_share_of_a_recipe_keeps_its_seed() -> None:
    assert Recipe(7, 1000, 2000, 3000, 4000).scale(0.002) == Recipe(7, 2, 4, 6, 8)

"""Nobody who trains also chooses or tests, and the same people do so in every run."""

import os
from pathlib import Path

import numpy as np
import pytest

from model_export.dataset import Digits, Mnist, find_folder, read_mnist
from model_export.sources.omniglot import Omniglot, read_omniglot
from model_export.sources.pendigits import PEN_DIGITS_FILE, PenDigits, read_pendigits
from model_export.splits import UNSEEN_ALPHABET, split_characters, split_mnist, split_pens
from tests.model_export.conftest import CHARACTERS, DRAWERS, PEN_WRITERS


def write_digits(people: int, each: int, *, known: bool = True) -> Mnist:
    """A training set of blank images whose first pixels number them; each person's, scattered."""
    count = people * each
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, :4] = np.arange(count, dtype=">u4").view(np.uint8).reshape(-1, 4)
    train = Digits(images, (np.arange(count) % 10).astype(np.uint8))
    writers = (np.arange(count) % people + 2000).astype(np.int32)
    return Mnist(train, train, writers if known else None, {})


def number_images(digits: Digits) -> list[int]:
    numbers: list[int] = digits.images[:, 0, :4].copy().view(">u4").ravel().tolist()
    return numbers


def make_omniglot(names: list[tuple[str, int]]) -> Omniglot:
    alphabets, characters = zip(*names, strict=True)
    return Omniglot(
        [[np.zeros((2, 2))] for _ in names],
        np.array(alphabets),
        np.array(characters, np.int32),
        np.ones(len(names), np.int32),
    )


def test_no_writer_of_mnist_trains_and_chooses() -> None:
    mnist = write_digits(people=40, each=7)
    training, validation, how = split_mnist(mnist)
    assert how == "writer"
    numbers = [number_images(part) for part in (training, validation)]
    assert sorted(numbers[0] + numbers[1]) == list(range(280))
    trains, chooses = ({number % 40 for number in part} for part in numbers)
    assert trains.isdisjoint(chooses)
    assert len(chooses) == 4


def test_without_writers_mnist_is_divided_by_image() -> None:
    training, validation, how = split_mnist(write_digits(people=40, each=7, known=False))
    assert how == "seed"
    numbers = [number_images(part) for part in (training, validation)]
    assert sorted(numbers[0] + numbers[1]) == list(range(280))
    assert len(numbers[1]) == 28


def test_mnist_is_divided_alike_every_time() -> None:
    first, again = (split_mnist(write_digits(people=40, each=7))[1] for _ in range(2))
    np.testing.assert_array_equal(first.images, again.images)


def test_images_keep_their_labels() -> None:
    for part in split_mnist(write_digits(people=40, each=7))[:2]:
        assert [number % 10 for number in number_images(part)] == part.labels.tolist()


def test_no_pen_writer_has_two_tasks(every_source: Path) -> None:
    pens = read_pendigits(every_source / PEN_DIGITS_FILE)
    parts = split_pens(pens)
    writers = [set(part.writers.tolist()) for part in parts]
    assert [len(part) for part in writers] == [7, 1, 2]
    assert set.union(*writers) == set(range(1, PEN_WRITERS + 1))
    assert sum(len(part) for part in parts) == len(pens)


def test_pen_writers_have_the_same_task_every_time(every_source: Path) -> None:
    pens = read_pendigits(every_source / PEN_DIGITS_FILE)
    backwards = PenDigits(pens.strokes[::-1], pens.labels[::-1], pens.writers[::-1], "")
    for part, again in zip(split_pens(pens), split_pens(backwards), strict=True):
        assert set(part.writers) == set(again.writers)


def test_a_few_writers_are_enough_for_every_task() -> None:
    writers = np.repeat(np.arange(3, dtype=np.int32), 2)
    pens = PenDigits([[np.zeros((2, 2))]] * 6, np.zeros(6, np.uint8), writers, "")
    assert [len(part) for part in split_pens(pens)] == [2, 2, 2]


def test_unseen_alphabet_does_not_train(every_source: Path) -> None:
    training, unseen = split_characters(read_omniglot(every_source / "omniglot"))
    assert set(training.alphabets) == {"Balinese"}
    assert len(training) == CHARACTERS * DRAWERS
    assert set(unseen.alphabets) == {UNSEEN_ALPHABET}


def test_look_alikes_of_digits_are_on_no_side() -> None:
    names = [("Balinese", 5), ("Balinese", 6), ("Greek", 15), ("Greek", 16)]
    training, unseen = split_characters(make_omniglot(names))
    assert training.characters.tolist() == [6]
    assert unseen.characters.tolist() == [16]


needs_data = pytest.mark.skipif(
    "INKLING_DATA" not in os.environ, reason="INKLING_DATA names no folder of data"
)


@needs_data
def test_published_mnist_keeps_its_people_apart() -> None:
    mnist = read_mnist(find_folder(Path(os.environ["INKLING_DATA"])))
    assert mnist.writers is not None
    training, validation, how = split_mnist(mnist)
    assert how == "writer"
    assert len(training) + len(validation) == 60_000
    writers = dict(zip(map(bytes, mnist.train.images), mnist.writers.tolist(), strict=True))
    trains, chooses = (
        {writers[bytes(image)] for image in part.images} for part in (training, validation)
    )
    assert trains.isdisjoint(chooses)
    assert (len(trains), len(chooses)) == (485, 54)


@needs_data
def test_published_pen_digits_keep_their_people_apart() -> None:
    parts = split_pens(read_pendigits(Path(os.environ["INKLING_DATA"]) / PEN_DIGITS_FILE))
    writers = [set(part.writers.tolist()) for part in parts]
    assert [len(part) for part in writers] == [21, 3, 6]
    assert len(set.union(*writers)) == 30

"""A folder's sources are all read, and each part of the data has people of its own."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from model_export.data import Data, read_data
from model_export.errors import DataError
from model_export.splits import UNSEEN_ALPHABET
from tests.model_export.conftest import PEN_WRITERS, TEST, TRAIN


@pytest.fixture(scope="module")
def data(every_source: Path) -> Data:
    return read_data(every_source, verify=False)


@pytest.fixture
def folder(every_source: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(every_source, tmp_path / "data"))


def test_every_source_is_read(data: Data) -> None:
    assert data.split == "writer"
    assert len(data.training.mnist) + len(data.validation.mnist) == TRAIN
    assert len(data.mnist.test) == TEST
    assert data.training.characters is not None
    assert data.unseen is not None
    assert set(data.checksums) > set(data.mnist.checksums)
    assert set(data.checksums) - set(data.mnist.checksums) == {
        "pendigits-orig.tra.gz",
        "omniglot strokes.zip",
    }
    assert all(len(checksum) == 64 for checksum in data.checksums.values())


def test_pen_writers_have_one_task_each(data: Data) -> None:
    parts = (data.training.pens, data.validation.pens, data.test_pens)
    writers = [part.writers.tolist() for part in parts if part is not None]
    assert sorted(set(writers[0]) | set(writers[1]) | set(writers[2])) == [
        *range(1, PEN_WRITERS + 1)
    ]
    assert sum(len(set(part)) for part in writers) == PEN_WRITERS


def test_unseen_alphabet_is_in_no_ingredient(data: Data) -> None:
    assert data.unseen is not None
    assert set(data.unseen.alphabets) == {UNSEEN_ALPHABET}
    assert data.training.characters is not None
    assert UNSEEN_ALPHABET not in data.training.characters.alphabets
    assert data.validation.characters is None


def test_test_digits_are_in_no_ingredient(data: Data) -> None:
    test = {image.tobytes() for image in data.mnist.test.images}
    for part in (data.training, data.validation):
        assert test.isdisjoint(image.tobytes() for image in part.mnist.images)


@pytest.mark.parametrize("given", ["data", "data/mnist"])
def test_mnist_alone_is_enough_and_what_is_missing_is_said(
    folder: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "pendigits")
    shutil.rmtree(folder / "omniglot")
    data = read_data(folder.parent / given, verify=False)
    assert (data.training.pens, data.validation.pens, data.test_pens) == (None, None, None)
    assert (data.training.characters, data.unseen) == (None, None)
    assert data.checksums == data.mnist.checksums
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "pendigits-orig.tra.gz" in said[0]
    assert "strokes.zip" in said[1]


def test_one_source_less_takes_nothing_from_the_others(folder: Path, data: Data) -> None:
    shutil.rmtree(folder / "pendigits")
    found = read_data(folder, verify=False)
    assert found.training.pens is None
    assert found.training.characters is not None
    np.testing.assert_array_equal(found.training.mnist.images, data.training.mnist.images)


@pytest.mark.parametrize("name", ["pendigits/pendigits-orig.tra.gz", "omniglot/strokes.zip"])
def test_damaged_source_is_named_not_left_out(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-60])
    with pytest.raises(DataError, match=Path(name).name):
        read_data(folder, verify=False)


def test_unpublished_mnist_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match="wrong checksum"):
        read_data(folder)


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing is not a folder"):
        read_data(tmp_path / "nothing", verify=False)

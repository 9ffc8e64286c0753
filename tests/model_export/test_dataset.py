"""The data is the published one, whole, and each image with its label and its writer."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from model_export import dataset
from model_export.dataset import (
    find_folder,
    normalize_digits,
    read_mnist,
)
from model_export.errors import DataError
from tests.model_export.conftest import TEST, TRAIN, write_idx


@pytest.fixture
def folder(small_data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_data, tmp_path / "mnist"))


def test_the_four_files_and_the_writers_are_read(small_data: Path) -> None:
    mnist = read_mnist(small_data, verify=False)
    assert mnist.train.images.shape == (TRAIN, 28, 28)
    assert mnist.train.counts() == [TRAIN // 10] * 10
    assert len(mnist.test) == TEST
    assert mnist.writers is not None
    assert len(mnist.checksums) == 5


def test_other_files_than_the_published_are_refused(small_data: Path) -> None:
    with pytest.raises(DataError, match=r"train-images.* has the wrong checksum"):
        read_mnist(small_data)


def test_a_truncated_file_is_called_truncated(folder: Path) -> None:
    images = folder / "train-images-idx3-ubyte.gz"
    images.write_bytes(images.read_bytes()[:-50])
    with pytest.raises(DataError, match="truncated"):
        read_mnist(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match="t10k-labels"):
        read_mnist(folder, verify=False)


def test_labels_and_images_must_be_as_many(folder: Path) -> None:
    write_idx(folder / "train-labels-idx1-ubyte.gz", np.zeros(3, np.uint8))
    with pytest.raises(DataError, match="400 images for 3 labels"):
        read_mnist(folder, verify=False)


def test_writers_of_other_digits_are_refused(folder: Path) -> None:
    write_idx(folder / "qmnist-train-labels-idx2-int.gz", np.zeros((TRAIN, 8), np.int32))
    with pytest.raises(DataError, match="does not belong"):
        read_mnist(folder, verify=False)


def test_without_their_file_nobody_knows_the_writers(folder: Path) -> None:
    (folder / "qmnist-train-labels-idx2-int.gz").unlink()
    mnist = read_mnist(folder, verify=False)
    assert mnist.writers is None
    assert len(mnist.checksums) == 4


def test_selected_digits_keep_their_labels(small_data: Path) -> None:
    digits = read_mnist(small_data, verify=False).train
    sevens = digits.select(digits.labels == 7)
    assert sevens.counts() == [0] * 7 + [TRAIN // 10] + [0] * 2
    np.testing.assert_array_equal(sevens.images[0], digits.images[7])


def test_training_digits_pass_the_serving_preprocessing(small_data: Path) -> None:
    pixels = normalize_digits(read_mnist(small_data, verify=False).test)
    assert pixels.shape == (TEST, 28, 28)
    assert pixels.dtype == np.float32
    np.testing.assert_array_equal(pixels.max(axis=(1, 2)), 1)


def test_a_folder_is_the_data_or_holds_it(small_data: Path, tmp_path: Path) -> None:
    assert find_folder(small_data) == small_data
    shutil.copytree(small_data, tmp_path / "mnist")
    assert find_folder(tmp_path) == tmp_path / "mnist"
    with pytest.raises(DataError, match="not a folder"):
        find_folder(tmp_path / "nothing")


def test_without_a_folder_the_data_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(dataset, "DOWNLOAD_FOLDER", tmp_path)
    monkeypatch.setattr(dataset, "download_files", lambda files, folder: asked.extend(files))
    assert find_folder(None) == tmp_path
    assert len(asked) == 5


@pytest.mark.skipif(
    "INKLING_DATA" not in os.environ, reason="INKLING_DATA names no folder of MNIST"
)
def test_the_real_mnist_has_the_published_checksums_and_counts() -> None:
    mnist = read_mnist(find_folder(Path(os.environ["INKLING_DATA"])))
    assert mnist.train.counts() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert mnist.test.counts() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert mnist.writers is not None
    assert len(np.unique(mnist.writers)) == 539

"""Every set is there, the same each time, and labelled by what it measures."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model_export import sets
from model_export.data import Data, read_data
from model_export.drawing.blanks import BLANKS
from model_export.drawing.canvas import RENDERINGS
from model_export.drawing.corruptions import CORRUPTIONS
from model_export.readings import NO_DIGIT, Family, Samples
from model_export.splits import UNSEEN_ALPHABET

FAULTS = ("noise", "box")
"""Of the corruptions: enough to see how they are named."""


@pytest.fixture(scope="module")
def data(every_source: Path) -> Data:
    return read_data(every_source, verify=False)


@pytest.fixture(scope="module")
def few_samples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets, "OWN_STRANGERS", 4)
        patch.setattr(sets, "SHEETS_OF_A_KIND", 1)
        patch.setattr(sets, "CORRUPTED_DIGITS", 2)
        patch.setattr(sets, "CORRUPTIONS", {name: CORRUPTIONS[name] for name in FAULTS})
        yield


def prepare(data: Data) -> list[Samples]:
    assert data.test_pens is not None
    assert data.unseen is not None
    first = np.arange(len(data.test_pens)) < 4
    characters = np.arange(len(data.unseen)) < 3
    return list(
        sets.prepare_sets(
            data.mnist.test.select(np.arange(len(data.mnist.test)) < 10),
            data.test_pens.select(first),
            data.unseen.select(characters),
        )
    )


@pytest.fixture(scope="module")
def prepared(data: Data, few_samples: None) -> list[Samples]:
    return prepare(data)


def test_every_set_has_a_name_of_its_own_and_its_family(prepared: list[Samples]) -> None:
    names = {samples.name: samples.family for samples in prepared}
    assert len(names) == len(prepared)
    paper = {f"{name}: paper, light, blur and JPEG": Family.PAPER for name in RENDERINGS}
    faults = {
        f"{fault}, {level} of 5": Family.CORRUPTIONS for fault in FAULTS for level in range(1, 6)
    }
    strangers = (
        *(UNSEEN_ALPHABET, f"{UNSEEN_ALPHABET}, photographed"),
        *("our letters and signs", "our scribbles"),
    )
    assert names == {
        "MNIST test": Family.MNIST,
        **dict.fromkeys(RENDERINGS, Family.PENS),
        **paper,
        **faults,
        **dict.fromkeys(strangers, Family.STRANGERS),
        "sheets without ink": Family.BLANKS,
    }


def test_labels_are_the_digits_or_that_there_is_none(prepared: list[Samples], data: Data) -> None:
    assert data.test_pens is not None
    for samples in prepared:
        match samples.family:
            case Family.MNIST:
                np.testing.assert_array_equal(samples.labels, data.mnist.test.labels[:10])
            case Family.PENS | Family.PAPER:
                np.testing.assert_array_equal(samples.labels, data.test_pens.labels[:4])
            case Family.CORRUPTIONS:
                assert len(samples) == 2
                assert set(samples.labels) <= set(data.test_pens.labels[:4])
            case Family.STRANGERS | Family.BLANKS:
                assert set(samples.labels) == {NO_DIGIT}


def test_sets_hold_what_the_network_sees_of_what_was_sent(prepared: list[Samples]) -> None:
    for samples in prepared:
        count = len(samples)
        assert samples.pixels.dtype == np.float32
        assert samples.pixels.shape == (count, 28, 28)
        assert samples.thumbnails.shape == (count, 64, 64)
        peaks = samples.pixels.max(axis=(1, 2))
        np.testing.assert_array_equal(peaks == 0, samples.blank)
        assert (peaks[~samples.blank] == 1).all()
        if samples.family in {Family.MNIST, Family.PENS}:
            assert not samples.blank.any()
            assert (np.ptp(samples.thumbnails, axis=(1, 2)) > 50).all()


def test_there_is_a_sheet_of_every_kind(prepared: list[Samples]) -> None:
    sheets = prepared[-1]
    assert len(sheets) == len(BLANKS)
    # Not every noise is without ink to the preprocessing: the network refuses those.
    found = dict(zip(BLANKS, sheets.blank, strict=True))
    assert all(found[name] for name in ("empty", "flat", "gradient"))


def test_the_sets_are_the_same_every_time(prepared: list[Samples], data: Data) -> None:
    for mine, again in zip(prepared, prepare(data), strict=True):
        assert mine.name == again.name
        for part in ("pixels", "blank", "labels", "thumbnails"):
            np.testing.assert_array_equal(getattr(mine, part), getattr(again, part))


def test_each_rendering_shows_the_same_digits_in_another_way(prepared: list[Samples]) -> None:
    pens = [samples for samples in prepared if samples.family is Family.PENS]
    for i, mine in enumerate(pens):
        for other in pens[i + 1 :]:
            assert not np.array_equal(mine.pixels, other.pixels)


def test_without_pens_and_characters_the_other_sets_stay(data: Data, few_samples: None) -> None:
    alone = sets.prepare_sets(data.mnist.test.select(np.arange(80) < 5), None, None)
    assert [samples.name for samples in alone] == [
        *("MNIST test", "our letters and signs", "our scribbles", "sheets without ink")
    ]

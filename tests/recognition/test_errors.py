"""The words for what an image is refused with: records and clients keep them."""

from collections.abc import Iterator

import pytest

from recognition.errors import (
    REASONS,
    CorruptImage,
    DecodingTooSlow,
    ImageError,
    ImageTooComplex,
    ImageTooLarge,
    TooManyBytes,
    TooManyPixels,
    TooManyScans,
    UnsupportedImage,
    name_reason,
)


def list_classes(error: type[ImageError]) -> Iterator[type[ImageError]]:
    yield error
    for child in error.__subclasses__():
        yield from list_classes(child)


def test_every_error_of_an_image_has_a_reason_of_its_own_in_the_table() -> None:
    assert set(REASONS) == {each for each in list_classes(ImageError) if "test" not in str(each)}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UnsupportedImage, "unsupported-image"),
        (CorruptImage, "corrupt-image"),
        (ImageTooLarge, "image-too-large"),
        (TooManyBytes, "image-too-large"),
        (TooManyPixels, "too-many-pixels"),
        (ImageTooComplex, "image-too-complex"),
        (TooManyScans, "too-many-scans"),
        (DecodingTooSlow, "decoding-too-slow"),
        (ImageError, "unreadable-image"),
    ],
)
def test_a_reason_stays_what_it_is(error: type[ImageError], reason: str) -> None:
    assert name_reason(error("it's damaged")) == reason


def test_an_error_that_the_table_lacks_is_named_as_the_nearest_above_it() -> None:
    class TestsOwnScans(TooManyScans):
        pass

    assert name_reason(TestsOwnScans()) == "too-many-scans"

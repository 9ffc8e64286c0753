"""Of pictures that look alike, which label counts."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from model_export.labels import LabelledPicture, choose_pictures
from model_export.service import LabelledRecord
from storage.ids import new_id


def picture(
    digit: int, *, trusted: bool = False, minute: int = 0, name: str = "a", ink: int = 200
) -> LabelledPicture:
    moment = datetime(2026, 2, 3, 4, minute, tzinfo=UTC)
    record = LabelledRecord(new_id(), digit, trusted, moment, read=1, model="m")
    return LabelledPicture(record, Path(name), name, np.full((28, 28), ink, np.uint8))


@pytest.mark.parametrize(
    ("pictures", "chosen", "left_out"),
    [
        ([picture(7)], [7], {}),
        ([picture(7), picture(7, minute=1)], [7], {"seen already": 1}),
        ([picture(7), picture(2, minute=1)], [2], {"overruled": 1}),
        ([picture(7, trusted=True), picture(2, minute=1)], [7], {"overruled": 1}),
        ([picture(7, trusted=True), picture(7, minute=1)], [7], {"seen already": 1}),
        ([picture(7, trusted=True), picture(2, trusted=True, minute=1)], [2], {"overruled": 1}),
        ([picture(7), picture(2)], [], {"contradictory": 2}),
        (
            [picture(7), picture(2), picture(2, trusted=True)],
            [2],
            {"overruled": 1, "seen already": 1},
        ),
        ([picture(7), picture(2, ink=201)], [7, 2], {}),
    ],
)
def test_of_labels_that_differ_the_trusted_counts_then_the_latest(
    pictures: list[LabelledPicture], chosen: list[int], left_out: dict[str, int]
) -> None:
    for order in (pictures, pictures[::-1]):
        counted: Counter[str] = Counter()
        kept = choose_pictures(order, counted)
        assert sorted(each.record.digit for each in kept) == sorted(chosen)
        assert +counted == left_out


def test_the_order_is_the_content_s_own() -> None:
    pictures = [picture(i, name=name, ink=i) for i, name in enumerate("dbca")]
    for order in (pictures, pictures[::-1]):
        assert [each.sha256 for each in choose_pictures(order, Counter())] == list("abcd")

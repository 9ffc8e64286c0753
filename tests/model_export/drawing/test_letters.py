"""Letters are drawn in many ways, within their box, and none of them is a digit's or Greek."""

import unicodedata

import numpy as np
import pytest

from model_export.drawing.alphabet import CAPITALS, COMPANIONS, DOODLES, SIGNS, SMALL_LETTERS
from model_export.drawing.letters import LETTERS, draw_letter, read_skeleton, write_skeleton
from model_export.drawing.strokes import Stroke


def spread(drawings: list[list[Stroke]]) -> float:
    """How far the drawings' first strokes differ, on average, point for point."""
    starts = np.array([drawing[0][:20] for drawing in drawings])
    return float(np.linalg.norm(starts - starts.mean(axis=0), axis=-1).mean())


def test_a_skeleton_is_read_into_strokes_and_corners() -> None:
    first, second = read_skeleton("0,10 4,0! 8,10 / 2,6 6.5,6")
    assert [run.tolist() for run in first.runs] == [[[0, 1], [0.4, 0]], [[0.4, 0], [0.8, 1]]]
    assert [run.tolist() for run in second.runs] == [[[0.2, 0.6], [0.65, 0.6]]]


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_can_be_written(name: str) -> None:
    for form in LETTERS[name]:
        points = np.concatenate(write_skeleton(form, np.random.default_rng(1)))
        assert np.isfinite(points).all()
        np.testing.assert_allclose(points.min(axis=0), 0, atol=1e-12)
        assert points.max() == pytest.approx(1)


def test_no_letter_stands_alone_that_could_be_a_digit() -> None:
    assert not set("0123456789BDGIJOSYZbgloqsyz|/()>") & LETTERS.keys()
    assert not COMPANIONS.keys() & LETTERS.keys()


def test_no_letter_is_a_digit_once_its_dot_is_lost() -> None:
    assert not set("ij!?Ы…") & LETTERS.keys()


def test_no_letter_is_greek() -> None:
    for name in (*CAPITALS, *SMALL_LETTERS, *COMPANIONS, *SIGNS):
        for character in name:
            assert "GREEK" not in unicodedata.name(character)


def test_no_name_stands_for_two_things() -> None:
    kinds = (CAPITALS, SMALL_LETTERS, SIGNS, DOODLES)
    assert len(LETTERS) == sum(len(kind) for kind in kinds)


def test_no_two_letters_are_alike() -> None:
    generator = np.random.default_rng(2)
    drawings = [write_skeleton(LETTERS["H"][0], generator) for _ in range(50)]
    assert spread(drawings) > 0.03


def test_everything_in_the_list_is_drawn_sooner_or_later() -> None:
    generator = np.random.default_rng(4)
    counts = {len(draw_letter(generator)) for _ in range(2000)}
    assert counts >= {1, 2, 3, 4, 5, 9}


def test_the_same_seed_draws_the_same() -> None:
    one, other = (draw_letter(np.random.default_rng(6)) for _ in range(2))
    assert [stroke.tobytes() for stroke in one] == [stroke.tobytes() for stroke in other]

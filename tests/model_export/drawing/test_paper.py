"""A photograph shows the digit still, on paper that is not clean."""

import numpy as np
import pytest

from model_export.drawing.paper import LONGEST_SIDE, PAPER, add_texture, blur, photograph
from model_export.drawing.strokes import Pen
from recognition.preprocessing import normalize_digit
from tests.model_export.drawing.pages import draw_page, draw_picture

SEEDS = range(40)


def test_photograph_is_a_picture_of_the_same_shape() -> None:
    photo = photograph(draw_picture(), np.random.default_rng(1))
    assert photo.dtype == np.uint8
    assert photo.shape == (200, 200)


def test_large_picture_becomes_a_photograph_of_the_longest_side() -> None:
    picture = np.pad(draw_picture(side=600), ((0, 0), (0, 300)), constant_values=255)
    assert max(photograph(picture, np.random.default_rng(1)).shape) == LONGEST_SIDE


@pytest.mark.parametrize("side", [24, 90, 280])
def test_ink_stays_apart_from_the_paper_around_it(side: int) -> None:
    picture = draw_picture(8, side)
    ink = picture < 40
    contrasts = []
    for seed in SEEDS:
        photo = photograph(picture, np.random.default_rng(seed), strength=0.7).astype(float)
        contrasts.append(abs(photo[ink].mean() - photo[~ink].mean()))
    assert np.mean(np.array(contrasts) > 20) > 0.9


def test_most_photographs_are_dark_on_light_whatever_came() -> None:
    white = draw_picture(8, pen=Pen(ink=255, paper=0))
    dark = [
        np.median(photo) > photo[white > 200].mean()
        for photo in (photograph(white, np.random.default_rng(seed)) for seed in SEEDS)
    ]
    assert 0.8 < np.mean(dark) < 1


def test_no_strength_is_a_clean_scan() -> None:
    for seed in SEEDS:
        photo = photograph(draw_picture(), np.random.default_rng(seed), strength=0.0)
        assert np.ptp(photo) > 120


def test_empty_sheet_can_be_photographed() -> None:
    blank = np.full((60, 80), 255, np.uint8)
    for seed in SEEDS:
        assert photograph(blank, np.random.default_rng(seed)).shape == (60, 80)
        for degrade in PAPER.values():
            degrade(blank, np.random.default_rng(seed))


def test_texture_is_on_the_paper() -> None:
    white = np.ones((100, 100), np.float32)
    textured = add_texture(white, 1.0, np.random.default_rng(1))
    assert 0.02 < textured.std() < 0.2
    assert (add_texture(white, 0.0, np.random.default_rng(1)) == 1).all()


def test_blur_leaves_thin_lines() -> None:
    page = draw_page()
    for seed in SEEDS:
        assert blur(page, 1.5, 1.0, np.random.default_rng(seed)).min() < 100


def test_same_seed_takes_the_same_photograph() -> None:
    def take(seed: int) -> bytes:
        return photograph(draw_picture(), np.random.default_rng(seed)).tobytes()

    assert [take(seed) for seed in range(8)] == [take(seed) for seed in range(8)]
    assert take(1) != take(2)


@pytest.mark.parametrize("name", PAPER)
def test_evaluations_paper_is_grey_and_shows_the_digit(name: str) -> None:
    for digit in range(10):
        picture = draw_picture(digit, pen=Pen(ink=255, paper=0))
        photo = PAPER[name](picture, np.random.default_rng(digit))
        assert np.median(photo) < 220
        assert photo[picture > 200].mean() < np.median(photo) - 30
        assert normalize_digit(photo) is not None

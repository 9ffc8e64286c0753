"""Marks darken a page beside the digit, and the more the worse."""

from collections.abc import Callable

import numpy as np
import pytest

from model_export.drawing.marks import add_box, add_fragments, add_ruling, add_specks
from model_export.drawing.page import Page, find_digit
from tests.model_export.drawing.pages import draw_page

Mark = Callable[[Page, float, np.random.Generator], Page]
MARKS = [add_ruling, add_box, add_specks, add_fragments]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("seed", range(8))
def test_marks_only_darken(mark: Mark, seed: int) -> None:
    page = draw_page()
    marked = mark(page, 1.0, np.random.default_rng(seed))
    assert marked.dtype == np.float32
    assert (marked <= page).all()
    assert (marked < page).any()
    assert (marked < page).mean() < 0.5


@pytest.mark.parametrize("mark", [add_ruling, add_box, add_specks])
def test_a_larger_amount_is_darker(mark: Mark) -> None:
    page = draw_page()
    lost = [
        np.mean(
            [(page - mark(page, amount, np.random.default_rng(seed))).sum() for seed in range(9)]
        )
        for amount in (0.1, 0.5, 1.0)
    ]
    assert lost == sorted(lost)


def test_box_is_around_the_digit() -> None:
    page = draw_page()
    left, top, right, bottom = find_digit(page)
    for seed in range(20):
        changed = add_box(page, 1.0, np.random.default_rng(seed)) < page
        inside = changed[top + 6 : bottom - 6, left + 6 : right - 6]
        assert not inside.any()


def test_ruling_is_fainter_than_ink() -> None:
    blank = np.ones((200, 200), np.float32)
    assert add_ruling(blank, 1.0, np.random.default_rng(1)).min() > 0.15


def test_fragments_stay_at_the_edge_and_off_the_digit() -> None:
    page = draw_page()
    left, top, right, bottom = find_digit(page)
    for seed in range(20):
        changed = add_fragments(page, 1.0, np.random.default_rng(seed)) < page
        assert not changed[top:bottom, left:right].any()

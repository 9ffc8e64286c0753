"""The pen draws what the strokes say."""

import numpy as np
import pytest

from model_export.drawing.strokes import Pen, curve, fit_box, ink_coverage, render_strokes


def test_a_curve_passes_through_its_points() -> None:
    points = [(0.1, 0.2), (0.5, 0.9), (0.8, 0.3), (0.9, 0.9)]
    line = curve(*points)
    for point in points:
        assert np.linalg.norm(line - point, axis=1).min() < 1e-9


def test_a_curve_bends_without_a_corner() -> None:
    line = curve((0, 0), (0.3, 0.8), (0.7, 0.2), (1, 1), samples=200)
    steps = np.diff(line, axis=0)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    assert np.abs(np.diff(angles)).max() < 0.1


def test_strokes_in_their_own_box_keep_their_aspect() -> None:
    down, across = fit_box([np.array([[30.0, 10], [30, 50]]), np.array([[20.0, 20], [40, 20]])])
    assert down.tolist() == [[0.25, 0], [0.25, 1]]
    assert across.tolist() == [[0, 0.25], [0.5, 0.25]]


def test_a_dot_has_a_box_of_its_own() -> None:
    (dot,) = fit_box([np.array([[7.0, 9.0]])])
    assert dot.tolist() == [[0, 0]]


def test_a_line_has_the_pens_width() -> None:
    sheet = np.asarray(render_strokes([curve((0.1, 0.5), (0.9, 0.5))], side=200, pen=Pen(0.1)))
    assert (255 - sheet[:, 100].astype(int)).sum() / 255 == pytest.approx(20, abs=1)


def test_ink_and_paper_are_the_pens() -> None:
    pen = Pen(width=0.2, ink=200, paper=30)
    sheet = np.asarray(render_strokes([curve((0.2, 0.5), (0.8, 0.5))], side=100, pen=pen))
    assert sheet[50, 50] == 200
    assert sheet[5, 5] == 30


def test_coverage_is_soft_at_the_edge() -> None:
    coverage = np.asarray(ink_coverage([curve((0.2, 0.2), (0.8, 0.7))], side=100, width=0.05))
    assert len(np.unique(coverage)) > 5
    assert coverage.max() == 255

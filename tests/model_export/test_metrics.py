"""Figures against cases small enough to reckon by hand."""

import numpy as np
import pytest

from model_export.metrics import (
    accuracy,
    adaptive_calibration_error,
    area_under_roc,
    confusion_matrix,
    coverage_curve,
    rejection_at_loss,
    reliability_bins,
    threshold_at_loss,
    wilson_interval,
)


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_accuracy_is_the_share_of_right_answers() -> None:
    assert accuracy(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 9], np.int8)) == 0.75


def test_accuracy_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        accuracy(np.array([]), np.array([]))


def test_confusion_matrix_has_labels_in_rows_and_answers_in_columns() -> None:
    matrix = confusion_matrix(np.array([7, 7, 1]), np.array([1, 7, 1], np.int8))
    assert matrix.shape == (10, 10)
    assert matrix[1, 7] == 1
    assert matrix[1, 1] == 1
    assert matrix[7, 7] == 1
    assert matrix.sum() == 3


def test_calibration_error_of_one_bin_is_confidence_less_accuracy() -> None:
    error = adaptive_calibration_error(floats(0.5, 0.7, 0.9, 0.9), np.array([1, 0, 1, 0], bool), 1)
    assert error == pytest.approx(0.75 - 0.5)


def test_calibration_bins_hold_equally_many_answers() -> None:
    # Two and two: |0.6 - 0.5| and |0.95 - 1|. Of equal width, the first would be alone.
    confidence = floats(0.9, 0.4, 1.0, 0.8)
    right = np.array([True, False, True, True])
    assert adaptive_calibration_error(confidence, right, 2) == pytest.approx((0.1 + 0.05) / 2)


def test_calibration_error_of_fewer_answers_than_bins_takes_each_alone() -> None:
    assert adaptive_calibration_error(floats(0.8), np.array([True])) == pytest.approx(0.2)


def test_calibrated_confidence_has_next_to_no_error() -> None:
    generator = np.random.default_rng(5)
    confidence = generator.uniform(0.5, 1, 50_000)
    right = generator.uniform(size=50_000) < confidence
    assert adaptive_calibration_error(confidence, right) < 0.01
    assert adaptive_calibration_error(confidence**0.3, right) > 0.1


def test_reliability_bins_are_tenths_and_the_last_holds_one() -> None:
    bins = reliability_bins(floats(0.85, 0.81, 0.3, 1.0), np.array([True, False, True, True]))
    assert len(bins) == 10
    assert (bins[8].lower, bins[8].upper, bins[8].count) == (0.8, 0.9, 2)
    assert bins[8].confidence == pytest.approx(0.83)
    assert bins[8].accuracy == 0.5
    assert bins[9].count == 1
    assert (bins[0].count, bins[0].accuracy) == (0, 0.0)


def test_coverage_falls_and_accuracy_is_of_what_remains() -> None:
    curve = coverage_curve(floats(0.9, 0.5, 0.7, 0.7), np.array([True, False, False, True]))
    np.testing.assert_allclose(curve.thresholds, [0, 0.5, 0.7, 0.9], rtol=1e-6)
    np.testing.assert_allclose(curve.coverage, [1, 1, 0.75, 0.25])
    np.testing.assert_allclose(curve.accuracy, [0.5, 0.5, 2 / 3, 1])


def test_threshold_loses_no_more_digits_than_asked() -> None:
    digits = np.linspace(0, 0.999, 1000)
    threshold = threshold_at_loss(digits, 0.005)
    assert (digits > threshold).sum() == 5


def test_threshold_among_equal_digits_loses_none_of_them() -> None:
    assert threshold_at_loss(floats(0.1, 0.4, 0.4, 0.4), 0.5) == pytest.approx(0.4)


def test_a_loss_of_everything_still_has_a_threshold() -> None:
    assert threshold_at_loss(floats(0.1, 0.4), 1.0) == pytest.approx(0.1)


def test_rejection_counts_strangers_beyond_the_digits_threshold() -> None:
    digits, strangers = floats(0, 0.1, 0.2, 0.6), floats(0.1, 0.3, 0.6, 0.9)
    assert rejection_at_loss(digits, strangers, 0.25) == 0.75
    assert rejection_at_loss(digits, strangers, 0) == 0.25


def test_area_under_roc_is_how_often_the_stranger_is_stranger() -> None:
    assert area_under_roc(floats(0.1, 0.2), floats(0.3, 0.4)) == 1
    assert area_under_roc(floats(0.1, 0.3), floats(0.2, 0.3)) == pytest.approx(2.5 / 4)
    assert area_under_roc(floats(0.5, 0.5), floats(0.5)) == 0.5


def test_wilson_interval_is_the_published_one() -> None:
    # 8 of 10, reckoned by the formula: (0.8 + 1.9207/10 ± 1.96 √(0.016 + 0.0096)) / 1.38415
    low, high = wilson_interval(8, 10)
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


def test_wilson_interval_of_a_perfect_score_has_a_width() -> None:
    low, high = wilson_interval(1000, 1000)
    assert low == pytest.approx(0.99617, abs=1e-5)
    assert high == 1.0
    assert wilson_interval(0, 1000)[0] == 0.0


def test_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        wilson_interval(0, 0)

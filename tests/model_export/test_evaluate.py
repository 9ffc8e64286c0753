"""Gates name what is missed; thresholds come from the digits they are chosen on."""

import numpy as np
import pytest

from model_export import evaluate
from model_export.errors import GateError
from model_export.plan import Gates


def one_hot(*digits: int) -> np.ndarray:
    return np.eye(10, dtype=np.float32)[list(digits)]


def test_comparison_counts_right_answers_and_equal_ones() -> None:
    labels = np.array([1, 2, 3, 4], np.uint8)
    comparison = evaluate.compare_models(one_hot(1, 2, 3, 9), one_hot(1, 2, 8, 9), labels)
    assert comparison.count == 4
    assert comparison.float_accuracy == 0.75
    assert comparison.int8_accuracy == 0.5
    assert comparison.agreement == 0.75


def test_every_missed_gate_is_named() -> None:
    poor = evaluate.Comparison(100, 0.9, 0.8, 0.7)
    with pytest.raises(GateError, match=r"accuracy is 80.00%.*99.50%.*agreement.*70.00%"):
        evaluate.check_gates(Gates(0.995, 0.999), poor)


def test_a_gate_is_passed_by_reaching_it() -> None:
    evaluate.check_gates(Gates(0.995, 0.999), evaluate.Comparison(1000, 0.99, 0.995, 0.999))


def test_no_figure_is_no_pass() -> None:
    with pytest.raises(GateError):
        evaluate.check_gates(Gates(0.5, 0.5), evaluate.Comparison(0, np.nan, np.nan, np.nan))


def test_the_threshold_calls_its_share_uncertain() -> None:
    generator = np.random.default_rng(1)
    scores = np.full((10_000, 10), 0.0, np.float32)
    scores[:, 3] = generator.uniform(0.2, 1, 10_000)
    threshold = evaluate.choose_threshold(scores)
    share = (scores.max(axis=1) < threshold).mean()
    assert share == pytest.approx(evaluate.UNCERTAIN_SHARE, abs=2e-4)

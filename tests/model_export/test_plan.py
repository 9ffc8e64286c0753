"""Distortion stays, then falls to what digits come with."""

import pytest

from model_export.plan import TrainingPlan


def test_distortion_falls_over_the_last_epochs_alone() -> None:
    plan = TrainingPlan(epochs=10, distortion=1.0, settled=0.2, settling=0.4)
    distortions = [plan.distortion_in(epoch) for epoch in range(10)]
    assert distortions[:7] == [1.0] * 7
    assert distortions[7:] == pytest.approx([0.733, 0.467, 0.2], abs=1e-3)


@pytest.mark.parametrize("epochs", [1, 2, 3])
@pytest.mark.parametrize("settling", [0.0, 0.3, 1.0])
def test_the_shortest_trainings_have_a_distortion_too(epochs: int, settling: float) -> None:
    plan = TrainingPlan(epochs=epochs, settling=settling)
    for epoch in range(epochs):
        assert plan.settled <= plan.distortion_in(epoch) <= plan.distortion

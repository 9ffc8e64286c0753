"""What a person decides about a model: how it is trained, and how good it must be.

Apart from the stages that use them, so that the command line can name the defaults without
TensorFlow.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Everything that decides how a run goes, apart from its data."""

    seed: int = 1
    epochs: int = 20
    batch_size: int = 128
    learning_rate: float = 2e-3
    """At its highest: it warms up over the first epoch and falls to zero along a cosine."""
    weight_decay: float = 1e-4
    width: int = 24
    """Channels of the first convolutions."""
    dropout: float = 0.4


@dataclass(frozen=True, slots=True)
class Gates:
    """What a model must reach on the test set to be written: shares, 0 to 1."""

    min_accuracy: float = 0.995
    """Of int8."""
    min_agreement: float = 0.999
    """Of int8's answers with float's, right or wrong."""

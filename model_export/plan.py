"""What a person decides about a model: how it is trained, and how good it must be.

Apart from the stages that use them, so that the command line can name the defaults without
TensorFlow.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shares:
    """Of an epoch's pictures: where they are drawn from. They need not sum to 1."""

    mnist: float = 0.54
    sent: float = 0.08
    pens: float = 0.14
    paper: float = 0.13
    strangers: float = 0.20


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Everything that decides how a run goes, apart from its data."""

    seed: int = 1
    epochs: int = 40
    epoch_size: int = 100_000
    """Pictures."""
    batch_size: int = 128
    learning_rate: float = 2e-3
    """At its highest: it warms up over the first epoch and falls to zero along a cosine."""
    weight_decay: float = 1e-4
    width: int = 48
    """Channels of the first convolution."""
    dropout: float = 0.3
    distortion: float = 1.0
    """Of the training pictures: 0 none to 1 as far as a person still reads them."""
    settled: float = 0.15
    """The distortion of the last epoch: hardly any, which is how digits come."""
    settling: float = 0.5
    """Share of the epochs, the last, in which distortion falls to that in even steps."""
    precision: str = "mixed_bfloat16"
    """What the network calculates with while it learns: half the time of float32, and the same
    accuracy, where the processor has instructions for it. Weights stay float32."""
    shares: Shares = Shares()

    def distortion_in(self, epoch: int) -> float:
        """Of the pictures of one epoch, counted from 0."""
        first = self.epochs * (1 - self.settling)
        left = min(1.0, (self.epochs - 1 - epoch) / max(self.epochs - 1 - first, 1e-9))
        return self.settled + (self.distortion - self.settled) * max(left, 0.0)


@dataclass(frozen=True, slots=True)
class Gates:
    """What a model must reach on the test set to be written: shares, 0 to 1."""

    min_accuracy: float = 0.996
    """Of int8."""
    min_agreement: float = 0.9995
    """Of int8's answers with float's, right or wrong."""

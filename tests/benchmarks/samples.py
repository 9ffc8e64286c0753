"""`Series`: what was measured of one program, time after time, and what that comes to."""

from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Series:
    """The samples of one program in one section."""

    section: str
    """A name of `tests.benchmarks.figures.SECTIONS`."""
    program: str
    samples: tuple[float, ...]
    """In the section's unit; at least one."""

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between them lies the middle half of the samples."""
        if len(self.samples) == 1:
            return self.samples[0], self.samples[0]
        low, _, high = quantiles(self.samples, n=4, method="inclusive")
        return low, high
